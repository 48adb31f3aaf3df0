"""Work packages of OpenProject (API v3).

Read through the list of a project's work packages whose description holds `docparse:`, which is a condition in the database: what was made stands
in it at once. `lockVersion` keeps a change from undoing one of somebody else. Work packages have no tags here. OpenProject tells no day on which a
work package was closed, and that of its last change would be a wrong one after any comment: there is no `done_on`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import Field

from docparse.errors import TrackerError
from docparse.trackers.http import Refused
from docparse.trackers.items import Fields, Item, Progress, Remote, Value
from docparse.trackers.mapping import Part, TargetSettings, options_of
from docparse.trackers.markdown import describe, parse_description
from docparse.trackers.targets.rest import PAGE, RestTracker, text_of

OURS = [{"status": {"operator": "*", "values": []}}, {"description": {"operator": "~", "values": ["docparse:"]}}]  # of all statuses
OLDEST_FIRST = [["id", "asc"]]
DEFAULTS: Mapping[str, str] = {"doing": "In progress", "cancelled": "Rejected"}


class Options(Part):
    """What only OpenProject is told.

    `type`, `parent_type`: names of the types of tasks and of the documents above them (without: the first of the project). `statuses`: names of
    statuses; without them `open` is the default one, `done` the first closed one, `doing` In progress, `cancelled` Rejected.
    `custom_fields`: names of docparse and the custom fields (text) that take them, as `customField7`.
    """

    type: str | None = None
    parent_type: str | None = None
    statuses: dict[Progress, str] = Field(default_factory=dict)
    custom_fields: dict[str, str] = Field(default_factory=dict)


class Tracker(RestTracker):
    """The work packages of projects. A place is the identifier of a project or its id, a person the id of a user or group."""

    has_parents = True

    def __init__(
        self,
        name: str,
        settings: TargetSettings,
        *,
        secret: str,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.options = options_of(Options, name, settings)
        self.keeps = RestTracker.keeps | {"start", "due"} | {f"custom:{custom}" for custom in self.options.custom_fields}
        super().__init__(name, settings, api="/api/v3", auth=("apikey", secret), transport=transport, sleep=sleep)
        self._types: dict[str, dict[str, str]] = {}

    def list_items(self, place: str) -> Iterator[Remote]:
        """The work packages with a key, oldest first."""
        params = {"filters": json.dumps(OURS), "sortBy": json.dumps(OLDEST_FIRST), "pageSize": PAGE}
        page = self.parsed(self.in_place(place, f"projects/{place}/work_packages", params=params))
        while True:
            yield from map(self._remote, page["_embedded"]["elements"])
            following = page["_links"].get("nextByOffset")
            if not following:
                return
            page = self.json("GET", self.here(following["href"]))

    def fetch_items(self, ids: Sequence[str]) -> Iterator[Remote]:
        """These work packages, whatever their project is now."""
        for identity in ids:
            response = self.client.request("GET", f"work_packages/{identity}", allow={404})
            if response.status_code != 404:
                yield self._remote(self.parsed(response))

    def create(self, item: Item, *, parent_id: str | None) -> Remote:
        """Make a work package."""
        fields = {"notes": "", **{name: value for name, value in item.fields.items() if value}}
        body = self._body(fields, fields, item.key)
        above = self.settings.parents and item.parent is None
        if name := self.options.parent_type if above else self.options.type:
            body["_links"]["type"] = {"href": self._type(item.place, name)}
        if parent_id:
            body["_links"]["parent"] = {"href": self._href("work_packages", parent_id)}
        return self._remote(self.json("POST", f"projects/{item.place}/work_packages", json=body))

    def update(self, remote: Remote, fields: Fields) -> Remote:
        """Change these fields and nothing else. Raises Changed if somebody changed the work package since it was read."""
        body = {**self._body(fields, {**remote.fields, **fields}, remote.key or ""), "lockVersion": int(remote.version or 0)}
        return self._remote(self.json("PATCH", f"work_packages/{remote.id}", json=body, once=False))

    def _body(self, fields: Fields, whole: Fields, key: str) -> dict[str, Any]:
        links: dict[str, Any] = {}
        body: dict[str, Any] = {"_links": links}
        if "title" in fields:
            body["subject"] = " ".join(text_of(fields, "title").split())
        if fields.keys() & {"notes", "link"}:
            body["description"] = {"format": "markdown", "raw": describe(text_of(whole, "notes"), text_of(whole, "link") or None, key)}
        dates = {name: text_of(fields, field) or None for name, field in (("startDate", "start"), ("dueDate", "due")) if field in fields}
        if dates:  # a deadline may fall on a Sunday, and that of a document is not that of its tasks
            body |= {**dates, "ignoreNonWorkingDays": True, "scheduleManually": True}
        if "assignee" in fields:
            links["assignee"] = {"href": self._person(text_of(fields, "assignee"))}
        if status := text_of(fields, "status"):
            links["status"] = {"href": self._status(status)}
        return body | {
            field: text_of(fields, f"custom:{name}") or None for name, field in self.options.custom_fields.items() if f"custom:{name}" in fields
        }

    def _person(self, person: str) -> str | None:
        if person and not person.isdigit():
            hint = "Give the number of the user or group, as in the URL of the page about them."
            raise Refused(self.name, f"knows people by number, not as {person!r}", hint=hint)
        return self._href("users", person) if person else None

    def _href(self, kind: str, identity: str) -> str:
        """What OpenProject calls a thing: its path from the root of the server, also where OpenProject lies under a path."""
        return f"{urlsplit(self.url).path}/api/v3/{kind}/{identity}"

    def _status(self, progress: str) -> str:
        found = next((status for status in self._statuses if status["name"] == self._status_names[progress]), None)
        if found is None:
            there = ", ".join(status["name"] for status in self._statuses)
            raise TrackerError(self.name, f"has no status {self._status_names[progress]!r} (there are: {there})", hint="Correct options.statuses.")
        return str(found["_links"]["self"]["href"])

    @cached_property
    def _statuses(self) -> list[dict[str, Any]]:
        return list(self.json("GET", "statuses")["_embedded"]["elements"])

    @cached_property
    def _status_names(self) -> dict[str, str]:
        """The status for each progress."""
        by_order = sorted(self._statuses, key=lambda status: int(status["position"]))
        names = {
            "open": next((status["name"] for status in by_order if status["isDefault"]), "New"),
            "done": next((status["name"] for status in by_order if status["isClosed"]), "Closed"),
        }
        there = {status["name"].lower(): status["name"] for status in by_order}
        names |= {progress: there.get(name.lower(), name) for progress, name in DEFAULTS.items()}
        return names | {str(progress): name for progress, name in self.options.statuses.items()}

    def _type(self, place: str, name: str) -> str:
        if place not in self._types:
            found = self.json("GET", f"projects/{place}/types")["_embedded"]["elements"]
            self._types[place] = {kind["name"]: kind["_links"]["self"]["href"] for kind in found}
        if name not in self._types[place]:
            there = ", ".join(self._types[place])
            raise TrackerError(self.name, f"has no type {name!r} in {place} (there are: {there})", hint="Correct the type under options.")
        return self._types[place][name]

    def _progress(self, href: str) -> str:
        status = next((each for each in self._statuses if each["_links"]["self"]["href"] == href), None)
        if status is None:
            return "open"
        named = {name: progress for progress, name in self._status_names.items()}
        return named.get(status["name"]) or ("done" if status["isClosed"] else "doing")

    def _remote(self, package: Mapping[str, Any]) -> Remote:
        said, links = parse_description((package.get("description") or {}).get("raw") or ""), package["_links"]
        fields: dict[str, Value] = {
            "title": package["subject"],
            "notes": said.notes,
            "status": self._progress(links["status"]["href"]),
            "assignee": _last(links.get("assignee")),
            "start": package.get("startDate"),
            "due": package.get("dueDate") or package.get("date"),
            "link": said.link,
            **{f"custom:{name}": _text(package.get(field)) for name, field in self.options.custom_fields.items()},
        }
        return Remote(
            said.key,
            str(package["id"]),
            fields,
            url=f"{self.url}/work_packages/{package['id']}",
            version=str(package["lockVersion"]),
            place=_last(links["project"]),
        )


def _last(link: Mapping[str, Any] | None) -> str | None:
    """The id at the end of a link, None of a link to nothing."""
    href = (link or {}).get("href")
    return str(href).rpartition("/")[2] if href else None


def _text(value: Any) -> str | None:
    """The text of a custom field, which is formatted or not."""
    text = value.get("raw") if isinstance(value, dict) else value
    return str(text) if text else None
