"""Tasks that let all others run: await asyncio.sleep(0).

Config: asyncio's loop or uvloop's. The clock starts when all tasks have run up
to their first yield.
"""

import asyncio
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from bench import main


async def switches(bench, ops):
    each = max(1, ops // bench.size)

    async def child():
        for _ in range(each + 1):
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(child()) for _ in range(bench.size)]
    await asyncio.sleep(0)
    bench.begin()
    await asyncio.wait(tasks)
    bench.end(each * bench.size)


main(switches, own=True)
