"""Bars: cede's time as a part of each peer's, on a logarithmic scale.

Bars begin at 1. One that goes to the left says that cede is ahead, to the right
that the peer is; twice as far means ten times as much, say.
"""

import math

from runner import results, svg

WIDTH, LEFT, RIGHT = 820, 160, 170
ROW, GROUP, TOP = 20, 26, 64


def scale(rows):
    """The exponents of ten that the axis goes from and to."""
    low = min(row["ratio_low"] for row in rows)
    high = max(row["ratio_high"] for row in rows)
    return (min(-1, math.floor(math.log10(low) * 2) / 2),
            max(0.5, math.ceil(math.log10(high) * 2) / 2))


def groups(rows):
    found = {}
    for row in rows:
        if row["metric"] != "instructions" and not row.get("beside"):
            found.setdefault((row["work"], row["unit"]), []).append(row)
    return found


def grid(x, low, high, top, bottom):
    for exponent in range(math.ceil(low), math.floor(high) + 1):
        at = x(10**exponent)
        yield svg.line(at, top, at, bottom, "one" if exponent == 0 else "grid")
        yield svg.text(at, top - 6, f"{10**exponent:g}", "faint", "middle")


def bar(row, x, y):
    one, end = x(1), x(row["ratio"])
    style = "ahead" if row["ratio"] < 1 else "behind"
    low, high = x(row["ratio_low"]), x(row["ratio_high"])
    middle = y + ROW / 2 - 2
    yield svg.text(LEFT - 10, middle + 4, row["peer_name"], "", "end")
    yield (f'<rect x="{min(one, end):.1f}" y="{y:.1f}" rx="2" '
           f'width="{max(1, abs(end - one)):.1f}" height="{ROW - 5}" '
           f'class="{style}"/>')
    yield (f'<path class="whisker" d="M{low:.1f} {middle:.1f}H{high:.1f}'
           f'M{low:.1f} {middle - 4:.1f}v8M{high:.1f} {middle - 4:.1f}v8"/>')
    yield svg.text(WIDTH - RIGHT + 12, middle + 4, results.number(row["ratio"])
                   + f"  ({results.number(row['ratio_low'])}-"
                   f"{results.number(row['ratio_high'])})", "")


def picture(work, rows):
    """The SVG, or None if there is nothing to show."""
    found = groups(rows)
    if not found:
        return None
    shown = [row for group in found.values() for row in group]
    low, high = scale(shown)

    def x(ratio):
        part = (math.log10(ratio) - low) / (high - low)
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    parts, y = [], TOP
    for (name, unit), group in found.items():
        parts.append(svg.text(12, y + 16, f"{name}", "group"))
        parts.append(svg.text(WIDTH - 12, y + 16,
                              f"cede: {results.number(group[0]['cede'])} "
                              f"{unit}", "faint", "end"))
        y += GROUP
        for row in sorted(group, key=lambda row: row["ratio"]):
            parts += bar(row, x, y)
            y += ROW
        y += 8
    title = f"{work.name}: cede's time as a part of each peer's"
    if work.name.startswith("memory"):
        title = f"{work.name}: cede's as a part of each peer's"
    head = [svg.text(12, 24, title, "title"),
            svg.text(WIDTH - 12, 24, "left of 1: cede is ahead", "faint",
                     "end"),
            *grid(x, low, high, TOP - 4, y)]
    return svg.document(WIDTH, y + 10, title, head + parts)
