"""What a Redmine has, by the names that its administrator gave: projects, trackers, custom fields, statuses, priorities, people. Read once a run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import httpx
from pydantic import Field

from docparse.errors import TrackerError
from docparse.trackers.http import Client, Denied, Refused
from docparse.trackers.items import Progress
from docparse.trackers.mapping import Part

Json = dict[str, Any]
Ours = Literal["key", "tags", "link", "leads", "supports", "assigner", "source", "section", "recurrence", "citations", "confidence"]
PAGE = 100  # the most that Redmine gives at once
NEEDED = "description", "due_date"  # without them a tracker is of no use
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9_-]*")
LISTED = 20  # names in a message


class Options(Part):
    """`[targets.NAME.options]` of a Redmine.

    `tracker` is the first of the project unless named, `priority` Redmine's default. `statuses` says what open, doing, done and cancelled are
    called. Unless named, open is what the tracker gives to new issues, doing and done the first other status that is open or closed;
    cancelled has none. `custom_fields`: from our fields to custom fields. `key` there keeps the description free of the key.
    """

    tracker: str | None = None
    priority: str | None = None
    statuses: dict[Progress, str] = Field(default_factory=dict)
    custom_fields: dict[Ours, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Project:
    """A project with the ids of its trackers and custom fields by name."""

    id: int
    identifier: str
    trackers: Mapping[str, int]
    custom_fields: Mapping[str, int]


class Directory:
    """Names and ids of a Redmine. Names that it does not have raise TrackerError, or Refused where only one item is concerned."""

    def __init__(self, client: Client, options: Options, people: Iterable[str]) -> None:
        self._client, self._options = client, options
        self._people = {who.lower(): who for who in people}  # as the mapping names them
        self._is_checked = False
        self._places: dict[str, Project] = {}
        self._projects: dict[int, Project] = {}
        self._members: dict[int, dict[int, str]] = {}
        self._logins: dict[int, str | None] = {}

    def check_account(self) -> None:
        """Raises TrackerError for a wrong key: Redmine takes that for a visitor elsewhere, who sees only a part."""
        if not self._is_checked:
            self.get("users/current.json")
            self._is_checked = True

    def project(self, place: str) -> Project:
        """The project with an identifier or a name, in which all is there that the options name."""
        if place not in self._places:
            found = self._find(place.strip())
            self.tracker(found)
            for field in self._options.custom_fields.values():
                self.custom_field(found, field)
            self._places[place] = found
        return self._places[place]

    def project_of(self, number: int) -> Project:
        """The project with an id. Raises Refused if it is not there."""
        if number not in self._projects:
            self._projects[number] = self._read_project(str(number))
        return self._projects[number]

    def tracker(self, project: Project) -> int:
        """The tracker of new issues in a project."""
        named = self._options.tracker or next(iter(project.trackers), "")
        tracker = self._id(f"tracker in project {project.identifier}", named, project.trackers)
        if off := set(NEEDED) - set(self._trackers[tracker].get("enabled_standard_fields", NEEDED)):
            hint = "Switch them on, or name another tracker in the options."
            raise TrackerError(self._client.name, f"has {', '.join(sorted(off))} switched off in tracker {named}", hint=hint)
        return tracker

    def custom_field(self, project: Project, named: str) -> int:
        """The id of a custom field of a project."""
        return self._id(f"custom field in project {project.identifier}", named, project.custom_fields)

    def priority(self) -> int | None:
        """The priority of new issues, None for that of Redmine."""
        if self._options.priority is None:
            return None
        return self._id("priority", self._options.priority, _ids(self.get("enumerations/issue_priorities.json")["issue_priorities"]))

    def status(self, progress: str, project: Project) -> int:
        """The status that stands for a progress."""
        if found := next((number for number, named in self._named.items() if named == progress), None):
            return found
        default: int = self._trackers[self.tracker(project)]["default_status"]["id"]
        if progress == "open":
            return default
        closed = {"doing": False, "done": True}.get(progress)
        fits = [row["id"] for row in self._statuses if row["is_closed"] is closed and row["id"] != default and row["id"] not in self._named]
        if not fits:
            raise Refused(self._client.name, f"has no status for {progress} items", hint="Name one under statuses in the options.")
        return int(fits[0])

    def progress(self, status: int) -> Progress:
        """What a status says: a closed one that nothing else is said of is done, an open one is doing unless new issues have it."""
        if status in self._named:
            return self._named[status]
        if next((row["is_closed"] for row in self._statuses if row["id"] == status), False):
            return "done"
        new = {row["default_status"]["id"] for row in self._trackers.values() if "default_status" in row}
        return "open" if status in new else "doing"

    def is_closed(self, status: int) -> bool:
        """Whether issues with a status are closed."""
        return any(row["id"] == status and row["is_closed"] for row in self._statuses)

    def assignee(self, who: str, project: Project) -> int:
        """The member of a project with a login, or a full name as Redmine shows it (the only one that groups have)."""
        if project.id not in self._members:
            rows = self.all(f"projects/{project.id}/memberships.json", "memberships")
            self._members[project.id] = {member["id"]: member["name"] for row in rows if (member := row.get("user") or row.get("group"))}
        members = self._members[project.id]
        wanted = who.strip().lower()
        self._people.setdefault(wanted, who)
        if found := next((number for number, name in members.items() if wanted == name.lower()), None):
            return found
        if found := next((number for number in members if wanted == (self._login(number) or "").lower()), None):
            return found
        there = [f"{self._login(number) or '-'} ({name})" for number, name in members.items()]
        raise self._absent(f"member of project {project.identifier}", who, there, error=Refused)

    def called(self, person: Json) -> str:
        """A person as the mapping names them, else by login, else (of a group) by name."""
        names = [name for name in (self._login(person["id"]), person["name"]) if name]
        return next((self._people[name.lower()] for name in names if name.lower() in self._people), names[0])

    def get(self, path: str, **options: Any) -> Json:
        """What Redmine answers. Raises TrackerError if it is no JSON."""
        return self.read(self._client.request("GET", path, **options))

    def read(self, response: httpx.Response) -> Json:
        """The JSON of an answer. Raises TrackerError if it is none."""
        try:
            found: Json = response.json()
        except ValueError as error:
            raise TrackerError(self._client.name, "answers with something that is no JSON", hint="Is url that of Redmine's first page?") from error
        return found

    def all(self, path: str, name: str, **query: str) -> list[Json]:
        """The rows of all pages."""
        rows: list[Json] = []
        while True:
            page = self.get(path, params={**query, "limit": PAGE, "offset": len(rows)})
            rows += page[name]
            if len(rows) >= page.get("total_count", 0) or not page[name]:
                return rows

    def _find(self, place: str) -> Project:
        if IDENTIFIER.fullmatch(place):
            with suppress(Refused, Denied):
                found = self._read_project(place)
                return self._projects.setdefault(found.id, found)
        rows = self.all("projects.json", "projects")
        number = next((row["id"] for row in rows if row["name"].strip() == place), None)
        if number is None:
            raise self._absent("project", place, [row["identifier"] for row in rows], hint="Is the account of the API key a member?")
        return self.project_of(number)

    def _read_project(self, named: str) -> Project:
        row = self.get(f"projects/{named}.json", params={"include": "trackers,issue_custom_fields"})["project"]
        return Project(row["id"], row["identifier"], _ids(row.get("trackers", ())), _ids(row.get("issue_custom_fields", ())))

    @cached_property
    def _trackers(self) -> dict[int, Json]:
        return {row["id"]: row for row in self.get("trackers.json")["trackers"]}

    @cached_property
    def _statuses(self) -> list[Json]:
        rows: list[Json] = self.get("issue_statuses.json")["issue_statuses"]
        return [{**row, "is_closed": bool(row.get("is_closed"))} for row in rows]

    @cached_property
    def _named(self) -> dict[int, Progress]:
        return {self._id("status", name, _ids(self._statuses)): progress for progress, name in self._options.statuses.items()}

    def _login(self, number: int) -> str | None:
        """The login of a user whom the account may see; groups have none."""
        if number not in self._logins:
            try:
                self._logins[number] = self.get(f"users/{number}.json")["user"].get("login")
            except Refused:
                self._logins[number] = None
        return self._logins[number]

    def _id(self, kind: str, named: str, there: Mapping[str, int]) -> int:
        if named.strip() not in there:
            raise self._absent(kind, named, list(there))
        return there[named.strip()]

    def _absent(self, kind: str, named: str, there: Sequence[str], *, hint: str = "", error: type[TrackerError] = TrackerError) -> TrackerError:
        listed = ", ".join(there[:LISTED]) + (f" and {len(there) - LISTED} more" if len(there) > LISTED else "")
        return error(
            self._client.name, f"has no {kind} named {named} (there: {listed or 'none'})", hint=hint or "docs/trackers.md says where it is named."
        )


def _ids(rows: Iterable[Json]) -> dict[str, int]:
    """Ids by name; names that Redmine keeps may end with a space."""
    return {row["name"].strip(): row["id"] for row in rows}
