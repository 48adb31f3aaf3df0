"""`docparse verify`: what an office sees of signed, altered, unsigned and unreadable files, and what a script gets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import CORPUS
from signed import flipped, signed, write_root
from typer.testing import CliRunner

from docparse.cli import app
from docparse.record import Signature
from docparse.verify import CHANGES, INTACT, REMARKS, ROLES, is_whole, signature_row

WHOLE = CORPUS / "documents" / "gm-ubnd-phuong.pdf"
UNSIGNED = CORPUS / "documents" / "hd-btgdv-thanh-hoa.pdf"

runner = CliRunner()


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("DOCPARSE_TRUST_ROOTS", raising=False)


@pytest.fixture
def altered(tmp_path: Path) -> Path:
    path = tmp_path / "altered.pdf"
    path.write_bytes(flipped(signed(), 3000))
    return path


def verify(*args: str | Path, status: int) -> str:
    result = runner.invoke(app, ["verify", *map(str, args)])
    assert result.exit_code == status, result.output
    return result.stdout


def cells(out: str) -> list[list[str]]:
    """The rows of the table that name a role."""
    rows = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in out.splitlines()]
    return [row for row in rows if len(row) > 4]


def test_a_whole_file() -> None:
    out = verify(WHOLE, status=0)
    assert out.splitlines()[0] == f"{WHOLE}: intact"
    assert cells(out)[1:] == [
        ["Hồ Đắc Nguyên", "leader", "2026-05-08 15:30", "yes", "not checked", "only signed again"],
        ["UBND PHƯỜNG AN KHÊ", "number stamp", "2026-05-08 15:58", "yes", "not checked", "only signed again"],
        ["UBND PHƯỜNG AN KHÊ", "date stamp", "2026-05-08 16:00", "yes", "not checked", "only signed again"],
        ["UBND PHƯỜNG AN KHÊ", "agency", "2026-05-08 16:02", "yes", "not checked", "no"],
    ]


def test_an_altered_file(altered: Path) -> None:
    out = verify(altered, status=1)
    assert out.splitlines()[0] == f"{altered}: NOT INTACT"
    assert [row[3] for row in cells(out)[1:]] == ["NO"] * 4


def test_content_changed_after_signing() -> None:
    out = verify(CORPUS / "signed" / "gm-ubnd-phuong.altered.pdf", status=1)
    assert [row[3:6] for row in cells(out)[1:]] == [["yes", "not checked", "CONTENT CHANGED"]] * 3


def test_a_mismatch_is_told_and_is_no_matter_of_the_signature() -> None:
    out = verify(CORPUS / "signed" / "gm-ubnd-phuong.mismatch-name.pdf", status=0)
    assert out.splitlines()[-1] == "  Signature1: the certificate names Nguyễn Hữu Phước, the page is signed by Hồ Đắc Nguyên"


def test_an_unsigned_file_is_not_intact() -> None:
    assert verify(UNSIGNED, status=1) == f"{UNSIGNED}: no signature\n"


def test_a_file_whose_end_is_missing(tmp_path: Path) -> None:
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(signed()[:-10_000])
    out = verify(cut, status=1)
    assert out.startswith(f"{cut}: NOT INTACT\n")
    assert out.endswith("  signatures cannot be read (PdfReadError: EOF marker not found)\n")


def test_unreadable_files_are_told_and_the_others_verified(tmp_path: Path) -> None:
    result = runner.invoke(app, ["verify", str(tmp_path / "gone.pdf"), str(WHOLE)])
    assert result.exit_code == 3
    assert result.stderr == f"docparse: {tmp_path / 'gone.pdf'}: cannot be opened (No such file or directory). Check the path and the permissions.\n"
    assert result.stdout.startswith(f"{WHOLE}: intact\n")


def test_trust_roots_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCPARSE_TRUST_ROOTS", str(write_root(tmp_path / "root.pem")))
    assert [row[4] for row in cells(verify(WHOLE, status=0))[1:]] == ["yes"] * 4
    out = verify(CORPUS / "signed" / "gm-ubnd-phuong.broken-chain.pdf", status=1)
    assert [row[4] for row in cells(out)[1:]] == ["NO"] * 3
    assert "issuer of the certificate is not among the trust roots" in out
    monkeypatch.setenv("DOCPARSE_TRUST_ROOTS", str(tmp_path / "nowhere"))
    verify(WHOLE, status=2)


def test_json(altered: Path) -> None:
    one = json.loads(verify(WHOLE, "--json", status=0))
    assert (one["file"], one["verdict"], one["problems"]) == (str(WHOLE), "intact", [])
    assert [signature["role"] for signature in one["signatures"]] == ["leader", "number", "date", "agency"]
    several = json.loads(verify(WHOLE, altered, UNSIGNED, "--json", status=1))
    assert [row["verdict"] for row in several] == ["intact", "not_intact", "unsigned"]
    assert [problem["code"] for problem in several[1]["problems"]] == ["signature_broken"] * 4


def test_a_folder(tmp_path: Path) -> None:
    for name in ("b.pdf", "a.pdf"):
        (tmp_path / name).write_bytes(signed())
    assert [row["file"] for row in json.loads(verify(tmp_path, "--json", status=0))] == [str(tmp_path / name) for name in ("a.pdf", "b.pdf")]


@pytest.mark.parametrize(
    ("values", "whole"),
    [
        ({}, True),
        ({"changed_after": "none", "trusted": True}, True),
        ({"intact": False}, False),
        ({"intact": None}, False),
        ({"trusted": False}, False),
        ({"changed_after": "form"}, False),
        ({"changed_after": "content"}, False),
        ({"changed_after": None}, False),
    ],
)
def test_what_is_whole(values: dict[str, object], whole: bool) -> None:
    empty = dict.fromkeys(("signer", "organization", "email", "signing_time", "field", "page", "box", "covers_whole_file", "trusted", "certificate"))
    assert is_whole(Signature.model_validate(empty | {"intact": True, "changed_after": "signatures"} | values)) is whole


def test_every_value_has_words() -> None:
    values = Signature.model_json_schema()["properties"]
    assert set(ROLES) == {*values["role"]["anyOf"][0]["enum"], None}
    assert set(CHANGES) == {*values["changed_after"]["anyOf"][0]["enum"], None}
    assert set(INTACT) == {True, False, None}
    source = "".join((Path(__file__).parents[1] / "docparse" / "read" / name).read_text(encoding="utf-8") for name in ("signatures.py", "trust.py"))
    assert [code for code in REMARKS if f'"{code}"' not in source] == []


def test_other_zones_are_shown() -> None:
    empty = dict.fromkeys(("signer", "organization", "email", "page", "box", "covers_whole_file", "intact", "trusted", "certificate"))
    row = signature_row(Signature.model_validate(empty | {"field": "F1", "signing_time": "2026-05-08T08:30:00Z", "problems": ("unreadable",)}))
    assert row == ("field F1", "", "2026-05-08 08:30 +0000", "cannot be checked", "not checked", "cannot be checked", "the signature is damaged")
