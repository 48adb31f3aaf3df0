"""A file is parsed in a process of its own, within limits, and nothing of it stays."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PLAN, encrypted_pdf
from failing import Failing
from fastapi import FastAPI
from sites import client, make_corpus, make_site, token_of

from docparse.pipeline import parse_bytes
from docparse.settings import Settings
from docparse.web import upload
from docparse.web.upload import tidy


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def site(tmp_path: Path, temporary: Path) -> Iterator[FastAPI]:
    """A site that takes small files."""
    made = make_site(make_corpus(tmp_path / "kho.db"), max_upload_bytes=200_000, upload_seconds=20.0)
    yield made
    made.state.corpus.close()


def send(site: FastAPI, data: bytes, name: str = "tep.txt", kind: str = "text/plain") -> tuple[int, Any]:
    answer = client(site).post("/api/v1/parse", files={"file": (name, data, kind)})
    return answer.status_code, answer.json()


def test_record_is_that_of_the_parser(site: FastAPI, temporary: Path) -> None:
    expected = parse_bytes(PLAN.encode(), location="ke-hoach.txt", filename="ke-hoach.txt", settings=Settings())
    assert send(site, PLAN.encode(), "ke-hoach.txt") == (200, expected.model_dump(mode="json"))
    assert list(temporary.glob("docparse-*")) == []


def test_nothing_is_stored(site: FastAPI, tmp_path: Path, temporary: Path) -> None:
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert send(site, PLAN.replace("47", "48").encode())[0] == 200
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before
    assert list(temporary.glob("docparse-*")) == []


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 422, "empty_file"),
        (b" \n \n", 422, "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), 415, "unsupported"),
        (b"\x7fELF" + bytes(range(32)) * 99, 415, "unsupported"),
        (b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", 422, "damaged"),
        (b"a" * 200_001, 413, "too_large"),
        (b"a" * 300_000, 413, "too_large"),
    ],
)
def test_what_is_refused(site: FastAPI, temporary: Path, data: bytes, status: int, code: str) -> None:
    answer = send(site, data)
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert list(temporary.glob("docparse-*")) == []


def test_encrypted_file(site: FastAPI, tmp_path: Path) -> None:
    encrypted_pdf(tmp_path / "mat.pdf")
    assert send(site, (tmp_path / "mat.pdf").read_bytes(), "mat.pdf") == (
        422,
        {
            "code": "encrypted",
            "message": "mat.pdf: is encrypted.",
            "hint": "Remove the password (for example with qpdf --decrypt) and parse the copy.",
        },
    )


def test_field_is_needed(site: FastAPI) -> None:
    who = client(site)
    assert who.post("/api/v1/parse").status_code == 422
    assert who.post("/api/v1/parse", data={"file": "text"}).status_code == 422


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../../etc/cron.d/x.txt", "x.txt"),
        ("C:\\temp\\x.txt", "x.txt"),
        ("/", "document"),
        ("\x1b[2Jx.txt", "\\x1b[2Jx.txt"),
        ("a" * 1000 + ".txt", "a" * 146 + ".txt"),
    ],
)
def test_name_of_the_sender_is_only_shown(given: str, shown: str) -> None:
    assert tidy(given) == shown


def test_no_file_gets_the_name_of_the_sender(site: FastAPI, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []
    write = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda path, data: written.append(path) or write(path, data))  # type: ignore[func-returns-value]
    assert send(site, PLAN.encode(), "../../tep.txt")[1]["source"]["filename"] == "tep.txt"
    assert [(path.name, path.parent.parent) for path in written] == [("document", temporary)]


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b"loop", "upload_time", "x.txt: takes too long to parse here."),
        (b"swell", "upload_memory", "x.txt: needs too much memory to parse here."),
        (b"exit", "upload_crash", "x.txt: cannot be parsed."),
    ],
)
def test_hostile_file_costs_only_itself(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, code: str, message: str
) -> None:
    monkeypatch.setattr(upload, "UploadParser", Failing)
    site = make_site(make_corpus(tmp_path / "kho.db"), upload_seconds=0.5 if data == b"loop" else 20.0)
    status, answer = send(site, data, "x.txt")
    assert (status, answer["code"], answer["message"]) == (422, code, message)
    assert list(temporary.glob("docparse-*")) == []
    site.state.corpus.close()


def test_only_so_many_at_once(site: FastAPI) -> None:
    for _ in range(2):
        assert site.state.uploads._room.acquire(blocking=False)
    assert (send(site, b"a")[0], send(site, b"a")[1]["code"]) == (503, "busy")
    site.state.uploads._room.release()
    assert send(site, PLAN.encode())[0] == 200


def test_browser_with_a_form(site: FastAPI) -> None:
    who = client(site)
    answer = who.post("/test/post", files={"file": ("a.txt", b"a")}, data={"csrf": token_of(who), "text": "b"})
    assert (answer.status_code, answer.text) == (200, "posted b")
    assert who.post("/test/post", files={"file": ("a.txt", b"a")}).status_code == 403
