"""Tasks as items of a tracker: where they go, whose they are, what they say; with the receipts that go with them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from docparse.days import today
from docparse.errors import TrackerError
from docparse.query.recurrences import from_first_day
from docparse.query.tasks import TaskLine
from docparse.trackers.files.places import section_in_words
from docparse.trackers.items import Fields, Item, Value
from docparse.trackers.ledger import OF_DOCUMENT, Receipt
from docparse.trackers.mapping import Assignment, TargetSettings
from docparse.trackers.match import keyed, new_key
from docparse.trackers.recurrence_words import in_words
from docparse.trackers.tracked import TrackedTask, of_document
from docparse.trackers.wording import link_to, link_to_document, notes_of, notes_of_document, title_of, title_of_document

NOWHERE = Assignment()
NOTHING: Mapping[str, str] = {}


@dataclass
class Built:
    """Items with their receipts, parents before their tasks; tasks that wait for a review; leads that no line of the mapping names."""

    items: list[tuple[Item, Receipt]] = field(default_factory=list)
    held: list[Receipt] = field(default_factory=list)
    unmapped: Counter[str] = field(default_factory=Counter)
    above: set[str] = field(default_factory=set)  # keys of the parents among the items


def build_items(
    tasks: Iterable[TrackedTask],
    receipts: Collection[Receipt],
    *,
    target: str,
    settings: TargetSettings,
    parents: bool,
    site: str | None = None,
    min_confidence: float | None = None,
    told: Mapping[str, str] = NOTHING,
    taken: Iterable[str] = (),
    day: dt.date | None = None,
) -> Built:
    """The items of tasks. `receipts` are those of the target, already matched; `parents` says whether documents have items too.

    A task below `min_confidence` (default: that of the settings) that was never sent is held. `told` is what the tracker just said of the
    progress of items, by key; `taken` are further keys that no new item may have; recurring tasks begin on `day` (default: today).
    Raises TrackerError where a task has no place.
    """
    day = day or today()
    limit = settings.min_confidence if min_confidence is None else min_confidence
    known = {(receipt.sha256, receipt.task_id): receipt for receipt in receipts if receipt.task_id != OF_DOCUMENT}
    above = {(receipt.sha256, receipt.place): receipt for receipt in receipts if receipt.task_id == OF_DOCUMENT}
    used = {*taken, *(receipt.key for receipt in receipts)}
    built = Built()
    for task in tasks:
        receipt = known.get((task.sha256, task.line.id)) or _new(task, target, used)
        if receipt.state == "held" and task.line.confidence < limit:
            built.held.append(receipt)
            continue
        assignment = _assignment(task, settings, built.unmapped)
        place = receipt.place or assignment.place or _default_place(target, settings)
        parent = _parent(task, place, target, above, used) if parents else None
        if parent and parent.key not in built.above:
            built.above.add(parent.key)
            built.items.append((_parent_item(task, parent, site), parent))
        status = told.get(receipt.key) or task.line.progress or "open"
        item = _item(task, receipt, place, assignment, status, settings=settings, site=site, parent=parent.key if parent else None, day=day)
        built.items.append((item, replace(receipt, state="sent" if receipt.state == "sent" else "sending", place=place, parent=item.parent)))
    return built


def file_items(tasks: Iterable[TrackedTask], *, site: str | None = None, day: dt.date | None = None) -> Iterable[Item]:
    """The items of tasks for a file, which no ledger knows; recurring tasks begin on `day` (default: today)."""
    day = day or today()
    for task, key in keyed(tasks):
        receipt = Receipt("", key, task.sha256, task.line.id, task.line.action, "held")
        yield _item(task, receipt, "", NOWHERE, task.line.progress or "open", settings=None, site=site, parent=None, day=day)


def _new(task: TrackedTask, target: str, taken: set[str]) -> Receipt:
    """The receipt of a task that was never sent: held until it is found certain enough."""
    key = new_key(task.sha256, task.line.action, taken)
    taken.add(key)
    return Receipt(target, key, task.sha256, task.line.id, task.line.action, "held")


def _parent(task: TrackedTask, place: str, target: str, above: dict[tuple[str, str], Receipt], taken: set[str]) -> Receipt:
    """The receipt of the item above the tasks of a document in a place."""
    if (task.sha256, place) not in above:
        key = new_key(task.sha256, "", taken, place=place)
        taken.add(key)
        above[task.sha256, place] = Receipt(target, key, task.sha256, OF_DOCUMENT, "", "sending", place=place)
    return above[task.sha256, place]


def _assignment(task: TrackedTask, settings: TargetSettings, unmapped: Counter[str]) -> Assignment:
    """That of the first lead whom the mapping names."""
    for names in task.agencies:
        if found := settings.assignment(names):
            return found
    unmapped.update(task.line.leads[:1] or ("",))
    return NOWHERE


def _default_place(target: str, settings: TargetSettings) -> str:
    if settings.place is None and settings.kind != "webhook":
        hint = "Name a project, calendar or repository for the tasks of agencies that are not listed (docs/trackers.md)."
        raise TrackerError(target, "has no default place", hint=hint)
    return settings.place or ""


def _parent_item(task: TrackedTask, parent: Receipt, site: str | None) -> Item:
    line = task.line.document
    link = link_to_document(line, site)
    return Item(parent.key, parent.place, {"title": title_of_document(line), "notes": notes_of_document(task, site=site), "link": link})


def _item(
    task: TrackedTask,
    receipt: Receipt,
    place: str,
    assignment: Assignment,
    status: str,
    *,
    settings: TargetSettings | None,
    site: str | None,
    parent: str | None,
    day: dt.date,
) -> Item:
    line = task.line
    fields: dict[str, Value] = {
        "title": title_of(line.action, line.supports),
        "notes": notes_of(task, site=site, template=settings.template if settings else None),
        "status": status,
        "assignee": assignment.assignee,
        **_when(line, receipt.sent, day),
        "tags": line.leads,
        "link": link_to(line, site),
        "custom:leads": "; ".join(line.leads) or None,
        "custom:supports": "; ".join(line.supports) or None,
        "custom:assigner": line.assigner,
        "custom:source": of_document(task),
        "custom:section": section_in_words(line.section) or None,
        "custom:recurrence": in_words(line.recurrence) if line.recurrence else None,
        "custom:citations": "; ".join(task.citations) or None,
        "custom:confidence": f"{line.confidence:.0%}",
        "custom:link": link_to(line, site),
    }
    return Item(receipt.key, place, fields, parent=parent)


def _when(line: TaskLine, sent: Fields, day: dt.date) -> dict[str, Value]:
    """Days of a deadline; of a recurrence its first day from `day` (and the day of the document) on, or the one that was sent with it."""
    if line.recurrence and not line.last_day:
        since = max(day, dt.date.fromisoformat(line.document.date)) if line.document.date else day
        if found := from_first_day(line.recurrence, since):
            rule, first = found
            if sent.get("recurrence") == rule:
                return {name: sent.get(name) for name in ("start", "due", "recurrence")}
            return {"start": first.isoformat(), "due": first.isoformat(), "recurrence": rule}
    start = line.first_day if line.first_day != line.last_day else None
    return {"start": start, "due": line.last_day, "recurrence": None}
