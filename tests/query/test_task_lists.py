"""Tasks by lead, deadline, status and words; how many are due; the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from linked_corpus import add, document, make_corpus, task

from docparse.query.filters import Filters
from docparse.query.folding import holding
from docparse.query.recurrences import days_of
from docparse.query.tasks import DUES, TaskFilters, TaskPage, calendar, count_due, task_list
from docparse.store.corpus import Corpus

TODAY = dt.date(2026, 3, 10)
HUE, PHU_THO = {"issuer": "UBND thành phố Huế", "place": "Huế"}, {"issuer": "Sở Y tế", "place": "Phú Thọ"}


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """Eight tasks of three documents, on each engine."""
    opened = make_corpus(request, tmp_path_factory.mktemp("corpus"))
    plan = document("kế hoạch", "1/KH-UBND", "2026-01-15", **HUE, tasks=[
        task(1, "Rà soát thủ tục hành chính", "Sở Tư pháp", last_day="2026-03-09"),
        task(2, "Báo cáo kết quả hằng quý", "Sở Y tế", "Sở Nội vụ", every="FREQ=MONTHLY;INTERVAL=3"),
        task(3, "Chuẩn bị Hội nghị tổng kết", "Ủy ban nhân dân thành phố Huế", supports=("Sở Tài chính", "Công an thành phố"), last_day="2026-04-09"),
        task(4, "Tuyên truyền đến đoàn viên", "Các cơ quan, đơn vị"),
    ])  # fmt: skip
    report = document("báo cáo", "2/BC-SYT", "2026-02-20", **PHU_THO, tasks=[
        task(1, "Tổng hợp báo cáo 100% số liệu", "Sở Y tế", last_day="2026-03-10"),
        task(2, "Tiêm chủng cho trẻ em", "Trung tâm Y tế", last_day="2026-04-10").model_copy(update={"status": "planned"}),
        task(3, "Theo dõi, đôn đốc", "Sở Y tế"),
    ])  # fmt: skip
    letter = document("công văn", "3/SYT-NVY", None, **PHU_THO, tasks=[task(1, "Gửi số liệu", "Trung tâm Y tế", last_day="2026-03-10")])
    add(opened, plan, report, letter)
    yield opened
    opened.close()


def found(page: TaskPage) -> list[tuple[int, str]]:
    return [(line.document.id, line.id) for line in page.tasks]


def test_order_by_deadline_then_newest_document(corpus: Corpus) -> None:
    page = task_list(corpus, today=TODAY)
    assert found(page) == [(1, "I/1"), (2, "I/1"), (3, "I/1"), (1, "I/3"), (2, "I/2"), (2, "I/3"), (1, "I/2"), (1, "I/4")]
    assert [line.due for line in page.tasks] == ["overdue", "soon", "soon", "soon", "later", "none", "recurring", "none"]
    assert page.total == 8


@pytest.mark.parametrize("offset", range(9))
def test_pages_are_parts_of_the_list(corpus: Corpus, offset: int) -> None:
    whole = found(task_list(corpus, today=TODAY))
    page = task_list(corpus, today=TODAY, limit=3, offset=offset)
    assert (found(page), page.total, page.offset) == (whole[offset : offset + 3], 8, offset)


def test_a_line_has_all_of_the_task(corpus: Corpus) -> None:
    line = task_list(corpus, TaskFilters(text="hội nghị"), today=TODAY).tasks[0]
    assert (line.document.number, line.position, line.leads, line.supports) == (
        "1/KH-UBND", 2, ("Ủy ban nhân dân thành phố Huế",), ("Sở Tài chính", "Công an thành phố"),
    )  # fmt: skip
    assert (line.action, line.status, line.section, line.page) == ("Chuẩn bị Hội nghị tổng kết", "assigned", ("I",), 1)
    assert (line.deadline, line.first_day, line.last_day, line.recurrence) == ("2026-04-09", None, "2026-04-09", None)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (TaskFilters(lead="so y te"), [(2, "I/1"), (2, "I/3"), (1, "I/2")]),
        (TaskFilters(lead="Sở Y tế"), [(2, "I/1"), (2, "I/3"), (1, "I/2")]),
        (TaskFilters(lead="nội vụ sở"), [(1, "I/2")]),
        (TaskFilters(lead="UBND Huế"), [(1, "I/3")]),
        (TaskFilters(lead="so y te", due="soon"), [(2, "I/1")]),
        (TaskFilters(lead="tài chính"), []),
        (TaskFilters(support="tai chinh"), [(1, "I/3")]),
        (TaskFilters(lead="ubnd", support="cong an"), [(1, "I/3")]),
        (TaskFilters(lead="không có ai"), []),
        (TaskFilters(status="planned"), [(2, "I/2")]),
        (TaskFilters(due="overdue"), [(1, "I/1")]),
        (TaskFilters(due="recurring"), [(1, "I/2")]),
        (TaskFilters(due="none"), [(2, "I/3"), (1, "I/4")]),
        (TaskFilters(first_day=dt.date(2026, 3, 10), last_day=dt.date(2026, 4, 9)), [(2, "I/1"), (3, "I/1"), (1, "I/3")]),
        (TaskFilters(text="bao cao"), [(2, "I/1"), (1, "I/2")]),
        (TaskFilters(text="  BÁO   CÁO "), [(2, "I/1"), (1, "I/2")]),
        (TaskFilters(text="đôn đốc"), [(2, "I/3")]),
        (TaskFilters(text="đon đoc"), [(2, "I/3")]),
        (TaskFilters(text="cáo báo"), []),
        (TaskFilters(text="100%"), [(2, "I/1")]),
        (TaskFilters(text="lieu_"), []),
    ],
)
def test_filters(corpus: Corpus, wanted: TaskFilters, expected: list[tuple[int, str]]) -> None:
    page = task_list(corpus, wanted, today=TODAY)
    assert (found(page), page.total) == (expected, len(expected))


def test_filters_of_documents(corpus: Corpus) -> None:
    assert found(task_list(corpus, filters=Filters(province=("phu-tho",)), today=TODAY)) == [(2, "I/1"), (3, "I/1"), (2, "I/2"), (2, "I/3")]
    assert found(task_list(corpus, TaskFilters(lead="so y te"), filters=Filters(year=("2026",), doc_type=("kế hoạch",)), today=TODAY)) == [(1, "I/2")]


def test_counts(corpus: Corpus) -> None:
    assert count_due(corpus, today=TODAY) == {"overdue": 1, "soon": 3, "later": 1, "recurring": 1, "none": 2, "done": 0}
    assert count_due(corpus, today=TODAY, soon_days=0) == {"overdue": 1, "soon": 2, "later": 2, "recurring": 1, "none": 2, "done": 0}
    assert count_due(corpus, TaskFilters(lead="so y te"), today=TODAY) == {"overdue": 0, "soon": 1, "later": 0, "recurring": 1, "none": 1, "done": 0}
    assert count_due(corpus, TaskFilters(lead="không có ai"), today=TODAY) == dict.fromkeys(DUES, 0)


def days(corpus: Corpus, month: dt.date, wanted: TaskFilters | None = None) -> dict[int, list[tuple[int, str]]]:
    return {
        day.day: [(line.document.id, line.id) for line in lines]
        for day, lines in calendar(corpus, month, wanted or TaskFilters(), today=TODAY).items()
    }


def test_calendar(corpus: Corpus) -> None:
    assert days(corpus, dt.date(2026, 3, 31)) == {9: [(1, "I/1")], 10: [(2, "I/1"), (3, "I/1")], 31: [(1, "I/2")]}
    assert days(corpus, dt.date(2026, 2, 1)) == {}
    assert days(corpus, dt.date(2026, 6, 1), TaskFilters(lead="noi vu")) == {30: [(1, "I/2")]}
    assert days(corpus, dt.date(2025, 12, 1)) == {}


YEAR = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("rule", "since", "count", "first"),
    [
        ("FREQ=DAILY", "2020-05-05", 365, "2026-01-01"),
        ("FREQ=DAILY", "2026-12-30", 2, "2026-12-30"),
        ("FREQ=WEEKLY", "2020-05-05", 52, "2026-01-04"),
        ("FREQ=WEEKLY;BYDAY=FR", "2020-05-05", 52, "2026-01-02"),
        ("FREQ=WEEKLY;INTERVAL=2", "2026-01-07", 26, "2026-01-11"),
        ("FREQ=MONTHLY", "2020-05-05", 12, "2026-01-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=25", "2026-02-26", 10, "2026-03-25"),
        ("FREQ=MONTHLY;BYMONTHDAY=30", "2020-05-05", 11, "2026-01-30"),
        ("FREQ=MONTHLY;INTERVAL=3", "2020-05-05", 4, "2026-03-31"),
        ("FREQ=MONTHLY;INTERVAL=6", "2020-05-05", 2, "2026-06-30"),
        ("FREQ=YEARLY", "2020-05-05", 1, "2026-12-31"),
        ("FREQ=YEARLY;BYMONTH=6", "2020-05-05", 1, "2026-06-30"),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15", "2020-05-05", 1, "2026-12-15"),
        ("FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20", "2026-05-05", 3, "2026-06-20"),
        ("FREQ=YEARLY;INTERVAL=5", "2021-05-05", 1, "2026-12-31"),
        ("FREQ=YEARLY;INTERVAL=5", "2022-05-05", 0, None),
        ("FREQ=MONTHLY;INTERVAL=0", "2020-05-05", 0, None),
        ("FREQ=NEVER", "2020-05-05", 0, None),
        ("hằng tháng", "2020-05-05", 0, None),
    ],
)
def test_days_of_a_recurrence(rule: str, since: str, count: int, first: str | None) -> None:
    found = days_of(rule, dt.date.fromisoformat(since), *YEAR)
    assert (len(found), found[0].isoformat() if found else None) == (count, first)


def test_marks_that_are_typed_count() -> None:
    assert holding(["Sở Y tế", "Số Y tế"], "sở y tế") == ["Sở Y tế"]
    assert holding(["Sở Y tế", "Số Y tế"], "so y te") == ["Sở Y tế", "Số Y tế"]
    assert holding(["Uỷ ban nhân dân xã", "UBND xã"], "UBND") == ["Uỷ ban nhân dân xã", "UBND xã"]
