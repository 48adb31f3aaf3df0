"""The picture of a page, made ready for recognition: upright, straight, without seals, scanner borders and ruling lines.

Everything happens on one grey image of the page turned upright; boxes are those of that page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import cv2
import numpy as np
from cv2.typing import MatLike
from jdeskew.estimator import get_angle

Image: TypeAlias = MatLike  # grey (height, width) or blue-green-red (height, width, 3), 0 to 255

POINTS = 72.0  # an inch
WHITE = 255
MOST_SKEW = 6.0  # degrees
LEAST_SKEW = 0.2  # degrees: half a line's height over the width of a page is 0.4
SKEW_SIDE = 720  # pixels of the longer side: enough to tell a tenth of a degree
REDDER = 45  # of 255: how far red lies above green and blue in the ink of a seal
SEAL = 40.0  # points: a seal is larger than this, red letters (an urgency mark, a stamped number) are smaller
SHADE = 9.0  # points: lighting changes over more than this, strokes are thinner
INK = 150  # of 255, after lighting is evened out: darker is ink
RULES = ((True, 12.0, 34.0), (False, 16.0, 26.0))  # across or down: points without a gap, more than any letter has, and whole length
RULE_GAP = 4.0  # points: a ruling line may be broken so far
RULE_WIDTH = 2.6  # points
BORDER = 0.06  # of a side: dark areas at the edge of the picture longer than this are the scanner's
SMOOTH = 0.25  # points: evens out the steps of edges; 1 % more readable words on real scans
DRAWN = (150.0, 30.0)  # points: letters that touch each other form pieces as wide, but not as high as this
SPECK_SHARE = 20  # of 255: how much lighter than ink a speck may be
SPECK = 0.75  # points; the dot of an i is 1 point and more
LETTER = (3.5, 22.0)  # points: the longer side of a letter
LETTER_GAP = 2.0  # points: more than between letters, less than between lines
SIDEWAYS = 0.85
ENOUGH_LETTERS = 40  # fewer do not tell how a page lies
LEAST_LETTERS = 8  # a page with fewer is blank
INK_SHARE = 40  # of 255: what is this much darker than paper is ink
DARK = 60  # of 255: the ink of a page of usual contrast is darker


class Rule(NamedTuple):
    """A straight ruling line in pixels."""

    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True, slots=True)
class Scan:
    """A page ready for recognition: grey `image` at `dpi`, upright after a turn of `rotation` degrees clockwise; `rules` were erased.

    `letters` counts the pieces of ink that are as large as letters. `skew`: degrees by which the upright page was still turned
    (counter-clockwise) and was straightened.
    """

    image: Image
    dpi: float
    rotation: int
    skew: float
    rules: tuple[Rule, ...]
    letters: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the upright page in points."""
        height, width = self.image.shape
        return width / self.dpi * POINTS, height / self.dpi * POINTS

    @property
    def is_blank(self) -> bool:
        """Does the page hold no letters?"""
        return self.letters < LEAST_LETTERS

    def turned_over(self) -> Scan:
        """The same page turned by 180 degrees."""
        height, width = self.image.shape
        rules = tuple(Rule(width - r.x1, height - r.y1, width - r.x0, height - r.y0) for r in self.rules)
        return Scan(np.ascontiguousarray(self.image[::-1, ::-1]), self.dpi, (self.rotation + 180) % 360, self.skew, rules, self.letters)


def prepare_scan(picture: Image, dpi: float) -> Scan:
    """Prepare a colour (BGR) or grey picture of a page.

    >>> prepare_scan(np.full((1100, 850), 255, np.uint8), 100).is_blank
    True
    """
    grey = even_lighting(without_seals(picture, dpi) if picture.ndim == 3 else picture, dpi)
    rotation = 0
    if is_sideways(grey, dpi):
        grey, rotation = np.ascontiguousarray(np.rot90(grey, -1)), 90
    skew = find_skew(grey)
    if skew:
        grey = straightened(grey, skew)
    grey = without_border(grey)
    rules = tuple(take_rules(grey, dpi))
    grey, number = without_dirt(grey, dpi)
    return Scan(cv2.GaussianBlur(grey, (0, 0), SMOOTH * dpi / POINTS), dpi, rotation, skew, rules, letters=number)


def without_seals(picture: Image, dpi: float) -> Image:
    """Grey picture in which red seals have gone: in their area the red channel is taken, where red ink is as light as paper."""
    blue, green, red = cv2.split(picture)
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    inked = cv2.subtract(red, cv2.max(blue, green)) > REDDER
    if not inked.any():
        return grey
    reach = max(3, round(3 * dpi / POINTS))
    joined = cv2.dilate(inked.astype(np.uint8), np.ones((reach, reach), np.uint8))
    _, stats = pieces(joined > 0)
    least = SEAL * dpi / POINTS
    for x, y, width, height, _ in stats[1:]:
        if height >= least:
            area = slice(y, y + height), slice(x, x + width)
            grey[area] = np.where(joined[area] > 0, red[area], grey[area])
    return grey


def even_lighting(grey: Image, dpi: float) -> Image:
    """The picture with white paper and dark ink everywhere: each pixel as a share of the light around it, pale ink made darker."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    side = max(3, round(SHADE * dpi / POINTS / 4)) | 1
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((side, side), np.uint8)), min(side, 31))
    even = cv2.divide(grey, cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), scale=WHITE)
    counts = cv2.calcHist([even], [0], None, [256], [0, 256]).ravel()[: WHITE - INK_SHARE]
    if not counts.sum():
        return even
    ink = int(np.searchsorted(np.cumsum(counts), counts.sum() / 4))
    darker = np.clip((np.arange(WHITE + 1) - ink) * (WHITE / (WHITE - ink)), 0, WHITE).astype(np.uint8)
    return even if ink < DARK else cv2.LUT(even, darker)


def is_sideways(grey: Image, dpi: float) -> bool:
    """Do the lines of text run from top to bottom? Letters stand closer to the next letter of their line than to the next line."""
    grey, dpi = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), dpi / 2
    found = letters(grey, dpi)
    if found.number < ENOUGH_LETTERS:
        return False
    side = max(2, round(LETTER_GAP * dpi / POINTS))
    rows, columns = (cv2.connectedComponents(cv2.dilate(found.mask, np.ones(kernel, np.uint8)))[0] for kernel in ((1, side), (side, 1)))
    return columns < SIDEWAYS * rows


def find_skew(grey: Image) -> float:
    """Degrees by which the page must be turned counter-clockwise to be straight, 0 where that is too little or too much to tell."""
    scale = min(SKEW_SIDE / max(grey.shape), 1.0)
    angle = float(get_angle(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), angle_max=MOST_SKEW))
    return angle if LEAST_SKEW <= abs(angle) < MOST_SKEW - LEAST_SKEW else 0.0


def straightened(grey: Image, angle: float) -> Image:
    """The picture turned about its middle, in the same size."""
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=WHITE)


def without_border(grey: Image) -> Image:
    """The picture without dark areas that reach in from its edges."""
    scale = 0.25
    dark = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) < INK
    labels, stats = pieces(dark)
    rows, columns = dark.shape
    x, y, width, height = stats[:, :4].T
    at_edge = (x <= 1) | (y <= 1) | (x + width >= columns - 1) | (y + height >= rows - 1)
    removed = at_edge & ((width > BORDER * columns) | (height > BORDER * rows))
    removed[0] = False
    if not removed.any():
        return grey
    mask = cv2.dilate(removed[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
    cleaned = grey.copy()
    cleaned[cv2.resize(mask, grey.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0] = WHITE
    return cleaned


def take_rules(grey: Image, dpi: float) -> Iterator[Rule]:
    """The ruling lines of tables and under headings; they are painted white in the picture."""
    ink = (grey < INK + INK_SHARE).astype(np.uint8)
    for across, run, length in RULES:
        unbroken, gap = (np.ones((1, size) if across else (size, 1), np.uint8) for size in (round(side * dpi / POINTS) for side in (run, RULE_GAP)))
        strokes = cv2.morphologyEx(cv2.morphologyEx(ink, cv2.MORPH_OPEN, unbroken), cv2.MORPH_CLOSE, gap)
        outlines, _ = cv2.findContours(strokes, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        ruled = []
        for outline in outlines:
            x, y, width, height = cv2.boundingRect(outline)
            longer = width if across else height
            area = cv2.countNonZero(strokes[y : y + height, x : x + width])
            if longer >= length * dpi / POINTS and area <= RULE_WIDTH * dpi / POINTS * longer:
                ruled.append(outline)
                yield Rule(x, y, x + width, y + height)
        cv2.drawContours(grey, ruled, -1, WHITE, thickness=3)
        cv2.drawContours(grey, ruled, -1, WHITE, thickness=cv2.FILLED)


def without_dirt(grey: Image, dpi: float) -> tuple[Image, int]:
    """The picture without specks smaller than any dot of a letter and without strokes larger than any letter (signatures, the rings of
    seals, drawings), and how many pieces of the size of letters are left.
    """
    labels, stats = pieces(grey < INK + SPECK_SHARE)
    width, height = stats[:, 2] * POINTS / dpi, stats[:, 3] * POINTS / dpi
    small, large = np.maximum(width, height) <= SPECK, (height > DRAWN[1]) | (width > DRAWN[0])
    large[0] = False
    number = int(_is_letter(stats, dpi).sum())
    if small.any():
        grey = np.where(small[labels], WHITE, grey).astype(np.uint8)
    if large.any():
        grey = np.where(cv2.dilate(large[labels].astype(np.uint8), np.ones((3, 3), np.uint8)), WHITE, grey).astype(np.uint8)
    return grey, number


def pieces(ink: np.ndarray[Any, np.dtype[np.bool_]]) -> tuple[Image, Image]:
    """The connected pieces of ink: a label for each pixel (0 is paper), and x, y, width, height, area for each label.

    Labels of two bytes are three times as fast; where there are too many pieces for them, they have four.
    """
    for kind in (cv2.CV_16U, cv2.CV_32S):
        with suppress(cv2.error):
            _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), ltype=kind)
            return labels, stats
    raise ValueError("the picture has too many pieces")


class Letters(NamedTuple):
    """The pieces of ink that are as large as letters: a mask of ones, and how many there are."""

    mask: Image
    number: int


def letters(grey: Image, dpi: float) -> Letters:
    """The connected pieces of ink of the size of letters; specks, rules, seals and pictures are left out."""
    labels, stats = pieces(grey < INK)
    kept = _is_letter(stats, dpi)
    return Letters(kept[labels].astype(np.uint8), int(kept.sum()))


def _is_letter(stats: Image, dpi: float) -> np.ndarray[Any, np.dtype[np.bool_]]:
    least, most = (side * dpi / POINTS for side in LETTER)
    size = stats[:, 2:4].max(axis=1)
    kept: np.ndarray[Any, np.dtype[np.bool_]] = (size >= least) & (size <= most)
    kept[0] = False
    return kept
