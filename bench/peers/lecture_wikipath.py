#!/usr/bin/env python3
"""The search for a path of links as a lecture on asyncio teaches it, with httpx: the peer of WikiPath.

    lecture_wikipath.py API SOURCE TARGET

Twenty workers take titles from one queue, ask action=parse for each, and queue what it links to; titles with
digits are left out. prints {"requests": N, "seconds": S, "path": [TITLE, ...]} on one line as soon as the path
stands, or without a path when it is told to end (SIGTERM).

What was added: the command line, the count, and that it ends there. The original waits for its cancelled workers
first, and now and then for ever; its time would not be comparable.
"""

import asyncio
import json
import os
import signal
import sys
from time import perf_counter

import httpx

WORKERS = 20

api, source, target = sys.argv[1:]
came_from = {}
queue = asyncio.Queue()
done = asyncio.Event()
requests = 0
begun = perf_counter()


def end(path=None):
    print(json.dumps({"requests": requests, "seconds": perf_counter() - begun, "path": path}), flush=True)
    os._exit(0)


async def links_of(client, title):
    global requests
    requests += 1
    query = {"action": "parse", "page": title.replace(" ", "_"), "format": "json"}
    response = await client.get(api, params=query)
    try:
        return [link["*"] for link in response.json()["parse"]["links"]]
    except (json.JSONDecodeError, KeyError):
        return []


async def work(client):
    while True:
        title = await queue.get()
        for link in await links_of(client, title):
            if link not in came_from and not any(letter.isdigit() for letter in link):
                came_from[link] = title
                queue.put_nowait(link)
            if link == target:
                done.set()


def path():
    titles = [target]
    while titles[-1] != source:
        titles.append(came_from[titles[-1]])
    return titles[::-1]


async def main():
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)
    async with httpx.AsyncClient() as client:
        workers = [asyncio.create_task(work(client)) for _ in range(WORKERS)]
        queue.put_nowait(source)
        await done.wait()
        end(path())


asyncio.run(main())
