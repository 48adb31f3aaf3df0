"""What a tracker holds of a task: the same fields for every tracker, and the protocol that all of them keep."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Progress = Literal["open", "doing", "done", "cancelled"]
Value = str | tuple[str, ...] | None
Fields = Mapping[str, Value]

GONE = "không còn trong văn bản"  # the tag of an item whose task a new parse of the document no longer finds


@dataclass(frozen=True, slots=True)
class Item:
    """What is to stand in a tracker for a task, or for a document as the parent of its tasks.

    `key` is a UUID that stays the same for the same task; a tracker holds it (as UID, or as the last line of the notes), so that an item is
    found again. `place` is the project or calendar. `fields`:

    - `title`: one line, at most 120 characters; `notes`: several lines of plain text, without the key
    - `status`: open, doing, done or cancelled (`Progress`)
    - `assignee`: as the tracker names people, None without one
    - `start`, `due`: ISO 8601 days, inclusive, in Asia/Ho_Chi_Minh; `recurrence`: RFC 5545 RRULE, with `due` its first day
    - `tags`: agencies and marks; `link`: URL into `docparse serve`
    - `custom:NAME`: text for a field that the tracker's administrator made
    """

    key: str
    place: str
    fields: Fields
    parent: str | None = None  # key of the parent item


@dataclass(frozen=True, slots=True)
class Remote:
    """An item as the tracker has it. `fields` are those that the target keeps; `done_on`: ISO 8601 day in Asia/Ho_Chi_Minh.

    `version` is what the tracker wants to see again when the item is changed (an ETag), None if it wants nothing.
    """

    key: str | None
    id: str
    fields: Fields
    url: str | None = None
    version: str | None = None
    done_on: str | None = None
    place: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)  # what the target needs to change it; nobody else looks at it


class Target(Protocol):
    """A tracker. Methods raise TrackerError if the tracker refuses (`docparse.trackers.http` says which), and stop nothing else.

    `keeps` are the names of fields that it stores and gives back (`custom` stands for all `custom:` ones); others are in the notes only.
    """

    keeps: frozenset[str]
    has_parents: bool

    def read(self, places: Collection[str], known: Mapping[str, str]) -> Sequence[Remote] | None:
        """All items with a key of docparse in these places, and those `known` by key and id wherever they are now.

        An item that is not among them is not there any more. None from a tracker that cannot be read.
        """

    def create(self, item: Item, *, parent_id: str | None) -> Remote:
        """Make an item. Raises Unanswered where nobody knows whether it was made: the caller reads before it tries again."""

    def update(self, remote: Remote, fields: Fields) -> Remote:
        """Change these fields and nothing else. Raises Changed if somebody changed the item since it was read."""
