"""The servers of the echo benchmark, and how each is built and started."""

import sys
from dataclasses import dataclass, field

from network import build
from network.paths import BENCH, PEERS

PACKAGES = ["gcc", "libc6-dev", "liburing-dev", "python3", "python3-uvloop", "golang-go", "nodejs", "strace", "util-linux"]
ONE_THREAD = {"GOMAXPROCS": "1"}
INLINE = {"DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS": "1", "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT": "1"}

# At most so many times the other's processor time a request: row, other row, {connections: goal}.
GOALS = [
    ("heddle-raw", "epoll", {8: 1.10, 64: 1.10, 512: 1.05}),
    ("heddle-streams", "epoll", {8: 1.20, 64: 1.20, 512: 1.15}),
    ("heddle-streams", "uvloop-streams", {8: 0.70, 64: 0.70, 512: 0.70}),
    ("heddle-streams", "dotnet", {8: 0.55, 64: 0.55, 512: 0.55}),
    ("heddle-streams", "go", {8: 1.00, 64: 1.00, 512: 1.00}),
]


@dataclass(frozen=True)
class Row:
    key: str
    title: str
    command: list
    environment: dict = field(default_factory=dict)
    prints_allocations: bool = False    # at each SIGUSR1


def load_program():
    program = build.c_program("echo-load", "echo/load.c", "c/listener.c")
    return program or sys.exit("Nothing can be measured without the load generator.")


def rows(python, only):
    """Those that are wanted, in the order of the tables; the first is what the others are compared with."""
    plans = {
        "epoll": lambda: Row("epoll", "C, epoll", build.c_program("echo-epoll", "echo/epoll.c", *build.EPOLL)),
        "uring": lambda: Row("uring", "C, io_uring", build.c_program(
            "echo-uring", "echo/uring.c", "c/listener.c", libraries=["-luring"])),
        "heddle-raw": lambda: _heddle("heddle-raw", "Heddle, raw", "raw", "epoll"),
        "heddle-streams": lambda: _heddle("heddle-streams", "Heddle, streams", "streams", "epoll"),
        "heddle-sockets": lambda: _heddle("heddle-sockets", "Heddle, streams, portable", "streams", "sockets"),
        "uvloop-protocol": lambda: _python("uvloop-protocol", "uvloop, protocol", python, "uvloop", "protocol"),
        "uvloop-streams": lambda: _python("uvloop-streams", "uvloop, streams", python, "uvloop", "streams"),
        "go": lambda: Row("go", "Go, one thread", build.go_program("echo-go", "echo/echo.go"), ONE_THREAD),
        "dotnet": lambda: _dotnet("dotnet", ".NET sockets", {}),
        "dotnet-inline": lambda: _dotnet("dotnet-inline", ".NET sockets, inline", INLINE),
        "node": lambda: Row("node", "Node", ["node", str(PEERS / "echo/node_echo.js")]),
        "asyncio-streams": lambda: _python("asyncio-streams", "asyncio, streams", python, "asyncio", "streams"),
    }
    unknown = set(only or ()) - plans.keys()
    if unknown:
        sys.exit(f"--only knows {', '.join(plans)}, and not {', '.join(sorted(unknown))}.")
    wanted = [key for key in plans if not only or key in only or key == "epoll"]
    return [row for row in (plans[key]() for key in wanted) if row.command]


def _python(key, title, python, loop, api):
    return Row(key, title, [python, str(PEERS / "echo/asyncio_echo.py"), "--loop", loop, "--api", api])


def _dotnet(key, title, environment):
    return Row(key, title, build.dotnet_program(PEERS / "echo/DotNetSockets"), environment, prints_allocations=True)


def _heddle(key, title, api, poller):
    program = build.dotnet_program(BENCH / "EchoServer")
    return Row(key, title, program and [*program, "--api", api, "--poller", poller], prints_allocations=True)
