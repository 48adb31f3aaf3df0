"""Upload parsers that do in their worker what hostile files may do."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from docparse.record import Record
from docparse.web.upload_work import Refusal, Upload, UploadParser


class Failing(UploadParser):
    """Loops, ends or swells as the file says, after it has left something in the folder for temporary files."""

    def __call__(self, task: Upload, on_page: Callable[[int], None]) -> Record | Refusal:
        wanted = task.path.read_bytes()
        task.path.with_name("left").write_bytes(wanted)
        if wanted == b"loop":
            while True:
                time.sleep(0.01)
        if wanted == b"exit":
            os._exit(7)
        if wanted == b"swell":
            bytearray(10 << 30)
        return super().__call__(task, on_page)
