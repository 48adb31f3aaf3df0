"""How many lines a text takes in a cell: widths of Times New Roman, which the metrically equal Liberation Serif has too."""

from __future__ import annotations

from functools import lru_cache

from docparse.words import unaccent

OTHERS = 500  # thousandths of the size of the type, as those below: most small letters and all figures
WIDTHS = {
    letter: width
    for letters, width in (
        ("'|", 200),
        (" .,", 250),
        ("/\\ijlt:;!", 278),
        ("Ifr()[]-`", 333),
        ("Js", 389),
        ("acez“”?", 444),
        ("PSF–", 556),
        ("ELTZ", 611),
        ("BCR", 667),
        ("ADGHKNOQUVXY", 722),
        ("mw", 778),
        ("M%W…", 950),
    )
    for letter in letters
}
ROOM = 0.97  # of a line is filled, since programs measure a little differently
PIXELS, PADDING = 7, 5  # of a column: for each character of its width, and for its edges
INCH, POINTS = 96, 72  # pixels and points of an inch


def count_lines(text: str, width: float, size: float) -> int:
    """How many lines a text takes in a column of so many characters, in type of a size in points.

    >>> count_lines("Rà soát, báo cáo", 20, 11), count_lines("Rà soát, báo cáo kết quả thực hiện", 20, 11), count_lines("a\\n\\nb", 20, 11)
    (1, 2, 3)
    """
    room = (width * PIXELS - PADDING) * ROOM / (size * INCH / POINTS) * 1000
    return sum(_count(line, room) for line in text.split("\n"))


def _count(line: str, room: float) -> int:
    """Lines of a text without breaks: words go to the next line whole, longer ones than a line are broken."""
    lines, filled = 1, 0.0
    for word in line.split(" "):
        width = _width(word)
        if filled and filled + WIDTHS[" "] + width > room:
            lines, filled = lines + 1, 0.0
        filled += (WIDTHS[" "] if filled else 0) + width
        over = max(-(-filled // room) - 1, 0)
        lines, filled = lines + int(over), filled - over * room
    return lines


@lru_cache(maxsize=65_536)
def _width(word: str) -> float:
    return sum(WIDTHS.get(letter, OTHERS) for letter in unaccent(word))
