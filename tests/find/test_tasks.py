"""Tasks, on made-up passages with the whole list of tasks expected."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

import pytest

from docparse.find.closing import Closing
from docparse.find.dates import find_dates
from docparse.find.sections import find_sections
from docparse.find.task_actors import ActorReader
from docparse.find.task_names import split_names
from docparse.find.task_scopes import heading_kind
from docparse.find.task_tables import column_of
from docparse.find.tasks import find_tasks
from docparse.record import AgencyMention, Citation, Header, Mark, Task
from docparse.text import Line, Page, Span, Table, Text
from tests.conftest import ROOT

DATA = tomllib.loads((ROOT / "tests/cases/tasks.toml").read_text(encoding="utf-8"))
ISSUED = dt.date(2025, 3, 10)


def tasks_of(
    text: Text, *, doc_type: str = "chỉ thị", addressees: list[str] | None = None, citations: tuple[Citation, ...] = (), title: str | None = None
) -> tuple[Task, ...]:
    header = Header(doc_type=doc_type, issuer="UBND tỉnh Sơn Hà", date=ISSUED, title=title, addressees=tuple(addressees or ()))
    closing = Closing(len(text.content), len(text.content))
    sections = find_sections(text, header=header, closing=closing)
    dates = find_dates(text, header=header)
    return find_tasks(text, header=header, closing=closing, sections=sections, citations=citations, dates=dates, agencies=())


def row(task: Task) -> dict[str, Any]:
    """What a case states of a task; what is empty is left out."""
    deadline = task.deadline
    days = deadline and (deadline.recurrence or f"{deadline.first_day or ''}..{deadline.last_day or ''}")
    stated = {"leads": list(task.leads), "supports": list(task.supports), "action": task.action, "deadline": days, "section": list(task.section)}
    return {name: value for name, value in stated.items() if value} | ({"status": "planned"} if task.status == "planned" else {})


@pytest.mark.parametrize("case", DATA["case"], ids=lambda case: case["reason"][:70])
def test_tasks(case: dict[str, Any]) -> None:
    text = Text.of_lines(case["text"].split("\n"))
    tasks = tasks_of(text, doc_type=case.get("doc_type", "chỉ thị"), addressees=case.get("addressees"), title=case.get("title"))
    assert [row(task) for task in tasks] == case["tasks"]
    assert [text.content[task.start : task.end] for task in tasks] == [task.text for task in tasks]


@pytest.mark.parametrize("case", DATA["actors"], ids=lambda case: case["text"][:60])
def test_actors(case: dict[str, Any]) -> None:
    actors = ActorReader(case["text"], ()).read(0, len(case["text"]))
    assert actors is not None
    assert [list(actors.names), actors.ending, case["text"][actors.end :].strip(" ,:")] == [case["names"], case["ending"], case["rest"]]


@pytest.mark.parametrize("text", DATA["no_actors"]["texts"])
def test_no_actors(text: str) -> None:
    assert ActorReader(text, ()).read(0, len(text)) is None


def agency(text: str, content: str, mention: str | None = None, *, collective: bool = False) -> AgencyMention:
    start = content.index(text)
    name = mention or text
    return AgencyMention(start=start, end=start + len(text), rule="test", text=text, mention=name, name=name, collective=collective)


def test_names_of_agencies_hold_together() -> None:
    content = "các sở: Tài chính, Nông nghiệp và Môi trường, Văn hóa, Thể thao và Du lịch rà soát"
    known = tuple(agency(name, content, f"Sở {name}") for name in ("Tài chính", "Nông nghiệp và Môi trường", "Văn hóa, Thể thao và Du lịch"))
    reader = ActorReader(content, known)
    assert list(split_names(reader, 0, content.index(" rà"))) == ["Sở Tài chính", "Sở Nông nghiệp và Môi trường", "Sở Văn hóa, Thể thao và Du lịch"]


def test_verbs_inside_the_name_of_an_agency_end_nothing() -> None:
    content = "Ban Vận động ủng hộ đồng bào tiếp tục kêu gọi đóng góp"
    actors = ActorReader(content, (agency("Ban Vận động ủng hộ đồng bào", content),)).read(0, len(content))
    assert actors is not None and actors.names == ("Ban Vận động ủng hộ đồng bào",)


def table_text(rows: list[list[str]]) -> Text:
    """A text that is one ruled table, one line a cell."""
    lines: list[Line] = []
    spans: list[tuple[Span, ...]] = []
    content = ""
    for cells in rows:
        made = []
        for cell in cells:
            start = len(content)
            content += cell + ("\n" if cell else "")
            made.append(Span(start, start + len(cell)))
            lines += [Line(start, start + len(cell))] if cell else []
        spans.append(tuple(made))
    page = Page(1, 0, len(content) - 1, None, None, tuple(lines))
    return Text(content[:-1], (page,), "text_layer", (Table(0, len(content) - 1, tuple(spans)),))


def test_ruled_table() -> None:
    text = table_text(
        [
            ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành"],
            ["I", "CÔNG TÁC CHUNG", "", "", ""],
            ["1", "Rà soát quy chế", "Sở Nội vụ", "Sở Tư pháp; các sở, ngành", "Trước ngày 30/6/2025"],
            ["2", "Tổ chức tập huấn", "", "UBND các xã", "Quý III/2025"],
        ]
    )
    assert [row(task) for task in tasks_of(text, doc_type="kế hoạch")] == [
        {"leads": ["Sở Nội vụ"], "supports": ["Sở Tư pháp", "các sở, ngành"], "action": "Rà soát quy chế", "deadline": "..2025-06-30"},
        {"leads": ["Sở Nội vụ"], "supports": ["UBND các xã"], "action": "Tổ chức tập huấn", "deadline": "2025-07-01..2025-09-30"},
    ]


def test_table_without_a_column_of_leads_gives_nothing() -> None:
    text = table_text([["STT", "Nội dung", "Ghi chú"], ["1", "Sở Tài chính rà soát ngân sách năm nay", "x"]])
    assert tasks_of(text) == ()


def test_id_assigner_citations_and_rule() -> None:
    lines = [
        "I. NHIỆM VỤ",
        "1. Giao Sở Y tế thực hiện Kế hoạch số 9/KH-UBND trên địa bàn tỉnh.",
        "2. Chủ tịch UBND tỉnh yêu cầu Sở Nội vụ rà soát biên chế.",
    ]
    text = Text.of_lines(lines)
    start = text.content.index("Kế hoạch số")
    cited = Citation(start=start, end=start + 23, rule="test", text="Kế hoạch số 9/KH-UBND", doc_type="kế hoạch", number="9/KH-UBND")
    tasks = tasks_of(text, citations=(cited,))
    assert [(task.id, task.rule, task.assigner, task.citations) for task in tasks] == [
        ("I.1/1", "task.cue.order", "UBND tỉnh Sơn Hà", (0,)),
        ("I.2/1", "task.cue.request", "Chủ tịch UBND tỉnh", ()),
    ]
    assert tasks_of(text, citations=(cited,)) == tasks


def test_header_and_closing_are_no_tasks() -> None:
    text = Text.of_lines(
        ["Yêu cầu Sở Y tế rà soát hồ sơ bệnh viện", "Giao Sở Nội vụ rà soát biên chế các đơn vị.", "Đề nghị Sở Y tế báo cáo kết quả hằng ngày"]
    )
    header = Header(marks={"title": Mark(start=0, end=39, rule="test")})
    closing = Closing(text.content.index("Đề nghị"), len(text.content))
    tasks = find_tasks(text, header=header, closing=closing, sections=(), citations=(), dates=(), agencies=())
    assert [task.leads for task in tasks] == [("Sở Nội vụ",)]


def test_empty_text() -> None:
    assert tasks_of(Text.of_lines([""])) == ()


@pytest.mark.parametrize(("heading", "kind"), [("kết quả thực hiện nhiệm vụ", "telling"), ("đề xuất, kiến nghị", "proposal"), ("yêu cầu", "none")])
def test_heading_kind(heading: str, kind: str) -> None:
    assert heading_kind(heading) == kind


@pytest.mark.parametrize(
    ("head", "column"), [("đơn vị phối hợp", "support"), ("nội dung công việc", "work"), ("sản phẩm đầu ra", "product"), ("tên xã", None)]
)
def test_column_of(head: str, column: str | None) -> None:
    assert column_of(head) == column
