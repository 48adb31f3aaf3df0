"""Items as to-dos of calendars and back, and calendars as files."""

from __future__ import annotations

import datetime as dt
import re

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from radicale.item import read_components

from docparse.trackers.files.ics import build_ics
from docparse.trackers.items import Item
from docparse.trackers.vtodo import GUARD, KEEPS, build_calendar, change_todo, read_todo

KEY = "6a1c2c1e-93a5-5c0e-8c53-0d6e2f7b7a10"
PARENT = "0b9f3c52-7f0e-5d0b-9a57-4c6a1c1d2e3f"
MOMENT = dt.datetime(2026, 3, 12, 1, 30, tzinfo=dt.UTC)
FULL = {
    "title": "Báo cáo kết quả, quý I",
    "notes": "Toàn văn: báo cáo kết quả; gửi trước ngày 15.\n\nCăn cứ: 47/KH-UBND",
    "status": "doing",
    "start": "2026-03-16",
    "due": "2026-03-31",
    "recurrence": None,
    "tags": ("Sở Tài chính", "Sở Nông nghiệp, Môi trường"),
    "link": "https://van-ban.example.vn/documents/7?finding=task-3#page-2",
}
# as Apple, Thunderbird and others write: what they know and docparse does not
FOREIGN = r"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Apple Inc.//iOS 18.0//EN
X-WR-CALNAME:Việc
BEGIN:VTIMEZONE
TZID:Asia/Ho_Chi_Minh
BEGIN:STANDARD
TZOFFSETFROM:+0700
DTSTART:19750613T000000
TZNAME:GMT+7
TZOFFSETTO:+0700
END:STANDARD
END:VTIMEZONE
BEGIN:VTODO
UID:%KEY%
DTSTAMP:20260101T000000Z
CREATED:20251231T000000Z
LAST-MODIFIED:20260101T000000Z
SEQUENCE:4
SUMMARY;LANGUAGE=vi:Tên cũ
DESCRIPTION;ALTREP="data:text/html,%3Cb%3Ecũ":Cũ
X-ALT-DESC;FMTTYPE=text/html:<b>cũ</b>
STATUS:NEEDS-ACTION
DTSTART;TZID=Asia/Ho_Chi_Minh:20260501T090000
DUE;TZID=Asia/Ho_Chi_Minh:20260501T090000
PRIORITY:1
PERCENT-COMPLETE:x
COMMENT:đã gọi\, chờ
RESOURCES:máy chiếu,phòng họp
REQUEST-STATUS:2.0;Success
X-APPLE-SORT-ORDER:780912345
X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-ADDRESS="Số 1\, Hà Nội";X-TITLE="Trụ
  sở":geo:21.02,105.84
X-RAW;X-P="a:b;c":a;b\,c\N
NO COLON
ATTENDEE;CN="Nguyễn, An":mailto:an.nguyen@example.vn
BEGIN:VALARM
ACTION:DISPLAY
SUMMARY:Nhắc
TRIGGER;RELATED=END:-PT15M
END:VALARM
END:VTODO
END:VCALENDAR
""".replace("%KEY%", KEY)


def item(**fields: object) -> Item:
    return Item(KEY, "Sở Tài chính", {**FULL, **fields})


def only_todo(content: bytes | str) -> icalendar.Todo:
    """The to-do of a calendar that holds nothing else."""
    (todo,) = icalendar.Calendar.from_ical(content).subcomponents
    assert isinstance(todo, icalendar.Todo)
    return todo


def unfolded(content: bytes | str) -> list[str]:
    text = content.decode() if isinstance(content, bytes) else content
    return re.sub("\r?\n[ \t]", "", text).splitlines()


def resource(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VTODO", f"UID:{KEY}", *lines, "END:VTODO", "END:VCALENDAR", ""])


def test_an_item_as_a_todo() -> None:
    made = build_calendar([Item(KEY, "", FULL, parent=PARENT)], MOMENT, name="Nhiệm vụ")
    assert unfolded(made) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//docparse//docparse 0.1.0//VI",
        "X-WR-CALNAME:Nhiệm vụ",
        "BEGIN:VTODO",
        f"UID:{KEY}",
        f"X-DOCPARSE-KEY:{KEY}",
        "DTSTAMP:20260312T013000Z",
        "CREATED:20260312T013000Z",
        "LAST-MODIFIED:20260312T013000Z",
        "SEQUENCE:0",
        "SUMMARY:Báo cáo kết quả\\, quý I",
        "DESCRIPTION:Toàn văn: báo cáo kết quả\\; gửi trước ngày 15.\\n\\nCăn cứ: 47/KH-UBND",
        "STATUS:IN-PROCESS",
        "CATEGORIES:Sở Tài chính,Sở Nông nghiệp\\, Môi trường",
        "URL:https://van-ban.example.vn/documents/7?finding=task-3#page-2",
        "DTSTART;VALUE=DATE:20260316",
        "DUE;VALUE=DATE:20260331",
        f"RELATED-TO;RELTYPE=PARENT:{PARENT}",
        "END:VTODO",
        "END:VCALENDAR",
    ]
    todo = read_todo(made.decode())
    assert todo is not None
    assert (todo.uid, todo.ours, todo.done_on) == (KEY, True, None)
    assert todo.fields == FULL
    assert todo.fields.keys() == KEEPS


def test_an_item_above_the_tasks_of_a_document_has_no_status() -> None:
    made = build_calendar([Item(KEY, "", {"title": "Kế hoạch số 47/KH-UBND", "notes": "Kế hoạch", "link": None})], MOMENT)
    assert only_todo(made).keys() == {"UID", "X-DOCPARSE-KEY", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "SUMMARY", "DESCRIPTION"}


def test_a_file_of_items() -> None:
    others = [Item(f"key-{number}", "", {"title": f"Việc {number}", "status": "open", "due": "2026-05-01"}) for number in range(3)]
    made = build_ics([item(), *others], name="Nhiệm vụ\nquý I")
    read = icalendar.Calendar.from_ical(made)
    assert read.calendar_name == "Nhiệm vụ quý I"
    assert "METHOD" not in read
    assert [str(todo["UID"]) for todo in read.walk("VTODO")] == [KEY, "key-0", "key-1", "key-2"]
    assert abs(read.walk("VTODO")[0].DTSTAMP - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    assert [todo["DUE"].dt for todo in read.walk("VTODO")] == [dt.date(2026, 3, 31), *[dt.date(2026, 5, 1)] * 3]


def test_lines_are_folded_for_strict_readers() -> None:
    notes = "Nhiệm vụ được giao: rà soát, tổng hợp; báo cáo 🏛 " * 40
    made = build_ics([item(notes=notes)], name="Nhiệm vụ")
    assert made.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in made.replace(b"\r\n", b"")
    lines = made.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)  # no letter is cut in two
    assert str(only_todo(made)["DESCRIPTION"]) == notes.strip()


@pytest.mark.parametrize(
    "hostile",
    [
        "việc\nBEGIN:VALARM\nACTION:EMAIL\nEND:VALARM",
        "việc\r\nEND:VTODO\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\nBEGIN:VTODO",
        'a,b;c:d\\e\\nf "g" C:\\Nam\\n \\, \\; \\\\',
        "việc\u2028ATTACH:file:///etc/passwd\x0bX:1\x85Y:2",
    ],
)
def test_hostile_text_stays_text(hostile: str) -> None:
    made = build_calendar([item(title=hostile, notes=hostile, tags=(hostile, "b"), link="https://example.vn/\r\nATTACH:x")], MOMENT)
    todo = only_todo(made)
    assert todo.subcomponents == []
    assert "ATTACH" not in todo
    (vobject,) = read_components(made.decode())
    assert [component.name for component in vobject.components()] == ["VTODO"]
    text = "\n".join(hostile.splitlines())
    assert vobject.vtodo.description.value.replace(GUARD, "") == text
    back = read_todo(made.decode())
    assert back is not None
    assert back.fields["notes"] == text
    assert back.fields["title"] == " ".join(text.split())
    assert back.fields["tags"] == (" ".join(text.split()), "b")
    assert back.fields["link"] == "https://example.vn/ATTACH:x"


def test_characters_that_no_calendar_can_carry_are_left_out() -> None:
    made = build_calendar([item(notes="a\x00b\x1b\ufffec\td\ud800")], MOMENT)
    assert str(only_todo(made)["DESCRIPTION"]) == "abc\td"


written = st.text(st.sampled_from("aN n\\,;:\"'\n[]()ộ\u2060🏛%^|"), max_size=60).map(str.strip)
words = written.map(lambda text: " ".join(text.split())).filter(bool)


@given(title=words, notes=written, tags=st.lists(words, max_size=3).map(tuple))
def test_what_is_written_is_read_also_as_servers_store_it(title: str, notes: str, tags: tuple[str, ...]) -> None:
    fields = {**FULL, "title": title, "notes": notes, "tags": tags}
    made = build_calendar([Item(KEY, "", fields)], MOMENT).decode()
    radicale = read_components(made)[0].serialize()
    xandikos = icalendar.Calendar.from_ical(made).to_ical().decode()
    for text in (made, radicale, radicale.replace("\r\n", "\n"), xandikos):
        todo = read_todo(text)
        assert todo is not None
        assert todo.fields == fields


MARKUP = "Xem [trang này](https://example.com/a) ![ảnh](https://example.com/b.png) [c][d]\n\n[d]: https://example.com/d"


def test_links_and_pictures_in_notes_are_not_active_where_notes_are_markdown() -> None:
    """Nextcloud Tasks shows notes with markdown-it."""
    made = build_calendar([item(notes=MARKUP)], MOMENT)
    shown = MarkdownIt("js-default").render(str(only_todo(made)["DESCRIPTION"]))
    assert re.findall("<(?!/?p>)[^>]*>", MarkdownIt("js-default").render(MARKUP)) == [
        '<a href="https://example.com/a">',
        "</a>",
        '<img src="https://example.com/b.png" alt="ảnh">',
        '<a href="https://example.com/d">',
        "</a>",
    ]
    assert re.findall("<(?!/?p>)[^>]*>", shown) == []
    assert shown.replace(GUARD, "") == f"<p>{MARKUP.splitlines()[0]}</p>\n<p>{MARKUP.splitlines()[2]}</p>\n"
    back = read_todo(made.decode())
    assert back is not None
    assert back.fields["notes"] == MARKUP


@given(st.text(st.sampled_from("[]()!:a/\\\n \"'\u2060"), max_size=30))
def test_no_text_makes_a_link(notes: str) -> None:
    made = build_calendar([item(notes=notes)], MOMENT)
    shown = MarkdownIt("js-default").render(str(only_todo(made).get("DESCRIPTION", "")))
    assert "<a" not in shown
    assert "<img" not in shown


def test_days_of_a_recurrence_are_the_same_in_every_zone() -> None:
    rule = "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"
    made = build_ics([item(recurrence=rule, start="2026-03-31", due="2026-03-31")], name="x")
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(made), components=["VTODO"]).between((2026, 1, 1), (2027, 1, 1))
    days = [todo["DUE"].dt for todo in found]
    assert days == [dt.date(2026, 3, 31), dt.date(2026, 6, 30), dt.date(2026, 9, 30), dt.date(2026, 12, 31)]
    assert all(type(day) is dt.date for day in days)


def test_a_recurrence_counts_from_its_first_due_day() -> None:
    todo = only_todo(build_calendar([item(recurrence="FREQ=WEEKLY;BYDAY=FR", start=None, due="2026-04-03")], MOMENT))
    assert [todo["DTSTART"].dt, todo["DUE"].dt] == [dt.date(2026, 4, 3), dt.date(2026, 4, 3)]
    assert todo["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=FR"


@pytest.mark.parametrize(
    ("due", "day"),
    [
        ("DUE;VALUE=DATE:20260501", "2026-05-01"),
        ("DUE:20260501T165959Z", "2026-05-01"),
        ("DUE:20260501T170000Z", "2026-05-02"),
        ("DUE;TZID=Asia/Ho_Chi_Minh:20260501T000000", "2026-05-01"),
        ("DUE;TZID=Europe/Berlin:20260501T190000", "2026-05-02"),
        ('DUE;X-A="b:c";TZID="SE Asia Standard Time":20260501T003000', "2026-05-01"),
        ("DUE;TZID=Không biết:20260501T003000", "2026-05-01"),
        ("DUE:20260501T003000", "2026-05-01"),
        ("DUE;TZID=Asia/Tokyo;VALUE=DATE:20260501", "2026-05-01"),
        ("due;value=date:20260501", "2026-05-01"),
        ("DUE:99991231T235959Z", None),
        ("DUE:hôm nay", None),
        ("DUE:P1D", None),
        ("DUE:", None),
    ],
)
def test_the_day_on_which_a_client_says_it_is_due(due: str, day: str | None) -> None:
    todo = read_todo(resource(due))
    assert todo is not None
    assert todo.fields["due"] == day


@pytest.mark.parametrize(
    ("lines", "status", "done_on"),
    [
        ([], "open", None),
        (["STATUS:NEEDS-ACTION", "PERCENT-COMPLETE:99"], "open", None),
        (["STATUS:in-process"], "doing", None),
        (["STATUS:CANCELLED", "COMPLETED:20260501T100000Z"], "cancelled", None),
        (["STATUS:COMPLETED"], "done", None),
        (["STATUS:COMPLETED", "COMPLETED:20260501T165959Z"], "done", "2026-05-01"),
        (["STATUS:COMPLETED", "COMPLETED:20260501T170000Z"], "done", "2026-05-02"),
        (["STATUS:COMPLETED", "COMPLETED;VALUE=DATE:20260501"], "done", "2026-05-01"),
        (["COMPLETED:20260501T100000Z"], "done", "2026-05-01"),
        (["PERCENT-COMPLETE:100"], "done", None),
        (["PERCENT-COMPLETE:40"], "doing", None),
        (["PERCENT-COMPLETE:0"], "open", None),
        (["STATUS:X-LATER", "PERCENT-COMPLETE:nhiều"], "open", None),
    ],
)
def test_the_progress_that_a_client_tells(lines: list[str], status: str, done_on: str | None) -> None:
    todo = read_todo(resource(*lines))
    assert todo is not None
    assert (todo.fields["status"], todo.done_on) == (status, done_on)


def test_a_recurring_todo_with_days_that_a_client_changed() -> None:
    """Completing one day makes a VTODO with the same UID beside the series."""
    one = f"BEGIN:VTODO\nUID:{KEY}\nRECURRENCE-ID;VALUE=DATE:20260331\nSTATUS:COMPLETED\nCOMPLETED:20260330T030000Z\nSUMMARY:Một kỳ\nEND:VTODO\n"
    series = f"BEGIN:VTODO\nUID:{KEY}\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1\nDTSTART;VALUE=DATE:20260430\nDUE;VALUE=DATE:20260430\nSUMMARY:Cả chuỗi\nEND:VTODO\n"
    text = f"BEGIN:VCALENDAR\n{one}{series}{one}END:VCALENDAR\n"
    todo = read_todo(text)
    assert todo is not None
    assert (todo.fields["title"], todo.fields["status"], todo.fields["due"], todo.done_on) == ("Cả chuỗi", "open", "2026-04-30", None)
    after = unfolded(change_todo(text, {"title": "Mới"}, MOMENT))
    assert [line for line in after if line.startswith("SUMMARY")] == ["SUMMARY:Một kỳ", "SUMMARY:Mới", "SUMMARY:Một kỳ"]
    only_a_day = read_todo(f"BEGIN:VCALENDAR\n{one}END:VCALENDAR\n")
    assert only_a_day is not None
    assert only_a_day.fields["title"] == "Một kỳ"


@pytest.mark.parametrize("text", ["", "x", "BEGIN:VCALENDAR\nEND:VCALENDAR", "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\nEND:VTODO\nEND:VCALENDAR"])
def test_what_holds_no_todo_is_none(text: str) -> None:
    assert read_todo(text) is None


def test_a_change_leaves_all_that_others_wrote() -> None:
    fields = {**FULL, "recurrence": "FREQ=MONTHLY;BYMONTHDAY=-1"}
    changed = change_todo(FOREIGN, fields, MOMENT)
    before, after = unfolded(FOREIGN), unfolded(changed)
    gone = [line for line in before if line not in after]
    assert gone == [
        "DTSTAMP:20260101T000000Z",
        "LAST-MODIFIED:20260101T000000Z",
        "SEQUENCE:4",
        "SUMMARY;LANGUAGE=vi:Tên cũ",
        'DESCRIPTION;ALTREP="data:text/html,%3Cb%3Ecũ":Cũ',
        "X-ALT-DESC;FMTTYPE=text/html:<b>cũ</b>",
        "STATUS:NEEDS-ACTION",
        "DTSTART;TZID=Asia/Ho_Chi_Minh:20260501T090000",
        "DUE;TZID=Asia/Ho_Chi_Minh:20260501T090000",
        "PERCENT-COMPLETE:x",
    ]
    assert [line for line in after if line in before] == [line for line in before if line not in gone]
    assert {"SEQUENCE:5", "LAST-MODIFIED:20260312T013000Z", "DTSTART;VALUE=DATE:20260316", "DUE;VALUE=DATE:20260331"} <= set(after)
    todo = read_todo(changed.decode())
    assert todo is not None
    assert todo.ours
    assert todo.fields == fields


def test_a_change_of_one_field_leaves_the_others_as_they_are_written() -> None:
    before, after = unfolded(FOREIGN), unfolded(change_todo(FOREIGN, {"title": "Mới"}, MOMENT))
    assert [line for line in before if line not in after] == [
        "DTSTAMP:20260101T000000Z",
        "LAST-MODIFIED:20260101T000000Z",
        "SEQUENCE:4",
        "SUMMARY;LANGUAGE=vi:Tên cũ",
    ]
    assert "DUE;TZID=Asia/Ho_Chi_Minh:20260501T090000" in after


def days_after(text: str, **fields: str | None) -> list[str]:
    names = ("DTSTART", "DUE", "DURATION", "RRULE")
    return sorted(line for line in unfolded(change_todo(text, fields, MOMENT)) if line.startswith(names))


def test_days_after_a_change() -> None:
    timed = resource("DTSTART:20260501T020000Z", "DUE:20260502T020000Z")
    assert days_after(timed, due="2026-05-09") == ["DTSTART;VALUE=DATE:20260501", "DUE;VALUE=DATE:20260509"]  # both of one type
    assert days_after(timed, due="2026-04-30") == ["DUE;VALUE=DATE:20260430"]  # nothing begins after it is due
    assert days_after(timed, due=None) == ["DTSTART;VALUE=DATE:20260501"]
    assert days_after(timed, recurrence="FREQ=DAILY") == ["DTSTART:20260501T020000Z", "DUE:20260502T020000Z", "RRULE:FREQ=DAILY"]
    lasting = resource("DTSTART:20260501T020000Z", "DURATION:PT1H")
    assert days_after(lasting, due="2026-05-09") == ["DTSTART;VALUE=DATE:20260501", "DUE;VALUE=DATE:20260509"]
    due = resource("DUE;VALUE=DATE:20260501")
    assert days_after(due, recurrence="FREQ=DAILY") == ["DTSTART;VALUE=DATE:20260501", "DUE;VALUE=DATE:20260501", "RRULE:FREQ=DAILY"]
    recurring = resource("DTSTART;VALUE=DATE:20260531", "DUE;VALUE=DATE:20260531", "RRULE:FREQ=DAILY")
    assert days_after(recurring, due="2026-05-01") == ["DTSTART;VALUE=DATE:20260501", "DUE;VALUE=DATE:20260501", "RRULE:FREQ=DAILY"]
    assert days_after(recurring, recurrence=None) == ["DTSTART;VALUE=DATE:20260531", "DUE;VALUE=DATE:20260531"]


def test_status_after_a_change() -> None:
    done = resource("STATUS:COMPLETED", "COMPLETED:20260501T100000Z", "PERCENT-COMPLETE:100")
    reopened = unfolded(change_todo(done, {"status": "open"}, MOMENT))
    assert [line for line in reopened if "COMPLETE" in line or line.startswith("STATUS")] == ["STATUS:NEEDS-ACTION"]
    finished = unfolded(change_todo(resource("STATUS:IN-PROCESS", "PERCENT-COMPLETE:40"), {"status": "done"}, MOMENT))
    assert [line for line in finished if "COMPLETE" in line] == ["STATUS:COMPLETED", "PERCENT-COMPLETE:100"]


def test_fields_that_go() -> None:
    before = build_calendar([item()], MOMENT).decode()
    after = change_todo(before, {"notes": "", "tags": (), "link": None, "start": None, "due": None}, MOMENT)
    assert only_todo(after).keys() == {"UID", "X-DOCPARSE-KEY", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "SUMMARY", "STATUS"}


@pytest.mark.parametrize(
    ("rule", "read"),
    [
        ("FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=15", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=15"),
        ("freq=yearly;bymonthday=15;bymonth=3,6,9,12;interval=1;", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=15"),
        ("BYMONTHDAY=-1;INTERVAL=3;FREQ=MONTHLY;X-A=1", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1;X-A=1"),
    ],
)
def test_a_rule_is_read_in_one_order(rule: str, read: str) -> None:
    todo = read_todo(resource(f"RRULE:{rule}"))
    assert todo is not None
    assert todo.fields["recurrence"] == read


def test_tags_on_several_lines() -> None:
    todo = read_todo(resource("CATEGORIES:a\\,b,c", "CATEGORIES;LANGUAGE=vi: d \\\\,,"))
    assert todo is not None
    assert todo.fields["tags"] == ("a,b", "c", "d \\")


def test_a_todo_inside_another_component_is_not_the_todo() -> None:
    todo = read_todo(resource("SUMMARY:a", "BEGIN:X-B", "BEGIN:VTODO", "SUMMARY:b", "END:VTODO", "END:X-B"))
    assert todo is not None
    assert (todo.uid, todo.fields["title"]) == (KEY, "a")


def test_a_copy_is_not_ours() -> None:
    made = build_calendar([item()], MOMENT).decode()
    copied = read_todo(made.replace(f"UID:{KEY}", "UID:ban-sao", 1))
    assert copied is not None
    assert (copied.uid, copied.ours) == ("ban-sao", False)


def test_reading_is_linear() -> None:
    """Nothing that a client writes makes reading slow."""
    bad = [
        "A" * 200_000,
        "A;" * 100_000,
        'A;B="' * 50_000,
        "CATEGORIES:" + "\\" * 100_001,
        "CATEGORIES:" + "," * 100_000,
        "DESCRIPTION:" + "]\u2060" * 50_000,
    ]
    begun = dt.datetime.now(dt.UTC)
    assert read_todo(resource(*bad)) is not None
    assert dt.datetime.now(dt.UTC) - begun < dt.timedelta(seconds=5)
