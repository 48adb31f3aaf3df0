"""What is particular to GitHub, against a server that keeps its published contract."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from contract_server import Fault
from rest_cases import FIELDS, GITHUB, Opened, item, key

from docparse.errors import TrackerError
from docparse.trackers.http import Refused


def make(opened: Opened, number: int = 1, place: str = "ct/chung", **fields: Any) -> Any:
    return opened.tracker.create(item(number, place, **fields), parent_id=None)


def test_what_github_is_sent() -> None:
    opened = GITHUB.open()
    made = make(opened, title="Báo cáo @an-nguyen", notes="Xem #12\n/close", link=None, assignee="an-nguyen", tags=("Sở Y tế, số 2",), status="doing")
    assert opened.server.bodies("create_issue") == [
        {
            "title": "Báo cáo @\u200ban-nguyen",
            "body": f"Xem \\#&#8203;12\\\n\\/close\n\n`docparse:{key(1)}`",
            "assignees": ["an-nguyen"],
            "labels": ["docparse", "docparse: đang làm", "Sở Y tế‚ số 2"],
        }
    ]
    assert (made.id, made.url, made.place) == ("ct/chung#1", "https://github.com/ct/chung/issues/1", "ct/chung")


def test_an_enterprise_server_has_its_own_url() -> None:
    opened = GITHUB.open(url="https://git.example.vn/api/v3")
    with pytest.raises(AssertionError, match=r"another server: https://git.example.vn/api/v3/repos/ct/chung"):
        opened.tracker.read(["ct/chung"], {})


def test_pull_requests_are_no_items() -> None:
    opened = GITHUB.open()
    make(opened, 1)
    make(opened, 2)
    opened.rows[0]["pull_request"] = {"url": "https://api.github.com/repos/ct/chung/pulls/1"}
    assert [remote.key for remote in opened.tracker.read(["ct/chung"], {})] == [key(2)]


def test_a_reason_is_changed_through_an_open_issue() -> None:
    opened = GITHUB.open()
    done = opened.tracker.update(make(opened), {"status": "done"})
    assert opened.rows[0]["state_reason"] == "completed"
    cancelled = opened.tracker.update(done, {"status": "cancelled"})
    assert (cancelled.fields["status"], opened.rows[0]["state_reason"]) == ("cancelled", "not_planned")
    states = [(body.get("state"), body.get("state_reason")) for body in opened.server.bodies("update_issue")]
    assert states == [("closed", "completed"), ("open", "reopened"), ("closed", "not_planned")]
    assert opened.tracker.update(cancelled, {"status": "open"}).fields["status"] == "open"


@pytest.mark.parametrize(("reason", "status"), [("completed", "done"), ("not_planned", "cancelled"), ("duplicate", "cancelled"), (None, "done")])
def test_how_an_issue_was_closed(reason: str | None, status: str) -> None:
    opened = GITHUB.open()
    make(opened)
    opened.rows[0] |= {"state": "closed", "state_reason": reason, "closed_at": "2026-04-30T17:00:00Z"}
    (found,) = opened.tracker.read(["ct/chung"], {})
    assert (found.fields["status"], found.done_on) == (status, "2026-05-01")


def test_several_people_are_named_together() -> None:
    opened = GITHUB.open()
    make(opened)
    opened.rows[0]["assignees"] = [{"login": "binh-le"}, {"login": "an-nguyen"}]
    assert opened.tracker.read(["ct/chung"], {})[0].fields["assignee"] == "an-nguyen, binh-le"


def test_a_person_is_looked_up_once() -> None:
    opened = GITHUB.open()
    for number in (1, 2, 3):
        make(opened, number, assignee="an-nguyen")
    assert [name for name, _, _ in opened.server.asked].count("check_assignee") == 1


def test_a_transferred_issue_is_followed_and_a_deleted_one_is_gone() -> None:
    opened = GITHUB.open()
    here, gone, there = make(opened, 1), make(opened, 2), make(opened, 1, place="ct/khac")
    opened.server.tracker.moved[opened.rows[0]["id"]] = opened.rows[2]
    opened.server.tracker.gone.add(opened.rows[1]["id"])
    found = opened.tracker.read([], {key(1): here.id, key(2): gone.id})
    assert found == [there]
    assert found[0].place == "ct/khac"
    assert opened.tracker.update(replace(there, id=here.id), {"title": "Mới"}).id == there.id


def test_a_renamed_repository_is_told() -> None:
    opened = GITHUB.open()
    opened.server.faults.append(Fault("get_repository", 301, {}, {"location": "https://api.github.com/repositories/1"}))
    with pytest.raises(TrackerError, match=r"cannot read 'ct/chung': it is at another address"):
        opened.tracker.read(["ct/chung"], {})


def test_a_spent_limit_is_waited_for() -> None:
    opened = GITHUB.open()
    limits = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 30)}
    opened.server.faults.append(Fault("create_issue", 403, {"message": "API rate limit exceeded"}, limits))
    make(opened)
    assert 28 < max(opened.slept) <= 30


def test_a_limit_of_an_hour_ends_the_run() -> None:
    opened = GITHUB.open()
    limits = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 3600)}
    opened.server.faults.append(Fault("create_issue", 403, {"message": "API rate limit exceeded"}, limits))
    with pytest.raises(TrackerError, match=r"takes no more requests for 3[56]") as caught:
        make(opened)
    assert not isinstance(caught.value, Refused)
    assert opened.rows == []


def test_what_github_does_not_take_is_told() -> None:
    opened = GITHUB.open()
    with pytest.raises(Refused, match=r"status 422: .*missing_field.*title"):
        opened.tracker.create(replace(item(1, "ct/chung"), fields={**FIELDS, "title": " "}), parent_id=None)
