#!/usr/bin/env python3
"""The generators' rows in Python.

    generators.py

prints {"version": ..., "rows": {ROW: {"ns": ..., "wall_ns": ...}}} on one line, as asyncio_core.py does.
"""

import json
import platform
from time import perf_counter_ns, process_time_ns


def count(n):
    for i in range(n):
        yield i


def nested(depth, n):
    yield from count(n) if depth == 0 else nested(depth - 1, n)


def echo(depth):
    if depth:
        yield from echo(depth - 1)
    x = 0
    while True:
        x = yield x


def one(number):
    yield number


def enumerate_all(numbers, n):
    total = 0
    for number in numbers:
        total += number
    assert total == n * (n - 1) // 2


def converse(generator, n):
    next(generator)
    send, total = generator.send, 0
    for i in range(n):
        total += send(i)
    assert total == n * (n - 1) // 2


def create(n):
    total = 0
    for i in range(n):
        for number in one(i):
            total += number
    assert total == n * (n - 1) // 2


ROWS = {
    "foreach": lambda n: enumerate_all(count(n), n),
    "foreach_10": lambda n: enumerate_all(nested(10, n), n),
    "send": lambda n: converse(echo(0), n),
    "send_10": lambda n: converse(echo(10), n),
    "create": create,
}


def measure(row, n=1_000_000):
    row(n // 20)
    wall, processor = perf_counter_ns(), process_time_ns()
    row(n)
    return {"ns": (process_time_ns() - processor) / n, "wall_ns": (perf_counter_ns() - wall) / n}


if __name__ == "__main__":
    rows = {name: measure(row) for name, row in ROWS.items()}
    print(json.dumps({"version": "CPython " + platform.python_version(), "rows": rows}))
