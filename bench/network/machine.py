"""With what a measurement was made."""

import os
import platform
import subprocess


def versions(python=None):
    """Of what all benchmarks use, and with a Python of what the echo servers use."""
    asked = {"gcc": ["gcc", "-dumpfullversion"], ".NET SDK": ["dotnet", "--version"]}
    if python:
        asked |= {
            "liburing": ["dpkg-query", "-W", "-f", "${Version}", "liburing-dev"],
            "CPython": [python, "-c", "import platform; print(platform.python_version())"],
            "uvloop": [python, "-c", "import uvloop; print(uvloop.__version__)"],
            "Go": ["go", "env", "GOVERSION"],
            "Node": ["node", "--version"],
        }
    found = {name: version for name, command in asked.items() if (version := _output(command))}
    return {**found, "kernel": platform.release(), "processor": _processor(), "cores": os.cpu_count()}


def print_versions(found):
    print("; ".join(f"{name} {version}" for name, version in found.items()))


def _output(command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def _processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), platform.machine())
