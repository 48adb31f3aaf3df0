"""Documents that do harm cost only themselves; each input is accounted for once; the same command goes on."""

from __future__ import annotations

import os
import shutil
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from conftest import CORPUS, PLAN, encrypted_pdf
from corpora import problems, state, statuses
from faulty import FaultyParser

from docparse.ingest.progress import Quiet
from docparse.ingest.run import Options, Summary, ingest
from docparse.ingest.work import Parser
from docparse.settings import Settings
from docparse.store.corpus import Corpus
from docparse.store.journal import counts, rows_with, unfinished

OPTIONS = Options(workers=2, timeout=60, memory=2048)


def run(target: Path, *paths: Path, options: Options = OPTIONS, only: frozenset[str] | None = None, faulty: bool = False) -> Summary:
    corpus = Corpus(str(target), create=True)
    try:
        parser = FaultyParser if faulty else Parser
        return ingest(corpus, paths, settings=Settings(ocr=False), options=options, report=Quiet(), only=only, parser=parser)
    finally:
        corpus.close()


def plan(number: int) -> str:
    return PLAN.replace("47/KH", f"{number}/KH")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six plans, two of them with the same bytes."""
    made = tmp_path / "in"
    made.mkdir()
    for number in range(1, 6):
        (made / f"{number}.txt").write_text(plan(number), encoding="utf-8")
    (made / "copy of 3.txt").write_text(plan(3), encoding="utf-8")
    return made


def test_each_input_has_its_row(folder: Path, tmp_path: Path) -> None:
    summary = run(tmp_path / "c.db", folder)
    assert summary.inputs == Counter(parsed=5, same=1)
    assert statuses(tmp_path / "c.db") == {
        "1.txt": ("parsed", None), "2.txt": ("parsed", None), "3.txt": ("parsed", None),
        "4.txt": ("parsed", None), "5.txt": ("parsed", None), "copy of 3.txt": ("same", None),
    }  # fmt: skip
    found = state(tmp_path / "c.db")
    assert [(row[0], row[2]) for row in found["documents"]] == [(number, f"{number}.txt") for number in range(1, 6)]


def test_the_same_again_changes_nothing(folder: Path, tmp_path: Path) -> None:
    run(tmp_path / "c.db", folder)
    before = state(tmp_path / "c.db")
    assert run(tmp_path / "c.db", folder).inputs == Counter(known=6)
    (folder / "1.txt").touch()
    assert run(tmp_path / "c.db", folder).inputs == Counter(parsed=1, known=5)
    after = state(tmp_path / "c.db")
    assert {name: rows for name, rows in after.items() if name != "journal"} == {name: rows for name, rows in before.items() if name != "journal"}


def test_originals_are_untouched(folder: Path, tmp_path: Path) -> None:
    shutil.make_archive(str(folder / "all"), "zip", CORPUS / "documents")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode) for path in folder.iterdir()}
    run(tmp_path / "c.db", folder)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode) for path in folder.iterdir()} == before


def test_what_is_given_twice_is_taken_once(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(folder / "z.zip", "w") as archive:
        archive.writestr("7.txt", plan(7))
    summary = run(tmp_path / "c.db", folder / "z.zip", folder / "z.zip", folder / "1.txt", folder / "1.txt", folder)
    assert summary.inputs == Counter(parsed=6, same=1, archive=1, known=4)
    assert Counter(status for status, _ in statuses(tmp_path / "c.db").values()) == Counter(parsed=6, same=1, archive=1)


def test_each_failure_names_its_own_file(tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text("@raise", encoding="utf-8")
    run(tmp_path / "c.db", tmp_path / "one.txt", tmp_path / "two.txt", faulty=True)
    corpus = Corpus(str(tmp_path / "c.db"))
    told = [row["message"].removeprefix(f"{tmp_path}/")[:19] for row in rows_with(corpus, ("failed",))]
    corpus.close()
    assert told == ["one.txt: unexpected", "two.txt: unexpected"]


def test_changed_file_is_a_further_document(folder: Path, tmp_path: Path) -> None:
    run(tmp_path / "c.db", folder)
    (folder / "1.txt").write_text(plan(88), encoding="utf-8")
    assert run(tmp_path / "c.db", folder).inputs == Counter(parsed=1, known=5)
    found = state(tmp_path / "c.db")
    assert sorted((row[0], row[8]) for row in found["documents"]) == [
        (1, "1/KH-BDT"), (2, "2/KH-BDT"), (3, "3/KH-BDT"), (4, "4/KH-BDT"), (5, "5/KH-BDT"), (7, "88/KH-BDT")
    ]  # fmt: skip


def test_harm_costs_only_the_document(folder: Path, tmp_path: Path) -> None:
    for name in ("loop", "crash", "exit", "swell", "raise"):
        (folder / f"a-{name}.txt").write_text(f"@{name}", encoding="utf-8")
    summary = run(tmp_path / "c.db", folder, options=Options(workers=2, timeout=3, memory=2048), faulty=True)
    assert summary.inputs == Counter(parsed=5, same=1, failed=5)
    corpus = Corpus(str(tmp_path / "c.db"))
    failed = {Path(row["location"]).name: (row["code"], row["page"], row["message"].split(": ", 1)[1]) for row in rows_with(corpus, ("failed",))}
    assert failed == {
        "a-crash.txt": ("crash", None, "ended its worker twice (SIGSEGV). Please report it with the file."),
        "a-exit.txt": ("crash", None, "ended its worker twice (exit status 7). Please report it with the file."),
        "a-loop.txt": ("timeout", 3, "was stopped after 3 seconds. Try again with docparse retry --timeout SECONDS."),
        "a-swell.txt": ("memory", None, "needs more than 2,048 MB of memory. Try again with docparse retry --memory MB."),
        "a-raise.txt": ("unexpected", None, "unexpected KeyError: 'made up'. Please report this with the file."),
    }
    assert corpus.check() == []
    corpus.close()


def test_retry_takes_what_failed_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(folder / "z.zip", "w") as archive:
        archive.writestr("in/7.txt", plan(7))
        archive.writestr("in/8.txt", "@raise " + plan(8))
    (folder / "9.txt").write_text("@raise " + plan(9), encoding="utf-8")
    run(tmp_path / "c.db", folder, faulty=True)
    corpus = Corpus(str(tmp_path / "c.db"))
    assert counts(corpus) == {"parsed": 6, "same": 1, "archive": 1, "failed": 2}
    paths, only = unfinished(corpus)
    corpus.close()
    assert paths == [folder / "9.txt", folder / "z.zip"]
    assert only == {str(folder / "9.txt"), str(folder / "z.zip"), f"{folder / 'z.zip'}!/in/8.txt"}
    assert run(tmp_path / "c.db", *paths, only=only).inputs == Counter(parsed=2, archive=1)
    assert Counter(status for status, _ in statuses(tmp_path / "c.db").values()) == Counter(parsed=8, same=1, archive=1)


def test_what_is_no_document_is_skipped_with_a_reason(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    (folder / "notes.md").write_text("# notes", encoding="utf-8")
    (folder / "old.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(100))
    (folder / "empty.pdf").touch()
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    (folder / "link.txt").symlink_to(folder / "notes.md")
    os.mkfifo(folder / "pipe.txt")
    summary = run(tmp_path / "c.db", folder, folder / "absent.pdf", folder / "notes.md")
    assert statuses(tmp_path / "c.db") == {
        "broken.pdf": ("failed", "damaged"),
        "empty.pdf": ("failed", "empty_file"),
        "link.txt": ("skipped", "link"),
        "notes.md": ("skipped", "no_document"),
        "old.7z": ("skipped", "foreign_archive"),
        "photo.jpg": ("skipped", "no_document"),
        "pipe.txt": ("skipped", "special_file"),
        "absent.pdf": ("failed", "missing_file"),
    }
    assert summary.inputs == Counter(failed=3, skipped=5, known=1)


def test_archives_in_archives(folder: Path, tmp_path: Path) -> None:
    inner, outer = tmp_path / "inner.zip", tmp_path / "outer.tar.gz"
    with zipfile.ZipFile(inner, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"báo cáo/{path.name}")
    shutil.make_archive(str(tmp_path / "outer"), "gztar", tmp_path, "inner.zip")
    assert run(tmp_path / "c.db", outer).inputs == Counter(parsed=5, same=1, archive=2)
    assert list(statuses(tmp_path / "c.db"))[:3] == ["outer.tar.gz", "inner.zip", "1.txt"]
    assert run(tmp_path / "c.db", outer).inputs == Counter(known=1)


def test_a_bomb_ends_itself(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.txt", b"0" * 50_000_000)
        archive.writestr("small.txt", plan(9))
    summary = run(tmp_path / "c.db", folder)
    assert summary.inputs == Counter(parsed=6, same=1, failed=1, archive=1)
    assert statuses(tmp_path / "c.db")["big.txt"] == ("failed", "too_large")


def test_names_in_archives_that_are_no_utf8(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "old.tar", "w") as archive:
        link = tarfile.TarInfo(os.fsdecode(b"B\xe1o.txt"))
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert run(tmp_path / "c.db", tmp_path / "old.tar").inputs == Counter(skipped=1, archive=1)
    corpus = Corpus(str(tmp_path / "c.db"))
    assert [(row["code"], row["message"].removeprefix(str(tmp_path))) for row in rows_with(corpus, ("skipped",))] == [
        ("link", "/old.tar!/B\\udce1o.txt: is a link or device in an archive. Unpack it and give the files.")
    ]
    corpus.close()


def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / os.fsdecode(b"k\xff1.txt")).write_text(plan(1), encoding="utf-8")
    (folder / os.fsdecode(b"k\xfe2.txt")).write_text("@raise", encoding="utf-8")
    run(tmp_path / "c.db", folder, faulty=True)
    assert statuses(tmp_path / "c.db") == {"k\\udcff1.txt": ("parsed", None), "k\\udcfe2.txt": ("failed", "unexpected")}
    corpus = Corpus(str(tmp_path / "c.db"))
    paths, only = unfinished(corpus)
    corpus.close()
    assert [os.fsencode(path) for path in paths] == [os.fsencode(folder) + b"/k\xfe2.txt"]
    paths[0].write_text(plan(2), encoding="utf-8")
    assert run(tmp_path / "c.db", *paths, only=only).inputs == Counter(parsed=1)


def test_truncated_and_encrypted_pdfs(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    whole = (CORPUS / "documents" / "gm-ubnd-phuong.pdf").read_bytes()
    for share in (1, 3, 5, 7, 9):
        (folder / f"cut-{share}.pdf").write_bytes(whole[: len(whole) * share // 10])
    (folder / "whole.pdf").write_bytes(whole)
    encrypted_pdf(folder / "locked.pdf")
    run(tmp_path / "c.db", folder)
    found = statuses(tmp_path / "c.db")
    assert found == {
        "cut-1.pdf": ("failed", "damaged"),
        "cut-3.pdf": ("failed", "damaged"),
        "cut-5.pdf": ("parsed", None),
        "cut-7.pdf": ("parsed", None),
        "cut-9.pdf": ("parsed", None),
        "locked.pdf": ("failed", "encrypted"),
        "whole.pdf": ("parsed", None),
    }
    corpus = Corpus(str(tmp_path / "c.db"))
    with corpus.read() as connection:
        told = connection.exec_driver_sql(
            "SELECT filename, code FROM documents JOIN problems ON document_id = id WHERE code = 'broken_off' ORDER BY id"
        )
        assert list(told) == [("cut-5.pdf", "broken_off"), ("cut-7.pdf", "broken_off"), ("cut-9.pdf", "broken_off")]
    corpus.close()
    assert problems(tmp_path / "c.db") == []


def test_reparse_keeps_ids(folder: Path, tmp_path: Path) -> None:
    run(tmp_path / "c.db", folder)
    before = state(tmp_path / "c.db")
    again = Options(workers=2, timeout=60, memory=2048, reparse=True)
    assert run(tmp_path / "c.db", folder, options=again).inputs == Counter(known=6)
    corpus = Corpus(str(tmp_path / "c.db"))
    with corpus.write() as writer:
        writer._connection.exec_driver_sql("UPDATE documents SET parser = 'older', place = 'wrong'")
        writer._connection.exec_driver_sql("UPDATE journal SET parser = 'older'")
        writer._connection.exec_driver_sql("DELETE FROM tasks")
    corpus.close()
    assert run(tmp_path / "c.db", folder, options=again).inputs == Counter(parsed=5, same=1)
    assert state(tmp_path / "c.db") == before
    assert problems(tmp_path / "c.db") == []
