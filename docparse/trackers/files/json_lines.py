"""Tasks as JSON lines, with all that is known of them, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from docparse.trackers.match import keyed
from docparse.trackers.recurrence_words import in_words
from docparse.trackers.tracked import TrackedTask
from docparse.trackers.wording import link_to


def write_json_lines(tasks: Iterable[TrackedTask], path: Path, *, site: str | None = None) -> int:
    """Write an object a line, UTF-8; how many there are. Keys keep their names and meanings; what is not known is null, or an empty list.

    - `key`: a UUID, the same for the same task in every export and in trackers
    - `id`: the task in its document; `position` counts from 0, as in the record
    - `action`: what is to be done; `status`: `assigned` or `planned`; `leads`, `supports`, `assigner`: agencies as written
    - `lead_names`: for each lead its names, the most exact first (id of the authority list, full name, as written)
    - `deadline`: `text`, `first_day`, `last_day` (ISO 8601, inclusive), `recurrence` (RFC 5545 RRULE), `recurrence_text` (in Vietnamese)
    - `section`: labels from the outermost; `page` counts from 1; `citations`: the documents that the task cites
    - `confidence`: 0 to 1; `progress`: `open`, `doing`, `done` or `cancelled`, as a tracker said last; `done_on`: ISO 8601
    - `document`: `id` in the corpus, `sha256`, `number`, `doc_type`, `issuer`, `issuer_id`, `date` (ISO 8601), `title`, `pages`, `text_origin`
    - `link`: the task in the document view of docparse serve, which answers at `site`
    """
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for task, key in keyed(tasks):
            file.write(json.dumps(_object(task, key, site), ensure_ascii=False) + "\n")
            count += 1
    return count


def _object(task: TrackedTask, key: str, site: str | None) -> dict[str, object]:
    line = task.line
    deadline = {
        "text": line.deadline,
        "first_day": line.first_day,
        "last_day": line.last_day,
        "recurrence": line.recurrence,
        "recurrence_text": in_words(line.recurrence) if line.recurrence else None,
    }
    return {
        "key": key,
        "id": line.id,
        "position": line.position,
        "action": line.action,
        "status": line.status,
        "leads": line.leads,
        "lead_names": task.agencies,
        "supports": line.supports,
        "assigner": line.assigner,
        "deadline": deadline if any(deadline.values()) else None,
        "section": line.section,
        "page": line.page,
        "citations": task.citations,
        "confidence": line.confidence,
        "progress": line.progress,
        "done_on": line.done_on,
        "document": {"sha256": task.sha256, **asdict(line.document)},
        "link": link_to(line, site),
    }
