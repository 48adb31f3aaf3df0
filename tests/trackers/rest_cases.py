"""The trackers with a JSON interface, each with its server in the process, for tests that hold for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from contract_server import ContractServer
from issue_servers import GitHub, GitLab
from jira_server import Jira
from openproject_server import OpenProject

from docparse.trackers.items import Fields, Item
from docparse.trackers.mapping import TargetSettings
from docparse.trackers.targets import github, gitlab, jira, openproject
from docparse.trackers.targets.rest import RestTracker

SECRET = "khong-ai-biet"
LINK = "https://van-ban.example.vn/documents/7?finding=task-2#page-3"
FIELDS: Fields = {
    "title": "Rà soát danh sách ổ dịch",
    "notes": f"Rà soát danh sách ổ dịch; báo cáo @an-nguyen trước 17:30.\n  - mục 1\n\nXem trong văn bản: {LINK}",
    "status": "open",
    "start": None,
    "due": "2026-06-28",  # a Sunday
    "recurrence": None,
    "link": LINK,
    "custom:leads": "Sở Y tế",
}


@dataclass(frozen=True)
class Case:
    """A tracker: how it is made, its names of things, and where it keeps a title and a description."""

    name: str
    contract: str
    fake: Callable[[], Any]
    kind: type[RestTracker]
    settings: dict[str, Any]
    place: str
    elsewhere: str
    person: str
    another: str
    operations: dict[str, str]  # list, create, change, get
    at: Callable[[Any], list[dict[str, Any]]]
    title: Callable[[dict[str, Any]], tuple[dict[str, Any], str]]
    text: Callable[[dict[str, Any]], tuple[dict[str, Any], str]]
    nobody: str = "khong-co-ai"

    def open(self, **changes: Any) -> Opened:
        """The tracker and its server."""
        server = ContractServer(self.contract, self.fake())
        settings = TargetSettings.model_validate({"per_second": 1000, "place": self.place, **self.settings, **changes})
        slept: list[float] = []
        made: Callable[..., RestTracker] = self.kind
        tracker = made("theo-doi", settings, secret=SECRET, transport=server.transport, sleep=slept.append)
        return Opened(self, server, tracker, slept)


@dataclass(frozen=True)
class Opened:
    """A tracker with its server; `slept` are the pauses."""

    case: Case
    server: ContractServer
    tracker: RestTracker
    slept: list[float]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What the server has, as it keeps it."""
        return self.case.at(self.server.tracker)

    def person_writes(self, row: int, *, title: str | None = None, text: Callable[[Any], Any] | None = None) -> None:
        """Somebody changes an item in the browser."""
        if title is not None:
            holder, name = self.case.title(self.rows[row])
            holder[name] = title
        if text is not None:
            holder, name = self.case.text(self.rows[row])
            holder[name] = text(holder[name])
        if "lockVersion" in self.rows[row]:
            self.rows[row]["lockVersion"] += 1


def item(number: int = 1, place: str = "", parent: str | None = None, **fields: Any) -> Item:
    """An item with the key of a number."""
    return Item(key(number), place, {**FIELDS, **fields}, parent=parent)


def key(number: int) -> str:
    """The key of a number."""
    return f"00000000-0000-4000-8000-{number:012d}"


def kept(case: Opened, fields: Fields) -> dict[str, Any]:
    """The fields that a tracker keeps, as it gives them back."""
    found = {name: value for name, value in fields.items() if name in case.tracker.keeps}
    return {name: tuple(sorted(value)) if isinstance(value, tuple) else value for name, value in found.items()}


def _under(*path: str) -> Callable[[dict[str, Any]], tuple[dict[str, Any], str]]:
    def find(row: dict[str, Any]) -> tuple[dict[str, Any], str]:
        for name in path[:-1]:
            row = row[name]
        return row, path[-1]

    return find


GITHUB = Case(
    "github",
    "github",
    GitHub,
    github.Tracker,
    {"kind": "github", "url": "https://github.com"},
    "ct/chung",
    "ct/khac",
    "an-nguyen",
    "binh-le",
    {"list": "list_issues", "create": "create_issue", "change": "update_issue", "get": "get_issue"},
    lambda fake: fake.issues,
    _under("title"),
    _under("body"),
)
GITLAB = Case(
    "gitlab",
    "gitlab",
    GitLab,
    gitlab.Tracker,
    {"kind": "gitlab", "url": "https://gitlab.example.vn"},
    "ct/chung",
    "ct/khac",
    "an.nguyen",
    "binh.le",
    {"list": "list_issues", "create": "create_issue", "change": "update_issue", "get": "get_issue"},
    lambda fake: fake.issues,
    _under("title"),
    _under("description"),
)
JIRA_OPTIONS = {"parent_type": "Epic", "statuses": {"cancelled": "Cancelled"}, "custom_fields": {"leads": "customfield_10050"}}
CLOUD = Case(
    "jira-cloud",
    "jira-cloud",
    lambda: Jira(cloud=True),
    jira.Tracker,
    {"kind": "jira", "url": "https://ct.example.vn", "user": "an@example.vn", "options": JIRA_OPTIONS},
    "CT",
    "KHAC",
    "5b10a2844c20165700ede21g",
    "5b10a2844c20165700ede21h",
    {"list": "search_jql", "create": "create_issue", "change": "edit_issue", "get": "get_issue"},
    lambda fake: fake.issues,
    _under("fields", "summary"),
    _under("fields", "description"),
)
DATA_CENTER = replace(
    CLOUD,
    name="jira-datacenter",
    contract="jira-datacenter",
    fake=lambda: Jira(cloud=False),
    settings={"kind": "jira", "url": "https://jira.example.vn", "options": {"edition": "datacenter", **JIRA_OPTIONS}},
    person="an.nguyen",
    another="binh.le",
    operations={"list": "search", "create": "create_issue", "change": "edit_issue", "get": "get_issue"},
)
OPENPROJECT = Case(
    "openproject",
    "openproject",
    OpenProject,
    openproject.Tracker,
    {"kind": "openproject", "url": "https://op.example.vn/du-an/", "options": {"custom_fields": {"leads": "customField7"}}},
    "chung",
    "khac",
    "11",
    "12",
    {"list": "list_packages", "create": "create_package", "change": "edit_package", "get": "get_package"},
    lambda fake: fake.packages,
    _under("subject"),
    _under("description", "raw"),
    nobody="99",
)
CASES = (GITHUB, GITLAB, CLOUD, DATA_CENTER, OPENPROJECT)
