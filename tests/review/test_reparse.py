"""Corrections outlive what a run writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import PLAN

from docparse.ingest.progress import Quiet
from docparse.ingest.run import Options, ingest
from docparse.review.store import correct
from docparse.settings import Settings
from docparse.store.corpus import Corpus


def taken(where: Path, *paths: Path, reparse: bool = False) -> Corpus:
    corpus = Corpus(str(where), create=True)
    ingest(corpus, paths, settings=Settings(), options=Options(workers=1, reparse=reparse), report=Quiet())
    return corpus


def number(corpus: Corpus) -> list[tuple[object, ...]]:
    with corpus.read() as connection:
        return [
            tuple(row)
            for row in connection.exec_driver_sql(
                "SELECT d.number, parser = 'older', corrected IS NULL FROM documents d JOIN records ON document_id = id"
            )
        ]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_reparse(plan: Path, tmp_path: Path) -> None:
    corpus = taken(tmp_path / "c.db", plan)
    correct(corpus, 1, "header", "set", field="number", value="48/KH-BDT", author="an")
    with corpus.write() as writer:
        writer.connection.exec_driver_sql("UPDATE documents SET parser = 'older', number = 'none'")
        writer.connection.exec_driver_sql("UPDATE journal SET parser = 'older'")
    assert number(corpus) == [("none", 1, 0)]
    corpus.close()
    again = taken(tmp_path / "c.db", plan, reparse=True)
    assert number(again) == [("48/KH-BDT", 0, 0)]
    assert again.check() == []
    again.close()
