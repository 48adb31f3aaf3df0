"""A dataset in a corpus is what a local run of the same inputs gives, whatever happened in between. Chunks are parsed without Ray here."""

from __future__ import annotations

import os
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clusters import ingested, loaded, make_inputs, on_ray, plan, table, without_ray
from corpora import problems, state, statuses

from docparse.cluster import actor, ledger, load, run
from docparse.cluster.dataset import Dataset
from docparse.cluster.inputs import list_inputs
from docparse.cluster.tables import TABLES
from docparse.errors import CorpusError, MissingTool
from docparse.ingest.sources import walk
from docparse.ingest.work import Parser
from docparse.settings import Settings
from docparse.store.corpus import Corpus, RowRefused, Writer
from docparse.store.journal import rows_with
from docparse.store.rows import Rows

pytest.importorskip("pyarrow")
filesystem = pytest.importorskip("fsspec").filesystem
pytest.importorskip("duckdb")
LAST = "part-000001-000000000004.parquet"


@pytest.fixture(autouse=True)
def no_ray(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with without_ray(monkeypatch):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four plans, the first and the last of the same bytes, and an archive with two."""
    (made := tmp_path / "in").mkdir()
    for number, name in ((1, "1"), (2, "2"), (3, "3"), (1, "4")):
        (made / f"{name}.txt").write_text(plan(number), encoding="utf-8")
    with zipfile.ZipFile(made / "a.zip", "w") as archive:
        archive.writestr("m5.txt", plan(5))
        archive.writestr("m2.txt", plan(2))
    return made


def test_chunks_in_any_order(tmp_path: Path) -> None:
    folder = make_inputs(tmp_path / "in")
    on_ray(tmp_path / "out", folder)
    counts = loaded(tmp_path / "out", tmp_path / "ray.db").inputs
    assert counts == ingested(tmp_path / "local.db", folder).inputs
    assert state(tmp_path / "ray.db") == state(tmp_path / "local.db")
    assert loaded(tmp_path / "out", tmp_path / "ray.db").inputs == {"known": counts.total() - counts["failed"], "failed before": counts["failed"]}
    assert state(tmp_path / "ray.db") == state(tmp_path / "local.db")


def test_loading_that_is_broken_off_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_inputs(tmp_path / "in")
    on_ray(tmp_path / "out", folder)
    ingested(tmp_path / "local.db", folder)
    saved, save = [0], Writer.save

    def failing(writer: Writer, rows: Rows, *, replace: bool) -> None:
        saved[0] += 1
        if saved[0] % 6 == 0:
            raise KeyboardInterrupt
        save(writer, rows, replace=replace)

    monkeypatch.setattr(load, "COMMIT_DOCUMENTS", 1)
    monkeypatch.setattr(Writer, "save", failing)
    broken_off = 0
    while True:
        try:
            loaded(tmp_path / "out", tmp_path / "ray.db")
            break
        except KeyboardInterrupt:
            broken_off += 1
            if broken_off == 3:
                found = statuses(tmp_path / "ray.db")
                assert (found["year.zip"], found["inner.zip"], found.get("8.txt")) == (("waiting", None), ("waiting", None), None)
    assert broken_off == 3
    assert state(tmp_path / "ray.db") == state(tmp_path / "local.db")


def test_many_row_groups(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "CHARACTERS", 10)
    monkeypatch.setattr(ledger, "JOURNAL_ROWS", 2)
    on_ray(tmp_path / "out", folder)
    dataset = Dataset(str(tmp_path / "out"))
    with dataset.open("records", LAST) as records, dataset.open("journal", LAST) as journal:
        assert (records.num_row_groups, journal.num_row_groups) == (2, 2)
    loaded(tmp_path / "out", tmp_path / "ray.db")
    ingested(tmp_path / "local.db", folder)
    assert state(tmp_path / "ray.db") == state(tmp_path / "local.db")


def test_same_bytes_in_two_chunks(folder: Path, tmp_path: Path) -> None:
    on_ray(tmp_path / "out", folder)
    records = table(tmp_path / "out", "records")
    assert [Path(row["location"]).name for row in records] == ["1.txt", "2.txt", "3.txt", "4.txt", "m5.txt", "m2.txt"]
    assert loaded(tmp_path / "out", tmp_path / "ray.db").inputs == Counter(parsed=4, same=2, archive=1)
    names = {row[0]: (row[2], row[8]) for row in state(tmp_path / "ray.db")["documents"]}
    assert names == {1: ("1.txt", "1/KH-BDT"), 2: ("2.txt", "2/KH-BDT"), 3: ("3.txt", "3/KH-BDT"), 6: ("m5.txt", "5/KH-BDT")}


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT number, json->>'$.source.filename' FROM records WHERE filename = '3.txt'", [("3/KH-BDT", "3.txt")]),
        (
            "SELECT citations.number, key FROM citations JOIN records USING (document_id) WHERE filename = '3.txt'",
            [("112/KH-UBND", "kế hoạch:112/KH-UBND:2024:ubnd tỉnh hòa bình")],
        ),
        (
            "SELECT name, level, text FROM agencies JOIN records USING (document_id) WHERE filename = '3.txt' ORDER BY position LIMIT 2",
            [("UBND tỉnh Hòa Bình", "provincial", "UBND TỈNH HÒA BÌNH"), ("Ban Dân tộc tỉnh Hòa Bình", "provincial", "BAN DÂN TỘC")],
        ),
        (
            "SELECT leads, supports, deadline_last_day FROM tasks JOIN records USING (document_id) WHERE filename = '3.txt' ORDER BY position",
            [(["Phòng Tuyên truyền"], ["Sở Tư pháp"], "2024-03-15"), (["UBND các huyện, thành phố"], [], None)],
        ),
        ("SELECT count(*), count(DISTINCT document_id) FROM tasks", [(12, 4)]),
        ("SELECT count(*) FROM (SELECT DISTINCT * FROM tasks)", [(8,)]),
        ("SELECT count(*) FROM inputs ANTI JOIN journal USING (location)", [(0,)]),
    ],
)
def test_duckdb_reads_the_tables(folder: Path, tmp_path: Path, query: str, rows: list[tuple[Any, ...]]) -> None:
    import duckdb

    on_ray(tmp_path / "out", folder)
    with duckdb.connect() as connection:
        for name in TABLES:
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{tmp_path}/out/{name}/*.parquet')")
        assert connection.execute(query).fetchall() == rows


@pytest.mark.parametrize("is_tidy", [True, False])
def test_inputs_that_change(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_tidy: bool) -> None:
    if not is_tidy:
        monkeypatch.setattr(run, "tidy", lambda _: None)
    on_ray(tmp_path / "out", folder)
    loaded(tmp_path / "out", tmp_path / "ray.db")
    ingested(tmp_path / "local.db", folder)
    (folder / "1.txt").write_text(plan(11), encoding="utf-8")
    (folder / "2.txt").unlink()
    (folder / "5.txt").write_text(plan(10), encoding="utf-8")
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("m5.txt", plan(5))
        archive.writestr("m6.txt", plan(6))
    assert on_ray(tmp_path / "out", folder).inputs == Counter(known=2, parsed=4, archive=1)
    ingested(tmp_path / "local.db", folder)
    locations = [row["location"] for row in table(tmp_path / "out", "journal")]
    assert (len(locations) == len(set(locations)) == 8) is is_tidy
    for target in ("ray.db", "fresh.db"):
        loaded(tmp_path / "out", tmp_path / target)
        assert problems(tmp_path / target) == []
    found = statuses(tmp_path / "local.db")
    assert statuses(tmp_path / "ray.db") == found
    assert statuses(tmp_path / "fresh.db") == {**{name: said for name, said in found.items() if name != "m2.txt"}, "4.txt": ("parsed", None)}
    assert {row[1:3] for row in state(tmp_path / "ray.db")["documents"]} == {row[1:3] for row in state(tmp_path / "local.db")["documents"]}
    before = state(tmp_path / "ray.db")
    assert set(loaded(tmp_path / "out", tmp_path / "ray.db").inputs) == {"known"}
    assert state(tmp_path / "ray.db") == before


def test_another_parser(folder: Path, tmp_path: Path) -> None:
    other = Settings(ocr=False, max_pages=77)
    on_ray(tmp_path / "out", folder)
    loaded(tmp_path / "out", tmp_path / "ray.db")
    ingested(tmp_path / "local.db", folder)
    assert on_ray(tmp_path / "out", folder, settings=other).inputs == Counter(known=5)
    assert on_ray(tmp_path / "out", folder, settings=other, reparse=True).inputs == Counter(parsed=6, archive=1)
    assert on_ray(tmp_path / "out", folder, settings=other, reparse=True).inputs == Counter(known=5)
    before = state(tmp_path / "ray.db")
    assert loaded(tmp_path / "out", tmp_path / "ray.db").inputs == Counter(known=7)
    assert state(tmp_path / "ray.db") == before
    assert loaded(tmp_path / "out", tmp_path / "ray.db", reparse=True).inputs == Counter(parsed=4, same=2, archive=1)
    ingested(tmp_path / "local.db", folder, settings=other, reparse=True)
    assert before != state(tmp_path / "ray.db") == state(tmp_path / "local.db")


def test_failed_inputs_are_taken_again_only_when_asked(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("5.txt", plan(5))
    (folder / "3.txt").write_text("@raise " + plan(3), encoding="utf-8")
    assert on_ray(tmp_path / "out", folder).inputs == Counter(parsed=4, failed=1, archive=1)
    assert loaded(tmp_path / "out", tmp_path / "ray.db").inputs == Counter(parsed=3, same=1, failed=1, archive=1)
    assert on_ray(tmp_path / "out", folder, parser=Parser).inputs == Counter({"known": 4, "failed before": 1})
    assert on_ray(tmp_path / "out", folder, parser=Parser, retry=True).inputs == Counter(known=4, parsed=1)
    assert loaded(tmp_path / "out", tmp_path / "ray.db").inputs == Counter(parsed=1, known=5)
    ingested(tmp_path / "local.db", folder, parser=Parser)
    assert state(tmp_path / "ray.db") == state(tmp_path / "local.db")


def test_records_that_the_database_refuses(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_ray(tmp_path / "out", folder)
    save = Writer.save

    def refusing(writer: Writer, rows: Rows, *, replace: bool) -> None:
        if rows["documents"][0][2] == "1.txt":
            raise RowRefused("too long")
        save(writer, rows, replace=replace)

    monkeypatch.setattr(Writer, "save", refusing)
    assert loaded(tmp_path / "out", tmp_path / "ray.db").inputs == Counter(parsed=3, same=1, archive=1, failed=2)
    corpus = Corpus(str(tmp_path / "ray.db"))
    assert [(row["code"], row["message"]) for row in rows_with(corpus, ("failed",))] == [
        ("refused", f"{folder / name}: the database refuses its record (too long).") for name in ("1.txt", "4.txt")
    ]
    corpus.close()


def test_an_input_given_twice(folder: Path, tmp_path: Path) -> None:
    assert on_ray(tmp_path / "out", folder / "1.txt", folder, f"file://{folder}/2.txt").inputs == Counter(parsed=6, archive=1, known=2)
    assert len(table(tmp_path / "out", "journal")) == 7


def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    (folder := tmp_path / "in").mkdir()
    (folder / os.fsdecode(b"k\xff1.txt")).write_text(plan(1), encoding="utf-8")
    (folder / os.fsdecode(b"k\xfe2.txt")).write_text("@raise", encoding="utf-8")
    (folder / os.fsdecode(b"k\xfd3.txt")).touch()
    on_ray(tmp_path / "out", folder)
    loaded(tmp_path / "out", tmp_path / "ray.db")
    assert statuses(tmp_path / "ray.db") == {
        "k\\udcfd3.txt": ("failed", "empty_file"),
        "k\\udcfe2.txt": ("failed", "unexpected"),
        "k\\udcff1.txt": ("parsed", None),
    }
    ingested(tmp_path / "local.db", folder)
    assert state(tmp_path / "ray.db") == state(tmp_path / "local.db")


def test_what_a_killed_run_leaves(folder: Path, tmp_path: Path) -> None:
    on_ray(tmp_path / "out", folder)
    whole = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*.parquet")}
    (tmp_path / "out" / "journal" / LAST).unlink()
    (tmp_path / "out" / "records" / f"{LAST}.77.tmp").touch()
    assert loaded(tmp_path / "out", tmp_path / "part.db").inputs == Counter(parsed=3, same=1)
    summary = on_ray(tmp_path / "out", folder)
    assert summary.inputs == Counter(known=4, parsed=2, archive=1)
    found = {path.name for path in (tmp_path / "out").rglob("part-*")}
    assert found == {path.name for path in whole} - {LAST} | {LAST.replace("000001", "000002"), "part-000002.parquet"}
    loaded(tmp_path / "out", tmp_path / "ray.db")
    ingested(tmp_path / "local.db", folder)
    assert state(tmp_path / "ray.db") == state(tmp_path / "local.db")
    loaded(tmp_path / "out", tmp_path / "part.db")
    assert state(tmp_path / "part.db") == state(tmp_path / "local.db")


def test_order_of_inputs_is_that_of_a_local_run(tmp_path: Path) -> None:
    folder = make_inputs(tmp_path / "in")
    for name in ("b/c.txt", "b.txt", "B/a/ă.txt", "b/c/d.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name.replace("b/c.txt", "b/cc.txt")).touch()
    (folder / "link.txt").unlink()
    given = [folder / "b", folder, tmp_path / "absent"]
    assert [(found.location, found.given) for found in list_inputs(map(str, given))] == [(str(found.path), found.given) for found in walk(given)]
    memory = filesystem("memory")
    for path in folder.rglob("*.*"):
        if path.is_file():
            memory.pipe_file(str(path), b"1")
    there = [(found.location, found.given) for found in list_inputs(f"memory://{path}" for path in given)]
    assert there == [(f"memory://{found.path}", found.given) for found in walk(given)]


def test_one_run_at_a_time(folder: Path, tmp_path: Path) -> None:
    with Dataset(str(tmp_path / "out")).only_writer(), pytest.raises(CorpusError, match="is being written by another docparse"):
        on_ray(tmp_path / "out", folder)


def test_machines_with_another_parser(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actor, "parser_version", lambda _: "9.9")
    with pytest.raises(CorpusError, match=r"was to be parsed by docparse .*, but a machine of the cluster has 9\.9\. Install the same"):
        on_ray(tmp_path / "out", folder)
    assert list((tmp_path / "out").rglob("part-*-*")) == []


def test_what_is_no_dataset(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="holds no dataset of docparse"):
        loaded(folder, tmp_path / "c.db")
    with pytest.raises(CorpusError, match="is no URL that can be read"):
        loaded("nothing://here", tmp_path / "c.db")
    on_ray(tmp_path / "out", folder)
    (tmp_path / "out" / "journal" / LAST).write_bytes(b"PAR1")
    with pytest.raises(CorpusError, match="cannot be used as a dataset"):
        loaded(tmp_path / "out", tmp_path / "c.db")


def test_missing_libraries(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingTool, match=r"needs Ray\. Install it: pip install 'docparse\[cluster\]'\."):
        on_ray(tmp_path / "out", folder)
    with pytest.raises(MissingTool, match=r"needs a library for it .*gcsfs"):
        on_ray("gs://bucket/out", folder)
