#!/usr/bin/env python3
"""Does the program say what docs/mistakes.md says it does?

Each message in the first column of its tables of messages, in backticks, must
be in a string or a name of the sources. Of a text that is in none of them it
must be said that it is not.

usage: mistakes.py SOURCE-DIRECTORY
"""

import os
import re
import sys


def text_of(source):
    """All code, with the parts of a string literal in one."""
    parts = []
    for top in "include", "src":
        for folder, _, names in os.walk(os.path.join(source, top)):
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    with open(os.path.join(folder, name),
                              encoding="utf-8") as file:
                        parts.append(file.read())
    return re.sub(r'"[\s\\]*"', "", "\n".join(parts))


def messages(document):
    """What stands in backticks in a first column, in the first two tables."""
    for line in document.split("\n## Nothing\n")[0].splitlines():
        if line.startswith("| "):
            yield from re.findall(r"`([^`]+)`", line.split(" | ")[0])


def main():
    source = sys.argv[1]
    with open(os.path.join(source, "docs", "mistakes.md"),
              encoding="utf-8") as file:
        document = file.read()
    code = text_of(source)
    passed = failed = 0
    for message in messages(document):
        if message in code:
            passed += 1
        else:
            failed += 1
            print(f"nothing says: {message}")
    if list(messages("| it says `this` | `that` |\n")) != ["this"] or \
            "a message that nothing says" in code or passed < 15:
        failed += 1
        print("it cannot say no")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return failed != 0


sys.exit(main())
