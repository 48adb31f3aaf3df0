"""What is particular to GitLab, against a server that keeps its published contract."""

from __future__ import annotations

from typing import Any

import pytest
from rest_cases import FIELDS, GITLAB, Opened, item, key

from docparse.trackers.http import Refused
from docparse.trackers.items import Remote


def make(opened: Opened, number: int = 1, place: str = "ct/chung", **fields: Any) -> Remote:
    return opened.tracker.create(item(number, place, **fields), parent_id=None)


def test_what_gitlab_is_sent() -> None:
    opened = GITLAB.open()
    made = make(opened, title="Xem !2", notes="- một", link=None, assignee="An.Nguyen", tags=("Sở Y tế, số 2",), status="cancelled")
    assert opened.server.bodies("create_issue", "update_issue") == [
        {
            "title": "Xem !\u200b2",
            "description": f"\\- một\n\n`docparse:{key(1)}`",
            "due_date": "2026-06-28",
            "assignee_ids": [3],
            "labels": "docparse,docparse: đã hủy,Sở Y tế‚ số 2",
        },
        {"state_event": "close"},
    ]
    assert (made.id, made.url, made.fields["assignee"]) == ("ct/chung#1", "https://gitlab.example.vn/ct/chung/-/issues/1", "an.nguyen")
    assert made.fields["tags"] == ("Sở Y tế, số 2",)


def test_quick_actions_of_a_text_are_not_done() -> None:
    opened = GITLAB.open()
    raw = opened.server.tracker.create_issue("7", {"title": "x", "description": "/close\nmột"})
    assert (raw["state"], raw["description"]) == ("closed", "một")  # what the server does with one
    for number, notes in enumerate(("/close", "một\n/close", "một\n\n/CLOSE ngay\n", "  /close", "```\n/close\n```\n/close"), start=2):
        made = make(opened, number, notes=notes)
        assert (made.fields["status"], made.fields["notes"]) == ("open", notes.rstrip("\n"))


def test_no_one_is_the_person_zero() -> None:
    opened = GITLAB.open()
    made = make(opened, assignee="an.nguyen")
    opened.tracker.update(made, {"assignee": None})
    assert opened.server.bodies("update_issue") == [{"assignee_ids": [0]}]


def test_a_state_is_only_changed_where_it_differs() -> None:
    opened = GITLAB.open()
    remote = make(opened)
    for status in ("doing", "done", "cancelled", "open"):
        remote = opened.tracker.update(remote, {"status": status})
    assert [body.get("state_event") for body in opened.server.bodies("update_issue")] == [None, "close", None, "reopen"]


def test_a_reopened_issue_is_open_whatever_its_labels_say() -> None:
    opened = GITLAB.open()
    make(opened, status="cancelled")
    opened.rows[0] |= {"state": "opened", "closed_at": None}
    (found,) = opened.tracker.read(["ct/chung"], {})
    assert (found.fields["status"], found.done_on) == ("open", None)


def test_a_project_can_be_named_by_its_id() -> None:
    opened = GITLAB.open()
    made = make(opened, place="7")
    assert (made.id, opened.tracker.read(["7"], {})) == ("7#1", [made])
    assert {arguments["id"] for _, arguments, _ in opened.server.asked} == {"7"}


def test_a_moved_issue_is_found_where_it_is_now() -> None:
    opened = GITLAB.open()
    old, new = make(opened, 1), make(opened, 1, place="ct/khac")
    opened.rows[0] |= {"state": "closed", "moved_to_id": opened.rows[1]["id"]}
    assert opened.tracker.read(["ct/chung", "ct/khac"], {key(1): old.id}) == [new]
    assert opened.tracker.read(["ct/chung"], {key(1): old.id}) == []


def test_what_gitlab_does_not_take_is_told() -> None:
    opened = GITLAB.open()
    with pytest.raises(Refused, match=r"status 400: .*is too long"):
        make(opened, title="x" * 300)
    assert opened.rows == []


def test_a_place_with_dots_and_slashes_stays_one_part_of_the_path() -> None:
    opened = GITLAB.open()
    opened.server.tracker.projects["ct/nhom.1/du-an"] = 9
    made = make(opened, place="ct/nhom.1/du-an", **FIELDS)
    assert opened.tracker.read(["ct/nhom.1/du-an"], {}) == [made]
