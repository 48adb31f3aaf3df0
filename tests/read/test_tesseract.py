"""What Tesseract answers, as words; the program itself does not run here."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from drawn import BLACK, DPI, paper, written
from hypothesis import given, settings
from hypothesis import strategies as st

from docparse.read import tesseract
from docparse.read.layout import Word
from docparse.read.ocr import RecognisedPage, recognise_pages
from docparse.read.tesseract import Tesseract

Glyphs = list[tuple[str, int, int, int, int]]


def letters(text: str, x: int, top: int, bottom: int) -> Glyphs:
    """Each letter 10 pixels wide."""
    return [(letter, x + 10 * index, top, x + 10 * index + 10, bottom) for index, letter in enumerate(text)]


def hocr_word(glyphs: Glyphs, confidence: int = 90) -> str:
    box = f"{glyphs[0][1]} {min(g[2] for g in glyphs)} {glyphs[-1][3]} {max(g[4] for g in glyphs)}"
    inside = "".join(f"<span class='ocrx_cinfo' title='x_bboxes {x0} {y0} {x1} {y1}; x_conf 95.1'>{text}</span>" for text, x0, y0, x1, y1 in glyphs)
    return f"<span class='ocrx_word' title='bbox {box}; x_wconf {confidence}'>{inside}</span>"


def hocr(*lines: str, kind: str = "ocr_line") -> bytes:
    spans = "".join(f"<span class='{kind}' title='bbox 0 0 900 900; baseline 0 -5; x_size 40'>{line}</span>" for line in lines)
    page = f"<div class='ocr_page'><div class='ocr_carea'><p class='ocr_par'>{spans}</p></div></div>"
    return f"<?xml version='1.0' encoding='UTF-8'?><html xmlns='http://www.w3.org/1999/xhtml'><body>{page}</body></html>".encode()


PLAIN = hocr(hocr_word(letters("Sở", 50, 50, 80)) + hocr_word(letters("Nội", 90, 52, 80), 80) + hocr_word(letters("vụ", 140, 60, 84), 70))

PAGE = written(6)[150:650, :600].copy()


class Program:
    """The program that answers this; keeps how it was called."""

    def __init__(self, patch: pytest.MonkeyPatch, answer: bytes | Exception) -> None:
        self.answer = answer
        patch.setattr(tesseract, "_missing", lambda: None)
        patch.setattr(subprocess, "run", self)

    def __call__(self, command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        self.command, self.options = command, options
        if isinstance(self.answer, Exception):
            raise self.answer
        return subprocess.CompletedProcess(command, 0, self.answer, b"")


Answering = Callable[[bytes | Exception], Program]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    return lambda answer: Program(monkeypatch, answer)


def recognised() -> RecognisedPage:
    (page,) = recognise_pages([0], lambda number, dpi: (PAGE, dpi), engine=Tesseract(seconds=9), jobs=1)
    return page


def answered() -> list[Word]:
    return list(Tesseract(seconds=9).recognise(paper(3, 2), DPI))


def test_words_are_as_high_as_their_line(answering: Answering) -> None:
    answering(PLAIN)
    assert answered() == [Word("Sở", 50, 50, 70, 84, 0.9), Word("Nội", 90, 50, 120, 84, 0.8), Word("vụ", 140, 50, 160, 84, 0.7)]


def test_the_program_gets_the_picture_the_language_and_the_time_out(answering: Answering) -> None:
    program = answering(PLAIN)
    page = paper(3, 2)
    page[1, 2] = BLACK
    list(Tesseract(seconds=9).recognise(page, 199.6))
    assert program.command[:9] == ["tesseract", "-", "-", "-l", "vie", "--psm", "6", "--dpi", "200"]
    assert program.options["input"] == b"P5 3 2 255\n\xff\xff\xff\xff\xff\x00"
    assert (program.options["timeout"], program.options["check"], program.options["env"]["OMP_THREAD_LIMIT"]) == (9, True, "1")  # type: ignore[index]


@pytest.mark.parametrize("kind", ["ocr_line", "ocr_header", "ocr_textfloat", "ocr_caption"])
def test_all_kinds_of_lines_are_read(answering: Answering, kind: str) -> None:
    answering(hocr(hocr_word(letters("Sở", 50, 50, 80)), kind=kind))
    assert [word.text for word in answered()] == ["Sở"]


def test_pictures_are_no_lines(answering: Answering) -> None:
    answering(hocr(hocr_word(letters("Sở", 50, 50, 80)), kind="ocr_photo"))
    assert answered() == []


@pytest.mark.parametrize("empty", ["", hocr_word(letters(" ", 50, 50, 80))])
def test_a_line_without_words_does_not_cost_the_page(answering: Answering, empty: str) -> None:
    answering(hocr(hocr_word(letters("tỉnh", 50, 50, 80)), empty, hocr_word(letters("huyện", 50, 90, 120))))
    assert [word.text for word in answered()] == ["tỉnh", "huyện"]
    assert recognised().failure is None


def test_a_line_as_high_as_two_keeps_the_places_of_its_words(answering: Answering) -> None:
    answering(hocr(hocr_word(letters("trên", 50, 50, 80)) + hocr_word(letters("dưới", 50, 90, 120))))
    assert [(word.top, word.bottom) for word in answered()] == [(50, 80), (90, 120)]


@pytest.mark.parametrize(
    ("digits_top", "capitals", "doubtful"),
    [
        (50, "UBNDTTH", False),
        (52, "UBNDTTH", False),
        (44, "UBNDTTH", True),
        (56, "UBNDTTH", True),
        (44, "JQJQJQJQ", False),
        (44, "U", False),
        (44, "ubndtth", False),
    ],
)
def test_digits_of_another_height_than_the_capitals_are_doubtful(answering: Answering, digits_top: int, capitals: str, doubtful: bool) -> None:
    answering(hocr(hocr_word(letters(capitals, 50, 50, 80)) + hocr_word(letters("47", 200, digits_top, 80))))
    assert [(word.text, word.doubtful) for word in answered()] == [(capitals, False), ("47", doubtful)]


def test_letters_of_another_height_are_not_doubtful(answering: Answering) -> None:
    answering(hocr(hocr_word(letters("UBNDTTH", 50, 50, 80)) + hocr_word(letters("Ủy", 200, 40, 90))))
    assert not any(word.doubtful for word in answered())


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (subprocess.TimeoutExpired("tesseract", 9), "TimeoutExpired: Command 'tesseract' timed out after 9 seconds"),
        (subprocess.CalledProcessError(1, "tesseract"), "CalledProcessError: Command 'tesseract' returned non-zero exit status 1."),
        (b"", "ParseError: no element found: line 1, column 0"),
        (PLAIN[:300], "ParseError: "),
        (PLAIN.replace(b"x_wconf", b"y_wconf"), "RuntimeError: generator raised StopIteration"),
        (PLAIN.replace(b"bbox 50 ", b"bbox "), "ValueError: not enough values to unpack (expected 4, got 3)"),
        (PLAIN.replace(b"x_wconf 90", b"x_wconf much"), "ValueError: could not convert string to float: 'much'"),
    ],
)
def test_damaged_answers_are_failures_of_the_page(answering: Answering, answer: bytes | Exception, failure: str) -> None:
    answering(answer)
    page = recognised()
    assert page.failure is not None
    assert page.failure.startswith(failure)
    assert (page.words, page.size) == ((), None)


@settings(max_examples=25)
@given(
    at=st.integers(0, len(PLAIN)),
    length=st.integers(0, 60),
    put=st.binary(max_size=12) | st.sampled_from([b"0", b"-9", b"1e999", b"<span>", b"nan ", b"&lt;"]),
)
def test_damage_anywhere_never_stops_the_document(at: int, length: int, put: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        Program(patch, PLAIN[:at] + put + PLAIN[at + length :])
        page = recognised()
    assert page.failure is None or page.words == ()
    assert all(word.text for word in page.words)
