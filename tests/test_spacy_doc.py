"""The spaCy view has the record's text and one span for each finding, with the same offsets."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import ROOT

from docparse.errors import MissingTool
from docparse.record import Record, Source
from docparse.spacy_doc import to_html


def test_doc_has_every_finding(plan_record: Record) -> None:
    doc = plan_record.to_doc()
    assert doc.text == plan_record.text
    assert set(doc.spans) == {"header", "sections", "citations", "dates", "agencies", "tasks", "signers"}
    for name in ("sections", "citations", "dates", "agencies", "tasks"):
        findings = getattr(plan_record, name)
        assert findings
        assert [(span.start_char, span.end_char, span.id_) for span in doc.spans[name]] == [(f.start, f.end, f.rule) for f in findings]
    assert [span.label_ for span in doc.spans["citations"]] == [found.relation for found in plan_record.citations]


def test_empty_text_has_an_empty_doc() -> None:
    source = Source(filename="a.pdf", media_type="application/pdf", size=1, pages=1, text_origin="text_layer")
    assert len(Record(document_id="0", source=source, text="").to_doc()) == 0


def test_html_escapes_names_and_text(plan_record: Record) -> None:
    source = plan_record.source.model_copy(update={"filename": "<script>.pdf"})
    out = to_html(Record(document_id="0", source=source, text="a <script> b"))
    assert "<script>" not in out
    assert out.count("&lt;script&gt;") == 2


def test_without_spacy_the_error_says_what_to_install(plan_record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    monkeypatch.setitem(sys.modules, "spacy.tokens", None)
    with pytest.raises(MissingTool, match=r"docparse\[spacy\]"):
        plan_record.to_doc()
    with pytest.raises(MissingTool, match=r"docparse\[spacy\]"):
        to_html(plan_record)


def test_record_module_does_not_load_spacy() -> None:
    code = "import docparse.record, sys; print('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout == "False\n"
