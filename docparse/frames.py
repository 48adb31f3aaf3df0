"""Answers of `docparse.query` as tables: rows and columns for CSV, DataFrames of pandas or polars where one of them is installed.

The columns depend on the kind of answer alone, never on what is in it. Fields of the document of a row keep their names, its id is
`document_id` as in the tables of the corpus; fields of other documents in the row have the name of the field before them (`basis_number`).
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from operator import attrgetter
from typing import Any, Literal, get_args, get_type_hints

from docparse.errors import MissingTool
from docparse.query.agencies import Agency, AgencyLine
from docparse.query.documents import Document
from docparse.query.facets import Count, CrossTable
from docparse.query.graphs import Edge, Graph
from docparse.query.kwic import Concordance, Concordances
from docparse.query.passages import Comparison, Passage
from docparse.query.search import Hit, Line, Results
from docparse.query.tasks import TaskLine, TaskPage

Library = Literal["pandas", "polars"]
LIBRARIES: tuple[Library, ...] = ("pandas", "polars")
PLAIN: dict[type, str] = {int: "count", float: "share"}
LISTS: dict[type, tuple[str, type]] = {
    Results: ("hits", Hit),
    Concordances: ("lines", Concordance),
    TaskPage: ("tasks", TaskLine),
    Graph: ("edges", Edge),
    Comparison: ("passages", Passage),
    Document: ("line", Line),
    Agency: ("line", AgencyLine),
}
WITHOUT_PREFIX = {"document", "line", "snippets"}
LEFT_OUT = {"marks"}  # ranges in a passage, of no use in a cell
UNKNOWN = "not known"

Row = tuple[Any, ...]
Getter = Callable[[Any], Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """Rows of equal length under the names of their columns; lists of names stay tuples."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def table(answer: object, *, kinds: Sequence[type] = ()) -> Table:
    """An answer as a table.

    Of `Results` each hit is a row with its best passage, of a `Graph` each edge (give its `nodes` for those), of a `CrossTable` each of its rows;
    a mapping (facets, a calendar) has its keys in the first column. `kinds`: what a sequence is made of, for the columns of an empty one.
    Raises TypeError for what is no answer of `docparse.query`.

    >>> table((Count("kế hoạch", "Kế hoạch", 3),))
    Table(columns=('value', 'label', 'documents'), rows=(('kế hoạch', 'Kế hoạch', 3),))
    """
    if isinstance(answer, CrossTable):
        rows = zip(_labels(answer.rows), answer.counts, strict=True)
        return Table(("value", *_labels(answer.columns)), tuple((label, *counts) for label, counts in rows))
    if type(answer) in LISTS:
        name, kind = LISTS[type(answer)]
        items = getattr(answer, name)
        return _table([(item,) for item in (items if isinstance(items, tuple) else (items,))], [kind])
    if isinstance(answer, Mapping):
        return _of_mapping(answer, kinds)
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        rows_of_parts = [item if isinstance(item, tuple) else (item,) for item in answer]
        return _table(rows_of_parts, kinds or _kinds(rows_of_parts))
    raise TypeError(f"{type(answer).__name__} is no answer that can be a table")


def frame(answer: object, *, library: Library | None = None) -> Any:
    """An answer as a DataFrame of `library`, by default of pandas, or of polars where pandas is not installed.

    >>> frame((Count("2024", "2024", 3),)).shape
    (1, 3)

    Raises MissingTool where the library is not installed, TypeError for what is no answer of `docparse.query`.
    """
    made = table(answer)
    columns = {name: [_listed(row[place]) for row in made.rows] for place, name in enumerate(made.columns)}
    name = _installed(library)
    made = import_module(name).DataFrame(columns)
    return made.convert_dtypes() if name == "pandas" else made  # ids stay whole numbers beside missing ones


def _installed(wanted: Library | None) -> Library:
    for name in (wanted,) if wanted else LIBRARIES:
        if find_spec(name):
            return name
    raise MissingTool("a DataFrame", f"needs {wanted or ' or '.join(LIBRARIES)}", hint=f"Install it with pip install {wanted or LIBRARIES[0]}.")


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _labels(counts: Iterable[Count]) -> list[str]:
    """Names for people; with the value behind them where several have the same, since names of columns are unique."""
    named = [(count.label or count.value or UNKNOWN, count.value) for count in counts]
    often = Counter(label for label, _ in named)
    return [f"{label} ({value})" if often[label] > 1 else label for label, value in named]


def _of_mapping(answer: Mapping[Any, Any], kinds: Sequence[type]) -> Table:
    parts = {str(key): table(value if isinstance(value, Sequence) else [value], kinds=kinds) for key, value in answer.items()}
    columns = next((part.columns for part in parts.values() if part.columns), ())
    return Table(("key", *columns), tuple((key, *row) for key, part in parts.items() for row in part.rows))


def _kinds(rows: Sequence[Row]) -> list[type]:
    """The types of the parts of each row: of the first one that is not None."""
    return [type(next((row[place] for row in rows if row[place] is not None), None)) for place in range(len(rows[0]))] if rows else []


def _table(rows: Sequence[Row], kinds: Sequence[type]) -> Table:
    """The parts of each row side by side, such as a link with the document it leads to."""
    getters: dict[str, tuple[int, Getter]] = {}
    for place, kind in enumerate(kinds):
        for name, get in _fields(kind).items():
            free = name if name not in getters else f"{kind.__name__.lower()}_{name}"
            getters[free] = place, get
    return Table(tuple(getters), tuple(tuple(get(row[place]) for place, get in getters.values()) for row in rows))


@cache
def _fields(kind: type) -> dict[str, Getter]:
    """The columns of a kind of part and how to get them: the fields of a dataclass, those of dataclasses in it flattened, or the value itself."""
    if not dataclasses.is_dataclass(kind):
        return {PLAIN.get(kind, "value"): lambda value: value}
    hints = get_type_hints(kind)
    found: dict[str, Getter] = {}
    for name, hint in hints.items():
        inner = _inner(hint)
        if inner is None and name not in LEFT_OUT:
            found["document_id" if kind is Line and name == "id" else name] = attrgetter(name)
        for column, get in _fields(inner).items() if inner else ():
            free = name in WITHOUT_PREFIX and column not in hints
            found[column if free else f"{name}_{column}"] = partial(_of_first, attrgetter(name), get)
    return found


def _of_first(outer: Getter, get: Getter, item: Any) -> Any:
    """A field of what is in a field, of the first of several, None where there is none."""
    value = outer(item)
    if isinstance(value, tuple):
        value = value[0] if value else None
    return None if value is None else get(value)


def _inner(hint: Any) -> type | None:
    """The dataclass in a type such as `Line`, `Line | None` or `tuple[Snippet, ...]`."""
    return next((part for part in (hint, *get_args(hint)) if isinstance(part, type) and dataclasses.is_dataclass(part)), None)
