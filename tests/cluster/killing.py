"""A parser that kills, once, the process that it works for or the one that started the run, where a document says so."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "ingest"))
from faulty import FaultyParser

from docparse.ingest.work import Parsed, Task

WISH = re.compile(r"@kill-(actor|\d+) (\S+)")


class KillingParser(FaultyParser):
    """Kills where `@kill-actor FILE` or `@kill-PID FILE` stands and the file is not there yet; it makes the file."""

    def parse(self, task: Task, on_page: Callable[[int], None]) -> Parsed:
        wish = WISH.search(Path(task.path).read_bytes().decode(errors="replace"))
        if wish and not Path(wish[2]).exists():
            parent = multiprocessing.parent_process()
            assert parent and parent.pid
            Path(wish[2]).write_text(str(parent.pid), encoding="utf-8")
            os.kill(parent.pid if wish[1] == "actor" else int(wish[1]), signal.SIGKILL)
            time.sleep(600)
        return super().parse(task, on_page)
