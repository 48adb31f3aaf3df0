from docparse.read.layout import Paragraphs, Word, drop_page_number, in_reading_order, mark_notes, rows_of

HEIGHT = 842.0


def words(line: str, x: float, top: float, *, size: float = 14.0, space: float = 4.0) -> list[Word]:
    """The words of a printed line that begins at x; each letter is 7 points wide."""
    made = []
    for text in line.split():
        made.append(Word(text, x, top, x + 7 * len(text), top + size))
        x = made[-1].x1 + space
    return made


def texts(printed: list[Word]) -> list[str]:
    return [row.text for row in in_reading_order(rows_of(printed))]


def test_letterhead_is_read_column_by_column() -> None:
    printed = [
        *words("UBND TỈNH K", 80, 60),
        *words("CỘNG HÒA XÃ HỘI", 300, 60),
        *words("SỞ NỘI VỤ", 85, 76),
        *words("Độc lập - Tự do", 310, 76),
        *words("Số: /BC-SNV", 85, 105, space=40),
        *words("K, ngày 12", 320, 105),
        *words("BÁO CÁO kết quả năm của cả tỉnh và huyện", 130, 140),
    ]
    assert texts(printed) == [
        "UBND TỈNH K",
        "SỞ NỘI VỤ",
        "Số: /BC-SNV",
        "CỘNG HÒA XÃ HỘI",
        "Độc lập - Tự do",
        "K, ngày 12",
        "BÁO CÁO kết quả năm của cả tỉnh và huyện",
    ]


def test_addressees_below_the_letterhead_are_a_block_of_their_own() -> None:
    printed = [
        *words("SỞ TƯ PHÁP", 80, 60),
        *words("CỘNG HÒA XÃ HỘI", 300, 60),
        *words("Số: 3/STP", 85, 80),
        *words("K, ngày 12", 320, 80),
        *words("Kính gửi:", 150, 120),
        *words("- Ban A;", 230, 136),
    ]
    assert texts(printed) == ["SỞ TƯ PHÁP", "Số: 3/STP", "CỘNG HÒA XÃ HỘI", "K, ngày 12", "Kính gửi:", "- Ban A;"]


def test_signature_block_keeps_the_list_of_recipients_together() -> None:
    printed = [
        *words("và báo cáo kết quả về tỉnh./.", 60, 400),
        *words("Nơi nhận:", 60, 440),
        *words("KT. GIÁM ĐỐC", 330, 440),
        *words("- Như trên;", 60, 455),
        *words("PHÓ GIÁM ĐỐC", 330, 456),
        *words("- Lưu: VT.", 60, 470),
        *words("Trần Văn B", 340, 530),
    ]
    assert texts(printed) == ["và báo cáo kết quả về tỉnh./.", "Nơi nhận:", "- Như trên;", "- Lưu: VT.", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Trần Văn B"]


def test_digits_stamped_one_by_one_stand_together() -> None:
    (row,) = rows_of(
        [Word("Số:", 10, 0, 30, 14), Word("1", 40, 1, 46, 13), Word("0", 46.5, 1, 52, 13), Word("8", 53, 1, 59, 13), Word("/BC", 70, 0, 90, 14)]
    )
    assert row.text == "Số: 108 /BC"


def test_page_numbers_stand_in_the_margins_only() -> None:
    top, bottom = words("2", 300, 40), words("- 3 -", 300, 810)
    inside = words("5", 300, 200)
    assert drop_page_number(rows_of([*top, *inside, *bottom]), HEIGHT) == rows_of(inside)


def test_footnotes_are_marked_and_their_numbers_raised() -> None:
    printed = [*words("Nội dung chính của trang", 60, 100), *words("1 Theo Báo cáo", 60, 700, size=10), *words("của tỉnh.", 60, 712, size=10)]
    marked = mark_notes(rows_of(printed), 14.0, continued=False)
    assert [(row.text, row.note) for row in marked] == [("Nội dung chính của trang", False), ("¹ Theo Báo cáo", True), ("của tỉnh.", True)]


def test_small_type_without_a_mark_is_a_footnote_only_after_an_unfinished_one() -> None:
    rows = rows_of([*words("Nội dung", 60, 100), *words("phần còn lại", 60, 700, size=10)])
    assert [row.note for row in mark_notes(rows, 14.0, continued=False)] == [False, False]
    assert [row.note for row in mark_notes(rows, 14.0, continued=True)] == [False, True]


def test_paragraphs_open_by_indent_and_after_a_short_line() -> None:
    printed = [
        *words("đầu dòng thụt vào rồi viết tiếp cho hết", 96, 100),
        *words("dòng này không thụt và viết cho hết dòng", 60, 118),
        *words("ngắn.", 60, 136),
        *words("Dòng sau một dòng ngắn viết cho hết dòng", 60, 154),
    ]
    rows = rows_of(printed)
    assert Paragraphs().opens(rows) == [True, False, False, True]


def test_a_paragraph_goes_on_over_a_page_break() -> None:
    paragraphs = Paragraphs()
    paragraphs.opens(rows_of(words("một dòng viết cho đến hết chiều rộng", 60, 780)))
    assert paragraphs.opens(rows_of(words("phần còn lại của đoạn văn ở trang sau", 60, 60))) == [False]
