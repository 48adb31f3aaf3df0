"""The corpus on both engines: rows of a record, full text, citation graph, duplicates, and what a database refuses."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CORPUS
from sqlalchemy import select, text

from docparse.errors import CorpusError, QueryError
from docparse.pipeline import parse_bytes, parse_file
from docparse.query.search import matching_ids
from docparse.record import Record
from docparse.settings import Settings
from docparse.store.corpus import Corpus, RowRefused
from docparse.store.rows import COLUMNS, build_rows, fold
from docparse.store.schema import metadata, sections
from docparse.store.views import VIEWS

LETTER = """UBND TỈNH PHÚ THỌ
SỞ Y TẾ

Số: {number}
V/v thực hiện kế hoạch

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Phú Thọ, ngày {day} tháng 3 năm 2026

Kính gửi: Các đơn vị trực thuộc.

Thực hiện {cited}, Sở Y tế yêu cầu các đơn vị báo cáo trước ngày 30/4/2026.

GIÁM ĐỐC
Lê Văn Bình
"""


def letter(number: str, cited: str, day: int = 12) -> Record:
    text = LETTER.format(number=number, cited=cited, day=day)
    return parse_bytes(text.encode(), location="letter", filename=f"{number.split('/', maxsplit=1)[0]}.txt", settings=Settings())


@pytest.fixture(params=["sqlite", "postgresql"])
def corpus(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Corpus]:
    """An empty corpus on each engine."""
    where = str(tmp_path / "c.db") if request.param == "sqlite" else request.getfixturevalue("postgres")
    opened = Corpus(where, create=True)
    yield opened
    opened.close()


def add(corpus: Corpus, *records: Record) -> list[int]:
    ids = []
    with corpus.write() as writer:
        for record in records:
            entry = writer.add_entry(record.source.filename + record.document_id)
            writer.save(build_rows(record, entry.id, parser="test"), replace=False)
            writer.update_entry(entry.id, status="parsed", document_id=entry.id)
            ids.append(entry.id)
    return ids


def rows(corpus: Corpus, query: str) -> list[tuple[object, ...]]:
    with corpus.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_every_table_holds_what_the_record_says(corpus: Corpus) -> None:
    record = parse_file(CORPUS / "documents" / "kh-syt-phu-tho.pdf")
    add(corpus, record)
    assert rows(corpus, "SELECT json FROM records") == [(record.model_dump_json(),)]
    assert rows(
        corpus, "SELECT sha256, number, issuer, province, date, signature FROM documents, (SELECT count(*) AS signature FROM signatures) s"
    ) == [(record.document_id, "214/KH-SYT", "Sở Y tế", "phu-tho", "2026-03-12", 6)]
    assert rows(corpus, "SELECT address, heading FROM sections ORDER BY position LIMIT 2") == [("I", "MỤC TIÊU"), ("I.1", "Mục tiêu chung")]
    assert (
        rows(corpus, "SELECT substr(text, 1, 1) FROM sections s WHERE text <> (SELECT substr(d.text, s.start + 1, length(s.text)) FROM documents d)")
        == []
    )
    counted = {name: rows(corpus, f"SELECT count(*) FROM {name}")[0][0] for name in ("citations", "dates", "agency_mentions", "tasks", "signers")}
    assert counted == {
        "citations": len(record.citations), "dates": len(record.dates), "agency_mentions": len(record.agencies),
        "tasks": len(record.tasks), "signers": len(record.signers),
    }  # fmt: skip
    assert rows(corpus, "SELECT leads, deadline_last_day FROM task_list WHERE id = 'II.1/1'") == [("Trung tâm Kiểm soát bệnh tật tỉnh", "2026-03-31")]
    named = rows(corpus, "SELECT id, name, listed FROM agencies WHERE id = 'so-y-te.phu-tho'")
    assert [(row[0], row[1], bool(row[2])) for row in named] == [("so-y-te.phu-tho", "Sở Y tế tỉnh Phú Thọ", True)]
    assert corpus.check() == []


def found_sections(corpus: Corpus, words: str) -> list[str]:
    if corpus.url.drivername == "sqlite":
        condition = text("sections.id IN (SELECT rowid FROM sections_fts WHERE sections_fts MATCH :words)")
    else:
        condition = text("sections.folded_words @@ plainto_tsquery('simple', :words)")
    with corpus.read() as connection:
        return list(connection.scalars(select(sections.c.address).where(condition.bindparams(words=words))))


def test_sections_are_found_and_forgotten(corpus: Corpus) -> None:
    record = parse_file(CORPUS / "documents" / "kh-syt-phu-tho.pdf")
    add(corpus, record)
    assert found_sections(corpus, "giam sat dich") == ["II.1"]
    with corpus.write() as writer:
        writer.save(build_rows(record.model_copy(update={"sections": ()}), 1, parser="test"), replace=True)
    assert found_sections(corpus, "giam sat dich") == []
    assert corpus.check() == []


def test_document_that_is_saved_twice_in_one_transaction_is_indexed_once(corpus: Corpus) -> None:
    record = letter("58/SYT-NVY", "Luật Đất đai")
    with corpus.write() as writer:
        number = writer.new_id()
        writer.save(build_rows(record.model_copy(update={"text": "x" + record.text}), number, parser="test"), replace=False)
        writer.save(build_rows(record, number, parser="test"), replace=True)
    assert corpus.check() == []
    assert matching_ids(corpus, "dat dai") == [number]


def links(corpus: Corpus) -> list[tuple[object, ...]]:
    return rows(corpus, "SELECT document_id, key, status, cited_id FROM citation_links ORDER BY document_id, position")


def test_cited_document_may_arrive_later(corpus: Corpus) -> None:
    key = "công văn:58/SYT-NVY:2026:sở y tế"
    add(corpus, letter("71/SYT-NVY", "Công văn số 58/SYT-NVY ngày 02 tháng 3 năm 2026 của Sở Y tế"))
    assert links(corpus) == [(1, key, "absent", None)]
    assert rows(corpus, "SELECT key, mentions, citing_documents FROM absent_documents") == [(key, 1, 1)]
    add(corpus, letter("58/SYT-NVY", "Luật Đất đai", day=2))
    assert links(corpus)[0] == (1, key, "linked", 2)
    assert rows(corpus, f"SELECT key FROM absent_documents WHERE key = '{key}'") == []


def test_ambiguous_is_marked_and_not_guessed(corpus: Corpus) -> None:
    other = letter("58/SYT-NVY", "Luật Đất đai", day=3)
    elsewhere = other.model_copy(
        update={"document_id": "0" * 64, "header": other.header.model_copy(update={"parent_issuer": "UBND tỉnh Sơn La", "place": "Sơn La"})}
    )
    add(corpus, letter("71/SYT-NVY", "Công văn số 58/SYT-NVY năm 2026"), elsewhere)
    assert links(corpus)[0][1:] == ("công văn:58/SYT-NVY", "ambiguous", None)
    add(corpus, letter("72/SYT-NVY", "Công văn số 58/SYT-NVY ngày 03/3/2026 của Sở Y tế"))
    assert links(corpus)[-1][2:] == ("ambiguous", None)
    add(corpus, other)
    assert links(corpus)[-2][2:] == ("ambiguous", None)


def test_scan_and_digital_file_of_one_document(corpus: Corpus) -> None:
    digital = letter("58/SYT-NVY", "Luật Đất đai")
    scan = digital.model_copy(update={"document_id": "1" * 64, "source": digital.source.model_copy(update={"text_origin": "ocr"})})
    add(corpus, digital, scan, letter("59/SYT-NVY", "Công văn số 58/SYT-NVY ngày 12/3/2026 của Sở Y tế tỉnh Phú Thọ"))
    assert rows(corpus, "SELECT document_id, duplicate_id, number, text_origin, duplicate_text_origin FROM likely_duplicates") == [
        (1, 2, "58/SYT-NVY", "plain", "ocr")
    ]
    assert links(corpus)[-1][2:] == ("linked", 1)


def test_two_spellings_of_an_agency_do_not_depend_on_order(corpus: Corpus) -> None:
    record = letter("58/SYT-NVY", "Luật Đất đai")
    mention = record.agencies[0]
    spelled = [
        record.model_copy(update={"document_id": str(number) * 64, "agencies": (mention.model_copy(update={"name": name}),)})
        for number, name in enumerate(("Ủy ban B", "Ủy ban A", "Ủy ban C"), start=1)
    ]
    add(corpus, *spelled)
    assert rows(corpus, "SELECT name FROM agencies") == [("Ủy ban A",)]


def test_a_record_that_the_database_refuses_leaves_nothing(corpus: Corpus) -> None:
    record = letter("58/SYT-NVY", "Luật Đất đai")
    twice = record.model_copy(update={"document_id": "2" * 64, "tasks": (record.tasks[0], record.tasks[0])})
    with corpus.write() as writer:
        writer.save(build_rows(record, writer.new_id(), parser="test"), replace=False)
        with pytest.raises(RowRefused):
            writer.save(build_rows(twice, writer.new_id(), parser="test"), replace=False)
    assert rows(corpus, "SELECT id FROM documents") == [(1,)]
    assert corpus.check() == []


def test_one_writer(corpus: Corpus) -> None:
    with corpus.write(), pytest.raises(CorpusError, match="is being written by another docparse"), Corpus(corpus_url(corpus)).write():
        pass


def corpus_url(corpus: Corpus) -> str:
    return corpus.name if corpus.url.drivername == "sqlite" else corpus.url.render_as_string(hide_password=False)


def test_migrations_make_the_tables_of_the_schema(corpus: Corpus) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with corpus.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    searched = {"text_words", "folded_words", "heading_words", "documents_fts", "sections_fts", "pairs_fts"}
    assert [change for change in found if not any(word in repr(change) for word in searched)] == []


def test_every_column_explains_itself() -> None:
    assert [f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.c if not column.comment] == []
    assert [table.name for table in metadata.sorted_tables if not table.comment] == []


def test_sqlite_shell_reads_it_without_docparse(tmp_path: Path) -> None:
    corpus = Corpus(str(tmp_path / "c.db"), create=True)
    add(corpus, letter("58/SYT-NVY", "Luật Đất đai"))
    corpus.close()
    code = f"import sqlite3; c = sqlite3.connect({str(tmp_path / 'c.db')!r}); print(c.execute(\"SELECT d.number FROM documents_fts f JOIN documents d ON d.id = f.rowid WHERE documents_fts MATCH 'folded: dat dai'\").fetchall(), [len(c.execute('SELECT * FROM ' + v).fetchall()) for v in {sorted(VIEWS)!r}], c.execute(\"SELECT sql FROM sqlite_master WHERE name = 'tasks'\").fetchone()[0].count('/*'))"
    shown = subprocess.run(["python3", "-c", code], capture_output=True, text=True, check=True, cwd="/").stdout
    assert shown == "[('58/SYT-NVY',)] [1, 2, 1, 0, 0, 1] 17\n"


def test_datasette_finds_the_full_text_index(tmp_path: Path) -> None:
    """It looks for a virtual table whose content is the table, in double quotes."""
    corpus = Corpus(str(tmp_path / "c.db"), create=True)
    sql = "SELECT name FROM sqlite_master WHERE rootpage = 0 AND sql LIKE '%VIRTUAL TABLE%USING FTS%content=\"documents\"%'"
    assert rows(corpus, sql) == [("documents_fts",)]
    corpus.close()


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("absent.db", "is not there"),
        ("mysql://user:secret@host/name", "is on an engine that docparse does not know"),
        ("nothing://user:secret@host/name", "is no URL of a database"),
    ],
)
def test_what_is_no_corpus(where: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=reason) as raised:
        Corpus(where if "://" in where else str(tmp_path / where))
    assert "secret" not in str(raised.value)


def test_foreign_database_is_left_alone(tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE documents (id INTEGER)")
    with pytest.raises(CorpusError, match="is a database of something else"):
        Corpus(str(tmp_path / "other.db"), create=True)
    (tmp_path / "text.db").write_text("Kế hoạch " * 1000, encoding="utf-8")
    with pytest.raises(CorpusError, match="file is not a database"):
        Corpus(str(tmp_path / "text.db"), create=True)
    assert (tmp_path / "text.db").read_text(encoding="utf-8") == "Kế hoạch " * 1000


def test_corpus_of_a_newer_docparse_is_left_alone(corpus: Corpus) -> None:
    with corpus.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CorpusError, match=r"was made by a newer docparse\. Update docparse\."):
        Corpus(corpus_url(corpus))


def test_fold_keeps_the_length() -> None:
    text = "Ủy ban nhân dân tỉnh Đắk Lắk; ĐỀ ÁN Ð"
    assert fold(text) == "uy ban nhan dan tinh dak lak; de an d"
    assert len(fold(text)) == len(text)


def test_columns_are_those_of_the_tables() -> None:
    made = build_rows(letter("58/SYT-NVY", "Luật Đất đai"), 1, parser="test")
    assert set(made) == {*COLUMNS, "ranking"}
    assert json.loads(made["records"][0][COLUMNS["records"].index("json")])["header"]["number"] == "58/SYT-NVY"


def test_opened_to_read_it_cannot_be_written(corpus: Corpus) -> None:
    add(corpus, letter("58/SYT-NVY", "Luật Đất đai"))
    reading = Corpus(corpus_url(corpus), read_only=True)
    for statement in ("DELETE FROM journal", "CREATE TABLE other (id INTEGER)", "DROP VIEW failures"):
        with pytest.raises(CorpusError, match="cannot be used"), reading.read() as connection:
            connection.execute(text(statement))
    for writing in (reading.write, reading.amend):
        with pytest.raises(CorpusError, match="was opened to read only"), writing():
            pass
    with reading.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM documents")) == 1
    reading.close()


def test_reading_has_a_time(corpus: Corpus) -> None:
    reading = Corpus(corpus_url(corpus), read_only=True, query_seconds=0.2)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with pytest.raises(QueryError, match=r"took too long and was stopped\. Narrow it"), reading.read() as connection:
        connection.execute(text(endless))
    with reading.read() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    reading.close()


def test_older_corpus_is_brought_up_to_date(tmp_path: Path) -> None:
    """A corpus as the first migration made it, with one document, has all that a new one has."""
    from alembic import command
    from alembic.config import Config

    from docparse.store import sqlite
    from docparse.store.migrate import MIGRATIONS

    record = letter("58/SYT-NVY", "Luật Đất đai")
    old = Corpus(str(tmp_path / "new.db"), create=True)
    add(old, record)
    engine = sqlite.connect(Corpus(str(tmp_path / "empty.db"), create=True).url.set(database=str(tmp_path / "old.db")))
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection, "dialect": sqlite})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "0001")
        made = build_rows(record, 1, parser="test")
        for name in (
            "documents",
            "agencies",
            "records",
            "sections",
            "citations",
            "document_keys",
            "dates",
            "agency_mentions",
            "tasks",
            "task_actors",
        ):
            known = {row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({name})")}
            columns = [column for column in COLUMNS[name] if column in known]
            for row in made[name]:
                values = dict(zip(COLUMNS[name], row, strict=True))
                names, marks = ", ".join(f'"{column}"' for column in columns), ", ".join("?" for _ in columns)
                connection.exec_driver_sql(f"INSERT INTO {name} ({names}) VALUES ({marks})", tuple(values[column] for column in columns))
        connection.exec_driver_sql("INSERT INTO documents_fts(documents_fts) VALUES ('rebuild')")
        connection.exec_driver_sql("INSERT INTO sections_fts(sections_fts) VALUES ('rebuild')")
    engine.dispose()
    migrated = Corpus(str(tmp_path / "old.db"))
    assert rows(migrated, "SELECT id, issuer_id, level, heading FROM documents") == rows(old, "SELECT 1, issuer_id, level, heading FROM documents")
    assert matching_ids(migrated, "58/SYT-NVY", limit=5) == [1]
    with migrated.write() as writer:
        writer.save(build_rows(record, 1, parser="newer"), replace=True)
    assert migrated.check() == []
    assert matching_ids(migrated, "so y te", limit=5) == [1]
