"""Tables as one workbook for Excel and LibreOffice, a sheet a table, without the long texts.

A cell holds 32,767 characters and a sheet 1,048,576 rows: longer texts end in a mark, more rows go on in a second sheet (`tasks (2)`).
No text becomes a formula, not even when somebody edits its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from docparse.errors import OutputError
from docparse.export.cells import clean, cut, is_like_formula
from docparse.export.content import Row, Table, tables
from docparse.files import REFUSED

WORKBOOK = "corpus.xlsx"
CELL = 32_767  # UTF-16 units
ROWS = 1_048_576  # of a sheet, with the header
SAMPLE = 200  # rows whose texts make the widths of the columns
NARROW, WIDE = 6, 60  # characters
FILTER = 3  # characters under the arrow of the filter
ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # `_x000D_` in a text: programs read it as a character unless its first letter is escaped


def write_tables(connection: Connection, paths: Sequence[Path]) -> None:
    """One workbook with all tables. Sheets are written to temporary files first. Raises OutputError if the system refuses."""
    from lxml.etree import SerialisationError  # openpyxl writes by lxml, which is there for Word files
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    workbook.properties.creator = "docparse"
    try:
        for table in tables(long_texts=False):
            _write(workbook, table, table.rows(connection))
        workbook.save(paths[0])
    except BaseException as error:
        _drop_temporary_files(workbook)
        if isinstance(error, SerialisationError):
            raise OutputError(str(paths[0].parent), f"cannot be written ({error})", hint=REFUSED) from error
        raise


def _write(workbook: Any, table: Table, rows: Iterator[Row]) -> None:
    from openpyxl.utils import get_column_letter

    for number in count(1):
        sample = list(islice(rows, min(SAMPLE, ROWS - 1)))
        if number > 1 and not sample:
            return
        sheet = workbook.create_sheet(table.name if number == 1 else f"{table.name} ({number})")
        sheet.freeze_panes = "A2"
        names = [column.name for column in table.columns]
        for place, width in enumerate(_widths(names, sample), start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.append(_header(sheet, names))
        written = 1
        for row in chain(sample, islice(rows, ROWS - 1 - len(sample))):
            sheet.append([_cell(sheet, value) for value in row])
            written += 1
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{written}"
        sheet.close()


def _widths(names: Sequence[str], sample: Sequence[Row]) -> Iterator[int]:
    for place, name in enumerate(names):
        longest = max((len(str(row[place])) for row in sample if row[place] is not None), default=0)
        yield min(max(NARROW, len(name) + FILTER, longest + 2), WIDE)


def _header(sheet: Any, names: Sequence[str]) -> list[Any]:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cells = [WriteOnlyCell(sheet, name) for name in names]
    for cell in cells:
        cell.font = Font(name="Calibri", size=11, bold=True)
    return cells


def _cell(sheet: Any, value: object) -> object:
    """A value as openpyxl may have it: it would make a formula of `=1` and an error of `#N/A`."""
    if not isinstance(value, str):
        return value
    text = cut(ESCAPED.sub("_x005F_", clean(value)), CELL)
    if not text.startswith("#") and not is_like_formula(text):
        return text
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _drop_temporary_files(workbook: Any) -> None:
    """openpyxl would leave those of sheets that are not whole until the program ends."""
    for sheet in workbook.worksheets:
        for finish in ("close", "cleanup"):
            with suppress(Exception):
                getattr(sheet._writer, finish)()
