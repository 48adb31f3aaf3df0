"""Ruled tables: pdfplumber's table finder on the lines that pdfium sees.

pdfplumber alone parses every character of the page again (80 ms a page); its finder only needs the ruling lines, which pdfium gives in a
millisecond.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from docparse.text import Box

RULE_WIDTH = 3.0  # points: a filled rectangle thinner than this is a drawn line
LEAST_EDGES = 6  # a table of two rows and two columns has three lines each way


@dataclass(frozen=True, slots=True)
class RuledTable:
    """The cells of a table on one page, row by row, None where a cell is covered by its neighbour."""

    box: Box
    rows: tuple[tuple[Box | None, ...], ...]


def find_tables(page: pdfium.PdfPage) -> list[RuledTable]:
    """The ruled tables with at least two rows and two columns, from top to bottom."""
    return ruled_tables(_edges(page), *page.get_size())


def ruled_tables(edges: Sequence[dict[str, Any]], width: float, height: float) -> list[RuledTable]:
    """The tables that these edges rule on a page of this size in points, from top to bottom."""
    if len(edges) < LEAST_EDGES:
        return []
    from pdfplumber.table import TableFinder

    found = TableFinder(cast(Any, _Ruled(edges, (0.0, 0.0, width, height))))
    tables = []
    for table in found.tables:
        rows = tuple(tuple(Box(*cell) if cell else None for cell in row.cells) for row in table.rows)
        if len(rows) >= 2 and max(len(row) for row in rows) >= 2:
            tables.append(RuledTable(Box(*table.bbox), rows))
    return sorted(tables, key=lambda table: table.box.top)


@dataclass(frozen=True, slots=True)
class _Ruled:
    """What `TableFinder` asks of a page with its `lines` strategy."""

    edges: Sequence[dict[str, Any]]
    bbox: tuple[float, float, float, float]


def _edges(page: pdfium.PdfPage) -> list[dict[str, Any]]:
    height = page.get_height()
    edges: list[dict[str, Any]] = []
    x0, bottom, x1, top = (ctypes.c_float() for _ in range(4))
    for index in range(pdfium_c.FPDFPage_CountObjects(page)):
        item = pdfium_c.FPDFPage_GetObject(page, index)
        if pdfium_c.FPDFPageObj_GetType(item) == pdfium_c.FPDF_PAGEOBJ_PATH and pdfium_c.FPDFPageObj_GetBounds(item, x0, bottom, x1, top):
            edges += _sides(Box(x0.value, height - top.value, x1.value, height - bottom.value), item)
    return edges


def _sides(box: Box, path: Any) -> list[dict[str, Any]]:
    """The ruling lines that a path draws: itself where it is thin, its four sides where it is a stroked rectangle."""
    if box.bottom - box.top < RULE_WIDTH or box.x1 - box.x0 < RULE_WIDTH:
        return [line_edge(box)]
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(path, fill, stroke)
    if not stroke.value:
        return []
    return [
        _edge(Box(box.x0, box.top, box.x1, box.top), horizontal=True),
        _edge(Box(box.x0, box.bottom, box.x1, box.bottom), horizontal=True),
        _edge(Box(box.x0, box.top, box.x0, box.bottom), horizontal=False),
        _edge(Box(box.x1, box.top, box.x1, box.bottom), horizontal=False),
    ]


def line_edge(box: Box) -> dict[str, Any]:
    """The edge of a drawn line: along the middle of its longer side."""
    horizontal = box.x1 - box.x0 >= box.bottom - box.top
    middle = (box.top + box.bottom) / 2 if horizontal else (box.x0 + box.x1) / 2
    return _edge(Box(box.x0, middle, box.x1, middle) if horizontal else Box(middle, box.top, middle, box.bottom), horizontal=horizontal)


def _edge(box: Box, *, horizontal: bool) -> dict[str, Any]:
    """An edge in pdfplumber's form."""
    return {
        **{"x0": box.x0, "x1": box.x1, "top": box.top, "bottom": box.bottom},
        **{"width": box.x1 - box.x0, "height": box.bottom - box.top, "orientation": "h" if horizontal else "v", "object_type": "line"},
    }
