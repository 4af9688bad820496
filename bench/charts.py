#!/usr/bin/env python3
"""results.json into docs/performance.md and its pictures.

usage: charts.py [--results DIR] [--docs DIR]

Each work has a picture of bars, one per peer: how long cede takes, as a part of
what the peer takes. Works that have a number of sizes have one of curves too.
In docs/performance.md what stands between the two markers is replaced.
"""

import argparse
import json
import os
import re
import sys

from runner import bars, curves, results, toolchain
import works

BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
PREFACE = f"""# Performance

cede beside its peers, each doing the same work on the same machine in the same
run. `bench/README.md` says how that is measured, and `make bench` does it.

{BEGIN}
{END}
"""


def load(folder):
    try:
        with open(os.path.join(folder, "setup.json"), encoding="utf-8") as file:
            return results.load(folder), json.load(file)
    except (OSError, ValueError):
        raise SystemExit(f"no results in {folder}: run `make bench`") from None


def config(source):
    """The paragraph "Config: ..." of a program's head comment, as one line."""
    try:
        with open(os.path.join(toolchain.BENCH, source),
                  encoding="utf-8") as file:
            text = file.read(4000)
    except (OSError, UnicodeDecodeError):
        return ""
    found = []
    for line in text.splitlines():
        line = re.sub(r"^\s*(\*(?!/)|//|--|#)?\s?", "", line).strip()
        if line.startswith("Config:"):
            found = [line[len("Config:"):].strip()]
        elif found and (not line or line in ("*/", '"""')):
            break
        elif found:
            found.append(line)
    return " ".join(found).replace(" */", "").replace('"""', "").strip()


def cell(text):
    return str(text).replace("|", "\\|")


def table(rows):
    lines = ["| work | cede / peer | 95 % | peer | cede | peer's | unit |",
             "|---|--:|--:|---|--:|--:|---|"]
    for row in rows:
        work, ratio, low_high, *rest = results.cells(row)
        bold = f"**{ratio}**" if row["ratio"] < 1 else ratio
        if row["rounds"] == 1:
            low_high = "exact" if row["metric"] == "instructions" else ""
        lines.append("| " + " | ".join(
            cell(word) for word in (work, bold, low_high, *rest)) + " |")
    return "\n".join(lines)


def configurations(facts):
    lines = ["| program | made with | configuration |", "|---|---|---|"]
    for name, program in facts["programs"].items():
        said = " ".join(filter(None, (config(program["source"]),
                                      program.get("note", ""))))
        lines.append(f"| {cell(name)} | {cell(program['made'])} | "
                     f"{cell(said)} |")
    return "\n".join(lines)


def command(name, facts):
    rounds = facts["rounds"]
    return f"make bench ONLY={name}" + (
        "" if rounds == 9 else f" ROUNDS={rounds}")


def section(work, rows, facts, pictures):
    text = [f"## {work.name}", "", work.about, ""]
    for path, what in pictures:
        text += [f"![{work.name}: {what}]({path})", ""]
    text += [f"`{command(work.name, facts)}`, {facts['rounds']} rounds, "
             f"{facts['date']}, {facts['machine']}"
             + (" (a smoke run: worth nothing)" if facts["quick"] else "")
             + ".", "", table(rows), "", "<details><summary>Versions and "
             "configurations</summary>", "", configurations(facts), "",
             "</details>", ""]
    return text


def behind(rows):
    """Where a peer is ahead and no chance: worst first."""
    found = sorted((row for row in rows if row["ratio_low"] > 1 and
                    row["metric"] != "instructions" and
                    not row.get("beside")),
                   key=lambda row: -row["ratio"])
    if not found:
        return []
    return ["Where a peer is still ahead:", "", table(found), ""]


def draw(work, rows, folder):
    """Writes the pictures; [(path beside performance.md, what it shows)]."""
    os.makedirs(os.path.join(folder, "performance"), exist_ok=True)
    pictures = []
    for suffix, what, picture in (
            ("", "ratios", bars.picture(work, rows)),
            ("-curve", "by size", curves.picture(work, rows))):
        name = work.name.replace("/", "-") + suffix
        path = f"performance/{name}.svg"
        if not picture:
            continue
        with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
            file.write(picture)
        pictures.append((path, what))
    return pictures


def write(folder, body):
    path = os.path.join(folder, "performance.md")
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        text = PREFACE
    before, found, rest = text.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise SystemExit(f"{path} lacks {BEGIN} or {END}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{before}{BEGIN}\n{body}\n{END}{after}")


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--results", default=os.path.join(
        toolchain.ROOT, os.environ.get("BUILD", "build"), "bench"))
    parser.add_argument("--docs", default=os.path.join(toolchain.ROOT, "docs"))
    asked = parser.parse_args()
    rows, setup = load(asked.results)
    text = ["cede / peer: below 1 cede is ahead (**bold**). The interval is "
            "that of the median of the rounds' ratios. Times are of this "
            "machine; only ratios travel.", "", *behind(rows)]
    for work in works.WORKS:
        own = [row for row in rows if row["family"] == work.name]
        if own and work.name in setup:
            text += section(work, own, setup[work.name],
                            draw(work, own, asked.docs))
    write(asked.docs, "\n".join(text))
    print(f"{asked.docs}/performance.md")


if __name__ == "__main__":
    sys.exit(main())
