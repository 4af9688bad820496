"""Results: rows of ratios, as a table and as results.json."""

import json
import os
import statistics

from runner import statistic
from runner.work import Metric


def row_name(work, case, metric):
    return "/".join(word for word in (work.name, case.label, metric.label)
                    if word)


def values(results, metric):
    return [result[metric.key] / metric.divide for result in results
            if metric.key in result]


def rows(work, case, measured, rounds):
    """One row per metric and peer; cede is the first program."""
    cede = work.programs[0]
    if cede not in measured:
        return []
    found = []
    for metric in work.metrics:
        ours = values(measured[cede], metric)
        for program, results in measured.items():
            theirs = values(results, metric)
            if (program is cede or len(ours) < rounds or
                    len(theirs) < rounds or min(theirs) <= 0):
                continue
            ratio, low, high = statistic.ratios(ours, theirs)
            found.append({
                "work": row_name(work, case, metric),
                "unit": metric.unit,
                "cede": statistics.median(ours),
                "peer": statistics.median(theirs),
                "peer_name": program.name,
                "ratio": ratio,
                "ratio_low": low,
                "ratio_high": high,
                "rounds": rounds,
                "family": work.name,
                "size": case.label,
                "metric": metric.label,
                "beside": metric.beside,
            })
    return found


def instruction_rows(work, case, found):
    """The same for {program: instructions}; they are exact."""
    cede = work.programs[0]
    if not found.get(cede):
        return []
    metric = Metric("", "instructions", "instructions")
    rows_of = []
    for program, count in found.items():
        if program is cede or not count:
            continue
        ratio = found[cede] / count
        rows_of.append({
            "work": row_name(work, case, metric), "unit": metric.unit,
            "cede": found[cede], "peer": count, "peer_name": program.name,
            "ratio": ratio, "ratio_low": ratio, "ratio_high": ratio,
            "rounds": 1, "family": work.name, "size": case.label,
            "metric": metric.label,
        })
    return rows_of


def number(value):
    """Three digits that count."""
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    if abs(value) >= 100:
        return f"{value:.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    if abs(value) >= 0.1:
        return f"{value:.2f}"
    return f"{value:.2g}"


HEAD = ("work", "cede / peer", "interval", "peer", "cede", "peer", "unit")


def cells(row):
    return (row["work"], number(row["ratio"]),
            f"{number(row['ratio_low'])} - {number(row['ratio_high'])}",
            row["peer_name"], number(row["cede"]), number(row["peer"]),
            row["unit"])


def table(found):
    """The rows as text; below 1 cede is ahead. A work's name is written
    once."""
    lines = [HEAD]
    last = None
    for row in found:
        line = cells(row)
        lines.append(line if line[0] != last else ("", *line[1:]))
        last = line[0]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    text = []
    for line in lines:
        padded = [cell.ljust(width) if i in (0, 3, 6) else cell.rjust(width)
                  for i, (cell, width) in enumerate(zip(line, widths))]
        text.append("  ".join(padded).rstrip())
    text.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(text)


def load(folder):
    try:
        with open(os.path.join(folder, "results.json"),
                  encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return []


def save(folder, found, facts):
    """Rows of works that were not run this time are kept. What was run with
    what goes into setup.json, by work."""
    run = {row["family"] for row in found}
    kept = [row for row in load(folder) if row["family"] not in run]
    write(folder, "results.json", kept + found)
    try:
        with open(os.path.join(folder, "setup.json"),
                  encoding="utf-8") as file:
            before = json.load(file)
    except (OSError, ValueError):
        before = {}
    write(folder, "setup.json", {**before, **facts})


def write(folder, name, what):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name)
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(what, file, indent=1)
        file.write("\n")
    os.replace(path + ".new", path)
