"""Issues of GitHub (REST API 2022-11-28), or of a GitHub Enterprise Server with url = "https://…/api/v3".

Read through the list of issues with the label `docparse`, which comes from the database and not from the search index; GitHub does not promise
that a list shows an issue in the very second in which it was made. Nothing locks an issue: it is read again right before it is changed.
Without deadline, parent and fields of one's own: those are in the notes. `cancelled` is closed as not planned, `doing` a label.
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
from docparse.trackers.targets.rest import (
    FINISHED,
    MARK,
    PAGE,
    REDIRECTS,
    STATES,
    RestTracker,
    day,
    labels_of,
    status_from,
    tags_from,
    text_of,
)

SITE, API = "https://github.com", "https://api.github.com"
LONGEST_LABEL = 50
GONE = {404, 410}
REASONS = {"done": "completed", "cancelled": "not_planned"}
REOPENED = {"state": "open", "state_reason": "reopened"}
LABELLED = {"doing": STATES["doing"]}


class Tracker(RestTracker):
    """The issues of repositories. A place is owner/name, a person a login."""

    keeps = RestTracker.keeps | {"tags"}

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
        if settings.url.rstrip("/") == SITE:
            settings = settings.model_copy(update={"url": API})
        headers = {"Authorization": f"Bearer {secret}", "Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        super().__init__(name, settings, api="", headers=headers, transport=transport, sleep=sleep)
        self._assignable: set[tuple[str, str]] = set()

    def list_items(self, place: str) -> Iterator[Remote]:
        """The issues with the label, oldest first; pull requests, which GitHub lists with them, are left out."""
        repository = self.parsed(self.in_place(place, f"repos/{place}"))
        if repository.get("permissions", {}).get("push") is False:
            raise TrackerError(self.name, f"would drop the labels of issues in {place}", hint="Give the user of the token write access.")
        params: dict[str, str | int] = {"labels": MARK, "state": "all", "sort": "created", "direction": "asc", "per_page": PAGE}
        for issue in self.pages(place, f"repos/{place}/issues", params):
            if "pull_request" not in issue:
                yield _remote(issue)

    def fetch_items(self, ids: Sequence[str]) -> Iterator[Remote]:
        """These issues, also where they were transferred to."""
        for identity in ids:
            response = self.client.request("GET", _path(identity), allow=GONE | REDIRECTS)
            if response.status_code in REDIRECTS:
                response = self.client.request("GET", self.here(response.headers.get("location", "")), allow=GONE)
            if response.status_code not in GONE:
                yield _remote(self.parsed(response))

    def create(self, item: Item, *, parent_id: str | None) -> Remote:
        """Make an issue."""
        body = {
            **REOPENED,
            **self._body({"notes": "", **item.fields}, item.fields, item.key, item.place),
            "labels": labels_of(item.fields, LONGEST_LABEL, LABELLED),
        }
        closing: dict[str, Any] = {name: body.pop(name) for name in REOPENED}
        issue = self.json("POST", f"repos/{item.place}/issues", json=body)
        remote = _remote(issue)
        if MARK not in _labels(issue):
            hint = "Give the user of the token write access, and remove that issue."
            raise TrackerError(self.name, f"dropped the labels of {remote.id}", hint=hint)
        return self._patch(remote.id, closing) if closing["state"] == "closed" else remote

    def change_item(self, now: Remote, fields: Fields) -> Remote:
        """Change an issue."""
        whole = {**now.fields, **fields}
        body = self._body(fields, whole, now.key or "", now.place or "")
        if fields.keys() & {"tags", "status"}:
            body["labels"] = labels_of(whole, LONGEST_LABEL, LABELLED)
        if "state_reason" in body and {now.fields["status"], fields["status"]} == FINISHED:
            self._patch(now.id, REOPENED)  # GitHub ignores a reason that comes without a change of the state
        return self._patch(now.id, body)

    def _patch(self, identity: str, body: Mapping[str, Any]) -> Remote:
        return _remote(self.json("PATCH", _path(identity), json=body, once=False))

    def _body(self, fields: Fields, whole: Fields, key: str, place: str) -> dict[str, Any]:
        body: dict[str, Any] = {}
        if "title" in fields:
            body["title"] = guard(text_of(fields, "title"))
        if fields.keys() & {"notes", "link"}:
            body["body"] = describe(text_of(whole, "notes"), text_of(whole, "link") or None, key)
        if "assignee" in fields:
            login = text_of(fields, "assignee")
            self._check_assignable(place, login)
            body["assignees"] = [login] if login else []
        if status := text_of(fields, "status"):
            body |= {"state": "closed", "state_reason": REASONS[status]} if status in FINISHED else REOPENED
        return body

    def _check_assignable(self, place: str, login: str) -> None:
        if login and (place, login) not in self._assignable:
            if self.client.request("GET", f"repos/{place}/assignees/{quote(login, safe='')}", allow={404}).status_code == 404:
                raise self.unknown_person(login, place)
            self._assignable.add((place, login))


def _remote(issue: Mapping[str, Any]) -> Remote:
    place = "/".join(issue["repository_url"].split("/")[-2:])
    said, labels = parse_description(issue["body"] or ""), _labels(issue)
    closed = issue["state"] == "closed"
    planned = issue.get("state_reason") not in {"not_planned", "duplicate"}
    status = ("done" if planned else "cancelled") if closed else status_from(False, labels)
    fields = {
        "title": unguard(issue["title"]),
        "notes": said.notes,
        "status": status,
        "assignee": ", ".join(sorted(person["login"] for person in issue["assignees"])) or None,
        "tags": tags_from(labels),
        "link": said.link,
    }
    done_on = day(issue["closed_at"]) if closed else None
    return Remote(said.key, f"{place}#{issue['number']}", fields, url=issue["html_url"], done_on=done_on, place=place)


def _labels(issue: Mapping[str, Any]) -> list[str]:
    return [label if isinstance(label, str) else label["name"] for label in issue["labels"]]


def _path(identity: str) -> str:
    place, _, number = identity.rpartition("#")
    return f"repos/{place}/issues/{number}"
