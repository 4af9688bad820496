#!/usr/bin/env python3
"""Runs random programs with cede and with CPython, and compares the traces.

    fuzz.py --driver build/tests/parity/fuzz/parity_driver --count 2000 --seed 1

Program number i of seed s is always the same one: `--only i` makes it again.
Where traces differ, the program is made as small as it can be while they still
differ, and is printed with both of them. The exit status is 1 then.
"""

import argparse
import collections
import multiprocessing
import os
import subprocess
import sys

sys.dont_write_bytecode = True

import driver  # noqa: E402
import generate  # noqa: E402
import rules  # noqa: E402
import script  # noqa: E402
import shrink  # noqa: E402
import task_rules  # noqa: E402
import tasks  # noqa: E402

BATCH = 200
MOST_BATCHES = 10
MOST_SECONDS = 120


def make(seed, number):
    """Programs of generators, and programs of tasks: three of ten."""
    kind = tasks if number % 10 > 6 else generate
    return kind.program("%s.%d" % (seed, number))


def run_cede(path, texts):
    """The traces of the programs; of one that killed the driver, and of those
    behind it, None. Also what the driver said at its end."""
    stream = (script.SEPARATOR + "\n").join(texts)
    try:
        result = subprocess.run([path], input=stream, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True,
                                errors="replace", timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        return [None] * len(texts), "not done after %d s" % MOST_SECONDS
    traces, lines = [], []
    for line in result.stdout.splitlines():
        if line == script.SEPARATOR:
            traces.append(lines)
            lines = []
        else:
            lines.append(line)
    said = "status %d %s" % (result.returncode, result.stderr[-3000:])
    if result.returncode == 0:
        traces.append(lines)
    elif lines[-1:] and lines[-1].startswith("left behind"):
        traces.append(lines)
    else:
        traces.append(lines + ["[the driver died: %s]" % said])
    return traces + [None] * (len(texts) - len(traces)), said


def differ(ran, trace):
    """Where the traces differ, or None."""
    if trace is None:
        return None
    if ran.circular and trace[-1:] and trace[-1].startswith("left behind"):
        trace = trace[:-1]
    ours, theirs = trace, ran.lines
    if ran.ended is not None:
        if trace[-1:] and trace[-1].startswith(("left behind", "[the driver")):
            return len(trace) - 1
        ours, theirs = ours[:ran.ended], theirs[:ran.ended]
    if ours == theirs:
        return None
    for at, (a, b) in enumerate(zip(ours, theirs)):
        if a != b:
            return at
    return min(len(ours), len(theirs))


def compare_all(path, programs):
    """[(number, Run, trace)] of those that differ, and the Runs. Programs are
    made and run one by one: what is left of each is collected behind it, and
    that takes the longer the more else there is."""
    found, texts, runs = [], [], []
    for each in programs:
        texts.append(script.write(each))
        runs.append(driver.run(each))
    done = 0
    while done < len(texts):
        traces, _ = run_cede(path, texts[done:])
        for i, trace in enumerate(traces):
            if trace is None:
                break
            if differ(runs[done + i], trace) is not None:
                found.append((done + i, runs[done + i], trace))
        else:
            i += 1
        if i == 0:
            found.append((done, runs[done], ["[no trace]"]))
            i = 1
        done += i
    return found, runs


def work(job):
    """One batch: how often each rule was provoked, and what differs."""
    path, seed, first, count = job
    programs = (make(seed, first + i) for i in range(count))
    found, runs = compare_all(path, programs)
    counts = collections.Counter()
    for ran in runs:
        counts.update(ran.provoked)
        counts["not compared to the end"] += ran.ended is not None
        counts["out of steps"] += ran.out_of_steps
    return counts, [first + i for i, _, _ in found]


def report(path, seed, number):
    def still_differs(functions):
        try:
            # What shrinking made may be no program any more.
            smaller = script.read(script.write(functions))
            found, _ = compare_all(path, [smaller])
        except (script.Mistake, SyntaxError):
            return False
        return bool(found)

    small = shrink.shrink(make(seed, number), still_differs)
    ran = driver.run(small)
    small = script.write(small)
    traces, _ = run_cede(path, [small])
    trace = traces[0] or []
    at = differ(ran, trace)
    print("==== program %d of seed %s differs" % (number, seed))
    print(small, end="")
    for name, lines in (("CPython", ran.lines), ("cede", trace)):
        print("---- " + name)
        for i, line in enumerate(lines):
            print("%s %s" % (">" if i == at else " ", line))
    sys.stdout.flush()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--driver", required=True)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", type=int, help="one program, and its text")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--reports", type=int, default=5,
                        help="differences that are made small and shown")
    parser.add_argument("--first", action="store_true",
                        help="stop at a difference, and say its number")
    parser.add_argument("--least", type=int, default=0,
                        help="fail if a rule was provoked fewer times")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    path, seed = arguments.driver, arguments.seed
    if arguments.only is not None:
        print(script.write(make(seed, arguments.only)), end="")
        return 0
    jobs = [(path, seed, first, min(BATCH, arguments.count - first))
            for first in range(0, arguments.count, BATCH)]
    counts, different = collections.Counter(), []
    # What programs leave behind in CPython grows; it goes with the process.
    with multiprocessing.Pool(arguments.jobs,
                              maxtasksperchild=MOST_BATCHES) as pool:
        for more, found in pool.imap_unordered(work, jobs):
            counts.update(more)
            if found and arguments.first:
                print("first difference: %d" % min(found))
                return 1
            for number in found[:max(0, arguments.reports - len(different))]:
                report(path, seed, number)
            different += found
    rare = show_counts(counts, arguments.least)
    print("%d programs, %d differ" % (arguments.count, len(different)))
    return 1 if different or rare else 0


def show_counts(counts, least):
    """How many programs provoked each rule; those that fewer than `least`
    did."""
    for name in ("not compared to the end", "out of steps"):
        print("%8d  %s" % (counts[name], name))
    keys = rules.KEYS + task_rules.KEYS
    shown = keys + task_rules.MORE
    for first in range(0, len(shown), 5):
        print("  ".join("%7d %-16s" % (counts[key], key)
                        for key in shown[first:first + 5]).rstrip())
    rare = [key for key in keys if counts[key] < least]
    if rare:
        print("provoked by fewer than %d programs: %s" % (least,
                                                          " ".join(rare)))
    return rare


if __name__ == "__main__":
    sys.exit(main())
