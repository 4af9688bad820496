#!/usr/bin/env python3
"""Plants mistakes in cede, to see that random programs find them.

    planted.py FOLDER [--count N] [--seed S] [--list] [--stale] [RULE ...]

Each mistake of planted_table.py is made in a private copy of the tree, in
FOLDER, which is used again; parity_driver is built there and N programs of the
seed are compared (2000 of seed 1). Prints a line for each: found, with the
number of the first program that differs, or MISSED; STALE if its text is not
in its file once, BROKEN if the copy does not compile. The exit status is 0 if
all were found. --stale only looks for the texts (a test of the house).
"""

import argparse
import os
import re
import subprocess
import sys
import time

sys.dont_write_bytecode = True

from planted_table import PLANTED  # noqa: E402
import mutants  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))


def build(folder):
    """What the compiler said if it failed, or None."""
    result = subprocess.run(
        ["cmake", "--build", folder, "--parallel",
         os.environ.get("JOBS", str(os.cpu_count() or 2)),
         "--target", "parity_driver"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace")
    return None if result.returncode == 0 else result.stdout


def first_difference(folder, arguments):
    """The number of the first program that differs, or None."""
    result = subprocess.run(
        [sys.executable, os.path.join(HERE, "fuzz.py"), "--first",
         "--driver", os.path.join(folder, "tests/parity/fuzz/parity_driver"),
         "--count", str(arguments.count), "--seed", arguments.seed],
        stdout=subprocess.PIPE, text=True, errors="replace")
    match = re.search(r"^first difference: (\d+)$", result.stdout,
                      re.MULTILINE)
    return int(match.group(1)) if match else None


def trial(tree, planted, arguments):
    contents = mutants.mistaken(tree.tree, planted)
    if contents is None:
        return "STALE", ""
    try:
        tree.put(contents, 1)
        errors = build(tree.build)
        if errors is not None:
            return "BROKEN", errors
        number = first_difference(tree.build, arguments)
    finally:
        tree.put(contents, 0)
    if number is None:
        return "MISSED", ""
    return "found", "program %d" % number


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("rules", nargs="*", metavar="RULE")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--stale", action="store_true")
    return parser.parse_intermixed_args()


def show(planted, verdict, detail):
    print("%-6s  %s  %s  %s  (%s)" % (verdict, planted.rule, planted.file,
                                      detail, planted.what), flush=True)


def main():
    arguments = parse()
    if arguments.folder in {each.rule for each in PLANTED}:
        sys.exit("a FOLDER for the copy is missing: see --help")
    chosen = [each for each in PLANTED
              if not arguments.rules or each.rule in arguments.rules]
    if arguments.stale:
        stale = [each for each in PLANTED
                 if mutants.mistaken(mutants.SOURCE, each) is None]
        for each in stale:
            show(each, "STALE", "")
        return 1 if stale else 0
    if arguments.list:
        for each in chosen:
            print(each.rule, each.file, each.what, sep="  ")
        return 0
    if arguments.folder is None:
        sys.exit("a FOLDER for the copy is missing: see --help")
    begin = time.monotonic()
    tree = mutants.Tree(os.path.abspath(arguments.folder))
    errors = build(tree.build)
    if errors is not None:
        sys.exit(errors)
    if first_difference(tree.build, arguments) is not None:
        sys.exit("programs differ without a mistake")
    found = 0
    for each in chosen:
        verdict, detail = trial(tree, each, arguments)
        show(each, verdict, detail)
        found += verdict == "found"
    print("planted: seconds=%d" % (time.monotonic() - begin))
    print("%d passed, %d failed, 0 skipped" % (found, len(chosen) - found))
    return 0 if found == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
