"""What Python programs of the bench share; lib/bench.h says what they print."""

import statistics
import sys
import time


class Bench:
    def __init__(self):
        words = sys.argv[1:]
        self.name = words[0] if words else "-"
        self.size = int(self.name) if self.name.isdigit() else 0
        self.ops = int(words[1]) if len(words) > 1 else 1000
        self.warm = int(words[2]) if len(words) > 2 else self.ops // 10
        self.slices = int(words[3]) if len(words) > 3 else 1
        self.ns, self.cpu_ns = [], []

    def begin(self):
        self._cpu = time.process_time_ns()
        self._begin = time.perf_counter_ns()

    def end(self, ops):
        end, cpu = time.perf_counter_ns(), time.process_time_ns()
        self.ns.append((end - self._begin) / ops)
        self.cpu_ns.append((cpu - self._cpu) / ops)

    def print(self):
        print(f"ns_per_op={statistics.median(self.ns):.4f} "
              f"cpu_ns_per_op={statistics.median(self.cpu_ns):.4f} "
              f"ops={self.ops}")

    def run(self, function):
        """function(bench, ops) does some operations, returns how many."""
        if self.warm:
            function(self, self.warm)
        for _ in range(self.slices):
            self.begin()
            self.end(function(self, self.ops))
        self.print()

    def run_own(self, function):
        """The same for a function that calls begin and end once by itself."""
        if self.warm:
            function(self, self.warm)
        self.ns, self.cpu_ns = [], []
        for _ in range(self.slices):
            function(self, self.ops)
        self.print()

    async def run_async(self, function):
        if self.warm:
            await function(self, self.warm)
        for _ in range(self.slices):
            self.begin()
            self.end(await function(self, self.ops))
        self.print()

    async def run_own_async(self, function):
        if self.warm:
            await function(self, self.warm)
        self.ns, self.cpu_ns = [], []
        for _ in range(self.slices):
            await function(self, self.ops)
        self.print()


def loop_factory():
    """asyncio's, or uvloop's if that word stands before the case."""
    import asyncio

    word = sys.argv.pop(1) if sys.argv[1:2] in (["asyncio"], ["uvloop"]) \
        else "asyncio"
    if word == "uvloop":
        import uvloop
        return uvloop.new_event_loop
    return asyncio.new_event_loop


def main(function, own=False):
    """Runs `async def function(bench, ops)`; own: it calls begin and end."""
    import asyncio

    factory = loop_factory()
    bench = Bench()
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run((bench.run_own_async if own else bench.run_async)(function))


def memory(field):
    """A field of /proc/self/status, VmRSS, VmHWM ..., in bytes."""
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    return 0
