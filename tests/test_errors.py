"""Every kind of failure is one clear line, has an exit status of its own, and leaves the other files alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT, encrypted_pdf
from typer.testing import CliRunner

import docparse
from docparse import errors
from docparse.cli import INGEST_HELP, RESEARCH_HELP, STATUS_HELP, app
from docparse.cli.common import USAGE
from docparse.cli.tasks import PUSH_HELP

KINDS = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.DocparseError) and kind is not errors.DocparseError
]
runner = CliRunner()


def make(folder: Path, case: str) -> Path:
    path = folder / f"{case.replace(' ', '-')}.pdf"
    match case:
        case "missing file":
            pass
        case "empty":
            path.touch()
        case "only white space":
            path.write_text(" \n\n\t\n", encoding="utf-8")
        case "encrypted":
            encrypted_pdf(path)
        case "damaged":
            path.write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n")
        case "damaged archive":
            path.write_bytes(b"PK\x03\x04" + bytes(200))
        case "picture":
            path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
        case "large":
            path.write_text("Kế hoạch " * 2000, encoding="utf-8")
    return path


CASES = [
    ("missing file", errors.MissingFile, "cannot be opened (No such file or directory)"),
    ("empty", errors.EmptyFile, "is empty"),
    ("only white space", errors.EmptyFile, "holds no text"),
    ("encrypted", errors.EncryptedFile, "is encrypted"),
    ("damaged", errors.DamagedFile, "is damaged"),
    ("damaged archive", errors.DamagedFile, "is damaged"),
    ("picture", errors.UnsupportedFile, "is not a document that docparse reads"),
    ("large", errors.FileTooLarge, "has 26,000 bytes, more than 20,000"),
]


@pytest.mark.parametrize(("case", "kind", "reason"), CASES, ids=[case for case, _, _ in CASES])
def test_failure(case: str, kind: type[errors.DocparseError], reason: str, tmp_path: Path, plan_file: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = make(folder, case)
    with pytest.raises(kind) as caught:
        docparse.parse(path, settings=docparse.Settings(max_bytes=20_000))
    assert caught.value.filename == str(path)
    assert caught.value.reason.startswith(reason)

    result = runner.invoke(app, ["parse", str(path), str(plan_file), "--format", "jsonl"], env={"DOCPARSE_MAX_BYTES": "20000"})
    assert result.exit_code == kind.exit_status
    assert result.stderr == f"docparse: {caught.value}\n"
    assert result.stdout.count("\n") == 1
    assert '"filename":"ke-hoach-47.txt"' in result.stdout


def test_too_many_characters(plan_file: Path) -> None:
    with pytest.raises(errors.FileTooLarge, match="characters, more than 100"):
        docparse.parse(plan_file, settings=docparse.Settings(max_characters=100))


def test_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(errors.MissingFile, match="Is a directory"):
        docparse.parse(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_kind_is_complete(kind: type[errors.DocparseError]) -> None:
    error = kind("a.pdf")
    assert str(error).startswith(f"a.pdf: {kind.reason}.")
    assert "\n" not in str(error)
    assert kind.exit_status > 1


def test_codes_and_statuses_are_distinct() -> None:
    assert len({kind.code for kind in KINDS}) == len(KINDS)
    of_files = [kind.exit_status for kind in KINDS if kind.exit_status != USAGE]
    assert len(set(of_files)) == len(of_files) == 14


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {errors.LexiconError, errors.GoldError}])
def test_status_is_documented(kind: type[errors.DocparseError]) -> None:
    assert f"; {kind.exit_status} " in STATUS_HELP + INGEST_HELP + RESEARCH_HELP + PUSH_HELP
    for readme in ("README.md", "README.vi.md"):
        assert f"| {kind.exit_status} |" in (ROOT / readme).read_text(encoding="utf-8")


def test_unexpected_error_is_one_line(plan_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("boom\nboom")

    monkeypatch.setattr("docparse.pipeline.build_record", broken)
    result = runner.invoke(app, ["parse", str(plan_file)])
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "unexpected KeyError" in result.stderr


def test_wrong_setting_is_one_line(plan_file: Path) -> None:
    result = runner.invoke(app, ["parse", str(plan_file)], env={"DOCPARSE_MAX_PAGES": "many"})
    assert result.exit_code == errors.SettingsError.exit_status
    assert result.stderr.count("\n") == 1
    assert "DOCPARSE_MAX_PAGES" in result.stderr
