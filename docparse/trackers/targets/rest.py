"""What the trackers with a JSON interface have in common: how they are read and asked, options, labels.

An item is found by its label `docparse` and has its key in the last line of its description. What people do to an item costs nothing:
one whose label or last line they removed is still known by its id, and of copies the one that the ledger knows counts, else the oldest.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlsplit

import httpx

from docparse.days import day_of
from docparse.errors import TrackerError
from docparse.trackers.http import Changed, Client, Refused
from docparse.trackers.items import Fields, Item, Remote, Value
from docparse.trackers.mapping import TargetSettings

MARK = "docparse"  # the label of every item
STATES = {"doing": f"{MARK}: đang làm", "cancelled": f"{MARK}: đã hủy"}  # labels for what open and closed do not tell
PAGE = 100  # items that are asked for at once
REDIRECTS = {301, 302, 307, 308}
FINISHED = {"done", "cancelled"}
UNSAFE, SAFE = ",<>", "‚‹›"  # characters that labels cannot hold, and their look-alikes


class RestTracker:
    """A tracker with a JSON interface. Modules say how items are listed, fetched, made and changed there."""

    keeps: frozenset[str] = frozenset({"title", "notes", "status", "assignee", "link"})
    has_parents = False
    place_hint: ClassVar[str] = "Check the place (project, repository) in the file of trackers, and what the token may see."

    def __init__(
        self,
        name: str,
        settings: TargetSettings,
        *,
        api: str,
        auth: tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name, self.settings, self.url = name, settings, settings.url.rstrip("/")
        self.client = Client.of(
            settings,
            name=name,
            url=f"{self.url}{api}",
            auth=auth,
            headers={"Accept": "application/json", **(headers or {})},
            transport=transport,
            sleep=sleep,
        )

    def read(self, places: Collection[str], known: Mapping[str, str]) -> Sequence[Remote]:
        """All items with a key of docparse in these places, and those `known` by key and id wherever they are now."""
        found = [remote for place in sorted(places) for remote in self.list_items(place)]
        missing = set(known.values()) - {remote.id for remote in found}
        return keyed([*found, *self.fetch_items(sorted(missing))], known)

    def update(self, remote: Remote, fields: Fields) -> Remote:
        """Change these fields and nothing else. Raises Changed if they, or others, are not as they were read; Refused if the item is gone."""
        now = next(iter(self.fetch_items([remote.id])), None)
        if now is None:
            raise Refused(self.name, f"no longer has the item {remote.id}", hint="")
        if now.fields != remote.fields:
            raise Changed(self.name, f"has an item that was changed at the same time ({remote.id})")
        return self.change_item(replace(now, key=remote.key), fields)

    def list_items(self, place: str) -> Iterable[Remote]:
        """The items with the mark of docparse in a place, oldest first."""
        raise NotImplementedError

    def fetch_items(self, ids: Sequence[str]) -> Iterable[Remote]:
        """These items; what is gone is left out."""
        raise NotImplementedError

    def create(self, item: Item, *, parent_id: str | None) -> Remote:
        """Make an item."""
        raise NotImplementedError

    def change_item(self, now: Remote, fields: Fields) -> Remote:
        """Change an item that stands as it was read."""
        raise NotImplementedError

    def json(self, method: str, path: str, **options: Any) -> Any:
        """The JSON of an answer."""
        return self.parsed(self.client.request(method, path, **options))

    def parsed(self, response: httpx.Response) -> Any:
        """The JSON of an answer. Raises TrackerError if it is none."""
        try:
            return response.json()
        except ValueError as error:
            kind = response.headers.get("content-type", "something")
            raise TrackerError(self.name, f"answers {response.request.url.path} with {kind}, not with JSON", hint="Check url.") from error

    def in_place(self, place: str, path: str, **options: Any) -> httpx.Response:
        """The answer about a place. Raises TrackerError if there is no such place."""
        response = self.client.request("GET", path, allow={404, *REDIRECTS}, **options)
        if response.status_code != 200:
            why = "is not there, or is not shown to this token" if response.status_code == 404 else "is at another address"
            raise TrackerError(self.name, f"cannot read {place!r}: it {why}", hint=self.place_hint)
        return response

    def pages(self, place: str, path: str, params: Mapping[str, str | int]) -> Iterator[Any]:
        """The rows of a list, page after page by the Link header."""
        response = self.in_place(place, path, params=params)
        while True:
            yield from self.parsed(response)
            following = response.links.get("next", {}).get("url")
            if not following:
                return
            response = self.client.request("GET", self.here(following))

    def here(self, url: str) -> str:
        """A URL that the tracker names, on the tracker's own server: credentials go nowhere else."""
        base, named = urlsplit(self.url), urlsplit(url)
        return f"{base.scheme}://{base.netloc}{named.path}" + (f"?{named.query}" if named.query else "")

    def unknown_person(self, login: str, place: str) -> Refused:
        """What is raised for an assignee whom the tracker does not know."""
        return Refused(self.name, f"knows no person {login!r} for {place}", hint="Correct assignee under agencies in the file of trackers.")


def keyed(found: Iterable[Remote], known: Mapping[str, str]) -> list[Remote]:
    """Those with a key, each key once: the one that is known by its id, else the first."""
    keys = {identity: key for key, identity in known.items()}
    chosen: dict[str, Remote] = {}
    for remote in found:
        key = keys.get(remote.id, remote.key)
        if key and (key not in chosen or known.get(key) == remote.id):
            chosen[key] = replace(remote, key=key)
    return list(chosen.values())


def text_of(fields: Fields, name: str) -> str:
    """A field as a text, empty without a value."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def tags_of(fields: Fields) -> tuple[str, ...]:
    """The tags among fields."""
    value: Value = fields.get("tags")
    return value if isinstance(value, tuple) else ()


def day(moment: str | None) -> str | None:
    """The day in Viet Nam of a moment in ISO 8601."""
    return day_of(dt.datetime.fromisoformat(moment)).isoformat() if moment else None


def label_of(tag: str, longest: int) -> str:
    """A tag as a label: characters that labels cannot hold become look-alikes, and what is too long is cut.

    >>> label_of("Sở Văn hóa, Thể thao và Du lịch", 20)
    'Sở Văn hóa‚ Thể tha…'
    """
    label = " ".join(tag.split()).translate(str.maketrans(UNSAFE, SAFE))
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"


def labels_of(fields: Fields, longest: int, states: Mapping[str, str] = STATES) -> list[str]:
    """The labels of an item: the mark, that of its status if it has one, its tags."""
    status = states.get(text_of(fields, "status"))
    return list(dict.fromkeys([MARK, *([status] if status else []), *(label_of(tag, longest) for tag in tags_of(fields))]))


def tags_from(labels: Iterable[str]) -> tuple[str, ...]:
    """The tags that labels stand for, in their order by letter."""
    ours = {MARK, *STATES.values()}
    return tuple(sorted(label.translate(str.maketrans(SAFE, UNSAFE)) for label in labels if label not in ours))


def status_from(closed: bool, labels: Collection[str]) -> str:
    """What an item is that is open or closed and has these labels."""
    if closed:
        return "cancelled" if STATES["cancelled"] in labels else "done"
    return "doing" if STATES["doing"] in labels else "open"
