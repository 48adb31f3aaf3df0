"""What is to be done in a tracker: pure, from what was sent last, what stands there now, and what the corpus says now.

A field is sent if it changed here and nobody changed it there. What a person changed there stays; where both changed it, and not to the same
value, that is a conflict, which is reported on each run until one side gives in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from docparse.trackers.items import GONE, Fields, Item, Remote, Value
from docparse.trackers.ledger import Receipt

Kind = Literal["create", "update", "unchanged", "gone", "conflict"]
GONE_NOTICE = "Nhiệm vụ này không còn trong văn bản sau lần đọc lại; đề nghị kiểm tra trước khi tiếp tục."
WHOLE = "item"  # the field of a conflict about an item that somebody deleted there


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that was changed here and there. `sent` is what both began from."""

    field: str
    sent: Value
    there: Value
    here: Value


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of an item. `send` are the fields that are sent; `adopt` says that the tracker has it and the ledger is to know it.

    `receipt` is as the ledger will have it if all goes well, apart from what the tracker answers.
    """

    kind: Kind
    item: Item
    receipt: Receipt
    remote: Remote | None = None
    send: Fields | None = None
    conflicts: tuple[Conflict, ...] = ()
    adopt: bool = False

    @property
    def is_to_do(self) -> bool:
        """Whether the tracker or the ledger is to hear of it."""
        return bool(self.send) or self.kind == "create" or self.adopt


def plan(
    items: Sequence[tuple[Item, Receipt]], vanished: Sequence[Receipt], there: Mapping[str, Remote] | None, keeps: frozenset[str]
) -> list[Change]:
    """The changes in their order. Each item comes with its receipt, whose state is `sending` if it was never sent for certain.

    `vanished` are receipts whose tasks are gone from their documents; `there` is what the tracker has by key, None if it cannot be read.
    """
    changes = [_of_item(item, receipt, _standing(receipt, there), keeps) for item, receipt in items]
    return changes + [change for receipt in vanished if (change := _of_vanished(receipt, _standing(receipt, there), keeps))]


def _standing(receipt: Receipt, there: Mapping[str, Remote] | None) -> Remote | None:
    """The item in the tracker; of one that cannot be read, as it was left."""
    if there is not None:
        return there.get(receipt.key)
    return Remote(receipt.key, receipt.remote_id or receipt.key, receipt.echo, place=receipt.place) if receipt.state == "sent" else None


def done(change: Change, after: Remote) -> Receipt:
    """The receipt of a change that the tracker took. What a person changed there, or both sides did, keeps the base it had."""
    receipt = replace(change.receipt, state="sent", remote_id=after.id, url=after.url or change.receipt.url)
    here, sent = change.item.fields, change.send or {}
    if change.kind == "create":
        told = here.get("status") not in {None, "open"}
        receipt = replace(receipt, sent=here, echo={**here, **after.fields})
    else:
        told = "status" in sent
        disputed = {conflict.field for conflict in change.conflicts}
        settled = {name: value for name, value in here.items() if name not in disputed}
        echo = {name: after.fields[name] for name in settled if name in after.fields and (name in sent or _same(here[name], after.fields[name]))}
        receipt = replace(receipt, sent={**receipt.sent, **settled}, echo={**receipt.echo, **echo})
    return replace(receipt, progress=str(here["status"]), done_on=after.done_on, heard=None) if told else receipt


def _of_item(item: Item, receipt: Receipt, remote: Remote | None, keeps: frozenset[str]) -> Change:
    if remote is None and receipt.state == "sent":
        return Change("conflict", item, receipt, conflicts=(Conflict(WHOLE, receipt.remote_id, None, item.key),))
    if remote is None:
        return Change("create", item, replace(receipt, sent=item.fields))
    if receipt.state != "sent":  # it arrived, and nobody noted it
        known = receipt.sent or item.fields
        receipt = replace(receipt, state="sent", remote_id=remote.id, url=remote.url, sent=known, echo=known)
        return replace(compare(item, receipt, remote, keeps), adopt=True)
    return compare(item, receipt, remote, keeps)


def _of_vanished(receipt: Receipt, remote: Remote | None, keeps: frozenset[str]) -> Change | None:
    if remote is None or receipt.state == "held":
        return None
    sent = receipt.sent
    tags, notes = sent.get("tags") or (), sent.get("notes")
    mark: Fields = {"tags": (*tags, GONE), "notes": f"{GONE_NOTICE}\n\n{notes}" if notes else GONE_NOTICE}
    item = Item(receipt.key, receipt.place, sent if GONE in tags else {**sent, **mark}, parent=receipt.parent)
    change = _of_item(item, receipt, remote, keeps)
    return replace(change, kind="gone") if change.kind == "update" else change


def compare(item: Item, receipt: Receipt, remote: Remote, keeps: frozenset[str]) -> Change:
    """What becomes of an item that the tracker has."""
    send: dict[str, Value] = {}
    conflicts = []
    for name, here in item.fields.items():
        if not _kept(name, keeps):
            continue
        sent, echo = receipt.sent.get(name), receipt.echo.get(name)
        there = remote.fields.get(name, echo)
        if _same(here, sent) or _same(here, there):
            continue
        if _same(there, echo):
            send[name] = here
        else:
            conflicts.append(Conflict(name, sent, there, here))
    kind: Kind = "update" if send else "conflict" if conflicts else "unchanged"
    return Change(kind, item, receipt, remote, send or None, tuple(conflicts))


def _kept(name: str, keeps: frozenset[str]) -> bool:
    return name in keeps or (name.startswith("custom:") and "custom" in keeps)


def _same(one: Value, other: Value) -> bool:
    """Tags are a set, and nothing is nothing."""
    if isinstance(one, tuple) or isinstance(other, tuple):
        return set(one or ()) == set(other or ())
    return (one or None) == (other or None)
