#!/usr/bin/env python3
"""Runs programs of the fuzzer's language with CPython and prints their traces:
what parity_driver does with cede.

    driver.py < SCRIPT
    driver.py --python < SCRIPT      shows the Python that a program becomes
"""

import sys

sys.dont_write_bytecode = True

import runtime  # noqa: E402
import task_runtime  # noqa: E402
import script  # noqa: E402
import translate  # noqa: E402


def run(functions):
    """Runs one program: a Run, with its lines and what happened."""
    main = next(each for each in functions if each.name == "main")
    ran = (task_runtime.TaskRun() if main.kind == "async"
           else runtime.Run())
    ran.run(functions, translate.translate(functions))
    return ran


def programs(text):
    """The programs of a stream. Each has empty lines before it, so that its
    lines have their numbers."""
    program = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.split() == [script.SEPARATOR]:
            yield "\n".join(program)
            program = [""] * number
        else:
            program.append(line)
    if any(program):
        yield "\n".join(program)


def main(arguments):
    text = sys.stdin.read()
    try:
        for number, program in enumerate(programs(text)):
            if number:
                print(script.SEPARATOR)
            if arguments == ["--python"]:
                print(translate.translate(script.read(program)).source, end="")
                continue
            ran = run(script.read(program))
            lines = ran.lines
            if ran.ended is not None:
                lines = lines[:ran.ended] + ["(not compared from here)"]
            print("\n".join(lines))
    except script.Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
