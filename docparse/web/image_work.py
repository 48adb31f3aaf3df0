"""Draws pages of PDFs in a process of its own: a file that makes PDFium crash, hang or grow costs one picture, not the site."""

from __future__ import annotations

import io
import multiprocessing
import resource
import subprocess
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

WIDTH = 1100  # pixels
MOST_PIXELS = 4_000_000
QUALITY = 70
SECONDS = 15.0  # for a page
WAIT_SECONDS = 30.0  # for the pages before it
MEMORY = 2 << 30  # bytes


class Busy(Exception):
    """Too many pages are waiting to be drawn."""


class Painter:
    """Draws one page at a time; its process starts with the first one, and anew after one that was too much for it.

    >>> Painter().draw(Path("a.pdf"), 1)  # doctest: +SKIP
    b'RIFF…WEBP…'
    """

    def __init__(self, *, seconds: float = SECONDS, wait_seconds: float = WAIT_SECONDS) -> None:
        self._seconds, self._wait = seconds, wait_seconds
        self._one = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Connection | None = None

    def draw(self, path: Path, number: int, rotation: int = 0) -> bytes | None:
        """Page `number`, from 1, as WebP, turned clockwise by `rotation` degrees; None if it cannot be drawn. Raises Busy."""
        if not self._one.acquire(timeout=self._wait):
            raise Busy
        try:
            channel = self._channel or self._start()
            channel.send((str(path), number, rotation))
            if channel.poll(self._seconds):
                drawn: bytes | None = channel.recv()
                return drawn
            self._end()
        except (EOFError, OSError):
            self._end()
        finally:
            self._one.release()
        return None

    def close(self) -> None:
        """End the process."""
        with self._one:
            self._end()

    def _start(self) -> Connection:
        ours, its = multiprocessing.Pipe()
        with its:
            command = [sys.executable, "-m", __name__, str(its.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL)
        self._channel = ours
        return ours

    def _end(self) -> None:
        if self._channel:
            self._channel.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._process = self._channel = None


def draw(path: Path, number: int, rotation: int) -> bytes | None:
    """The page in this process; None if the file has no such page, or cannot be read."""
    import pypdfium2 as pdfium

    try:
        with pdfium.PdfDocument(path) as document:
            document.init_forms()
            if not 1 <= number <= len(document):
                return None
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(WIDTH / max(width, 1), (MOST_PIXELS / max(width * height, 1)) ** 0.5)
            drawn = page.render(scale=scale, rotation=rotation, may_draw_forms=True).to_pil().convert("RGB")
    except (pdfium.PdfiumError, OSError, ValueError, MemoryError):
        return None
    file = io.BytesIO()
    drawn.save(file, "WEBP", quality=QUALITY, method=2)
    return file.getvalue()


def work(channel: Connection) -> None:
    """Draw what is asked for until the site ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            path, number, rotation = channel.recv()
            channel.send(draw(Path(path), number, rotation))


if __name__ == "__main__":
    work(Connection(int(sys.argv[1])))
