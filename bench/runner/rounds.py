"""Rounds: every program of a work once, again and again."""

import sys

from runner.work import Failure


def build(works, setup):
    """Builds all programs; returns {work: [programs that can run]} and what
    was left out, [(work, program, why)]."""
    ready, skipped = {}, []
    for work in works:
        ready[work.name] = []
        for program, argv, reason in work.commands(setup.build):
            if reason:
                skipped.append((work, program, reason))
                continue
            setup.commands[work.name, program.name] = argv
            ready[work.name].append(program)
    return ready, skipped


def measure(work, case, programs, setup, rounds, say):
    """{program: [result of round 1, …]} of those that did all rounds, and
    {program: why not} of the others.

    The order rotates by one each round, so that nobody always runs behind the
    same neighbour.
    """
    results = {program: [] for program in programs if program.does(case)}
    failed = {}
    for number in range(rounds):
        order = [program for program in results if program not in failed]
        shift = number % max(1, len(order))
        for program in order[shift:] + order[:shift]:
            say(f"{work.name} {case.label} round {number + 1}/{rounds} "
                f"{program.name}")
            try:
                results[program].append(work.measure(program, case, setup))
            except Failure as failure:
                failed[program] = str(failure)
    for program in failed:
        del results[program]
    return results, failed


def say(text):
    """Where it is, on one line of a terminal; nothing into a file."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()
