"""http/uvloop_httptools.py PORT: uvloop, and httptools for the requests.

Config: an asyncio.Protocol per connection, the quickest that Python has (what
uvicorn is made of); the Date is made once a second.
"""

import asyncio
import email.utils
import resource
import sys
import time

import httptools
import uvloop


class Date:
    text, second = b'', 0

    @classmethod
    def now(cls):
        second = int(time.time())
        if second != cls.second:
            cls.second = second
            cls.text = email.utils.formatdate(second, usegmt=True).encode()
        return cls.text


class Hello(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.parser = httptools.HttpRequestParser(self)
        self.url = b''

    def data_received(self, data):
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self.transport.close()

    def on_url(self, url):
        self.url = url

    def on_message_complete(self):
        status, body = b'200 OK', b'Hello, world!\n'
        if self.url != b'/':
            status, body = b'404 Not Found', b'Not here\n'
        self.transport.write(
            b'HTTP/1.1 %b\r\nDate: %b\r\nContent-Type: text/plain\r\n'
            b'Content-Length: %d\r\n\r\n%b'
            % (status, Date.now(), len(body), body))
        if not self.parser.should_keep_alive():
            self.transport.close()


async def serve(port):
    server = await asyncio.get_running_loop().create_server(
        Hello, '127.0.0.1', port, backlog=4096)
    async with server:
        await server.serve_forever()


def main():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    uvloop.install()
    asyncio.run(serve(int(sys.argv[1])))


main()
