"""Works over sockets: a server of each program's, and one client."""

import dataclasses
import os

from runner import servers
from runner import toolchain as by
from runner.work import Case, Metric, Program, Work, pinned, run_line

LOAD = "net/load.c"
BUFFER = ("BUFFER",)  # told how big a buffer of a connection is to be


@dataclasses.dataclass(frozen=True)
class Load(Case):
    """How many connections, and what each does."""

    ops: int = 0              # of the count of system calls
    connections: int = 1
    size: int = 64            # bytes of a request
    depth: int = 1            # requests under way on each connection
    flags: tuple = ()         # of net/load.c


class Served(Work):
    """A server on one core, net/load.c on another. Each run has a server of
    its own, warms it up, and measures for a second."""

    def commands(self, build):
        self.load, reason = servers.LOAD.build(
            "net", Program("load", LOAD, servers.LOAD), build)
        if reason:
            raise SystemExit(reason)
        for program in self.programs:
            reason = program.missing()
            if reason:
                yield program, None, reason
                continue
            # By the folder of its source: works share servers.
            argv, reason = program.toolchain.build(
                os.path.basename(os.path.dirname(program.source)), program,
                build)
            yield program, argv, reason

    def client(self, case, setup, port, pid, *more):
        return pinned(setup.client_core, *self.load, "--port", str(port),
                      "--pid", str(pid), "--connections",
                      str(case.connections), "--size", str(case.size),
                      "--depth", str(case.depth), *case.flags, *more)

    def measure(self, program, case, setup):
        argv = setup.commands[self.name, program.name]
        quick = ["0.1", "0.2"] if setup.quick else ["0.3", "1.0"]
        with servers.serving(program, argv, setup.program_core,
                             case.size) as (port, pid):
            found = run_line(
                self.client(case, setup, port, pid, "--warm", quick[0],
                            "--seconds", quick[1]), self.timeout)
        calls = self.calls(program, case, setup)
        return {**found, **({"calls": calls} if calls else {})}

    def calls(self, program, case, setup):
        """System calls per request: counted in a run of its own, once."""
        if not case.ops:
            return None
        known = self.__dict__.setdefault("known_calls", {})
        key = case.label, program.name
        if key not in known:
            known[key] = self.count(program, case, setup)
        return known[key]

    def count(self, program, case, setup):
        argv = setup.commands[self.name, program.name]
        most = case.ops // 10 if setup.quick else case.ops
        ops = max(most, 2 * case.connections * case.depth)
        with servers.serving(program, argv, setup.program_core,
                             case.size) as (port, pid):
            return servers.count_calls(
                pid, self.client(case, setup, port, pid, "--requests",
                                 str(ops)), self.timeout)


RATES = [
    Metric("ns_per_op", "us of server CPU per request", divide=1000),
    Metric("wall_ns_per_op", "us per request", "wall", 1000, beside=True),
    Metric("p50_us", "us", "p50", beside=True),
    Metric("p99_us", "us", "p99", beside=True),
    Metric("p999_us", "us", "p99.9", beside=True),
    Metric("calls", "system calls per request", "calls", beside=True),
]


def echoes():
    python = "echo/asyncio_echo.py"
    return [
        Program("cede", "echo/cede.c", by.CEDE),
        Program("epoll by hand", "echo/epoll.c", by.C),
        Program("libuv", "echo/libuv.c", by.LIBUV),
        Program("Boost.Asio", "echo/asio.cc", servers.ASIO, arguments=BUFFER),
        Program("Boost.Asio co_spawn", "echo/asio_coroutine.cc",
                servers.ASIO_COROUTINE, arguments=BUFFER),
        Program("Boost.Asio spawn", "echo/asio_spawn.cc",
                servers.ASIO_SPAWN, arguments=BUFFER),
        Program("State Threads", "echo/st.c", by.STATE_THREADS,
                arguments=BUFFER),
        Program("Go", "echo/go.go", by.GO, arguments=BUFFER),
        Program("Tokio", "echo/tokio.rs", by.TOKIO, arguments=BUFFER),
        Program("asyncio protocol", python, by.PYTHON,
                arguments=(*BUFFER, "protocol", "asyncio")),
        Program("asyncio streams", python, by.PYTHON,
                arguments=(*BUFFER, "streams", "asyncio")),
        Program("uvloop protocol", python, by.UVLOOP,
                arguments=(*BUFFER, "protocol", "uvloop")),
        Program("uvloop streams", python, by.UVLOOP,
                arguments=(*BUFFER, "streams", "uvloop")),
    ]


ECHO = Served(
    "echo", [
        Load("1", connections=1, ops=10_000),
        Load("64", connections=64, ops=100_000),
        Load("1000", connections=1000, ops=100_000),
        Load("8000", connections=8000, ops=100_000),
        Load("64x16KiB", connections=64, size=16384, ops=50_000),
        Load("64xpipeline16", connections=64, depth=16, ops=500_000),
    ], echoes(), RATES,
    about="what is sent comes back: 64 bytes over so many connections, one "
    "request under way on each; requests of 16 KiB; 16 requests under way",
    counted=False)

HTTP = Served(
    "http", [
        Load("64", connections=64, flags=("--http",), ops=100_000),
        Load("1000", connections=1000, flags=("--http",), ops=100_000),
    ], [
        Program("cede", "http/cede.c", by.CEDE),
        Program("epoll by hand", "http/epoll.c", by.C),
        Program("libuv", "http/libuv.c", by.LIBUV),
        Program("nginx", "http/nginx.conf", servers.NGINX),
        Program("Go net/http", "http/go.go", by.GO),
        Program("uvloop, httptools", "http/uvloop_httptools.py",
                servers.HTTPTOOLS),
        Program("cede's http_hello", "../examples/http_hello.c", by.CEDE,
                note="cede's example: a whole server, with deadlines"),
    ], RATES,
    about="GET / over connections that stay open, one request under way on "
    "each", counted=False)

BURST = Served(
    "burst", [
        Load("10000", connections=10_000, flags=("--burst",)),
    ], echoes(), [
        Metric("ns_per_op", "us of server CPU per connection", divide=1000),
        Metric("wall_ns_per_op", "us per connection", "wall", 1000),
    ],
    about="10,000 connections to a server that has just started, as fast as "
    "it takes them, each with one echo of 64 bytes", counted=False)

IDLE = Served(
    "memory/connection", [
        Load("", connections=9_000, flags=("--idle",)),
    ], echoes(), [
        Metric("bytes_per_op", "bytes per connection"),
        Metric("with_tables_per_op",
               "bytes per connection, its page tables with it", "tables",
               beside=True),
    ],
    about="what a connection holds that has had one echo and is silent, of "
    "9,000", counted=False)

WORKS = [ECHO, HTTP, BURST, IDLE]
