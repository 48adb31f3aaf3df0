"""Reviewed documents as gold files: their form, what is in them, their inputs, and that they score what the record says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CORPUS, PLAN
from review_cases import put
from typer.testing import CliRunner

from docparse.cli import app
from docparse.errors import MissingEntry, OutputError
from docparse.evaluate import evaluate
from docparse.export.tables import Form, export
from docparse.gold import load_gold
from docparse.pipeline import parse_file
from docparse.record import Record
from docparse.review.gold import export_gold, gold_of
from docparse.review.store import correct, withdraw
from docparse.score import score_document
from docparse.store.corpus import Corpus

PLAN_ID = "ke-hoach-47-"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two documents and the same bytes once more."""
    (made := tmp_path / "in").mkdir()
    for name in ("Kế hoạch 47.txt", "z.txt"):
        (made / name).write_text(PLAN, encoding="utf-8")
    shutil.copy(CORPUS / "documents" / "kh-syt-phu-tho.pdf", made)
    return made


@pytest.fixture
def corpus(folder: Path, tmp_path: Path) -> Iterator[Corpus]:
    opened = Corpus(str(tmp_path / "c.db"), create=True)
    first, second, third = (folder / name for name in ("Kế hoạch 47.txt", "kh-syt-phu-tho.pdf", "z.txt"))
    put(opened, parse_file(first), str(first), str(third))
    put(opened, parse_file(second), str(second))
    yield opened
    opened.close()


def test_only_what_was_reviewed(corpus: Corpus, tmp_path: Path) -> None:
    assert export(corpus, Form.GOLD, tmp_path / "none") == []
    made = correct(corpus, 1, "header", "set", field="number", value="48/KH-BDT", author="an", note="số viết tay")
    correct(corpus, 1, "header", "set", field="urgency", value="khẩn", author="an", note="dấu đỏ")
    written = export_gold(corpus, tmp_path / "gold")
    [gold_file, copied] = written.files
    assert (gold_file.name[:12], gold_file.suffix, copied.parent.name, copied.name[:12], copied.suffix) == (
        PLAN_ID,
        ".json",
        "inputs",
        PLAN_ID,
        ".txt",
    )
    assert (copied.read_text(encoding="utf-8"), written.without_input) == (PLAN, ())
    gold = load_gold(gold_file)
    assert (gold.header.number, gold.notes) == ("48/KH-BDT", "số viết tay; dấu đỏ")
    assert [(section.label, section.depth, section.head) for section in gold.sections[:2]] == [
        ("I", 1, "MỤC ĐÍCH 1. Giúp người dân các xã vùng cao"),
        ("1", 2, "Giúp người dân các xã vùng cao nắm được chính"),
    ]
    assert [(agency.text, agency.name) for agency in gold.agencies][:2] == [
        ("UBND tỉnh Hòa Bình", None),
        ("Ban Dân tộc", "Ban Dân tộc tỉnh Hòa Bình"),
    ]
    figures = evaluate(tmp_path / "gold").total.figures()
    assert {layer for layer, row in figures.items() if row["f1"] < 1} == {"header.number"}
    withdraw(corpus, made.id, author="an")
    export_gold(corpus, tmp_path / "gold", overwrite=True)
    assert {row["f1"] for row in evaluate(tmp_path / "gold").total.figures().values()} == {1.0}
    with pytest.raises(OutputError):
        export_gold(corpus, tmp_path / "gold")


def test_chosen_documents_and_lost_inputs(corpus: Corpus, folder: Path, tmp_path: Path) -> None:
    (folder / "Kế hoạch 47.txt").write_text("khác", encoding="utf-8")
    (folder / "kh-syt-phu-tho.pdf").unlink()
    written = export_gold(corpus, tmp_path / "gold", document_ids=[1, 3, 1])
    first, second, copied = written.files
    assert (first.name[:12], second.name[:15], copied.name[:12]) == (PLAN_ID, "kh-syt-phu-tho-", PLAN_ID)
    assert copied.read_text(encoding="utf-8") == PLAN  # from the other place of the same bytes
    assert written.without_input == (second,)
    assert len(load_gold(second).tasks) > 5
    with pytest.raises(MissingEntry):
        export_gold(corpus, tmp_path / "gold", document_ids=[77])


def test_gold_of_the_command_line(corpus: Corpus, tmp_path: Path) -> None:
    correct(corpus, 3, "task", "set", start=931, end=1103, field="leads", value=["Sở Y tế"], author="an")
    run = CliRunner().invoke(app, ["export", str(tmp_path / "gold"), "--to", "gold", "--corpus", corpus.name])
    assert (run.exit_code, len(run.stdout.splitlines())) == (0, 2)
    checked = CliRunner().invoke(app, ["check-gold", run.stdout.splitlines()[0]])
    assert checked.exit_code == 0
    assert ": ok (" in checked.stdout


@pytest.mark.parametrize("name", ["bc-stp-dak-lak.txt", "cv-thue-khanh-hoa.docx", "qd-ubnd-hue.pdf", "kh-syt-phu-tho.pdf"])
def test_a_record_scores_everything_against_itself(name: str) -> None:
    path = next((CORPUS / "documents").glob(f"{name.split('.', maxsplit=1)[0]}.*"))
    record = parse_file(path)
    figures = score_document(gold_of(record).model_dump(mode="json"), record.model_dump(mode="json")).figures()
    assert {layer for layer, row in figures.items() if row["f1"] < 1} == set()


def test_exports_give_corrected_values(corpus: Corpus, tmp_path: Path) -> None:
    made = correct(corpus, 1, "header", "set", field="number", value="48/KH-BDT", author="an")
    export(corpus, Form.JSONL, tmp_path / "out")
    export(corpus, Form.CSV, tmp_path / "out")
    first = (tmp_path / "out" / "records.jsonl").read_text(encoding="utf-8").splitlines()[0]
    assert Record.model_validate_json(first).header.number == "48/KH-BDT"
    assert ",48/KH-BDT," in (tmp_path / "out" / "documents.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    [header, row] = (tmp_path / "out" / "corrections.csv").read_text(encoding="utf-8-sig").splitlines()
    assert header.startswith("id,sha256,kind,action,start,end,quote,field,before,after,note,author,made,")
    assert f',number,"""47/KH-BDT""","""48/KH-BDT""",,an,{made.made},,' in row
