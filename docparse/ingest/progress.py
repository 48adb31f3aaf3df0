"""How a run is shown: a bar on a terminal, plain lines without one, nothing when it is to be quiet."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from docparse.errors import printable

if TYPE_CHECKING:
    from docparse.ingest.run import Summary

LINE_SECONDS = 10.0  # between plain lines
REDRAW_SECONDS = 0.2
ORDER = ("parsed", "same", "known", "archive", "skipped", "failed", "failed before")
WORDS = {
    "parsed": "parsed",
    "same": "of the same bytes",
    "known": "known",
    "archive": "archives opened",
    "skipped": "skipped",
    "failed": "failed",
    "failed before": "failed before",
}


def in_words(summary: Summary) -> str:
    """The counts of a run in one line.

    >>> from collections import Counter
    >>> from docparse.ingest.run import Summary
    >>> in_words(Summary(Counter(parsed=1200, failed=2), pages=3600, seconds=60.0))
    '1,200 parsed, 2 failed; 3,600 pages in 60 s'
    """
    return f"{_counts(summary)}; {summary.pages:,} pages in {summary.seconds:,.0f} s"


def _counts(summary: Summary) -> str:
    return ", ".join(f"{summary.inputs[name]:,} {WORDS[name]}" for name in ORDER if summary.inputs[name]) or "nothing yet"


class Quiet:
    """Says nothing."""

    def update(self, summary: Summary, current: list[str]) -> None:
        """Nothing."""

    def failed(self, location: str, message: str) -> None:
        """Nothing."""

    def running(self) -> AbstractContextManager[None]:
        """Nothing."""
        return nullcontext()


class Lines(Quiet):
    """A line for each failure and, now and then, for the state."""

    def __init__(self, write: Callable[[str], None], total: int) -> None:
        self._write, self._total = write, total
        self._begun = self._last = time.monotonic()

    def update(self, summary: Summary, current: list[str]) -> None:
        """A line if there was none for a while."""
        now = time.monotonic()
        if now - self._last >= LINE_SECONDS:
            self._last = now
            of = f"of {self._total:,} files" if summary.total <= self._total else "inputs"  # what archives hold is not known before
            self._write(f"{summary.total:,} {of}: {self._state(summary, now)}")

    def _state(self, summary: Summary, now: float) -> str:
        return f"{_counts(summary)}; {summary.pages / max(now - self._begun, 0.001):,.1f} pages/s"

    def failed(self, location: str, message: str) -> None:
        """The reason."""
        self._write(message)


class Bar(Lines):
    """A progress bar with the current files below it."""

    def __init__(self, write: Callable[[str], None], total: int) -> None:
        from rich.console import Console, Group
        from rich.live import Live
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
        from rich.text import Text

        super().__init__(write, total)
        self._group, self._text = Group, Text
        self._bar = Progress(
            TextColumn("ingesting"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[state]}"), TextColumn("left:"), TimeRemainingColumn()
        )
        self._task = self._bar.add_task("", total=total, state="")
        self._live: Any = Live(self._bar, console=Console(stderr=True), transient=True, refresh_per_second=4)
        self._write = lambda line: self._live.console.print(Text(printable(line)), highlight=False)

    def running(self) -> AbstractContextManager[None]:
        """Shows the bar as long as it is open."""
        shown: AbstractContextManager[None] = self._live
        return shown

    def update(self, summary: Summary, current: list[str]) -> None:
        """Move the bar."""
        now = time.monotonic()
        if now - self._last < REDRAW_SECONDS:
            return
        self._last = now
        self._bar.update(self._task, completed=summary.total, total=max(self._total, summary.total), state=self._state(summary, now))
        files = (self._text(f"  {printable(location)}", overflow="ellipsis", no_wrap=True, style="dim") for location in current)
        self._live.update(self._group(self._bar, *files))
