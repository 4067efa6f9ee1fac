"""Draws time and memory against rows, both axes logarithmic, as SVG."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, TOP, SIDE, GAP = 860, 400, 64, 44, 320, 90
COLORS = ["#c44e52", "#4c72b0", "#55a868", "#8172b2"]


def decades(values):
    """The logarithms that enclose the values, in halves of a decade."""
    return math.floor(math.log10(min(values)) * 2) / 2, math.ceil(math.log10(max(values)) * 2) / 2


def number(value):
    for limit, unit in ((1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:g}{unit}"
    return f"{value:g}"


class Panel:
    def __init__(self, left, title, lines):
        self.left, self.title, self.lines = left, title, lines
        points = [point for line in lines.values() for point in line]
        rows = [math.log10(x) for x, _ in points]
        self.x_range = min(rows) - 0.15, max(rows) + 0.15
        self.y_range = decades([y for _, y in points])

    def x(self, value):
        low, high = self.x_range
        return self.left + SIDE * (math.log10(value) - low) / max(high - low, 0.5)

    def y(self, value):
        low, high = self.y_range
        return TOP + SIDE * (1 - (math.log10(value) - low) / max(high - low, 0.5))

    def svg(self):
        yield f'<text x="{self.left}" y="{TOP - 18}" font-weight="bold">{escape(self.title)}</text>'
        yield f'<rect x="{self.left}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>'
        yield from self._ticks()
        for color, (name, line) in zip(COLORS, self.lines.items()):
            path = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in line)
            yield f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>'
            for x, y in line:
                yield f'<circle cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="3.5" fill="{color}"/>'
                anchor = "start" if (x, y) == line[0] else "end" if (x, y) == line[-1] else "middle"
                label = f"{y:.0f}" if y >= 100 else f"{y:.2g}"
                yield (f'<text x="{self.x(x):.1f}" y="{self.y(y) + self._label_shift(x, y):.1f}" fill="{color}" '
                       f'text-anchor="{anchor}">{label}</text>')

    def _label_shift(self, x, y):
        """Above the point, unless another's point or label is there."""
        above = [self.y(other) for line in self.lines.values() for at, other in line if at == x and other > y]
        return 17 if any(self.y(y) - at < 24 for at in above) else -8

    def _ticks(self):
        for x in sorted({x for line in self.lines.values() for x, _ in line}):
            yield f'<text x="{self.x(x):.1f}" y="{TOP + SIDE + 18}" text-anchor="middle">{number(x)}</text>'
        low, high = self.y_range
        for power in range(math.ceil(low), math.floor(high) + 1):
            at = self.y(10**power)
            yield (f'<line x1="{self.left}" x2="{self.left + SIDE}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>'
                   f'<text x="{self.left - 8}" y="{at + 4:.1f}" text-anchor="end">{number(10.0**power)}</text>')


def draw(seconds, mebibytes):
    """Both: name of a line to its points (rows, value), the same names in the same order."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT + 40}" font-family="sans-serif" '
        f'font-size="12" fill="#333"><rect width="100%" height="100%" fill="#fff"/>'
    ]
    parts += Panel(LEFT, "seconds, by rows of the log", seconds).svg()
    parts += Panel(LEFT + SIDE + GAP, "peak MiB, by rows of the log", mebibytes).svg()
    for at, (color, name) in enumerate(zip(COLORS, seconds)):
        x = LEFT + at * 255
        parts.append(f'<circle cx="{x}" cy="{TOP + SIDE + 48}" r="5" fill="{color}"/>'
                     f'<text x="{x + 12}" y="{TOP + SIDE + 52}">{escape(name)}</text>')
    return "\n".join(parts) + "\n</svg>\n"
