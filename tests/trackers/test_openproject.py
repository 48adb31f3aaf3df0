"""What is particular to OpenProject, against a server that keeps its published contract."""

from __future__ import annotations

from typing import Any

import pytest
from rest_cases import OPENPROJECT, Opened, item, key

from docparse.errors import TrackerError
from docparse.trackers.http import Changed, Refused
from docparse.trackers.items import Item, Remote


def make(opened: Opened, number: int = 1, parent_id: str | None = None, **fields: Any) -> Remote:
    return opened.tracker.create(item(number, "chung", parent=key(99), **fields), parent_id=parent_id)


def test_what_openproject_is_sent() -> None:
    opened = OPENPROJECT.open(options={"type": "Task", "custom_fields": {"leads": "customField7"}})
    made = make(opened, notes="Xem #12", link=None, assignee="11", start="2026-06-01", parent_id="77")
    assert opened.server.bodies("create_package") == [
        {
            "subject": "Rà soát danh sách ổ dịch",
            "description": {"format": "markdown", "raw": f"Xem \\#&#8203;12\n\n`docparse:{key(1)}`"},
            "startDate": "2026-06-01",
            "dueDate": "2026-06-28",
            "ignoreNonWorkingDays": True,
            "scheduleManually": True,
            "customField7": "Sở Y tế",
            "_links": {
                "status": {"href": "/du-an/api/v3/statuses/1"},
                "assignee": {"href": "/du-an/api/v3/users/11"},
                "type": {"href": "/du-an/api/v3/types/1"},
                "parent": {"href": "/du-an/api/v3/work_packages/77"},
            },
        }
    ]
    assert (made.id, made.url, made.version, made.place) == ("100", "https://op.example.vn/du-an/work_packages/100", "0", "14")


def test_the_lock_is_that_of_what_was_read() -> None:
    opened = OPENPROJECT.open()
    first = make(opened)
    second = opened.tracker.update(first, {"title": "Hai"})
    assert (second.version, opened.server.bodies("edit_package")[0]) == ("1", {"subject": "Hai", "lockVersion": 0, "_links": {}})
    with pytest.raises(Changed, match=r"changed at the same time"):
        opened.tracker.update(first, {"title": "Ba"})
    assert opened.rows[0]["subject"] == "Hai"


def test_what_openproject_does_not_take_is_told() -> None:
    opened = OPENPROJECT.open()
    made = make(opened)
    with pytest.raises(Refused, match=r"refuses PATCH .*/work_packages/100 \(status 422: .*Assignee is not a valid user"):
        opened.tracker.update(made, {"assignee": "99"})
    assert opened.rows[0]["lockVersion"] == 0


def test_people_have_numbers() -> None:
    opened = OPENPROJECT.open()
    with pytest.raises(Refused, match=r"knows people by number, not as 'an.nguyen'.*Give the number"):
        make(opened, assignee="an.nguyen")
    opened.rows.clear()
    make(opened)
    opened.rows[0]["_links"]["assignee"] = {"href": "/du-an/api/v3/groups/5", "title": "Phòng 1"}
    assert opened.tracker.read(["chung"], {})[0].fields["assignee"] == "5"


@pytest.mark.parametrize(
    ("number", "status"),
    [(1, "open"), (2, "doing"), (3, "doing"), (4, "done"), (5, "cancelled")],
    ids=["New", "In Progress", "On hold", "Closed", "Rejected"],
)
def test_what_statuses_mean(number: int, status: str) -> None:
    opened = OPENPROJECT.open()
    make(opened)
    opened.rows[0]["_links"]["status"] = {"href": f"/du-an/api/v3/statuses/{number}"}
    (found,) = opened.tracker.read(["chung"], {})
    assert (found.fields["status"], found.done_on) == (status, None)


def test_statuses_can_be_named() -> None:
    opened = OPENPROJECT.open(options={"statuses": {"doing": "On hold", "cancelled": "Bãi bỏ"}})
    assert make(opened, status="doing").fields["status"] == "doing"
    assert opened.rows[0]["_links"]["status"]["href"].endswith("/3")
    with pytest.raises(TrackerError, match=r"has no status 'Bãi bỏ' \(there are: New, In Progress, On hold, Closed, Rejected\)"):
        make(opened, 2, status="cancelled")


def test_types_can_be_named() -> None:
    opened = OPENPROJECT.open(options={"type": "Task", "parent_type": "Phase"})
    above = opened.tracker.create(Item(key(99), "chung", {"title": "Kế hoạch"}), parent_id=None)
    make(opened, parent_id=above.id)
    kinds = [body["_links"]["type"]["href"] for body in opened.server.bodies("create_package")]
    assert kinds == ["/du-an/api/v3/types/3", "/du-an/api/v3/types/1"]
    assert [name for name, _, _ in opened.server.asked].count("list_types") == 1
    wrong = OPENPROJECT.open(options={"type": "Việc"})
    with pytest.raises(TrackerError, match=r"has no type 'Việc' in chung \(there are: Task, Phase\)"):
        make(wrong)


def test_without_items_for_documents_every_item_is_a_task() -> None:
    opened = OPENPROJECT.open(options={"type": "Task", "parent_type": "Phase"}, parents=False)
    opened.tracker.create(item(1, "chung"), parent_id=None)
    assert opened.server.bodies("create_package")[0]["_links"]["type"]["href"] == "/du-an/api/v3/types/1"


def test_a_milestone_has_one_day() -> None:
    opened = OPENPROJECT.open()
    make(opened, due=None)
    opened.rows[0] |= {"date": "2026-06-30"}
    for name in ("startDate", "dueDate"):
        del opened.rows[0][name]
    fields = opened.tracker.read(["chung"], {})[0].fields
    assert (fields["start"], fields["due"]) == (None, "2026-06-30")


def test_a_formatted_custom_field_is_read_as_its_text() -> None:
    opened = OPENPROJECT.open()
    make(opened)
    opened.rows[0]["customField7"] = {"format": "markdown", "raw": "Sở Tài chính", "html": "<p>Sở Tài chính</p>"}
    assert opened.tracker.read(["chung"], {})[0].fields["custom:leads"] == "Sở Tài chính"
