"""The same input gives the same file: chance and clock of pyHanko are given, not taken from the machine."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock


def stopped_clock(when: dt.datetime) -> type[dt.datetime]:
    """A datetime class whose now() is always `when`."""

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return when

    return Clock


@contextmanager
def fixed(source: random.Random, when: dt.datetime) -> Iterator[None]:
    """Chance and clock of pyHanko are the same on every run."""
    with (
        mock.patch("os.urandom", source.randbytes),
        mock.patch("pyhanko.pdf_utils.metadata.info.datetime", stopped_clock(when)),
        mock.patch("uuid.uuid4", lambda: uuid.UUID(bytes=source.randbytes(16))),
    ):
        yield
