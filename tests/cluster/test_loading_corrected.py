"""Corrections outlive a dataset that is loaded: its files do not hold them."""

from __future__ import annotations

from pathlib import Path

import pytest
from clusters import ingested, loaded, on_ray, without_ray
from conftest import PLAN

from docparse.record import Record
from docparse.review.store import correct
from docparse.store.corpus import Corpus

pytest.importorskip("pyarrow")
pytest.importorskip("fsspec")


def test_corrections_outlive_a_dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    with without_ray(monkeypatch):
        on_ray(tmp_path / "out", path)
    ingested(tmp_path / "c.db", path)
    corpus = Corpus(str(tmp_path / "c.db"))
    correct(corpus, 1, "header", "set", field="number", value="48/KH-BDT", author="an")
    with corpus.write() as writer:
        writer.connection.exec_driver_sql("UPDATE documents SET parser = 'older', number = 'none'")
        writer.connection.exec_driver_sql("UPDATE journal SET parser = 'older'")
    assert loaded(tmp_path / "out", tmp_path / "c.db", reparse=True).inputs == {"parsed": 1}
    with corpus.read() as connection:
        [(number, parsed, corrected)] = connection.exec_driver_sql("SELECT number, json, corrected FROM documents JOIN records ON document_id = id")
    assert (number, Record.model_validate_json(parsed).header.number) == ("48/KH-BDT", "47/KH-BDT")
    assert Record.model_validate_json(corrected).header.number == "48/KH-BDT"
    corpus.close()
