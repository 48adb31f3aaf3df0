"""A file in a drop folder is taken when it is complete, once, and again only when it has changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PLAN
from corpora import statuses

from docparse.errors import MissingFile
from docparse.ingest.watch import complete_files


def clock(*steps: tuple[float, Callable[[], object] | None]) -> Callable[[], float]:
    """A clock that does something each time that it is asked, and stays at its last moment."""
    left = list(steps)

    def ask() -> float:
        moment, act = left.pop(0) if len(left) > 1 else left[0]
        if act:
            act()
        return moment

    return ask


def test_file_that_grows_is_taken_when_it_has_settled(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("Kế hoạch", encoding="utf-8")
    (tmp_path / ".hidden.txt").touch()
    (tmp_path / "scan.pdf.part").touch()
    grow = (tmp_path / "new.txt").open("a", encoding="utf-8")

    def write() -> None:
        grow.write("Báo cáo\n")
        grow.flush()

    times = clock((0, None), (6, write), (12, write), (17, None), (21, None), (23, None))
    found = complete_files(tmp_path, settle_seconds=10, stop=threading.Event(), clock=times)
    assert [next(found), next(found)] == [[tmp_path / "old.txt"], [tmp_path / "new.txt"]]
    grow.close()


def test_stops_when_it_is_asked_to(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    assert list(complete_files(tmp_path, settle_seconds=0, stop=stop)) == []


def test_what_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match="is no folder"):
        next(complete_files(tmp_path / "absent", settle_seconds=0, stop=threading.Event()))


def test_watch_takes_files_until_it_is_stopped(tmp_path: Path) -> None:
    folder, corpus = tmp_path / "drop", tmp_path / "c.db"
    folder.mkdir()
    (folder / "1.txt").write_text(PLAN, encoding="utf-8")
    command = [sys.executable, "-m", "docparse", "watch", str(folder), "--corpus", str(corpus), "--settle", "0.2", "--workers", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "DOCPARSE_OCR": "false"})
    assert process.stderr is not None
    assert process.stdout is not None
    assert process.stderr.readline() == f"docparse: watching {folder}; stop with Ctrl-C\n"
    assert "1 parsed" in process.stdout.readline()
    (folder / "half").mkdir()
    (folder / "half" / "2.txt").write_text(PLAN.replace("47/KH", "48/KH"), encoding="utf-8")
    assert "1 parsed" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    process.communicate()
    assert statuses(corpus) == {"1.txt": ("parsed", None), "2.txt": ("parsed", None)}
