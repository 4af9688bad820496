#!/usr/bin/env python3
"""Breaks the runtime on purpose, rule by rule, to see the rules' tests fail.

A mutant is one mistake in the lines that are responsible for a rule (see
table.py). For each, the mistake is made in a private copy of the tree, what it
needs is built, and those tests of one program run that name the rule. One of
them must fail: then the mutant is caught.

    mutants.py FOLDER [--list] [--stale] [--verbose] [RULE ...]

FOLDER is for the copy and its build; what is there is used again. --stale makes
no mistake, and only says whose text is gone (a test of the house). Prints a
line for each mutant: how it went, the rule, the file, the test that failed,
what the mistake is.

    caught  a test that names the rule failed
    MISSED  none did: the test proves nothing, write a better one
    STALE   the text to replace is not in its file, or more than once
    BROKEN  the copy with the mistake does not compile
    NOTEST  no test of the program names the rule, or one fails without mistake
    skip    not for this machine

The exit status is 0 if every mutant was caught or skipped.
"""

import argparse
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True

import table  # noqa: E402

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
COPIED = ["CMakeLists.txt", "include", "src", "tests", "tools"]

# A program that a mistake sends into a loop is ended by the harness, test by
# test; this ends a harness that hangs.
MOST_SECONDS = 600


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def files_of(root):
    """What the copy is made of, relative to the root."""
    found = set()
    for name in COPIED:
        path = os.path.join(root, name)
        if os.path.isfile(path):
            found.add(name)
        for folder, folders, files in os.walk(path):
            folders[:] = [each for each in folders if each != "__pycache__"]
            for file in files:
                found.add(os.path.relpath(os.path.join(folder, file), root))
    return found


def synchronize(tree):
    """Makes the copy equal to the source. Only what differs is written, so
    that only that is built again."""
    wanted = files_of(SOURCE)
    for name in files_of(tree) - wanted:
        os.remove(os.path.join(tree, name))
    for name in wanted:
        original = os.path.join(SOURCE, name)
        copy = os.path.join(tree, name)
        content = read(original)
        if not os.path.isfile(copy) or read(copy) != content:
            write(copy, content)
        shutil.copymode(original, copy)


def configure(tree, build):
    command = [os.path.join(tree, "tools/configure.sh"), build,
               "-DCEDE_BUILD_EXAMPLES=OFF", "-DCEDE_BUILD_LINT=OFF"]
    if shutil.which("ninja"):
        command += ["-G", "Ninja"]
    if shutil.which("ccache"):
        command += ["-DCMAKE_C_COMPILER_LAUNCHER=ccache"]
    if subprocess.run(command).returncode != 0:
        sys.exit(1)


def target_of(program):
    return "test_" + program.replace("/", "_")


def compile_programs(build, programs):
    """What the compiler said if it failed, or None."""
    command = ["cmake", "--build", build, "--parallel",
               os.environ.get("JOBS", str(os.cpu_count() or 2)), "--target"]
    command += [target_of(each) for each in programs]
    result = subprocess.run(command, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True,
                            errors="replace")
    return None if result.returncode == 0 else result.stdout


def tests_by_rule():
    """{(rule, program): [test]}, as tests/house/rules.sh sees them."""
    command = [os.path.join(SOURCE, "tests/house/rules.sh"), SOURCE, "-v"]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout
    found = {}
    for line in output.splitlines():
        match = re.fullmatch(r"([A-Z]\d\d) (\w+)/test_(\w+)\.c (\w+)", line)
        if match:
            rule, room, noun, test = match.groups()
            found.setdefault((rule, room + "/" + noun), []).append(test)
    return found


def without_core_dumps():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def failed_tests(build, program, tests):
    """[(name, why)] of the tests that fail."""
    room, noun = program.split("/")
    path = os.path.join(build, "tests", room, "test_" + noun)
    try:
        result = subprocess.run([path] + tests, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True,
                                errors="replace", timeout=MOST_SECONDS,
                                preexec_fn=without_core_dumps)
    except subprocess.TimeoutExpired:
        return [(program, "not done after %d s" % MOST_SECONDS)]
    found = re.findall(r"^FAIL  (\w+): (.*)$", result.stdout, re.MULTILINE)
    if not found and result.returncode != 0:
        return [(program, "exited with status %d" % result.returncode)]
    return found


def mistaken(tree, mutant):
    """{file: (right, wrong)}, or None if a text is not there once."""
    contents = {}
    for file, old, new in mutant.edits:
        path = os.path.join(tree, file)
        if file not in contents:
            if not os.path.isfile(path):
                return None
            right = read(path)
            contents[file] = (right, right)
        right, wrong = contents[file]
        if wrong.count(old.encode()) != 1:
            return None
        contents[file] = (right, wrong.replace(old.encode(), new.encode()))
    return contents


class Tree:
    """The private copy and its build."""

    def __init__(self, folder):
        self.tree = os.path.join(folder, "tree")
        self.build = os.path.join(folder, "build")
        synchronize(self.tree)
        configure(self.tree, self.build)

    def put(self, contents, which):
        for file, versions in contents.items():
            write(os.path.join(self.tree, file), versions[which])

    def trial(self, mutant, tests):
        """(verdict, what to say of it)"""
        contents = mistaken(self.tree, mutant)
        if contents is None:
            return "STALE", ""
        try:
            self.put(contents, 1)
            errors = compile_programs(self.build, [mutant.program])
            if errors is not None:
                return "BROKEN", errors
            failed = failed_tests(self.build, mutant.program, tests)
        finally:
            self.put(contents, 0)
        if not failed:
            return "MISSED", ""
        return "caught", failed


def fits(mutant):
    return mutant.only is None or platform.machine() in mutant.only


def sound_programs(tree, mutants, named):
    """Builds what is needed and leaves out whose tests fail by themselves."""
    programs = sorted({each.program for each in mutants})
    errors = compile_programs(tree.build, programs)
    if errors is not None:
        sys.exit(errors)
    sound = set()
    for rule, program in sorted({(each.rule, each.program)
                                 for each in mutants}):
        tests = named.get((rule, program))
        if tests and not failed_tests(tree.build, program, tests):
            sound.add((rule, program))
    return sound


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("rules", nargs="*", metavar="RULE")
    parser.add_argument("--list", action="store_true",
                        help="say what the mistakes are, and make none")
    parser.add_argument("--stale", action="store_true",
                        help="say whose text is gone, and make none")
    parser.add_argument("--verbose", action="store_true",
                        help="every test that failed, and why")
    return parser.parse_intermixed_args()


def chosen(rules):
    mutants = [each for each in table.MUTANTS
               if not rules or each.rule in rules]
    unknown = set(rules) - {each.rule for each in mutants}
    if unknown:
        sys.exit("no mutant for " + " ".join(sorted(unknown)))
    return mutants


def show(mutant, verdict, detail, verbose):
    noticed = ": " + detail[0][0] if verdict == "caught" else ""
    print("%-6s  %s  %s  %s  (%s)" % (
        verdict, mutant.rule, mutant.file, mutant.program + noticed,
        mutant.what), flush=True)
    if verdict == "BROKEN":
        print(detail)
    elif verbose and verdict == "caught":
        for test, why in detail:
            print("        %s: %s" % (test, why))


def try_all(folder, mutants, verbose):
    """How many were caught, failed, and were skipped."""
    counts = [0, 0, 0]
    named = tests_by_rule()
    tree = Tree(os.path.abspath(folder))
    sound = sound_programs(tree, [each for each in mutants if fits(each)],
                           named)
    for mutant in mutants:
        claim = (mutant.rule, mutant.program)
        verdict, detail = "NOTEST", ""
        if not fits(mutant):
            verdict = "skip"
        elif claim in sound:
            verdict, detail = tree.trial(mutant, named[claim])
        show(mutant, verdict, detail, verbose)
        counts[{"caught": 0, "skip": 2}.get(verdict, 1)] += 1
    return counts


def find_stale(mutants):
    stale = [each for each in mutants if mistaken(SOURCE, each) is None]
    for mutant in stale:
        show(mutant, "STALE", "", False)
    return 1 if stale else 0


def main():
    arguments = parse()
    mutants = chosen(arguments.rules)
    if arguments.stale:
        return find_stale(mutants)
    if arguments.list:
        for each in mutants:
            print(each.rule, each.file, each.what, sep="  ")
        return 0
    if arguments.folder is None:
        sys.exit("a FOLDER for the copy is missing: see --help")
    begin = time.monotonic()
    caught, failed, skipped = try_all(arguments.folder, mutants,
                                      arguments.verbose)
    print("mutants: rules=%d seconds=%d" % (
        len({each.rule for each in mutants}), time.monotonic() - begin))
    print("%d passed, %d failed, %d skipped" % (caught, failed, skipped))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
