#!/usr/bin/env python3
"""The rows of the source documents: each program, how it compares with CPython,
and how long it is beside the Python it is for.

    tools/rows.py            prints the table
    tools/rows.py --check    fails if a program is longer than it may be

A program is examples/tutorial/Sxx_….c; what CPython printed is in
tests/parity/seeds/. "equal": the same bytes. "replaced": C must say something
else, and tests/parity/README.md says why. That this is so is for the parity
tests (ctest -L parity); here it is only listed.

Lines are those with more on them than blanks or a comment. The Python's are in
tests/parity/seeds/lines.tsv; many of its lines hold several statements, and the
C programs follow it line by line. In the last column both are written with a
statement to a line, as formatters do.
"""
import argparse
import pathlib
import re
import statistics
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SEEDS = ROOT / "tests/parity/seeds"
MEDIAN, MOST = 1.5, 2.5

# Longer than MOST times the Python, and what of C is the reason.
LONGER = {
    "S25": "Python compiles texts and catches SyntaxError; in C each text is a "
           "function, and is run",
    "S90": "Python runs a text in another interpreter; this program runs "
           "itself, and reads what it writes through a pipe",
    "S107": "three long lines of Python; include, main and four braces are most "
            "of the ten",
    "S123": "as S25",
}


seen = set()


def c_text(path):
    """Without comments, with the headers of its own that no row before had."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    for name in re.findall(r'#include "(.*)"', text):
        if name not in seen:
            seen.add(name)
            text += c_text(path.parent / name)
    return text


def c_lines(text):
    return sum(1 for line in text.split("\n") if line.strip())


def c_statements(text):
    """Lines, if each statement, brace and clause stood where clang-format puts
    it: what is between braces or semicolons, strings and parentheses aside."""
    text = re.sub(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])*\'', "0", text)
    count, depth, pending = 0, 0, False
    for line in text.split("\n"):
        if line.startswith("#"):
            count += 1
            continue
        for mark in line:
            depth += (mark in "([") - (mark in ")]")
            if depth == 0 and mark in ";{}":
                count += pending or mark == "}"
                pending = False
            elif not mark.isspace():
                pending = True
    return count + pending


def rows():
    programs = {path.name.split("_")[0]: path
                for path in (ROOT / "examples/tutorial").glob("S*_*.c")}
    for line in (SEEDS / "lines.tsv").read_text().splitlines():
        if line.startswith("#"):
            continue
        row, python, formatted = line.split("\t")
        path = programs[row]
        replaced = (SEEDS / f"{path.stem}.cede.out").exists()
        yield row, path, replaced, int(python), int(formatted)


def reasons():
    """What tests/parity/README.md says of each program that differs."""
    found = {}
    for line in (ROOT / "tests/parity/README.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        name = re.match(r"`(S\d+)_", cells[0])
        if name and len(cells) == 3:
            found[name.group(1)] = f"{cells[1]}: {cells[2]}"
    return found


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    why, ratios, formatted_ratios, wrong = reasons(), [], [], []
    replaced_count = 0

    if not check:
        print(f"{'program':44} {'beside CPython':14} {'C':>4} {'Python':>6} "
              f"{'ratio':>5}  formatted")
    for row, path, replaced, python, formatted in rows():
        text = c_text(path)
        lines = c_lines(text)
        ratio, also = lines / python, c_statements(text) / formatted
        ratios.append(ratio)
        formatted_ratios.append(also)
        replaced_count += replaced
        if replaced and row not in why:
            wrong.append(f"{path.stem} is replaced, and tests/parity/README.md "
                         "does not say why")
        if ratio > MOST and row not in LONGER:
            wrong.append(f"{path.stem}: {lines} lines for {python} of Python")
        if ratio <= MOST and row in LONGER:
            wrong.append(f"{row} is no longer too long: LONGER is stale")
        if not check:
            print(f"{path.stem:44} {'replaced' if replaced else 'equal':14} "
                  f"{lines:4} {python:6} {ratio:5.2f}  {also:.2f}")
    median = statistics.median(ratios)
    if median > MEDIAN:
        wrong.append(f"the median of the ratios is {median:.2f}, not at most "
                     f"{MEDIAN}")
    if not check:
        print_foot(why, ratios, formatted_ratios, replaced_count)
    for line in wrong:
        print(f"FAIL  {line}")
    if check:
        print(f"{len(ratios)} passed, {len(wrong)} failed, 0 skipped")
    sys.exit(bool(wrong))


def print_foot(why, ratios, formatted_ratios, replaced_count):
    print()
    print(f"{len(ratios)} programs: {len(ratios) - replaced_count} equal, "
          f"{replaced_count} replaced. Lines of C over lines of Python: median "
          f"{statistics.median(ratios):.2f}, most {max(ratios):.2f}; a statement "
          f"to a line: median {statistics.median(formatted_ratios):.2f}, most "
          f"{max(formatted_ratios):.2f}.")
    print("S53, S75, S111 and S120 are prose: docs/tutorial/README.md names the "
          "rules that stand for them.")
    print("\nReplaced, and why:")
    for row, text in sorted(why.items(), key=lambda item: int(item[0][1:])):
        print(f"  {row}: {text}")
    print("\nLonger than it should be, and why:")
    for row, text in LONGER.items():
        print(f"  {row}: {text}")


if __name__ == "__main__":
    main()
