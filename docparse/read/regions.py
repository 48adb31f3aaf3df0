"""The parts of a prepared scan that are recognised by themselves, and one picture with all of them below each other.

A recogniser that takes the page for one block of text reads across columns and table cells. Laid below each other, every part is read by
itself, still in one call: starting the program for each cell would cost more than reading it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import cv2
import numpy as np

from docparse.read.layout import Word
from docparse.read.scan import INK, POINTS, WHITE, Image, Scan, pieces
from docparse.read.tables import RuledTable
from docparse.text import Box

COLUMN_GAP = 24.0  # points of white between two columns; in a justified line words stand closer
PARAGRAPH_GAP = 12.0  # points of white between two blocks one above the other
SMALLEST = 2.5  # points: a part that is smaller in both directions is a speck
CELL_INSET = 1.0  # points: remains of the ruling lines
APART = 16.0  # points between two parts in the picture of all


class Region(NamedTuple):
    """A part of the scan: its place in pixels, and its picture without what belongs to others."""

    x: int
    y: int
    image: Image


@dataclass(frozen=True, slots=True)
class Stack:
    """All regions below each other in one picture; `tops[i]` is where region i begins in it."""

    image: Image
    regions: tuple[Region, ...]
    tops: tuple[int, ...]
    margin: int

    def by_region(self, words: Iterable[Word]) -> Iterator[list[Word]]:
        """The words of this picture, in pixels, at their places in the scan, region by region."""
        parts: list[list[Word]] = [[] for _ in self.regions]
        for word in words:
            index = max(bisect_right(self.tops, (word.top + word.bottom) / 2) - 1, 0)
            right, down = self.regions[index].x - self.margin, self.regions[index].y - self.tops[index]
            parts[index].append(word._replace(x0=word.x0 + right, x1=word.x1 + right, top=word.top + down, bottom=word.bottom + down))
        yield from filter(None, parts)


def stack_regions(scan: Scan, tables: Sequence[RuledTable]) -> Stack | None:
    """The cells of the tables and the blocks of text outside of them, from top to bottom; None where there is no ink.

    >>> from docparse.read.scan import prepare_scan
    >>> stack_regions(prepare_scan(np.full((1100, 850), 255, np.uint8), 100), []) is None
    True
    """
    regions = sorted([*_cells(scan, tables), *_blocks(scan, tables)], key=lambda region: region.y)
    if not regions:
        return None
    margin = round(APART * scan.dpi / POINTS)
    tops, height = [], margin
    for region in regions:
        tops.append(height)
        height += region.image.shape[0] + margin
    image = np.full((height, max(region.image.shape[1] for region in regions) + 2 * margin), WHITE, np.uint8)
    for region, top in zip(regions, tops, strict=True):
        rows, columns = region.image.shape
        image[top : top + rows, margin : margin + columns] = region.image
    return Stack(image, tuple(regions), tuple(tops), margin)


def _pixels(box: Box, scan: Scan, *, inset: float = 0.0) -> tuple[slice, slice]:
    x0, top, x1, bottom = (side * scan.dpi / POINTS for side in box)
    inset *= scan.dpi / POINTS
    return slice(max(round(top + inset), 0), max(round(bottom - inset), 0)), slice(max(round(x0 + inset), 0), max(round(x1 - inset), 0))


def _cells(scan: Scan, tables: Sequence[RuledTable]) -> Iterator[Region]:
    for table in tables:
        for cell in (cell for row in table.rows for cell in row if cell):
            rows, columns = _pixels(cell, scan, inset=CELL_INSET)
            image = scan.image[rows, columns]
            ink = np.argwhere(image < INK)
            if len(ink):
                (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0) + 1
                if max(bottom - top, right - left) >= SMALLEST * scan.dpi / POINTS:
                    yield Region(columns.start + int(left), rows.start + int(top), image[top:bottom, left:right])


def _blocks(scan: Scan, tables: Sequence[RuledTable]) -> Iterator[Region]:
    """Blocks of ink outside the tables, parted by white."""
    scale = 4
    ink = (scan.image < INK).astype(np.uint8)
    for table in tables:
        ink[_pixels(table.box, scan)] = 0
    small = cv2.resize(ink, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)
    reach = [max(3, round(gap * scan.dpi / POINTS / scale)) | 1 for gap in (PARAGRAPH_GAP, COLUMN_GAP)]
    joined = cv2.dilate(small, np.ones(reach, np.uint8))
    labels, stats = pieces(joined > 0)
    labels = cv2.resize(labels.astype(np.uint16), ink.shape[::-1], interpolation=cv2.INTER_NEAREST)
    for label, (x, y, width, height, _) in enumerate(stats[1:].tolist(), start=1):
        area = slice(y * scale, (y + height) * scale), slice(x * scale, (x + width) * scale)
        mine = labels[area] == label
        inside = _extent(mine & (ink[area] > 0))
        if inside is None:
            continue
        rows, columns = inside
        if max(rows.stop - rows.start, columns.stop - columns.start) >= SMALLEST * scan.dpi / POINTS:
            image = np.where(mine[inside], scan.image[area][inside], WHITE).astype(np.uint8)
            yield Region(area[1].start + columns.start, area[0].start + rows.start, image)


def _extent(ink: np.ndarray[Any, np.dtype[np.bool_]]) -> tuple[slice, slice] | None:
    """The rows and columns that hold ink, None for none."""
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    return (slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)) if len(rows) else None
