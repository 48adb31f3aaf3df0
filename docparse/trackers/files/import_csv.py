"""Tasks as CSV for the import wizards of Jira and Redmine. UTF-8 without a byte order mark, commas, ISO 8601 days.

In both wizards choose UTF-8, the comma and `yyyy-MM-dd` (YYYY-MM-DD). The wizards make a new item of each row: a file that is imported twice doubles
its tasks, unlike `docparse tasks push`. A recurring task has no due day: neither tracker repeats items, so the first day would stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import cast

from docparse.export.cells import csv_lines
from docparse.query.tasks import TaskLine
from docparse.trackers.files.places import place_in_words
from docparse.trackers.items import Progress
from docparse.trackers.match import keyed, new_key
from docparse.trackers.recurrence_words import in_words
from docparse.trackers.targets import redmine_text
from docparse.trackers.tracked import TrackedTask, of_document
from docparse.trackers.wording import link_to, link_to_document, notes_of_document, title_of_document
from docparse.words import squeeze

Said = Callable[[TrackedTask], str]
Row = Sequence[object]

JIRA = ("Summary", "Description", "Issue Type", "Status", "Due Date", "External ID")
JIRA_TYPE = "Task"
JIRA_STATUSES: dict[Progress, str] = {"open": "To Do", "doing": "In Progress", "done": "Done", "cancelled": "Done"}
LONGEST_LABEL = 255  # characters

# Redmine finds its own fields by these names, and custom fields by theirs. It guesses separator and encoding from the first 256 bytes, and takes
# UTF-8 that is cut within a letter for something else: the header is longer, and its 256th byte ends a letter.
REDMINE = (
    *("unique_id", "parent_issue_id", "subject", "description", "status", "start_date", "due_date", "done_ratio", "assigned_to"),
    *("Đơn vị chủ trì", "Đơn vị phối hợp", "Cơ quan giao", "Thời hạn", "Định kỳ", "Nguồn", "Vị trí", "Văn bản viện dẫn", "Độ tin cậy", "Đường dẫn"),
)
REDMINE_STATUSES: dict[Progress, str] = {"open": "Mới", "doing": "Đang tiến hành", "done": "Đã đóng", "cancelled": "Từ chối"}

# What Jira's wiki markup takes a backslash before (its documentation, and the converter of Cloud, which knows no character references), and words and
# signs that it takes none before: a word joiner, which nobody sees, after them breaks addresses, headings, faces, and backslashes that people write.
ESCAPED = re.compile(
    r"[{}\[\]|]|!(?=\S)"  # macros, links, tables, images
    r"|(?<![^\W_])[*_+^~-](?=\S)|-(?=-)|(?<=-)-|\?(?=\?)|(?<=\?)\?"  # emphasis, dashes, quotations
    r"|^[^\S\n]*[*#-](?=[*#\s])|(?<=[A-Z][A-Z0-9])-(?=\d)"  # lists, ABC-12
    r"|\((?=(?:[!+\-?/xyni]|\*[rgby]?|on|off|flag|flagoff)\))|(?<=[:;])[()]|(?<=[:;]-)[()]",  # pictures
    re.MULTILINE,
)
STOPPED = re.compile(
    r"\\|^[^\S\n]*(?:h[1-6]|bq)(?=\.)|(?i:https?|ftps?|irc|mailto|file|news)(?=:)|(?i:www)(?=\.)|:(?=-?[PpD](?![A-Za-z0-9]))", re.MULTILINE
)
JOINER = "\u2060"


def write_jira_csv(tasks: Iterable[TrackedTask], path: Path, *, title_of: Said, notes_of: Said, site: str | None = None) -> int:
    """Write the tasks for Jira's CSV import; how many there are. Each lead is a label, in a column of its own; cancelled tasks are Done.

    The columns bear the names of Jira's fields; `External ID` can be mapped to a field of that kind by administrators, or left out. `title_of` and
    `notes_of` give plain text, which is escaped; the link to `site` stays one.
    """
    found = list(tasks)
    most = max((len(task.line.leads) for task in found), default=0)
    _write(path, chain([(*JIRA, *("Labels",) * most)], (_jira_row(task, key, most, title_of, notes_of, site) for task, key in keyed(found))))
    return len(found)


def _jira_row(task: TrackedTask, key: str, labels: int, title_of: Said, notes_of: Said, site: str | None) -> Row:
    line = task.line
    notes = in_wiki(notes_of(task), link=link_to(line, site))
    tags = [re.sub(r"\s+", "_", lead.strip())[:LONGEST_LABEL] for lead in line.leads]  # a label is one word
    status = JIRA_STATUSES[_progress(line)]
    return title_of(task), notes, JIRA_TYPE, status, line.last_day, key, *tags, *(None,) * (labels - len(tags))


def in_wiki(text: str, *, link: str | None = None) -> str:
    r"""Plain text in Jira's wiki markup: nothing of it is markup, a picture or a link, but for the one given.

    >>> in_wiki("{code} *đậm* (x) ngày 5-6, số 47/KH-UBND")
    '\\{code\\} \\*đậm* \\(x) ngày 5-6, số 47/KH-UBND'
    """
    parts = text.split(link) if link else [text]
    return (link or "").join(ESCAPED.sub(_escaped, STOPPED.sub(rf"\g<0>{JOINER}", part)) for part in parts)


def _escaped(active: re.Match[str]) -> str:
    return f"{active[0][:-1]}\\{active[0][-1]}"


def write_redmine_csv(tasks: Iterable[TrackedTask], path: Path, *, title_of: Said, notes_of: Said, site: str | None = None) -> int:
    """Write the tasks for Redmine's CSV import; how many there are. Above the first task of each document stands a row for it, as their parent.

    Choose the tracker in the wizard: no name of one is known to be there. `assigned_to` is the first lead: the group or user of that name gets the
    task. Statuses have the names that Redmine gives them in Vietnamese; its workflow must allow them for new issues. What Redmine does not know
    or allow of both it leaves out.
    """
    found = list(tasks)
    _write(path, chain([REDMINE], _redmine_rows(found, title_of, notes_of, site)))
    return len(found)


def _redmine_rows(tasks: Iterable[TrackedTask], title_of: Said, notes_of: Said, site: str | None) -> Iterator[Row]:
    parents: dict[str, str] = {}
    for task, key in keyed(tasks):
        if task.sha256 not in parents:
            parents[task.sha256] = new_key(task.sha256, "", set())
            yield _ordered(_redmine_document(task, parents[task.sha256], site))
        yield _ordered(_redmine_task(task, key, parents[task.sha256], title_of, notes_of, site))


def _ordered(values: Mapping[str, object]) -> Row:
    return [values.get(name) for name in REDMINE]


def _redmine_document(task: TrackedTask, key: str, site: str | None) -> dict[str, object]:
    document = task.line.document
    link = link_to_document(document, site)
    notes = redmine_text.escape(notes_of_document(task, site=site), links=[link] if link else [])
    return {"unique_id": key, "subject": title_of_document(document), "description": notes, "Đường dẫn": link}


def _redmine_task(task: TrackedTask, key: str, parent: str, title_of: Said, notes_of: Said, site: str | None) -> dict[str, object]:
    line, progress, link = task.line, _progress(task.line), link_to(task.line, site)
    texts = {
        "Đơn vị chủ trì": "; ".join(line.leads),
        "Đơn vị phối hợp": "; ".join(line.supports),
        "Cơ quan giao": line.assigner,
        "Thời hạn": squeeze(line.deadline or ""),
        "Định kỳ": in_words(line.recurrence) if line.recurrence else None,
        "Nguồn": of_document(task),
        "Vị trí": place_in_words(line),
        "Văn bản viện dẫn": "; ".join(task.citations),
    }
    return {
        "unique_id": key,
        "parent_issue_id": parent,
        "subject": title_of(task),
        "description": redmine_text.escape(notes_of(task), links=[link] if link else []),
        "status": REDMINE_STATUSES[progress],
        "start_date": line.first_day if line.last_day else None,
        "due_date": line.last_day,
        "done_ratio": 100 if progress == "done" else 0,
        "assigned_to": line.leads[0] if line.leads else None,
        **{name: redmine_text.escape(text or "") for name, text in texts.items()},
        "Độ tin cậy": f"{line.confidence:.0%}",
        "Đường dẫn": link,
    }


def _progress(line: TaskLine) -> Progress:
    return cast(Progress, line.progress or "open")


def _write(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines([row]) for row in rows)
