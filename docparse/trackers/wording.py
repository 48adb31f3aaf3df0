"""What a tracker item says: a short title, and notes from a template that users can replace."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from docparse.errors import TrackerError
from docparse.lexicon import load_rules
from docparse.query.search import Line
from docparse.query.tasks import TaskLine
from docparse.trackers.files.places import place_in_words
from docparse.trackers.recurrence_words import in_words
from docparse.trackers.tracked import TrackedTask, day_in_words, name_of, of_document
from docparse.words import lower

TEMPLATES = Path(__file__).parent / "templates"
LONGEST_TITLE = 120  # characters
LONGEST_LINK = 8  # characters between two partners: a comma, `và các`
SHORTEST_WORK = 12
SHORTEST_CUT = 80  # a title is not cut at a comma that comes earlier
CLAUSE = re.compile(r"[;:]|\.(?=\s|$)")
LINES = re.compile(r"\n{3,}")


def title_of(action: str, supports: Sequence[str] = ()) -> str:
    """The first clause of what is to be done, at most 120 characters, without those it is done with if it begins with them.

    >>> title_of("lập bản đồ nguy cơ theo từng thôn; hoàn thành trước ngày 31/3/2026.")
    'Lập bản đồ nguy cơ theo từng thôn'
    >>> title_of("chủ trì, phối hợp với Sở Tài chính và Sở Y tế rà soát kinh phí.", ["Sở Tài chính", "Sở Y tế"])
    'Rà soát kinh phí'
    """
    work = action[_after_partners(action, supports) :]
    clause = CLAUSE.split(work, maxsplit=1)[0].strip(" ,") or work.strip()
    if len(clause) > LONGEST_TITLE:
        room = clause[: LONGEST_TITLE - 1]
        comma = room.rfind(",")
        clause = (room[:comma] if comma >= SHORTEST_CUT else room.rpartition(" ")[0] or room).rstrip(" ,") + "…"
    return clause[:1].upper() + clause[1:]


def _after_partners(action: str, supports: Sequence[str]) -> int:
    """Where the work begins behind `chủ trì, phối hợp với` and the supports that follow it one after the other; 0 if it does not begin so."""
    plain = lower(action)
    opening = next((match for rule in load_rules("task_titles") for match in rule.matches(plain)), None)
    if opening is None or not supports:
        return 0
    end = opening.end()
    for support in map(lower, supports):
        start = plain.find(support, end, end + LONGEST_LINK + len(support))
        if start < 0:
            return 0
        end = start + len(support)
    return end if len(action) - end >= SHORTEST_WORK else 0


def title_of_document(line: Line) -> str:
    """The title of the item above the tasks of a document.

    >>> title_of_document(line)  # doctest: +SKIP
    'Kế hoạch số 214/KH-SYT ngày 12/3/2026: Phòng, chống bệnh sốt xuất huyết …'
    """
    named = name_of(line.doc_type, line.number, line.date)
    whole = f"{named}: {line.title}" if line.title else named
    return whole if len(whole) <= LONGEST_TITLE else whole[: LONGEST_TITLE - 1].rpartition(" ")[0].rstrip(" ,:") + "…"


def notes_of(task: TrackedTask, *, site: str | None = None, template: Path | None = None) -> str:
    """The text of an item. Raises TrackerError for a wrong template."""
    values = {
        "task": task.line,
        "document": of_document(task),
        "place": place_in_words(task.line),
        "citations": task.citations,
        "link": link_to(task.line, site),
    }
    return _rendered(template or TEMPLATES / "notes.jinja", values)


def notes_of_document(task: TrackedTask, *, site: str | None = None) -> str:
    """The text of the item above the tasks of a document."""
    line = task.line.document
    return _rendered(TEMPLATES / "document.jinja", {"document": of_document(task), "line": line, "link": link_to_document(line, site)})


def link_to(task: TaskLine, site: str | None) -> str | None:
    """The task in the document view of `docparse serve`."""
    above = link_to_document(task.document, site)
    return f"{above}?finding=task-{task.position}#page-{task.page}" if above else None


def link_to_document(line: Line, site: str | None) -> str | None:
    """The document view of `docparse serve`, which answers at `site`."""
    return f"{site.rstrip('/')}/documents/{line.id}" if site else None


def _rendered(path: Path, values: dict[str, Any]) -> str:
    try:
        text = _template(path).render(values)
    except TemplateError as error:
        where = f" (line {error.lineno})" if isinstance(error, TemplateSyntaxError) else ""
        hint = "docs/trackers.md lists what it may use."
        raise TrackerError(str(path), f"is a template that cannot be filled{where}: {error}", hint=hint) from error
    return LINES.sub("\n\n", text).strip()


@cache
def _template(path: Path) -> Template:
    environment = ImmutableSandboxedEnvironment(autoescape=False, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters |= {"day": day_in_words, "days": _days, "recurrence": in_words}
    try:
        return environment.from_string(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise TrackerError(str(path), f"cannot be read as a template ({error})", hint="Check the path in the file of trackers.") from error


def _days(task: TaskLine) -> str:
    first, last = task.first_day, task.last_day
    if first and last and first != last:
        return f"từ {day_in_words(first)} đến {day_in_words(last)}"
    return day_in_words(last) if last else f"từ {day_in_words(first or dt.date.min.isoformat())}"
