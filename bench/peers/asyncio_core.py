#!/usr/bin/env python3
"""The core rows under asyncio, or under uvloop with --uvloop.

    asyncio_core.py [--uvloop] [ROW ...]

prints {"version": ..., "rows": {ROW: {"ns": ..., "wall_ns": ...}}} on one line: processor time, and what passed meanwhile. `sleeping_task` gives bytes instead:
the growth of the resident set over 100,000 sleeping tasks; ask for it alone, in a fresh process.
The collector stays as CPython sets it.
"""

import asyncio
import json
import os
import platform
import sys
from time import perf_counter_ns, process_time_ns


class Meter:
    def __init__(self):
        self.wall, self.processor = perf_counter_ns(), process_time_ns()

    def stop(self):
        return {"ns": process_time_ns() - self.processor, "wall_ns": perf_counter_ns() - self.wall}


async def switch(count, tasks=1):
    async def strand():
        for _ in range(count // tasks):
            await asyncio.sleep(0)

    if tasks == 1:
        meter = Meter()
        await strand()
        return meter.stop()
    meter = Meter()
    strands = [asyncio.create_task(strand()) for _ in range(tasks)]
    for task in strands:
        await task
    return meter.stop()


async def switch_100(count):
    return await switch(count, tasks=100)


async def one():
    return 1


async def child(count):
    meter = Meter()
    for _ in range(count):
        await one()
    return meter.stop()


async def spawn_join(count):
    meter = Meter()
    for _ in range(count):
        await asyncio.create_task(one())
    return meter.stop()


async def spawn_join_1000(count):
    meter = Meter()
    for _ in range(count // 1000):
        tasks = [asyncio.create_task(one()) for _ in range(1000)]
        for task in tasks:
            await task
    return meter.stop()


async def queue_hop(count):
    there, back = asyncio.Queue(1), asyncio.Queue(1)

    async def echo():
        for _ in range(count // 2):
            await back.put(await there.get())

    other = asyncio.create_task(echo())
    meter = Meter()
    for _ in range(count // 2):
        await there.put(1)
        await back.get()
    elapsed = meter.stop()
    await other
    return elapsed


async def free_lock(count):
    lock = asyncio.Lock()
    meter = Meter()
    for _ in range(count):
        async with lock:
            pass
    return meter.stop()


def never():
    raise AssertionError("a timer of this benchmark fired")


def delay(index):
    """Ten minutes to seventy, the same scattered order on every side."""
    return 600 + index * 7919 % 3600


live = []


async def timer(count):
    loop = asyncio.get_running_loop()
    if not live:
        live.extend(loop.call_later(delay(i), never) for i in range(1_000_000))
        await asyncio.sleep(0)
    meter = Meter()
    for block in range(count // 1000):
        for i in range(block * 1000, block * 1000 + 1000):
            loop.call_later(delay(i), never).cancel()
        await asyncio.sleep(0)
    return meter.stop()


def resident_bytes():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def sleeping_task(count):
    async def sleeper():
        await asyncio.sleep(3600)

    warm_up = [asyncio.create_task(sleeper()) for _ in range(100)]
    await asyncio.sleep(0.01)
    before = resident_bytes()
    tasks = [asyncio.create_task(sleeper()) for _ in range(count)]
    await asyncio.sleep(0.01)
    grown = resident_bytes() - before
    assert len(tasks) == count and len(warm_up) == 100
    return {"bytes": grown}


# row: (function, how many operations to warm up with, how many to measure)
ROWS = {
    "switch": (switch, 10_000, 100_000),
    "switch_100": (switch_100, 10_000, 100_000),
    "child": (child, 100_000, 1_000_000),
    "spawn_join": (spawn_join, 10_000, 50_000),
    "spawn_join_1000": (spawn_join_1000, 10_000, 60_000),
    "queue_hop": (queue_hop, 10_000, 60_000),
    "free_lock": (free_lock, 20_000, 300_000),
    "timer": (timer, 5_000, 200_000),
    "sleeping_task": (sleeping_task, 0, 100_000),
}


async def measure(name):
    function, warm_up, count = ROWS[name]
    if warm_up:
        await function(warm_up)
    return {figure: total / count for figure, total in (await function(count)).items()}


async def main(names):
    rows = {}
    for name in names:
        rows[name] = await measure(name)
    print(json.dumps({"version": version(), "rows": rows}), flush=True)
    # Unwinding sleepers and timers is not what is measured.
    os._exit(0)


def version():
    python = "CPython " + platform.python_version()
    if "uvloop" in sys.modules:
        return "uvloop " + sys.modules["uvloop"].__version__ + ", " + python
    return python


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if "--uvloop" in arguments:
        arguments.remove("--uvloop")
        import uvloop

        uvloop.install()
    unknown = [name for name in arguments if name not in ROWS]
    if unknown:
        sys.exit("unknown row: " + ", ".join(unknown) + "; there are: " + ", ".join(ROWS))
    asyncio.run(main(arguments or [name for name in ROWS if name != "sleeping_task"]))
