"""Tasks over time as SVG: a line each under the name of who leads it, a bar from its first day to its last or a point on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from markupsafe import Markup

from docparse.query.tasks import TaskLine
from docparse.web.drawing import AXIS, BAR, INK, LETTER, clipped, svg, text
from docparse.web.messages import Messages

WIDTH, LABELS, RIGHT = 1100.0, 400.0, 14.0  # points: of the drawing, of the words on the left, of the margin
STEP, TOP = 20.0, 30.0  # points: of a line, of the scale
MOST_TICKS = 13
TOLD = 1000.0  # points of what is told of a task when it is pointed at
LATE = "#a32020"
Group = tuple[str | None, Sequence[TaskLine]]


def timeline(groups: Sequence[Group], first: dt.date, last: dt.date, *, today: dt.date, t: Messages, link: Callable[[TaskLine], str]) -> Markup:
    """The tasks of each group between two days, both inclusive; what begins before is cut at the first day."""
    rows = sum(len(tasks) + 1 for _, tasks in groups)
    height = TOP + rows * STEP + 8
    x = _Scale(first, last)
    parts = [*_grid(x, height)]
    if first <= today <= last:
        parts.append(_line(x(today), height, "late", LATE))
        parts.append(_named(x(today), t("tasks.today")))
    y = TOP
    for name, tasks in groups:
        parts.append(
            Markup('<text x="0" y="{:.1f}" font-size="12" font-weight="650" fill="{}">{}</text>').format(
                y + 14, INK, clipped(name or t("tasks.no_lead"), WIDTH)
            )
        )
        y += STEP
        for task in tasks:
            parts.append(_task(task, y, x, t, link(task)))
            y += STEP
    title = t("tasks.timeline_title", first=t.day(first), last=t.day(last))
    return svg(WIDTH, height, title, t("tasks.timeline_described"), parts)


class _Scale:
    """Days -> points from the left."""

    def __init__(self, first: dt.date, last: dt.date) -> None:
        self.first, self.last = first, last
        self.day = (WIDTH - LABELS - RIGHT) / max((last - first).days, 1)

    def __call__(self, day: dt.date) -> float:
        return LABELS + (min(max(day, self.first), self.last) - self.first).days * self.day


def _grid(x: _Scale, height: float) -> Iterator[Markup]:
    for day, name in _ticks(x.first, x.last):
        yield _line(x(day), height, "axis", AXIS)
        if x(day) + 3 + LETTER * len(name) <= WIDTH:
            yield text(x(day) + 3, 12, name, quiet=True)


def _ticks(first: dt.date, last: dt.date) -> list[tuple[dt.date, str]]:
    """Weeks, months or years, so that there are not too many; the first day of the drawing has one too where there is room."""
    days = (last - first).days
    if days < 7 * MOST_TICKS:
        every = 1 if days < MOST_TICKS else 7
        start = first if every == 1 else first + dt.timedelta(days=-first.weekday() % 7)
        return [(day, _short(day)) for day in (start + dt.timedelta(days=step) for step in range(0, (last - start).days + 1, every))]
    months = [(year, month) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    inside = [(year, month) for year, month in months if (first.year, first.month) <= (year, month) <= (last.year, last.month)]
    every = next((step for step in (1, 2, 3, 6, 12) if len(inside) / step <= MOST_TICKS), 12 * -(-len(inside) // (12 * MOST_TICKS)))
    kept = [place for place in inside if ((place[0] * 12 + place[1] - 1) % every) == 0]
    named = [(max(dt.date(year, month, 1), first), f"{month:02d}/{year}" if every < 12 else str(year)) for year, month in kept]
    crowded = len(named) > 1 and (named[1][0] - named[0][0]).days * MOST_TICKS < days * 0.8
    return named[1:] if crowded else named


def _short(day: dt.date) -> str:
    return f"{day.day:02d}/{day.month:02d}"


def _line(x: float, height: float, look: str, colour: str) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" x2="{:.1f}" y1="16" y2="{:.1f}" stroke="{}"/>').format(look, x, x, height, colour)


def _named(x: float, name: str) -> Markup:
    anchor = "end" if x > WIDTH - 80 else "start"
    return text(x + (3 if anchor == "start" else -3), 26, name, anchor=anchor)


def _task(task: TaskLine, y: float, x: _Scale, t: Messages, address: str) -> Markup:
    last = dt.date.fromisoformat(task.last_day or "")
    first = dt.date.fromisoformat(task.first_day) if task.first_day else last
    look, colour = ("late", LATE) if task.due == "overdue" else ("bar", BAR)
    middle = y + STEP / 2
    if first < last:
        width = max(x(last) - x(first), 6)
        drawn = Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="8" rx="2" fill="{}"/>').format(
            look, x(last) - width, middle - 4, width, colour
        )
    else:
        drawn = Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="5" fill="{}"/>').format(look, x(last), middle, colour)
    told = f"{t.day(task.last_day)}: {clipped(task.action, TOLD)}"
    words = text(10, middle + 4, clipped(task.action, LABELS - 24))
    return Markup('<a href="{}"><title>{}</title><rect class="ground" x="0" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="none"/>{}{}</a>').format(
        address, told, y, WIDTH, STEP, words, drawn
    )
