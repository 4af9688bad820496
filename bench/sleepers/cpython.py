"""Tasks that sleep; cede.c says for how long.

Config: asyncio's loop or uvloop's, asyncio.sleep and gather.
"""

import asyncio
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from bench import Bench, loop_factory, memory


async def main(bench):
    chance = random.Random(1)
    bench.begin()
    await asyncio.gather(*[asyncio.sleep(chance.random())
                           for _ in range(bench.ops)])
    bench.end(1)
    print(f"wall={bench.ns[0]} cpu={bench.cpu_ns[0]} peak={memory('VmHWM')} "
          f"ops={bench.ops}", flush=True)
    os._exit(0)


factory = loop_factory()
factory().run_until_complete(main(Bench()))
