"""Text without marks and capitals: as an expression of SQL, and the words of names as people type them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Text, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from docparse.find.tokens import folded_words
from docparse.lexicon import load_values
from docparse.store.rows import fold
from docparse.words import unaccent

NAMES_KEPT = 100_000  # names whose words are kept in memory
MARKED = "aeiouyd"  # letters that marks stand on, and that of đ
LAST_LETTER = 0x1F00


class folded(FunctionElement[str]):
    """A column as `docparse.store.rows.fold` folds it; on SQLite by that function, which `docparse.store.sqlite` gives its connections."""

    type = Text()
    inherit_cache = True


@compiles(folded)
def _call(element: folded, compiler: Any, **options: Any) -> str:
    return f"docparse_fold({compiler.process(element.clauses, **options)})"


@compiles(folded, "postgresql")
def _translate(element: folded, compiler: Any, **options: Any) -> str:
    marked = "".join(chr(code) for code in range(0xC0, LAST_LETTER) if chr(code).islower() and unaccent(chr(code)) in MARKED)
    (column,) = element.clauses
    plain: ColumnElement[str] = func.translate(func.lower(column), literal(marked), literal(unaccent(marked)))
    return str(compiler.process(plain, **options))


def holds_text(column: ColumnElement[str], words: str) -> list[ColumnElement[bool]]:
    """The conditions that a column holds these words, marks and capitals left out.

    The first is quick: each letter that may have a mark is left open. The second is right, and is asked of what fits the first.
    """
    plain = fold(words)
    rough = "".join("_" if letter in MARKED or not letter.isascii() else f"/{letter}" if letter in "%_/" else letter for letter in plain)
    return [column.ilike(f"%{rough}%", escape="/"), folded(column).contains(plain, autoescape=True)]


def holding(names: Iterable[str], wanted: str) -> list[str]:
    """The names that hold all wanted words, whichever way they are written: marks may be left out, abbreviations be written out.

    >>> holding(["Sở Y tế", "UBND tỉnh Phú Thọ"], "so y te"), holding(["Sở Y tế", "UBND tỉnh Phú Thọ"], "Ủy ban nhân dân Phú Thọ")
    (['Sở Y tế'], ['UBND tỉnh Phú Thọ'])
    >>> holding(["Sở Y tế"], "sơ y tế")
    []
    """
    words = _words(wanted)
    return [name for name in names if words <= _words_and_plain(name)]


@cache
def _written_out() -> dict[str, list[str]]:
    return {short.lower(): folded_words(long) for short, long in load_values("agency_types")["written_out"].items() if " " not in short}


def _words(name: str) -> frozenset[str]:
    return frozenset(long for word in folded_words(name) for long in _written_out().get(word, [word]))


@lru_cache(maxsize=NAMES_KEPT)
def _words_and_plain(name: str) -> frozenset[str]:
    words = _words(name)
    return words | frozenset(map(unaccent, words))
