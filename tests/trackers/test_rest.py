"""What holds for every tracker with a JSON interface, against servers that keep their published contracts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from contract_server import Fault
from jira_server import Jira
from rest_cases import CASES, CLOUD, DATA_CENTER, FIELDS, GITHUB, GITLAB, LINK, SECRET, Case, Opened, item, kept, key

from docparse.errors import TrackerError
from docparse.trackers.http import Changed, Refused, Unanswered
from docparse.trackers.items import GONE, Item, Remote
from docparse.trackers.mapping import TargetSettings
from docparse.trackers.targets import rest

TAGS = ("Sở Văn hóa, Thể thao và Du lịch", "Sở Y tế", GONE)
HOSTILE = (
    "/close\n/assign @an-nguyen\nfixes #1, xem !2 và https://github.com/ct/chung/issues/1\n- [ ] việc\n1. ![ảnh](http://x.example.vn/a.png) <img src=x>\n"
    "```\n{code}h1. x{code} [~an.nguyen] CT-1 &lt;b&gt; \\n *đậm* _ng_ ~g~ :smile: $x$ [[wiki]] {{opSetting:host_name}} 1234567a\n===\n    lề\n| a |\n"
    "docparse:00000000-0000-4000-8000-000000000099"
)


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def opened(request: pytest.FixtureRequest) -> Iterator[Opened]:
    case: Case = request.param
    yield case.open()


def reindex(opened: Opened) -> None:
    """The search index of Jira Cloud catches up."""
    if isinstance(opened.server.tracker, Jira):
        opened.server.tracker.reindex()


def make(opened: Opened, number: int = 1, place: str | None = None, **fields: Any) -> Remote:
    return opened.tracker.create(item(number, place or opened.case.place, **fields), parent_id=None)


def read_one(opened: Opened, known: Remote | None = None) -> Remote:
    found = opened.tracker.read([opened.case.place], {known.key or "": known.id} if known else {})
    assert len(found) == 1
    return found[0]


def test_what_is_made_is_read_back(opened: Opened) -> None:
    made = make(opened, assignee=opened.case.person, tags=TAGS)
    assert made.fields == kept(opened, {**FIELDS, "assignee": opened.case.person, "tags": TAGS})
    assert (made.key, made.done_on) == (key(1), None)
    assert made.url and made.url.startswith("https://")
    assert read_one(opened) == made


def test_empty_fields_are_left_out(opened: Opened) -> None:
    made = opened.tracker.create(Item(key(1), opened.case.place, {"title": "Kế hoạch"}), parent_id=None)
    assert {name: value for name, value in made.fields.items() if value} == {"title": "Kế hoạch", "status": "open"}
    assert read_one(opened).key == key(1)


FIELD_CHANGES = [
    ("title", "Báo cáo @an-nguyen về #12, ABC-12 & 50%"),
    ("notes", "Một dòng\n\nvà một dòng"),
    ("notes", ""),
    ("due", "2026-07-04"),
    ("due", None),
    ("start", "2026-06-01"),
    ("tags", ("Sở Tài chính", "Sở Y tế")),
    ("tags", ()),
    ("link", "https://van-ban.example.vn/documents/8"),
    ("link", None),
    ("custom:leads", "Sở Tài chính"),
    ("custom:leads", None),
    ("assignee", "another"),
    ("assignee", None),
]
KEPT_CHANGES = [(case, name, value) for case in CASES for name, value in FIELD_CHANGES if name in case.open().tracker.keeps]


@pytest.mark.parametrize(("case", "name", "value"), KEPT_CHANGES, ids=lambda part: part.name if isinstance(part, Case) else str(part)[:12])
def test_one_field_changes_and_nothing_else(case: Case, name: str, value: Any) -> None:
    opened = case.open()
    before = make(opened, assignee=case.person, tags=TAGS)
    after = opened.tracker.update(read_one(opened), {name: case.another if value == "another" else value})
    assert after.fields == {**before.fields, name: case.another if value == "another" else value}
    assert read_one(opened, known=after) == after


def test_an_update_sends_only_what_changed(opened: Opened) -> None:
    make(opened, assignee=opened.case.person, tags=TAGS)
    opened.tracker.update(read_one(opened), {"title": "Mới"})
    (body,) = opened.server.bodies(opened.case.operations["change"])
    body = body.get("fields", body)
    assert {name for name, value in body.items() if value and name != "lockVersion"} == {opened.case.title(opened.rows[0])[1]}


def test_a_status_goes_there_and_back(opened: Opened) -> None:
    before = make(opened, tags=TAGS)
    for status in ("doing", "done", "cancelled", "done", "doing", "cancelled", "open"):
        after = opened.tracker.update(read_one(opened), {"status": status})
        assert after.fields == {**before.fields, "status": status}
        assert after.done_on == ("2026-05-02" if status in {"done", "cancelled"} and opened.case.name != "openproject" else None)
        assert read_one(opened) == after


@pytest.mark.parametrize("status", ["doing", "done", "cancelled"])
def test_an_item_can_be_made_in_any_status(opened: Opened, status: str) -> None:
    assert make(opened, status=status).fields["status"] == status
    assert read_one(opened).fields["status"] == status


def test_an_unknown_person_is_refused_and_named(opened: Opened) -> None:
    said = "Assignee is not a valid user" if opened.case.name == "openproject" else opened.case.nobody
    with pytest.raises(Refused, match=said):
        make(opened, assignee=opened.case.nobody)
    assert opened.rows == []


def test_many_items_are_read_page_by_page(opened: Opened) -> None:
    first = make(opened, 1)
    template = json.dumps(opened.rows[0])
    for number in range(2, 231):
        row = json.loads(template.replace(key(1), key(number)))
        renumber(opened, row, number)
        opened.rows.append(row)
    reindex(opened)
    found = opened.tracker.read([opened.case.place], {})
    assert [remote.key for remote in found] == [key(number) for number in range(1, 231)]
    assert len({remote.id for remote in found}) == 230
    assert found[0] == first


def renumber(opened: Opened, row: dict[str, Any], number: int) -> None:
    fake = opened.server.tracker
    row["id"] = str(20000 + number) if isinstance(fake, Jira) else 2000 + number
    if isinstance(fake, Jira):
        row["key"] = f"CT-{number}"
        fake.numbers["CT"] = number
    for name in ("number", "iid"):
        if name in row:
            row[name] = number


def test_the_key_survives_what_people_write(opened: Opened) -> None:
    made = make(opened)
    opened.person_writes(0, text=appended)
    found = read_one(opened)
    assert found.key == key(1)
    assert found.fields == {**made.fields, "notes": f"{FIELDS['notes']}\n\nThêm"}
    opened.person_writes(0, text=lambda text: None)
    reindex(opened)
    assert opened.tracker.read([opened.case.place], {}) == []
    found = read_one(opened, known=made)
    assert (found.key, found.id, found.fields["notes"]) == (key(1), made.id, "")
    again = opened.tracker.update(found, {"notes": "Lại"})
    assert (read_one(opened).key, again.fields["notes"]) == (key(1), "Lại")


def appended(text: Any) -> Any:
    """A description to which somebody added a paragraph."""
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": "Thêm"}]}
    return {**text, "content": [*text["content"], paragraph]} if isinstance(text, dict) else f"{text}\r\n\r\nThêm\r\n"


def test_of_copies_the_known_one_counts_else_the_oldest(opened: Opened) -> None:
    made = make(opened)
    copy = json.loads(json.dumps(opened.rows[0]))
    renumber(opened, copy, 2)
    opened.rows.append(copy)
    reindex(opened)
    assert [remote.id for remote in opened.tracker.read([opened.case.place], {})] == [made.id]
    copied = next(remote.id for remote in opened.tracker.list_items(opened.case.place) if remote.id != made.id)
    assert [remote.id for remote in opened.tracker.read([opened.case.place], {key(1): copied})] == [copied]


def test_what_was_deleted_is_not_read(opened: Opened) -> None:
    made, other = make(opened, 1), make(opened, 2)
    reindex(opened)
    opened.rows.pop(0)
    assert opened.tracker.read([opened.case.place], {key(1): made.id, key(2): other.id}) == [other]
    with pytest.raises(Refused, match=r"no longer has the item|does not exist|Not [Ff]ound"):
        opened.tracker.update(made, {"title": "Mới"})


def test_known_items_are_read_without_a_place(opened: Opened) -> None:
    made = make(opened)
    assert opened.tracker.read([], {key(1): made.id}) == [made]


def test_items_of_others_are_left_alone(opened: Opened) -> None:
    make(opened, 1)
    opened.person_writes(0, text=lambda text: None)
    make(opened, 2)
    assert read_one(opened).key == key(2)


def test_what_people_changed_meanwhile_is_not_overwritten(opened: Opened) -> None:
    make(opened)
    found = read_one(opened)
    opened.person_writes(0, title="Của người khác")
    with pytest.raises(Changed):
        opened.tracker.update(found, {"title": "Của máy"})
    assert read_one(opened).fields["title"] == "Của người khác"


def test_an_item_whose_making_nobody_answered_is_found(opened: Opened) -> None:
    make(opened, 1)
    reindex(opened)
    opened.server.faults.append(Fault(opened.case.operations["create"], lost=True))
    with pytest.raises(Unanswered):
        make(opened, 2)
    found = opened.tracker.read([opened.case.place], {})
    assert [remote.key for remote in found] == [key(1), key(2)]
    assert len(opened.rows) == 2


def test_a_change_whose_answer_was_lost_is_made_once(opened: Opened) -> None:
    make(opened)
    opened.server.faults.append(Fault(opened.case.operations["change"], lost=True))
    try:
        opened.tracker.update(read_one(opened), {"title": "Mới"})
    except Changed:
        assert opened.case.name == "openproject"  # the version that was sent again is old by then
    assert read_one(opened).fields["title"] == "Mới"


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_are_told_without_them(opened: Opened, status: int) -> None:
    opened.server.faults.append(Fault(first_asked(opened), status, {"message": "Bad credentials"}))
    with pytest.raises(TrackerError, match=f"refuses the credentials.*status {status}.*DOCPARSE_SECRET_THEO_DOI") as caught:
        opened.tracker.read([opened.case.place], {})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("case", [GITHUB, GITLAB, DATA_CENTER], ids=lambda case: case.name)
@pytest.mark.parametrize("secret", ["mật", "xau\n"], ids=["letters", "line end"])
def test_a_token_that_no_header_can_hold_is_not_shown(case: Case, secret: str) -> None:
    settings = TargetSettings.model_validate({"place": case.place, **case.settings})
    made: Callable[..., rest.RestTracker] = case.kind
    with pytest.raises(TrackerError, match=r"has a password or token with characters that no header can hold. Set DOCPARSE_SECRET") as caught:
        made("theo-doi", settings, secret=secret)
    assert secret.strip() not in str(caught.value)


def first_asked(opened: Opened) -> str:
    return {"github": "get_repository", "gitlab": "get_project"}.get(opened.case.name, opened.case.operations["list"])


def test_a_limit_is_waited_for(opened: Opened) -> None:
    opened.server.faults.append(Fault(opened.case.operations["create"], 429, {"message": "Too many"}, {"retry-after": "7"}))
    make(opened)
    assert 7.0 in opened.slept
    assert len(opened.rows) == 1


def test_a_place_that_is_not_there_is_named(opened: Opened) -> None:
    place = "ct/khong-co" if "/" in opened.case.place else "KHONG"
    with pytest.raises(TrackerError, match=rf"cannot read '{place}'.*Check the place") as caught:
        opened.tracker.read([place], {})
    assert not isinstance(caught.value, Refused)


def test_what_the_tracker_says_of_an_item_is_told(opened: Opened) -> None:
    problem = {"message": "Validation Failed", "errors": [{"field": "title"}]}
    opened.server.faults.append(Fault(opened.case.operations["create"], 422, problem))
    with pytest.raises(Refused, match=r"422.*Validation Failed"):
        make(opened)


def test_an_answer_that_is_no_json_is_told(opened: Opened) -> None:
    opened.server.faults.append(Fault(first_asked(opened), 200, "<html>"))
    with pytest.raises(TrackerError, match=r"with text/html, not with JSON.*Check url"):
        opened.tracker.read([opened.case.place], {})


def test_hostile_text_does_nothing_and_comes_back(opened: Opened) -> None:
    made = make(opened, notes=HOSTILE, title="/close @an-nguyen #1 CT-1 `x`")
    assert made.fields["status"] == "open"
    assert (made.fields["notes"], made.fields["title"]) == (HOSTILE, "/close @an-nguyen #1 CT-1 `x`")
    assert read_one(opened) == made
    changed = opened.tracker.update(made, {"notes": f"{HOSTILE}\n/close"})
    assert (changed.fields["status"], changed.fields["notes"]) == ("open", f"{HOSTILE}\n/close")
    assert read_one(opened).key == key(1)


def test_documents_stand_above_their_tasks(opened: Opened) -> None:
    assert opened.tracker.has_parents == (opened.case.name not in {"github", "gitlab"})
    if not opened.tracker.has_parents:
        return
    above = opened.tracker.create(Item(key(1), opened.case.place, {"title": "Kế hoạch", "notes": "", "link": LINK}), parent_id=None)
    opened.tracker.create(item(2, opened.case.place, parent=key(1)), parent_id=above.id)
    bodies = opened.server.bodies(opened.case.operations["create"])
    if opened.case.name == "openproject":
        assert bodies[1]["_links"]["parent"] == {"href": f"/du-an/api/v3/work_packages/{above.id}"}
    else:
        assert [body["fields"]["issuetype"]["name"] for body in bodies] == ["Epic", "Task"]
        assert [body["fields"].get("parent") for body in bodies] == [None, {"id": above.id}]


@pytest.mark.parametrize(
    "options", [{"statuses": {"finished": "Xong"}}, {"kieu": "Task"}, {"custom_fields": "customfield_1"}], ids=["progress", "name", "type"]
)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_wrong_options_are_named(case: Case, options: dict[str, Any]) -> None:
    with pytest.raises(TrackerError, match=rf"theo-doi: has wrong options \({next(iter(options))}.*{case.settings['kind']} knows these") as caught:
        case.open(options=options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("case", [GITHUB, GITLAB], ids=lambda case: case.name)
def test_a_user_who_cannot_set_labels_is_told_before_anything_is_made(case: Case) -> None:
    opened = case.open()
    opened.server.tracker.push, opened.server.tracker.level = False, 10
    with pytest.raises(TrackerError, match=r"would drop the labels"):
        opened.tracker.read([case.place], {})
    with pytest.raises(TrackerError, match=r"dropped the labels"):
        make(opened)


@pytest.mark.parametrize("case", [GITHUB, GITLAB, CLOUD], ids=lambda case: case.name)
def test_labels_of_people_are_tags_and_stay(case: Case) -> None:
    opened = case.open()
    before = make(opened, tags=("Sở Y tế",))
    labels = {"github": lambda row: row["labels"].append({"name": "gấp"}), "gitlab": lambda row: row["labels"].append("gấp")}
    add: Callable[[dict[str, Any]], None] = labels.get(case.name, lambda row: row["fields"]["labels"].append("gấp"))
    add(opened.rows[0])
    after = opened.tracker.update(read_one(opened), {"status": "done"})
    assert after.fields == {**before.fields, "status": "done", "tags": ("Sở Y tế", "gấp")}
    assert read_one(opened).key == key(1)


def test_two_tags_may_share_a_shortened_label() -> None:
    long = "Sở Nông nghiệp và Môi trường tỉnh có tên rất dài thứ "
    opened = GITHUB.open()
    made = make(opened, tags=(f"{long}một", f"{long}hai"))
    assert made.fields["tags"] == ("Sở Nông nghiệp và Môi trường tỉnh có tên rất dài…",)


def test_keyed_prefers_what_is_known() -> None:
    one, two, other = Remote("a", "1", {}), Remote("a", "2", {}), Remote(None, "3", {})
    assert rest.keyed([one, two, other], {}) == [one]
    assert rest.keyed([one, two, other], {"a": "2", "b": "3"}) == [two, replace(other, key="b")]
    assert rest.keyed([one, Remote("forged", "2", {})], {"a": "2"}) == [Remote("a", "2", {})]
