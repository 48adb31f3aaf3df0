"""Tasks as a file of one form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Literal

from docparse.days import today as this_day
from docparse.files import new_files
from docparse.trackers.build import file_items
from docparse.trackers.files.ics import build_ics
from docparse.trackers.files.import_csv import write_jira_csv, write_redmine_csv
from docparse.trackers.files.json_lines import write_json_lines
from docparse.trackers.files.workbook import write_workbook
from docparse.trackers.tracked import TrackedTask
from docparse.trackers.wording import notes_of, title_of

Form = Literal["ics", "xlsx", "jsonl", "jira-csv", "redmine-csv"]
CALENDAR = "Nhiệm vụ được giao"


def export(
    tasks: Iterable[TrackedTask], form: Form, path: Path, *, today: dt.date | None = None, site: str | None = None, overwrite: bool = False
) -> int:
    """Write tasks into a file, which is whole or not there; how many there are. A workbook has them by deadline. Raises OutputError.

    `today` is the day by which the workbook tells what is overdue, and on which recurring tasks of a calendar begin;
    `site`: where docparse serve answers, for links.

    >>> export(tracked_tasks(corpus), "xlsx", Path("nhiem-vu.xlsx"))  # doctest: +SKIP
    17
    """
    with new_files(path.parent, [path.name], overwrite=overwrite) as (part,):
        match form:
            case "ics":
                items = list(file_items(tasks, site=site, day=today))
                part.write_bytes(build_ics(items, name=CALENDAR))
                return len(items)
            case "xlsx":
                by_deadline = sorted(tasks, key=lambda task: (task.line.last_day is None, task.line.last_day))
                return write_workbook(by_deadline, part, today=today or this_day(), site=site)
            case "jsonl":
                return write_json_lines(tasks, part, site=site)
        write = write_jira_csv if form == "jira-csv" else write_redmine_csv
        return write(
            tasks, part, title_of=lambda task: title_of(task.line.action, task.line.supports), notes_of=partial(notes_of, site=site), site=site
        )
