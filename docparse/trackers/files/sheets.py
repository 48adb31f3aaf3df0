"""Sheets of a workbook as offices print them: a title, a framed table with its header on each page, numbered pages, one typeface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from docparse.export.cells import clean, cut, is_like_formula
from docparse.export.workbook import CELL, ESCAPED
from docparse.trackers.files.text_lines import count_lines

FONT, SIZE = "Times New Roman", 11
LINE, HIGHEST = 15.0, 409.0  # points: of a line of text, of a row
HEADER = 4  # the row with the names of the columns
A4 = 9


class Column(NamedTuple):
    """A column: its name, its width in characters, the style of its cells."""

    name: str
    width: float
    style: str
    hidden: bool = False


class Link(NamedTuple):
    """A text that leads to an address, and what is shown under the mouse."""

    text: str
    address: str
    tip: str


class OwnHeight(RowDimension):  # type: ignore[misc]
    """The height of a row that programs find anew when somebody edits it. Without a height LibreOffice leaves rows as low as one line."""

    customHeight = False


class Sheet:
    """A sheet that is written from top to bottom in constant memory; `row` is the last row written."""

    def __init__(self, book: Any, name: str, columns: Sequence[Column], *, landscape: bool = False) -> None:
        self.columns, self.row = columns, 0
        self.shown = sum(not column.hidden for column in columns)
        self.sheet = sheet = book.create_sheet(name)
        for place, column in enumerate(columns, start=1):
            dimension = sheet.column_dimensions[get_column_letter(place)]
            dimension.width, dimension.hidden = column.width, column.hidden
        sheet.freeze_panes = f"C{HEADER + 1}"
        sheet.print_title_rows = f"{HEADER}:{HEADER}"
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.orientation = "landscape" if landscape else "portrait"
        sheet.page_setup.paperSize = A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.page_margins = PageMargins(left=0.6, right=0.4, top=0.6, bottom=0.6, header=0.3, footer=0.3)  # inches
        sheet.print_options.horizontalCentered = True
        footer = sheet.HeaderFooter.oddFooter.center
        footer.text, footer.font, footer.size = "Trang &P/&N", f"{FONT},Regular", 10

    def head(self, title: str, below: str) -> None:
        """Write the title, what stands below it, an empty row, and the names of the columns."""
        self.spread({(1, self.shown): title}, "title", height=24)
        self.spread({(1, self.shown): below}, "subtitle", height=18)
        self.append()
        self.append(*(column.name for column in self.columns), style="header")

    def append(self, *values: object, style: str | None = None) -> None:
        """Write a row; text stays text. Cells have the styles of their columns unless another one is given."""
        cells = list(zip(values, self.columns, strict=False))
        lines = max((count_lines(_text(value) or "", column.width, SIZE) for value, column in cells), default=1)
        with self._height(min(lines * LINE, HIGHEST)):
            self.sheet.append([self._cell(value, style or column.style) for value, column in cells])

    def spread(self, texts: Mapping[tuple[int, int], str | CellRichText], style: str, *, height: float) -> None:
        """Write a row with texts that reach from one column to another; `height` in points."""
        starts = {first: text for (first, _), text in texts.items()}
        with self._height(height):
            self.sheet.append([self._cell(starts[place], style) if place in starts else None for place in range(1, max(starts) + 1)])
        for first, last in texts:
            self.sheet.merged_cells.add(f"{get_column_letter(first)}{self.row}:{get_column_letter(last)}{self.row}")

    def filter(self, last: int) -> None:
        """Let people filter the rows from the header to the last one."""
        self.sheet.auto_filter.ref = f"A{HEADER}:{get_column_letter(self.shown)}{last}"

    @contextmanager
    def _height(self, height: float) -> Iterator[None]:
        """The height of the row that is written now; openpyxl would keep those of all rows."""
        self.row += 1
        self.sheet.row_dimensions[self.row] = OwnHeight(self.sheet, index=self.row, ht=height)
        yield
        del self.sheet.row_dimensions[self.row]

    def _cell(self, value: object, style: str) -> Any:
        text = _text(value)
        shown = cut(ESCAPED.sub("_x005F_", clean(text)), CELL) or None if text is not None else value
        cell = WriteOnlyCell(self.sheet, shown)
        cell.style = "link" if isinstance(value, Link) else style
        if isinstance(shown, str):
            cell.data_type = "s"  # openpyxl would make a formula of `=1` and an error of `#N/A`
            if is_like_formula(shown):
                cell.quotePrefix = True  # nor does it become a formula when somebody edits the cell
        if isinstance(value, Link):
            cell.hyperlink = value.address
            cell.hyperlink.tooltip = value.tip
        return cell


def _text(value: object) -> str | None:
    """What is text of a value; text in several looks is our own."""
    return value.text if isinstance(value, Link) else value if isinstance(value, str) else None


def styles() -> Iterator[NamedStyle]:
    """The looks of cells by name: those of the table have frames."""
    line = Side(style="thin", color="FF7F7F7F")
    frame = Border(left=line, right=line, top=line, bottom=line)
    plain = Font(name=FONT, size=SIZE)
    bold = Font(name=FONT, size=SIZE, bold=True)
    italic = Font(name=FONT, size=SIZE, italic=True)
    left = Alignment(horizontal="left", vertical="center", wrap_text=True)
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    yield NamedStyle("text", font=plain, border=frame, alignment=left)
    yield NamedStyle("center", font=plain, border=frame, alignment=middle)
    yield NamedStyle("day", font=plain, border=frame, alignment=middle, number_format="dd/mm/yyyy")
    yield NamedStyle("link", font=Font(name=FONT, size=SIZE, color="FF0563C1", underline="single"), border=frame, alignment=left)
    yield NamedStyle("header", font=bold, border=frame, alignment=middle, fill=PatternFill("solid", fgColor="FFD9E1F2"))
    yield NamedStyle("title", font=Font(name=FONT, size=14, bold=True), alignment=middle)
    yield NamedStyle("subtitle", font=italic, alignment=middle)
    yield NamedStyle("signer", font=plain, alignment=Alignment(horizontal="center", vertical="top", wrap_text=True))
    yield NamedStyle("note", font=italic, alignment=left)
