"""Generators that have yielded once; tasks that wait for an event.

Config: asyncio's loop or uvloop's.
"""

import asyncio
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from bench import Bench, loop_factory, memory


def now():
    return memory("VmRSS"), memory("VmPTE")


def report(before, count):
    resident, tables = (a - b for a, b in zip(now(), before))
    print(f"bytes={resident / count:.1f} tables={tables / count:.1f} "
          f"both={(resident + tables) / count:.1f} ops={count}", flush=True)


def yields():
    yield 1


def generators(bench):
    everything = [0] * bench.ops
    before = now()
    for i in range(bench.ops):
        everything[i] = yields()
        next(everything[i])
    report(before, bench.ops)


async def tasks(bench):
    never = asyncio.Event()
    everything = [0] * bench.ops
    before = now()
    for i in range(bench.ops):
        everything[i] = asyncio.create_task(never.wait())
    await asyncio.sleep(0)
    report(before, bench.ops)
    os._exit(0)


factory = loop_factory()
bench = Bench()
if bench.name == "generator":
    generators(bench)
else:
    factory().run_until_complete(tasks(bench))
