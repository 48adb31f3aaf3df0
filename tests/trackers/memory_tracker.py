"""A tracker in memory, with people who change things in it and with failures when they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from docparse.trackers.items import Fields, Item, Remote, Value

KEEPS = frozenset({"title", "notes", "status", "assignee", "start", "due", "recurrence", "tags"})


class MemoryTracker:
    """Keeps items by id; `calls` says what was asked. `fails` is called before each writing with its name and may raise; `loses` after it."""

    def __init__(self, *, keeps: frozenset[str] = KEEPS, has_parents: bool = False) -> None:
        self.keeps, self.has_parents = keeps, has_parents
        self.items: dict[str, Remote] = {}
        self.parents: dict[str, str | None] = {}
        self.calls: list[str] = []
        self.fails: Callable[[str], None] = lambda _: None
        self.loses: Callable[[str], None] = lambda _: None

    def read(self, places: Collection[str], known: Mapping[str, str]) -> Sequence[Remote] | None:
        self.calls.append("read")
        return [remote for remote in self.items.values() if remote.place in places or remote.id in known.values()]

    def create(self, item: Item, *, parent_id: str | None) -> Remote:
        self.fails("create")
        self.calls.append("create")
        number = str(len(self.items) + 1)
        made = Remote(item.key, number, self._kept(item.fields), url=f"https://tracker.example.vn/{number}", version="1", place=item.place)
        self.items[number], self.parents[number] = made, parent_id
        self.loses("create")
        return made

    def update(self, remote: Remote, fields: Fields) -> Remote:
        self.fails("update")
        self.calls.append("update")
        self.items[remote.id] = replace(self.items[remote.id], fields={**self.items[remote.id].fields, **fields})
        self.loses("update")
        return self.items[remote.id]

    def edit(self, beginning: str, /, *, done_on: str | None = None, **fields: Value) -> None:
        """A person changes the item whose title begins so."""
        found = self.find(beginning)
        self.items[found.id] = replace(found, fields={**found.fields, **fields}, done_on=done_on)

    def find(self, beginning: str) -> Remote:
        (found,) = (remote for remote in self.items.values() if str(remote.fields["title"]).startswith(beginning))
        return found

    def _kept(self, fields: Fields) -> Fields:
        return {name: value for name, value in fields.items() if name in self.keeps}


class Unreadable(MemoryTracker):
    """A receiver of messages, which says nothing of what it has."""

    def read(self, places: Collection[str], known: Mapping[str, str]) -> None:
        return None
