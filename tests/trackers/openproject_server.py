"""OpenProject in the process, as far as work packages go."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import urlencode

from contract_server import NOW, Problem

ROOT = "/du-an"
ERRORS = "urn:openproject-org:api:v3:errors:"
STATUSES = ("New", "In Progress", "On hold", "Closed", "Rejected")


class OpenProject:
    """Work packages of two projects, 14 `chung` and 15 `khac`, under a path; at most 50 on a page, whatever is asked for."""

    def __init__(self) -> None:
        self.people = {"11": "users", "12": "users"}
        self.projects = {"chung": 14, "khac": 15}
        self.types = {"Task": 1, "Phase": 3}
        self.packages: list[dict[str, Any]] = []

    def list_packages(self, id: str, query: dict[str, str]) -> Any:
        project = self._project(id)
        rows = [package for package in self.packages if package["_links"]["project"]["href"].endswith(f"/{project}")]
        filters = json.loads(query.get("filters", '[{"status": {"operator": "o", "values": []}}]'))
        for condition in filters:
            ((name, how),) = condition.items()
            assert (name, how["operator"]) in {("status", "*"), ("description", "~")}, condition
            if name == "description":
                rows = [package for package in rows if how["values"][0] in (package["description"]["raw"] or "")]
        if not any("status" in condition for condition in filters):
            rows = [package for package in rows if package["_links"]["status"]["href"][-1] not in "45"]
        rows.sort(key=lambda package: package["id"])
        size, page = min(int(query.get("pageSize", 20)), 50), int(query.get("offset", 1))
        links: dict[str, Any] = {"self": {"href": f"{ROOT}/api/v3/projects/{id}/work_packages"}}
        if page * size < len(rows):
            following = urlencode({**query, "pageSize": size, "offset": page + 1})
            links["nextByOffset"] = {"href": f"{ROOT}/api/v3/projects/{id}/work_packages?{following}"}
        some = rows[(page - 1) * size : page * size]
        kind = {"_type": "WorkPackageCollection", "total": len(rows), "count": len(some), "pageSize": size, "offset": page}
        return {**kind, "_embedded": {"elements": some}, "_links": links}

    def create_package(self, id: str, body: dict[str, Any]) -> Any:
        project, number = self._project(id), 100 + len(self.packages)
        links = {
            "self": {"href": f"{ROOT}/api/v3/work_packages/{number}"},
            "project": {"href": f"{ROOT}/api/v3/projects/{project}", "title": id},
            "type": {"href": f"{ROOT}/api/v3/types/1", "title": "Task"},
            "status": {"href": f"{ROOT}/api/v3/statuses/1", "title": "New"},
            "assignee": {"href": None},
            "parent": {"href": None},
        }
        description = {"format": "markdown", "raw": None, "html": ""}
        package = {"id": number, "lockVersion": 0, "subject": "", "description": description, "startDate": None, "dueDate": None, "_links": links}
        self._set(package, body)
        self.packages.append(package)
        return package

    def get_package(self, id: str) -> Any:
        found = next((package for package in self.packages if str(package["id"]) == id), None)
        if found is None:
            raise _error(404, "NotFound", "The specified work package does not exist.")
        return found

    def edit_package(self, id: str, body: dict[str, Any]) -> Any:
        package = self.get_package(id)
        if body["lockVersion"] != package["lockVersion"]:
            raise _error(
                409, "UpdateConflict", "Your changes could not be saved, because the work package was changed since you've seen it the last time."
            )
        self._set(package, body)
        return package

    def list_statuses(self) -> Any:
        rows = [
            {
                "id": number,
                "name": name,
                "isClosed": name in {"Closed", "Rejected"},
                "isDefault": name == "New",
                "position": number,
                "_links": {"self": {"href": f"{ROOT}/api/v3/statuses/{number}", "title": name}},
            }
            for number, name in enumerate(STATUSES, start=1)
        ]
        return {"_type": "Collection", "total": len(rows), "count": len(rows), "_embedded": {"elements": rows}}

    def list_types(self, id: str) -> Any:
        self._project(id)
        rows = [{"name": name, "_links": {"self": {"href": f"{ROOT}/api/v3/types/{number}", "title": name}}} for name, number in self.types.items()]
        return {"_type": "Collection", "total": len(rows), "count": len(rows), "_embedded": {"elements": rows}}

    def _set(self, package: dict[str, Any], body: dict[str, Any]) -> None:
        links = body.get("_links", {})
        assert all(link["href"] is None or link["href"].startswith(f"{ROOT}/api/v3/") for link in links.values()), links
        person = (links.get("assignee", {}).get("href") or "").rpartition("/")[2]
        if person and person not in self.people:
            raise _error(422, "PropertyConstraintViolation", "Assignee is not a valid user.", "assignee")
        for day in (body.get("startDate"), body.get("dueDate")):
            if day and dt.date.fromisoformat(day).weekday() > 4 and not body.get("ignoreNonWorkingDays"):
                raise _error(422, "PropertyConstraintViolation", "Finish date is a non-working day.", "dueDate")
        package |= {name: value for name, value in body.items() if name not in {"_links", "description", "lockVersion"}}
        if "description" in body:
            package["description"] = {"format": "markdown", "raw": body["description"]["raw"], "html": "<p></p>"}
        package["_links"] |= links
        package |= {"updatedAt": NOW, "lockVersion": package["lockVersion"] + (1 if "lockVersion" in body else 0)}

    def _project(self, id: str) -> int:
        found = self.projects.get(id) or next((number for number in self.projects.values() if str(number) == id), None)
        if found is None:
            raise _error(404, "NotFound", "The specified project does not exist.")
        return found


def _error(status: int, kind: str, message: str, attribute: str | None = None) -> Problem:
    details = {"_embedded": {"details": {"attribute": attribute}}} if attribute else {}
    return Problem(status, {"_type": "Error", "errorIdentifier": f"{ERRORS}{kind}", "message": message, **details})
