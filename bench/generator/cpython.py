"""Items through Python's for and yield.

Config: in a function, so that variables are fast ones.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from bench import Bench


def count(n):
    i = 0
    while i < n:
        yield i
        i += 1


def items(bench, ops):
    total = 0
    for item in count(ops):
        total += item
    return ops


Bench().run(items)
