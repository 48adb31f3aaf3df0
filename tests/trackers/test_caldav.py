"""Tasks in calendars: with a real server (Radicale) and another client library (caldav), and with servers that answer otherwise."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import icalendar
import pytest
import recurring_ical_events
from radicale_server import Radicale

from docparse.errors import TrackerError
from docparse.trackers.files.ics import build_ics
from docparse.trackers.http import Changed, Refused
from docparse.trackers.items import Item, Remote
from docparse.trackers.mapping import TargetSettings
from docparse.trackers.targets.caldav import Tracker

FIELDS = {
    "title": "Báo cáo kết quả, quý I",
    "notes": "Toàn văn: báo cáo; gửi Sở.\n\nCăn cứ: 47/KH-UBND",
    "status": "open",
    "start": None,
    "due": "2026-03-31",
    "recurrence": None,
    "tags": ("Sở Tài chính", "Sở Nông nghiệp, Môi trường"),
    "link": "https://van-ban.example.vn/documents/7?finding=task-3#page-2",
}
SOMEBODYS = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VTODO\nUID:cua-nguoi-khac\nSUMMARY:Việc riêng\nEND:VTODO\nEND:VCALENDAR"
LATE = dt.datetime(2026, 5, 1, 17, 30, tzinfo=dt.UTC)  # half past midnight of the next day in Viet Nam


class Wire(httpx.BaseTransport):
    """The network: it notes each request, and loses the answer to the first one that `loses` names."""

    def __init__(self, loses: str = "") -> None:
        self.sent: list[httpx.Request] = []
        self.loses = loses
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        response = self._inner.handle_request(request)
        if request.method == self.loses:
            self.loses = ""
            response.read()
            raise httpx.ReadError("the connection was lost")
        return response

    def methods(self) -> list[str]:
        return [request.method for request in self.sent]


@pytest.fixture
def server(calendars: Radicale) -> Radicale:
    return calendars


@pytest.fixture
def place(server: Radicale) -> str:
    """A new calendar for tasks."""
    name = f"Sở Tài chính {uuid.uuid4().hex[:6]}"
    server.make_calendar(name)
    return name


def tracker(server: Radicale, *, wire: Wire | None = None, secret: str = "", **settings: Any) -> Tracker:
    given = TargetSettings.model_validate({"kind": "caldav", "url": server.url, "user": server.user, "per_second": 1000, **settings})
    return Tracker("lich", given, secret=secret or server.password, transport=wire, sleep=lambda seconds: None)


def item(place: str, **fields: object) -> Item:
    return Item(str(uuid.uuid4()), place, {**FIELDS, **fields})


def others_view(server: Radicale, place: str) -> Any:
    """The calendar in the other client."""
    return next(calendar for calendar in server.principal().calendars() if calendar.name == place)


def others_todo(server: Radicale, place: str) -> Any:
    (todo,) = others_view(server, place).todos(include_completed=True)
    return todo


def read_one(target: Tracker, place: str) -> Remote:
    (remote,) = target.read([place], {})
    return remote


def test_what_is_created_is_read_by_another_client(server: Radicale, place: str) -> None:
    above = item(place, title="Kế hoạch số 47/KH-UBND", due=None)
    rule = "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"
    one = Item(str(uuid.uuid4()), place, {**FIELDS, "start": "2026-03-31", "recurrence": rule}, parent=above.key)
    target = tracker(server)
    parent = target.create(above, parent_id=None)
    made = target.create(one, parent_id=parent.id)
    todo = others_view(server, place).todo_by_uid(one.key).icalendar_component
    assert str(todo["SUMMARY"]) == FIELDS["title"]
    assert str(todo["DESCRIPTION"]) == FIELDS["notes"]
    assert str(todo["STATUS"]) == "NEEDS-ACTION"
    assert (todo["DTSTART"].dt, todo["DUE"].dt) == (dt.date(2026, 3, 31), dt.date(2026, 3, 31))
    assert tuple(todo.categories) == FIELDS["tags"]
    assert str(todo["URL"]) == FIELDS["link"]
    assert (str(todo["RELATED-TO"]), todo["RELATED-TO"].params["RELTYPE"]) == (above.key, "PARENT")
    calendar = icalendar.Calendar()
    calendar.add_component(todo)
    days = [each["DUE"].dt for each in recurring_ical_events.of(calendar, components=["VTODO"]).between((2026, 1, 1), (2027, 1, 1))]
    assert days == [dt.date(2026, 3, 31), dt.date(2026, 6, 30), dt.date(2026, 9, 30), dt.date(2026, 12, 31)]
    assert (made.key, made.place, made.done_on) == (one.key, place, None)
    assert made.fields == one.fields
    there = {remote.key: remote for remote in target.read([place], {})}
    assert there.keys() == {above.key, one.key}
    assert (there[one.key].id, there[one.key].version, there[one.key].fields) == (made.id, made.version, one.fields)


def test_an_item_is_made_once(server: Radicale, place: str) -> None:
    one, target = item(place), tracker(server)
    first = target.create(one, parent_id=None)
    todo = others_todo(server, place)
    todo.icalendar_component["SUMMARY"] = "Sửa tay"
    todo.save()
    again = target.create(one, parent_id=None)
    assert (again.id, again.fields["title"]) == (first.id, "Sửa tay")
    assert len(others_view(server, place).todos()) == 1


def test_an_item_whose_answer_was_lost_is_made_once(server: Radicale, place: str) -> None:
    one, wire = item(place), Wire(loses="PUT")
    made = tracker(server, wire=wire).create(one, parent_id=None)
    assert wire.methods().count("PUT") == 2
    assert made.fields == one.fields
    assert len(others_view(server, place).todos()) == 1


def test_an_item_that_the_server_has_under_another_name_is_found(server: Radicale, place: str) -> None:
    one = item(place)
    others_view(server, place).save_todo(SOMEBODYS.replace("UID:cua-nguoi-khac", f"UID:{one.key}"))
    renamed = next((server.folder / "collections").rglob(f"{one.key}.ics"))
    renamed.rename(renamed.with_name("ten-khac.ics"))
    made = tracker(server).create(one, parent_id=None)
    assert (made.key, made.fields["title"], made.id.rpartition("/")[2]) == (one.key, "Việc riêng", "ten-khac.ics")


def test_a_change_keeps_what_other_clients_wrote(server: Radicale, place: str) -> None:
    one, target = item(place), tracker(server)
    target.create(one, parent_id=None)
    todo = others_todo(server, place)
    component = todo.icalendar_component
    alarm = icalendar.Alarm.new(description="Nhắc")
    alarm.add("ACTION", "DISPLAY")
    alarm.add("TRIGGER", dt.timedelta(days=-1))
    component.add_component(alarm)
    for name, value in (("X-APPLE-SORT-ORDER", "780912345"), ("PRIORITY", 1), ("COMMENT", "đã gọi, chờ")):
        component.add(name, value)
    todo.save()
    before = read_one(target, place)
    after = target.update(before, {"title": "Tên mới", "due": "2026-04-15"})
    assert after.fields == {**FIELDS, "title": "Tên mới", "due": "2026-04-15"}
    assert after.version != before.version
    there = read_one(target, place)
    assert (there.version, there.fields) == (after.version, after.fields)
    component = others_todo(server, place).icalendar_component
    assert (str(component["SUMMARY"]), component["DUE"].dt) == ("Tên mới", dt.date(2026, 4, 15))
    assert (str(component["X-APPLE-SORT-ORDER"]), component["PRIORITY"], str(component["COMMENT"])) == ("780912345", 1, "đã gọi, chờ")
    assert [each["TRIGGER"].dt for each in component.subcomponents] == [dt.timedelta(days=-1)]
    assert component["SEQUENCE"] == 2  # both clients changed it


def test_what_a_person_changed_in_another_client_is_read(server: Radicale, place: str) -> None:
    target = tracker(server)
    target.create(item(place), parent_id=None)
    todo = others_todo(server, place)
    component = todo.icalendar_component
    component["SUMMARY"], component["STATUS"] = "Sửa tay", "IN-PROCESS"
    del component["DUE"]
    component.add("DUE", dt.datetime(2026, 4, 1, 18, 0, tzinfo=dt.UTC))
    component.categories = [*component.categories, "gấp"]
    todo.save()
    tags = ("Sở Tài chính", "Sở Nông nghiệp, Môi trường", "gấp")
    assert read_one(target, place).fields == {**FIELDS, "title": "Sửa tay", "status": "doing", "due": "2026-04-02", "tags": tags}


def test_what_a_person_completed_in_another_client_is_done_on_the_day_in_viet_nam(server: Radicale, place: str) -> None:
    target = tracker(server)
    target.create(item(place), parent_id=None)
    others_todo(server, place).complete(completion_timestamp=LATE)
    there = read_one(target, place)
    assert (there.fields["status"], there.done_on) == ("done", "2026-05-02")


def test_a_recurring_task_of_which_one_day_was_completed_is_still_open(server: Radicale, place: str) -> None:
    one, target = item(place, start="2026-03-31", recurrence="FREQ=MONTHLY;BYMONTHDAY=-1"), tracker(server)
    target.create(one, parent_id=None)
    todo = others_todo(server, place)
    day = icalendar.Todo.new(uid=one.key, summary="Kỳ quý I", status="COMPLETED", recurrence_id=dt.date(2026, 3, 31))
    day.add("COMPLETED", LATE)
    todo.icalendar_instance.add_component(day)
    todo.save(increase_seqno=False)
    there = read_one(target, place)
    assert there.extra["text"].count("BEGIN:VTODO") == 2
    assert (there.key, there.fields["status"], there.done_on) == (one.key, "open", None)
    target.update(there, {"due": "2026-04-30", "start": "2026-04-30"})
    changed = [each["SUMMARY"] for each in others_todo(server, place).icalendar_instance.walk("VTODO")]
    assert sorted(changed) == [FIELDS["title"], "Kỳ quý I"]


def test_a_change_to_what_somebody_just_changed_is_refused(server: Radicale, place: str) -> None:
    target = tracker(server)
    stale = target.create(item(place), parent_id=None)
    todo = others_todo(server, place)
    todo.icalendar_component["SUMMARY"] = "Sửa tay"
    todo.save()
    with pytest.raises(Changed):
        target.update(stale, {"title": "Đè lên"})
    assert read_one(target, place).fields["title"] == "Sửa tay"


def test_a_change_whose_answer_was_lost_is_not_a_conflict(server: Radicale, place: str) -> None:
    made = tracker(server).create(item(place), parent_id=None)
    target = tracker(server, wire=Wire(loses="PUT"))
    after = target.update(made, {"title": "Tên mới"})
    assert after.fields["title"] == "Tên mới"
    assert after.version == read_one(target, place).version
    assert target.update(after, {"title": "Tên nữa"}).fields["title"] == "Tên nữa"


def test_a_change_to_what_somebody_deleted_is_refused(server: Radicale, place: str) -> None:
    target = tracker(server)
    made = target.create(item(place), parent_id=None)
    others_todo(server, place).delete()
    with pytest.raises(Changed):
        target.update(made, {"title": "Tên mới"})
    assert target.read([place], {str(made.key): made.id}) == []


def test_items_are_found_where_a_person_moved_them(server: Radicale, place: str) -> None:
    wire = Wire()
    target = tracker(server, wire=wire)
    stays, moved = target.create(item(place), parent_id=None), target.create(item(place), parent_id=None)
    elsewhere = f"Khác {uuid.uuid4().hex[:6]}"
    other = server.make_calendar(elsewhere)
    todo = others_view(server, place).todo_by_uid(moved.key)
    other.save_todo(todo.data)
    todo.delete()
    other.save_todo(SOMEBODYS)
    known = {str(remote.key): remote.id for remote in (stays, moved)}
    target = tracker(server, wire=wire)
    found = {remote.key: remote for remote in target.read([place], known)}
    assert found.keys() == known.keys()
    assert (found[moved.key].place, found[moved.key].fields) == (elsewhere, FIELDS)
    assert target.update(found[moved.key], {"title": "Tên mới"}).place == elsewhere
    wire.sent.clear()
    (again,) = target.read((), {str(moved.key): found[moved.key].id})
    assert again.fields["title"] == "Tên mới"
    (request,) = wire.sent
    assert b"calendar-multiget" in request.content  # only the one item is asked for


def test_only_items_of_docparse_are_read(server: Radicale, place: str) -> None:
    target, calendar = tracker(server), others_view(server, place)
    made = target.create(item(place), parent_id=None)
    calendar.save_todo(SOMEBODYS)
    copied = made.extra["text"].replace(f"UID:{made.key}", "UID:ban-sao", 1)
    calendar.save_todo(copied)
    marked = item(place)
    target.create(marked, parent_id=None)
    todo = calendar.todo_by_uid(marked.key)
    del todo.icalendar_component["X-DOCPARSE-KEY"]  # a client that drops what it does not know
    todo.save()
    assert [remote.key for remote in target.read([place], {})] == [made.key]
    assert {remote.key for remote in target.read([place], {marked.key: "x"})} == {made.key, marked.key}


def test_a_thousand_items_are_read_in_one_request(server: Radicale, place: str) -> None:
    items = [item(place, title=f"Việc {number}") for number in range(1000)]
    path = others_view(server, place).url.path
    httpx.put(
        f"{server.url.rstrip('/')}{path}", content=build_ics(items, name=place), auth=(server.user, server.password), timeout=60
    ).raise_for_status()
    wire = Wire()
    target = tracker(server, wire=wire)
    begun = time.monotonic()
    found = {remote.key: remote.fields for remote in target.read([place], {one.key: "" for one in items})}
    assert time.monotonic() - begun < 10
    assert wire.methods() == ["PROPFIND", "PROPFIND", "PROPFIND", "REPORT"]
    assert found == {one.key: one.fields for one in items}


def test_a_wrong_password_is_told(server: Radicale, place: str) -> None:
    with pytest.raises(TrackerError) as caught:
        tracker(server, secret="sai-mat-khau").read([place], {})
    assert "refuses the credentials" in str(caught.value)
    assert "DOCPARSE_SECRET_LICH" in caught.value.hint
    assert "sai-mat-khau" not in f"{caught.value} {caught.value.hint}"


def test_a_calendar_that_is_missing_is_told_with_those_that_are_there(server: Radicale, place: str) -> None:
    server.make_calendar("Chỉ có lịch họp", "VEVENT")
    for do in (lambda target: target.read(["Không có"], {}), lambda target: target.create(item("Không có"), parent_id=None)):
        with pytest.raises(TrackerError) as caught:
            do(tracker(server))
        assert "has no calendar 'Không có' that takes tasks" in str(caught.value)
        assert place in str(caught.value)
        assert "Chỉ có lịch họp" not in str(caught.value)
        assert "create_calendars" in caught.value.hint


def test_calendars_are_made_where_that_is_wished(server: Radicale) -> None:
    name = f'Phòng <KH> & "TC" {uuid.uuid4().hex[:6]}'
    target = tracker(server, options={"create_calendars": True})
    assert target.read([name], {}) == []
    assert name not in [calendar.name for calendar in server.principal().calendars()]  # reading makes nothing
    one, two = item(name), item(name)
    assert target.create(one, parent_id=None).place == name
    tracker(server, options={"create_calendars": True}).create(two, parent_id=None)
    made = [calendar for calendar in server.principal().calendars() if calendar.name == name]
    assert [calendar.get_supported_components() for calendar in made] == [["VTODO"]]
    assert {todo.icalendar_component["UID"] for todo in made[0].todos()} == {one.key, two.key}
    with pytest.raises(TrackerError, match="has no calendar"):
        target.create(item("/an.nguyen/khong-co/"), parent_id=None)


def test_a_calendar_whose_making_was_not_answered_is_made_once(server: Radicale) -> None:
    name = f"Mới {uuid.uuid4().hex[:6]}"
    one = item(name)
    tracker(server, wire=Wire(loses="MKCALENDAR"), options={"create_calendars": True}).create(one, parent_id=None)
    assert [calendar.name for calendar in server.principal().calendars()].count(name) == 1
    assert read_one(tracker(server), name).key == one.key


def test_calendars_by_path_and_by_name(server: Radicale, place: str) -> None:
    path = others_view(server, place).url.path
    made = tracker(server).create(item(path), parent_id=None)
    for name in (path, path.strip("/"), path.strip("/").rpartition("/")[2], f"{server.url.rstrip('/')}{path}", f" {place}  "):
        assert [remote.id for remote in tracker(server).read([name], {})] == [made.id]
    server.make_calendar(place)
    with pytest.raises(TrackerError, match="has 2 calendars") as caught:
        tracker(server).read([place], {})
    assert path in caught.value.hint
    assert [remote.id for remote in tracker(server).read([path], {})] == [made.id]


# servers that answer otherwise

Answer = Callable[[httpx.Request], httpx.Response | None]
HREF = "<response><href>{}</href><propstat><status>HTTP/1.1 200 OK</status><prop>{}</prop></propstat></response>"
WORK = HREF.format(
    "/dav/work/",
    "<resourcetype><collection/><C:calendar/></resourcetype><displayname>Việc</displayname>"
    '<C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set>',
)


def multistatus(*responses: str, before: str = "") -> httpx.Response:
    text = f'{before}<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">{"".join(responses)}</multistatus>'
    return httpx.Response(207, content=text.encode())


def stored(path: str, text: str, version: str = '"2"') -> str:
    return HREF.format(path, f"<getetag>{version}</getetag><C:calendar-data><![CDATA[{text}]]></C:calendar-data>")


def other_server(answer: Answer) -> tuple[Tracker, list[httpx.Request]]:
    """A tracker at a server that answers so, else as one with a calendar `Việc`."""
    sent: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        if (given := answer(request)) is not None:
            return given
        asked = request.content.decode()
        if "current-user-principal" in asked:
            return multistatus(HREF.format("/dav/", "<current-user-principal><href>/dav/me/</href></current-user-principal>"))
        if "calendar-home-set" in asked:
            return multistatus(HREF.format("/dav/me/", "<C:calendar-home-set><href>/dav/</href></C:calendar-home-set>"))
        return multistatus(WORK) if request.method == "PROPFIND" else multistatus()

    settings = TargetSettings(kind="caldav", url="https://lich.example.vn/dav", user="an.nguyen", per_second=1000)
    return Tracker("lich", settings, secret="bi-mat", transport=httpx.MockTransport(handle), sleep=lambda seconds: None), sent


@pytest.mark.parametrize("version", [None, 'W/"1"'])
def test_a_server_that_changes_what_it_is_given_is_asked_what_it_holds(version: str | None) -> None:
    kept: dict[str, str] = {}

    def answer(request: httpx.Request) -> httpx.Response | None:
        if request.method == "PUT":
            kept[request.url.path] = request.content.decode().replace("SUMMARY:Báo", "SUMMARY:BÁO")
            return httpx.Response(201, headers={"ETag": version} if version else {})
        return multistatus(*(stored(path, text) for path, text in kept.items())) if "calendar-multiget" in request.content.decode() else None

    target, sent = other_server(answer)
    one = item("Việc")
    made = target.create(one, parent_id=None)
    assert (made.id, made.version, made.fields["title"]) == (f"/dav/work/{one.key}.ics", '"2"', "BÁO cáo kết quả, quý I")
    assert sent[-2].headers["If-None-Match"] == "*"
    target.update(made, {"title": "Báo"})
    assert sent[-2].headers["If-Match"] == '"2"'


def test_what_is_gone_when_the_server_is_asked_again_was_changed() -> None:
    target, _ = other_server(lambda request: httpx.Response(201) if request.method == "PUT" else None)
    with pytest.raises(Changed):
        target.create(item("Việc"), parent_id=None)


def test_an_item_that_is_not_there_and_cannot_be_made_is_refused() -> None:
    target, _ = other_server(lambda request: httpx.Response(412) if request.method == "PUT" else None)
    with pytest.raises(Refused, match="does not take an item with the UID"):
        target.create(item("Việc"), parent_id=None)


@pytest.mark.parametrize("link", ["https://evil.example/dav/me/", "//evil.example/dav/me/", "http://[evil"])
def test_the_password_goes_to_no_other_server(link: str) -> None:
    href = HREF.format("/dav/", f"<current-user-principal><href>{link}</href></current-user-principal>")
    target, sent = other_server(lambda request: multistatus(href))
    with pytest.raises(TrackerError, match=r"says that it is at evil\.example|gives a link that is none"):
        target.read(["Việc"], {})
    assert {request.url.host for request in sent} == {"lich.example.vn"}


def test_a_server_that_names_itself_otherwise_is_asked_at_the_address_of_the_settings() -> None:
    href = HREF.format("/dav/", "<current-user-principal><href>http://lich.example.vn:8080/dav/me/</href></current-user-principal>")
    target, sent = other_server(lambda request: multistatus(href) if "current-user-principal" in request.content.decode() else None)
    assert target.read(["Việc"], {}) == []
    assert {f"{request.url.scheme}://{request.url.netloc.decode()}" for request in sent} == {"https://lich.example.vn"}


ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(200, text="<html><p>Đăng nhập"), "does not answer as a CalDAV server"),
        (httpx.Response(200), "does not answer as a CalDAV server"),
        (multistatus(before=ENTITY), "answers with a document type"),
        (multistatus(), "names no calendars of an.nguyen"),
        (httpx.Response(301, headers={"Location": "https://moi.example.vn/dav/"}), "answers at another address"),
    ],
)
def test_answers_that_are_none(answer: httpx.Response, told: str) -> None:
    target, _ = other_server(lambda request: answer)
    with pytest.raises(TrackerError, match=told):
        target.read(["Việc"], {})


def test_a_part_of_a_calendar_is_not_taken_for_the_whole() -> None:
    part = "<response><href>/dav/work/</href><status>HTTP/1.1 507 Insufficient Storage</status></response>"
    target, _ = other_server(lambda request: multistatus(part) if request.method == "REPORT" else None)
    with pytest.raises(TrackerError, match="gives only a part of /dav/work/"):
        target.read(["Việc"], {})


def test_items_that_cannot_be_read_stop_nothing() -> None:
    good = build_ics([Item("key-1", "", FIELDS)], name="x").decode()
    missing = "<response><href>/dav/work/0.ics</href><status>HTTP/1.1 404 Not Found</status></response>"
    answers = [missing, stored("/dav/work/1.ics", good), stored("/dav/work/2.ics", "BEGIN:VCALENDAR\n\x85"), stored("/dav/work/3.ics", "")]
    target, _ = other_server(lambda request: multistatus(*answers) if request.method == "REPORT" else None)
    assert [remote.id for remote in target.read(["Việc"], {})] == ["/dav/work/1.ics"]


def test_of_two_with_the_same_key_the_one_that_is_known_is_read() -> None:
    text = build_ics([Item("key-1", "", FIELDS)], name="x").decode()
    answers = [stored(f"/dav/work/{name}.ics", text) for name in ("a", "b%20b", "c")]
    target, _ = other_server(lambda request: multistatus(*answers) if request.method == "REPORT" else None)
    assert [remote.id for remote in target.read(["Việc"], {})] == ["/dav/work/a.ics"]
    assert [remote.id for remote in target.read(["Việc"], {"key-1": "/dav/work/b b.ics"})] == ["/dav/work/b%20b.ics"]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"user": None}, "has no user"),
        ({"options": {"create_calendar": True}}, "has wrong options (create_calendar: Extra inputs are not permitted)"),
        ({"options": {"create_calendars": "có"}}, "has wrong options (create_calendars: Input should be a valid boolean"),
    ],
)
def test_settings_that_are_wrong(settings: dict[str, Any], told: str) -> None:
    given = TargetSettings.model_validate({"kind": "caldav", "url": "https://lich.example.vn/dav", "user": "an.nguyen", **settings})
    with pytest.raises(TrackerError) as caught:
        Tracker("lich", given, secret="bi-mat")
    assert told in str(caught.value)
