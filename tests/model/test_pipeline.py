"""The trained pipeline as it is shipped: what it finds in made-up sentences, its files, and how it joins the rules."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

import docparse
from docparse.errors import ModelError
from docparse.find.blocks import find_blocks
from docparse.identity import parser_version
from docparse.model.combine import Combination
from docparse.model.load import Model, find_model, load_model, model_digest
from docparse.model.units import unit_classifier
from docparse.settings import Settings
from docparse.text import Text
from docparse.training.ablation import with_threshold

FOLDER = ROOT / "models" / "vi_docparse_sm"
MEGABYTES, SECONDS = 15, 1.0
ENVIRONMENT = {**os.environ, "DOCPARSE_MODEL": "auto"}


@pytest.fixture(scope="module")
def model() -> Model:
    loaded = load_model(str(FOLDER))
    assert loaded is not None
    return loaded


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        (
            "Giao Sở Y tế chủ trì, phối hợp với Hội Nông dân tỉnh báo cáo UBND tỉnh trước ngày 15/3/2024.",
            [("Sở Y tế", "AGENCY"), ("Hội Nông dân tỉnh", "AGENCY"), ("UBND tỉnh", "AGENCY")],
        ),
        ("Thực hiện chỉ đạo của Chủ tịch UBND tỉnh tại cuộc họp ngày 02/3/2024.", [("Chủ tịch", "POSITION"), ("UBND tỉnh", "AGENCY")]),
        (
            "Nguyễn Văn An, Phó Giám đốc Sở Y tế, báo cáo kết quả.",
            [("Nguyễn Văn An", "PERSON"), ("Phó Giám đốc", "POSITION"), ("Sở Y tế", "AGENCY")],
        ),
        ("Rà soát, hoàn thiện hồ sơ và báo cáo kết quả trước ngày 15 hằng tháng.", []),
    ],
)
def test_names_with_exact_offsets(model: Model, sentence: str, names: list[tuple[str, str]]) -> None:
    doc = model.nlp(sentence)
    assert doc.text == sentence
    assert [(entity.text, entity.label_) for entity in doc.ents] == names
    assert [sentence[entity.start_char : entity.end_char] for entity in doc.ents] == [name for name, _ in names]
    assert len(doc.spans["names"].attrs["probabilities"]) == len(names)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Giao Sở Y tế chủ trì, phối hợp với Hội Nông dân tỉnh báo cáo UBND tỉnh trước ngày 15/3/2024.", "assigned"),
        ("Căn cứ Luật Tổ chức chính quyền địa phương;", "basis"),
    ],
)
def test_classes_of_units(model: Model, text: str, kind: str) -> None:
    cats = model.nlp(text).cats
    assert max(cats, key=lambda label: cats[label]) == kind
    assert sum(cats.values()) == pytest.approx(1, abs=1e-3)


def test_work_is_told_from_rules_of_conduct(model: Model) -> None:
    duty = ("Rà soát hồ sơ, tổng hợp vướng mắc, báo cáo UBND tỉnh trước ngày 15/3/2024.", "Nhiệm vụ của Phòng Nội vụ")
    rule = ("Thành viên làm việc kiêm nhiệm, chịu trách nhiệm trước Trưởng ban về phần việc được phân công.", "Chế độ làm việc")
    first, second = unit_classifier(model.nlp).work([duty, rule], doc_type="quy chế")
    assert first > 0.9
    assert second < 0.2
    assert unit_classifier(model.nlp).work([], doc_type=None) == []


def test_batches_give_what_single_texts_give(model: Model) -> None:
    texts = ["Giao Sở Y tế báo cáo.", "", "Kính gửi: Bộ Nội vụ"]
    batched = [[entity.text for entity in doc.ents] for doc in model.nlp.pipe(texts)]
    assert batched == [[entity.text for entity in model.nlp(text).ents] for text in texts] == [["Sở Y tế"], [], ["Bộ Nội vụ"]]


def test_white_space_keeps_offsets(model: Model) -> None:
    text = "Giao  Sở\nY tế\n\nbáo cáo"
    assert [token.idx for token in model.nlp.make_doc(text) if token.text == "Sở"] == [6]
    assert model.nlp.make_doc(text).text == text


def test_files_are_small_and_hold_no_text(model: Model) -> None:
    files = [file for file in FOLDER.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < MEGABYTES * 1e6
    words = json.loads((FOLDER / "vocab" / "strings.json").read_text(encoding="utf-8"))
    assert words == sorted({*model.nlp.get_pipe("names").labels, *model.nlp.get_pipe("units").labels})
    vietnamese = re.compile("[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
    texts = [file for file in files if file.suffix in {".json", ".cfg"}]
    assert [file.name for file in texts if vietnamese.search(file.read_text(encoding="utf-8"))] == []
    assert [file.name for file in files if file.suffix in {".bin", ""} and "Nguyễn".encode() in file.read_bytes()] == []


def test_loads_fast() -> None:
    code = (
        "import time, spacy, docparse.model.names, docparse.model.units, docparse.model.syllables\n"
        f"start = time.process_time(); spacy.load({str(FOLDER)!r}); print(time.process_time() - start)"
    )
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(out.stdout) < SECONDS


def test_findings_are_those_of_the_rules_with_confidence(plan_file: Path) -> None:
    rules = docparse.parse(plan_file, settings=Settings(model="off"))
    both = docparse.parse(plan_file, settings=Settings(model=str(FOLDER)))
    assert {mention.confidence for mention in rules.agencies} == {None}
    assert all(0 < (mention.confidence or 0) < 1 for mention in both.agencies)
    assert all(0 < (citation.confidence or 0) < 1 for citation in both.citations)
    assert all(0 < task.confidence < 1 for task in both.tasks)
    plain = [mention.model_copy(update={"confidence": None}) for mention in both.agencies]
    assert plain == list(rules.agencies)
    assert [(task.id, task.action, task.leads) for task in both.tasks] == [(task.id, task.action, task.leads) for task in rules.tasks]


def test_names_are_added_where_a_threshold_says_so(model: Model) -> None:
    content = "Giao Nhóm Phát triển kinh tế vùng chủ trì, phối hợp với Sở Y tế báo cáo UBND tỉnh."
    blocks = find_blocks(Text.of_lines([content]))
    assert Combination.of(with_threshold(model, None), content, blocks).seen() is None
    added = Combination.of(with_threshold(model, 0.5), content, blocks).seen()
    assert added is not None
    assert "Sở Y tế" in [content[span.start : span.end] for span in added.names]


@pytest.mark.parametrize("text", ["Tỉnh Lâm Đồng", "Khu kinh tế Dung Quất", "Mường Tè", "tây giáp", "Hội đồng: Một"])
def test_other_things_are_no_bodies(model: Model, text: str) -> None:
    from docparse.model.sight import SeenName

    combination = Combination.of(model, text, [])
    numbers = model.combination["names"]
    assert not combination._may_be_body(SeenName(0, len(text), "AGENCY", 0.96), numbers)


def test_off_and_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_model("off") is None
    assert model_digest("off") == ""
    with pytest.raises(ModelError, match="holds no pipeline"):
        load_model(str(tmp_path))
    monkeypatch.setattr("docparse.model.load.find_spec", lambda _name: None)
    assert find_model("auto") is None
    with pytest.raises(ModelError, match="needs spaCy"):
        find_model(str(FOLDER))


def test_falls_back_to_rules_without_spacy(plan_file: Path) -> None:
    code = (
        "import importlib.util, sys\n"
        "found = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'spacy' else found(name, *rest)\n"
        "sys.modules['spacy'] = None\n"
        "import docparse\n"
        f"record = docparse.parse({str(plan_file)!r}, settings=docparse.Settings(model='auto'))\n"
        "print({mention.confidence for mention in record.agencies})"
    )
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "{None}"


def test_the_model_is_part_of_the_identity_of_the_parser() -> None:
    assert parser_version(Settings(model="off")) != parser_version(Settings(model="auto")) == parser_version(Settings(model="auto"))


def test_no_model_option(plan_file: Path) -> None:
    command = [sys.executable, "-m", "docparse", "parse", "--format", "json", str(plan_file)]
    found = {}
    for name, extra in (("rules", ["--no-model"]), ("both", [])):
        out = subprocess.run([*command, *extra], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True)
        found[name] = {mention["confidence"] is None for mention in json.loads(out.stdout)["agencies"]}
    assert found == {"rules": {True}, "both": {False}}


def test_shipped_combination_is_the_reported_one() -> None:
    reported = ROOT / "corpus" / "reports" / "combination.json"
    assert json.loads((FOLDER / "combination.json").read_text(encoding="utf-8")) == json.loads(reported.read_text(encoding="utf-8"))
