import unicodedata

import pytest

from docparse.read.quality import accented_share, readability, what_is_broken

GOOD = "Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc. Ủy ban nhân dân tỉnh báo cáo kết quả thực hiện nhiệm vụ năm 2026. "
PLAIN = "Cong hoa xa hoi chu nghia Viet Nam, Doc lap - Tu do - Hanh phuc. Uy ban nhan dan tinh bao cao ket qua. "
TCVN3 = "Céng hoµ x· héi chñ nghÜa ViÖt Nam, §éc lËp - Tù do - H¹nh phóc, kÕ ho¹ch cña tØnh vÒ viÖc thùc hiÖn. "
ENGLISH = "The committee shall report the outcome of this meeting to the members within thirty days of its closing. "


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (PLAIN * 3, "0% of its letters are accented"),
        (ENGLISH * 3, "0% of its letters are accented"),
        ("C?ng hòa xã h?i ch? nghĩa Vi?t Nam " * 12, "13% of its letters are lost"),
        ("C(cid:9)ng hòa xã h(cid:9)i chủ nghĩa Việt Nam " * 10, "6% of its letters are lost"),
        ("C\ufffdng hòa xã hội chủ nghĩa Việt Nam " * 10, "4% of its letters are lost"),
        ("Cộnghòaxãhộichủnghĩa ViệtNam nămnay " * 10, "0% of its letters stand in Vietnamese syllables"),
        ("Ủy bân nhdnn dđnn tlnhh xđđ hộii chủủ " * 10, "17% of its letters stand in Vietnamese syllables"),
    ],
)
def test_broken_layers_are_told(text: str, reason: str) -> None:
    assert what_is_broken(text) == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD * 3, "readable"),
        (unicodedata.normalize("NFD", GOOD * 3), "readable, marks by themselves"),
        (TCVN3 * 4, "a legacy font, which is read as what it means"),
        (GOOD * 3 + "Có đúng không? Vì sao?", "questions"),
        (GOOD * 3 + " Email: van.phong@example.vn, wifi, website", "a few foreign words"),
        (PLAIN, "too short to tell"),
        ("C?ng h?a x? h?i", "too short to tell"),
        ("1.234.567 89,5% (12/5) " * 40, "figures"),
        ("", "nothing"),
    ],
)
def test_good_and_short_layers_are_not_broken(text: str, reason: str) -> None:
    assert what_is_broken(text) is None, reason


def test_share_of_accents_needs_enough_letters() -> None:
    assert accented_share("ấn" * 99) is None
    assert accented_share("ấn" * 100) == 0.5
    assert accented_share(unicodedata.normalize("NFD", "ấn" * 100)) == 0.5


def test_a_good_reading_beats_a_broken_one() -> None:
    readings = [GOOD, GOOD.replace("ộ", "?"), PLAIN, ENGLISH, ""]
    assert sorted(readings, key=readability, reverse=True)[:2] == readings[:2]
    assert [readability(text) for text in readings[2:]] == [0.0, 0.0, 0.0]
