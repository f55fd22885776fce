#!/usr/bin/env python3
"""The HTTP benchmark: LoopHttpClient on each transport, beside plain HttpClient, asking one server in C.

    bench/http_get.py [--rounds 5] [--seconds 2] [--connections 1,64] [--only KEY,...] [--json FILE]

prints requests a second, and a request's share of the client's processor time, work items of the thread pool and
allocated bytes. Each run is a process of its own, so that no client is compiled for what another one did; a round
has one run of each, in an order that moves on by one a round. With the default options it takes five minutes.
"""

import argparse
import json
import subprocess
import sys
import time

from network import build, debian, machine
from network.paths import BENCH
from network.server import Server
from network.tables import Samples, median, number, print_table

PACKAGES = ["gcc", "libc6-dev", "util-linux"]
PROCESS_CLOCK = 2


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="measured a client, number of connections and round")
    parser.add_argument("--warm-up", type=float, default=7, help="seconds of load before that")
    parser.add_argument("--connections", type=lambda text: [int(part) for part in text.split(",")], default=[1, 64])
    parser.add_argument("--body", type=int, default=1024, help="bytes of an answer")
    parser.add_argument("--only", type=lambda text: text.split(","), help="clients, such as loop-bcl,pool-bcl")
    parser.add_argument("--json", metavar="FILE", help="keep every sample")
    parser.add_argument("--client-cores", default="0", help="of taskset; 0,1 lets the thread pool have the server's too")
    parser.add_argument("--server-core", type=int, default=1)
    return parser.parse_args()


def processor_seconds(pid):
    """clock_getcpuclockid(3): all threads of a process, to the nanosecond."""
    return time.clock_gettime((~pid << 3) | PROCESS_CLOCK)


def run(options, program, server, key, connections):
    before = processor_seconds(server.pid)
    command = [
        "taskset", "-c", options.client_cores, *program, "run", key, "--port", server.port, "--connections", connections,
        "--seconds", options.seconds, "--warm-up", options.warm_up, "--body", options.body]
    client = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    if client.returncode != 0:
        sys.exit(f"{key} with {connections} connections failed, with exit code {client.returncode}.")
    sample = json.loads(client.stdout)
    sample["server_us"] = (processor_seconds(server.pid) - before) * 1e6 / sample["all_requests"]
    return {"row": key, "connections": connections, **sample}


def report(clients, connections, samples):
    base = clients[0]["key"]
    for count in connections:
        print(f"{count} connection{'s' if count > 1 else ''}; medians, × {clients[0]['title']}\n")
        print_table(
            ["client", "requests/s", "×", "CPU µs/request", "×", "work items", "B/request", "server's µs"],
            [[
                client["title"],
                number(median(samples.of(client["key"], count, "requests_per_second")), 0),
                number(samples.times(client["key"], base, count, "requests_per_second"), 2),
                number(median(samples.of(client["key"], count, "client_us")), 1),
                number(samples.times(client["key"], base, count, "client_us"), 2),
                number(median(samples.of(client["key"], count, "work_items")), 4),
                number(median(samples.of(client["key"], count, "allocated")), 0),
                number(median(samples.of(client["key"], count, "server_us")), 1),
            ] for client in clients])


def main():
    options = arguments()
    debian.install(PACKAGES)
    peer = build.c_program("http-server", "http/server.c", *build.EPOLL)
    program = build.dotnet_program(BENCH / "HttpGet")
    if not peer or not program:
        sys.exit("Nothing can be measured without both sides.")
    clients = json.loads(subprocess.run([*program, "clients"], stdout=subprocess.PIPE, check=True).stdout)
    unknown = set(options.only or ()) - {client["key"] for client in clients}
    if unknown:
        sys.exit(f"--only knows {', '.join(client['key'] for client in clients)}, and not {', '.join(sorted(unknown))}.")
    wanted = [client for client in clients if not options.only or client["key"] in options.only]

    samples = []
    with Server([*peer, "--body", str(options.body)], options.server_core) as server:
        for round_number in range(options.rounds):
            turn = round_number % len(wanted)
            for connections in options.connections:
                print(f"round {round_number + 1} of {options.rounds}, {connections} connections", file=sys.stderr)
                for client in wanted[turn:] + wanted[:turn]:
                    sample = run(options, program, server, client["key"], connections)
                    samples.append({"round": round_number, **sample})

    found = machine.versions()
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"machine": found, "options": vars(options), "samples": samples}, file, indent=1)
    machine.print_versions(found)
    print(f"{options.rounds} rounds of {options.seconds:g} s, {options.body} bytes an answer\n")
    report(wanted, options.connections, Samples(samples))


if __name__ == "__main__":
    main()
