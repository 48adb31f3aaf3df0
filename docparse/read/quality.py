"""Is a text layer usable? Told by its content, not by font names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from docparse.read.encodings import VIETNAMESE
from docparse.read.lines import RawPage
from docparse.text import ReadProblem

BROKEN_SHARE = 0.18  # of the letters carry Vietnamese marks: fewer in broken layers, 0.295 in the median good one
ENOUGH_LETTERS = 200  # fewer letters than these (a cover, a table of numbers) tell nothing


def accented_share(text: str) -> float | None:
    """The share of letters that only Vietnamese has or that carry its marks, None for too little text to tell.

    >>> accented_share("Cong hoa xa hoi chu nghia Viet Nam " * 10)
    0.0
    """
    text = unicodedata.normalize("NFC", text)
    letters = sum(map(str.isalpha, text))
    return len(VIETNAMESE.findall(text)) / letters if letters >= ENOUGH_LETTERS else None


def layer_problems(pages: Sequence[RawPage], pictures: Sequence[bool]) -> Iterator[ReadProblem]:
    """A problem for each page that is only a picture, and for each whose text is no Vietnamese.

    `pictures[i]`: page i shows a picture and has no words.
    """
    for number, (page, picture) in enumerate(zip(pages, pictures, strict=True), start=1):
        share = accented_share("".join(line.text for line in page.lines))
        if picture:
            yield ReadProblem("no_text_layer", "the page is a picture without text; it needs OCR", number)
        elif share is not None and share < BROKEN_SHARE:
            yield ReadProblem("broken_text_layer", f"the text layer is not readable Vietnamese ({share:.0%} of the letters are accented)", number)
