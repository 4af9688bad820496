"""What the pictures share: an SVG that stands alone, in colours that can be
read on white and on black."""

from xml.sax.saxutils import escape

STYLE = """
text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial,
       sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 15px }
.faint { fill: #57606a; font-size: 12px }
.group { font-weight: 600 }
.ahead { fill: #2da44e }
.behind { fill: #d4711c }
.grid { stroke: #8c959f; stroke-opacity: .35; stroke-width: 1 }
.one { stroke: #57606a; stroke-width: 1.5 }
.whisker { stroke: #24292f; stroke-width: 1.5; fill: none }
.curve { fill: none; stroke-width: 2 }
.cede { stroke-width: 3.5 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .faint { fill: #9198a1 }
.one { stroke: #9198a1 } .whisker { stroke: #e6edf3 }
.ahead { fill: #3fb950 } .behind { fill: #db7b2b }
}
"""

# In order of use, told apart by people who do not see red and green alike.
COLOURS = ("#2da44e", "#0a84d6", "#d4711c", "#b35bc9", "#8a8f98", "#c9a227",
           "#e0526e", "#17a2a2", "#7a6ff0")


def text(x, y, words, style="", anchor="start"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" class="{style}" '
            f'text-anchor="{anchor}">{escape(words)}</text>')


def line(x1, y1, x2, y2, style):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'class="{style}"/>')


def document(width, height, title, parts):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
            f'height="{height:.0f}" viewBox="0 0 {width} {height:.0f}" '
            f'role="img" aria-label="{escape(title)}">\n'
            f"<style>{STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n")
