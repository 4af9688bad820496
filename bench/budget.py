#!/usr/bin/env python3
"""How many instructions an operation of cede's may take: budget.tsv.

usage: budget.py [--write] [--only WORK[,WORK]] [--build DIR]
                 [--compiler CC --library libcede.a]

Counts them (runner/instructions.py) and compares with the lines that are for
this compiler, C library and CPU: over 3 % more fails. For another of these, or
without valgrind, there is nothing to compare with: it says so and is content.
--write puts what was counted into the file; the other machines' lines stay.
"""

import argparse
import os
import subprocess
import sys

from runner import instructions, machine, toolchain
from runner.work import Failure
import works

FILE = os.path.join(toolchain.BENCH, "budget.tsv")
HEAD = "work\tcompiler\tcpu\tinstructions"
GROWTH = 1.03

# The C library and the compiler choose their code by these; and these only are
# what callgrind counts differently from one CPU to the next.
FLAGS = ("avx2", "avx512f", "erms", "fsrm", "asimd", "sve", "atomics")


def compiler_key(compiler):
    first = toolchain.out([compiler, "--version"]).splitlines()[0:1] or [""]
    version = toolchain.out([compiler, "-dumpfullversion", "-dumpversion"])
    name = "clang" if "clang" in first[0] else "gcc"
    libc = os.confstr("CS_GNU_LIBC_VERSION")
    return f"{name} {version}, {libc}"


def cpu_key():
    flags = machine.cpu_flags()
    return " ".join([machine.cpu_model(),
                     *(flag for flag in FLAGS if flag in flags)])


def read():
    """{(work, compiler, cpu): instructions}"""
    try:
        with open(FILE, encoding="utf-8") as file:
            lines = [line.rstrip("\n").split("\t") for line in file
                     if line.strip() and not line.startswith("#")]
    except FileNotFoundError:
        return {}
    return {tuple(line[:3]): float(line[3]) for line in lines[1:]}


def write(budget):
    with open(FILE, "w", encoding="utf-8") as file:
        file.write("# Instructions per operation; `make bench-budget` rewrites "
                   "the lines of its machine.\n" + HEAD + "\n")
        for key in sorted(budget):
            file.write("\t".join([*key, f"{budget[key]:.1f}"]) + "\n")


def count(chosen, build):
    """Yields (work/case, instructions or None, what went wrong)."""
    for work in chosen:
        if not work.counted:
            continue
        program = work.programs[0]
        argv, reason = program.toolchain.build(work.name, program, build)
        for case in work.cases:
            name = "/".join(filter(None, (work.name, case.label)))
            if not case.counted:
                continue
            if reason:
                yield name, None, reason
                continue
            try:
                yield name, instructions.per_operation(argv, case), None
            except Failure as failure:
                yield name, None, str(failure)


def judge(name, found, allowed):
    """(passed, failed, skipped) and what to say."""
    if allowed is None:
        return (0, 0, 1), f"skipped: {name}: {found:.1f}, no budget yet"
    if found > allowed * GROWTH:
        return (0, 1, 0), (f"FAILED: {name}: {found:.1f} instructions, "
                           f"budget {allowed:.1f}, "
                           f"{found / allowed - 1:+.1%}")
    return (1, 0, 0), (f"{name}: {found:.1f} of {allowed:.1f}"
                       f" {found / allowed - 1:+.1%}")


def skip(reason):
    print(f"skipped: instructions per operation: {reason}")
    print("0 passed, 0 failed, 1 skipped")
    return 0


def arguments():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--build", default=os.path.join(
        toolchain.ROOT, os.environ.get("BUILD", "build"), "bench"))
    parser.add_argument("--compiler", default="gcc")
    parser.add_argument("--library")
    asked = parser.parse_args()
    asked.build = os.path.abspath(asked.build)
    asked.works = works.select(list(filter(None, asked.only.split(","))))
    return asked


def main():
    asked = arguments()
    if instructions.missing():
        return skip(instructions.missing())
    compiler, cpu = compiler_key(asked.compiler), cpu_key()
    budget = read()
    if not asked.write and not any(
            key[1:] == (compiler, cpu) for key in budget):
        return skip(f"no budget for {compiler} on {cpu}")
    if asked.library:
        toolchain.CEDE.use(asked.compiler, os.path.abspath(asked.library))
    else:
        toolchain.CEDE.prepare(asked.build)
    totals = (0, 0, 0)
    for name, found, wrong in count(asked.works, asked.build):
        if wrong:
            verdict, text = (0, 1, 0), f"FAILED: {name}: {wrong}"
        elif asked.write:
            verdict, text = (1, 0, 0), f"{name}: {found:.1f}"
            budget[name, compiler, cpu] = found
        else:
            verdict, text = judge(name, found,
                                  budget.get((name, compiler, cpu)))
        print(text, flush=True)
        totals = tuple(map(sum, zip(totals, verdict)))
    if asked.write and not totals[1]:
        write(budget)
    if totals[1]:
        print("If it must take more, `make bench-budget` and commit "
              "bench/budget.tsv with the reason.")
    print("%d passed, %d failed, %d skipped" % totals)
    return 1 if totals[1] else 0


if __name__ == "__main__":
    sys.exit(main())
