"""The time for doing a task."""

from __future__ import annotations

from collections.abc import Sequence

from docparse.record import Citation, DateMention, Deadline


class Times:
    def __init__(self, content: str, dates: Sequence[DateMention], citations: Sequence[Citation]) -> None:
        self.content = content

    def deadline(self, start: int, end: int) -> Deadline | None:
        return None

    def stated(self, start: int, end: int) -> Deadline | None:
        return None
