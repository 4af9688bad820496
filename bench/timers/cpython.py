"""loop.call_later and TimerHandle.cancel; cede.c says what is done with them.

Config: asyncio's loop or uvloop's. asyncio leaves cancelled timers in its heap
until they are due or are the most: their removal is timed with the expiry.
"""

import os
import random
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from bench import Bench, loop_factory

loop = loop_factory()()
bench = Bench()
count = bench.ops
base, span = (2, 1) if count > 100_000 else (0.1, 0.1)
chance = random.Random(1)
laps = {"insert": [], "cancel": [], "expire": []}
ran = 0


def run():
    global ran
    ran += 1
    if ran == count // 2:
        loop.stop()


def lap(name, begin, ops):
    laps[name].append((time.perf_counter_ns() - begin) / ops)


for _ in range(bench.slices):
    delays = [base + span * chance.random() for _ in range(count)]
    call_later = loop.call_later
    begin = time.perf_counter_ns()
    timers = [call_later(delay, run) for delay in delays]
    lap("insert", begin, count)
    begin = time.perf_counter_ns()
    for timer in timers[::2]:
        timer.cancel()
    lap("cancel", begin, (count + 1) // 2)
    time.sleep(base + span + 0.002)
    begin = time.perf_counter_ns()
    loop.run_forever()
    lap("expire", begin, count // 2)
    ran = 0
medians = {name: statistics.median(values) for name, values in laps.items()}
print(f"ns_per_op={sum(medians.values()):.2f}",
      *(f"{name}={value:.2f}" for name, value in medians.items()),
      f"ops={count}")
