"""Searches as people type them find the documents that they want, on both engines; scripts/search-quality has the figures."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from small_corpus import add

sys.path.insert(0, str(ROOT / "scripts"))
from search_pairs import DOCUMENTS, Answer, Document, Pair, ask, load_pairs

from docparse.pipeline import parse_file
from docparse.record import Record
from docparse.settings import Settings
from docparse.store.corpus import Corpus

OWN = load_pairs("own")


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return [parse_file(path, settings=Settings(ocr=False)) for path in sorted(DOCUMENTS.iterdir())]


@pytest.fixture(params=["sqlite", "postgresql"])
def corpus(request: pytest.FixtureRequest, tmp_path: Path, records: list[Record]) -> Iterator[Corpus]:
    where = str(tmp_path / "c.db") if request.param == "sqlite" else request.getfixturevalue("postgres")
    writable = Corpus(where, create=True)
    add(writable, *records)
    writable.close()
    opened = Corpus(where, read_only=True)
    yield opened
    opened.close()


def test_every_expected_document_is_among_the_first_five(corpus: Corpus) -> None:
    assert [f"{answer.pair.id} {answer.pair.query}: {name}" for answer in ask(corpus, OWN) for name in answer.missing] == []


def test_pairs_are_many_and_sound() -> None:
    real = load_pairs("real")
    ids = [pair.id for pair in (*OWN, *real)]
    assert len(OWN) >= 60 and len(real) >= 40
    assert sorted(set(ids)) == sorted(ids)
    assert [pair.id for pair in (*OWN, *real) if not (pair.expected and pair.why and pair.query.strip())] == []


def test_pairs_ask_for_each_document_of_the_project() -> None:
    assert {name for pair in OWN for name in pair.expected} == {path.name.partition(".")[0] for path in DOCUMENTS.iterdir()}


def test_a_pair_may_be_typed_with_combining_marks() -> None:
    typed = {pair.id: pair.query for pair in OWN}
    assert typed["nfd"] == unicodedata.normalize("NFD", "trợ giúp pháp lý lưu động")
    assert typed["typed"] == unicodedata.normalize("NFC", "ứng phó bão")


def test_the_first_five_are_different_documents() -> None:
    answer = Answer(Pair("x", "x", ("a", "c", "d"), ""), tuple(Document(name, None, None) for name in "bqrsca"))
    assert answer.places == {"a": 6, "c": 5, "d": None}
    assert (answer.missing, answer.best) == (["a", "d"], 5)


def test_a_document_is_meant_by_its_name_or_number_and_issuer() -> None:
    decision = Document("", "81/2025/QĐ-UBND", "Ủy ban nhân dân tỉnh Bắc ninh")
    names = ("81/2025/QĐ-UBND", "81/2025/QĐ-UBND|Bắc Ninh", "81/2025/QĐ-UBND|Đà Nẵng", "1/2025/QĐ-UBND", "a")
    assert [decision.is_meant(name) for name in names] == [True, True, False, False, False]
    assert Document("a", None, None).is_meant("a")


def test_an_expected_document_that_is_not_there_is_refused(corpus: Corpus) -> None:
    with pytest.raises(ValueError, match="x: there is no document nowhere"):
        ask(corpus, [Pair("x", "quyết định", ("nowhere",), "")])
