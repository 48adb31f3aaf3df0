"""Where an offset of a text is: in which numbered unit, on which page."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, select

from docparse.store.schema import documents, sections


class Unit(NamedTuple):
    """A numbered unit of a document, as in `sections`."""

    start: int
    end: int
    address: str
    heading: str | None


@dataclass(frozen=True, slots=True)
class Outline:
    """The numbered units of a document in reading order, and the offsets at which its pages begin."""

    units: Sequence[Unit]
    pages: Sequence[int]

    def unit(self, offset: int) -> Unit | None:
        """The innermost unit that holds an offset, None outside the units.

        >>> Outline([Unit(10, 90, "I", None), Unit(20, 40, "I.1", None)], [0, 50]).unit(50).address
        'I'
        """
        before = bisect_right(self.units, offset, key=lambda unit: unit.start)
        return next((unit for unit in reversed(self.units[:before]) if unit.end > offset), None)

    def page(self, offset: int) -> int:
        """The page, from 1.

        >>> Outline([], [0, 50]).page(50)
        2
        """
        return max(bisect_right(self.pages, offset), 1)


def read_outlines(connection: Connection, document_ids: Sequence[int]) -> dict[int, Outline]:
    """The outlines of some documents."""
    columns = (sections.c.document_id, sections.c.start, sections.c.end, sections.c.address, sections.c.heading)
    chosen = select(*columns).where(sections.c.document_id.in_(document_ids)).order_by(sections.c.document_id, sections.c.position)
    units: dict[int, list[Unit]] = defaultdict(list)
    for document_id, *unit in connection.execute(chosen):
        units[document_id].append(Unit(*unit))
    starts = select(documents.c.id, documents.c.page_starts).where(documents.c.id.in_(document_ids))
    return {document_id: Outline(units[document_id], json.loads(pages)) for document_id, pages in connection.execute(starts)}
