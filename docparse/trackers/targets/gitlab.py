"""Issues of GitLab (REST API v4), of gitlab.com or one's own server.

Read through the list of issues with the label `docparse`, which is asked of the database: what was made stands in it at once (behind replicas of
the database after their lag). Nothing locks an issue: it is read again right before it is changed. GitLab knows open and closed; `doing` and
`cancelled` are labels beside that. An issue that was moved to a project that the file of trackers does not name is gone from here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from docparse.errors import TrackerError
from docparse.trackers.items import Fields, Item, Remote
from docparse.trackers.mapping import Part, TargetSettings, options_of
from docparse.trackers.markdown import describe, guard, parse_description, unguard
from docparse.trackers.targets.rest import FINISHED, MARK, PAGE, RestTracker, day, labels_of, status_from, tags_from, text_of

LONGEST_LABEL = 255
PLANNER = 15  # the least access level that sets labels
NOBODY = 0  # as the id of an assignee


class Tracker(RestTracker):
    """The issues of projects. A place is the path of a project or its id, a person a user name."""

    keeps = RestTracker.keeps | {"tags", "due"}

    def __init__(
        self,
        name: str,
        settings: TargetSettings,
        *,
        secret: str,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        options_of(Part, name, settings)
        super().__init__(name, settings, api="/api/v4", headers={"PRIVATE-TOKEN": secret}, transport=transport, sleep=sleep)
        self._people: dict[str, int] = {}

    def list_items(self, place: str) -> Iterator[Remote]:
        """The issues with the label, oldest first."""
        project = self.parsed(self.in_place(place, _project(place)))
        levels = [access["access_level"] for access in (project.get("permissions") or {}).values() if access]
        if levels and max(levels) < PLANNER:
            hint = "Give the user of the token the role of a planner or reporter there."
            raise TrackerError(self.name, f"would drop the labels of issues in {place}", hint=hint)
        params: dict[str, str | int] = {"labels": MARK, "state": "all", "scope": "all", "order_by": "created_at", "sort": "asc", "per_page": PAGE}
        for issue in self.pages(place, f"{_project(place)}/issues", params):
            if not issue.get("moved_to_id"):
                yield _remote(issue, place)

    def fetch_items(self, ids: Sequence[str]) -> Iterator[Remote]:
        """These issues."""
        for identity in ids:
            response = self.client.request("GET", _path(identity), allow={404})
            if response.status_code != 404 and not (issue := self.parsed(response)).get("moved_to_id"):
                yield _remote(issue, identity.rpartition("#")[0])

    def create(self, item: Item, *, parent_id: str | None) -> Remote:
        """Make an issue."""
        body = self._body({"notes": "", **item.fields}, item.fields, item.key, item.place)
        body = {name: value for name, value in body.items() if value not in ("", [NOBODY])}
        issue = self.json("POST", f"{_project(item.place)}/issues", json={**body, "labels": _joined(item.fields)})
        remote = _remote(issue, item.place)
        if MARK not in issue["labels"]:
            hint = "Give the user of the token the role of a planner or reporter, and remove that issue."
            raise TrackerError(self.name, f"dropped the labels of {remote.id}", hint=hint)
        return self._put(remote, {"state_event": "close"}) if text_of(item.fields, "status") in FINISHED else remote

    def change_item(self, now: Remote, fields: Fields) -> Remote:
        """Change an issue."""
        whole = {**now.fields, **fields}
        body = self._body(fields, whole, now.key or "", now.place or "")
        if fields.keys() & {"tags", "status"}:
            body["labels"] = _joined(whole)
        if (closed := whole["status"] in FINISHED) != (now.fields["status"] in FINISHED):
            body["state_event"] = "close" if closed else "reopen"
        return self._put(now, body)

    def _put(self, remote: Remote, body: Mapping[str, Any]) -> Remote:
        return _remote(self.json("PUT", _path(remote.id), json=body), remote.place or "") if body else remote

    def _body(self, fields: Fields, whole: Fields, key: str, place: str) -> dict[str, Any]:
        body: dict[str, Any] = {}
        if "title" in fields:
            body["title"] = guard(text_of(fields, "title"))
        if fields.keys() & {"notes", "link"}:
            body["description"] = describe(text_of(whole, "notes"), text_of(whole, "link") or None, key)
        if "due" in fields:
            body["due_date"] = text_of(fields, "due")
        if "assignee" in fields:
            user = text_of(fields, "assignee")
            body["assignee_ids"] = [self._person(user, place) if user else NOBODY]
        return body

    def _person(self, user: str, place: str) -> int:
        if user not in self._people:
            found = self.json("GET", "users", params={"username": user})
            if not found:
                raise self.unknown_person(user, place)
            self._people[user] = found[0]["id"]
        return self._people[user]


def _remote(issue: Mapping[str, Any], place: str) -> Remote:
    said, closed = parse_description(issue["description"] or ""), issue["state"] == "closed"
    fields = {
        "title": unguard(issue["title"]),
        "notes": said.notes,
        "status": status_from(closed, issue["labels"]),
        "assignee": ", ".join(sorted(person["username"] for person in issue["assignees"])) or None,
        "due": issue["due_date"],
        "tags": tags_from(issue["labels"]),
        "link": said.link,
    }
    done_on = day(issue["closed_at"]) if closed else None
    return Remote(said.key, f"{place}#{issue['iid']}", fields, url=issue["web_url"], done_on=done_on, place=place)


def _joined(fields: Fields) -> str:
    return ",".join(labels_of(fields, LONGEST_LABEL))


def _project(place: str) -> str:
    return f"projects/{quote(place, safe='')}"


def _path(identity: str) -> str:
    place, _, number = identity.rpartition("#")
    return f"{_project(place)}/issues/{number}"
