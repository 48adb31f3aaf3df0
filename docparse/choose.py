"""Filters from values as people write them: `ke hoach`, `so y te`, `Phú Thọ`, `28/2023/QĐ-TTg` instead of the exact values of the corpus."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import chain

from sqlalchemy import ColumnElement, select

from docparse.errors import QueryError
from docparse.lexicon import load_rows
from docparse.query.filters import Filters
from docparse.query.folding import holding
from docparse.store.corpus import Corpus
from docparse.store.rows import fold
from docparse.store.schema import citations, documents, task_actors
from docparse.words import lower, squeeze

Given = str | int | Sequence[str | int]
LEVELS = ("central", "provincial", "district", "commune")
STATUSES = ("assigned", "planned")
ORIGINS = ("text_layer", "ocr", "mixed", "markup", "plain")
CITED = re.compile(r"(?P<kind>(?:[^\W\d]+ )*?)(?:so )?(?P<number>\d\S*)")
YEAR, MONTH = re.compile(r"\d{4}"), re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


def choose(
    corpus: Corpus,
    *,
    doc_type: Given = (),
    issuer: Given = (),
    level: Given = (),
    province: Given = (),
    year: Given = (),
    month: Given = (),
    cited: Given = (),
    lead: Given = (),
    status: Given = (),
    origin: Given = (),
    first_day: dt.date | str | None = None,
    last_day: dt.date | str | None = None,
) -> Filters:
    """Filters for the values given; one or several of each.

    Marks and capitals may be left out. `doc_type` is a kind or its abbreviation (KH), `issuer` an id of `agencies` or words of a name, `lead`
    words of a name, `province` a name or id, `cited` a number or key. Words that no name of the corpus holds stay as they are and find nothing.
    Raises QueryError for a level, province, year, month, status, origin or day that there cannot be.
    """
    return Filters(
        doc_type=tuple(map(_doc_type, _several(doc_type))),
        issuer=_names(corpus, _several(issuer), documents.c.issuer),
        level=_known("level", _several(level), LEVELS),
        province=tuple(map(_province, _several(province))),
        year=_formed("a year such as 2024", _several(year), YEAR),
        month=_formed("a month such as 2024-03", _several(month), MONTH),
        cited=tuple(key for name in _several(cited) for key in keys_of(corpus, name)),
        lead=_names(corpus, _several(lead), task_actors.c.name, task_actors.c.role == "lead"),
        status=_known("status of a task", _several(status), STATUSES),
        origin=_known("origin of a text", _several(origin), ORIGINS),
        first_day=read_day(first_day),
        last_day=read_day(last_day),
    )


def keys_of(corpus: Corpus, name: str) -> tuple[str, ...]:
    """The keys of cited documents that a number names, with or without the kind before it; a key (with a colon) is itself.

    `28/2023/QĐ-TTg`, `quyet dinh so 28/2023/qd-ttg` and `28/2023` name `quyết định:28/2023/QĐ-TTg`. A name of which the corpus cites nothing stays.
    """
    if ":" in name:
        return (name,)
    asked = CITED.fullmatch(fold(squeeze(name)))
    if asked is None:
        return (name,)
    kind, number = asked["kind"].strip(), asked["number"]
    with corpus.read() as connection:
        keys = connection.scalars(select(citations.c.key).where(citations.c.key.is_not(None)).distinct().order_by(citations.c.key)).all()
    return tuple(key for key in keys if _is_named(fold(key), kind, number)) or (name,)


def _is_named(key: str, kind: str, number: str) -> bool:
    key_kind, _, rest = key.partition(":")
    printed = rest.partition(":")[0]
    return kind in {"", key_kind} and (printed == number or ("/" in number and printed.startswith(f"{number}/")))


def read_day(day: dt.date | str | None) -> dt.date | None:
    """A day such as `2024-03-15`; Vietnamese order (`15/3/2024`) is understood too. Raises QueryError.

    >>> read_day("15/3/2024")
    datetime.date(2024, 3, 15)
    """
    if day is None or isinstance(day, dt.date):
        return day
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            return dt.datetime.strptime(day, form).date()
    raise QueryError(day, "is no day", hint="Write it as 2024-03-15 or 15/3/2024.")


def _several(given: Given) -> list[str]:
    values: Iterable[str | int] = (given,) if isinstance(given, str | int) else given
    return [squeeze(str(value)) for value in values]


def _doc_type(name: str) -> str:
    wanted = fold(name)
    rows = load_rows("doc_types")
    exact = (row["name"] for row in rows if row["name"] == lower(name))
    loose = (row["name"] for row in rows if fold(row["name"]) == wanted)
    short = (row["name"] for row in rows if name.upper() in row["abbreviations"].upper().split())
    return next(chain(exact, loose, short), lower(name))


def _province(name: str) -> str:
    wanted = fold(name)
    for row in load_rows("provinces"):
        if wanted in {row["id"], *map(fold, (row["name"], *row["aliases"].split("|")))}:
            return row["id"]
    raise QueryError(name, "is no province", hint="Give the name of a province, of today or before 2025.")


def _names(corpus: Corpus, asked: Sequence[str], column: ColumnElement[str | None], *where: ColumnElement[bool]) -> tuple[str, ...]:
    """The names in the corpus that are the ones asked for, else those that hold their words."""
    if not asked:
        return ()
    with corpus.read() as connection:
        names = connection.scalars(select(column).where(column.is_not(None), *where).distinct().order_by(column)).all()
    found: dict[str, None] = {}
    for words in asked:
        same = [name for name in names if name and fold(name) == fold(words)]
        found.update(dict.fromkeys(same or holding([name for name in names if name], words) or [words]))
    return tuple(found)


def _known(what: str, asked: Sequence[str], values: Sequence[str]) -> tuple[str, ...]:
    for value in asked:
        if value not in values:
            raise QueryError(value, f"is no {what}", hint=f"There are {', '.join(values)}.")
    return tuple(asked)


def _formed(what: str, asked: Sequence[str], form: re.Pattern[str]) -> tuple[str, ...]:
    for value in asked:
        if not form.fullmatch(value):
            raise QueryError(value, f"is not {what}", hint="")
    return tuple(asked)
