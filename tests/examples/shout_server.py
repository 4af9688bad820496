#!/usr/bin/env python3
"""Plays the users of a shout server, polite and hostile ones.

usage: tests/examples/shout_server.py SERVER

SERVER is examples/shout_server or examples/libuv/shout_server, which must
behave alike. The last line is "N passed, N failed, N skipped".
"""
import contextlib
import signal
import socket
import struct
import subprocess
import sys
import threading

LIMIT = 1024
HANG = 120  # seconds that only a server which hangs needs


class Server:
    def __init__(self, *arguments):
        self.process = subprocess.Popen([sys.argv[1], '0', *arguments],
                                        stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().rpartition(':')[2])

    def connect(self):
        return socket.create_connection(('127.0.0.1', self.port), HANG)

    def stop(self, number=signal.SIGTERM):
        """It ends with status 0 and without a word."""
        self.process.send_signal(number)
        errors = self.process.communicate(timeout=HANG)[1]
        assert (self.process.returncode, errors) == (0, ''), \
            (self.process.returncode, errors)


@contextlib.contextmanager
def serving(*arguments):
    server = Server(*arguments)
    try:
        yield server
        if server.process.poll() is None:
            server.stop()
    finally:
        server.process.kill()
        server.process.wait()


def receive_all(peer):
    """Up to the end, be it orderly or not."""
    received = b''
    with contextlib.suppress(ConnectionResetError):
        while got := peer.recv(65536):
            received += got
    return received


def receive(peer, size):
    received = b''
    while len(received) < size:
        got = peer.recv(size - len(received))
        assert got, received
        received += got
    return received


def dialogue(server, text, *, wanted, ends=True):
    with server.connect() as peer:
        peer.sendall(text)
        if ends:
            with contextlib.suppress(OSError):  # it may have hung up by now
                peer.shutdown(socket.SHUT_WR)
        received = receive_all(peer)
        assert received == wanted, (received[-80:], wanted[-80:])


def lines_come_back_in_capitals():
    with serving() as server, server.connect() as peer:
        for line in (b'hello\n', b'\n', b'it is 10 o\'clock\r\n'):
            peer.sendall(line)
            assert receive(peer, len(line)) == line.upper()


def many_lines_at_once():
    text = b''.join(b'line %d\n' % n for n in range(100000))
    with serving() as server, server.connect() as peer:
        sender = threading.Thread(target=peer.sendall, args=(text,))
        sender.start()
        received = receive(peer, len(text))
        sender.join()
        assert received == text.upper()


def a_line_in_pieces():
    with serving() as server, server.connect() as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b'slow but sure':
            peer.sendall(bytes([byte]))
        peer.sendall(b'\nfast\n')
        assert receive(peer, 19) == b'SLOW BUT SURE\nFAST\n'


def half_a_line_at_the_end():
    with serving() as server:
        dialogue(server, b'one\ntwo', wanted=b'ONE\nTWO')
        dialogue(server, b'', wanted=b'')


def any_byte_is_a_byte():
    text = bytes(n for n in range(256) if n != 10) + b'\n'
    with serving() as server:
        dialogue(server, text, wanted=text.upper())


def a_long_line():
    with serving() as server:
        most = b'x' * (LIMIT - 1) + b'\n'
        dialogue(server, most + most, wanted=most.upper() * 2)
        dialogue(server, b'x' * LIMIT, wanted=b'X' * LIMIT)
        for size in (LIMIT + 1, 5000):
            dialogue(server, b'x' * size, wanted=b'too long\n', ends=False)
            dialogue(server, b'x' * size, wanted=b'too long\n')


def a_silent_client():
    with serving('0') as server:
        dialogue(server, b'', wanted=b'too slow\n', ends=False)


def clients_that_vanish():
    with serving() as server:
        for text in (b'', b'half', b'line\n' * 200000):
            peer = server.connect()
            peer.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                peer.send(text)
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                            struct.pack('ii', 1, 0))
            peer.close()  # a reset, with whatever is under way
        dialogue(server, b'still there?\n', wanted=b'STILL THERE?\n')


def goodbye(number):
    with serving() as server:
        peers = [server.connect() for _ in range(50)]
        for peer in peers:
            peer.sendall(b'hi\nha')
            assert receive(peer, 3) == b'HI\n'
        server.stop(number)
        for peer in peers:
            received = receive_all(peer)
            assert received == b'goodbye\n', received
            peer.close()


def goodbye_on_sigterm():
    goodbye(signal.SIGTERM)


def goodbye_on_sigint():
    goodbye(signal.SIGINT)


def misuse():
    for arguments in ([], ['x'], ['65536'], ['0', 'x'], ['0', '1', '2']):
        ended = subprocess.run([sys.argv[1], *arguments], timeout=HANG,
                               capture_output=True, text=True)
        assert ended.returncode == 2, ended
        assert ended.stdout == '' and ended.stderr.startswith('usage: '), ended


def main():
    failed = 0
    tests = [lines_come_back_in_capitals, many_lines_at_once, a_line_in_pieces,
             half_a_line_at_the_end, any_byte_is_a_byte, a_long_line,
             a_silent_client, clients_that_vanish, goodbye_on_sigterm,
             goodbye_on_sigint, misuse]
    for test in tests:
        try:
            test()
            print('ok   ', test.__name__)
        except Exception as e:
            failed += 1
            print('FAIL ', test.__name__, f'{type(e).__name__}: {e}')
    print(f'{len(tests) - failed} passed, {failed} failed, 0 skipped')
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
