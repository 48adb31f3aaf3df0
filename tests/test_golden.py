"""Whole records of made-up documents, exactly. After a wanted change: UPDATE_GOLDEN=1 pytest tests/test_golden.py, and read the difference."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import ROOT

from docparse.output import Format, render
from docparse.pipeline import parse_file

GOLDEN = ROOT / "tests" / "golden"


@pytest.mark.parametrize("document", sorted(GOLDEN.glob("*.txt")), ids=lambda path: path.stem)
def test_golden(document: Path) -> None:
    found = render(parse_file(document), Format.YAML)
    expected = document.with_suffix(".yaml")
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")
