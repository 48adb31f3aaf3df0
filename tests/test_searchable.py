"""A searchable copy of a scan."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from conftest import ROOT, needs_tesseract
from typer.testing import CliRunner

from docparse.cli import app
from docparse.errors import DamagedFile, MissingTool, OutputError, UnsupportedFile
from docparse.searchable import SearchableCopy, make_searchable
from docparse.settings import Settings

SCANS = ROOT / "corpus/scans"
SCAN = SCANS / "gm-ubnd-phuong.clean.pdf"


def words(path: Path) -> set[str]:
    with pdfium.PdfDocument(path) as document:
        return {word for page in document for word in page.get_textpage().get_text_range().split()}


@needs_tesseract
@pytest.mark.parametrize(
    ("name", "pages", "recognised", "unsigned", "expected"),
    [
        ("scans/gm-ubnd-phuong.clean.pdf", 1, 1, False, {"PHƯỜNG", "đối", "thoại"}),
        ("scans/cv-thue-khanh-hoa.bad-layer.pdf", 2, 2, False, {"THUẾ", "KHÁNH", "HÒA", "nghiệp,"}),
        ("signed/bc-stp-dak-lak.signed-scan.pdf", 2, 2, True, {"LẮK", "SỞ", "PHÁP"}),
        ("documents/gm-ubnd-phuong.printed.pdf", 1, 0, False, {"PHƯỜNG", "đối", "thoại"}),
    ],
)
def test_copy(name: str, pages: int, recognised: int, unsigned: bool, expected: set[str], tmp_path: Path) -> None:
    source, target = ROOT / "corpus" / name, tmp_path / "new" / "copy.pdf"
    before = hashlib.sha256(source.read_bytes()).hexdigest()
    assert make_searchable(source, target, settings=Settings()) == SearchableCopy(target, pages, recognised, unsigned)
    assert expected - words(target) == set()
    assert hashlib.sha256(source.read_bytes()).hexdigest() == before
    assert [path.name for path in target.parent.iterdir()] == ["copy.pdf"]


def test_existing_copies_and_the_original_are_kept(tmp_path: Path) -> None:
    source, target = tmp_path / "scan.pdf", tmp_path / "copy.pdf"
    shutil.copy(SCAN, source)
    target.write_text("kept")
    with pytest.raises(OutputError, match="exists already"):
        make_searchable(source, target, settings=Settings())
    with pytest.raises(OutputError, match="is the original, which is never changed"):
        make_searchable(source, source, settings=Settings(), overwrite=True)
    assert (target.read_text(), source.read_bytes()) == ("kept", SCAN.read_bytes())


def test_what_is_no_pdf_or_damaged_is_told(tmp_path: Path) -> None:
    note, broken = tmp_path / "note.txt", tmp_path / "broken.pdf"
    note.write_text("Số: 12/BC\n")
    broken.write_bytes(SCAN.read_bytes()[:400])
    with pytest.raises(UnsupportedFile, match="is no PDF"):
        make_searchable(note, tmp_path / "copy.pdf", settings=Settings())
    with pytest.raises(DamagedFile):
        make_searchable(broken, tmp_path / "copy.pdf", settings=Settings())
    assert not (tmp_path / "copy.pdf").exists()


def test_missing_program_names_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingTool, match=r"needs OCRmyPDF, which is not installed\. pip install 'docparse\[searchable\]'"):
        make_searchable(SCAN, tmp_path / "copy.pdf", settings=Settings())


@needs_tesseract
def test_command_says_what_it_did_and_that_signatures_do_not_hold(tmp_path: Path) -> None:
    source, target = ROOT / "corpus/signed/bc-stp-dak-lak.signed-scan.pdf", tmp_path / "copy.pdf"
    result = CliRunner().invoke(app, ["ocr", str(source), "-o", str(target)])
    assert (result.exit_code, result.stdout) == (0, f"{target}: 2 of 2 pages recognised\n")
    assert result.stderr == f"docparse: {target}: the digital signatures of {source} do not hold for the copy. Keep the original.\n"
    assert CliRunner().invoke(app, ["ocr", str(source), "-o", str(target)]).exit_code == OutputError.exit_status
