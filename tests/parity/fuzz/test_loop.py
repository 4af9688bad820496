#!/usr/bin/env python3
"""Checks loop.py: the programs of ../oracle that are about tasks, run on it,
print what cede prints (NAME.cede.out if there is one, else NAME.out).

usage: test_loop.py [NAME …]
"""

import contextlib
import difflib
import io
import pathlib
import sys
import types

import asyncio

sys.dont_write_bytecode = True

import loop

ORACLE = pathlib.Path(__file__).resolve().parent.parent / "oracle"

# Programs that show something else.
ELSEWHERE = {
    "D01": "eager tasks, which 3.11 has not",
    "D02": "eager tasks, which 3.11 has not",
    "D08": "generators",
    "F04": "it ends where 3.12 begins; random programs set StopIteration",
    "P03": "what `as` names in a with statement, which is C's matter",
    "T15": "a report made when a task is collected; this loop keeps them",
    "T17": "an int is no coroutine, which C's compiler says",
    "W06": "the same report",
    "W08": "a list is wanted, which C's compiler says",
}


def expected(program):
    replaced = program.with_suffix(".cede.out")
    path = replaced if replaced.exists() else program.with_suffix(".out")
    return path.read_text(encoding="utf-8")


def printed(program):
    """The program as __main__, with this loop in place of its own."""
    module = {"__name__": "__main__", "__file__": str(program)}
    out = io.StringIO()
    code = compile(program.read_text(encoding="utf-8"), program.name, "exec")
    with contextlib.redirect_stdout(out):
        try:
            exec(code, module)
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
    return out.getvalue()


def install():
    loop.install()
    clock = types.ModuleType("vloop")
    clock.run = asyncio.run = lambda coroutine, **_: loop.run(coroutine)
    clock.now = lambda: round(loop.now(), 6)
    clock.VLoop = loop.Loop
    sys.modules["vloop"] = clock


def differs(program):
    difference = list(difflib.unified_diff(
        expected(program).splitlines(), printed(program).splitlines(),
        "expected", "printed", lineterm=""))
    if difference:
        print(f"{program.stem}:", *difference, sep="\n")
    return bool(difference)


def main():
    names = sys.argv[1:]
    install()
    programs = [program for program in sorted(ORACLE.glob("[DFKPQTW]*.py"))
                if program.stem.split("_")[0] not in ELSEWHERE
                and (not names or program.stem in names)]
    failed = sum(differs(program) for program in programs)
    print(f"{len(programs) - failed} passed, {failed} failed, 0 skipped")
    sys.exit(failed > 0 or not programs)


if __name__ == "__main__":
    main()
