"""What the commands about a corpus say, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import PLAN
from typer.testing import CliRunner

from docparse.cli import app

runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plan, a damaged file, and one that is no document."""
    made = tmp_path / "in"
    made.mkdir()
    (made / "plan.txt").write_text(PLAN, encoding="utf-8")
    (made / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    (made / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    return made


def call(*arguments: object, corpus: Path) -> tuple[int, str, str]:
    result = runner.invoke(app, [*map(str, arguments), "--corpus", str(corpus)], env={"DOCPARSE_OCR": "false"})
    return result.exit_code, result.stdout, result.stderr


def test_statuses(folder: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "c.db"
    assert call("ingest", folder / "plan.txt", "--quiet", corpus=corpus) == (0, "", "")
    assert call("ingest", folder / "plan.txt", "--quiet", corpus=corpus) == (0, "", "")
    assert call("ingest", folder / "photo.png", "--quiet", corpus=corpus)[0] == 1
    assert call("ingest", folder, "--quiet", corpus=corpus)[0] == 1
    empty = tmp_path / "empty"
    empty.mkdir()
    assert call("ingest", empty, "--quiet", corpus=corpus) == (2, "", "")
    assert call("ingest", corpus=corpus)[0] == 2
    assert call("retry", corpus=tmp_path / "absent.db") == (
        13, "", f"docparse: {tmp_path / 'absent.db'}: is not there. Make it with docparse ingest, or name another one with --corpus.\n"
    )  # fmt: skip


def test_what_a_run_says(folder: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "c.db"
    status, out, err = call("ingest", folder, corpus=corpus)
    assert status == 1
    first, second = err.splitlines()
    assert first == (f"docparse: {folder / 'broken.pdf'}: is damaged. Open it in a viewer and save it again, or ask the sender for the file again.")
    assert out.startswith(f"{corpus}: 1 parsed, 1 skipped, 1 failed; 1 pages in ")
    assert second == "docparse: docparse journal says what failed and why, docparse retry tries it again."


def test_journal_and_retry(folder: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "c.db"
    call("ingest", folder, corpus=corpus)
    status, out, _ = call("journal", corpus=corpus)
    assert (status, out.splitlines()) == (0, [
        f"failed   damaged        {folder / 'broken.pdf'}: is damaged. Open it in a viewer and save it again, or ask the sender for the file again.",
        f"skipped  no_document    {folder / 'photo.png'}: is no document. docparse reads PDF, DOCX, DOC, RTF and text files.",
        "1 parsed, 1 failed, 1 skipped",
    ])  # fmt: skip
    _, out, _ = call("journal", "--json", "--status", "failed", corpus=corpus)
    row = json.loads(out)
    assert (row["location"], row["status"], row["code"], row["attempts"]) == (str(folder / "broken.pdf"), "failed", "damaged", 1)
    assert call("journal", "--status", "lost", corpus=corpus)[0] == 2
    assert call("retry", "--quiet", corpus=corpus)[0] == 1
    assert json.loads(call("journal", "--json", "--status", "failed", corpus=corpus)[1])["attempts"] == 2
    (folder / "broken.pdf").unlink()
    (folder / "broken.pdf").write_text(PLAN.replace("47", "48"), encoding="utf-8")
    assert call("retry", "--quiet", corpus=corpus)[0] == 0
    assert call("retry", corpus=corpus) == (2, "", f"docparse: {corpus}: nothing in it has failed.\n")


def test_list_of_paths(folder: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text(f"{folder / 'plan.txt'}\n\n{folder / 'absent.pdf'}\n", encoding="utf-8")
    status, _, err = call("ingest", "--list", listed, corpus=tmp_path / "c.db")
    assert status == 1
    assert (
        err.splitlines()[0] == f"docparse: {folder / 'absent.pdf'}: cannot be opened (No such file or directory). Check the path and the permissions."
    )
    assert call("ingest", "--list", tmp_path / "none.txt", corpus=tmp_path / "c.db")[0] == 3
    result = runner.invoke(app, ["ingest", "--list", "-", "--corpus", str(tmp_path / "d.db"), "--quiet"], input=f"{folder / 'plan.txt'}\n")
    assert result.exit_code == 0


def test_names_do_not_command_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "\x1b[2J\x07.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    _, out, err = call("ingest", tmp_path / "in", corpus=tmp_path / "c.db")
    assert err.splitlines()[0].startswith(f"docparse: {tmp_path / 'in'}/\\x1b[2J\\x07.pdf: is damaged.")
    listed = call("journal", corpus=tmp_path / "c.db")[1]
    assert "\\x1b[2J\\x07.pdf" in listed
    assert not {"\x1b", "\x07"} & set(out + err + listed)
