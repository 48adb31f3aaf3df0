"""The same run into PostgreSQL: the same rows as in SQLite, whoever is killed on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from conftest import CORPUS
from corpora import problems, state


def ingest(where: str, *paths: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "docparse", "ingest", *map(str, paths), "--corpus", where, "--workers", "2", "--quiet"]
    return subprocess.Popen(command, env={**os.environ, "DOCPARSE_OCR": "false"}, stdout=subprocess.PIPE)


def test_both_engines_hold_the_same(postgres: str, tmp_path: Path) -> None:
    paths = sorted(CORPUS.glob("documents/*.txt")) + sorted(CORPUS.glob("documents/k*.pdf"))
    assert ingest(str(tmp_path / "c.db"), *paths).wait(timeout=120) == 0
    killed = ingest(postgres, *paths)
    while killed.poll() is None and not has_documents(postgres):
        pass
    killed.send_signal(signal.SIGKILL)
    killed.wait(timeout=20)
    assert ingest(postgres, *paths).wait(timeout=120) == 0
    assert state(postgres) == state(tmp_path / "c.db")
    assert problems(postgres) == []


def has_documents(where: str) -> bool:
    import psycopg

    with psycopg.connect(where) as connection:
        return connection.execute("SELECT to_regclass('documents') IS NOT NULL").fetchone() == (True,)
