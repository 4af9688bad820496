"""One task wakes another; cede.c says by what.

Config: asyncio's loop or uvloop's; loop.create_future, asyncio.Lock,
asyncio.Queue(1). asyncio has no channel that is not a queue.
"""

import asyncio
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from bench import main


async def futures(ops):
    create_future = asyncio.get_running_loop().create_future
    pending = [None, None]

    async def answer(me):
        for i in range(ops // 2):
            mine, theirs = create_future(), pending[not me]
            pending[me], pending[not me] = mine, None
            if theirs is not None:
                theirs.set_result(i)
            await mine
        if pending[not me] is not None:
            pending[not me].set_result(ops)
            pending[not me] = None

    await asyncio.gather(answer(0), answer(1))


async def lock(ops):
    wanted = asyncio.Lock()

    async def take():
        for _ in range(ops // 2):
            await wanted.acquire()
            wanted.release()

    both = [asyncio.create_task(take()) for _ in range(2)]
    await wanted.acquire()
    await asyncio.sleep(0)
    wanted.release()
    await asyncio.wait(both)


async def queue(ops):
    items = asyncio.Queue(1)

    async def put():
        for i in range(ops):
            await items.put(i)

    async def get():
        for _ in range(ops):
            await items.get()

    await asyncio.gather(put(), get())


async def wake(bench, ops):
    await {"future": futures, "lock": lock, "queue": queue}[bench.name](ops)
    return ops


main(wake)
