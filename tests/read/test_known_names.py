import pytest

from docparse.read.known_names import known_names, restore_names, spelled
from docparse.read.layout import Word


def restored(text: str) -> str:
    return " ".join(word.text for word in restore_names([Word(word, 0, 0, 1, 1) for word in text.split()]))


@pytest.mark.parametrize(
    ("recognised", "expected"),
    [
        ("UY BAN NHAN DAN", "ỦY BAN NHÂN DÂN"),
        ("SƠ Y TE", "SỞ Y TẾ"),
        ("(SƠ TƯ PHAP),", "(SỞ TƯ PHÁP),"),
        ("BỘ NOI VỤ", "BỘ NỘI VỤ"),
        ("KẾ HOACH", "KẾ HOẠCH"),
        ("QUYẾT ĐINH", "QUYẾT ĐỊNH"),
        ("Giam đốc", "Giám đốc"),
        ("Chủ tich", "Chủ tịch"),
        ("tỉnh Hà Tinh", "tỉnh Hà Tĩnh"),
        ("tỉnh Phu Tho", "tỉnh Phú Thọ"),
        ("TINH BAAC GIANG", "TỈNH BẮC GIANG"),
        ("Tỉnh Đắk Lak", "Tỉnh Đắk Lắk"),
    ],
)
def test_known_names_get_their_accents(recognised: str, expected: str) -> None:
    assert restored(recognised) == expected


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("Thủ trưởng các đơn vị", "another office than Thứ trưởng"),
        ("sở y te", "a name begins with a capital"),
        ("Sở Y tế", "right as it is"),
        ("Tỉnh Bac", "no province has this name alone"),
        ("Tôn Thất Tùng", "a person"),
        ("ông Nguyễn Văn Phong", "a person, not Văn phòng"),
        ("bà Lê Thanh Trà", "a person, not Thanh tra"),
        ("ông Lê Hải Phong", "a person, not Hải Phòng"),
        ("bà Nguyễn Phương An", "a person, not Phương án"),
        ("PHƯỜNG AN KHÊ", "a ward, not PHƯƠNG ÁN"),
        ("Công ăn việc làm", "not Công an"),
    ],
)
def test_what_can_be_right_is_left_alone(printed: str, reason: str) -> None:
    assert restored(printed) == printed, reason


def test_known_names_are_lower_case_words_of_two_and_more() -> None:
    assert {("ủy", "ban", "nhân", "dân"), ("sở", "tư", "pháp"), ("kế", "hoạch"), ("tỉnh", "hà", "tĩnh")} <= set(known_names())
    assert [name for name in known_names() if len(name) < 2 or any(word != word.lower() for word in name)] == []


def test_raw_keeps_what_was_recognised_first() -> None:
    words = [Word("TINH", 0, 0, 1, 1, 0.9, raw="TlNH"), Word("HÀ", 2, 0, 3, 1, 0.8), Word("TINH.", 4, 0, 5, 1, 0.7)]
    assert restore_names(words) == [
        Word("TỈNH", 0, 0, 1, 1, 0.9, raw="TlNH"),
        Word("HÀ", 2, 0, 3, 1, 0.8),
        Word("TĨNH.", 4, 0, 5, 1, 0.7, raw="TINH."),
    ]


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [("TÔ", "tổ", "TỔ"), ("Vê,", "về", "Về,"), ("(tô)", "tổ", "(tổ)"), ("Ơ", "ở", "Ở"), ("“SƠ”", "sở", "“SỞ”")],
)
def test_spelled_keeps_capitals_and_marks(text: str, word: str, expected: str) -> None:
    assert spelled(text, word) == expected
