"""Runs on Ray and without it, and what a dataset holds."""

from __future__ import annotations

import json
import pickle
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import CORPUS, PLAN
from killing import KillingParser

from docparse.cluster import run as cluster_run
from docparse.cluster.actor import Chunk, ChunkParser
from docparse.cluster.load import load
from docparse.ingest.pool import Work
from docparse.ingest.progress import Quiet
from docparse.ingest.run import Options, Summary, ingest
from docparse.settings import Settings
from docparse.store.corpus import Corpus

SETTINGS = Settings(ocr=False)
Parsing = Callable[[Settings, str], Work]


def plan(number: int) -> str:
    return PLAN.replace("47/KH", f"{number}/KH")


def on_ray(
    output: Path | str,
    *paths: Path | str,
    parser: Parsing = KillingParser,
    settings: Settings = SETTINGS,
    reparse: bool = False,
    retry: bool = False,
) -> Summary:
    options = Options(timeout=60, memory=2048, reparse=reparse)
    given = [str(path) for path in paths]
    return cluster_run.ingest_on_ray(given, str(output), settings=settings, options=options, report=Quiet(), actors=2, retry=retry, parser=parser)


def loaded(output: Path | str, target: Path, *, reparse: bool = False) -> Summary:
    corpus = Corpus(str(target), create=True)
    try:
        return load(str(output), corpus, reparse=reparse)
    finally:
        corpus.close()


def ingested(
    target: Path,
    *paths: Path,
    parser: Parsing = KillingParser,
    settings: Settings = SETTINGS,
    reparse: bool = False,
    only: frozenset[str] | None = None,
) -> Summary:
    corpus = Corpus(str(target), create=True)
    options = Options(workers=2, timeout=60, memory=2048, reparse=reparse)
    try:
        return ingest(corpus, paths, settings=settings, options=options, report=Quiet(), parser=parser, only=only)
    finally:
        corpus.close()


def table(output: Path | str, name: str) -> list[dict[str, Any]]:
    """The rows of a table, as DuckDB reads it."""
    import duckdb

    found = duckdb.sql(f"SELECT * FROM read_parquet('{output}/{name}/*.parquet')")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def make_inputs(folder: Path) -> Path:
    """Documents, some of them damaged, the same bytes under several names, and an archive in an archive."""
    folder.mkdir()
    for path in sorted((CORPUS / "documents").iterdir()):
        if path.suffix in {".txt", ".docx"} or path.name == "gm-ubnd-phuong.pdf":
            shutil.copy(path, folder)
    (folder / "a-crash.txt").write_text("@crash", encoding="utf-8")
    (folder / "a-raise.txt").write_text("@raise", encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    (folder / "empty.docx").touch()
    (folder / "link.txt").symlink_to(folder / "broken.pdf")
    (folder / "old.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(100))
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    (folder / "z copy.docx").write_bytes((folder / "kh-syt-phu-tho.docx").read_bytes())
    with zipfile.ZipFile(folder.parent / "inner.zip", "w") as archive:
        archive.writestr("8.txt", plan(8))
        archive.writestr("again/8.txt", plan(8))
        archive.writestr("broken.pdf", b"%PDF-1.4 and nothing more")
    with zipfile.ZipFile(folder / "year.zip", "w") as archive:
        archive.write(folder.parent / "inner.zip", "inner.zip")
        archive.write(folder / "kh-ubnd-xa.txt", "Kế hoạch/xã.txt")
        archive.writestr("Kế hoạch/empty.txt", b"")
        archive.writestr("Kế hoạch/9.txt", plan(9))
    (folder / "torn.zip").write_bytes((folder / "year.zip").read_bytes()[:100])
    return folder


@contextmanager
def without_ray(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Runs on a cluster parse their chunks, which are small, in this process, the last one first."""
    parsers: list[ChunkParser] = []

    @contextmanager
    def no_ray(*_: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(cluster_resources=lambda: {"CPU": 2.0})

    def outcomes(_: object, chunks: list[Chunk], make: dict[str, Any], *, actors: int) -> Iterator[dict[str, Any]]:
        assert actors == 2
        parsers.append(ChunkParser(**make))
        for made in reversed(chunks):
            yield json.loads(parsers[-1]({"chunk": pickle.dumps(made)})["outcome"])

    patch.setattr(sys.modules["__main__"], "__file__", None, raising=False)  # as ChunkParser does
    patch.setattr(cluster_run, "_ray", no_ray)
    patch.setattr(cluster_run, "_outcomes", outcomes)
    patch.setattr(cluster_run, "INPUTS_OF_A_CHUNK", 2)
    patch.setattr(cluster_run, "CHUNKS_OF_AN_ACTOR", 1)
    yield
    for parser in parsers:
        parser.close()
