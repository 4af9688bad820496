#!/usr/bin/env python3
"""Measures cede beside its peers. bench/README.md says how and why so.

usage: run.py [--only WORK[,WORK]] [--rounds 9] [--quick] [--list]
              [--build DIR] [--out DIR]
"""

import argparse
import os
import sys
import time

from runner import (instructions, machine, results, rounds, statistic,
                    toolchain)
from runner.work import Failure, Setup
import works


def arguments():
    root = toolchain.ROOT
    default = os.path.join(root, os.environ.get("BUILD", "build"), "bench")
    parser = argparse.ArgumentParser(description="measures cede beside its "
                                     "peers", allow_abbrev=False)
    parser.add_argument("--only", default=[], action="append",
                        help="works, separated by commas (default: all)")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--quick", action="store_true",
                        help="a smoke run: 1 round, a tenth of the operations")
    parser.add_argument("--list", action="store_true",
                        help="show works, sizes and programs")
    parser.add_argument("--build", default=default,
                        help="folder of what is built (build/bench)")
    parser.add_argument("--out", help="folder of results.json (the same)")
    parsed = parser.parse_args()
    if parsed.rounds < 1:
        parser.error("--rounds: at least 1")
    parsed.build = os.path.abspath(parsed.build)
    parsed.out = os.path.abspath(parsed.out or parsed.build)
    names = [name for words in parsed.only for name in words.split(",")]
    parsed.works = works.select([name for name in names if name])
    if parsed.quick:
        parsed.rounds = 1
    parsed.instructions = not parsed.quick and not instructions.missing()
    return parsed


def show_works(chosen):
    for work in chosen:
        sizes = ", ".join(case.label for case in work.cases if case.label)
        peers = ", ".join(program.name for program in work.programs[1:])
        print(f"{work.name}{': ' if sizes else ''}{sizes}\n    {peers}")


def facts_of(work, ready, asked):
    """What the programs of a work were made with, for docs/performance.md."""
    return {
        "machine": machine.describe(),
        "rounds": asked.rounds,
        "quick": asked.quick,
        "date": time.strftime("%Y-%m-%d"),
        "programs": {program.name: {"made": program.toolchain.label(),
                                    "source": program.source,
                                    "note": program.note}
                     for program in ready},
    }


def count(work, case, ready, setup):
    """Rows of instructions per operation, of what is machine code."""
    found = {}
    for program in ready:
        if not instructions.counted(program) or not program.does(case):
            continue
        rounds.say(f"{work.name} {case.label} instructions {program.name}")
        try:
            found[program] = instructions.per_operation(
                setup.commands[work.name, program.name], case)
        except Failure as failure:
            rounds.say("")
            print(f"not counted: {work.name} {case.label} {program.name}: "
                  f"{failure}")
    return results.instruction_rows(work, case, found)


def run(asked, setup):
    """All works; returns rows, facts by work, and whether nothing failed."""
    ready, skipped = rounds.build(asked.works, setup)
    for work, program, reason in skipped:
        print(f"skipped: {work.name} {program.name}: {reason}")
    found, facts, well = [], {}, True
    for work in asked.works:
        for case in work.cases:
            measured, failed = rounds.measure(
                work, case, ready[work.name], setup, asked.rounds, rounds.say)
            rounds.say("")
            for program, reason in failed.items():
                print(f"failed: {work.name} {case.label} {program.name}: "
                      f"{reason}")
                well = False
            new = results.rows(work, case, measured, asked.rounds)
            if asked.instructions and work.counted and case.counted:
                new += count(work, case, ready[work.name], setup)
                rounds.say("")
            found += new
            facts[work.name] = facts_of(work, ready[work.name], asked)
            if new:
                print(results.table(new) + "\n", flush=True)
        # After each work: a run that is interrupted leaves what it has.
        results.save(asked.out, found, facts)
    return found, well and not any(program.name == "cede"
                                   for _, program, _ in skipped)


def main():
    asked = arguments()
    if asked.list:
        show_works(asked.works)
        return 0
    os.makedirs(asked.build, exist_ok=True)
    toolchain.CEDE.prepare(asked.build)
    if instructions.missing():
        print(f"skipped: instructions: {instructions.missing()}")
    program_core, client_core = machine.cores()
    setup = Setup(asked.build, asked.quick, program_core, client_core, {})
    print(f"{machine.describe()}\n{asked.rounds} rounds; ratios are cede / "
          "peer, below 1 cede is ahead; the interval of their median holds "
          f"with {statistic.confidence(asked.rounds):.0%}\n")
    found, well = run(asked, setup)
    print(f"{len(found)} rows in {asked.out}/results.json")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
