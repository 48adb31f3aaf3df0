"""Answers printed: as a table for people, as one JSON document, or as CSV. Imported inside commands: it loads rich."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from docparse.cli.options import Form
from docparse.errors import printable
from docparse.export.cells import as_text
from docparse.frames import Table, table
from docparse.output import PIPE_WIDTH

C1 = re.compile("[\x7f-\x9f]")  # what json does not escape itself
BREAKS = re.compile(r"[^\t\n]+")


class Printable:
    """Anything for a terminal with the control characters in it escaped: what stands in documents is not to command the terminal."""

    def __init__(self, inner: RenderableType) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for segment in console.render(self._inner, options):
            yield segment if segment.control else Segment(escaped(segment.text), segment.style)


def escaped(text: str) -> str:
    """The text with its control characters escaped, but for line breaks and tabs."""
    return BREAKS.sub(lambda match: printable(match[0]), text)


def chosen(form: Form | None) -> Form:
    """The form asked for; by default a table on a terminal and JSON elsewhere."""
    return form or (Form.TABLE if sys.stdout.isatty() else Form.JSON)


def print_answer(answer: object, form: Form | None, tables: Callable[[], Iterable[RenderableType]], *, kinds: Sequence[type] = ()) -> None:
    """An answer in the form asked for. `tables` makes the tables for people, `kinds` is as in `docparse.frames.table`."""
    match chosen(form):
        case Form.TABLE:
            print_table(*tables())
        case Form.JSON:
            print_json(answer)
        case Form.CSV:
            print_csv(answer if isinstance(answer, Table) else table(answer, kinds=kinds))


def console() -> Console:
    """Where tables go: to the terminal, or as plain text of a fixed width to a file or program."""
    return Console(markup=False, emoji=False, highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)


def print_table(*parts: RenderableType) -> None:
    """Tables and lines for people."""
    target = console()
    if sys.stdout.isatty():
        for part in parts:
            target.print(Printable(part))
        return
    target.file = io.StringIO()
    for part in parts:
        target.print(Printable(part))
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in target.file.getvalue().splitlines()))


def print_json(answer: object) -> None:
    """One JSON document, indented."""
    sys.stdout.write(to_json(answer) + "\n")


def to_json(answer: object) -> str:
    r"""Dataclasses and records as objects, a `Table` as a list of objects.

    >>> print(to_json(Table(("number",), (("47/KH\x9bUBND",),))))
    [
      {
        "number": "47/KH\u009bUBND"
      }
    ]
    """
    text = json.dumps(as_plain(answer), ensure_ascii=False, indent=2)
    return C1.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def as_plain(value: Any) -> Any:
    """What JSON can hold of an answer."""
    if isinstance(value, Table):
        return [dict(zip(value.columns, map(as_plain, row), strict=True)) for row in value.rows]
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if dataclasses.is_dataclass(value):
        return {field.name: as_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(inner) for inner in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def print_csv(made: Table) -> None:
    """CSV as `docparse export` writes it: UTF-8 with a byte order mark, commas, CRLF, an apostrophe before what is like a formula."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(made.columns)
    writer.writerows([_cell(value) for value in row] for row in made.rows)
    sys.stdout.write(("" if sys.stdout.isatty() else "\ufeff") + target.getvalue())


def _cell(value: Any) -> Any:
    if isinstance(value, tuple):
        value = "; ".join(map(str, value))
    if isinstance(value, str):
        return as_text(escaped(value))
    return str(value).lower() if isinstance(value, bool) else value
