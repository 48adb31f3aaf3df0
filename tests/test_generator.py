"""Documents made from the grammar: the same for the same seed, gold of the right form and true to the text, exact offsets, every type and era."""

from __future__ import annotations

import json
import random
import sys
from itertools import pairwise

import pytest
from conftest import ROOT

from docparse.gold import GoldDocument, load_gold

sys.path.insert(0, str(ROOT / "scripts"))
import generator
from generator.collection import write_collection
from generator.engine import Grammar, bare, capital, load_grammar
from generator.examples import CLASSES, LABELS, broken, exact, training_examples
from generator.gold import build_gold, fold
from generator.made import make_document, make_documents
from generator.noise import misprinted, recognised, unmarked
from generator.outline import Outline
from generator.plain import write_text
from generator.scene import ERAS
from generator.source import parse_paragraph

COUNT = 60
DOCUMENTS = list(make_documents(11, COUNT))
EXAMPLES = list(training_examples(11, COUNT))
TYPES = [row["name"] for row in load_grammar("documents")["type"]]


def test_same_seed_same_bytes():
    again = list(make_documents(11, 5))
    assert [write_text(document, "txt") for document in again] == [write_text(document, "txt") for document in DOCUMENTS[:5]]
    assert [generator.gold_text(document) for document in again] == [generator.gold_text(document) for document in DOCUMENTS[:5]]
    assert next(make_documents(12, 1)).data["body"] != DOCUMENTS[0].data["body"]


def test_examples_are_the_same_for_the_same_seed():
    assert list(training_examples(11, 8)) == EXAMPLES[:8]


@pytest.mark.parametrize("document", DOCUMENTS, ids=[document.id for document in DOCUMENTS])
def test_gold_has_the_form_and_stands_in_the_text(document):
    gold = GoldDocument.model_validate_json(generator.gold_text(document))
    text = fold(write_text(document, "txt").decode())
    for task in gold.tasks:
        assert task.action in text
        assert task.leads
    for citation in gold.citations:
        assert citation.text in text
        assert citation.number or citation.title
    for date in gold.dates:
        assert date.text in text


def test_agencies_of_gold_are_those_marked():
    gold = build_gold(make_document("agencies", "two_level", "chỉ thị"))
    forms = [row["text"] for row in gold["agencies"]]
    assert len(set(forms)) == len(forms)
    assert all(name is None or name != text for text, name in ((row["text"], row["name"]) for row in gold["agencies"]))


@pytest.mark.parametrize("doc_type", TYPES)
def test_every_type_in_every_era_it_has(doc_type):
    for era in ERAS:
        issuers = [row for row in load_grammar("issuers")["issuer"] if doc_type in row["types"] and era in row.get("eras", ERAS)]
        assert issuers, f"nobody issues a {doc_type} in the era {era}"
        document = make_document("type", era, doc_type)
        header = build_gold(document)["header"]
        assert header["doc_type"] == doc_type
        assert ERAS[era][0].isoformat() <= header["date"] <= ERAS[era][1].isoformat()


def test_eras_and_classes_occur():
    assert {example.era for example in EXAMPLES} == set(ERAS)
    assert {unit.label for example in EXAMPLES for unit in example.units} == set(CLASSES)
    assert {entity.label for example in EXAMPLES for entity in example.entities} == set(LABELS.values())


@pytest.mark.parametrize("document", DOCUMENTS[:20], ids=[document.id for document in DOCUMENTS[:20]])
def test_offsets_are_exact(document):
    example = exact(document)
    names = {row["text"] for row in build_gold(document)["agencies"]}
    for entity in example.entities:
        words = example.text[entity.start : entity.end]
        assert words == words.strip() != ""
        if entity.label == "agency":
            assert fold(entity.mention) in names
    assert all(first.end <= second.start for first, second in pairwise(example.entities)), "entities overlap"
    lines = example.text.split("\n")
    assert all(example.text[unit.start : unit.end] in lines for unit in example.units)
    actions = [fold(example.text[one.start : one.end]) for one in example.clauses if one.label in {"assigned", "planned"}]
    assert actions == [task["action"] for task in build_gold(document)["tasks"]]


def test_offsets_follow_noise():
    noisy = {example.id: example for example in EXAMPLES}
    changed = 0
    for document in DOCUMENTS:
        clean, worse = exact(document), noisy[document.id]
        changed += clean.text != worse.text
        for before, after in zip(clean.entities, worse.entities, strict=True):
            old, new = clean.text[before.start : before.end], worse.text[after.start : after.end]
            assert abs(len(old) - len(new)) <= 3
            if len(old) == len(new):
                same = sum(a == b or {a, b} == {" ", "\n"} or unmarked(a).lower() == unmarked(b).lower() for a, b in zip(old, new, strict=True))
                assert same >= 0.6 * len(old), (old, new)
    assert changed > COUNT / 4


def test_recognised_text_maps_every_offset():
    text, places = recognised("Giao Sở Y tế chủ trì", random.Random(3), 0.5)
    assert len(places) == len("Giao Sở Y tế chủ trì") + 1
    assert places[-1] == len(text)
    assert places == sorted(places)


def test_broken_lines_keep_length():
    text = "một hai ba bốn năm sáu bảy tám chín mười"
    assert broken(text, 12).replace("\n", " ") == text
    assert max(map(len, broken(text, 12).split("\n"))) <= 12


def test_misprints_spare_marks():
    body = "<a Sở Y tế tỉnh Huế>Sở Y tế</a> <k Sở Y tế @ ..2026-05-20>thường xuyên kiểm tra việc thực hiện công khai minh bạch</k>"
    worse = {misprinted(body, random.Random(number), 1) for number in range(20)}
    assert len(worse) > 10
    for text in worse:
        assert "<a Sở Y tế tỉnh Huế>Sở Y tế</a> <k Sở Y tế @ ..2026-05-20>" in text
        parse_paragraph(text)


def test_grammar_uses_all_alternatives_before_one_comes_back():
    grammar = Grammar(random.Random(1), {"verb": ["lập", "gửi", "trình"]}, {"BODY": lambda: "<a>Sở Y tế</a>"})
    assert {grammar.expand("verb") for _ in range(3)} == {"lập", "gửi", "trình"}
    assert capital(grammar.fill("{BODY} {verb}")).startswith("<a>Sở Y tế</a> ")
    assert bare(capital("<a x|y>sở</a>")) == "Sở"


@pytest.mark.parametrize(
    ("scheme", "labels"),
    [
        (("I.", "1.", "a)"), ["I.", "1.", "a)", "b)", "2.", "II.", "1."]),
        (("1.", "1.1.", "(1)"), ["1.", "1.1.", "(1)", "(2)", "1.2.", "2.", "2.1."]),
        (("PHẦN I.", "A.", "1/"), ["PHẦN I.", "A.", "1/", "2/", "B.", "PHẦN II.", "A."]),
        (("Điều 1.", "1-", "a/"), ["Điều 1.", "1-", "a/", "b/", "2-", "Điều 2.", "1-"]),
    ],
)
def test_labels(scheme, labels):
    outline = Outline(random.Random(1), scheme)
    assert [outline.label(depth) for depth in (1, 2, 3, 3, 2, 1, 2)] == labels


def test_collection(tmp_path):
    assert write_collection(tmp_path, 3, 5, "txt", "ocr") == 3
    files = sorted(tmp_path.glob("*.json"))
    assert [json.loads(file.read_text(encoding="utf-8"))["id"] for file in files] == ["made-5-0", "made-5-1", "made-5-2"]
    assert all((tmp_path / "inputs" / load_gold(file).input).is_file() for file in files)


def test_command_line(tmp_path, capsys):
    assert generator.main(["--made", "2", "--seed", "4", "--output", str(tmp_path / "made"), "--form", "docx"]) == 0
    assert capsys.readouterr().out == f"wrote 2 documents with gold to {tmp_path / 'made'}\n"
    assert sorted(file.name for file in (tmp_path / "made" / "inputs").iterdir()) == ["made-4-0.docx", "made-4-1.docx"]
    with pytest.raises(SystemExit):
        generator.main(["--made", "2"])
