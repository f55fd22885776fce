#!/usr/bin/env python3
"""The echo server on asyncio, or on uvloop: asyncio_echo.py --port P [--loop asyncio|uvloop] [--api streams|protocol]"""

import argparse
import asyncio

BACKLOG = 1024


async def echo(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)

    # Else a peer that never reads would fill the memory.
    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()


async def main(port, api):
    if api == "streams":
        server = await asyncio.start_server(echo, "127.0.0.1", port, backlog=BACKLOG)
    else:
        server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", port, backlog=BACKLOG)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--loop", choices=["asyncio", "uvloop"], default="asyncio")
parser.add_argument("--api", choices=["streams", "protocol"], default="streams")
options = parser.parse_args()
if options.loop == "uvloop":
    import uvloop

    uvloop.install()
asyncio.run(main(options.port, options.api))
