#!/usr/bin/env python3
"""Runs a program and compares what it prints with what CPython printed.

usage: compare.py [--places] PROGRAM EXPECTED.out

Equal means equal byte for byte, but for what a traceback says of the source:
the path and number in `File "…", line N`, the line of source below it and its
carets, and the name of the outermost place, which is <module> in Python and
main in C. With --places, which is for what Python never printed, the file's
name and the number count. The program's exit status must be 0.
"""

import difflib
import os
import re
import shlex
import subprocess
import sys

PLACE = re.compile(r'^([ |]*)File "(?:[^"]*/)?([^"]*)", line (\d+)')


def normalised(text, places):
    shown = r'\1File "\2", line \3' if places else r'\1File "FILE", line N'
    lines = []
    below_place = None
    for line in text.replace("<module>", "main").split("\n"):
        place = PLACE.match(line)
        if place:
            below_place = place.group(1)
            line = PLACE.sub(shown, line)
        elif below_place is not None and line.startswith(below_place + "  "):
            continue
        else:
            below_place = None
        lines.append(line)
    return lines


def main():
    arguments = sys.argv[1:]
    places = arguments[:1] == ["--places"]
    if len(arguments) != 2 + places:
        sys.exit(__doc__)
    program, expectation = arguments[places:]
    # For another CPU: qemu-user and its arguments (tools/check-aarch64.sh).
    emulator = shlex.split(os.environ.get("CEDE_EMULATOR", ""))
    run = subprocess.run(emulator + [program], stdout=subprocess.PIPE,
                         check=False, timeout=120)
    with open(expectation, encoding="utf-8") as file:
        expected = normalised(file.read(), places)
    printed = normalised(run.stdout.decode("utf-8", "replace"), places)
    for line in difflib.unified_diff(expected, printed, "CPython", "cede",
                                     lineterm=""):
        print(line)
    if run.returncode != 0:
        print(f"exit status {run.returncode}")
    sys.exit(run.returncode != 0 or expected != printed)


if __name__ == "__main__":
    main()
