"""SVG by hand: bars, dots on a logarithmic axis, and panels of lines. Readable on light and dark pages."""
import math
from xml.sax.saxutils import escape

WIDTH, ROW, LEFT, RIGHT, TOP, BOTTOM = 760, 26, 150, 60, 58, 44
NUMBER = 44  # room that a dot and its number need
COLOURS = ["#2f81f7", "#e08600", "#2da44e", "#a371f7", "#8b949e", "#db61a2", "#1b9aaa"]
STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; font-size: 15px; }
.own { font-weight: 700; }
.small { font-size: 11px; }
.grid { stroke: #8b949e; stroke-opacity: 0.35; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } }
</style>"""


def document(height, title, parts):
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            f'aria-label="{escape(title)}">',
            STYLE,
            label(12, 22, title, kind="title"),
            *parts,
            "</svg>\n",
        ]
    )


def label(x, y, words, anchor="start", kind=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(words)}</text>'


def line(x1, y1, x2, y2):
    return f'<line class="grid" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def legend(names, x=LEFT):
    for colour, name in zip(COLOURS, names):
        yield f'<rect x="{x}" y="34" width="11" height="11" rx="2" fill="{colour}"/>'
        yield label(x + 16, 44, name, kind="small")
        x += 34 + 6.2 * len(name)


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def round_steps(highest):
    """About five round numbers from 0 to at least `highest`."""
    rough = highest / 5 or 1
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return [step * n for n in range(math.ceil(highest / step) + 1)]


def decades(values):
    """The powers of ten around the values."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return [10.0**power for power in range(low, max(high, low + 1) + 1)]


def names_of_rows(rows):
    for n, name in enumerate(rows):
        kind = "own" if name.startswith("ClusterDNS") else ""
        yield label(LEFT - 10, TOP + ROW * n + ROW * 0.66, name, "end", kind)


def axis(ticks, place, height, unit):
    for tick in ticks:
        yield line(place(tick), TOP - 4, place(tick), height - BOTTOM + 4)
        yield label(place(tick), height - BOTTOM + 18, number(tick), "middle", "small")
    yield label((LEFT + WIDTH - RIGHT) / 2, height - 8, unit, "middle", "small")


def bars(title, unit, series, rows):
    """Stacked horizontal bars: {name: [a value for each of the series]}; the sum is written at the end."""
    height = TOP + ROW * len(rows) + BOTTOM
    ticks = round_steps(max((sum(values) for values in rows.values()), default=1))
    place = lambda value: LEFT + value / ticks[-1] * (WIDTH - LEFT - RIGHT)  # noqa: E731
    parts = [*legend(series), *axis(ticks, place, height, unit), *names_of_rows(rows)]
    for n, values in enumerate(rows.values()):
        y, reached = TOP + ROW * n + 4, 0
        for colour, value in zip(COLOURS, values):
            x, width = place(reached), place(value) - place(0)
            parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{ROW - 8}" fill="{colour}"/>')
            reached += value
        parts.append(label(place(reached) + 5, y + ROW * 0.5, f"{reached:.2f}", kind="small"))
    return document(height, title, parts)


def dots(title, unit, series, rows):
    """A line of dots for each row, logarithmic: {name: [a value for each of the series, or None]}."""
    height = TOP + ROW * len(rows) + BOTTOM
    ticks = decades([value for values in rows.values() for value in values if value] or [1])
    first, last = math.log10(ticks[0]), math.log10(ticks[-1])
    place = lambda value: LEFT + (math.log10(value) - first) / (last - first) * (WIDTH - LEFT - RIGHT)  # noqa: E731
    parts = [*legend(series), *axis(ticks, place, height, f"{unit}, logarithmic"), *names_of_rows(rows)]
    for n, values in enumerate(rows.values()):
        y = TOP + ROW * n + ROW / 2
        places = [place(value) for value in values if value]
        for colour, value in zip(COLOURS, values):
            if not value:
                continue
            x = place(value)
            parts.append(f'<circle cx="{x:.1f}" cy="{y}" r="5" fill="{colour}"/>')
            if not any(0 < other - x < NUMBER for other in places):
                parts.append(label(x + 8, y + 4, number(value), kind="small"))
    return document(height, title, parts)


def panels(title, described):
    """Lines side by side, both axes logarithmic: (title of a panel, {name: [(x, value)]})."""
    described = list(described)
    names = list(described[0][1]) if described else []
    parts, width, height = list(legend(names, 12)), WIDTH / max(1, len(described)), 330
    for n, (words, lines) in enumerate(described):
        parts += panel(words, lines, n * width + 46, width - 66, height)
    return document(height, title, parts)


def panel(words, lines, left, width, height):
    points = [point for values in lines.values() for point in values]
    if not points:
        return
    sizes, levels = decades([x for x, _ in points]), decades([y for _, y in points])
    top, bottom = TOP + 26, height - 40

    def scale(value, ticks, begin, end):
        first, last = math.log10(ticks[0]), math.log10(ticks[-1])
        return begin + (math.log10(value) - first) / (last - first) * (end - begin)

    yield label(left, TOP + 12, words, kind="small")
    for tick in levels:
        y = scale(tick, levels, bottom, top)
        yield line(left, y, left + width, y)
        yield label(left - 5, y + 4, f"{tick:g}", "end", "small")
    for tick in sizes:
        yield label(scale(tick, sizes, left, left + width), bottom + 16, f"{tick:,.0f}", "middle", "small")
    for colour, values in zip(COLOURS, lines.values()):
        places = [(scale(x, sizes, left, left + width), scale(y, levels, bottom, top)) for x, y in values]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for x, y in places:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
