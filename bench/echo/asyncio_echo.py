"""echo/asyncio_echo.py PORT BUFFER STYLE LOOP: asyncio and uvloop.

STYLE: `protocol`, callbacks, the quickest Python has; or `streams`, a
coroutine for every connection, as cede's users would write it.
LOOP: `asyncio` or `uvloop`.

Config: the protocol is a BufferedProtocol with one buffer for all connections
under asyncio, whose Protocol allocates 256 KiB for each recv, and a Protocol
under uvloop, which is quicker there. Both loops set TCP_NODELAY; the collector
of cycles is left as it is.
"""

import asyncio
import resource
import sys


class Common:
    def connection_made(self, transport):
        self.transport = transport

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()


class Echo(Common, asyncio.Protocol):
    def data_received(self, data):
        self.transport.write(data)


class BufferedEcho(Common, asyncio.BufferedProtocol):
    buffer = memoryview(bytearray(65536))

    def get_buffer(self, sizehint):
        return self.buffer

    def buffer_updated(self, got):
        self.transport.write(bytes(self.buffer[:got]))


async def echo(reader, writer, size):
    try:
        while data := await reader.read(size):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def serve(port, size, style, loop):
    if style == 'protocol':
        server = await asyncio.get_running_loop().create_server(
            Echo if loop == 'uvloop' else BufferedEcho, '127.0.0.1', port,
            backlog=4096)
    else:
        server = await asyncio.start_server(
            lambda reader, writer: echo(reader, writer, size),
            '127.0.0.1', port, backlog=4096)
    async with server:
        await server.serve_forever()


def main():
    port, size, style, loop = sys.argv[1:]
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if loop == 'uvloop':
        import uvloop
        uvloop.install()
    asyncio.run(serve(int(port), int(size), style, loop))


main()
