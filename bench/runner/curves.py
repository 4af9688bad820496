"""Curves: what an operation costs, by size, of cede and each peer."""

import math

from runner import results, svg

WIDTH, HEIGHT = 760, 380
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 50, 46


def points(rows):
    """{program: {size: cost}} of the first number compared."""
    found = {}
    for row in rows:
        if row["metric"] or not row["size"].isdigit():
            continue
        size = int(row["size"])
        found.setdefault("cede", {})[size] = row["cede"]
        found.setdefault(row["peer_name"], {})[size] = row["peer"]
    return found


def spread(labels):
    """Moves the labels of ends apart: [(y, text, colour)]."""
    placed, last = [], -math.inf
    for y, words, colour in sorted(labels):
        last = max(y, last + 15)
        placed.append((last, words, colour))
    return placed


def picture(work, rows):
    """The SVG, or None with fewer than three sizes."""
    found = points(rows)
    sizes = sorted({size for costs in found.values() for size in costs})
    if len(sizes) < 3:
        return None
    costs = [cost for curve in found.values() for cost in curve.values()]
    low = math.floor(math.log10(min(costs)))
    high = math.ceil(math.log10(max(costs)))

    def x(size):
        part = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def y(cost):
        part = (math.log10(cost) - low) / max(1, high - low)
        return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM)

    unit = next(row["unit"] for row in rows if not row["metric"])
    title = f"{work.name}: {unit}, by size"
    parts = [svg.text(12, 24, title, "title")]
    for exponent in range(low, high + 1):
        at = y(10**exponent)
        parts.append(svg.line(LEFT, at, WIDTH - RIGHT, at, "grid"))
        parts.append(svg.text(LEFT - 8, at + 4, results.number(10**exponent),
                              "faint", "end"))
    for size in sizes:
        parts.append(svg.line(x(size), TOP, x(size), HEIGHT - BOTTOM, "grid"))
        parts.append(svg.text(x(size), HEIGHT - BOTTOM + 18, f"{size:,}",
                              "faint", "middle"))
    labels = []
    for number, (name, curve) in enumerate(found.items()):
        colour = svg.COLOURS[number % len(svg.COLOURS)]
        path = [(x(size), y(cost)) for size, cost in sorted(curve.items())]
        parts.append(f'<polyline class="curve{" cede" * (name == "cede")}" '
                     f'stroke="{colour}" points="'
                     + " ".join(f"{a:.1f},{b:.1f}" for a, b in path) + '"/>')
        labels.append((path[-1][1] + 4, name, colour))
    for at, name, colour in spread(labels):
        parts.append(f'<text x="{WIDTH - RIGHT + 10}" y="{at:.1f}" '
                     f'style="fill:{colour}">{name}</text>')
    return svg.document(WIDTH, HEIGHT, title, parts)
