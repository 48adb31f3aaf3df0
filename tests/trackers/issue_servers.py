"""GitHub and GitLab in the process, as far as issues go."""

from __future__ import annotations

import re
from typing import Any

from contract_server import NOW, Problem


class GitHub:
    """Issues of two repositories, `ct/chung` and `ct/khac`; only members who may push set labels."""

    def __init__(self) -> None:
        self.push = True
        self.people = {"an-nguyen", "binh-le"}
        self.repositories = {"ct/chung": 1, "ct/khac": 2}
        self.issues: list[dict[str, Any]] = []
        self.gone: set[int] = set()
        self.moved: dict[int, dict[str, Any]] = {}

    def get_repository(self, owner: str, repo: str) -> Any:
        name = self._named(owner, repo)
        return {"id": self.repositories[name], "full_name": name, "permissions": {"admin": False, "push": self.push, "pull": True}}

    def list_issues(self, owner: str, repo: str, query: dict[str, str]) -> Any:
        name = self._named(owner, repo)
        wanted = set(query.get("labels", "").split(",")) - {""}
        rows = [
            issue for issue in self.issues if issue["repository_url"].endswith(f"/{name}") and wanted <= {each["name"] for each in issue["labels"]}
        ]
        rows = [issue for issue in rows if query.get("state", "open") in {"all", issue["state"]} and issue["id"] not in self.gone]
        rows.sort(key=lambda issue: issue["id"], reverse=query.get("direction", "desc") == "desc")
        size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
        more = "&".join(f"{key}={value}" for key, value in {**query, "page": page + 1}.items())
        link = f'<https://api.github.com/repositories/{self.repositories[name]}/issues?{more}>; rel="next"'
        return rows[(page - 1) * size : page * size], {"link": link} if page * size < len(rows) else {}

    def list_issues_by_id(self, id: str, query: dict[str, str]) -> Any:
        name = next(name for name, number in self.repositories.items() if number == int(id))
        return self.list_issues(*name.split("/"), query)

    def create_issue(self, owner: str, repo: str, body: dict[str, Any]) -> Any:
        name = self._named(owner, repo)
        number = sum(issue["repository_url"].endswith(f"/{name}") for issue in self.issues) + 1
        issue = {
            "id": 1000 + len(self.issues),
            "number": number,
            "repository_url": f"https://api.github.com/repos/{name}",
            "html_url": f"https://github.com/{name}/issues/{number}",
            "title": "",
            "body": None,
            "state": "open",
            "state_reason": None,
            "labels": [],
            "assignees": [],
            "closed_at": None,
        }
        self._set(issue, body)
        self.issues.append(issue)
        return issue

    def get_issue(self, owner: str, repo: str, number: str) -> Any:
        return self._found(self._named(owner, repo), int(number))

    def get_issue_by_id(self, id: str, number: str) -> Any:
        return self._found(next(name for name, key in self.repositories.items() if key == int(id)), int(number))

    def update_issue(self, owner: str, repo: str, number: str, body: dict[str, Any]) -> Any:
        issue = self._found(self._named(owner, repo), int(number))
        self._set(issue, body)
        return issue

    def check_assignee(self, owner: str, repo: str, assignee: str) -> Any:
        if assignee not in self.people:
            raise self._not_found()
        return None

    def _set(self, issue: dict[str, Any], body: dict[str, Any]) -> None:
        if long := [label for label in body.get("labels", ()) if len(label) > 50]:
            self._refuse({"resource": "Label", "code": "invalid", "field": "name", "value": long[0]})
        if not body.get("title", "x").strip():
            self._refuse({"resource": "Issue", "code": "missing_field", "field": "title"})
        issue |= {name: body[name] for name in ("title", "body") if name in body} | {"updated_at": NOW}
        if "labels" in body and self.push:
            issue["labels"] = [{"name": name} for name in sorted(set(body["labels"]))]
        if "assignees" in body and self.push:
            issue["assignees"] = [{"login": name} for name in body["assignees"] if name in self.people]
        if body.get("state", issue["state"]) != issue["state"]:
            closed = body["state"] == "closed"
            issue |= {"state": body["state"], "closed_at": NOW if closed else None}
            issue["state_reason"] = body.get("state_reason") or ("completed" if closed else "reopened")

    def _found(self, name: str, number: int) -> dict[str, Any]:
        for issue in self.issues:
            if issue["repository_url"].endswith(f"/{name}") and issue["number"] == number:
                if issue["id"] in self.gone:
                    raise Problem(410, {"message": "This issue was deleted", "documentation_url": "https://docs.github.com/rest", "status": "410"})
                if there := self.moved.get(issue["id"]):
                    raise Problem(
                        301, {"message": "Moved Permanently"}, {"location": f"https://api.github.com/repositories/2/issues/{there['number']}"}
                    )
                return issue
        raise self._not_found()

    def _named(self, owner: str, repo: str) -> str:
        if f"{owner}/{repo}" not in self.repositories:
            raise self._not_found()
        return f"{owner}/{repo}"

    def _not_found(self) -> Problem:
        return Problem(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"})

    def _refuse(self, error: dict[str, str]) -> None:
        raise Problem(422, {"message": "Validation Failed", "errors": [error], "documentation_url": "https://docs.github.com/rest", "status": "422"})


class GitLab:
    """Issues of two projects, 7 `ct/chung` and 8 `ct/khac`. Quick actions in descriptions are done, as GitLab does them."""

    ACTION = re.compile(r"^/(close|assign|label|due|title)(?: ([^\n]*))?(?:\s*\n|$)", re.MULTILINE | re.IGNORECASE)

    def __init__(self) -> None:
        self.level = 30
        self.people = {"an.nguyen": 3, "binh.le": 4}
        self.projects = {"ct/chung": 7, "ct/khac": 8}
        self.issues: list[dict[str, Any]] = []

    def get_project(self, id: str) -> Any:
        number = self._project(id)
        access = {"project_access": {"access_level": self.level}, "group_access": None}
        return {"id": number, "path_with_namespace": next(name for name, each in self.projects.items() if each == number), "permissions": access}

    def list_issues(self, id: str, query: dict[str, str]) -> Any:
        project, wanted = self._project(id), set(query.get("labels", "").split(",")) - {""}
        rows = [issue for issue in self.issues if issue["project_id"] == project and wanted <= set(issue["labels"])]
        rows = [issue for issue in rows if query.get("state", "all") in {"all", issue["state"]}]
        rows.sort(key=lambda issue: issue["id"], reverse=query.get("sort", "desc") == "desc")
        size, page = int(query.get("per_page", 20)), int(query.get("page", 1))
        more = "&".join(f"{key}={value}" for key, value in {**query, "page": page + 1}.items())
        link = f'<http://gitlab.inside/api/v4/projects/{project}/issues?{more}>; rel="next"'  # behind a proxy that ends TLS
        return rows[(page - 1) * size : page * size], {"link": link} if page * size < len(rows) else {}

    def create_issue(self, id: str, body: dict[str, Any]) -> Any:
        project = self._project(id)
        iid = sum(issue["project_id"] == project for issue in self.issues) + 1
        issue = {
            "id": 500 + len(self.issues),
            "iid": iid,
            "project_id": project,
            "title": "",
            "description": None,
            "state": "opened",
            "labels": [],
            "assignees": [],
            "due_date": None,
            "closed_at": None,
            "moved_to_id": None,
            "web_url": f"https://gitlab.example.vn/ct/chung/-/issues/{iid}",
        }
        self._set(issue, body)
        self.issues.append(issue)
        return issue

    def get_issue(self, id: str, iid: str) -> Any:
        project = self._project(id)
        found = next((issue for issue in self.issues if issue["project_id"] == project and issue["iid"] == int(iid)), None)
        if found is None:
            raise Problem(404, {"message": "404 Not found"})
        return found

    def update_issue(self, id: str, iid: str, body: dict[str, Any]) -> Any:
        issue = self.get_issue(id, iid)
        self._set(issue, body)
        return issue

    def find_users(self, query: dict[str, str]) -> Any:
        return [{"id": number, "username": name} for name, number in self.people.items() if name == query["username"].lower()]

    def _set(self, issue: dict[str, Any], body: dict[str, Any]) -> None:
        if len(body.get("title", "")) > 255:
            raise Problem(400, {"message": {"title": ["is too long (maximum is 255 characters)"]}})
        if "title" in body:
            issue["title"] = body["title"]
        if "description" in body:
            actions = self.ACTION.findall(body["description"])
            issue["description"] = self.ACTION.sub("", body["description"]).rstrip()
            if any(name.lower() == "close" for name, _ in actions):
                body = {**body, "state_event": "close"}
        if "labels" in body and self.level >= 15:
            issue["labels"] = sorted({label.strip() for label in body["labels"].split(",")} - {""})
        if "due_date" in body:
            issue["due_date"] = body["due_date"] or None
        if "assignee_ids" in body:
            issue["assignees"] = [{"id": number, "username": name} for name, number in self.people.items() if number in body["assignee_ids"]]
        if event := body.get("state_event"):
            issue |= {"state": "closed", "closed_at": NOW} if event == "close" else {"state": "opened", "closed_at": None}

    def _project(self, id: str) -> int:
        found = self.projects.get(id) or next((number for number in self.projects.values() if str(number) == id), None)
        if found is None:
            raise Problem(404, {"message": "404 Project Not Found"})
        return found
