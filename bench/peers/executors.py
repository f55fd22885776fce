#!/usr/bin/env python3
"""The executors' rows in Python: calls and maps by concurrent.futures.ProcessPoolExecutor from an asyncio loop.

    executors.py

prints {"version": ..., "rows": {ROW: SECONDS}} on one line.
"""

import asyncio
import json
import platform
from concurrent.futures import ProcessPoolExecutor
from time import perf_counter

CALLS = 2_000
ITEMS = 100_000


def double(number):
    return number * 2


async def calls(loop, pool):
    for i in range(CALLS):
        assert await loop.run_in_executor(pool, double, i) == 2 * i


async def mapped(loop, pool, chunk):
    # map blocks, so it goes to a thread, as it would in a program that has a loop.
    total = await loop.run_in_executor(None, lambda: sum(pool.map(double, range(ITEMS), chunksize=chunk)))
    assert total == ITEMS * (ITEMS - 1)


async def measure(row):
    start = perf_counter()
    await row
    return perf_counter() - start


async def main():
    loop = asyncio.get_running_loop()
    rows = {}
    with ProcessPoolExecutor(max_workers=1) as pool:
        await calls(loop, pool)
        rows["call"] = await measure(calls(loop, pool)) / CALLS
    with ProcessPoolExecutor(max_workers=2) as pool:
        await mapped(loop, pool, 1000)
        for name, chunk in ("map", 1), ("map_100", 100), ("map_1000", 1000):
            rows[name] = await measure(mapped(loop, pool, chunk)) / ITEMS
    print(json.dumps({"version": "CPython " + platform.python_version(), "rows": rows}))


if __name__ == "__main__":
    asyncio.run(main())
