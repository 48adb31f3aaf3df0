"""Jira in the process: Cloud, whose index lags until `reindex`, and Data Center."""

from __future__ import annotations

import re
from typing import Any

from contract_server import NOW, Problem

CATEGORIES = {"To Do": "new", "In Progress": "indeterminate", "Done": "done", "Cancelled": "done"}
JQL = re.compile(r'project = "(?P<project>[^"]*)"(?: AND labels = "(?P<label>[^"]*)")? ORDER BY (?P<order>created ASC|key DESC)')


class Jira:
    """Issues of two projects, CT and KHAC. From each status every other can be reached, apart from what `forbidden` names."""

    def __init__(self, *, cloud: bool) -> None:
        self.cloud = cloud
        self.person = "accountId" if cloud else "name"
        self.people = {"5b10a2844c20165700ede21g", "5b10a2844c20165700ede21h"} if cloud else {"an.nguyen", "binh.le"}
        self.types = {"Task", "Epic", "Nhiệm vụ"}
        self.issues: list[dict[str, Any]] = []
        self.numbers = {"CT": 0, "KHAC": 0}
        self.indexed: list[str] = []
        self.lags = cloud
        self.forbidden: set[str] = set()
        self.errors: list[dict[str, str]] = []

    def reindex(self) -> None:
        """The index knows all issues."""
        self.indexed = [issue["id"] for issue in self.issues]

    def search_jql(self, body: dict[str, Any]) -> Any:
        rows = self._search(body["jql"])
        first, size = int(body.get("nextPageToken", "0")), min(body.get("maxResults", 50), 150)
        more = {"nextPageToken": str(first + size)} if first + size < len(rows) else {}
        return {"issues": [{"id": issue["id"]} for issue in rows[first : first + size]], **more}

    def search(self, body: dict[str, Any]) -> Any:
        rows, start, size = self._search(body["jql"]), body.get("startAt", 0), body.get("maxResults", 50)
        return {"startAt": start, "maxResults": size, "total": len(rows), "issues": rows[start : start + size]}

    def bulk_fetch(self, body: dict[str, Any]) -> Any:
        wanted = set(body["issueIdsOrKeys"])
        return {"issues": [issue for issue in self.issues if wanted & {issue["id"], issue["key"]}], "issueErrors": self.errors}

    def create_issue(self, body: dict[str, Any]) -> Any:
        fields = dict(body["fields"])
        project, kind = fields["project"]["key"], fields["issuetype"]["name"]
        if project not in self.numbers:
            self._refuse({"project": "valid project is required"})
        if kind not in self.types:
            self._refuse({"issuetype": "Specify a valid issue type"})
        self.numbers[project] += 1
        identity = str(10000 + len(self.issues))
        empty = {"description": None, "labels": [], "duedate": None, "assignee": None, "resolutiondate": None, "statuscategorychangedate": NOW}
        issue = {"id": identity, "key": f"{project}-{self.numbers[project]}", "fields": {**empty, "status": self._status("To Do")}}
        self._set(issue, fields)
        self.issues.append(issue)
        if not self.lags:
            self.indexed.append(identity)
        return {"id": identity, "key": issue["key"], "self": f"https://jira.example.vn/rest/api/2/issue/{identity}"}

    def get_issue(self, id: str, query: dict[str, str]) -> Any:
        found = next((issue for issue in self.issues if id in {issue["id"], issue["key"]}), None)
        if found is None:
            raise Problem(404, {"errorMessages": ["Issue does not exist or you do not have permission to see it."], "errors": {}})
        return found

    def edit_issue(self, id: str, body: dict[str, Any]) -> None:
        self._set(self.get_issue(id, {}), body["fields"])

    def list_transitions(self, id: str) -> Any:
        at = self.get_issue(id, {})["fields"]["status"]["name"]
        steps = [name for name in CATEGORIES if name != at and name not in self.forbidden]
        return {"transitions": [{"id": self._status(name)["id"], "name": f"to {name}", "to": self._status(name)} for name in steps]}

    def do_transition(self, id: str, body: dict[str, Any]) -> None:
        issue = self.get_issue(id, {})
        step = next((step for step in self.list_transitions(id)["transitions"] if step["id"] == body["transition"]["id"]), None)
        if step is None:
            raise Problem(400, {"errorMessages": [f"Transition id '{body['transition']['id']}' is not valid for this issue."], "errors": {}})
        done = step["to"]["statusCategory"]["key"] == "done"
        issue["fields"] |= {"status": step["to"], "resolutiondate": "2026-05-01T18:30:00.000+0000" if done else None}

    def _set(self, issue: dict[str, Any], fields: dict[str, Any]) -> None:
        if spaced := [label for label in fields.get("labels", ()) if " " in label]:
            self._refuse({"labels": f"The label '{spaced[0]}' contains spaces which is invalid."})
        if (person := fields.get("assignee")) and person[self.person] not in self.people:
            self._refuse({"assignee": f"User '{person[self.person]}' does not exist."})
        if not fields.get("summary", "x").strip():
            self._refuse({"summary": "You must specify a summary of the issue."})
        if "labels" in fields:
            fields = {**fields, "labels": sorted(fields["labels"])}
        issue["fields"] |= fields

    def _search(self, jql: str) -> list[dict[str, Any]]:
        asked = JQL.fullmatch(jql)
        assert asked, jql
        if asked["project"] not in self.numbers:
            raise Problem(400, {"errorMessages": [f"The value '{asked['project']}' does not exist for the field 'project'."], "errors": {}})
        rows = [issue for issue in self.issues if issue["id"] in self.indexed and issue["fields"]["project"]["key"] == asked["project"]]
        rows = [issue for issue in rows if not asked["label"] or asked["label"] in issue["fields"]["labels"]]
        return sorted(rows, key=lambda issue: int(issue["key"].rpartition("-")[2]), reverse=asked["order"] == "key DESC")

    def _status(self, name: str) -> dict[str, Any]:
        return {"id": str(list(CATEGORIES).index(name) + 1), "name": name, "statusCategory": {"key": CATEGORIES[name]}}

    def _refuse(self, errors: dict[str, str]) -> None:
        raise Problem(400, {"errorMessages": [], "errors": errors})
