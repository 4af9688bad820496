"""create_task and await.

Config: asyncio's loop or uvloop's, tasks not eager (3.11 has none).
"""

import asyncio
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from bench import main


async def child():
    pass


async def spawn(bench, ops):
    create_task = asyncio.get_running_loop().create_task
    for _ in range(ops):
        await create_task(child())
    return ops


main(spawn)
