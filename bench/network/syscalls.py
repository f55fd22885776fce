"""System calls a request, counted by strace over a run of its own."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time


class SystemCalls:
    """Counts what all threads of a process call while the context is open."""

    def __init__(self, pid):
        self._pid = pid
        self.counts = {}

    def __enter__(self):
        if shutil.which("strace") is None:
            raise FileNotFoundError("strace is not installed (Debian: strace)")
        handle, self._report = tempfile.mkstemp(prefix="strace-")
        os.close(handle)
        self._strace = subprocess.Popen(
            ["strace", "-c", "-f", "-o", self._report, "-p", str(self._pid)], stderr=subprocess.PIPE, text=True)
        line = self._strace.stderr.readline()
        if "attached" not in line:
            self._strace.wait()
            os.unlink(self._report)
            raise PermissionError(f"strace could not attach: {line.strip()}")
        time.sleep(0.2)     # the other threads, of which it may or may not say so
        return self

    def __exit__(self, *_):
        self._strace.send_signal(signal.SIGINT)
        self._strace.communicate()
        with open(self._report, encoding="utf-8") as report:
            self.counts = parse(report.read())
        os.unlink(self._report)


def parse(report):
    """% time, seconds, usecs/call, calls, errors (or nothing), name."""
    row = re.compile(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$", re.MULTILINE)
    return {name: int(calls) for calls, name in row.findall(report) if name != "total"}


def describe(a_request, least=0.005):
    """Those that matter, the most frequent first: 'recvfrom 1.00, sendto 1.00, epoll_wait 0.13'."""
    ordered = sorted(((calls, name) for name, calls in a_request.items()), reverse=True)
    return ", ".join(f"{name} {value:.2f}" for value, name in ordered if value >= least)
