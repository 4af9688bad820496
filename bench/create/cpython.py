"""Making a generator, running it to its end, dropping it.

Config: none.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from bench import Bench


def once():
    return
    yield


def create(bench, ops):
    for _ in range(ops):
        for _ in once():
            pass
    return ops


Bench().run(create)
