import pytest

from docparse.read.plain import opens_by_length, read_plain


def test_empty_line_after_every_line_is_no_paragraph_break() -> None:
    dump = "Sở Tài chính rà soát toàn bộ số liệu của các đơn vị trực thuộc và báo cáo\n\nkết quả về Ủy ban nhân dân tỉnh trước ngày 15/3/2031.\n\n2. Nội dung khác\n\n"
    text = read_plain(dump.encode())
    assert text.content == dump.strip().replace("\n\n", "\n")
    assert [line.opens for line in text.lines] == [True, False, True]


def test_stamps_of_signing_tools_are_left_out() -> None:
    dump = "THÔNG BÁO\nvanthu@tinh.gov.vn\n09.01.2031 10:21:11 +07:00\nNgười ký: Văn phòng\nNội dung"
    assert read_plain(dump.encode()).content == "THÔNG BÁO\nNội dung"


def test_page_numbers_part_pages() -> None:
    page = [f"Dòng {letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    text = read_plain("\n".join([*page, "2", *page, "3", *page]).encode())
    assert [(page.number, text.content[page.start : page.end].count("\n")) for page in text.pages] == [(1, 25), (2, 25), (3, 25)]
    assert "\n2\n" not in text.content


def test_numbers_of_a_table_are_no_page_numbers() -> None:
    lines = ["STT", "1", "Rà soát", "2", "Tổng hợp", "3", "Báo cáo"]
    assert read_plain("\n".join(lines).encode()).content == "\n".join(lines)


def test_form_feeds_part_pages() -> None:
    text = read_plain("một\n1\n\f2\nhai\n\fba".encode())
    assert [text.content[page.start : page.end] for page in text.pages] == ["một", "hai", "ba"]


@pytest.mark.parametrize(
    ("lines", "expected", "why"),
    [
        (["Mỗi đoạn văn một dòng dài tới đâu cũng được.", "Đoạn khác.", "Thêm."], [True, True, True], "nothing was wrapped"),
        (
            ["Các sở, ban, ngành của tỉnh và các địa phương", "phối hợp thực hiện.", "Nội dung báo cáo gồm các phần về kết quả và", "khó khăn."],
            [True, False, True, False],
            "a full line runs on, a short one ends",
        ),
        (
            ["Cùng dự có lãnh đạo các Bộ: Giáo dục và Đào tạo,", "Y tế, Nội vụ,", "Tài chính và đại diện các cơ quan có liên quan", "của tỉnh."],
            [True, False, False, False],
            "after a comma a short line runs on",
        ),
    ],
)
def test_paragraph_starts_in_wrapped_text(lines: list[str], expected: list[bool], why: str) -> None:
    assert opens_by_length(lines) == expected, why
