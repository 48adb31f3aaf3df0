"""Scores are those of the reference scorer; gains and losses are told."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from conftest import PLAN
from typer.testing import CliRunner

from docparse.cli import app
from docparse.errors import GoldError
from docparse.evaluate import Change, Evaluation, compare, evaluate, load_baseline, save_baseline
from docparse.gold import find_input, load_gold

runner = CliRunner()
GOLD: dict[str, Any] = {
    "id": "ke-hoach-47",
    "input": "ke-hoach-47.txt",
    "header": {
        "doc_type": "kế hoạch",
        "number": "47/KH-BDT",
        "issuer": "Ban Dân tộc",
        "parent_issuer": "UBND tỉnh Hòa Bình",
        "place": "Hòa Bình",
        "date": "2024-02-20",
        "title": "Tổ chức hội thi tìm hiểu pháp luật năm 2024",
        "addressees": [],
    },
    "signers": [{"name": "Hoàng Minh Đức", "position": "Phó Trưởng Ban", "authority": "KT.", "on_behalf_of": "Trưởng Ban"}],
    "recipients": ["UBND tỉnh", "Lưu: VT"],
    "sections": [{"label": "I", "depth": 1, "head": "MỤC ĐÍCH"}, {"label": "1", "depth": 2, "head": "Giúp người dân các xã vùng cao"}],
    "citations": [],
    "dates": [{"text": "năm 2024", "first_day": "2024-01-01", "last_day": "2024-12-31"}],
    "agencies": [{"text": "Sở Tư pháp", "name": "Sở Tư pháp tỉnh Hòa Bình"}],
    "tasks": [],
    "notes": "",
}
NAMELESS = dict.fromkeys(("doc_type", "number", "date", "issuer", "title")) | {"text": "x", "provisions": [], "relation": "basis"}
RECORD: dict[str, Any] = {
    "text": "I. MỤC ĐÍCH\n1. Giúp người dân",
    "header": {**GOLD["header"], "number": "47/KH- BDT", "issuer": "Ban Dan toc", "place": None},
    "signers": [],
    "recipients": ["UBND tỉnh;", "Sở Nội vụ"],
    "sections": [{"label": "I", "depth": 1, "start": 0, "end": 30}],
    "dates": [{"text": "2024", "first_day": "2024-01-01", "last_day": "2024-12-31"}, {"text": "x", "first_day": None, "last_day": None}],
    "agencies": [{"text": "Sở Tư pháp", "mention": "Sở Tư pháp", "name": "Sở Tư pháp"}, {"text": "các sở", "mention": "các sở", "collective": True}],
}


def write(folder: Path, value: Any, name: str = "ke-hoach-47.json") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    write(tmp_path / "gold", GOLD)
    write(tmp_path / "records", RECORD)
    return tmp_path / "gold", tmp_path / "records"


def counts(evaluation: Evaluation) -> dict[str, tuple[int, int, int]]:
    return {layer: (tally.right, tally.gold, tally.found) for layer, tally in evaluation.total.tallies.items()}


def test_counts(folders: tuple[Path, Path]) -> None:
    gold, records = folders
    assert counts(evaluate(gold, records_dir=records)) == {
        "header.doc_type": (1, 1, 1),
        "header.number": (1, 1, 1),
        "header.issuer": (0, 1, 1),
        "header.parent_issuer": (1, 1, 1),
        "header.place": (0, 1, 1),
        "header.date": (1, 1, 1),
        "header.title": (1, 1, 1),
        "addressees": (0, 0, 0),
        "recipients": (1, 2, 2),
        "signers": (0, 1, 0),
        "sections": (1, 2, 1),
        "sections.parent": (1, 1, 1),
        "citations": (0, 0, 0),
        "dates": (1, 1, 1),
        "agencies": (1, 1, 1),
        "agencies.name": (0, 1, 1),
        "tasks": (0, 0, 0),
        "tasks.strict": (0, 0, 0),
    }


def test_errors_are_listed(folders: tuple[Path, Path]) -> None:
    gold, records = folders
    errors = evaluate(gold, records_dir=records).total.errors
    assert errors["recipients"] == [("ke-hoach-47", "missed", "Lưu: VT"), ("ke-hoach-47", "spurious", "Sở Nội vụ")]
    assert errors["header.place"] == [("ke-hoach-47", "gold 'Hòa Bình'", "found None")]


def test_missing_record_counts_as_empty(folders: tuple[Path, Path], tmp_path: Path) -> None:
    told: list[str] = []
    evaluation = evaluate(folders[0], records_dir=tmp_path, report=told.append)
    assert counts(evaluation)["dates"] == (0, 1, 0)
    assert len(told) == 1
    assert "is no readable record. Counted as an empty record." in told[0]


def test_scans_can_be_left_out(folders: tuple[Path, Path]) -> None:
    gold, records = folders
    write(records, {**RECORD, "problems": [{"code": "no_text_layer", "message": "a picture", "page": 1}]})
    assert evaluate(gold, records_dir=records, text_only=True).documents == {}
    assert list(evaluate(gold, records_dir=records).documents) == ["ke-hoach-47"]


def test_parses_inputs(tmp_path: Path) -> None:
    write(tmp_path / "gold", GOLD)
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "ke-hoach-47.txt").write_text(PLAN, encoding="utf-8")
    assert counts(evaluate(tmp_path / "gold"))["header.number"] == (1, 1, 1)


@pytest.mark.parametrize("place", [".", "inputs", "../documents"])
def test_find_input(place: str, tmp_path: Path) -> None:
    gold = write(tmp_path / "gold", GOLD)
    document = gold.parent / place / "ke-hoach-47.txt"
    document.parent.mkdir(exist_ok=True)
    document.touch()
    found = find_input(gold, "ke-hoach-47.txt")
    assert found is not None
    assert found.samefile(document)
    assert find_input(gold, "other.txt") is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dates": [{"text": "x", "first_day": "2024-02-30", "last_day": "2024-03-01"}]}, "dates.0.first_day"),
        ({"dates": [{"text": "x", "first_day": "2024-03-02", "last_day": "2024-03-01"}]}, "ends before it starts"),
        ({"recipients": ["Lưu:  VT"]}, "white space that is not folded"),
        ({"recipients": [unicodedata.normalize("NFD", "Sở Y tế")]}, "is not NFC"),
        ({"sections": [{"label": "I", "depth": 0, "head": "x"}]}, "sections.0.depth"),
        ({"agencies": [{"text": "Sở Y tế"}]}, "agencies.0.name: Field required"),
        ({"comment": ""}, "comment: Extra inputs are not permitted"),
        ({"citations": [NAMELESS]}, "has no number"),
        ({"signers": [{"name": "A", "position": None, "authority": "PP.", "on_behalf_of": None}]}, "signers.0.authority"),
    ],
)
def test_wrong_gold_is_refused(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    path = write(tmp_path, GOLD | change)
    with pytest.raises(GoldError) as caught:
        load_gold(path)
    assert message in str(caught.value)
    result = runner.invoke(app, ["check-gold", str(path)])
    assert result.exit_code == GoldError.exit_status
    assert message in result.stderr


def test_check_gold_accepts(tmp_path: Path) -> None:
    result = runner.invoke(app, ["check-gold", str(write(tmp_path, GOLD))])
    assert result.exit_code == 0
    assert result.stdout.endswith("ke-hoach-47.json: ok (2 sections, 0 citations, 1 dates, 1 agencies, 0 tasks)\n")


def test_gains_and_losses(folders: tuple[Path, Path], tmp_path: Path) -> None:
    gold, records = folders
    baseline = tmp_path / "reports" / "baseline.json"
    save_baseline(evaluate(gold, records_dir=records), baseline)
    write(records, {**RECORD, "dates": [], "header": GOLD["header"]})
    after = evaluate(gold, records_dir=records)
    changes = compare(after, load_baseline(baseline))
    assert [change for change in changes if not change.document] == [
        Change("", "header.issuer", 0.0, 1.0),
        Change("", "header.place", 0.0, 1.0),
        Change("", "dates", 1.0, 0.0),
    ]
    assert Change("ke-hoach-47", "dates", 1.0, 0.0) in changes

    arguments = ["evaluate", str(gold), "--records", str(records), "--baseline", str(baseline)]
    result = runner.invoke(app, arguments)
    assert result.exit_code == 1
    assert "loss -1.000  dates                   1.000 -> 0.000  all documents" in result.stdout.splitlines()
    assert runner.invoke(app, [*arguments, "--save-baseline"]).exit_code == 0
    assert runner.invoke(app, arguments).exit_code == 0


def test_same_results_give_the_same_baseline(folders: tuple[Path, Path], tmp_path: Path) -> None:
    gold, records = folders
    save_baseline(evaluate(gold, records_dir=records), tmp_path / "a.json")
    save_baseline(evaluate(gold, records_dir=records), tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_wrong_baseline_and_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="is no baseline"):
        load_baseline(write(tmp_path, {"layers": 1}))
    with pytest.raises(GoldError, match="holds no gold file"):
        evaluate(tmp_path / "nowhere")
    assert runner.invoke(app, ["evaluate", str(tmp_path), "--save-baseline"]).exit_code == 2


def test_errors_of_a_layer(folders: tuple[Path, Path]) -> None:
    arguments = ["evaluate", str(folders[0]), "--records", str(folders[1])]
    listed = runner.invoke(app, [*arguments, "--errors", "signers"])
    assert listed.stdout == "ke-hoach-47 | missed | Hoàng Minh Đức\n"
    unknown = runner.invoke(app, [*arguments, "--errors", "signer"])
    assert unknown.exit_code == 2
    assert "'signer' is none of header.doc_type" in " ".join(unknown.stderr.split())


def test_agrees_with_the_reference_scorer(shared: Path, tmp_path: Path) -> None:
    """Number for number, on real documents."""
    from docparse.pipeline import parse_file

    gold, records = tmp_path / "gold", tmp_path / "records"
    gold.mkdir()
    records.mkdir()
    for path in sorted((shared / "gold").glob("*.json")):
        source = shared / "gold" / "inputs" / json.loads(path.read_bytes())["input"]
        if source.suffix == ".txt":
            shutil.copy(path, gold)
            (records / path.name).write_text(parse_file(source).model_dump_json(), encoding="utf-8")
    (records / "seed_002.json").unlink()
    command = [sys.executable, str(shared / "gold" / "score.py"), str(gold), str(records)]
    expected = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True).stdout
    evaluation = evaluate(gold, records_dir=records, report=lambda _: None)
    assert evaluation.total.figures() == json.loads(expected)
    for layer in ("tasks.leads", "citations"):
        listed = subprocess.run([*command, "--errors", layer], capture_output=True, text=True, check=True).stdout
        assert "".join(" | ".join(row) + "\n" for row in evaluation.total.errors[layer]) == listed
