"""Files are met in a stable order and told by their content."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docparse.ingest.sources import Skip, kind_of, walk
from docparse.store.locations import from_location, to_location


def names(*paths: Path) -> list[str]:
    return [found.path.name for found in walk(paths)]


def test_order_is_that_of_the_bytes_of_the_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/đ.txt", "a-1.txt", "B.txt", "10.txt", "9.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert names(tmp_path) == ["10.txt", "9.txt", "B.txt", "z.txt", "đ.txt", "a-1.txt", "b.txt"]
    assert names(tmp_path / "b.txt", tmp_path / "a") == ["b.txt", "z.txt", "đ.txt"]


def test_deep_folders_and_links_that_go_round(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(600):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.symlink(tmp_path, "round", dir_fd=here)
    os.close(here)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(500)
    try:
        (found,) = list(walk([tmp_path]))
    finally:
        sys.setrecursionlimit(limit)
    assert (found.path.name, found.skip.code if isinstance(found.skip, Skip) else None) == ("round", "link")


@given(st.binary(min_size=1, max_size=40).filter(lambda name: b"\0" not in name))
def test_every_name_is_found_again(name: bytes) -> None:
    location = to_location(os.fsdecode(name))
    assert os.fsencode(from_location(location)) == name
    location.encode()


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_two_names_have_one_location(one: str, other: str) -> None:
    first, second = (os.fsdecode((text + "\\udcff").encode(errors="surrogatepass")) for text in (one, other))
    assert (to_location(first) == to_location(second)) == (first == second)


def office(path: Path, inside: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(inside, "<x/>")
    return path


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", b"%PDF-1.7", "document"),
        ("scan.bin", b"%PDF-1.7", "document"),
        ("a.txt", "Kế hoạch".encode(), "document"),
        ("README", "Kế hoạch".encode(), "document"),
        ("a.py", b"print()", "no_document"),
        ("wide", "Kế hoạch phòng, chống dịch bệnh\n".encode("utf-16-le") * 9, "document"),
        ("program", b"\x7fELF" + bytes(range(1, 40)) + b"\n" + bytes(900) + b"libc.so.6\n" * 90, "no_document"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(range(32)) * 4, "no_document"),
        ("a.jpg.pdf", b"\xff\xd8\xff\xe0" + bytes(range(32)) * 4, "document"),
        ("empty.pdf", b"", "document"),
        ("empty.jpg", b"", "no_document"),
        ("a.rar", b"Rar!\x1a\x07\x01\x00", "foreign_archive"),
    ],
)
def test_kind(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    (tmp_path / name).write_bytes(content)
    found = kind_of(tmp_path / name, name, given=False)
    assert (found.code if isinstance(found, Skip) else found) == kind


@pytest.mark.parametrize(("name", "inside", "kind"), [("a.docx", "word/document.xml", "document"), ("a.xlsx", "xl/workbook.xml", "no_document")])
def test_kind_of_office_files(tmp_path: Path, name: str, inside: str, kind: str) -> None:
    found = kind_of(office(tmp_path / name, inside), name, given=False)
    assert (found.code if isinstance(found, Skip) else found) == kind


def test_what_is_given_by_name_is_tried(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print()", encoding="utf-8")
    assert kind_of(tmp_path / "a.py", "a.py", given=True) == "document"
