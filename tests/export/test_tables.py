"""The corpus as JSON lines, Parquet, CSV and a workbook, read back by the programs of others."""

from __future__ import annotations

import csv
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS, ROOT
from sqlalchemy import delete, select, text

from docparse.errors import CorpusError, MissingTool, OutputError
from docparse.export import parquet, workbook
from docparse.export.content import records, snapshot, tables
from docparse.export.tables import Form, export
from docparse.pipeline import parse_file
from docparse.record import AgencyMention, Citation, DateMention, Deadline, Header, Problem, Record, Section, Signature, Source, Task
from docparse.store import schema
from docparse.store.corpus import Corpus
from docparse.store.rows import build_rows

TABLES = [
    "documents",
    "sections",
    "citations",
    "dates",
    "agencies",
    "agency_mentions",
    "tasks",
    "signers",
    "signatures",
    "problems",
    "journal",
    "corrections",
]
WHOLE = [form for form in Form if form is not Form.GOLD]  # forms of the whole corpus
LONG = "á" * 40_000
CITED = Record(
    document_id="a" * 64,
    source=Source(filename="kl-12.txt", media_type="text/plain", size=5, pages=None, text_origin="plain"),
    text="a\r\nb",
    header=Header(doc_type="kết luận", number="12-KL/TW", date="2025-03-01", issuer="Bộ Chính trị"),
)


def hostile() -> Record:
    """A record whose texts are made to hurt: formulas, errors, control characters, texts that are too long, numbers that look like escapes."""
    mark = {"start": 0, "end": 4, "rule": "made.up"}
    return Record(
        document_id="b" * 64,
        source=Source(filename="=cmd|' /C calc'!A0.pdf", media_type="application/pdf", size=2**40, pages=3, text_origin="text_layer"),
        text='+1, "hai"\n-2',
        header=Header(doc_type="quyết định", number="@SUM(1)", title="=1+1", addressees=("-a", "b"), issuer="'=x"),
        recipients=("- Lưu: VT",),
        sections=(Section(**mark, id="1", parent=None, label="1", depth=1, kind="arabic", heading="-Mục", page=1),),
        citations=(
            Citation(**mark, text="Kết luận 12-KL/TW", doc_type="kết luận", number="12-KL/TW", resolved="kết luận:12-KL/TW:2025"),
            Citation(**mark, text="#N/A", doc_type=None, number=None, provisions=({"Điều": "5"},)),
            Citation(**mark, text="không có", doc_type="luật", number=None, resolved="luật:9/2099/QH20"),
        ),
        dates=(DateMention(**mark, text="\t=now()", first_day=None, last_day="2026-04-25", modifier="before"),),
        agencies=(AgencyMention(**mark, text="sở", mention="sở", name="Sở\x0b Y tế\x00", collective=True),),
        tasks=(
            Task(
                **mark,
                id="=t",
                text=LONG,
                action="_x0041_ và\x01 tiếp",
                status="assigned",
                leads=("Sở B", "Sở A"),
                supports=("Sở Z",),
                confidence=0.1,
            ),
            Task(**mark, id="t2", text="\r-a", action="＝1", status="planned", deadline=Deadline(text="quý I", recurrence="FREQ=YEARLY")),
            Task(**mark, id="t3", text="x", action="y", status="planned", supports=("Công an",)),
        ),
        signatures=(
            Signature(
                signer="#REF!",
                organization=None,
                email=None,
                signing_time=None,
                field="=f",
                page=None,
                box=(1.0, 2.0, 3.0, 4.5),
                covers_whole_file=False,
                intact=True,
                trusted=None,
                certificate=None,
            ),
        ),
        problems=(Problem(code="corrected", message="😀" * 20_000, raw="\ufffe="),),
    )


def fill(where: str, found: list[Record]) -> Corpus:
    """A corpus of these records in this order."""
    corpus = Corpus(where, create=True)
    with corpus.write() as writer:
        for record in found:
            entry = writer.add_entry(f"/made/{record.source.filename}")
            writer.save(build_rows(record, entry.id, parser="test"), replace=False)
            writer.update_entry(entry.id, status="parsed", document_id=entry.id, seconds=0.5, attempts=1)
    return corpus


@pytest.fixture(scope="module")
def parsed() -> list[Record]:
    """Three documents of the corpus, the cited one, and the hostile one."""
    names = ("kh-ubnd-xa.txt", "tb-vp-can-tho.txt", "cv-1996-ha-bac.txt")
    return [*(parse_file(CORPUS / "documents" / name) for name in names), CITED, hostile()]


@pytest.fixture(scope="module")
def corpus(parsed: list[Record], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    made = fill(str(tmp_path_factory.mktemp("corpus") / "corpus.db"), parsed)
    yield made
    made.close()


def expected(corpus: Corpus, *, long_texts: bool = True) -> dict[str, list[dict[str, Any]]]:
    """What the tables hold, asked in plain SQL."""
    held: dict[str, list[dict[str, Any]]] = {}
    with corpus.read() as connection:
        for table in tables(long_texts=long_texts):
            source = schema.metadata.tables[table.name]
            rows = [dict(row) for row in connection.execute(select(source).order_by(*source.primary_key)).mappings()]
            for row in rows:
                key = {"document": row.get("document_id"), "position": row.get("position")}
                if table.name == "citations":
                    links = connection.execute(
                        text("SELECT status, cited_id FROM citation_links WHERE document_id = :document AND position = :position"), key
                    )
                    row["status"], row["cited_id"] = links.one_or_none() or (None, None)
                if table.name == "tasks":
                    for role in ("lead", "support"):
                        asked = text(
                            "SELECT name FROM task_actors WHERE document_id = :document AND task_position = :position AND role = :role ORDER BY position"
                        )
                        row[f"{role}s"] = "; ".join(connection.scalars(asked, {**key, "role": role})) or None
            held[table.name] = [{column.name: row[column.name] for column in table.columns} for row in rows]
    return held


def read_csv(path: Path) -> list[dict[str, str]]:
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\r\n")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_columns() -> None:
    columns = {table.name: [column.name for column in table.columns] for table in tables(long_texts=True)}
    assert list(columns) == TABLES
    assert [name for name, found in columns.items() if "folded" in found] == []
    assert columns["documents"][-3:] == ["text", "schema_version", "parser"]
    assert columns["citations"] == ["document_id", "position", "start", "end", "text", "doc_type", "number", "date", "issuer", "title", "provisions",
                                    "relation", "section", "page", "key", "status", "cited_id", "rule"]  # fmt: skip
    assert columns["tasks"] == ["document_id", "position", "id", "start", "end", "text", "action", "leads", "supports", "status", "deadline",
                                "deadline_first_day", "deadline_last_day", "deadline_recurrence", "section", "assigner", "confidence", "page", "rule"]  # fmt: skip
    short = {table.name: [column.name for column in table.columns] for table in tables(long_texts=False)}
    assert {name: set(found) - set(short[name]) for name, found in columns.items() if found != short[name]} == {
        "documents": {"text"},
        "sections": {"text"},
    }


def test_records_byte_for_byte(corpus: Corpus, parsed: list[Record], tmp_path: Path) -> None:
    assert export(corpus, Form.JSONL, tmp_path) == [tmp_path / "records.jsonl"]
    assert (tmp_path / "records.jsonl").read_bytes() == b"".join(record.model_dump_json().encode() + b"\n" for record in parsed)


def test_links_and_actors(corpus: Corpus) -> None:
    with snapshot(corpus) as connection:
        rows = {table.name: list(table.rows(connection)) for table in tables(long_texts=False)}
    assert [row[-4:-1] for row in rows["citations"] if row[0] == 5] == [
        ("kết luận:12-KL/TW:2025", "linked", 4),
        (None, None, None),
        ("luật:9/2099/QH20", "absent", None),
    ]
    assert [row[7:9] for row in rows["tasks"] if row[0] == 5] == [("Sở B; Sở A", "Sở Z"), (None, None), (None, "Công an")]


def test_parquet(corpus: Corpus, tmp_path: Path) -> None:
    import duckdb
    import pyarrow.parquet as pq

    assert export(corpus, Form.PARQUET, tmp_path / "new" / "folder") == [tmp_path / "new" / "folder" / f"{name}.parquet" for name in TABLES]
    held = expected(corpus)
    assert len(held["tasks"]) > 3
    for table in tables(long_texts=True):
        path = tmp_path / "new" / "folder" / f"{table.name}.parquet"
        found = pq.read_table(path)
        assert found.to_pylist() == held[table.name]
        types = {int: "int64", bool: "bool", float: "double", str: "string"}
        assert [str(field.type) for field in found.schema] == [types[column.type.python_type] for column in table.columns]
        assert [field.nullable for field in found.schema] == [column.nullable for column in table.columns]
        cursor = duckdb.sql(f"SELECT * FROM read_parquet('{path}')")
        assert [dict(zip(cursor.columns, row, strict=True)) for row in cursor.fetchall()] == held[table.name]
    fields = {field.name: field for field in pq.read_schema(tmp_path / "new" / "folder" / "tasks.parquet")}
    assert {name: str(fields[name].type) for name in ("document_id", "action", "leads", "confidence")} == {
        "document_id": "int64",
        "action": "string",
        "leads": "string",
        "confidence": "double",
    }
    assert fields["action"].metadata[b"comment"] == b"what is to be done"
    assert str(pq.read_schema(tmp_path / "new" / "folder" / "agencies.parquet").field("listed").type) == "bool"


def test_parquet_in_row_groups(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as pq

    monkeypatch.setattr(parquet, "ROWS", 2)
    export(corpus, Form.PARQUET, tmp_path)
    documents = pq.ParquetFile(tmp_path / "documents.parquet")
    assert [documents.metadata.row_group(group).num_rows for group in range(documents.num_row_groups)] == [2, 2, 1]
    monkeypatch.setattr(parquet, "ROWS", 20_000)
    monkeypatch.setattr(parquet, "CHARACTERS", 30_000)
    export(corpus, Form.PARQUET, tmp_path, overwrite=True)
    tasks = pq.ParquetFile(tmp_path / "tasks.parquet")
    assert tasks.num_row_groups == 2
    assert tasks.read().to_pylist() == expected(corpus)["tasks"]


def test_csv_of_hostile_texts(corpus: Corpus, tmp_path: Path) -> None:
    assert [path.name for path in export(corpus, Form.CSV, tmp_path)] == [f"{name}.csv" for name in TABLES]
    document = read_csv(tmp_path / "documents.csv")[-1]
    assert {name: document[name] for name in ("id", "filename", "size", "number", "title", "issuer", "addressees", "date", "text")} == {
        "id": "5",
        "filename": "'=cmd|' /C calc'!A0.pdf",
        "size": "1099511627776",
        "number": "'@SUM(1)",
        "title": "'=1+1",
        "issuer": "''=x",
        "addressees": '["-a", "b"]',
        "date": "",
        "text": '\'+1, "hai"\n-2',
    }
    task = read_csv(tmp_path / "tasks.csv")[-2]
    assert (task["text"], task["action"], task["leads"], task["confidence"]) == ("'\r-a", "'＝1", "", "1.0")
    assert read_csv(tmp_path / "dates.csv")[-1]["text"] == "'\t=now()"
    mention = read_csv(tmp_path / "agency_mentions.csv")[-1]
    assert (mention["collective"], mention["agency_id"]) == ("true", "name:sở\x0b y tế\x00")
    assert [row["listed"] for row in read_csv(tmp_path / "agencies.csv") if row["id"] == "name:sở\x0b y tế\x00"] == ["false"]
    first = (tmp_path / "problems.csv").read_bytes().split(b"\r\n", 1)[0]
    assert first == b"\xef\xbb\xbfdocument_id,position,code,message,page,start,end,raw"


def test_csv_gives_every_value_back(corpus: Corpus, tmp_path: Path) -> None:
    """One apostrophe less where a formula follows, else the cell as it is: documented, and nothing is lost."""
    export(corpus, Form.CSV, tmp_path)
    for name, rows in expected(corpus).items():
        found = read_csv(tmp_path / f"{name}.csv")
        given = [{column: re.sub("^'(?='*[=+\\-@\t\r\n＝＋－＠])", "", cell) for column, cell in row.items()} for row in found]
        written = {None: "", True: "true", False: "false"}
        assert given == [
            {column: written[value] if value is None or isinstance(value, bool) else str(value) for column, value in row.items()} for row in rows
        ]


def test_csv_in_duckdb(corpus: Corpus, tmp_path: Path) -> None:
    import duckdb

    export(corpus, Form.CSV, tmp_path)
    counted = {name: duckdb.sql(f"SELECT count(*) FROM read_csv('{tmp_path}/{name}.csv', header = true)").fetchall() for name in TABLES}
    assert counted == {name: [(len(rows),)] for name, rows in expected(corpus).items()}
    found = duckdb.sql(f"SELECT document_id, confidence, leads FROM read_csv('{tmp_path}/tasks.csv') WHERE id = '''=t'").fetchall()
    assert found == [(5, 0.1, "Sở B; Sở A")]


def test_workbook(corpus: Corpus, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    assert export(corpus, Form.XLSX, tmp_path) == [tmp_path / "corpus.xlsx"]
    book = load_workbook(tmp_path / "corpus.xlsx")
    held = expected(corpus, long_texts=False)
    assert book.sheetnames == TABLES
    for name, rows in held.items():
        sheet = book[name]
        header, *body = ([cell.value for cell in row] for row in sheet.iter_rows())
        assert header == [column.name for table in tables(long_texts=False) if table.name == name for column in table.columns]
        assert len(body) == len(rows)
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(header)).column_letter}{len(rows) + 1}"
        assert all(cell.font.b for cell in sheet[1])
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b"}
        for row, values in zip(body, rows, strict=True):
            for cell, value in zip(row, values.values(), strict=True):
                if not isinstance(value, str) or (value.isprintable() and "_x0" not in value and len(value) < 16_000):
                    assert cell == value


def test_workbook_of_hostile_texts(corpus: Corpus, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    export(corpus, Form.XLSX, tmp_path)
    book = load_workbook(tmp_path / "corpus.xlsx")

    def cell(sheet: str, column: str, row: int = -1) -> Any:
        found = {cell.value: cell.column for cell in book[sheet][1]}
        return book[sheet].cell(book[sheet].max_row + 1 + row, found[column])

    for sheet, column, row, value in (
        ("documents", "filename", -1, "=cmd|' /C calc'!A0.pdf"),
        ("documents", "number", -1, "@SUM(1)"),
        ("documents", "title", -1, "=1+1"),
        ("documents", "issuer", -1, "'=x"),
        ("citations", "text", -2, "#N/A"),
        ("signatures", "signer", -1, "#REF!"),
        ("sections", "heading", -1, "-Mục"),
        ("dates", "text", -1, "\t=now()"),
        ("problems", "raw", -1, "="),
        ("tasks", "text", -2, "\r-a"),
        ("tasks", "action", -2, "＝1"),
    ):
        found = cell(sheet, column, row)
        assert (found.value, found.data_type, found.quotePrefix) == (value, "s", True)
    assert cell("tasks", "text", -3).value == "á" * (32_767 - 6) + "…[cut]"
    assert cell("problems", "message").value == "😀" * ((32_767 - 6) // 2) + "…[cut]"
    assert cell("tasks", "action", -3).value == "_x005F_x0041_ và tiếp"
    assert [row[1] for row in book["agencies"].values if row[0] == "name:sở y tế"] == ["Sở Y tế"]
    assert (cell("documents", "size").value, cell("documents", "pages").value, cell("documents", "date").value) == (2**40, 3, None)
    assert (cell("signatures", "intact").value, cell("signatures", "covers_whole_file").value, cell("signatures", "trusted").value) == (
        True,
        False,
        None,
    )
    widths = {letter: column.width for letter, column in book["tasks"].column_dimensions.items()}
    assert (widths["A"], widths["E"], widths["F"], widths["H"]) == (14, 6, 60, 37)


def test_rows_go_on_in_another_sheet(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from openpyxl import load_workbook

    monkeypatch.setattr(workbook, "ROWS", 3)
    export(corpus, Form.XLSX, tmp_path)
    book = load_workbook(tmp_path / "corpus.xlsx")
    assert [name for name in book.sheetnames if name.startswith(("documents", "signers", "signatures"))] == [
        "documents", "documents (2)", "documents (3)", "signers", "signers (2)", "signatures",
    ]  # fmt: skip
    assert [[row[0] for row in book[name].values] for name in ("documents", "documents (2)", "documents (3)")] == [
        ["id", 1, 2],
        ["id", 3, 4],
        ["id", 5],
    ]
    assert (book["documents (3)"].freeze_panes, book["documents (3)"].auto_filter.ref) == ("A2", "A1:X2")


def test_tables_without_rows(tmp_path: Path) -> None:
    import pyarrow.parquet as pq
    from openpyxl import load_workbook

    empty = fill(str(tmp_path / "empty.db"), [])
    for form in Form:
        export(empty, form, tmp_path / form)
    empty.close()
    assert (tmp_path / "jsonl" / "records.jsonl").read_bytes() == b""
    assert [pq.read_table(tmp_path / "parquet" / f"{name}.parquet").num_rows for name in TABLES] == [0] * len(TABLES)
    assert [read_csv(tmp_path / "csv" / f"{name}.csv") for name in TABLES] == [[]] * len(TABLES)
    book = load_workbook(tmp_path / "xlsx" / "corpus.xlsx")
    assert [(sheet.title, sheet.max_row) for sheet in book] == [(name, 1) for name in TABLES]


@pytest.mark.parametrize("form", WHOLE)
def test_the_same_again(corpus: Corpus, form: Form, tmp_path: Path) -> None:
    first = {path.name: path.read_bytes() for path in export(corpus, form, tmp_path / "first")}
    second = {path.name: path.read_bytes() for path in export(corpus, form, tmp_path / "second")}
    assert list(first) == list(second)
    if form is not Form.XLSX:  # a workbook says when it was made
        assert first == second


@pytest.mark.parametrize("form", WHOLE)
def test_existing_files_are_kept(corpus: Corpus, form: Form, tmp_path: Path) -> None:
    last = export(corpus, form, tmp_path)[-1]
    for path in tmp_path.iterdir():
        if path != last:
            path.unlink()
    last.write_bytes(b"mine")
    with pytest.raises(OutputError, match=re.escape(f"{last}: exists already. Give --overwrite or another folder.")):
        export(corpus, form, tmp_path)
    assert names(tmp_path) == [last.name]
    assert last.read_bytes() == b"mine"
    export(corpus, form, tmp_path, overwrite=True)
    assert last.read_bytes() != b"mine"


def test_a_folder_of_the_name_is_kept(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "signers.csv").mkdir()
    with pytest.raises(OutputError, match=r"signers\.csv: exists already"):
        export(corpus, Form.CSV, tmp_path, overwrite=True)
    assert names(tmp_path) == ["signers.csv"]


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file may grow over `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("form", WHOLE)
def test_full_disk_leaves_nothing_half_written(corpus: Corpus, form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    folder = tmp_path / "folder"
    before = {path: path.read_bytes() for path in export(corpus, form, folder)}
    with full_disk(2048), pytest.raises(OutputError, match=r"cannot be written \(.+\)\. Check the folder, its permissions and free space"):
        export(corpus, form, folder, overwrite=True)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert names(temporary) == []


def test_no_folder_can_be_made(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match=r"cannot be written \(File exists\)"):
        export(corpus, Form.JSONL, tmp_path / "file")
    with pytest.raises(OutputError, match=r"cannot be written \(Not a directory\)"):
        export(corpus, Form.JSONL, tmp_path / "file" / "below")


def test_broken_corpus_leaves_nothing(tmp_path: Path) -> None:
    broken = fill(str(tmp_path / "broken.db"), [CITED])
    with broken.engine.begin() as connection:
        connection.exec_driver_sql("DROP VIEW citation_links")
    for form in (Form.CSV, Form.PARQUET, Form.XLSX):
        with pytest.raises(CorpusError, match="citation_links"):
            export(broken, form, tmp_path / "folder")
    broken.close()
    assert names(tmp_path / "folder") == []


@pytest.mark.parametrize(("form", "library"), [(Form.PARQUET, "pyarrow"), (Form.XLSX, "openpyxl")])
def test_missing_library(corpus: Corpus, form: Form, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingTool, match=re.escape(f"needs {library} for {form}. Install it: pip install 'docparse[export]'.")):
        export(corpus, form, tmp_path / "folder")
    assert not (tmp_path / "folder").exists()


def test_one_state_of_the_corpus(tmp_path: Path) -> None:
    """What is written while an export reads is not in it, not even in tables that it has not begun."""
    changing = fill(str(tmp_path / "changing.db"), [CITED, hostile()])
    with snapshot(changing) as connection:
        assert len(list(records(connection))) == 2
        with changing.write() as writer:
            writer._connection.execute(delete(schema.tasks))
            writer._connection.execute(delete(schema.records))
        rows = {table.name: list(table.rows(connection)) for table in tables(long_texts=False)}
        assert len(rows["tasks"]) == 3
        assert len(list(records(connection))) == 2
    with snapshot(changing) as connection:
        assert list(records(connection)) == []
    changing.close()


def test_postgresql_gives_the_same(parsed: list[Record], tmp_path: Path, postgres: str) -> None:
    """The same bytes as from SQLite, but for the journal with its times; and one state of the corpus there too."""
    held = parsed[:-1]  # PostgreSQL holds no text with a null character
    lite, post = fill(str(tmp_path / "lite.db"), held), fill(postgres, held)
    for form in (Form.JSONL, Form.CSV, Form.PARQUET, Form.METADATA):
        for one, other in zip(export(lite, form, tmp_path / "lite" / form), export(post, form, tmp_path / "post" / form), strict=True):
            assert one.name == other.name
            assert one.stem == "journal" or one.read_bytes() == other.read_bytes()
    with snapshot(post) as connection:
        assert len(list(records(connection))) == len(held)
        with post.write() as writer:
            writer._connection.execute(delete(schema.tasks))
        assert [len(list(table.rows(connection))) > 3 for table in tables(long_texts=False) if table.name == "tasks"] == [True]
    post.close()
    lite.close()


def test_start_is_light() -> None:
    code = "import sys, docparse.export.tables; print(*sorted({'sqlalchemy', 'pyarrow', 'openpyxl', 'pydantic'} & set(sys.modules)))"
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert out.stdout == "\n"
