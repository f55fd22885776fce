"""Installs from Debian what is not there. Without root, and on other systems, what is there is used."""

import os
import shutil
import subprocess
import sys


def installed(package):
    status = subprocess.run(["dpkg-query", "-W", "-f", "${Status}", package], capture_output=True, text=True)
    return status.stdout.endswith(" installed")


def install(packages):
    if shutil.which("dpkg-query") is None:
        return
    missing = [package for package in packages if not installed(package)]
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        print(f"Not installed: {', '.join(missing)}. As root: {' '.join(command)}", file=sys.stderr)
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if not _succeeds(command, environment):
        # Perhaps the lists are old, or empty; and one that is not to be had must not keep out the others.
        _succeeds(["apt-get", "update"], environment)
        for package in missing:
            _succeeds([*command[:4], package], environment)
    for package in missing:
        if not installed(package):
            print(f"{package} could not be installed.", file=sys.stderr)


def _succeeds(command, environment):
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode == 0
