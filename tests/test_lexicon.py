"""Every row of the lexicon is a test: its examples match, its non-examples do not."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from docparse.errors import LexiconError
from docparse.lexicon import FOLDER, Rule, load_rows, load_rules, load_values, rule_sources

TOML_NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
CSV_NAMES = sorted(path.stem for path in FOLDER.glob("*.csv"))
RULES = [rule for name in TOML_NAMES for rule in load_rules(name)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule(rule: Rule) -> None:
    assert rule.examples, "a rule without an example is not tested by anything"
    assert rule.source.strip(), "a rule says where its form comes from"
    for example in rule.examples:
        assert next(rule.matches(example), None), f"should match: {example!r}"
    for non_example in rule.non_examples:
        found = next(rule.matches(non_example), None)
        assert found is None, f"should not match: {non_example!r}, matches {found[0]!r}"
    assert "" not in {*rule.anchor, *rule.examples, *rule.non_examples}


def test_rule_ids_are_unique_and_dotted() -> None:
    counts = Counter(rule.id for rule in RULES)
    assert [rule_id for rule_id, count in counts.items() if count > 1] == []
    assert [rule_id for rule_id in counts if "." not in rule_id] == []
    assert set(rule_sources()) == set(counts)


@pytest.mark.parametrize("name", TOML_NAMES)
def test_toml_is_nfc(name: str) -> None:
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert text == unicodedata.normalize("NFC", text)
    assert load_values(name)


@pytest.mark.parametrize("name", CSV_NAMES)
def test_csv_is_well_formed(name: str) -> None:
    raw = (FOLDER / f"{name}.csv").read_bytes()
    text = raw.decode("utf-8")
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert rows
    assert len(set(header)) == len(header)
    assert [row for row in rows if len(row) != len(header)] == []
    assert [row for row, count in Counter(map(tuple, rows)).items() if count > 1] == []
    assert [cell for row in rows for cell in row if cell != cell.strip(" \t")] == []
    assert text == unicodedata.normalize("NFC", text)
    if "id" in header:
        ids = [row["id"] for row in load_rows(name)]
        assert [value for value, count in Counter(ids).items() if count > 1 or not value] == []


def test_rule_without_source_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docparse.lexicon.FOLDER", tmp_path)
    (tmp_path / "loose.toml").write_text('[[rule]]\nid = "a.b"\npattern = "x"\n', encoding="utf-8")
    with pytest.raises(LexiconError, match=r"loose\.toml: has a rule without or with an unknown 'source'"):
        load_rules("loose")


def test_broken_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docparse.lexicon.FOLDER", tmp_path)
    (tmp_path / "broken.toml").write_text("[[rule", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"broken\.toml"):
        load_values("broken")
    with pytest.raises(LexiconError, match=r"missing\.csv"):
        load_rows("missing")


def test_parts_that_contain_each_other_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docparse.lexicon.FOLDER", tmp_path)
    text = "[parts]\na = '<<b>>'\nb = '<<a>>'\n[[rule]]\nid = 'x.y'\npattern = '<<a>>'\nsource = 's'\n"
    (tmp_path / "circle.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError, match="parts that contain each other"):
        load_rules("circle")
