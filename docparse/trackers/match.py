"""Which task of a document is which receipt: a new parse may number tasks anew, word them otherwise, or no longer find them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from rapidfuzz import fuzz

from docparse.store.rows import fold
from docparse.trackers.ledger import OF_DOCUMENT, Receipt
from docparse.trackers.tracked import TrackedTask
from docparse.words import squeeze

NAMESPACE = UUID("5d1f3a52-7c1e-4f0e-9f0b-6f5f8a3a2c11")
ALIKE = 60.0  # of 100: below it two actions are different tasks
SAME_PLACE = 5.0  # what the same id counts beside that


@dataclass(frozen=True, slots=True)
class Matched:
    """Receipts as they are now: `moved` got the id and words of the task that they are of, `vanished` have no task any more."""

    kept: tuple[Receipt, ...]
    moved: tuple[Receipt, ...]
    vanished: tuple[Receipt, ...]


def match(receipts: Sequence[Receipt], tasks: Mapping[str, Sequence[tuple[str, str]]]) -> Matched:
    """Receipts of tasks against the tasks (id, action) that each document has now, by its SHA-256."""
    of_documents: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        if receipt.task_id != OF_DOCUMENT:
            of_documents[receipt.sha256].append(receipt)
    kept, moved, vanished = [], [], []
    for sha256, found in of_documents.items():
        paired = _pairs(found, tasks.get(sha256, ()))
        for index, receipt in enumerate(found):
            if index not in paired:
                vanished.append(receipt)
            elif paired[index] == (receipt.task_id, receipt.action):
                kept.append(receipt)
            else:
                task_id, action = paired[index]
                moved.append(replace(receipt, task_id=task_id, action=action))
    return Matched(tuple(kept), tuple(moved), tuple(vanished))


def new_key(sha256: str, action: str, taken: set[str], *, place: str = "") -> str:
    """The key of a new item, none of those that are `taken`: the same task gets the same one in every corpus.

    >>> new_key("ab", "Lập danh sách", set()) == new_key("ab", "lập  danh sách", set())
    True
    """
    count = 0
    while True:
        key = str(uuid5(NAMESPACE, f"{sha256}\n{fold(squeeze(action))}\n{place}\n{count}"))
        if key not in taken:
            return key
        count += 1


def keyed(tasks: Iterable[TrackedTask]) -> Iterator[tuple[TrackedTask, str]]:
    """Tasks with the keys that trackers have of them."""
    taken: set[str] = set()
    for task in tasks:
        key = new_key(task.sha256, task.line.action, taken)
        taken.add(key)
        yield task, key


def _pairs(receipts: Sequence[Receipt], tasks: Sequence[tuple[str, str]]) -> dict[int, tuple[str, str]]:
    """The task of each receipt that has one: the same words at the same place, the same words elsewhere, then the most alike."""
    left_receipts, left_tasks = dict(enumerate(receipts)), dict(enumerate(tasks))
    paired: dict[int, tuple[str, str]] = {}

    def pair(index: int, at: int) -> None:
        paired[index] = tasks[at]
        del left_receipts[index], left_tasks[at]

    for same_place in (True, False):
        for index, receipt in list(left_receipts.items()):
            for at, (task_id, action) in left_tasks.items():
                if action == receipt.action and (task_id == receipt.task_id or not same_place):
                    pair(index, at)
                    break
    scored = [
        (fuzz.ratio(fold(receipt.action), fold(action)), task_id == receipt.task_id, index, at)
        for index, receipt in left_receipts.items()
        for at, (task_id, action) in left_tasks.items()
    ]
    for score, _, index, at in sorted(scored, key=lambda row: (-row[0] - SAME_PLACE * row[1], row[2:])):
        if score >= ALIKE and index in left_receipts and at in left_tasks:
            pair(index, at)
    return paired
