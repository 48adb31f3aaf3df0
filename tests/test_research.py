"""The corpus in notebooks: filters from what people write, answers as tables and DataFrames, a connection that only reads, Datasette."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from sqlalchemy import text

import docparse
from docparse import frames
from docparse.choose import keys_of, read_day
from docparse.errors import CorpusError, MissingEntry, MissingTool, QueryError
from docparse.frames import frame, table
from docparse.pipeline import parse_bytes
from docparse.query.citations import Cited, Link, Unfounded
from docparse.query.facets import Count, CrossTable
from docparse.query.filters import Filters
from docparse.query.graphs import Edge, Graph
from docparse.query.kwic import Concordances
from docparse.query.search import Hit, Line, Results, Snippet
from docparse.query.tasks import TaskPage
from docparse.research import Research
from docparse.settings import Settings
from docparse.store.corpus import Corpus
from docparse.store.rows import build_rows

LINE = Line(7, "47/KH-BDT", "kế hoạch", "Ban Dân tộc", None, "2024-02-20", "Hội thi", 3, "plain")
LINE_COLUMNS = ("document_id", "number", "doc_type", "issuer", "issuer_id", "date", "title", "pages", "text_origin")
LINE_CELLS = (7, "47/KH-BDT", "kế hoạch", "Ban Dân tộc", None, "2024-02-20", "Hội thi", 3, "plain")
PLAN = ROOT / "tests" / "golden" / "ke-hoach-47.txt"
LETTER = """UBND TỈNH HÒA BÌNH
SỞ TƯ PHÁP

Số: 61/STP-PBGD
V/v ra đề hội thi

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Hòa Bình, ngày 5 tháng 3 năm 2024

Kính gửi: Ban Dân tộc.

Thực hiện Kế hoạch số 112/KH-UBND ngày 15/01/2024 của UBND tỉnh, Sở Tư pháp gửi bộ câu hỏi của hội thi.

GIÁM ĐỐC
Nguyễn Văn Mẫu
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of two documents."""
    path = tmp_path_factory.mktemp("small") / "corpus.db"
    corpus = Corpus(str(path), create=True)
    with corpus.write() as writer:
        for name, data in (("ke-hoach-47.txt", PLAN.read_bytes()), ("cong-van-61.txt", LETTER.encode())):
            record = parse_bytes(data, location=name, filename=name, settings=Settings())
            entry = writer.add_entry(f"/made/{name}")
            writer.save(build_rows(record, entry.id, parser="test"), replace=False)
            writer.update_entry(entry.id, status="parsed", document_id=entry.id)
    corpus.close()
    return path


@pytest.fixture
def research(small: Path) -> Iterator[Research]:
    with docparse.open_corpus(str(small)) as opened:
        yield opened


def test_filters_from_what_people_write(research: Research) -> None:
    chosen = research.filters(
        doc_type=["ke hoach", "CV", "Thư Lạ"],
        issuer=["so tu phap", "Ban Dân tộc tỉnh Lạ"],
        province="Hoà Bình".replace("oà", "òa"),
        year=2024,
        month="2024-03",
        cited="kế hoạch số 112/kh-ubnd",
        lead="phong tuyen truyen",
        level="provincial",
        status="assigned",
        origin="plain",
        first_day="1/2/2024",
        last_day=dt.date(2024, 12, 31),
    )
    assert chosen == Filters(
        doc_type=("kế hoạch", "công văn", "thư lạ"),
        issuer=("Sở Tư pháp", "Ban Dân tộc tỉnh Lạ"),
        level=("provincial",),
        province=("hoa-binh",),
        year=("2024",),
        month=("2024-03",),
        cited=("kế hoạch:112/KH-UBND:2024:ubnd tỉnh hòa bình",),
        lead=("Phòng Tuyên truyền",),
        status=("assigned",),
        origin=("plain",),
        first_day=dt.date(2024, 2, 1),
        last_day=dt.date(2024, 12, 31),
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"province": "Atlantis"}, "Atlantis: is no province. Give the name of a province, of today or before 2025."),
        ({"level": "xã"}, "xã: is no level. There are central, provincial, district, commune."),
        ({"status": "done"}, "done: is no status of a task. There are assigned, planned."),
        ({"year": "24"}, "24: is not a year such as 2024."),
        ({"month": "2024-13"}, "2024-13: is not a month such as 2024-03."),
        ({"first_day": "31/2/2024"}, "31/2/2024: is no day. Write it as 2024-03-15 or 15/3/2024."),
    ],
)
def test_what_there_cannot_be_is_told(research: Research, wrong: dict[str, str], said: str) -> None:
    with pytest.raises(QueryError) as error:
        research.filters(**wrong)  # type: ignore[arg-type]
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("112/KH-UBND", ("kế hoạch:112/KH-UBND:2024:ubnd tỉnh hòa bình",)),
        ("112/kh-ubnd", ("kế hoạch:112/KH-UBND:2024:ubnd tỉnh hòa bình",)),
        ("Ke hoach 112/KH-UBND", ("kế hoạch:112/KH-UBND:2024:ubnd tỉnh hòa bình",)),
        ("quyết định 112/KH-UBND", ("quyết định 112/KH-UBND",)),
        ("12/KH-UBND", ("12/KH-UBND",)),
        ("luật:31/2024/QH15", ("luật:31/2024/QH15",)),
        ("không có số", ("không có số",)),
    ],
)
def test_keys_of_cited_documents(research: Research, name: str, keys: tuple[str, ...]) -> None:
    assert keys_of(research.corpus, name) == keys


def test_day() -> None:
    assert [read_day(day) for day in (None, "2024-3-5", dt.date(2024, 3, 5))] == [None, dt.date(2024, 3, 5), dt.date(2024, 3, 5)]


def test_there_is_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="is not there"):
        docparse.open_corpus(str(tmp_path / "none.db"))


def test_questions_by_method(research: Research) -> None:
    assert [hit.document.number for hit in research.search("hoi thi", filters=research.filters(doc_type="KH")).hits] == ["47/KH-BDT"]
    assert [(line.keyword, line.document.number) for line in research.kwic("hội thi", sort="date").lines][-1] == ("hội thi", "61/STP-PBGD")
    assert research.find("ke-hoach-47.txt") == 1
    assert research.document(1).record.header.number == "47/KH-BDT"
    assert [cited.documents for cited in research.most_cited()] == [2]
    assert [link.relation for link, _ in research.cites(1)] == ["basis"]
    assert [line.number for _, line in research.citing_key("kế hoạch:112/KH-UBND:2024:ubnd tỉnh hòa bình")] == ["61/STP-PBGD", "47/KH-BDT"]
    assert research.unfounded() == ()
    assert len(research.neighbourhood(1).edges) == len(research.chains(1).edges) == 1
    assert len(research.whole_graph().edges) == 2
    assert [count.value for count in research.series(by="year")] == ["2024"]
    assert research.count_places("hội thi")[0][0] == "2024"
    assert research.tasks(today=dt.date(2024, 3, 1)).tasks[0].due == "soon"
    assert research.count_due(today=dt.date(2024, 3, 16))["overdue"] == 1
    assert [day.isoformat() for day in research.calendar(dt.date(2024, 3, 1))] == ["2024-03-15"]
    assert [line.name for line in research.agencies("so tu phap")] == [research.agency(research.agencies("so tu phap")[0].id).line.name]
    with pytest.raises(MissingEntry):
        research.find("48/KH-BDT")


def test_connection_only_reads(research: Research) -> None:
    with research.connection() as connection:
        assert connection.scalar(text("SELECT count(*) FROM documents WHERE number = :number"), {"number": "47/KH-BDT"}) == 1
    with pytest.raises(CorpusError, match="readonly"), research.connection() as connection:
        connection.execute(text("DELETE FROM tasks"))


def test_table_of_hits() -> None:
    snippet = Snippet("về hội thi", ((3, 10),), "II.1", "Tổ chức", 2, 140)
    made = table(Results("hoi thi", 2, 0, (Hit(LINE, (snippet,), 3), Hit(LINE, (), 1))))
    assert made.columns == (*LINE_COLUMNS, "text", "section", "heading", "page", "start", "passages")
    assert made.rows == (
        (*LINE_CELLS, "về hội thi", "II.1", "Tổ chức", 2, 140, 3),
        (*LINE_CELLS, None, None, None, None, None, 1),
    )


def test_columns_do_not_depend_on_what_is_found() -> None:
    hit = Hit(LINE, (), 0)
    assert table(Results("", 0, 0, ())).columns == table(Results("", 1, 0, (hit,))).columns
    assert table(Concordances("", 0, 0, True, ())).columns[-5:] == ("right", "section", "page", "start", "end")
    assert table(TaskPage(0, 0, ())).columns[:10] == (*LINE_COLUMNS, "id")
    assert table((), kinds=[Link, Line]).columns == ("citing_id", "key", "relation", "cited_id", "mentions", *LINE_COLUMNS)
    assert table(()).columns == ()


def test_other_documents_of_a_row_have_a_prefix() -> None:
    made = table((Unfounded(LINE, "luật:1/2001/QH10", None, "repeals", LINE),))
    assert made.columns[:11] == (*LINE_COLUMNS, "basis_key", "basis_document_id")
    assert made.columns[-9:] == tuple(f"by_{name}" for name in LINE_COLUMNS)
    assert made.rows[0][9:12] == ("luật:1/2001/QH10", None, None)


def test_pairs_stand_side_by_side() -> None:
    link = Link(7, "luật:1/2001/QH10", "basis", None, 2)
    made = table(((link, Cited("luật:1/2001/QH10", "Luật 1/2001/QH10", None, 5, 9)),))
    row = dict(zip(made.columns, made.rows[0], strict=True))
    assert (row["mentions"], row["cited_mentions"], row["documents"], row["document_id"]) == (2, 9, 5, None)
    assert table(((LINE, 0.75),)).columns == (*LINE_COLUMNS, "share")
    assert table((("2024", 3), (None, 1))) == frames.Table(("value", "count"), (("2024", 3), (None, 1)))


def test_tables_of_counts() -> None:
    counts = (Count("a", "Sở Y tế", 2), Count("b", "Sở Y tế", 1))
    assert table({"issuer": counts, "level": ()}).rows == (("issuer", "a", "Sở Y tế", 2), ("issuer", "b", "Sở Y tế", 1))
    assert table({"overdue": 3}) == frames.Table(("key", "count"), (("overdue", 3),))
    crossed = table(CrossTable((Count(None, None, 3),), counts, ((2, 1),)))
    assert crossed == frames.Table(("value", "Sở Y tế (a)", "Sở Y tế (b)"), (("not known", 2, 1),))
    assert table(Graph((), (Edge("document:1", "key:x", "basis"),))) == frames.Table(
        ("source", "target", "relation"), (("document:1", "key:x", "basis"),)
    )


@pytest.mark.parametrize("nothing", ["text", 3, None, (object(),)])
def test_what_is_no_answer_is_no_table(nothing: object) -> None:
    if isinstance(nothing, tuple):
        assert len(table(nothing).rows) == 1
        return
    with pytest.raises(TypeError, match="is no answer"):
        table(nothing)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames(library: frames.Library) -> None:
    pytest.importorskip(library)
    made = frame((Cited("luật:1/2001/QH10", "Luật", LINE, 5, 9), Cited("luật:2/2001/QH10", "Luật", None, 5, 9)), library=library)
    assert type(made).__module__.startswith(library)
    assert made.shape == (2, 13)
    ids = list(made["document_id"])
    assert ids[0] == 7
    assert isinstance(ids[0], int) or str(made["document_id"].dtype) == "Int64"


def test_without_a_library_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "find_spec", lambda _: None)
    with pytest.raises(MissingTool) as error:
        frame(())
    assert str(error.value) == "a DataFrame: needs pandas or polars. Install it with pip install pandas."
    with pytest.raises(MissingTool, match=r"needs polars\. Install it with pip install polars"):
        frame((), library="polars")


def test_datasette_as_the_guide_says(small: Path, tmp_path: Path) -> None:
    pytest.importorskip("datasette")
    guide = (ROOT / "docs" / "research.md").read_text(encoding="utf-8")
    (tmp_path / "queries.yaml").write_text(guide.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    shutil.copy(small, tmp_path / "corpus.db")

    def get(path: str) -> list[dict[str, object]]:
        command = [sys.executable, "-m", "datasette", "corpus.db", "--metadata", "queries.yaml", "--get", path]
        return json.loads(subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout)

    assert [row["number"] for row in get("/corpus/documents.json?_shape=array&_search=hoi+thi&_col=number")] == ["47/KH-BDT", "61/STP-PBGD"]
    assert [row["number"] for row in get("/corpus/search.json?_shape=array&words=phong+tuyen+truyen")] == ["47/KH-BDT"]
    assert [row["deadline_last_day"] for row in get("/corpus/due.json?_shape=array&first=2024-03-01&last=2024-03-31")] == ["2024-03-15"]
