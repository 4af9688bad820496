"""Resuming the innermost of generators that delegate by yield from.

Config: none. Each resume passes through every level.
"""

import os
import sys
from itertools import islice

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from bench import Bench

sys.setrecursionlimit(10_000)


def level(depth, items):
    if depth > 0:
        return (yield from level(depth - 1, items))
    for i in range(items):
        yield i


def resume(bench, ops):
    generator = level(bench.size, ops + 1)
    next(generator)  # builds the chain
    bench.begin()
    for _ in islice(generator, ops):
        pass
    bench.end(ops)
    generator.close()


Bench().run_own(resume)
