"""A parser that does in its worker what hostile documents may do, by the words of the text."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable
from pathlib import Path

from docparse.ingest.work import Parsed, Parser, Task


class FaultyParser(Parser):
    """Loops, crashes, ends or swells where a document says so; else it parses."""

    def parse(self, task: Task, on_page: Callable[[int], None]) -> Parsed:
        text = Path(task.path).read_bytes()
        if b"@loop" in text:
            on_page(3)
            while True:
                time.sleep(0.01)
        if b"@crash" in text:
            ctypes.string_at(0)
        if b"@exit" in text:
            os._exit(7)
        if b"@swell" in text:
            bytearray(10 << 30)
        if b"@raise" in text:
            raise KeyError("made up")
        return super().parse(task, on_page)
