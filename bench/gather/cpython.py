"""asyncio.gather of N tasks that return a number each.

Config: asyncio's loop or uvloop's.
"""

import asyncio
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from bench import main


async def child(i):
    return i


async def gather(bench, ops):
    count = min(bench.size, ops)
    done = 0
    while done < ops:
        results = await asyncio.gather(*[child(i) for i in range(count)])
        assert results[-1] == count - 1
        done += count
    return done


main(gather)
