"""Pictures of pages: drawn in a process of their own, which a bad file may cost, not the site."""

from __future__ import annotations

import io
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CORPUS
from PIL import Image

from docparse.web import image_work
from docparse.web.image_work import Busy, Painter

PLAN = CORPUS / "documents" / "kh-syt-phu-tho.pdf"


@pytest.fixture(scope="module")
def painter() -> Iterator[Painter]:
    made = Painter()
    yield made
    made.close()


def test_page_is_drawn_upright_or_turned(painter: Painter) -> None:
    upright, turned = painter.draw(PLAN, 1), painter.draw(PLAN, 1, 90)
    assert upright
    assert turned
    assert Image.open(io.BytesIO(upright)).size == (1100, 1556)
    assert Image.open(io.BytesIO(turned)).size == (1556, 1100)


@pytest.mark.parametrize("number", [0, -1, 4])
def test_page_that_is_not_there(painter: Painter, number: int) -> None:
    assert painter.draw(PLAN, number) is None


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"KE HOACH"])
def test_file_that_is_no_pdf(painter: Painter, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    assert painter.draw(tmp_path / "a.pdf", 1) is None
    assert painter.draw(tmp_path / "b.pdf", 1) is None
    assert painter.draw(PLAN, 1) is not None


def test_crash_costs_one_picture(painter: Painter) -> None:
    assert painter.draw(PLAN, 1) is not None
    assert painter._process is not None
    os.kill(painter._process.pid, signal.SIGKILL)
    painter._process.wait()
    assert painter.draw(PLAN, 1) is None
    assert painter.draw(PLAN, 1) is not None


def test_page_that_takes_too_long_is_given_up_with_its_process() -> None:
    painter = Painter(seconds=0.0)
    assert painter.draw(PLAN, 1) is None
    assert painter._process is None


def test_many_pages_at_once_are_refused() -> None:
    painter = Painter(wait_seconds=0.0)
    with painter._one, pytest.raises(Busy):
        painter.draw(PLAN, 1)


def test_pages_asked_for_by_many_threads_are_all_drawn(painter: Painter) -> None:
    drawn: list[bytes | None] = []
    threads = [threading.Thread(target=lambda: drawn.append(painter.draw(PLAN, 2))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 4
    assert len(set(drawn)) == 1
    assert drawn[0] == image_work.draw(PLAN, 2, 0)
