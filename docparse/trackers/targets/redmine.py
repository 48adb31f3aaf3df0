"""Redmine over its REST API: an issue for each item, found again by the key in the last line of its description or in a custom field."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import httpx

from docparse.days import day_of
from docparse.errors import TrackerError
from docparse.trackers.http import Changed, Client, Denied, Refused
from docparse.trackers.items import Fields, Item, Remote, Value
from docparse.trackers.mapping import TargetSettings, options_of
from docparse.trackers.markdown import KEY, plain
from docparse.trackers.targets.redmine_directory import PAGE, Directory, Json, Options, Project
from docparse.trackers.targets.redmine_text import escape, find_links, unescape

MARK = "docparse:"
KEY_LINE = re.compile(rf"^Mã: {MARK}({KEY})$", re.MULTILINE)
BETWEEN = "; "
Filters = Mapping[str, tuple[str, str]]  # operator and value of each filter of Redmine's issue list


class Tracker:
    """A Redmine, by the API key of an account that may see, add and edit issues in the projects. The place of an item is a project.

    Redmine derives the dates of an issue with subtasks from those: they are None here. `link` is the first link that works in the description.
    """

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
        self.name, self._url, options = name, settings.url.rstrip("/"), options_of(Options, name, settings)
        mapped = options.custom_fields
        self._key_field = mapped.get("key")
        self._custom = {"tags" if ours == "tags" else f"custom:{ours}": named for ours, named in mapped.items() if ours != "key"}
        self.keeps = frozenset({"title", "notes", "status", "assignee", "start", "due", "link", *self._custom})
        self._client = Client.of(
            settings,
            name=name,
            headers={"X-Redmine-API-Key": secret},
            secret_is="It is the API key under My account; Administration > Settings > API must allow the REST API.",
            transport=transport,
            sleep=sleep,
        )
        self._directory = Directory(self._client, options, (each.assignee for each in settings.agencies.values() if each.assignee))

    def read(self, places: Collection[str], known: Mapping[str, str]) -> Sequence[Remote]:
        """All issues with a key in these projects and their subprojects, and the known ones. Of copies that people made, only the original."""
        self._directory.check_account()
        projects = {place: self._directory.project(place) for place in sorted(places)}
        known = {key: number for key, number in known.items() if number.isdecimal()}
        found: dict[int, Json] = {}
        above: set[int] = set()

        def take(filters: Filters) -> None:
            if issues := self._issues(filters):
                found.update(issues)
                above.update(self._issues({**filters, "child_id": ("*", "")}))

        for project in projects.values():
            take(self._with_keys(project))
        elsewhere = sorted(set(map(int, known.values())) - found.keys())
        for first in range(0, len(elsewhere), PAGE):
            take({"issue_id": ("=", ",".join(map(str, elsewhere[first : first + PAGE])))})
        named = {project.id: place for place, project in projects.items()}
        return [self._remote(found[number], key, number in above, named) for number, key in self._keys(found, known)]

    def create(self, item: Item, *, parent_id: str | None) -> Remote:
        """Make an issue. A parent that Redmine does not accept (it is closed, or in another project) is left out."""
        project = self._directory.project(item.place)
        # without a start Redmine would take today, and refuse a deadline before it
        issue = self._written({"start": None, "notes": None, **item.fields}, project, key=item.key)
        issue |= {"project_id": project.id, "tracker_id": self._directory.tracker(project)}
        if priority := self._directory.priority():
            issue["priority_id"] = priority
        if self._key_field:
            field = self._directory.custom_field(project, self._key_field)
            issue.setdefault("custom_fields", []).append({"id": field, "value": item.key})
        try:
            made = self._post({**issue, "parent_issue_id": parent_id} if parent_id else issue, project)
        except Refused:
            if parent_id is None:
                raise
            made = self._post(issue, project)
        if self._key_of(made) != item.key:
            where = f"custom field {self._key_field}" if self._key_field else "description"
            raise TrackerError(self.name, f"does not keep the {where} of issue #{made['id']}", hint="The account needs the right to write it.")
        remote = self._remote(made, item.key, False, {project.id: item.place})
        self._check(remote, {name: value for name, value in item.fields.items() if value})
        return remote

    def update(self, remote: Remote, fields: Fields) -> Remote:
        """Change these fields of an issue. Raises Changed if the fields that are kept are not as they were read, or the issue was deleted."""
        now, links, project = self._look(remote)
        if now.fields != remote.fields:
            raise Changed(self.name, f"has issue #{remote.id}, which was changed at the same time", hint="")
        if issue := self._written(fields, project, key=remote.key or "", links=links):
            self._send("PUT", f"issues/{remote.id}.json", issue, project)
            now, _, _ = self._look(remote)
            self._check(now, fields)
        return now

    def _issues(self, filters: Filters) -> dict[int, Json]:
        """The issues that pass filters, by id. Pages begin after the last id: by number an issue would be missed when another one is deleted."""
        found: dict[int, Json] = {}
        while True:
            page = self._directory.get("issues.json", params=_query({"issue_id": (">=", str(max(found, default=0) + 1)), **filters}))
            found |= {row["id"]: row for row in page["issues"]}
            if len(page["issues"]) >= page["total_count"] or not page["issues"]:
                return found

    def _with_keys(self, project: Project) -> Filters:
        """Issues of a project and its subprojects whose key may be ours. Redmine ignores a filter on a custom field that is not for filtering."""
        named = f"cf_{self._directory.custom_field(project, self._key_field)}" if self._key_field else "description"
        return {"project_id": ("=", str(project.id)), "subproject_id": ("*", ""), named: ("*", "") if self._key_field else ("~", MARK)}

    def _keys(self, found: Mapping[int, Json], known: Mapping[str, str]) -> Iterator[tuple[int, str]]:
        """Ids of issues with their keys, each key once: copies of an issue have its key too."""
        of_known = {int(number): key for key, number in known.items() if int(number) in found}
        taken = set(of_known.values())
        for number in sorted(found):
            key = self._key_of(found[number])
            if number in of_known:
                yield number, of_known[number]
            elif key and key not in taken:
                taken.add(key)
                yield number, key

    def _key_of(self, issue: Json) -> str | None:
        if self._key_field:
            return _custom_values(issue).get(self._key_field) or None
        return _parted(issue["description"])[1]

    def _post(self, issue: Json, project: Project) -> Json:
        made: Json = self._directory.read(self._send("POST", "issues.json", issue, project))["issue"]
        return made

    def _send(self, method: str, path: str, issue: Json, project: Project) -> httpx.Response:
        try:
            return self._client.request(method, path, json={"issue": issue})
        except Denied as error:
            hint = "Is the project closed, or the role of the account without that right?"
            raise Refused(self.name, f"does not let the account write issues in project {project.identifier}", hint=hint) from error

    def _look(self, remote: Remote) -> tuple[Remote, list[str], Project]:
        """An issue as it is now, the links in it that work, and its project."""
        try:
            issue = self._directory.get(f"issues/{remote.id}.json", params={"include": "children"})["issue"]
        except (Refused, Denied) as error:
            raise Changed(self.name, f"has no issue #{remote.id} any more", hint="") from error
        project = self._directory.project_of(issue["project"]["id"])
        now = self._remote(issue, remote.key, "children" in issue, {project.id: remote.place or project.identifier})
        return now, find_links(issue["description"] or ""), project

    def _remote(self, issue: Json, key: str | None, is_parent: bool, named: Mapping[int, str]) -> Remote:
        """An issue in our words. `named`: places by the id of their project."""
        status, custom, place = issue["status"]["id"], _custom_values(issue), named.get(issue["project"]["id"])
        fields: dict[str, Value] = {
            "title": plain(issue["subject"]),
            "notes": _parted(issue["description"])[0],
            "status": self._directory.progress(status),
            "assignee": self._directory.called(issue["assigned_to"]) if "assigned_to" in issue else None,
            "start": None if is_parent else issue.get("start_date"),
            "due": None if is_parent else issue.get("due_date"),
            "link": next(iter(find_links(issue["description"] or "")), None),
            **{name: unescape(custom.get(field, "")) or None for name, field in self._custom.items()},
        }
        if "tags" in self._custom:
            fields["tags"] = tuple(filter(None, (unescape(tag) for tag in custom.get(self._custom["tags"], "").split(BETWEEN))))
        closed = issue.get("closed_on") if self._directory.is_closed(status) else None
        return Remote(
            key,
            str(issue["id"]),
            fields,
            url=f"{self._url}/issues/{issue['id']}",
            done_on=day_of(dt.datetime.fromisoformat(closed)).isoformat() if closed else None,
            place=place or self._directory.project_of(issue["project"]["id"]).identifier,
        )

    def _written(self, fields: Fields, project: Project, *, key: str, links: Sequence[str] = ()) -> Json:
        """Fields in Redmine's words. `links` in the notes stay links."""
        issue: Json = {}
        for name, value in fields.items():
            text = plain(BETWEEN.join(value) if isinstance(value, tuple) else value or "")
            match name:
                case "title":
                    issue["subject"] = text
                case "notes":
                    link = fields.get("link")
                    notes = escape(text, links=[*links, link] if isinstance(link, str) and link else links)
                    issue["description"] = notes if self._key_field else f"{notes}\n\nMã: {MARK}{key}".lstrip()
                case "status":
                    issue["status_id"] = self._directory.status(text, project)
                case "assignee":
                    issue["assigned_to_id"] = self._directory.assignee(text, project) if text else ""
                case "start" | "due":
                    issue[f"{name}_date"] = text
                case _ if name in self._custom:
                    field = self._directory.custom_field(project, self._custom[name])
                    issue.setdefault("custom_fields", []).append({"id": field, "value": text if name == "custom:link" else escape(text)})
        return issue

    def _check(self, remote: Remote, fields: Fields) -> None:
        """Redmine leaves out without a word what the workflow or a role forbids."""
        left = [
            name
            for name, value in fields.items()
            if name in remote.fields and name != "link" and _comparable(value) != _comparable(remote.fields[name])
        ]
        if left:
            hint = "Its workflow, its subtasks or the role of the account may forbid it."
            raise Refused(self.name, f"does not take {', '.join(left)} of issue #{remote.id}", hint=hint)


def _query(filters: Filters) -> list[tuple[str, str]]:
    """Filters as Redmine's issue list wants them: all issues that pass, closed ones too."""
    query = [("sort", "id"), ("limit", str(PAGE))]
    for name, (operator, value) in filters.items():
        if name == "project_id":
            query.append((name, value))
        else:
            query += [("f[]", name), (f"op[{name}]", operator), (f"v[{name}][]", value)]
    return query


def _parted(description: str | None) -> tuple[str, str | None]:
    """The notes in a description, wherever people wrote, and the key."""
    text = plain(description or "")  # browsers send line ends as CR LF
    parts = KEY_LINE.split(text, maxsplit=1)
    notes = "\n\n".join(filter(None, map(plain, parts[::2])))
    return plain(unescape(notes)), parts[1] if len(parts) > 1 else None


def _custom_values(issue: Json) -> dict[str, str]:
    """Texts of custom fields by name; of one with several values all."""
    values = {row["name"].strip(): row.get("value") for row in issue.get("custom_fields", ())}
    return {name: plain(BETWEEN.join(value) if isinstance(value, list) else value or "") for name, value in values.items()}


def _comparable(value: Value) -> Value:
    return plain(value) or None if isinstance(value, str) else value or None
