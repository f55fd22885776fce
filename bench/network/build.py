"""Builds the peers. What cannot be built is None, and says why."""

import functools
import os
import subprocess
import sys

from network.paths import BUILT, PEERS

C_FLAGS = ["-O2", "-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror"]
EPOLL = ["c/epoll_server.c", "c/listener.c"]


def c_program(name, *sources, libraries=()):
    output = BUILT / name
    files = [PEERS / source for source in sources]
    return _built(["gcc", *C_FLAGS, "-o", output, *files, *libraries], [output])


def go_program(name, source):
    output = BUILT / name
    return _built(["go", "build", "-o", output, PEERS / source], [output])


@functools.cache
def dotnet_program(project):
    """Its apphost, built for release once, whatever number of rows it stands for."""
    host = project / "bin" / "Release" / "net10.0" / project.name
    environment = {**os.environ, "MSBUILDDISABLENODEREUSE": "1", "DOTNET_CLI_TELEMETRY_OPTOUT": "1", "DOTNET_NOLOGO": "1"}
    return _built(["dotnet", "build", "-c", "Release", "-v", "quiet", "-nologo", project], [host], environment)


def _built(command, program, environment=None):
    BUILT.mkdir(parents=True, exist_ok=True)
    try:
        build = subprocess.run(
            [str(part) for part in command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        print(f"{program[0].name} is left out: {command[0]} is not installed.", file=sys.stderr)
        return None
    if build.returncode != 0:
        errors = dict.fromkeys(line for line in build.stdout.splitlines() if "error" in line)     # MSBuild says each twice
        print(f"{program[0].name} is left out, its build failed:", *list(errors)[:3], sep="\n  ", file=sys.stderr)
        return None
    return [str(part) for part in program]
