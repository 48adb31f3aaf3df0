"""Small drawings as SVG, made on the server: columns over time, bars, a graph, a timeline.

Colours stand in attributes, so that a downloaded file has them; on the site classes give them those of the reader's theme.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

INK, QUIET, BAR, AXIS = "#1f2328", "#5b6068", "#15557d", "#dcd8cf"
FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
LETTER = 6.2  # points that a letter of 11 takes, on average
Row = tuple[str, int]
Number = Callable[[int], str]


def svg(width: float, height: float, title: str, described: str, parts: Sequence[Markup]) -> Markup:
    """A drawing with its name and description for people who do not see it."""
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {:.0f} {:.0f}" width="{:.0f}" height="{:.0f}" role="group" aria-label="{}" '
        'font-family="{}" font-size="11"><title>{}</title><desc>{}</desc><rect class="ground" width="100%" height="100%" fill="#ffffff"/>'
    ).format(width, height, width, height, title, FONT, title, described)
    return head + Markup("").join(parts) + Markup("</svg>")


def text(x: float, y: float, content: str, *, anchor: str = "start", quiet: bool = False, size: float | None = None) -> Markup:
    """A line of text; `y` is its base line."""
    look = Markup(' class="quiet" fill="{}"').format(QUIET) if quiet else Markup(' fill="{}"').format(INK)
    sized = Markup(' font-size="{}"').format(size) if size else Markup("")
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}"{}{}>{}</text>').format(x, y, anchor, look, sized, content)


def _bar(x: float, y: float, width: float, height: float, told: str, link: str | None) -> Markup:
    drawn = Markup('<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}"><title>{}</title></rect>').format(
        x, y, width, height, BAR, told
    )
    return Markup('<a href="{}" aria-label="{}">{}</a>').format(link, told, drawn) if link else drawn


def columns(
    rows: Sequence[Row],
    *,
    title: str,
    described: str,
    links: Mapping[str, str] | None = None,
    width: float = 720,
    height: float = 220,
    number: Number = str,
) -> Markup:
    """Columns in the order of `rows`, such as years; `links` by the name of a column.

    >>> "<title>2024: 3</title>" in columns([("2023", 1), ("2024", 3)], title="Years", described="Documents by year")
    True
    """
    most = max((count for _, count in rows), default=0) or 1
    left, top, bottom = LETTER * len(number(most)) + 8, 12.0, 18.0
    room = (width - left) / max(len(rows), 1)
    scale = (height - top - bottom) / most
    base = height - bottom
    parts = [
        Markup('<line class="axis" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}" stroke="{}"/>').format(left, width, y, y, AXIS)
        for y in (base, top)
    ]
    parts += [text(left - 4, top + 4, number(most), anchor="end", quiet=True), text(left - 4, base, number(0), anchor="end", quiet=True)]
    widest = max((len(name) for name, _ in rows), default=1) * LETTER + 6
    free = 0.0  # from where the middle of the next name may stand
    for index, (name, count) in enumerate(rows):
        x = left + index * room
        tall = max(count * scale, 1.5) if count else 0
        parts.append(
            _bar(x + room * 0.1, base - tall, max(room * 0.8, 0.8), tall, f"{name}: {number(count)}", (links or {}).get(name) if count else None)
        )
        middle = max(x + room / 2, widest / 2)  # a wide first name does not leave the drawing
        if middle >= free and middle + widest / 2 <= width:
            parts.append(text(middle, height - 5, name, anchor="middle", quiet=True))
            free = middle + widest
    return svg(width, height, title, described, parts)


def bars(
    rows: Sequence[Row], *, title: str, described: str, links: Mapping[str, str] | None = None, width: float = 560, number: Number = str
) -> Markup:
    """Bars under each other, each with its name above it and its number behind it."""
    most = max((count for _, count in rows), default=0) or 1
    room, step = width - 70, 36
    parts = []
    for index, (name, count) in enumerate(rows):
        y = index * step
        parts.append(text(0, y + 13, clipped(name, width), size=12))
        parts.append(_bar(0, y + 18, max(room * count / most, 1.5), 9, f"{name}: {number(count)}", (links or {}).get(name)))
        parts.append(text(room * count / most + 6, y + 27, number(count), quiet=True))
    return svg(width, max(len(rows) * step, 20), title, described, parts)


def clipped(name: str, width: float) -> str:
    """A name that fits a width."""
    letters = int(width / LETTER)
    return name if len(name) <= letters else f"{name[: letters - 1].rstrip()}…"


def standalone(drawn: Markup) -> str:
    """A drawing as a file of its own."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}\n'
