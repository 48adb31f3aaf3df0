"""The table in which offices follow up tasks, read back: cells, colours, print set-up, sums."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_tasks import PLAN, SITE, task
from openpyxl import load_workbook

from docparse.errors import OutputError
from docparse.export.cells import CUT
from docparse.trackers.files import workbook
from docparse.trackers.files.places import section_in_words
from docparse.trackers.files.statuses import count_tasks, kind_of, labels, labels_of, status_of
from docparse.trackers.files.text_lines import count_lines
from docparse.trackers.files.workbook import write_workbook
from docparse.trackers.tracked import TrackedTask

TODAY = dt.date(2026, 5, 20)
HEADER = ["STT", "Nhiệm vụ", "Căn cứ", "Cơ quan giao", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn", "Tình trạng", "Ngày hoàn thành", "Ghi chú"]


def written(tmp_path: Path, *tasks: TrackedTask, site: str | None = None) -> Any:
    path = tmp_path / "tasks.xlsx"
    assert write_workbook(iter(tasks), path, today=TODAY, site=site) == len(tasks)
    return load_workbook(path)


def values(sheet: Any, row: int) -> list[Any]:
    return [cell.value for cell in sheet[row]]


def xml(tmp_path: Path, name: str) -> str:
    with zipfile.ZipFile(tmp_path / "tasks.xlsx") as archive:
        return archive.read(name).decode()


def test_a_row(tmp_path: Path) -> None:
    made = task(
        "rà soát ổ dịch",
        supports=("Sở Tài chính", "UBND các xã"),
        deadline="trước ngày\n30/6/2026",
        last_day="2026-06-30",
        progress="done",
        done_on="2026-06-02",
    )
    sheet = written(tmp_path, made).worksheets[0]
    assert values(sheet, 4)[:10] == HEADER
    assert values(sheet, 5) == [
        1,
        "Rà soát ổ dịch",
        "Kế hoạch số 47/KH-SYT ngày 12/3/2026: Phòng, chống dịch bệnh năm 2026\n(mục II.1, trang 2)",
        "Sở Y tế",
        "Trung tâm Y tế khu vực Việt Trì",
        "Sở Tài chính;\nUBND các xã",
        dt.datetime(2026, 6, 30),
        "Hoàn thành đúng hạn",
        dt.datetime(2026, 6, 2),
        "Độ tin cậy: 85%",
        None,
    ]
    assert {sheet.cell(5, column).number_format for column in (7, 9, 11)} == {"dd/mm/yyyy"}


def test_title_and_signatures(tmp_path: Path) -> None:
    sheet = written(tmp_path, task(), task(number=2, last_day="2026-05-19")).worksheets[0]
    assert sheet["A1"].value == "BẢNG THEO DÕI THỰC HIỆN NHIỆM VỤ ĐƯỢC GIAO"
    assert sheet["A2"].value == "(Tính đến ngày 20/05/2026: 2 nhiệm vụ, trong đó 1 nhiệm vụ quá hạn)"
    assert sheet["B7"].value.strip() == "NGƯỜI LẬP BẢNG\n(Ký, ghi rõ họ tên)"
    assert sheet["G7"].value.strip() == "………, ngày …… tháng …… năm ………\nTHỦ TRƯỞNG ĐƠN VỊ\n(Ký, ghi rõ họ tên, đóng dấu)"
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A1:J1", "A2:J2", "B7:C7", "G7:J7"}
    assert sheet.max_row == 7


@pytest.mark.parametrize(
    ("times", "shown", "hidden"),
    [
        ({"first_day": "2026-05-31", "last_day": "2026-05-31", "deadline": "ngày 31/5"}, dt.datetime(2026, 5, 31), None),
        ({"first_day": "2026-05-01", "last_day": "2026-05-31", "deadline": "tháng\n5/2026"}, "tháng 5/2026", dt.datetime(2026, 5, 31)),
        ({"first_day": "2026-05-01", "deadline": "từ ngày 01/5/2026"}, "từ ngày 01/5/2026", None),
        ({"recurrence": "FREQ=WEEKLY;BYDAY=TH", "deadline": "trước thứ Năm hằng tuần"}, "Thứ Năm hằng tuần", None),
        ({"recurrence": "FREQ=YEARLY;BYWEEKNO=3", "deadline": "tuần thứ ba"}, "FREQ=YEARLY;BYWEEKNO=3", None),
        ({"deadline": "theo yêu cầu"}, "theo yêu cầu", None),
        ({}, None, None),
    ],
)
def test_deadlines(tmp_path: Path, times: dict[str, str], shown: object, hidden: object) -> None:
    sheet = written(tmp_path, task(**times)).worksheets[0]
    assert (sheet["G5"].value, sheet["K5"].value) == (shown, hidden)
    assert sheet.column_dimensions["K"].hidden


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"last_day": "2026-05-19"}, "overdue"),
        ({"last_day": "2026-05-19", "progress": "doing"}, "overdue"),
        ({"last_day": "2026-05-20"}, "due_soon"),
        ({"last_day": "2026-05-27"}, "due_soon"),
        ({"last_day": "2026-05-28"}, "not_started"),
        ({"last_day": "2026-05-28", "progress": "open"}, "not_started"),
        ({"last_day": "2026-05-28", "progress": "doing"}, "in_progress"),
        ({"progress": "doing"}, "in_progress"),
        ({"first_day": "2026-05-01"}, "not_started"),
        ({}, "no_deadline"),
        ({"recurrence": "FREQ=MONTHLY"}, "recurring"),
        ({"last_day": "2026-05-19", "progress": "done", "done_on": "2026-05-19"}, "done_on_time"),
        ({"last_day": "2026-05-19", "progress": "done", "done_on": "2026-05-20"}, "done_late"),
        ({"last_day": "2026-05-19", "progress": "done"}, "done"),
        ({"progress": "done", "done_on": "2026-05-20"}, "done_on_time"),
        ({"recurrence": "FREQ=MONTHLY", "progress": "done", "done_on": "2026-05-20"}, "done"),
        ({"last_day": "2026-05-19", "progress": "cancelled"}, "cancelled"),
    ],
)
def test_statuses(about: dict[str, str], expected: str) -> None:
    assert status_of(task(**about).line, TODAY) == expected


def test_status_is_chosen_from_a_list(tmp_path: Path) -> None:
    sheet = written(tmp_path, task(), task(number=2)).worksheets[0]
    (choice,) = sheet.data_validations.dataValidation
    assert (choice.type, str(choice.sqref)) == ("list", "H5:H6")
    assert choice.formula1.strip('"').split(",") == list(labels().values())
    assert len(choice.formula1) <= 257  # Excel takes 255 characters and the quotation marks
    assert {kind_of(status) for status in labels()} == {"done", "running", "overdue", "undated", "cancelled"}


def test_colours_follow_status_and_day(tmp_path: Path) -> None:
    sheet = written(tmp_path, task(), task(number=2)).worksheets[0]
    rules = {
        str(found.sqref): [(rule.formula[0], rule.stopIfTrue, rule.dxf.fill.bgColor.rgb) for rule in found.rules]
        for found in sheet.conditional_formatting
    }
    day = "IF(ISNUMBER($G5),$G5,N($K5))"
    expected = [
        ('$H5="Bị hủy"', True, "FFEDEDED"),
        ('OR($H5="Hoàn thành đúng hạn",$H5="Hoàn thành quá hạn",$H5="Đã hoàn thành")', True, "FFE2EFDA"),
        (f'IF({day}>0,{day}<TODAY(),$H5="Quá hạn")', True, "FFFDE9E7"),
        (f'IF({day}>0,{day}<=TODAY()+7,$H5="Sắp đến hạn")', True, "FFFFF2CC"),
    ]
    assert rules == {"G5:H6": expected, "A5:F6 I5:J6": expected}
    assert labels_of("done") == ("Hoàn thành đúng hạn", "Hoàn thành quá hạn", "Đã hoàn thành")


def test_print_set_up(tmp_path: Path) -> None:
    tasks, sums = written(tmp_path, task(), task(number=2)).worksheets
    assert (tasks.page_setup.orientation, sums.page_setup.orientation) == ("landscape", "portrait")
    for sheet in (tasks, sums):
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (9, 1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.oddFooter.center.text == "Trang &P/&N"
        assert sheet.freeze_panes == "C5"
    assert (tasks.auto_filter.ref, sums.auto_filter.ref) == ("A4:J6", "A4:H5")


def test_rows_are_as_high_as_their_texts(tmp_path: Path) -> None:
    written(tmp_path, task("báo cáo", section=(), document=replace(PLAN, title=None)), task("rà soát danh sách " * 60))
    rows = re.findall(r'<row r="([56])" ht="([\d.]+)"( customHeight="1")?', xml(tmp_path, "xl/worksheets/sheet1.xml"))
    assert rows == [("5", "45", ""), ("6", "285", "")]  # no height of their own: Excel finds it anew when somebody edits the row


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 1),
        ("Sở Y tế", 1),
        ("a\n\nb", 3),
        ("m" * 100, 8),
        ("i" * 100, 3),
        ("một hai ba bốn năm sáu bảy", 2),
        ("Thủ tướng Chính phủ " + "x" * 60, 4),
    ],
)
def test_lines_of_a_text(text: str, lines: int) -> None:
    assert count_lines(text, 24, 11) == lines


def test_texts_do_not_run(tmp_path: Path) -> None:
    hostile = task(
        "=1+1",
        document=replace(PLAN, title="_x0041_\x0b=2", number="=3", doc_type="@kế hoạch"),
        leads=("#N/A", "-4"),
        supports=("＝5",),
        assigner="+6",
        deadline="=HYPERLINK(1)",
        agencies=(("so-a", '=cmd|"x"!A1', "#N/A"), ("#REF!",)),
    )
    book = written(tmp_path, hostile, task("x" * 40_000, number=2), site=SITE)
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} == {"n", "s"}  # no "f", no "e"
    sheet, sums = book.worksheets
    assert [sheet.cell(5, column).value for column in (2, 4, 5, 6, 7)] == ["=1+1", "+6", "#N/A;\n-4", "＝5", "=HYPERLINK(1)"]
    assert [sheet.cell(5, column).quotePrefix for column in (2, 4, 5, 6, 7)] == [True, True, False, True, True]
    assert sheet["C5"].value == "@kế hoạch số =3 ngày 12/3/2026: _x005F_x0041_ =2\n(mục II.1, trang 2)"  # which programs show as _x0041_
    assert sheet["B6"].value.endswith(CUT)
    assert len(sheet["B6"].value) == 32_767
    assert sorted(sums.cell(row, 2).value for row in (5, 6, 7)) == ["#REF!", '=cmd|"x"!A1', "Trung tâm Y tế khu vực Việt Trì"]
    for name in ("sheet1", "sheet2"):
        assert "<f>" not in xml(tmp_path, f"xl/worksheets/{name}.xml").replace("</formula", "")


def test_links_lead_to_the_site_only(tmp_path: Path) -> None:
    hostile = task("http://evil.example.vn", leads=("https://evil.example.vn",))
    assert [cell.hyperlink for row in written(tmp_path, hostile).worksheets[0].iter_rows() for cell in row if cell.hyperlink] == []
    sheet = written(tmp_path, hostile, site=f"{SITE}/").worksheets[0]
    links = {cell.coordinate: cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert {place: (link.target, link.tooltip) for place, link in links.items()} == {
        "J5": ("https://van-ban.example.vn/documents/7?finding=task-0#page-2", "Xem trong văn bản")
    }


def test_more_links_than_excel_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_LINKS", 1)
    sheet = written(tmp_path, task(), task(number=2), site=SITE).worksheets[0]
    assert [sheet[f"J{row}"].hyperlink is not None for row in (5, 6)] == [True, False]
    assert sheet["J6"].value == "Độ tin cậy: 85%"


def test_sums(tmp_path: Path) -> None:
    department = (("so-tai-chinh.phu-tho", "Sở Tài chính tỉnh Phú Thọ", "Sở Tài chính"),)
    made = [
        task(number=1, leads=("Sở Tài chính",), agencies=department, last_day="2026-05-19"),
        task(
            number=2,
            leads=("sở TC", "các xã"),
            agencies=(("so-tai-chinh.phu-tho", "Sở Tài chính tỉnh Phú Thọ", "sở TC"), ("các xã",)),
            progress="done",
        ),
        task(number=3, leads=("Các  xã", "các xã"), last_day="2026-12-31"),
        task(number=4, leads=("Đài Truyền hình",), progress="cancelled"),
        task(number=5, leads=("Ủy ban nhân dân xã",)),
        task(number=6, leads=(), recurrence="FREQ=MONTHLY"),
    ]
    sheet = written(tmp_path, *made).worksheets[1]
    assert sheet["A2"].value == "(Theo đơn vị chủ trì; số liệu lúc xuất tệp, ngày 20/05/2026)"
    assert [values(sheet, row) for row in range(4, 11)] == [
        ["STT", "Đơn vị chủ trì", "Tổng số", "Đã hoàn thành", "Đang thực hiện (trong hạn)", "Quá hạn", "Không có hạn, thường xuyên", "Bị hủy"],
        [1, "Các xã", 2, 1, 1, 0, 0, 0],
        [2, "Sở Tài chính tỉnh Phú Thọ", 2, 1, 0, 1, 0, 0],
        [3, "Đài Truyền hình", 1, 0, 0, 0, 0, 1],
        [4, "Ủy ban nhân dân xã", 1, 0, 0, 0, 1, 0],
        [5, "Chưa rõ đơn vị chủ trì", 1, 0, 0, 0, 1, 0],
        [None, "Tổng số nhiệm vụ", 6, 1, 1, 1, 2, 1],
    ]
    assert sheet["A12"].value == "Nhiệm vụ có nhiều đơn vị chủ trì được tính cho từng đơn vị; dòng tổng tính mỗi nhiệm vụ một lần."
    assert count_tasks(made, TODAY).all == {"overdue": 1, "done": 1, "running": 1, "cancelled": 1, "undated": 2}


def test_no_note_where_the_sums_add_up(tmp_path: Path) -> None:
    sheet = written(tmp_path, task()).worksheets[1]
    assert (values(sheet, 6)[1:3], sheet.max_row) == (["Tổng số nhiệm vụ", 1], 6)


def test_no_tasks(tmp_path: Path) -> None:
    tasks, sums = written(tmp_path).worksheets
    assert tasks["A2"].value == "(Tính đến ngày 20/05/2026: 0 nhiệm vụ)"
    assert (tasks.auto_filter.ref, sums["C5"].value) == ("A4:J5", 0)


def test_too_many_tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_TASKS", 1)
    with pytest.raises(OutputError, match=r"cannot hold 2 tasks \(1 at most\)"):
        write_workbook([task(), task(number=2)], tmp_path / "tasks.xlsx", today=TODAY)
    assert list(tmp_path.iterdir()) == []


def test_long_titles_end_in_a_mark(tmp_path: Path) -> None:
    sheet = written(tmp_path, task(document=replace(PLAN, title="Phòng, chống dịch bệnh " * 10))).worksheets[0]
    assert sheet["C5"].value == (
        "Kế hoạch số 47/KH-SYT ngày 12/3/2026: Phòng, chống dịch bệnh Phòng, chống dịch bệnh Phòng, chống dịch bệnh Phòng, chống dịch bệnh "
        "Phòng, chống dịch bệnh…\n(mục II.1, trang 2)"
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), ""),
        (("II", "1", "1.2", "a"), "mục II.1.2.a"),
        (("2", "2.1", "2.1.3"), "mục 2.1.3"),
        (("Điều 5", "1", "a"), "Điều 5, khoản 1, điểm a"),
        (("Chương II", "Điều 5"), "Chương II, Điều 5"),
        (("Điều 1", "III", "2"), "Điều 1, mục III.2"),
    ],
)
def test_sections(path: tuple[str, ...], expected: str) -> None:
    assert section_in_words(path) == expected
