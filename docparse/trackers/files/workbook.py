"""Tasks as the table in which Vietnamese offices follow up what they were told to do, for Excel and LibreOffice, ready to be printed and signed.

The status is that of the day of the export, in a list to choose from: offices go on filling it in. The colours look at the status and at the day on
which the file is opened, and leave alone what is done. Rows have no height of their own, so that every program makes them as high as their texts.

The numbers of the second sheet are values, not formulas: they are seen where nothing is calculated (previews of mail and chat programs, protected
view), each of several agencies in a cell is counted, and no name out of a document becomes a condition.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from lxml.etree import SerialisationError  # openpyxl writes by lxml
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from docparse.errors import OutputError
from docparse.export.workbook import ROWS
from docparse.files import REFUSED
from docparse.query.tasks import TaskLine
from docparse.trackers.files.places import place_in_words
from docparse.trackers.files.sheets import FONT, HEADER, SIZE, Column, Link, Sheet, styles
from docparse.trackers.files.statuses import KINDS, SOON_DAYS, Counts, count_tasks, labels, labels_of, status_of
from docparse.trackers.recurrence_words import in_words
from docparse.trackers.tracked import TrackedTask, name_of
from docparse.trackers.wording import link_to
from docparse.words import squeeze

TITLE = "Bảng theo dõi thực hiện nhiệm vụ được giao"
SUMS_TITLE = "Tổng hợp tình hình thực hiện nhiệm vụ được giao"
MOST_TASKS = ROWS - 20  # the rest of a sheet holds the title and the signatures
MOST_LINKS = 65_530  # of a sheet, in Excel
LONGEST_TITLE = 120  # characters of the title of a document
COLUMNS = (
    Column("STT", 5.5, "center"),
    Column("Nhiệm vụ", 52, "text"),
    Column("Căn cứ", 32, "text"),
    Column("Cơ quan giao", 13, "text"),
    Column("Đơn vị chủ trì", 16, "text"),
    Column("Đơn vị phối hợp", 17, "text"),
    Column("Thời hạn", 11, "day"),
    Column("Tình trạng", 11, "center"),
    Column("Ngày hoàn thành", 11, "day"),
    Column("Ghi chú", 14, "text"),
    Column("Ngày cuối", 12, "day", hidden=True),  # of a deadline that is a period, for the colours
)
SHOWN = len(COLUMNS) - 1
SUMS = (
    Column("STT", 6, "center"),
    Column("Đơn vị chủ trì", 50, "text"),
    Column("Tổng số", 11, "center"),
    Column("Đã hoàn thành", 13, "center"),
    Column("Đang thực hiện (trong hạn)", 16, "center"),
    Column("Quá hạn", 11, "center"),
    Column("Không có hạn, thường xuyên", 16, "center"),
    Column("Bị hủy", 10, "center"),
)


class Look(NamedTuple):
    """How a row looks that fulfils a condition: the colours of its deadline and status, and of its ground."""

    condition: str
    mark: str
    ground: str


def write_workbook(tasks: Iterable[TrackedTask], path: Path, *, today: dt.date, site: str | None = None) -> int:
    """Write the table of tasks in the order given, and a sheet with their numbers per lead; how many tasks it holds.

    `today` is the day whose statuses are told; `site` is where docparse serve answers: with it the notes link to the documents. Raises OutputError
    for more tasks than a sheet has rows.
    """
    found = list(tasks)
    if len(found) > MOST_TASKS:
        raise OutputError(str(path), f"cannot hold {len(found)} tasks ({MOST_TASKS} at most)", hint="Choose fewer tasks, or another form.")
    counts = count_tasks(found, today)
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.title = "docparse", TITLE
    book._named_styles["Normal"].font = Font(name=FONT, size=SIZE)  # its figures are the unit of the widths of columns
    for style in styles():
        book.add_named_style(style)
    try:
        _write_tasks(Sheet(book, "Nhiệm vụ", COLUMNS, landscape=True), found, counts, today, site)
        _write_sums(Sheet(book, "Tổng hợp", SUMS), counts, today)
        book.save(path)
    except SerialisationError as error:
        raise OutputError(str(path), f"cannot be written ({error})", hint=REFUSED) from error
    return len(found)


def _write_tasks(sheet: Sheet, tasks: Sequence[TrackedTask], counts: Counts, today: dt.date, site: str | None) -> None:
    overdue = f", trong đó {_number(counts.all['overdue'])} nhiệm vụ quá hạn" if counts.all["overdue"] else ""
    sheet.head(TITLE.upper(), f"(Tính đến ngày {today:%d/%m/%Y}: {_number(len(tasks))} nhiệm vụ{overdue})")
    for number, task in enumerate(tasks, start=1):
        sheet.append(*_row(number, task, today, site))
    last = max(sheet.row, HEADER + 1)
    sheet.filter(last)
    _sign(sheet)
    choice = DataValidation(type="list", formula1=f'"{",".join(labels().values())}"', allow_blank=True, showErrorMessage=True)
    choice.errorTitle, choice.error = "Tình trạng", "Chọn một tình trạng trong danh sách."
    choice.add(f"{_letter('Tình trạng')}{HEADER + 1}:{_letter('Tình trạng')}{last}")
    sheet.sheet.data_validations.append(choice)
    for look in _looks():
        ground = PatternFill("solid", bgColor=look.ground)
        marked = FormulaRule([look.condition], stopIfTrue=True, fill=ground, font=Font(color=look.mark, bold=True))
        plain = FormulaRule([look.condition], stopIfTrue=True, fill=ground)
        sheet.sheet.conditional_formatting.add(f"G{HEADER + 1}:H{last}", marked)  # LibreOffice applies one rule to a cell: no ranges that overlap
        sheet.sheet.conditional_formatting.add(f"A{HEADER + 1}:F{last} I{HEADER + 1}:J{last}", plain)


def _row(number: int, task: TrackedTask, today: dt.date, site: str | None) -> tuple[object, ...]:
    line = task.line
    deadline = _deadline(line)
    confidence = f"Độ tin cậy: {line.confidence:.0%}"
    link = link_to(line, site) if number <= MOST_LINKS else None
    return (
        number,
        line.action[:1].upper() + line.action[1:],
        _source(line),
        line.assigner,
        ";\n".join(line.leads),
        ";\n".join(line.supports),
        deadline,
        labels()[status_of(line, today)],
        _day(line.done_on),
        Link(confidence, link, "Xem trong văn bản") if link else confidence,
        None if isinstance(deadline, dt.date) else _day(line.last_day),
    )


def _deadline(line: TaskLine) -> dt.date | str | None:
    """The day, where it is one; else the recurrence in words, or what the document says."""
    if line.last_day and line.first_day in (None, line.last_day):
        return _day(line.last_day)
    if line.recurrence and not line.last_day:
        words = in_words(line.recurrence)
        return words[:1].upper() + words[1:]
    return squeeze(line.deadline) if line.deadline else None


def _day(day: str | None) -> dt.date | None:
    return dt.date.fromisoformat(day) if day else None


def _source(line: TaskLine) -> str:
    """The document with its title, and where in it the task stands."""
    document = line.document
    named = name_of(document.doc_type, document.number, document.date)
    title = squeeze(document.title or "")
    if len(title) > LONGEST_TITLE:
        title = title[:LONGEST_TITLE].rpartition(" ")[0].rstrip(" ,;:") + "…"
    place = place_in_words(line)
    return f"{named}: {title}\n({place})" if title else f"{named}\n({place})"


def _sign(sheet: Sheet) -> None:
    """Room for those who answer for the table, in one row: programs break pages between rows."""
    by, note = InlineFont(rFont=FONT, sz=SIZE, b=True), InlineFont(rFont=FONT, sz=SIZE, i=True)
    left = CellRichText("\n\n", TextBlock(by, "NGƯỜI LẬP BẢNG\n"), TextBlock(note, "(Ký, ghi rõ họ tên)"))
    day = TextBlock(note, "………, ngày …… tháng …… năm ………\n")
    right = CellRichText("\n", day, TextBlock(by, "THỦ TRƯỞNG ĐƠN VỊ\n"), TextBlock(note, "(Ký, ghi rõ họ tên, đóng dấu)"))
    sheet.spread({(2, 3): left, (7, SHOWN): right}, "signer", height=150)


def _looks() -> tuple[Look, ...]:
    """From the first condition to the last; the day is that of the deadline, or the hidden last one where the deadline is in words."""
    row, known = HEADER + 1, labels()
    status, deadline, hidden = (f"${_letter(name)}{row}" for name in ("Tình trạng", "Thời hạn", "Ngày cuối"))
    day = f"IF(ISNUMBER({deadline}),{deadline},N({hidden}))"
    done = ",".join(f'{status}="{label}"' for label in labels_of("done"))
    return (
        Look(f'{status}="{known["cancelled"]}"', "FF7F7F7F", "FFEDEDED"),
        Look(f"OR({done})", "FF375623", "FFE2EFDA"),
        Look(f'IF({day}>0,{day}<TODAY(),{status}="{known["overdue"]}")', "FFC00000", "FFFDE9E7"),
        Look(f'IF({day}>0,{day}<=TODAY()+{SOON_DAYS},{status}="{known["due_soon"]}")', "FF7F6000", "FFFFF2CC"),
    )


def _letter(name: str) -> str:
    letter: str = get_column_letter([column.name for column in COLUMNS].index(name) + 1)
    return letter


def _write_sums(sheet: Sheet, counts: Counts, today: dt.date) -> None:
    sheet.head(SUMS_TITLE.upper(), f"(Theo đơn vị chủ trì; số liệu lúc xuất tệp, ngày {today:%d/%m/%Y})")
    rows = counts.rows()
    for number, (name, found) in enumerate(rows, start=1):
        sheet.append(number, name, found.total(), *(found[kind] for kind in KINDS))
    sheet.filter(max(sheet.row, HEADER + 1))
    sheet.append(None, "Tổng số nhiệm vụ", counts.all.total(), *(counts.all[kind] for kind in KINDS), style="header")
    if sum(found.total() for _, found in rows) > counts.all.total():
        sheet.append()
        sheet.spread(
            {(1, len(SUMS)): "Nhiệm vụ có nhiều đơn vị chủ trì được tính cho từng đơn vị; dòng tổng tính mỗi nhiệm vụ một lần."}, "note", height=32
        )


def _number(value: int) -> str:
    """A number as Vietnamese texts write it.

    >>> _number(12345)
    '12.345'
    """
    return f"{value:,}".replace(",", ".")
