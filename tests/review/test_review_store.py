"""Corrections in the corpus on both engines: what is refused, what tables hold, new parses, several reviewers, a run at the same time."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PLAN
from review_cases import put

from docparse.errors import CorrectionError, MissingEntry
from docparse.pipeline import parse_bytes
from docparse.record import Record
from docparse.review.store import correct, corrections_of, recent, unplaced, withdraw
from docparse.settings import Settings
from docparse.store.corpus import Corpus


@pytest.fixture(params=["sqlite", "postgresql"])
def corpus(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Corpus]:
    """An empty corpus on each engine."""
    where = str(tmp_path / "c.db") if request.param == "sqlite" else request.getfixturevalue("postgres")
    opened = Corpus(where, create=True)
    yield opened
    opened.close()


@pytest.fixture
def small(tmp_path: Path, plan_record: Record) -> Iterator[Corpus]:
    """An SQLite corpus with the plan as document 1."""
    opened = Corpus(str(tmp_path / "c.db"), create=True)
    put(opened, plan_record)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory, plan_record: Record) -> Iterator[Corpus]:
    """The same for tests that change nothing."""
    opened = Corpus(str(tmp_path_factory.mktemp("review") / "c.db"), create=True)
    put(opened, plan_record)
    yield opened
    opened.close()


def rows(corpus: Corpus, query: str) -> list[tuple[Any, ...]]:
    with corpus.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def everything(corpus: Corpus) -> dict[str, list[tuple[Any, ...]]]:
    tables = ("documents", "records", "sections", "citations", "document_keys", "dates", "agencies", "agency_mentions", "tasks", "task_actors",
              "task_citations")  # fmt: skip
    return {table: sorted(rows(corpus, f"SELECT * FROM {table}"), key=repr) for table in tables}


def place(found: Any) -> dict[str, int]:
    return {"start": found.start, "end": found.end}


def test_corrected_values_stand_in_all_tables(corpus: Corpus, plan_record: Record) -> None:
    document = put(corpus, plan_record)
    before = everything(corpus)
    citation, task = plan_record.citations[0], plan_record.tasks[0]
    made = [
        correct(corpus, document, "header", "set", field="number", value="48/KH-BDT", seen="47/KH-BDT", author="an", note="đã đối chiếu bản giấy"),
        correct(corpus, document, "header", "set", field="parent_issuer", value="UBND tỉnh Phú Thọ", author="an"),
        correct(corpus, document, "citation", "set", **place(citation), field="number", value="113/KH-UBND", author="an"),
        correct(corpus, document, "task", "set", **place(task), field="leads", value=["Văn phòng"], seen=list(task.leads), author="bình"),
        correct(corpus, document, "task", "set", **place(task), field="deadline", value={"last_day": "2024-03-16"}, author="bình"),
        correct(corpus, document, "date", "remove", **place(plan_record.dates[1]), author="bình"),
        correct(corpus, document, "agency", "set", **place(plan_record.agencies[4]), field="name", value="Phòng Thông tin", author="bình"),
    ]
    assert rows(corpus, "SELECT number, province FROM documents") == [("48/KH-BDT", "phu-tho")]
    assert ("kế hoạch:48/KH-BDT:2024:ban dân tộc tỉnh phú thọ", "all") in rows(corpus, "SELECT key, reach FROM document_keys")
    assert rows(corpus, "SELECT number, key, rule FROM citations") == [("113/KH-UBND", "kế hoạch:113/KH-UBND:2024:ubnd tỉnh phú thọ", "review")]
    assert rows(corpus, "SELECT id, leads, deadline, deadline_last_day FROM task_list ORDER BY id")[0] == (
        "II.1/1", "Văn phòng", "ngày 15/3/2024", "2024-03-16",
    )  # fmt: skip
    assert len(rows(corpus, "SELECT * FROM dates")) == len(plan_record.dates) - 1
    assert rows(corpus, "SELECT name FROM agencies WHERE name IN ('Phòng Thông tin', 'Phòng Tuyên truyền Ban Dân tộc tỉnh Hòa Bình')") == [
        ("Phòng Thông tin",)
    ]
    [(parsed, corrected)] = rows(corpus, "SELECT json, corrected FROM records")
    assert (parsed, Record.model_validate_json(corrected).header.number) == (plan_record.model_dump_json(), "48/KH-BDT")
    assert [(one.before, one.after, one.note, one.author, one.document_id) for one in made[:1]] == [
        ("47/KH-BDT", "48/KH-BDT", "đã đối chiếu bản giấy", "an", document)
    ]
    assert [one.before["text"] for one in made if one.action == "remove"] == ["năm 2024"]
    assert all(one.made.endswith("+00:00") and one.holds for one in made)
    assert corpus.check() == []
    for one in made:
        assert not withdraw(corpus, one.id, author="cúc").holds
    assert everything(corpus) == before
    listed = corrections_of(corpus, document)
    assert [one.id for one in listed] == [one.id for one in made]
    assert {one.withdrawn_by for one in listed} == {"cúc"}


def test_corrections_survive_another_parse(corpus: Corpus, plan_record: Record) -> None:
    document = put(corpus, plan_record)
    task = plan_record.tasks[0]
    correct(corpus, document, "task", "set", **place(task), field="leads", value=["Văn phòng"], author="an")
    lost = correct(corpus, document, "date", "set", **place(plan_record.dates[1]), field="last_day", value="2024-06-30", author="an")
    assert unplaced(corpus) == ()
    title = "Tổ chức hội thi rất lớn tìm hiểu pháp luật"
    text = PLAN.replace("Tổ chức hội thi tìm hiểu pháp luật năm 2024", title).encode()
    other = parse_bytes(text, location="x", filename="x.txt", settings=Settings())
    assert put(corpus, other.model_copy(update={"document_id": plan_record.document_id}), parser="newer", replace=True) == document
    assert rows(corpus, "SELECT title, parser FROM documents") == [(title, "newer")]
    assert rows(corpus, "SELECT leads FROM task_list WHERE id = 'II.1/1'") == [("Văn phòng",)]
    assert [one.id for one in unplaced(corpus)] == [one.id for one in unplaced(corpus, document)] == [lost.id]
    put(corpus, plan_record, replace=True)
    assert unplaced(corpus) == ()
    assert rows(corpus, "SELECT last_day FROM dates WHERE rule = 'review'") == [("2024-06-30",)]


def test_two_reviewers_at_once(corpus: Corpus, plan_record: Record) -> None:
    document = put(corpus, plan_record)
    task = plan_record.tasks[0]
    begin, said = threading.Barrier(4), []

    def review(name: str) -> None:
        begin.wait()
        try:
            correct(corpus, document, "task", "set", **place(task), field="leads", value=[name], seen=list(task.leads), author=name)
            said.append(name)
        except CorrectionError as error:
            said.append(error.reason)

    threads = [threading.Thread(target=review, args=(name,)) for name in ("an", "bình", "cúc", "dung")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [made] = corrections_of(corpus, document)
    assert sorted(said) == sorted([made.author, *[f"was changed meanwhile and is ['{made.author}'] now"] * 3])
    assert rows(corpus, "SELECT leads FROM task_list WHERE id = 'II.1/1'") == [(made.author,)]


def test_correcting_while_a_run_writes(corpus: Corpus, plan_record: Record) -> None:
    document = put(corpus, plan_record)
    task = plan_record.tasks[0]
    others = [plan_record.model_copy(update={"document_id": f"{number:064}"}) for number in range(40)]
    writing, corrected = threading.Event(), threading.Event()

    def review() -> None:
        writing.wait()
        for number in range(4):
            correct(corpus, document, "task", "set", **place(task), field="leads", value=[f"A{number}"], author="an")
        corrected.set()

    thread = threading.Thread(target=review)
    thread.start()
    from docparse.store.rows import build_rows

    with corpus.write() as writer:
        for record in others:
            entry = writer.add_entry(record.document_id)
            writer.save(build_rows(record, entry.id, parser="test"), replace=False)
            writer.save(build_rows(plan_record, document, parser="newer"), replace=True)
            writing.set()
            writer.commit()
        while not corrected.is_set():  # the run goes on until the reviewer is done
            writer.save(build_rows(plan_record, document, parser="newer"), replace=True)
            writer.commit()
    thread.join()
    assert rows(corpus, "SELECT count(*) FROM documents") == [(41,)]
    assert [one.after for one in recent(corpus)] == [["A3"], ["A2"], ["A1"], ["A0"]]
    assert rows(corpus, f"SELECT name FROM task_actors WHERE document_id = {document} AND task_position = 0 AND role = 'lead'") == [("A3",)]
    assert corpus.check() == []


def test_what_is_added(corpus: Corpus, plan_record: Record) -> None:
    document = put(corpus, plan_record)
    start = plan_record.text.index(" Chọn đội dự thi")
    end = plan_record.text.index("\nII.")
    new = correct(
        corpus, document, "task", "add", start=start, end=end, value={"leads": ["Ban Dân tộc"], "deadline": {"last_day": "2024-09-30"}}, author="an"
    )
    assert rows(corpus, "SELECT id, action, section, deadline_last_day, rule FROM tasks WHERE rule = 'review'") == [
        (f"I.2/r{new.id}", "Chọn đội dự thi cấp khu vực trong quý III/2024.", '["I", "2"]', "2024-09-30", "review")
    ]
    assert plan_record.text[new.start : new.end] == new.quote == "Chọn đội dự thi cấp khu vực trong quý III/2024."
    with pytest.raises(CorrectionError, match="is there already"):
        correct(corpus, document, "task", "add", start=start, end=end, author="an")
    correct(corpus, document, "task", "set", start=new.start, end=new.end, field="status", value="planned", seen="assigned", author="an")
    assert rows(corpus, "SELECT status, assigner FROM tasks WHERE rule = 'review'") == [("planned", None)]
    correct(corpus, document, "task", "remove", start=new.start, end=new.end, seen={"status": "planned"}, author="an")
    assert len(rows(corpus, "SELECT * FROM tasks")) == 2


@pytest.mark.parametrize(
    ("kind", "change", "told"),
    [
        ("header", {"field": "date", "value": "12/3/2026"}, "It takes a day such as 2026-03-12, or null."),
        ("header", {"field": "date", "value": 20}, "It takes a day such as 2026-03-12, or null."),
        ("header", {"field": "urgency", "value": "gấp"}, "It takes one of hỏa tốc, thượng khẩn, khẩn, or null."),
        ("header", {"field": "addressees", "value": "Các sở"}, "It takes a list of names."),
        ("header", {"field": "marks", "value": {}}, "Fields of a header that can be corrected: doc_type, number"),
        ("header", {"field": "number", "value": "47/KH-BDT"}, "is '47/KH-BDT' already"),
        ("header", {"field": "number", "value": "1", "seen": "46/KH-BDT"}, "was changed meanwhile and is '47/KH-BDT' now"),
        ("header", {"field": "title", "value": "a" * 20_000}, "is too long"),
        ("header", {"field": "number", "value": "1", "start": 0, "end": 3}, "has no place"),
        ("task", {"field": "status", "value": "done"}, "It takes one of assigned, planned."),
        ("task", {"field": "status", "value": None}, "It takes one of assigned, planned."),
        ("task", {"field": "leads", "value": [1]}, "It takes a list of names."),
        ("task", {"field": "action", "value": " "}, "It takes a text on one line."),
        ("task", {"field": "deadline", "value": {}}, "with days or a recurrence, or null."),
        ("task", {"field": "deadline", "value": {"last_day": "31/3/2026"}}, "with days or a recurrence, or null."),
        ("task", {"field": "deadline", "value": {"first_day": "2026-04-02", "last_day": "2026-04-01"}}, "with days or a recurrence, or null."),
        ("task", {"field": "deadline", "value": {"recurrence": "hằng tháng"}}, "with days or a recurrence, or null."),
        ("task", {"field": "id", "value": "1"}, "Fields of a task that can be corrected: leads, supports"),
        ("task", {"field": "leads", "value": [], "start": 0, "end": 5}, "task at 0: is not there"),
        ("task", {"field": "leads", "value": [], "start": 5, "end": 5}, "Give start and end"),
        ("task", {"field": "leads", "value": [], "quote": "khác"}, "is not there"),
        ("citation", {"field": "date", "value": "2024-13"}, "a month or a year, or null."),
        ("citation", {"field": "date", "value": "20240131"}, "a month or a year, or null."),
        ("citation", {"field": "relation", "value": "cites"}, "It takes one of basis, implements"),
        ("citation", {"field": "provisions", "value": {"Điều": "5"}}, "It takes a list such as"),
        ("date", {"field": "first_day", "value": "2024-05-01"}, "has its first day after its last day"),
        ("date", {"field": "recurrence", "value": "FREQ=SOMETIMES"}, "It takes a rule such as"),
        ("nothing", {"field": "x", "value": "y"}, "It is one of header, signer"),
    ],
)
def test_what_is_refused(untouched: Corpus, plan_record: Record, kind: Any, change: dict[str, Any], told: str) -> None:
    found = {"task": plan_record.tasks, "citation": plan_record.citations, "date": plan_record.dates}.get(kind)
    before = everything(untouched)
    with pytest.raises(CorrectionError) as refused:
        correct(untouched, 1, kind, "set", author="an", **{**(place(found[0]) if found else {}), **change})
    assert told in str(refused.value)
    assert everything(untouched) == before
    assert corrections_of(untouched, 1) == ()


@pytest.mark.parametrize(
    ("kind", "action", "change", "told"),
    [
        ("header", "remove", {}, "header: has no remove. It takes set."),
        ("section", "add", {"start": 0, "end": 5}, "section: has no add. It takes set or remove."),
        ("task", "remove", {"field": "leads"}, "task leads: has no remove."),
        ("task", "delete", {}, "task: has no delete. It takes set, remove or add."),
        ("date", "add", {"start": 0, "end": 5}, "date: needs a first day, a last day or a recurrence."),
        ("citation", "add", {"start": 0, "end": 5, "value": {"doc_type": "luật"}}, "citation: needs a number, a title or a date."),
        ("citation", "add", {"start": 0, "end": 5, "value": {"rule": "x"}}, "citation rule: cannot be corrected so."),
        ("citation", "add", {"start": 0, "end": 5, "value": "luật"}, "citation: cannot be 'luật'."),
        ("task", "add", {"start": 18, "end": 19}, "is empty or too long"),
        ("task", "add", {"start": 5, "end": 100_000}, "Give start and end, 0 <= start < end <="),
    ],
)
def test_what_is_no_correction(untouched: Corpus, kind: Any, action: Any, change: dict[str, Any], told: str) -> None:
    with pytest.raises(CorrectionError) as refused:
        correct(untouched, 1, kind, action, author="an", **change)
    assert told in str(refused.value)
    assert corrections_of(untouched, 1) == ()


def test_what_is_not_there(small: Corpus) -> None:
    with pytest.raises(MissingEntry):
        correct(small, 99, "header", "set", field="number", value="1", author="an")
    with pytest.raises(CorrectionError, match="correction 5: is not there"):
        withdraw(small, 5, author="an")
    with pytest.raises(CorrectionError, match="author: is empty"):
        correct(small, 1, "header", "set", field="number", value="1", author=" ")
    made = correct(small, 1, "header", "set", field="number", value="1", author="an")
    withdraw(small, made.id, author="bình")
    with pytest.raises(CorrectionError, match="was withdrawn by bình on"):
        withdraw(small, made.id, author="an")
    assert corrections_of(small, 99) == ()


def test_what_was_replaced_holds_again(small: Corpus) -> None:
    first = correct(small, 1, "header", "set", field="number", value="1/KH", author="an")
    second = correct(small, 1, "header", "set", field="number", value="2/KH", author="an")
    assert (first.before, second.before) == ("47/KH-BDT", "1/KH")
    withdraw(small, second.id, author="an")
    assert rows(small, "SELECT number FROM documents") == [("1/KH",)]
    withdraw(small, first.id, author="an")
    assert rows(small, "SELECT number FROM documents") == [("47/KH-BDT",)]
    assert rows(small, "SELECT corrected FROM records") == [(None,)]


def test_recent_ones_by_pages(small: Corpus) -> None:
    made = [correct(small, 1, "header", "set", field="number", value=f"{number}/KH", author="an").id for number in range(5)]
    page = recent(small, limit=2)
    assert [one.id for one in page] == made[:2:-1]
    assert [one.id for one in recent(small, limit=2, before=page[-1].id)] == made[2:0:-1]


def test_values_are_cleaned(small: Corpus) -> None:
    made = correct(small, 1, "header", "set", field="title", value=" Tiê\u0300n\n  \x00lương\ud800 ", author="an")
    assert made.after == "Tiền lương"
    assert correct(small, 1, "header", "set", field="number", value="48/KH - BDT", author="an").after == "48/KH-BDT"
    assert correct(small, 1, "header", "set", field="doc_type", value="Kế Hoạch Phối Hợp", author="an").after == "kế hoạch phối hợp"
    assert correct(small, 1, "header", "set", field="place", value="", author="an").after is None
    assert json.loads(rows(small, "SELECT before FROM corrections ORDER BY id DESC")[0][0]) == "Hòa Bình"


def test_records_stay_byte_for_byte(small: Corpus, plan_record: Record) -> None:
    older = plan_record.model_dump_json().replace('"schema_version":"1.2"', '"schema_version":"1.0"').replace(',"rotation":0', "")
    with small.write() as writer:
        writer.connection.exec_driver_sql("UPDATE records SET json = ?", (older,))
    made = correct(small, 1, "header", "set", field="number", value="1/KH", author="an")
    assert rows(small, "SELECT json FROM records") == [(older,)]
    withdraw(small, made.id, author="an")
    assert rows(small, "SELECT json, corrected FROM records") == [(older, None)]
