"""Send tasks to a tracker: plan, then one change after the other, each with its receipt. A run that was stopped anywhere goes on."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from docparse.errors import TrackerError
from docparse.store.corpus import Corpus
from docparse.trackers.build import Built, build_items
from docparse.trackers.http import Changed, Refused, Unanswered
from docparse.trackers.items import Item, Remote, Target
from docparse.trackers.ledger import Receipt, forget, now, receipts_of, tasks_now, write
from docparse.trackers.mapping import TargetSettings
from docparse.trackers.match import Matched, match
from docparse.trackers.plan import Change, compare, done, plan
from docparse.trackers.tracked import TrackedTask

ATTEMPTS = 3  # to make an item whose making nobody answered
PAUSE = 2.0  # seconds between them, doubling
OnChange = Callable[[int, int], None]


@dataclass(frozen=True)
class Planned:
    """What a run would do. `held`: tasks for the review list; `unmapped`: leads that the mapping does not name, with how many tasks they have."""

    changes: Sequence[Change]
    held: Sequence[Receipt]
    unmapped: Counter[str]
    moved: Sequence[Receipt] = ()
    released: Sequence[str] = ()  # keys of receipts that are held no more
    heard: Sequence[Receipt] = ()  # receipts with what the tracker says of their progress

    def counts(self) -> Counter[str]:
        """How many changes there are of each kind."""
        return Counter(change.kind for change in self.changes)


@dataclass
class Outcome:
    """What a run did: how many changes of each kind went well, which failed and why; `stopped` is why it ended early, None if it did not."""

    done: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[Change, str]] = field(default_factory=list)
    left: int = 0
    stopped: TrackerError | None = None


def plan_push(
    corpus: Corpus,
    tasks: Iterable[TrackedTask],
    target: Target,
    *,
    name: str,
    settings: TargetSettings,
    site: str | None = None,
    min_confidence: float | None = None,
    day: dt.date | None = None,
) -> Planned:
    """What is to be done so that the tracker holds these tasks. Reads the corpus and the tracker, writes nothing. Raises TrackerError.

    Recurring tasks that are new there begin on `day` (default: today).
    """
    matched, parents = _matched(corpus, receipts_of(corpus, name))
    there = read_there(target, settings, [*matched.kept, *matched.moved, *matched.vanished, *parents])
    heard = {receipt.key: receipt for receipt in hear([*matched.kept, *matched.moved], there)}
    standing = [heard.get(receipt.key, receipt) for receipt in (*matched.kept, *matched.moved, *parents)]
    built = build_items(
        tasks,
        standing,
        target=name,
        settings=settings,
        parents=target.has_parents and settings.parents,
        site=site,
        min_confidence=min_confidence,
        day=day,
        taken=[receipt.key for receipt in matched.vanished],
        told={key: receipt.progress or "open" for key, receipt in heard.items()},
    )
    changes = plan(built.items, matched.vanished, there, target.keeps)
    return Planned(changes, _newly_held(built, standing), built.unmapped, matched.moved, _released(built, matched), tuple(heard.values()))


def push(
    corpus: Corpus,
    planned: Planned,
    target: Target,
    *,
    name: str,
    on_change: OnChange | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Do what was planned. What the tracker refuses is told and the rest goes on; a tracker that cannot be reached ends the run."""
    forget(corpus, name, planned.released)
    write(corpus, [*planned.moved, *planned.heard, *planned.held])
    write(corpus, [replace(change.receipt, state="sending") for change in planned.changes if change.kind == "create"])
    outcome = Outcome()
    ids = {change.receipt.key: change.remote.id for change in planned.changes if change.remote}
    to_do = [change for change in planned.changes if change.is_to_do]
    outcome.done.update(change.kind for change in planned.changes if not change.is_to_do)
    for count, planned_change in enumerate(to_do):
        change = planned_change
        try:
            try:
                after = _apply(change, target, ids, sleep)
            except Changed:
                change, after = _once_more(change, target, ids, sleep)
        except (Refused, Changed) as error:
            outcome.failed.append((change, str(error)))
        except TrackerError as error:
            outcome.stopped, outcome.left = error, len(to_do) - count
            break
        else:
            ids[change.receipt.key] = after.id
            write(corpus, [done(change, after)])
            outcome.done[change.kind] += 1
        if on_change:
            on_change(count + 1, len(to_do))
    return outcome


def read_there(target: Target, settings: TargetSettings, receipts: Iterable[Receipt]) -> dict[str, Remote] | None:
    """What the tracker has, by key; of two with the same key the first."""
    receipts = list(receipts)
    places = {receipt.place for receipt in receipts if receipt.place and not receipt.remote_id}  # others are known by their ids
    places |= {place for place in (settings.place, *(each.place for each in settings.agencies.values())) if place}
    found = target.read(places, {receipt.key: receipt.remote_id for receipt in receipts if receipt.remote_id})
    if found is None:
        return None
    by_id = {receipt.remote_id: receipt.key for receipt in receipts if receipt.remote_id}
    there: dict[str, Remote] = {}
    for remote in found:
        if key := remote.key or by_id.get(remote.id):
            there.setdefault(key, remote)
    return there


def hear(receipts: Iterable[Receipt], there: Mapping[str, Remote] | None) -> list[Receipt]:
    """The receipts of items whose progress the tracker says otherwise than before. It is what both sides begin from then."""
    heard = []
    for receipt in receipts:
        remote = (there or {}).get(receipt.key)
        if remote is None or receipt.state != "sent":
            continue
        status = remote.fields.get("status")
        known = receipt.progress or str(receipt.echo.get("status") or "open")
        if isinstance(status, str) and (status != known or (remote.done_on != receipt.done_on and status == "done")):
            base = {"status": status}
            heard.append(
                replace(
                    receipt,
                    progress=status,
                    done_on=remote.done_on,
                    heard=now(),
                    sent={**receipt.sent, **base},
                    echo={**receipt.echo, **base},
                )
            )
    return heard


def _matched(corpus: Corpus, receipts: Sequence[Receipt]) -> tuple[Matched, list[Receipt]]:
    parents = [receipt for receipt in receipts if not receipt.task_id]
    return match(receipts, tasks_now(corpus, {receipt.sha256 for receipt in receipts})), parents


def _newly_held(built: Built, standing: Sequence[Receipt]) -> list[Receipt]:
    known = {receipt.key for receipt in standing if receipt.state == "held"}
    return [receipt for receipt in built.held if receipt.key not in known]


def _released(built: Built, matched: Matched) -> list[str]:
    """Held tasks that a new parse no longer finds."""
    return [receipt.key for receipt in matched.vanished if receipt.state == "held"]


def _apply(change: Change, target: Target, ids: Mapping[str, str], sleep: Callable[[float], None]) -> Remote:
    if change.remote is None:
        return _create(change.item, target, ids.get(change.item.parent or ""), sleep)
    return target.update(change.remote, change.send) if change.send else change.remote


def _once_more(change: Change, target: Target, ids: Mapping[str, str], sleep: Callable[[float], None]) -> tuple[Change, Remote]:
    """A change to an item that somebody changed since it was read: compared and tried again."""
    found = target.read((), {change.receipt.key: change.remote.id}) if change.remote else None
    if not found:
        raise Refused(change.receipt.target, f"no longer has the item of {change.item.fields.get('title')!r}", hint="")
    again = replace(compare(change.item, change.receipt, found[0], target.keeps), adopt=change.adopt)
    return again, _apply(again, target, ids, sleep)


def _create(item: Item, target: Target, parent_id: str | None, sleep: Callable[[float], None]) -> Remote:
    """Make an item once: where nobody knows whether it was made, look first."""
    for attempt in range(ATTEMPTS):
        try:
            return target.create(item, parent_id=parent_id)
        except Unanswered:
            if attempt + 1 == ATTEMPTS:
                raise
            sleep(PAUSE * 2**attempt)
            arrived = [remote for remote in target.read([item.place], {}) or () if remote.key == item.key]
            if arrived:
                return arrived[0]
    raise AssertionError("the last attempt raises")
