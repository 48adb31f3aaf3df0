"""What is done around a recogniser, with recognisers that give what the test says."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest
from conftest import CORPUS
from cv2.typing import MatLike
from drawn import DPI, paper, ruled, scanned, written
from hypothesis import given, settings
from hypothesis import strategies as st

from docparse.errors import SettingsError
from docparse.pipeline import parse_file
from docparse.read import ocr, pdf, scan, tesseract
from docparse.read.layout import Word
from docparse.read.ocr import RecognisedPage, load_engine, problems_of, recognise_pages
from docparse.read.pdf import read_pdf
from docparse.record import Problem, Record
from docparse.settings import Settings
from docparse.text import ReadProblem, Text

LETTERHEAD = (
    "UBND TỈNH HÀ TĨNH",
    "SỞ NỘI VỤ",
    "Số: 12/KH-SNV",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Hà Tĩnh, ngày 12 tháng 3 năm 2026",
    "KẾ HOẠCH",
    "Kiểm tra công tác văn thư năm 2026",
)
BODY = ("Thực hiện Chương trình công tác năm, Sở Nội vụ ban hành Kế hoạch", "kiểm tra công tác văn thư, lưu trữ tại các cơ quan, đơn vị trong tỉnh.")


def words(*lines: str, confidence: float = 0.95, doubtful: frozenset[str] = frozenset()) -> list[Word]:
    """The words of lines 40 pixels apart, each letter 10 pixels wide, as a recogniser gives them for the picture of a page of one block."""
    made = []
    for number, line in enumerate(lines):
        x, top = 50, 50 + 40 * number
        for text in line.split():
            made.append(Word(text, x, top, x + 10 * len(text), top + 28, confidence, doubtful=text in doubtful))
            x += 10 * len(text) + 10
    return made


@dataclass
class Dictated:
    """A recogniser that gives these answers one after the other (an exception is raised), the last one again and again."""

    answers: list[list[Word] | Exception]
    pictures: list[MatLike] = field(default_factory=list)

    def recognise(self, image: MatLike, dpi: float) -> Iterable[Word]:
        assert dpi == DPI
        answer = self.answers[min(len(self.pictures), len(self.answers) - 1)]
        self.pictures.append(image)
        if isinstance(answer, Exception):
            raise answer
        return answer


Use = Callable[..., Dictated]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Makes the settings name a recogniser that gives these answers."""

    def dictate(*answers: list[Word] | Exception) -> Dictated:
        engine = Dictated(list(answers))
        monkeypatch.setattr(ocr, "load_engine", lambda settings: engine)
        return engine

    return dictate


def recognised(engine: ocr.Engine, *pages: MatLike, jobs: int = 1) -> list[RecognisedPage]:
    return list(recognise_pages(range(len(pages)), lambda number, dpi: (pages[number], dpi), engine=engine, jobs=jobs))


def texts(page: RecognisedPage) -> list[str]:
    return [word.text for word in page.words]


def read(data: bytes, **settings: object) -> Text:
    return read_pdf(data, filename="scan.pdf", settings=Settings(ocr_jobs=1, **settings))


def parsed(folder: Path, *pages: MatLike) -> Record:
    path = folder / "scan.pdf"
    path.write_bytes(scanned(*pages))
    return parse_file(path, settings=Settings(ocr_jobs=1))


def codes(problems: Iterable[ReadProblem | Problem]) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.page) for problem in problems]


# The recogniser is found by its name


class Reader:
    """A recogniser of another package."""

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds


def test_unknown_recogniser_is_told_with_those_that_are_installed() -> None:
    with pytest.raises(
        SettingsError, match=r"^environment: names the unknown recogniser 'vietocr' in DOCPARSE_OCR_ENGINE \(installed: tesseract\)\."
    ):
        load_engine(Settings(ocr_engine="vietocr"))


def test_unknown_recogniser_matters_where_a_page_needs_one_only() -> None:
    with pytest.raises(SettingsError):
        read(scanned(written()), ocr_engine="vietocr")
    digital = (CORPUS / "documents/qd-ubnd-hue.pdf").read_bytes()
    assert read(digital, ocr_engine="vietocr").origin == "text_layer"


def test_a_recogniser_of_another_package_is_made_with_the_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [EntryPoint("vietocr", f"{__name__}:Reader", ocr.ENGINES)]
    monkeypatch.setattr(EntryPoint, "load", lambda point: Reader)
    monkeypatch.setattr(ocr, "entry_points", lambda group: points if group == ocr.ENGINES else [])
    engine = load_engine(Settings(ocr_engine="vietocr", ocr_seconds=7))
    assert (type(engine), engine.seconds) == (Reader, 7)
    with pytest.raises(SettingsError, match=r"'tesseract' .*\(installed: vietocr\)"):
        load_engine(Settings())


@pytest.fixture
def unknown_tools() -> Iterator[None]:
    """What is installed is asked anew before and after."""
    tesseract._missing.cache_clear()
    yield
    tesseract._missing.cache_clear()


@pytest.mark.usefixtures("unknown_tools")
def test_without_tesseract_the_page_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    text = read(scanned(written()))
    install = "apt-get install tesseract-ocr tesseract-ocr-vie"
    assert text.problems == (
        ReadProblem("ocr_unavailable", f"pages without usable text are not read: the program tesseract is not installed: {install}"),
        ReadProblem("no_text_layer", "the page is a picture without text", 1),
    )
    assert (text.content, len(text.pages)) == ("", 1)


@pytest.mark.usefixtures("unknown_tools")
def test_without_vietnamese_data_this_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(
        subprocess, "run", lambda command, **options: subprocess.CompletedProcess(command, 0, "List of available languages (2):\neng\nosd\n")
    )
    assert read(scanned(written())).problems[0].message == (
        "pages without usable text are not read: tesseract has no Vietnamese data: apt-get install tesseract-ocr tesseract-ocr-vie"
    )


def test_recognition_that_is_switched_off_leaves_the_page_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "load_engine", lambda settings: pytest.fail("a recogniser was loaded"))
    text = read(scanned(written()), ocr=False)
    assert (text.content, codes(text.problems)) == ("", [("no_text_layer", 1)])


def test_a_broken_layer_stays_where_recognition_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "load_engine", lambda settings: pytest.fail("a recogniser was loaded"))
    text = read((CORPUS / "scans/gm-ubnd-phuong.bad-layer-marks.pdf").read_bytes(), ocr=False)
    assert codes(text.problems) == [("broken_text_layer", 1)]
    assert "C?NG H?A X? H?I" in text.content
    assert text.pages[0].origin == "text_layer"


# What is kept of a page


@pytest.mark.parametrize(
    ("text", "confidence", "kept", "reason"),
    [
        ("Sở Nội vụ", 0.9, "Sở Nội vụ", "recognised well"),
        ("Brxtz", 0.9, "Brxtz", "also what is no syllable"),
        ("tỉnh", 0.6, "tỉnh", "recognised badly, but a syllable"),
        ("22/01/2026", 0.6, "22/01/2026", "or a figure"),
        ("Brxtz wqp", 0.6, "", "recognised badly and no word"),
        ("a", 0.6, "", "one letter is no word"),
        ("tỉnh", 0.4, "", "the remains of a seal"),
        ("Số: 4#7/KH-SNV", 0.1, "Số: 4#7/KH-SNV", "the line of the number, whatever is written on it"),
        ("số 12", 0.1, "số 12", "also in small letters"),
        ("Sổng", 0.1, "", "no line of the number"),
        ("tỉnh ,. ' ~", 0.9, "tỉnh", "specks"),
        ("tỉnh ***", 0.9, "tỉnh", "a row of signs"),
        ("tỉnh ./.", 0.9, "tỉnh ./.", "the end of a document"),
        ("- tỉnh", 0.9, "- tỉnh", "a bullet"),
        ("| tỉnh", 0.9, "tỉnh", "the remains of a ruling line"),
        ("quý |V", 0.9, "quý IV", "a numeral with a bar for I"),
    ],
)
def test_noise_is_dropped_and_text_stays(text: str, confidence: float, kept: str, reason: str) -> None:
    (page,) = recognised(Dictated([words(text, confidence=confidence)]), written())
    assert " ".join(texts(page)) == kept, reason


def test_noise_beside_text_is_dropped_by_itself() -> None:
    seal = Word("tỉnh", 500, 50, 540, 78, 0.3)
    (page,) = recognised(Dictated([[*words("Sở Nội vụ"), seal]]), written())
    assert texts(page) == ["Sở", "Nội", "vụ"]


def test_boxes_are_points_of_the_page() -> None:
    (page,) = recognised(Dictated([[Word("tỉnh", 44, 44, 144, 72, 0.9)]]), written())
    (word,) = page.words
    assert page.size == (432.0, 576.0)
    assert (word.x0, word.top) == pytest.approx((150 * 72 / DPI, 178 * 72 / DPI), abs=1)
    assert (word.x1 - word.x0, word.bottom - word.top) == pytest.approx((36.0, 10.08))


def test_a_page_too_large_for_full_resolution_keeps_its_size(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "LARGEST_SIDE", 800)
    use(words(*BODY))
    (page,) = read(scanned(written())).pages
    assert (page.width, page.height) == pytest.approx((432.0, 576.0), abs=1)


def test_words_in_cells_come_with_their_table() -> None:
    engine = Dictated([words(*(f"ô {number}" for number in range(9)))])
    (page,) = recognised(engine, ruled())
    assert [[len(row) for row in table.rows] for table in page.tables] == [[3, 3, 3]]


# Which way a page lies


def test_a_doubtful_page_is_tried_upside_down() -> None:
    engine = Dictated([words("nan ung", confidence=0.5), words("Sở Nội vụ", confidence=0.9)])
    (page,) = recognised(engine, written())
    assert (texts(page), page.rotation, page.confidence) == (["Sở", "Nội", "vụ"], 180, pytest.approx(0.9))
    first, second = engine.pictures
    assert np.array_equal(first > 0, second[::-1, ::-1] > 0)


def test_the_first_reading_stays_where_the_other_is_no_better() -> None:
    engine = Dictated([words("Sở Nội vụ", confidence=0.6), words("Sở Nội", confidence=0.6)])
    (page,) = recognised(engine, written())
    assert (texts(page), page.rotation, len(engine.pictures)) == (["Sở", "Nội", "vụ"], 0, 2)


def test_a_clear_page_is_read_once_and_a_blank_one_not_at_all() -> None:
    engine = Dictated([words("Sở Nội vụ", confidence=0.8)])
    clear, blank = recognised(engine, written(), paper())
    assert (len(engine.pictures), texts(clear), texts(blank), blank.failure, blank.size) == (1, ["Sở", "Nội", "vụ"], [], None, (432.0, 576.0))


@pytest.mark.parametrize(("quarters", "confidence", "rotation"), [(1, 0.9, 90), (1, 0.5, 270), (0, 0.5, 180)])
def test_rotation_adds_up(quarters: int, confidence: float, rotation: int) -> None:
    engine = Dictated([words("nan ung", confidence=confidence), words("Sở Nội vụ")])
    (page,) = recognised(engine, np.ascontiguousarray(np.rot90(written(), quarters)))
    assert (page.rotation, page.size) == (rotation, (432.0, 576.0))


# Pages, in order, each by itself


def test_pages_come_in_order_though_a_later_one_is_done_first() -> None:
    second_done = threading.Event()

    class Overtaking:
        def recognise(self, image: MatLike, dpi: float) -> Iterable[Word]:
            short = image.shape[0] < 500
            if short:
                second_done.set()
            else:
                assert second_done.wait(30)
            return words("trang hai" if short else "trang một")

    first, second = recognised(Overtaking(), written(24), written(6), jobs=2)
    assert (texts(first), texts(second), first.failure) == (["trang", "một"], ["trang", "hai"], None)


def test_an_exception_costs_its_page_only(use: Use, tmp_path: Path) -> None:
    use(words(*LETTERHEAD), subprocess.TimeoutExpired("tesseract", 120), words(*BODY))
    record = parsed(tmp_path, written(), written(), written())
    failed = [problem for problem in record.problems if problem.code == "ocr_failed"]
    assert [(problem.page, problem.message) for problem in failed] == [
        (2, "the page could not be recognised (TimeoutExpired: Command 'tesseract' timed out after 120 seconds); it has no text here")
    ]
    assert [(page.origin, len(page.lines)) for page in record.pages] == [("ocr", 8), (None, 0), ("ocr", 2)]
    assert (record.header.number, record.header.issuer, record.source.text_origin) == ("12/KH-SNV", "Sở Nội vụ", "ocr")
    assert record.text.endswith(BODY[1])


def test_an_exception_while_words_are_given_costs_the_page_too() -> None:
    class Breaking:
        def recognise(self, image: MatLike, dpi: float) -> Iterable[Word]:
            yield from words("Sở Nội vụ")
            raise ValueError("cut off")

    (page,) = recognised(Breaking(), written())
    assert (page.words, page.failure) == ((), "ValueError: cut off")


@pytest.mark.parametrize(
    "strange",
    [
        Word("", 50, 50, 60, 70, 0.9),
        Word("\u200b", 50, 50, 60, 70, 0.9),
        Word("tỉnh", 50, 50, 60, 70, None),
        Word("tỉnh", -900, -900, 9e9, 9e9, 5.0),
        Word("tỉnh", 60, 70, 50, 50, float("nan")),
    ],
)
def test_strange_words_cost_their_page_at_most(strange: Word, monkeypatch: pytest.MonkeyPatch) -> None:
    class Strange:
        def recognise(self, image: MatLike, dpi: float) -> Iterable[Word]:
            return words(*BODY) if image.shape[0] < 500 else [strange]

    monkeypatch.setattr(ocr, "load_engine", lambda settings: Strange())
    text = read(scanned(written(), written(6)))
    assert [text.content[line.start : line.end] for line in text.pages[1].lines] == list(BODY)
    assert {page for _, page in codes(text.problems)} <= {1}


# What the record says of it


def test_problems_name_failed_and_doubtful_pages() -> None:
    pages = [
        RecognisedPage(words("tỉnh", confidence=0.81)),
        RecognisedPage(words("tỉnh", confidence=0.79)),
        RecognisedPage(failure="OSError: x"),
        RecognisedPage(),
    ]
    assert [list(problems_of(number, page)) for number, page in enumerate(pages, start=1)] == [
        [],
        [ReadProblem("ocr_doubtful", "the page was hard to recognise (confidence 0.79); compare it with the picture", 2)],
        [ReadProblem("ocr_failed", "the page could not be recognised (OSError: x); it has no text here", 3)],
        [],
    ]


def test_confidence_is_that_of_the_letters() -> None:
    assert RecognisedPage([Word("a", 0, 0, 1, 1, 0.1), Word("bcd", 0, 0, 1, 1, 0.9)]).confidence == pytest.approx(0.7)
    assert RecognisedPage().confidence == 1.0


def test_lines_of_a_scan_have_confidence_and_boxes(use: Use) -> None:
    use(words(*LETTERHEAD, confidence=0.87))
    text = read(scanned(written()))
    assert text.content == "\n".join(LETTERHEAD)
    assert [line.confidence for line in text.lines] == [pytest.approx(0.87)] * 8
    assert (text.origin, text.pages[0].origin, text.pages[0].rotation) == ("ocr", "ocr", 0)
    assert all(line.box and 0 < line.box.x0 < line.box.x1 < 432 for line in text.lines)
    assert text.problems == ()


def test_a_scan_with_one_digital_page_is_mixed(use: Use) -> None:
    engine = use(words(*BODY))
    text = read((CORPUS / "scans/kh-syt-phu-tho.mixed.pdf").read_bytes())
    assert (text.origin, [page.origin for page in text.pages]) == ("mixed", ["text_layer", "ocr", "text_layer"])
    assert len(engine.pictures) == 1
    assert {line.confidence is None for line in text.pages[0].lines} == {True}


def test_each_page_has_its_rotation_and_its_upright_size(use: Use, tmp_path: Path) -> None:
    use(words(*BODY), words(*BODY), words("nan ung", confidence=0.5), words(*BODY))
    lying = np.ascontiguousarray(np.rot90(written()))
    record = parsed(tmp_path, written(), lying, written())
    assert [(page.rotation, page.width, page.height) for page in record.pages] == [(0, 432.0, 576.0), (90, 432.0, 576.0), (180, 432.0, 576.0)]


def test_corrected_words_are_named_with_their_place_and_what_was_recognised(use: Use, tmp_path: Path) -> None:
    use(
        words(*LETTERHEAD),
        words("Các cơ quan tô chức thực hiện và quan lý hồ sơ,", "thời hạn trước tháng l2 năm 2O26; xem 12//QD-UBNND và ( tô chức )."),
    )
    record = parsed(tmp_path, written(), written())
    found = [problem for problem in record.problems if problem.code == "corrected"]
    assert [(problem.raw, record.text[problem.start : problem.end], problem.page) for problem in found] == [
        ("tô", "tổ", 2),
        ("quan", "quản", 2),
        ("l2", "12", 2),
        ("2O26;", "2026;", 2),
        ("12//QD-UBNND", "12/QĐ-UBND", 2),
        ("tô", "tổ", 2),
    ]
    assert found[0].message == "recognised as 'tô', read as 'tổ'"
    assert found[0].start == record.text.index("tổ")


def test_a_number_that_looks_handwritten_is_null_and_said_so(use: Use, tmp_path: Path) -> None:
    use(words(*LETTERHEAD, doubtful=frozenset({"12/KH-SNV"})))
    record = parsed(tmp_path, written())
    assert (record.header.number, str(record.header.date)) == (None, "2026-03-12")
    assert codes(record.problems) == [("number_unreadable", 1)]


def test_a_broken_layer_is_replaced_where_the_picture_reads_better(use: Use) -> None:
    data = (CORPUS / "scans/gm-ubnd-phuong.bad-layer-marks.pdf").read_bytes()
    use(words(*BODY))
    better = read(data)
    assert (better.origin, codes(better.problems)) == ("ocr", [("broken_text_layer", 1)])
    assert better.problems[0].message.endswith("of its letters are lost; it was read again from its picture")
    use(words("Brxtz wqp", confidence=0.9))
    worse = read(data)
    assert (worse.origin, codes(worse.problems)) == ("text_layer", [("broken_text_layer", 1)])
    assert worse.problems[0].message.endswith("of its letters are lost; its picture gave no better text")
    assert "C?NG H?A X? H?I" in worse.content


def test_a_broken_layer_stays_where_recognition_fails(use: Use) -> None:
    use(OSError("no memory"))
    text = read((CORPUS / "scans/gm-ubnd-phuong.bad-layer-marks.pdf").read_bytes())
    assert codes(text.problems) == [("ocr_failed", 1), ("broken_text_layer", 1)]
    assert "C?NG H?A X? H?I" in text.content


def test_blank_pages_of_a_scan_are_no_problem(use: Use) -> None:
    engine = use(words(*BODY))
    text = read(scanned(written(), paper(), written()))
    assert ([page.origin for page in text.pages], text.problems, len(engine.pictures)) == (["ocr", None, "ocr"], (), 2)


# Whatever the picture


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 1), (1, 1, 3), (40, 30), (300, 200, 3)])
@pytest.mark.parametrize("value", [0, 255])
def test_small_pages_of_one_colour_are_read(shape: tuple[int, ...], value: int) -> None:
    small, good = recognised(Dictated([words("Sở")]), np.full(shape, value, np.uint8), written())
    assert (texts(small), texts(good), good.failure) == ([], ["Sở"], None)


@settings(max_examples=25)
@given(
    height=st.integers(8, 260),
    share=st.floats(0.5, 1.5),
    channels=st.sampled_from([(), (3,)]),
    seed=st.integers(0, 2**32 - 1),
    dark=st.floats(0, 1),
    grain=st.sampled_from([1, 2, 5, 16]),
)
def test_random_pictures_never_stop_the_document(height: int, share: float, channels: tuple[int, ...], seed: int, dark: float, grain: int) -> None:
    random = np.random.default_rng(seed)
    coarse = random.random((height // grain + 1, int(height * share) // grain + 1, *channels)) < dark
    picture = np.where(coarse.repeat(grain, 0).repeat(grain, 1)[:height], random.integers(0, 90), random.integers(120, 256)).astype(np.uint8)
    (page,) = recognised(Dictated([words("Sở Nội vụ", confidence=0.6)]), np.ascontiguousarray(picture))
    assert page.failure is None
    assert page.rotation in (0, 90, 180, 270)
    assert set(texts(page)) <= {"Sở", "Nội", "vụ"}


def test_a_long_strip_is_not_blown_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def angle(grey: MatLike, *, angle_max: float) -> float:
        asked.append(max(grey.shape))
        return 0.0

    monkeypatch.setattr(scan, "get_angle", angle)
    scan.prepare_scan(np.full((40, 4000), 255, np.uint8), DPI)
    assert asked == [720]
