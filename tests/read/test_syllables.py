import pytest

from docparse.read.syllables import is_syllable, syllable_share, syllables


@pytest.mark.parametrize(
    "word",
    ["tỉnh", "QUYẾT", "Ủy", "uỷ", "hòa", "hoà", "gì", "gìn", "nghiêng", "khuya", "thuở", "quýt", "điên", "ừ", "xoong", "giếng"],
)
def test_syllables_that_can_be(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("quyêt", "a stop takes the tones sắc and nặng only"),
        ("cãc", "and no ngã"),
        ("tĩnhh", "no final hh"),
        ("Cdng", "no vowel"),
        ("QuySt", "capital and small letters of a misread word"),
        ("wifi", "letters that Vietnamese lacks"),
        ("đ", "an initial alone"),
        ("nhândân", "two words whose space was lost"),
        ("h?i", "a lost letter"),
        ("", "nothing"),
    ],
)
def test_syllables_that_cannot_be(word: str, reason: str) -> None:
    assert not is_syllable(word), reason


def test_all_syllables_are_lower_case_and_composed() -> None:
    assert {word for word in syllables() if word != word.lower() or any("\u0300" <= letter <= "\u0323" for letter in word)} == set()


@pytest.mark.parametrize(
    ("text", "share"),
    [("Ủy ban nhân dân", 1.0), ("Ủy ban QuySt dân", 8 / 13), ("12/5, (3)", 0.0), ("", 0.0), ("wifi ban", 3 / 7)],
)
def test_share_counts_letters_not_words(text: str, share: float) -> None:
    assert syllable_share(text) == pytest.approx(share)
