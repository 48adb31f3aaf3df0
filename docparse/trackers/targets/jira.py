"""Issues of Jira: Cloud (REST API 3, option edition = "cloud") and Data Center (REST API 2, edition = "datacenter").

Jira finds issues by an index. That of Cloud lags behind by seconds, so it is asked for ids only: the issues are fetched by id from the database,
and so are the next hundred numbers after the newest that the index knows, until none of them exists. That of Data Center is written together with
the issue on the same node; the numbers after its newest are asked for too, until three in a row do not exist. Nothing locks an issue: it is read
again right before it is changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import httpx
from pydantic import Field

from docparse.errors import TrackerError
from docparse.trackers.http import Refused, body_of
from docparse.trackers.items import Fields, Item, Progress, Remote, Value
from docparse.trackers.mapping import Part, TargetSettings, options_of
from docparse.trackers.targets.jira_text import build_document, build_wiki, read_document, read_text, read_wiki
from docparse.trackers.targets.rest import FINISHED, MARK, PAGE, RestTracker, day, labels_of, tags_from, text_of

LONGEST_LABEL = 255
IDS = 1000  # ids that the search of Cloud gives at once
MISSING = 3  # numbers in a row that Data Center does not have
CATEGORIES: Mapping[str, str] = {"open": "new", "doing": "indeterminate", "done": "done", "cancelled": "done"}
PROGRESS: Mapping[str, str] = {"new": "open", "indeterminate": "doing", "done": "done"}
READ = ("summary", "description", "status", "assignee", "duedate", "labels", "project", "resolutiondate", "statuscategorychangedate")


class Options(Part):
    """What only Jira is told.

    `type`, `parent_type`: issue types of tasks and of the documents above them (without it documents have no issue). `epic_link`, `epic_name`:
    the custom fields of Data Center for them, if `parent_type` is an epic. `statuses`: names of statuses where the category does not tell
    enough, above all for `cancelled`. `custom_fields`: names of docparse and the custom fields (single line of text) that take them.
    """

    edition: Literal["cloud", "datacenter"] = "cloud"
    type: str = "Task"
    parent_type: str | None = None
    epic_link: str | None = None
    epic_name: str | None = None
    statuses: dict[Progress, str] = Field(default_factory=dict)
    custom_fields: dict[str, str] = Field(default_factory=dict)


class Tracker(RestTracker):
    """The issues of projects. A place is the key of a project; a person is an account id in Cloud, a user name in Data Center."""

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
        self.cloud = self.options.edition == "cloud"
        if self.cloud and not settings.user:
            raise TrackerError(name, "has no user", hint='Give user = "…": the e-mail address of the account whose token it is.')
        self.keeps = RestTracker.keeps | {"tags", "due"} | {f"custom:{custom}" for custom in self.options.custom_fields}
        self.has_parents = self.options.parent_type is not None
        super().__init__(
            name,
            settings,
            api=f"/rest/api/{3 if self.cloud else 2}",
            auth=(settings.user or "", secret) if self.cloud else None,
            headers=None if self.cloud else {"Authorization": f"Bearer {secret}"},
            transport=transport,
            sleep=sleep,
        )
        self._read = [*READ, *self.options.custom_fields.values()]
        self._names = {str(progress): status for progress, status in self.options.statuses.items()}

    def list_items(self, place: str) -> Iterator[Remote]:
        """The issues with the label, and those that the index does not know yet."""
        ours = f"project = {_quoted(place)} AND labels = {_quoted(MARK)} ORDER BY created ASC"
        newest = f"project = {_quoted(place)} ORDER BY key DESC"
        if self.cloud:
            indexed = list(self._bulk([*self._ids(place, ours, most=None), *self._ids(place, newest, most=1)]))
        else:
            indexed = [*self._search(place, ours, most=None), *self._search(place, newest, most=1)]
        latest = max((_number(issue, place) for issue in indexed), default=0)
        yield from map(self._remote, indexed)
        yield from map(self._remote, self._following(place, latest) if self.cloud else self._following_singly(place, latest))

    def fetch_items(self, ids: Sequence[str]) -> Iterator[Remote]:
        """These issues, whatever their project is now."""
        yield from map(self._remote, self._bulk(ids) if self.cloud else filter(None, map(self._issue, ids)))

    def create(self, item: Item, *, parent_id: str | None) -> Remote:
        """Make an issue, and bring it to its status."""
        above = self.has_parents and self.settings.parents and item.parent is None
        fields = {name: value for name, value in self._fields({"notes": "", **item.fields}, item.fields, item.key).items() if value is not None}
        fields |= {"project": {"key": item.place}, "issuetype": {"name": self.options.parent_type if above else self.options.type}}
        fields["labels"] = _labels(item.fields)
        if above and self.options.epic_name:
            fields[self.options.epic_name] = fields["summary"]
        if parent_id and self.options.epic_link:
            fields[self.options.epic_link] = self.json("GET", f"issue/{parent_id}", params={"fields": "project"})["key"]
        elif parent_id:
            fields["parent"] = {"id": parent_id}
        made = self.json("POST", "issue", json={"fields": fields})
        remote, status = self._again(made["id"]), text_of(item.fields, "status")
        if status in {"", "open"}:
            return remote  # as the workflow begins
        self._step(remote, status)
        return self._again(remote.id)

    def change_item(self, now: Remote, fields: Fields) -> Remote:
        """Change an issue; its status by a step of the workflow."""
        changed = self._fields(fields, {**now.fields, **fields}, now.key or "")
        if changed:
            self.client.request("PUT", f"issue/{now.id}", json={"fields": changed})
        if status := text_of(fields, "status"):
            self._step(now, status)
        return self._again(now.id)

    def _fields(self, fields: Fields, whole: Fields, key: str) -> dict[str, Any]:
        changed: dict[str, Any] = {}
        if "title" in fields:
            changed["summary"] = " ".join(text_of(fields, "title").split())
        if fields.keys() & {"notes", "link"}:
            build = build_document if self.cloud else build_wiki
            changed["description"] = build(text_of(whole, "notes"), text_of(whole, "link") or None, key)
        if "tags" in fields:
            changed["labels"] = _labels(whole)
        if "due" in fields:
            changed["duedate"] = text_of(fields, "due") or None
        if "assignee" in fields:
            person = text_of(fields, "assignee")
            changed["assignee"] = {"accountId" if self.cloud else "name": person} if person else None
        for custom, field in self.options.custom_fields.items():
            if f"custom:{custom}" in fields:
                changed[field] = text_of(fields, f"custom:{custom}") or None
        return changed

    def _step(self, remote: Remote, status: str) -> None:
        """Take the step of the workflow that leads to a status, if the issue is not there. Raises Refused if there is none."""
        name, at = self._names.get(status), text_of(remote.fields, "status")
        if at == status or (name is None and at not in self._names and CATEGORIES[at] == CATEGORIES[status]):
            return
        others = {other for progress, other in self._names.items() if progress != status}
        steps = self.json("GET", f"issue/{remote.id}/transitions")["transitions"]
        for step in steps:
            to = step["to"]
            if to["name"] == name or (name is None and to["statusCategory"]["key"] == CATEGORIES[status] and to["name"] not in others):
                self.client.request("POST", f"issue/{remote.id}/transitions", json={"transition": {"id": step["id"]}})
                return
        there = ", ".join(step["to"]["name"] for step in steps) or "none"
        hint = "Name the status under options.statuses, or allow the step in the workflow."
        raise Refused(self.name, f"has no step that makes {remote.url} {status} (there are: {there})", hint=hint)

    def _again(self, identity: str) -> Remote:
        issue = self._issue(identity)
        if issue is None:
            raise Refused(self.name, f"no longer has the item {identity}", hint="")
        return self._remote(issue)

    def _issue(self, identity: str) -> Mapping[str, Any] | None:
        response = self.client.request("GET", f"issue/{identity}", params={"fields": ",".join(self._read)}, allow={404})
        return None if response.status_code == 404 else self.parsed(response)

    def _bulk(self, names: Iterable[str]) -> Iterator[Mapping[str, Any]]:
        """Issues of Cloud by id or key, from the database; those that are not there are left out."""
        wanted = list(dict.fromkeys(names))
        for first in range(0, len(wanted), PAGE):
            body = {"issueIdsOrKeys": wanted[first : first + PAGE], "fields": self._read}
            answer = self.json("POST", "issue/bulkfetch", json=body, once=False)
            if answer.get("issueErrors"):
                raise TrackerError(self.name, f"could not give all issues ({answer['issueErrors'][0].get('errorMessage')})")
            yield from answer["issues"]

    def _following(self, place: str, latest: int) -> Iterator[Mapping[str, Any]]:
        while found := list(self._bulk(f"{place}-{number}" for number in range(latest + 1, latest + PAGE + 1))):
            yield from found
            latest = max(latest + PAGE, *(_number(issue, place) for issue in found))

    def _following_singly(self, place: str, latest: int) -> Iterator[Mapping[str, Any]]:
        missing = 0
        while missing < MISSING:
            latest += 1
            issue = self._issue(f"{place}-{latest}")
            missing = 0 if issue else missing + 1
            if issue:
                yield issue

    def _ids(self, place: str, jql: str, *, most: int | None) -> Iterator[str]:
        body: dict[str, Any] = {"jql": jql, "fields": ["id"], "maxResults": most or IDS}
        while True:
            answer = self._found(place, "search/jql", body)
            yield from (issue["id"] for issue in answer["issues"])
            if most or not (token := answer.get("nextPageToken")):
                return
            body["nextPageToken"] = token

    def _search(self, place: str, jql: str, *, most: int | None) -> Iterator[Mapping[str, Any]]:
        start = 0
        while True:
            answer = self._found(place, "search", {"jql": jql, "fields": self._read, "startAt": start, "maxResults": most or PAGE})
            yield from answer["issues"]
            start += len(answer["issues"])
            if most or not answer["issues"] or start >= answer["total"]:
                return

    def _found(self, place: str, path: str, body: Mapping[str, Any]) -> Any:
        response = self.client.request("POST", path, json=body, once=False, allow={400})
        if response.status_code == 400:
            raise TrackerError(self.name, f"cannot read {place!r} ({body_of(response)})", hint=self.place_hint)
        return self.parsed(response)

    def _remote(self, issue: Mapping[str, Any]) -> Remote:
        has = issue["fields"]
        said = (read_document if self.cloud else read_wiki)(has["description"])
        named = {name: progress for progress, name in self._names.items()}
        status = named.get(has["status"]["name"]) or PROGRESS.get(has["status"]["statusCategory"]["key"], "open")
        fields: dict[str, Value] = {
            "title": has["summary"],
            "notes": said.notes,
            "status": status,
            "assignee": (has["assignee"] or {}).get("accountId" if self.cloud else "name"),
            "due": has["duedate"],
            "tags": tags_from(label.replace("_", " ") for label in has["labels"]),
            "link": said.link,
            **{f"custom:{custom}": read_text(has.get(field)) for custom, field in self.options.custom_fields.items()},
        }
        done_on = day(has.get("resolutiondate") or has.get("statuscategorychangedate")) if status in FINISHED else None
        url = f"{self.url}/browse/{issue['key']}"
        return Remote(said.key, issue["id"], fields, url=url, done_on=done_on, place=has["project"]["key"])


def _labels(fields: Fields) -> list[str]:
    """Labels of Jira have no spaces."""
    return [label.replace(" ", "_") for label in labels_of(fields, LONGEST_LABEL, {})]


def _number(issue: Mapping[str, Any], place: str) -> int:
    project, _, number = issue["key"].rpartition("-")
    return int(number) if project == place else 0


def _quoted(value: str) -> str:
    """A value in JQL."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
