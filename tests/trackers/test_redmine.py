"""Tasks in a Redmine that really runs, read back by python-redmine and looked at in its pages."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import count
from uuid import UUID

import httpx
import pytest
import redminelib
from redmine_server import Redmine, free_project

from docparse.errors import TrackerError
from docparse.trackers.http import Changed, Refused, Unanswered
from docparse.trackers.items import Item, Remote
from docparse.trackers.mapping import TargetSettings
from docparse.trackers.markdown import plain
from docparse.trackers.targets.redmine import Tracker
from docparse.trackers.targets.redmine_text import escape, find_links, unescape

KEYS = (str(UUID(int=number)) for number in count(1))
LINK = "https://van-ban.example.vn/documents/12?task=t1"
NOTES = f"Lập danh sách.\n\nĐơn vị chủ trì: Sở Tài chính\nNguồn: Kế hoạch số 47/KH-UBND ngày 16/5/2024\nXem trong văn bản: {LINK}"
FIELDS = {"leads": "Đơn vị chủ trì", "supports": "Đơn vị phối hợp", "link": "Đường dẫn", "tags": "Nhãn"}


@pytest.fixture(scope="session")
def found(redmine: Redmine) -> Tracker:
    return tracker(redmine)


@pytest.fixture
def place() -> str:
    """A project of its own for a test."""
    return free_project()


def tracker(redmine: Redmine, *, transport: httpx.BaseTransport | None = None, key: str | None = None, **options: object) -> Tracker:
    settings = TargetSettings.model_validate({"kind": "redmine", "url": redmine.url, "options": options, "per_second": 1000})
    return Tracker("theo-doi", settings, secret=key or redmine.key, transport=transport, sleep=lambda seconds: None)


def person(redmine: Redmine) -> redminelib.Redmine:
    """Somebody who works in Redmine, by another client."""
    return redminelib.Redmine(redmine.url, key=redmine.admin_key)


def item(place: str, **fields: object) -> Item:
    return Item(
        next(KEYS), place, {"title": "Lập danh sách", "notes": NOTES, "status": "open", "assignee": None, "start": None, "due": None, **fields}
    )  # type: ignore[dict-item]


def read(found: Tracker, *places: str, known: dict[str, str] | None = None) -> list[Remote]:
    return list(found.read(places, known or {}))


def test_made_and_read_back_as_it_was_sent(redmine: Redmine, found: Tracker, place: str) -> None:
    sent = item(place, assignee="an.nguyen", start="2024-05-20", due="2024-06-30", link=LINK)
    made = found.create(sent, parent_id=None)

    assert made.fields == sent.fields
    assert (made.key, made.place, made.url, made.done_on) == (sent.key, place, f"{redmine.url}/issues/{made.id}", None)
    assert read(found, place) == [made]
    there = person(redmine).issue.get(int(made.id))
    assert (there.subject, there.tracker.name, there.status.name, there.assigned_to.name) == ("Lập danh sách", "Lỗi", "Mới", "An Nguyễn")
    assert (there.start_date, there.due_date) == (dt.date(2024, 5, 20), dt.date(2024, 6, 30))
    assert there.description.replace("  \r\n", "\n").replace("\r\n", "\n") == f"{NOTES}\n\nMã: docparse:{sent.key}"


def test_without_dates_and_notes(redmine: Redmine, found: Tracker, place: str) -> None:
    made = found.create(item(place, notes="", due="2020-01-31"), parent_id=None)

    assert (made.fields["notes"], made.fields["start"], made.fields["due"], made.fields["link"]) == ("", None, "2020-01-31", None)
    assert read(found, place) == [made]


def test_only_what_changes_is_sent(redmine: Redmine, found: Tracker, place: str) -> None:
    made = found.create(item(place, due="2024-06-30", link=LINK), parent_id=None)
    person(redmine).issue.update(int(made.id), subject="Lập danh sách (gấp)", assigned_to_id=users(redmine)["binh.tran"])

    (seen,) = read(found, place)
    after = found.update(seen, {"due": "2024-07-15", "notes": f"Đã gia hạn.\nXem {LINK}"})

    assert after.fields == {
        **made.fields,
        "title": "Lập danh sách (gấp)",
        "assignee": "binh.tran",
        "due": "2024-07-15",
        "notes": f"Đã gia hạn.\nXem {LINK}",
    }
    assert read(found, place) == [after]
    assert found.update(after, {"recurrence": "FREQ=MONTHLY"}) == after
    emptied = found.update(after, {"assignee": None, "due": None, "title": "Lập danh sách"})
    assert (emptied.fields["assignee"], emptied.fields["due"], emptied.fields["title"]) == (None, None, "Lập danh sách")


def test_changed_in_the_same_second(redmine: Redmine, found: Tracker, place: str) -> None:
    made = found.create(item(place), parent_id=None)
    person(redmine).issue.update(int(made.id), notes="Một ý kiến")
    assert found.update(made, {"title": "Lập danh mục"}).fields["title"] == "Lập danh mục"

    with pytest.raises(Changed, match=f"has issue #{made.id}, which was changed at the same time"):
        found.update(made, {"due": "2024-07-15"})
    person(redmine).issue.delete(int(made.id))
    with pytest.raises(Changed, match=f"has no issue #{made.id} any more"):
        found.update(made, {"due": "2024-07-15"})
    assert read(found, place, known={made.key or "": made.id}) == []


def test_people_write_into_the_notes(redmine: Redmine, found: Tracker, place: str) -> None:
    made = found.create(item(place, notes="Xem *Phụ lục* #1"), parent_id=None)
    raw = person(redmine).issue.get(int(made.id)).description
    person(redmine).issue.update(int(made.id), description=f"*Chú ý*\r\n{raw}\r\n\r\nĐã gọi điện.")

    assert read(found, place)[0].fields["notes"] == "*Chú ý*\nXem *Phụ lục* #1\n\nĐã gọi điện."
    person(redmine).issue.update(int(made.id), description="Không còn mã.")
    (seen,) = read(found, place, known={made.key or "": made.id})
    assert (seen.key, seen.fields["notes"]) == (made.key, "Không còn mã.")
    assert read(found, place) == []


def test_done_by_a_person(redmine: Redmine, place: str) -> None:
    found = tracker(redmine, statuses={"cancelled": "Từ chối"})
    made = [found.create(item(place), parent_id=None) for _ in range(4)]
    for remote, status in zip(made, (5, 6, 4, 1), strict=True):
        person(redmine).issue.update(int(remote.id), status_id=status)
    redmine.sql("UPDATE issues SET closed_on = '2026-05-01 18:30:00' WHERE id = ?", int(made[0].id))

    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=7))).date().isoformat()
    assert [(each.fields["status"], each.done_on) for each in read(found, place)] == [
        ("done", "2026-05-02"),
        ("cancelled", today),
        ("doing", None),
        ("open", None),
    ]
    assert [each.fields["status"] for each in read(tracker(redmine), place)] == ["done", "done", "doing", "open"]


def test_status_is_written(redmine: Redmine, place: str) -> None:
    found = tracker(redmine, statuses={"doing": "Phản hồi", "cancelled": "Từ chối"})
    made = found.create(item(place), parent_id=None)
    for progress, status in (("doing", "Phản hồi"), ("done", "Đã đóng"), ("cancelled", "Từ chối"), ("open", "Mới")):
        made = found.update(made, {"status": progress})
        assert (made.fields["status"], person(redmine).issue.get(int(made.id)).status.name) == (progress, status)

    with pytest.raises(Refused, match="has no status for cancelled items"):
        tracker(redmine).update(made, {"status": "cancelled"})


def test_parent(redmine: Redmine, found: Tracker, place: str) -> None:
    above = found.create(Item(next(KEYS), place, {"title": "Kế hoạch 47", "notes": "Các nhiệm vụ"}), parent_id=None)
    below = found.create(item(place, due="2024-06-30"), parent_id=above.id)

    assert person(redmine).issue.get(int(below.id)).parent.id == int(above.id)
    assert str(person(redmine).issue.get(int(above.id)).due_date) == "2024-06-30"
    assert read(found, place) == [above, below]
    assert found.update(above, {"notes": "Các nhiệm vụ giao"}).fields == {**above.fields, "notes": "Các nhiệm vụ giao"}
    with pytest.raises(Refused, match=f"does not take due of issue #{above.id}"):
        found.update(read(found, place)[0], {"due": "2024-07-01"})

    found.update(below, {"status": "done"})
    person(redmine).issue.update(int(above.id), status_id=5)
    late = found.create(item(place), parent_id=above.id)
    assert not hasattr(person(redmine).issue.get(int(late.id)), "parent")


def test_assignee(redmine: Redmine, place: str) -> None:
    settings = {"kind": "redmine", "url": redmine.url, "agencies": {"Sở Y tế": {"assignee": "Bình Trần"}, "Sở Nội vụ": {"assignee": "AN.Nguyen"}}}
    found = Tracker("theo-doi", TargetSettings.model_validate(settings), secret=redmine.key, sleep=lambda seconds: None)
    made = [found.create(item(place, assignee=who), parent_id=None) for who in ("Bình Trần", "AN.Nguyen", "docparse")]

    assert [remote.fields["assignee"] for remote in made] == ["Bình Trần", "AN.Nguyen", "docparse"]
    assert read(found, place) == made
    there = r"there: docparse \(May Máy\), an\.nguyen \(An Nguyễn\), binh\.tran \(Bình Trần\)"
    with pytest.raises(Refused, match=rf"has no member of project {place} named khach \({there}\)"):
        found.create(item(place, assignee="khach"), parent_id=None)
    assert read(found, place) == made


def test_custom_fields(redmine: Redmine, place: str) -> None:
    found = tracker(redmine, custom_fields=FIELDS)
    custom = {"custom:leads": "Sở Tài chính; Sở Y tế", "custom:supports": "Các xã, phường\n- theo *địa bàn*", "custom:link": LINK}
    sent = item(place, link=LINK, tags=("Sở Tài chính", "Sở Văn hóa, Thể thao"), **custom, **{"custom:section": "2.1"})
    made = found.create(sent, parent_id=None)

    assert found.keeps == {*["title", "notes", "status", "assignee", "start", "due", "link", "tags"], *custom}
    assert made.fields == {name: value for name, value in sent.fields.items() if name != "custom:section"}
    there = {field.name: field.value for field in person(redmine).issue.get(int(made.id)).custom_fields}
    assert (there["Đơn vị chủ trì"], there["Đường dẫn"], there["Nhãn"]) == ("Sở Tài chính; Sở Y tế", LINK, "Sở Tài chính; Sở Văn hóa, Thể thao")
    assert read(found, place) == [made]
    after = found.update(made, {"custom:leads": None, "tags": ()})
    assert (after.fields["custom:leads"], after.fields["tags"], after.fields["custom:link"]) == (None, (), LINK)


def test_key_in_a_custom_field(redmine: Redmine, place: str) -> None:
    found = tracker(redmine, custom_fields={"key": "Mã docparse"})
    made = found.create(sent := item(place, link=LINK), parent_id=None)
    person(redmine).issue.create(project_id=place, subject="Việc khác", tracker_id=1)

    assert person(redmine).issue.get(int(made.id)).description.replace("  \r\n", "\n").replace("\r\n", "\n") == NOTES
    assert made.fields == sent.fields
    assert read(found, place) == [made]


def test_many_of_several_projects(redmine: Redmine, found: Tracker, place: str) -> None:
    below, elsewhere = f"{place}-duoi", free_project()
    redmine.sub_project(below, place)
    made = found.create(item(place), parent_id=None)
    redmine.sql(
        """
        INSERT INTO issues (description, tracker_id, project_id, subject, status_id, priority_id, author_id, lft, rgt, created_on, updated_on)
        WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 120)
        SELECT replace(description, ?, '00000000-0000-0000-0001-' || printf('%012d', number)),
            tracker_id, project_id, subject, status_id, priority_id, author_id, lft, rgt, created_on, updated_on
        FROM issues, numbers WHERE id = ?
        """,
        made.key,
        int(made.id),
    )
    moved = found.create(item(below), parent_id=None)
    person(redmine).issue.update(int(moved.id), project_id=elsewhere)
    person(redmine).issue.create(project_id=place, subject="Việc khác", tracker_id=1)
    last = found.create(item(below), parent_id=None)

    keys = [made.key, *(f"00000000-0000-0000-0001-{number:012d}" for number in range(1, 121)), last.key]
    assert [remote.key for remote in read(found, place)] == keys
    assert [remote.key for remote in read(found, place, below)] == keys
    seen = read(found, known={moved.key or "": moved.id, made.key or "": made.id, "x": "99999999", "y": "lich/x.ics"})
    assert [(remote.key, remote.place) for remote in seen] == [(made.key, place), (moved.key, elsewhere)]


def test_copies_are_not_the_item(redmine: Redmine, found: Tracker, place: str) -> None:
    made = found.create(item(place), parent_id=None)
    copy = person(redmine).issue.copy(int(made.id), project_id=place)

    assert [remote.id for remote in read(found, place)] == [made.id]
    assert [remote.id for remote in read(found, place, known={made.key or "": str(copy.id)})] == [str(copy.id)]


def test_names_that_are_not_there(redmine: Redmine, found: Tracker, place: str) -> None:
    name = person(redmine).project.get(place).name
    made = found.create(item(name), parent_id=None)
    assert (made.place, [remote.place for remote in read(found, place)]) == (name, [place])

    for options, said in (
        ({"tracker": "Nhiệm vụ"}, rf"has no tracker in project {place} named Nhiệm vụ \(there: Lỗi, Tính năng, Hỗ trợ, Không mô tả\)"),
        ({"tracker": "Không mô tả"}, "has description switched off in tracker Không mô tả"),
        ({"custom_fields": {"leads": "Chủ trì"}}, rf"has no custom field in project {place} named Chủ trì \(there: Đơn vị chủ trì, "),
    ):
        with pytest.raises(TrackerError, match=said):
            read(tracker(redmine, **options), place)
    for options, said in (
        ({"statuses": {"done": "Xong"}}, r"has no status named Xong \(there: Mới, Đang tiến hành, "),
        ({"priority": "Gấp"}, r"has no priority named Gấp \(there: Thấp, Bình thường, "),
    ):
        with pytest.raises(TrackerError, match=said):
            tracker(redmine, **options).create(item(place), parent_id=None)
    with pytest.raises(TrackerError, match=r"has no project named khong-co \(there: .*du-an-1, .*\)\. Is the account"):
        read(found, "khong-co")
    with pytest.raises(TrackerError, match=r"has wrong options \(trackers: .*\)\. redmine knows these: tracker, priority, statuses, custom_fields\."):
        tracker(redmine, trackers="Lỗi")
    assert read(found, place) == [replace(made, place=place)]


def test_tracker_and_priority(redmine: Redmine, place: str) -> None:
    made = tracker(redmine, tracker="Hỗ trợ", priority="Cao").create(item(place), parent_id=None)
    there = person(redmine).issue.get(int(made.id))
    assert (there.tracker.name, there.priority.name) == ("Hỗ trợ", "Cao")


def test_what_redmine_refuses(redmine: Redmine, found: Tracker, place: str) -> None:
    with pytest.raises(Refused, match=r"status 422: .*Chủ đề"):
        found.create(item(place, title=""), parent_id="1")

    redmine.sql("DELETE FROM workflows WHERE old_status_id = 1 AND new_status_id = 5 AND tracker_id = 2")
    held = tracker(redmine, tracker="Tính năng").create(item(place), parent_id=None)
    with pytest.raises(Refused, match=rf"does not take status of issue #{held.id}\. Its workflow"):
        found.update(held, {"status": "done"})

    redmine.admin("PUT", f"projects/{place}/close.json")
    with pytest.raises(Refused, match=r"status 422: .*Dự án"):
        found.create(item(place), parent_id=None)
    with pytest.raises(Refused, match=rf"does not let the account write issues in project {place}\. Is the project closed"):
        found.update(held, {"title": "Lập danh mục"})
    assert read(found, place) == [held]


def test_credentials_that_are_refused(redmine: Redmine, place: str) -> None:
    with pytest.raises(TrackerError, match=r"status 401.*\. Set DOCPARSE_SECRET_THEO_DOI, or: keyring set docparse theo-doi") as raised:
        read(tracker(redmine, key="sai" * 12), place)
    assert "sai" not in str(raised.value)

    redmine.set("rest_api_enabled", "0")
    try:
        with pytest.raises(TrackerError, match=r"\(status 40[13]\).* must allow the REST API\."):
            read(tracker(redmine), place)
    finally:
        redmine.set("rest_api_enabled", "1")


class LosesAnswers(httpx.HTTPTransport):
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if request.method == "POST":
            response.read()
            response.close()
            raise httpx.ReadTimeout("", request=request)
        return response


def test_answer_that_is_lost(redmine: Redmine, place: str) -> None:
    found = tracker(redmine, transport=LosesAnswers())
    sent = item(place, link=LINK)
    with pytest.raises(Unanswered):
        found.create(sent, parent_id=None)

    assert [(remote.key, remote.fields) for remote in read(found, place)] == [(sent.key, sent.fields)]
    assert len(person(redmine).issue.filter(project_id=place, status_id="*")) == 1


HOSTILE = [
    "{{toc}} {{child_pages}} {{macro_list}} !{{include(x)}}",
    "!https://xau.example.vn/x.png! !x.png!:http://xau.example.vn ![anh](http://xau.example.vn/x.png)",
    '"bấm":https://xau.example.vn "bấm":/admin [bấm](javascript:alert(1)) [bấm] (https://xau.example.vn) <https://xau.example.vn>',
    "https://xau.example.vn/?a=1 www.xau.example.vn ftp://xau.example.vn mailto:a@xau.example.vn a@xau.example.vn, b@xau.example.vn",
    '#1, (#1) ##1 #1-1 issue#1 #note-1 r1 commit:abcdef1 [[Wiki]] [[chung:Wiki|x]] user:admin user#1 document#1 attachment:x.png source:x version:"1"',
    "@admin @docparse _@admin @an.nguyen@",
    "<script>alert(1)</script> <img src=x onerror=alert(1)> <pre>a</pre> <code>b</code> <notextile>c</notextile> <!-- d --> &lt;b&gt; &#60;i&#62;",
    "*đậm* **đậm** _nghiêng_ __nghiêng__ -gạch- +thêm+ ^trên^ ~dưới~ ~~gạch~~ ??trích?? %{color:red}đỏ% `mã` @mã@ ==thô== m^2 UBND(tỉnh) văn bản[1]",
    "h1. Tiêu đề",
    "# Tiêu đề",
    "bq. Trích",
    "> Trích",
    "p(lop#ma). Đoạn",
    "fn1. Chú thích",
    "| a | b |",
    "|---|---|",
    "```ruby",
    "~~~",
    "---",
    "===",
    "* mục",
    "- mục",
    "1. mục",
    "    thụt \\*lề\\*",
    "é_“x” y_ --²\u20031 -\u2003-- = %\xa0{=x% a:b",
    "[x]: https://xau.example.vn",
    "[^1]: chú",
    "Mã: docparse:00000000-0000-0000-0000-00000000ffff",
    "Số 47/KH-UBND, 14:30 ngày 16-5-2024 (50%), so_1 - so_2: 3 < 5 & 6 > 4!",
]


class Shown(HTMLParser):
    """What a page shows of a description: its lines, its tags, its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.links = "", set[str](), list[str | None]()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.text += "\n" if tag in {"p", "br"} else ""
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.text += data.replace("\n", "")


def shown(redmine: Redmine, number: str) -> Shown:
    page = httpx.get(f"{redmine.url}/issues/{number}").text
    found = re.search(r'<div class="description">.*?<div class="wiki">(.*?)</div>', page, re.DOTALL)
    assert found
    return Shown(found[1])


def users(redmine: Redmine) -> dict[str, int]:
    return {user.login: user.id for user in person(redmine).user.all()}


@pytest.mark.parametrize("formatting", ["textile", "markdown", "common_mark", ""])
def test_nothing_of_a_text_becomes_active(redmine: Redmine, found: Tracker, place: str, formatting: str) -> None:
    redmine.set("text_formatting", formatting)
    notes = "\n".join([*HOSTILE, "", f"Xem trong văn bản: {LINK}"])
    made = found.create(item(place, notes=notes, link=LINK), parent_id=None)
    page = shown(redmine, made.id)

    assert made.fields["notes"] == notes
    assert page.tags == {"p", "br", "a"}
    assert page.links == [LINK]
    lines = [" ".join(line.split()) for line in unescape(page.text).split("\n") if line.strip()]
    assert lines == [" ".join(line.split()) for line in notes.split("\n") if line] + [f"Mã: docparse:{made.key}"]
    assert (made.key, [remote.key for remote in read(found, place)]) == (made.key, [made.key])


@pytest.mark.parametrize("text", ["", "a", *HOSTILE, "a  \nb\n\n c \n", "∗ \u2060 \u2063* ﹫ \u2063", "\n".join(HOSTILE)])
def test_escaping_is_undone(text: str) -> None:
    assert plain(unescape(escape(text))) == plain(text)


def test_only_active_places_are_escaped() -> None:
    plain = "Kế hoạch số 47/KH-UBND ngày 16/5/2024: giao Sở Y tế (chủ trì), hạn 14:30 - 16:00, đạt 95%; a_b, so-1!\nĐiều 2. Xem"
    assert escape(plain) == plain.replace("\n", "  \n")
    assert escape("Xem #12 và (*)") == "Xem \u2060#\u206012 và (\u2063∗)"


def test_only_the_given_link_works() -> None:
    text = f"{LINK}/xau {LINK}. https://xau.example.vn"
    assert find_links(escape(text, links=[LINK])) == [LINK]
    assert find_links(escape(text)) == []
