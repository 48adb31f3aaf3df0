"""Values as they may stand in cells and in XML."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

CUT = "…[cut]"
FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_like_formula(value: str) -> bool:
    """Whether a spreadsheet may take a string for a formula, or strip it so that it becomes one."""
    return FORMULA.match(value) is not None


def as_text(value: str) -> str:
    """The string with an apostrophe before it where a spreadsheet could run it; taking one apostrophe off such a string gives it back.

    >>> as_text("=1+1"), as_text("'=1+1"), as_text("'s-Gravenhage")
    ("'=1+1", "''=1+1", "'s-Gravenhage")
    """
    return f"'{value}" if is_like_formula(value) else value


def csv_lines(rows: Iterable[Sequence[object]], *, end: str = "\r\n") -> str:
    """Rows as CSV; what is no value is empty, of several ones in a cell each but the first stands behind a semicolon.

    >>> csv_lines([("=1+1", None, ("Sở Y tế", "Sở Tài chính"), 3)], end="|")
    "'=1+1,,Sở Y tế; Sở Tài chính,3|"
    """
    target = io.StringIO()
    csv.writer(target, lineterminator=end).writerows([_cell(value) for value in row] for row in rows)
    return target.getvalue()


def _cell(value: object) -> object:
    text = "; ".join(map(str, value)) if isinstance(value, tuple) else value
    return as_text(clean(text)) if isinstance(text, str) else text


def clean(value: str) -> str:
    r"""The string without the characters that XML cannot hold.

    >>> clean("a\x00b\x0bc\td")
    'abc\td'
    """
    return NOT_XML.sub("", value)


def cut(value: str, length: int) -> str:
    """The string if it fits into `length` UTF-16 units, as Excel counts, else its beginning and the mark.

    >>> cut("Kế hoạch", 8), cut("Kế hoạch số 47", 9)
    ('Kế hoạch', 'Kế …[cut]')
    """
    if len(value) * 2 <= length:
        return value
    units = value.encode("utf-16-le")
    if len(units) <= length * 2:
        return value
    return units[: (length - len(CUT)) * 2].decode("utf-16-le", errors="ignore") + CUT
