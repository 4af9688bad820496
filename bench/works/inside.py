"""Works inside one process: programs that measure themselves.

Operations are chosen so that a slice takes some 50 ms where it can: five
slices, a warm-up and the start of a process are then about 0.3 s.
"""

from runner import toolchain as by
from runner.work import Case, Metric, Program, Work

MILLION = 1_000_000


def cede(work):
    return Program("cede", f"{work}/cede.c", by.CEDE)


def asyncio(work, scale=1, cases=()):
    """The same program for asyncio's loop and for uvloop's."""
    return [
        Program("asyncio", f"{work}/cpython.py", by.PYTHON, scale, cases,
                ("asyncio",)),
        Program("uvloop", f"{work}/cpython.py", by.UVLOOP, scale, cases,
                ("uvloop",)),
    ]


def state_threads(work, **options):
    return Program("State Threads", f"{work}/state_threads.c",
                   by.STATE_THREADS, **options)


def boost_fiber(work, **options):
    return Program("Boost.Fiber", f"{work}/boost_fiber.cc", by.BOOST_FIBER,
                   **options)


def tokio(work, **options):
    return Program("Tokio", f"{work}/tokio.rs", by.TOKIO, **options)


def go(work, **options):
    return Program("Go", f"{work}/go.go", by.GO, **options)


GENERATOR = Work(
    "generator", [Case("", 10 * MILLION)], [
        cede("generator"),
        Program("Boost fcontext", "generator/boost_fcontext.cc",
                by.BOOST_CONTEXT, scale=2),
        Program("Boost fiber", "generator/boost_fiber.cc", by.BOOST_CONTEXT,
                scale=2),
        Program("C++20", "generator/cpp20.cc", by.CPP20),
        Program("CPython", "generator/cpython.py", by.PYTHON, scale=10),
        Program("Lua", "generator/lua.lua", by.LUA, scale=20),
        Program("Go channel", "generator/go_channel.go", by.GO, scale=40),
        Program("ucontext", "generator/ucontext.c", by.C, scale=100),
    ], [Metric("ns_per_op", "ns per item")], counted=True,
    about="One item from a generator to the loop that asks for it.")

DELEGATION = Work(
    "delegation", [Case(depth, 5 * MILLION)
                   for depth in ("1", "10", "100", "1000")], [
        cede("delegation"),
        Program("C++20 nested", "delegation/cpp20.cc", by.CPP20, scale=10,
                cases=("1", "10", "100")),
        Program("C++20 nested", "delegation/cpp20.cc", by.CPP20, scale=300,
                cases=("1000",)),
        Program("CPython", "delegation/cpython.py", by.PYTHON, scale=10,
                cases=("1", "10")),
        Program("CPython", "delegation/cpython.py", by.PYTHON, scale=1000,
                cases=("100", "1000")),
        Program("Lua nested", "delegation/lua.lua", by.LUA, scale=200,
                cases=("1", "10")),
    ], [Metric("ns_per_op", "ns per resume")], counted=True,
    about="Resuming the innermost of generators that delegate to one another.")

CREATE = Work(
    "create", [Case("", 1 * MILLION)], [
        cede("create"),
        Program("Boost pooled", "create/boost_fiber.cc", by.BOOST_CONTEXT),
        Program("C++20", "create/cpp20.cc", by.CPP20),
        Program("CPython", "create/cpython.py", by.PYTHON, scale=2),
        Program("Lua", "create/lua.lua", by.LUA, scale=5),
        Program("ucontext", "create/ucontext.c", by.C, scale=10),
    ], [Metric("ns_per_op", "ns per generator")], counted=True,
    about="Making a generator, running it to its end, giving it up; warm.")

SPAWN = Work(
    "spawn", [Case("", 300_000)], [
        cede("spawn"),
        go("spawn"),
        state_threads("spawn"),
        tokio("spawn"),
        boost_fiber("spawn"),
        *asyncio("spawn", scale=20),
    ], [Metric("ns_per_op", "ns per task")], counted=True,
    about="Making a task and awaiting it.")

SWITCH = Work(
    "switch", [
        Case("2", MILLION),
        Case("1000", MILLION, counted=(2000, 22000)),
        # What grows with their number is misses of the cache, not work.
        Case("100000", MILLION, counted=()),
    ], [
        cede("switch"),
        go("switch"),
        state_threads("switch"),
        tokio("switch"),
        boost_fiber("switch"),
        *asyncio("switch", scale=20, cases=("2", "1000")),
        *asyncio("switch", scale=10, cases=("100000",)),
    ], [Metric("ns_per_op", "ns per switch")], counted=True,
    about="Tasks that let all others run, through the loop.")

WAKE = Work(
    "wake", [Case(kind, 300_000)
             for kind in ("future", "lock", "queue", "channel")], [
        cede("wake"),
        go("wake"),
        state_threads("wake"),
        tokio("wake", cases=("future", "lock", "queue")),
        boost_fiber("wake", cases=("future", "queue", "channel")),
        *asyncio("wake", scale=20, cases=("future", "lock", "queue")),
    ], [Metric("ns_per_op", "ns per wake-up")], counted=True,
    about="One task wakes another: by a future, by a lock that it hands over, "
          "by an item in a queue of one place, by a channel without places.")

GATHER = Work(
    "gather", [Case("100000", 100_000, slices=3, counted=(2000, 4000))], [
        cede("gather"),
        go("gather"),
        state_threads("gather"),
        tokio("gather"),
        boost_fiber("gather"),
        *asyncio("gather"),
    ], [Metric("ns_per_op", "ns per task")], counted=True,
    about="100,000 tasks at once, each with a result, all awaited.")

TRY = Work(
    "try", [Case("enter", 10 * MILLION), Case("throw1", 2 * MILLION),
            Case("throw20", 2 * MILLION)], [
        cede("try"),
        Program("setjmp", "try/setjmp.c", by.C),
        Program("C++", "try/cpp.cc", by.CPP20, cases=("enter",)),
        Program("C++", "try/cpp.cc", by.CPP20, scale=50,
                cases=("throw1", "throw20")),
        Program("CPython", "try/cpython.py", by.PYTHON, scale=20),
    ], [Metric("ns_per_op", "ns per try")], counted=True,
    about="A try statement entered and left, and left by an exception that "
          "comes through 1 or 20 calls.")

TIMERS = Work(
    "timers", [Case("10000", 10_000), Case("1000000", MILLION, slices=1)], [
        cede("timers"),
        Program("libuv", "timers/libuv.c", by.LIBUV),
        Program("binary heap", "timers/heap.c", by.C),
        go("timers"),
        *asyncio("timers"),
    ], [
        Metric("ns_per_op", "ns per timer, all three"),
        Metric("insert", "ns per insertion", "insert"),
        Metric("cancel", "ns per cancellation", "cancel"),
        Metric("expire", "ns per expiry", "expire"),
    ],
    about="Timers made, half of them cancelled, the others run.")

MEMORY = Work(
    "memory", [Case("generator", 100_000), Case("task", 100_000)], [
        cede("memory"),
        Program("C++20", "memory/cpp20.cc", by.CPP20, cases=("generator",)),
        Program("CPython", "memory/cpython.py", by.PYTHON,
                cases=("generator",), arguments=("asyncio",)),
        Program("Lua", "memory/lua.lua", by.LUA, cases=("generator",)),
        Program("Boost.Context", "memory/boost_context.cc", by.BOOST_CONTEXT,
                cases=("generator",)),
        go("memory", cases=("task",)),
        tokio("memory", cases=("task",)),
        *asyncio("memory", cases=("task",)),
        state_threads("memory", cases=("task",)),
        boost_fiber("memory", cases=("task",)),
    ], [
        Metric("bytes", "bytes each"),
        Metric("both", "bytes each, with page tables", "tables"),
    ],
    about="Resident memory of an idle one, of 100,000.")

SLEEPERS = Work(
    "sleepers", [Case("100000", 100_000), Case("1000000", MILLION)], [
        cede("sleepers"),
        go("sleepers"),
        tokio("sleepers"),
        state_threads("sleepers"),
        boost_fiber("sleepers"),
        *asyncio("sleepers", cases=("100000",)),
    ], [
        Metric("wall", "ms", divide=1e6),
        Metric("cpu", "ms of CPU", "cpu", divide=1e6),
        Metric("peak", "MiB at the peak", "peak", divide=2**20),
    ],
    about="Tasks that each sleep for a time drawn by lot from one second.")

WORKS = [GENERATOR, DELEGATION, CREATE, SPAWN, SWITCH, WAKE, GATHER, TRY,
         TIMERS, MEMORY, SLEEPERS]
