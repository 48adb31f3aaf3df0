import pytest

from docparse.lexicon import load_rows
from docparse.read.encodings import decode, legacy_encoding, restore

SENTENCE = "Cộng hòa xã hội chủ nghĩa Việt Nam. Độc lập - Tự do - Hạnh phúc. Kế hoạch phân bổ vốn đầu tư của tỉnh"


def in_legacy(text: str, name: str) -> str:
    letters = {row["unicode"]: row["latin1"] for row in load_rows(name)}
    return "".join(letters.get(letter) or letters.get(letter.lower(), letter) for letter in text)


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings_with_and_without_mark(name: str) -> None:
    assert decode(SENTENCE.encode(name)) == (SENTENCE, name)


@pytest.mark.parametrize("name", ["tcvn3", "vni"])
def test_legacy_encodings_are_told_by_content(name: str) -> None:
    text, encoding = decode(in_legacy(SENTENCE, name).encode("latin-1"))
    assert encoding == name
    assert restore(text, encoding) == SENTENCE


def test_windows_1258() -> None:
    assert decode("Vi\u00ea\u0323t Nam".encode("cp1258")) == ("Việt Nam", "cp1258")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (SENTENCE * 3, "Vietnamese in Unicode"),
        ("Le café était fermé à Noël, mais où étaient les élèves? " * 3, "French has Latin-1 letters of its own"),
        ("Danh sách: à, á, ã", "too short to tell"),
    ],
)
def test_what_is_no_legacy_text(text: str, why: str) -> None:
    assert legacy_encoding(text) is None, why


@pytest.mark.parametrize(("line", "expected"), [("CéNG HOµ X· HéI", "CỘNG HOÀ XÃ HỘI"), ("Tù do", "Tự do"), ("ñy ban", "ủy ban")])
def test_tcvn3_capitals(line: str, expected: str) -> None:
    assert restore(line, "tcvn3") == expected
