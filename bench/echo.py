#!/usr/bin/env python3
"""The echo benchmark: Heddle's server beside others, on the same core and under the same load.

    bench/echo.py [--rounds 5] [--seconds 2] [--connections 1,8,64,512] [--only KEY,...] [--syscalls] [--json FILE]

installs the peers from Debian (root; nothing where all are there), builds them, and prints the server's processor
time a request, requests a second and latencies side by side. It takes about ten minutes.

In a round each server is started once and warmed up; then, for each number of connections, each is loaded in turn,
in an order that moves on by one a round. What cannot be built or started is left out, and named on the error output.
"""

import argparse
import contextlib
import json
import subprocess
import sys

from network import debian, machine
from network.echo_rows import PACKAGES, load_program, rows
from network.echo_tables import print_calls, print_echo, print_goals
from network.server import Server, ServerFailed
from network.syscalls import SystemCalls, describe
from network.tables import Samples


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="measured a server, number of connections and round")
    parser.add_argument("--warm-up", type=float, default=2, help="seconds of load after a server's start")
    parser.add_argument("--connections", type=numbers, default=[1, 8, 64, 512])
    parser.add_argument("--size", type=int, default=1024, help="bytes a message")
    parser.add_argument("--only", type=lambda text: text.split(","), help="rows, such as heddle-streams,go; epoll is always there")
    parser.add_argument("--syscalls", action="store_true", help="also count system calls, in runs of their own under strace")
    parser.add_argument("--json", metavar="FILE", help="keep every sample")
    parser.add_argument("--python", default="/usr/bin/python3", help="for asyncio and uvloop")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--load-core", type=int, default=1)
    return parser.parse_args()


def numbers(text):
    return [int(part) for part in text.split(",")]


class Bench:
    def __init__(self, options, load):
        self.options = options
        self.load_command = ["taskset", "-c", str(options.load_core), *load]

    def start(self, row):
        return Server(row.command, self.options.server_core, row.environment)

    def load(self, row, server, connections, seconds, warm_up=0.3, marks=False):
        command = [
            *self.load_command, "--port", server.port, "--connections", connections, "--size", self.options.size,
            "--seconds", seconds, "--warm-up", warm_up, "--server-pid", server.pid, *(["--mark"] if marks else [])]
        run = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if run.returncode != 0:
            raise ServerFailed(f"{row.title} under {connections} connections: {run.stderr.strip()}")
        return json.loads(run.stdout)

    def measure(self, row, server, connections):
        sample = self.load(row, server, connections, self.options.seconds, marks=row.prints_allocations)
        if row.prints_allocations:
            before, after = server.read_number(), server.read_number()
            sample["allocated"] = (after - before) / sample["requests"]
        return sample

    def round(self, number, wanted):
        with contextlib.ExitStack() as running:
            servers = {row.key: running.enter_context(self.start(row)) for row in wanted}
            for row in wanted:
                self.load(row, servers[row.key], 8, self.options.warm_up)
            turn = number % len(wanted)
            for connections in self.options.connections:
                print(f"round {number + 1} of {self.options.rounds}, {connections} connections", file=sys.stderr)
                for row in wanted[turn:] + wanted[:turn]:
                    yield {"row": row.key, "round": number, **self.measure(row, servers[row.key], connections)}

    def startable(self, row):
        try:
            with self.start(row) as server:
                self.load(row, server, 1, 0.1, 0)
            return True
        except ServerFailed as failure:
            print(f"{row.title} is left out: {failure}", file=sys.stderr)
            return False

    def calls(self, row, connections):
        with self.start(row) as server:
            self.load(row, server, 8, self.options.warm_up)
            with SystemCalls(server.pid) as calls:
                requests = self.load(row, server, connections, 1)["all_requests"]
            return {name: count / requests for name, count in calls.counts.items()}


def main():
    options = arguments()
    debian.install(PACKAGES)
    bench = Bench(options, load_program())
    wanted = [row for row in rows(options.python, options.only) if bench.startable(row)]

    samples = []
    for number in range(options.rounds):
        samples.extend(bench.round(number, wanted))
    calls = {}
    if options.syscalls:
        calls = {(row.key, count): bench.calls(row, count) for count in options.connections for row in wanted}

    found = machine.versions(options.python)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            counted = [{"row": row, "connections": count, **calls[row, count]} for row, count in calls]
            json.dump({"machine": found, "options": vars(options), "samples": samples, "calls": counted}, file, indent=1)

    machine.print_versions(found)
    print(f"{options.rounds} rounds of {options.seconds:g} s, {options.size} bytes a message\n")
    print_echo(wanted, options.connections, Samples(samples))
    print_goals(wanted, options.connections, Samples(samples))
    if calls:
        print_calls(wanted, options.connections, {key: describe(value) for key, value in calls.items()})


if __name__ == "__main__":
    main()
