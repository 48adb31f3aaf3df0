"""Training: examples from gold, rules and the generator's form; disguise and noise; a tiny pipeline; ablation."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
from conftest import CORPUS, ROOT
from typer.testing import CliRunner

from docparse import lexicon
from docparse.cli import app
from docparse.find.agencies import find_agencies
from docparse.find.blocks import find_blocks
from docparse.find.closing import Closing
from docparse.model.confidence import calibration_error, fit_calibration, reliability
from docparse.model.load import Model, load_model
from docparse.record import Header
from docparse.settings import Settings
from docparse.text import Text
from docparse.training.ablation import ablate, ablation_table, choose_threshold, gain_interval, reliability_lines
from docparse.training.cases import Case, read_cases, record_of
from docparse.training.dropout import Disguise
from docparse.training.examples import UNKNOWN, NameSpan, Paragraph, tagged
from docparse.training.fit_units import UnitExample
from docparse.training.from_gold import gold_names, gold_units
from docparse.training.make import Material, build_pipeline, default_combination, read_texts, save_model, silver_material
from docparse.training.noise import Noise
from docparse.training.withheld import using, withhold

DOCUMENTS = ("cd-ubnd-quang-tri", "cv-1996-ha-bac")
RULES = Settings(model="off")
SENTENCE = Paragraph(
    ["Giao", "Sở", "Y", "tế", "báo", "cáo", "UBND", "tỉnh", "."],
    [True] * 7 + [False, False],
    ["O", "B-AGENCY", "I-AGENCY", "I-AGENCY", "O", "O", "B-AGENCY", "I-AGENCY", "O"],
)


@pytest.fixture(scope="module")
def gold_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gold")
    for name in DOCUMENTS:
        gold = json.loads((CORPUS / "gold" / f"{name}.json").read_text(encoding="utf-8"))
        shutil.copy(CORPUS / "gold" / f"{name}.json", folder)
        shutil.copy(CORPUS / "documents" / gold["input"], folder)
    return folder


@pytest.fixture(scope="module")
def cases(gold_folder: Path) -> list[Case]:
    return read_cases(gold_folder, RULES)


@pytest.fixture(scope="module")
def shipped() -> Model:
    model = load_model(str(ROOT / "models" / "vi_docparse_sm"))
    assert model is not None
    return model


def test_tags_of_spans_and_of_what_nobody_knows() -> None:
    text = Text.of_lines(["các Sở: Y tế", "báo cáo"])
    rows = list(tagged(text.content, [NameSpan(8, 12, "")], find_blocks(text)))
    assert [(row.words, row.tags) for row in rows] == [(["các", "Sở", ":", "Y", "tế", "báo", "cáo"], ["O", "O", "O", UNKNOWN, UNKNOWN, "O", "O"])]


def test_disguise_keeps_the_number_of_names_and_what_is_outside() -> None:
    disguise = Disguise([SENTENCE], random.Random(1))
    shown = [disguise(SENTENCE) for _ in range(50)]
    assert {row.tags.count("B-AGENCY") for row in shown} == {2}
    assert all(len(row.words) == len(row.tags) == len(row.spaces) for row in shown)
    assert {tuple(word for word, tag in zip(row.words, row.tags, strict=True) if tag == "O") for row in shown} == {("Giao", "báo", "cáo", ".")}
    assert len({tuple(row.words) for row in shown}) > 10


def test_noise_leaves_names_alone() -> None:
    noise = Noise(random.Random(1))
    shown = [noise(SENTENCE) for _ in range(50)]
    named = {tuple(word for word, tag in zip(row.words, row.tags, strict=True) if tag != "O") for row in shown}
    assert named == {("Sở", "Y", "tế", "UBND", "tỉnh")}
    assert all(set(row.tags) == {"O"} and len(row.words) == len(row.spaces) for row in noise.paragraphs(5))


def test_gold_names_stand_in_the_text(cases: list[Case]) -> None:
    for case in cases:
        record = record_of(case)
        named = {case.text.content[span.start : span.end] for span in gold_names(case.gold, record) if span.label == "AGENCY"}
        assert named
        assert {unit.label for unit in gold_units(case.gold, case.text, record)} >= {"assigned", "description"}


def test_same_seed_same_weights(tmp_path: Path) -> None:
    material = Material(
        [SENTENCE] * 6, [UnitExample("Giao Sở Y tế báo cáo", "assigned", "công văn", ""), UnitExample("Căn cứ Luật", "basis", None, "")]
    )
    folders = []
    for name in "ab":
        nlp = build_pipeline(material, epochs=1, unit_epochs=1, seed=3, report=lambda _: None)
        folders.append(tmp_path / name)
        save_model(Model(nlp, default_combination()), folders[-1])
    assert [(folder / "names" / "model").read_bytes() for folder in folders].count((folders[0] / "names" / "model").read_bytes()) == 2
    assert [(folder / "units" / "model").read_bytes() for folder in folders].count((folders[0] / "units" / "model").read_bytes()) == 2
    assert load_model(str(folders[0])) is not None


def test_silver_and_texts(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Giao Sở Tài chính báo cáo UBND tỉnh Lâm Đồng.", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(json.dumps({"text": "Kính gửi: Bộ Nội vụ"}) + "\n", encoding="utf-8")
    material = silver_material(read_texts(tmp_path), RULES)
    assert [row.tags.count("B-AGENCY") for row in material.paragraphs] == [2, 1]


def test_ablation_and_intervals(cases: list[Case], shipped: Model) -> None:
    result = ablate(cases, shipped, report=lambda _: None)
    assert set(result.scores["both"]) == {case.issuer for case in cases}
    assert gain_interval(result, "tasks") == (0.0, 0.0, 0.0)
    table = list(ablation_table(result))
    assert [row.split(" | ")[0] for row in table if row.startswith("| agencies")] == ["| agencies", "| agencies.name"]
    assert next(reliability_lines(result, "tasks")).startswith("tasks: ")
    assert choose_threshold(cases, shipped) in (None, 0.93, 0.95, 0.97, 0.98)


def test_withheld_names_are_not_read_and_come_back(tmp_path: Path) -> None:
    def read() -> list[str]:
        text = Text.of_lines(["Giao Sở Tài chính, UBND tỉnh, Bộ Nội vụ, Tổng cục Thống kê, Hội Nông dân tỉnh báo cáo Thủ tướng Chính phủ."])
        end = len(text.content)
        return [mention.mention for mention in find_agencies(text, header=Header(), closing=Closing(end, end))]

    usual = read()
    withhold(tmp_path / "lexicon", seed=1, share=1.0)
    with using(tmp_path / "lexicon"):
        assert read() == []
    assert read() == usual != []
    assert lexicon.FOLDER == ROOT / "docparse" / "lexicon"


def test_calibration_follows_what_is_right() -> None:
    rules = ["good"] * 100 + ["bad"] * 100
    right = [index % 10 > 0 for index in range(100)] + [index % 10 > 4 for index in range(100)]
    calibration = fit_calibration(rules, [0.5] * 200, right)
    assert (calibration.confidence("good", 0.5), calibration.confidence("bad", 0.5)) == pytest.approx((0.9, 0.5), abs=0.03)
    rated = [calibration.confidence(rule, 0.5) for rule in rules]
    assert calibration_error(rated, right) < 0.03
    assert [count for _, _, count in reliability(rated, right)] == [100, 100]


def test_train_command(gold_folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "mine"
    run = CliRunner().invoke(app, ["train", "--gold", str(gold_folder), "--output", str(output)], env={"DOCPARSE_MODEL": "auto"})
    assert run.exit_code == 0, run.output
    assert run.stdout.splitlines()[-1].startswith(f"{output}: taught ")
    taught = load_model(str(output))
    assert taught is not None
    assert {"agencies", "citations", "tasks"} == set(taught.combination["confidence"])


def test_train_needs_something_and_a_model(gold_folder: Path, tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["train", "--output", str(tmp_path / "x")]).exit_code == 2
    run = CliRunner().invoke(
        app, ["train", "--gold", str(gold_folder), "--output", str(tmp_path / "x")], env={"DOCPARSE_MODEL": str(tmp_path / "none")}
    )
    assert run.exit_code == 16
    assert not (tmp_path / "x").exists()
