"""Tasks in the browser: list, file, board, calendar, timeline."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sites import client, make_site

from docparse.record import Deadline, Header, Record, Source, Task
from docparse.store.corpus import Corpus
from docparse.store.rows import build_rows
from docparse.web import task_pages
from docparse.web.messages import load_messages
from docparse.web.timelines import timeline

TODAY = "2026-03-10"
HOSTILE = '=HYPERLINK("http://a") <script>alert(1)</script>'


def task(
    action: str, *leads: str, supports: tuple[str, ...] = (), first: str | None = None, last: str | None = None, every: str | None = None
) -> Task:
    days = {name: dt.date.fromisoformat(day) if day else None for name, day in (("first_day", first), ("last_day", last))}
    deadline = Deadline(text=f"hạn {last or every}", recurrence=every, **days) if last or every else None
    return Task(
        start=0, end=1, rule="test", id=action, text=action, action=action, status="assigned", leads=leads, supports=supports, deadline=deadline,
        section=("II", "1"), page=2,
    )  # fmt: skip


def document(doc_type: str, number: str, day: str, *tasks: Task) -> Record:
    text = "\n".join((number, *(each.action for each in tasks)))
    source = Source(filename="a.txt", media_type="text/plain", size=len(text), pages=2, text_origin="plain")
    header = Header(doc_type=doc_type, number=number, date=dt.date.fromisoformat(day), issuer="Sở Y tế")
    return Record(document_id=hashlib.sha256(number.encode()).hexdigest(), source=source, text=text, header=header, tasks=tasks)


PLAN = document(
    "kế hoạch", "1/KH-SYT", "2026-01-15",
    task("Rà soát thủ tục", "Sở Tư pháp", last="2026-03-09"),
    task("Tổ chức hội nghị", "Sở Y tế", supports=("Sở Tài chính", "Công an tỉnh"), first="2026-03-01", last="2026-03-31"),
    task("Giao ban", "Sở Y tế", every="FREQ=WEEKLY;BYDAY=MO"),
    task(HOSTILE),
)  # fmt: skip
REPORT = document("báo cáo", "2/BC-SYT", "2026-02-20", task("Tổng kết năm", "Sở Y tế", last="2026-12-31"))


@pytest.fixture(scope="module")
def who(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A reader of a site with five tasks of two documents."""
    path = str(tmp_path_factory.mktemp("tasks") / "c.db")
    corpus = Corpus(path, create=True)
    with corpus.write() as writer:
        for record in (PLAN, REPORT):
            writer.save(build_rows(record, writer.new_id(), parser="test"), replace=False)
    corpus.close()
    site = make_site(path)
    yield client(site)
    site.state.corpus.close()


def get(who: TestClient, address: str, lang: str = "en") -> str:
    answer = who.get(address, headers={"accept-language": lang})
    assert answer.status_code == 200
    return answer.text


def actions(html: str) -> list[str]:
    return re.findall(r'<a href="/documents/\d+\?finding=[^"]+" lang="vi" class="clamp">([^<]+)</a>', html)


def test_list_is_in_the_order_of_deadlines_with_links_to_the_places(who: TestClient) -> None:
    html = get(who, f"/tasks?today={TODAY}")
    assert actions(html)[:4] == ["Rà soát thủ tục", "Tổ chức hội nghị", "Tổng kết năm", "Giao ban"]
    assert 'href="/documents/1?finding=task-1#page-2"' in html
    assert html.count('class="overdue"') == 1
    assert "1 March 2026 –" in html
    assert 'Section <span lang="vi">II · 1</span>, page 2' in html
    assert 'with <span lang="vi">Sở Tài chính; Công an tỉnh</span>' in html


def test_texts_of_documents_are_escaped(who: TestClient) -> None:
    for address in ("/tasks", "/tasks/board", f"/tasks/calendar?calendar_month=2026-03&text={HOSTILE[:9]}", "/tasks?text=<script>"):
        html = get(who, address)
        assert "<script>alert" not in html and "<script>&" not in html
        assert " style=" not in html


def test_tabs_count_whatever_tab_is_open(who: TestClient) -> None:
    for due in ("", "soon", "none"):
        html = get(who, f"/tasks?today={TODAY}&due={due}")
        tabs = re.findall(r'<li><a href="([^"]+)"[^>]*>([^<]+?) <span class="number">(\d+)</span>', html)
        assert [(name, int(count)) for _, name, count in tabs] == [
            ("All", 5), ("Overdue", 1), ("Next 30 days", 1), ("Later", 1), ("Recurring", 1), ("No deadline", 1),
        ]  # fmt: skip
    assert actions(get(who, tabs[3][0].replace("&amp;", "&"))) == ["Tổng kết năm"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("task_lead=so+y+te", ["Tổ chức hội nghị", "Tổng kết năm", "Giao ban"]),
        ("task_support=cong+an", ["Tổ chức hội nghị"]),
        ("task_status=planned", []),
        ("text=ra+soat", ["Rà soát thủ tục"]),
        ("due_from=2026-03-31&due_to=2026-12-31", ["Tổ chức hội nghị", "Tổng kết năm"]),
        ("doc_type=b%C3%A1o+c%C3%A1o", ["Tổng kết năm"]),
        ("from=2026-02-01&to=&due=", ["Tổng kết năm"]),
        ("year=2025", []),
    ],
)
def test_filters(who: TestClient, asked: str, found: list[str]) -> None:
    html = get(who, f"/tasks?{asked}&today={TODAY}")
    assert actions(html) == found
    assert ("There are no such tasks." in html) == (not found)


def test_what_is_chosen_can_be_taken_away_and_stays_in_the_form(who: TestClient) -> None:
    html = get(who, "/tasks?doc_type=b%C3%A1o+c%C3%A1o&doc_type=k%E1%BA%BF+ho%E1%BA%A1ch&province=x&task_lead=y+te&limit=5")
    chips = re.findall(r'class="chip chosen" href="([^"]+)"><span class="aside-text">Remove </span>([^<]+) ×', html)
    assert [name for _, name in chips] == ["Led by: y te", "Kind of document: báo cáo", "Kind of document: kế hoạch", "Province: x"]
    assert chips[0][0] == "/tasks?doc_type=b%C3%A1o+c%C3%A1o&amp;doc_type=k%E1%BA%BF+ho%E1%BA%A1ch&amp;province=x&amp;limit=5"
    assert '<option value="báo cáo" selected>' in html
    assert '<input type="hidden" name="doc_type" value="kế hoạch">' in html
    assert '<input type="hidden" name="province" value="x">' in html


def test_pages_of_the_list(who: TestClient) -> None:
    html = get(who, f"/tasks?limit=2&offset=2&today={TODAY}")
    assert actions(html) == ["Tổng kết năm", "Giao ban"]
    assert re.findall(r'rel="(prev|next)" href="([^"]+)"', html) == [
        ("prev", "/tasks?limit=2&amp;today=2026-03-10"), ("next", "/tasks?limit=2&amp;today=2026-03-10&amp;offset=4"),
    ]  # fmt: skip
    assert "3–4 of 5" in html


def test_file_has_all_tasks_and_no_formulas(who: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_pages, "FIRST_ROWS", 2)
    monkeypatch.setattr(task_pages, "MORE_ROWS", 2)
    answer = who.get("/tasks.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="tasks.csv"'
    assert answer.content.startswith("\ufeffdocument_id,number,".encode())
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["action"] for row in rows] == ["Rà soát thủ tục", "Tổ chức hội nghị", "Tổng kết năm", "Giao ban", f"'{HOSTILE}"]
    assert (rows[1]["supports"], rows[1]["last_day"], rows[1]["section"], rows[4]["leads"]) == (
        "Sở Tài chính; Công an tỉnh",
        "2026-03-31",
        "II; 1",
        "",
    )
    assert answer.text.count("\r\n") == 6


def test_file_follows_the_filters(who: TestClient) -> None:
    html = get(who, "/tasks?due=recurring&limit=1&task_lead=y+te")
    assert 'href="/tasks.csv?due=recurring&amp;task_lead=y+te"' in html
    rows = list(csv.DictReader(io.StringIO(who.get("/tasks.csv?due=recurring&task_lead=y+te").content.decode("utf-8-sig"))))
    assert [(row["action"], row["recurrence"]) for row in rows] == [("Giao ban", "FREQ=WEEKLY;BYDAY=MO")]


def test_board_has_a_column_for_each_due(who: TestClient) -> None:
    html = get(who, f"/tasks/board?today={TODAY}&due=none")
    columns = [part.split("</section>")[0] for part in html.split("<section ")[1:]]
    assert [actions(column) for column in columns[:4]] == [["Rà soát thủ tục"], ["Tổ chức hội nghị"], ["Tổng kết năm"], ["Giao ban"]]
    assert [re.search(r'<span class="number">(\d+)<', column)[1] for column in columns] == ["1"] * 5  # type: ignore[index]


def test_board_shows_some_and_links_to_all(who: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_pages, "ON_BOARD", 1)
    html = get(who, "/tasks/board?today=2027-06-01&by=lead")
    assert actions(html)[0] == "Rà soát thủ tục"
    assert 'href="/tasks?today=2027-06-01&amp;due=overdue">See all 3<' in html
    assert '<h3 lang="vi">Sở Tư pháp</h3>' in html


def test_calendar_has_tasks_on_their_days(who: TestClient) -> None:
    html = get(who, f"/tasks/calendar?calendar_month=2026-03&today={TODAY}")
    cells = [part.split("</td>")[0] for part in html.split("<td ")[1:]]
    assert len(cells) == 6 * 7
    days = {re.search(r'datetime="([^"]+)"', cell)[1]: re.findall(r'\)?">([^<]+)</a></li>', cell) for cell in cells if "datetime" in cell}  # type: ignore[index]
    assert {day: found for day, found in days.items() if found} == {
        "2026-03-02": ["Giao ban"],
        "2026-03-09": ["Rà soát thủ tục", "Giao ban"],
        "2026-03-16": ["Giao ban"],
        "2026-03-23": ["Giao ban"],
        "2026-03-30": ["Giao ban"],
        "2026-03-31": ["Tổ chức hội nghị"],
    }
    assert re.findall(r'<th scope="col"><abbr title="([^"]+)"', html)[0] == "Monday"
    assert html.count('aria-current="date"') == 1
    assert "calendar_month=2026-02" in html and "calendar_month=2026-04" in html
    assert "Tasks that end in March 2026" in html


def test_calendar_day_and_bounds(who: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_pages, "IN_CELL", 1)
    html = get(who, f"/tasks/calendar?calendar_month=2026-03&today={TODAY}&day=9")
    assert 'href="/tasks/calendar?today=2026-03-10&amp;day=9&amp;calendar_month=2026-03#day">1 more' in html
    assert actions(html.split('id="day"')[1]) == ["Rà soát thủ tục", "Giao ban"]
    assert 'rel="prev"' not in get(who, "/tasks/calendar?calendar_month=1900-01")
    assert 'rel="next"' not in get(who, "/tasks/calendar?calendar_month=2099-12")
    assert 'id="day"' not in get(who, "/tasks/calendar?calendar_month=2026-02&day=31")


def test_calendar_says_what_it_leaves_out(who: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_pages, "IN_CALENDAR", 1)
    html = get(who, f"/tasks/calendar?calendar_month=2026-03&today={TODAY}")
    assert "2 tasks end in this month; the calendar has the first 1, up to 9 March 2026." in html
    assert 'href="/tasks?today=2026-03-10&amp;due_from=2026-03-31&amp;due_to=2026-03-31">See the list' in html


def test_timeline_draws_ninety_days_and_lists_them(who: TestClient) -> None:
    html = get(who, f"/tasks/timeline?today={TODAY}")
    assert "From 10 March 2026 to 7 June 2026" in html
    assert actions(html) == ["Tổ chức hội nghị"]
    assert 'role="group" aria-label="Tasks that end from 10 March 2026 to 7 June 2026"' in html
    whole = get(who, f"/tasks/timeline?today={TODAY}&due_from=2026-03-01&due_to=2026-12-31")
    assert re.findall(r'<caption>(?:<span lang="vi">)?([^<]+)', whole) == ["Sở Tư pháp", "Sở Y tế"]
    assert actions(whole) == ["Rà soát thủ tục", "Tổ chức hội nghị", "Tổng kết năm"]
    assert "<title>9 March 2026: Rà soát thủ tục</title>" in whole
    assert (whole.count('<circle class="late"'), whole.count('<circle class="bar"'), whole.count('<rect class="bar"')) == (1, 1, 1)
    assert re.findall(r'class="chip chosen" aria-current="true">(\d+ days)', html) == ["90 days"]


@pytest.mark.parametrize(
    "address", ["due_from=9999-12-31", "due_to=0001-01-01", "due_from=2027-01-01&due_to=2026-01-01", "due_from=0001-01-01&due_to=9999-12-31"]
)
def test_timeline_of_any_days(who: TestClient, address: str) -> None:
    get(who, f"/tasks/timeline?{address}")


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        ("2026-01-01", "2026-01-05", ["01/01", "02/01", "03/01", "04/01"]),
        ("2026-01-01", "2026-02-01", ["05/01", "12/01", "19/01", "26/01"]),
        ("2026-01-01", "2026-06-30", ["01/2026", "02/2026", "03/2026", "04/2026", "05/2026", "06/2026"]),
        ("2020-02-01", "2029-12-31", ["2021", "2022", "2023", "2024", "2025", "2026", "2027", "2028", "2029"]),
    ],
)
def test_scale_of_the_timeline(first: str, last: str, names: list[str]) -> None:
    drawn = timeline([], dt.date.fromisoformat(first), dt.date.fromisoformat(last), today=dt.date(2025, 1, 5), t=load_messages("en"), link=str)
    assert re.findall(r'class="quiet"[^>]*>([^<]+)<', drawn) == names


@pytest.mark.parametrize(
    "address",
    ["/tasks?today=9999-12-31", "/tasks?today=x", "/tasks?due=tomorrow", "/tasks/calendar?calendar_month=2026-13", "/tasks/calendar?calendar_month=20٢٦-01",
     "/tasks/calendar?day=32", "/tasks/board?by=month", "/tasks?limit=1000", "/tasks?offset=-1"],
)  # fmt: skip
def test_values_out_of_bounds(who: TestClient, address: str) -> None:
    assert who.get(address).status_code == 422


@pytest.mark.parametrize("view", ["", "/board", "/calendar", "/timeline"])
def test_views_link_to_each_other_with_the_filters(who: TestClient, view: str) -> None:
    html = get(who, f"/tasks{view}?task_lead=y+te&due=soon&calendar_month=2026-03&by=", lang="vi")
    links = re.findall(r'<li><a href="(/tasks[^"]*)"( aria-current="page")?>(?:Danh sách|Bảng theo hạn|Lịch|Dòng thời gian)<', html)
    assert [link for link, _ in links] == [f"/tasks{each}?task_lead=y+te" for each in ("", "/board", "/calendar", "/timeline")]
    assert [bool(current) for _, current in links] == [each == view for each in ("", "/board", "/calendar", "/timeline")]


def test_empty_corpus(tmp_path: Path) -> None:
    Corpus(str(tmp_path / "c.db"), create=True).close()
    site = make_site(str(tmp_path / "c.db"))
    for view in ("", "/board", "/calendar", "/timeline", ".csv"):
        assert client(site).get(f"/tasks{view}").status_code == 200
    site.state.corpus.close()
