"""A try statement of Python's; cede.c says what is done with it.

Config: one exception object, raised again and again; its traceback is dropped
by the handler, or it would grow with every raise.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from bench import Bench

error = ValueError("wrong")


def fall(depth):
    if depth <= 1:
        raise error
    fall(depth - 1)


def enter(bench, ops):
    for i in range(ops):
        try:
            i
        except ValueError:
            pass
    return ops


def throw(bench, ops):
    depth = 20 if bench.name == "throw20" else 1
    for _ in range(ops):
        try:
            fall(depth)
        except ValueError as e:
            e.__traceback__ = None
    return ops


bench = Bench()
bench.run(enter if bench.name == "enter" else throw)
