"""The picture of a page made ready for recognition, on drawn pages and on pages of the corpus."""

import cv2
import numpy as np
import pypdfium2
import pytest
from conftest import CORPUS
from cv2.typing import MatLike
from drawn import BLACK, DPI, HEIGHT, WHITE, WIDTH, coloured, paper, ruled, turned, write, written

from docparse.read import scan
from docparse.read.scan import INK, Rule, Scan, letters, prepare_scan

RED = (40, 40, 220)  # blue, green, red


def ink(grey: MatLike) -> MatLike:
    return grey < INK


def quarter_turned(page: MatLike, quarters: int) -> MatLike:
    """Turned counter-clockwise by quarters."""
    return np.ascontiguousarray(np.rot90(page, quarters))


@pytest.fixture(scope="module")
def printed() -> MatLike:
    """A page with a letterhead, a title and running text."""
    document = pypdfium2.PdfDocument(CORPUS / "documents/kh-syt-phu-tho.printed.pdf")
    return cv2.cvtColor(document[0].render(scale=DPI / 72).to_numpy(), cv2.COLOR_BGR2GRAY)


@pytest.mark.parametrize("quarters", [1, 3])
def test_lines_that_run_down_lie_sideways(printed: MatLike, quarters: int) -> None:
    assert scan.is_sideways(quarter_turned(printed, quarters), DPI)
    assert scan.is_sideways(quarter_turned(written(), quarters), DPI)


@pytest.mark.parametrize(
    "page", [written(), quarter_turned(written(), 2), written(6), ruled((100, 350, 600, 850, 1100), tuple(range(100, 1500, 90)))]
)
def test_upright_pages_and_tables_do_not_lie_sideways(page: MatLike) -> None:
    assert letters(page, DPI).number > scan.ENOUGH_LETTERS
    assert not scan.is_sideways(page, DPI)


def test_few_letters_do_not_tell_how_a_page_lies() -> None:
    page = paper()
    write(page, "Lu hu VT", 500, 500)
    assert not scan.is_sideways(quarter_turned(page, 1), DPI)


@pytest.mark.parametrize(("quarters", "rotation"), [(0, 0), (1, 90), (2, 0), (3, 90)])
def test_sideways_pages_are_turned_and_their_sides_change(quarters: int, rotation: int) -> None:
    made = prepare_scan(quarter_turned(written(), quarters), DPI)
    assert (made.rotation, made.image.shape, made.size) == (rotation, (HEIGHT, WIDTH), (432.0, 576.0))


@pytest.mark.parametrize("degrees", [1.6, -2.2])
def test_skew_is_found(printed: MatLike, degrees: float) -> None:
    for page in (printed, written()):
        assert scan.find_skew(turned(page, degrees)) == pytest.approx(degrees, abs=0.2)


def test_a_straightened_page_is_as_before_it_leaned() -> None:
    page = written()
    straight = scan.straightened(turned(page, 3.0), 3.0)
    assert (ink(straight) & ink(page)).sum() > 0.9 * ink(page).sum()


def test_straight_pages_and_those_that_lean_too_far_are_not_turned(printed: MatLike) -> None:
    assert [scan.find_skew(page) for page in (printed, written(), turned(printed, 8.0), paper())] == [0, 0, 0, 0]


def test_red_seal_goes_and_black_text_under_it_stays() -> None:
    text, seal = written(), coloured(paper())
    cv2.circle(seal, (500, 600), 120, RED, 8)
    cv2.circle(seal, (500, 600), 60, RED, -1)
    cleaned = scan.without_seals(np.minimum(seal, coloured(text)), DPI)
    assert ink(cv2.cvtColor(seal, cv2.COLOR_BGR2GRAY)).sum() > 10_000
    assert np.array_equal(ink(cleaned), ink(text))


def test_small_red_letters_stay() -> None:
    page = coloured(paper())
    write(page, "HOA TOC", 300, 300, RED)
    assert np.array_equal(scan.without_seals(page, DPI), cv2.cvtColor(page, cv2.COLOR_BGR2GRAY))
    assert letters(prepare_scan(page, DPI).image, DPI).number >= 5


def test_blue_ink_stays() -> None:
    page = coloured(paper())
    cv2.circle(page, (500, 600), 120, (220, 40, 40), 8)
    assert np.array_equal(scan.without_seals(page, DPI), cv2.cvtColor(page, cv2.COLOR_BGR2GRAY))


def test_black_border_and_punch_hole_at_the_edge_go() -> None:
    page = written()
    page[:30] = page[-25:] = BLACK
    page[:, :30] = page[:, -40:] = BLACK
    cv2.circle(page, (30, 800), 50, BLACK, -1)
    assert np.array_equal(scan.without_border(page), written())


def test_text_that_runs_to_the_edge_stays() -> None:
    page = written(x=-5)
    assert np.array_equal(scan.without_border(page), page)


def test_specks_go_and_dots_of_letters_stay() -> None:
    page = written()
    write(page, "i . : ;", 200, 1400)
    dirty = page.copy()
    dirty[40:160:12, 20:1180:20] = BLACK
    dirty[1450:1550:25, 20:1180:20] = dirty[1451:1551:25, 20:1180:20] = BLACK
    assert np.array_equal(scan.without_dirt(dirty, DPI)[0], page)


def test_ruling_lines_are_taken_and_letters_are_not() -> None:
    page = paper()
    for number in range(3):
        write(page, f"o {number}", 200, 265 + 100 * number)
    words = page.copy()
    for y in (200, 300, 400, 500):
        page[y - 1 : y + 2, 150:1051] = BLACK
    for x in (151, 600, 1049):
        page[200:501, x - 1 : x + 2] = BLACK
    drawn = [
        Rule(150, 199, 1051, 202),
        Rule(150, 199, 153, 502),
        Rule(150, 299, 1051, 302),
        Rule(150, 399, 1051, 402),
        Rule(150, 499, 1051, 502),
        Rule(599, 199, 602, 502),
        Rule(1048, 199, 1051, 502),
    ]
    assert np.abs(np.subtract(sorted(scan.take_rules(page, DPI)), drawn)).max() <= 1
    assert np.array_equal(page, words)


def test_a_broken_rule_is_one_rule() -> None:
    page = paper()
    page[300:303, 200:400] = page[300:303, 408:700] = BLACK
    assert list(scan.take_rules(page, DPI)) == [Rule(200, 300, 700, 303)]
    assert page.min() == WHITE


def test_text_has_no_ruling_lines_and_no_drawings(printed: MatLike) -> None:
    page = written()
    write(page, "LLLL HHHH IIII |||| ----", 150, 1400)
    assert list(scan.take_rules(page, DPI)) == []
    assert np.array_equal(scan.without_dirt(page, DPI)[0], page)
    lines = list(scan.take_rules(printed.copy(), DPI))
    assert {rule.x1 - rule.x0 > 5 * (rule.y1 - rule.y0) for rule in lines} == {True}  # the lines under the motto and the title
    assert len(lines) <= 3


def test_blank_page_with_specks_is_blank_and_a_short_line_is_not() -> None:
    page = paper()
    page[60:1540:97, 50:1150:61] = BLACK
    assert prepare_scan(page, DPI).is_blank
    write(page, "Noi nhan: Luu VT", 200, 700)
    assert not prepare_scan(page, DPI).is_blank


@pytest.mark.parametrize("pale", [120, 180, 200])
def test_pale_text_is_made_as_dark_as_black_text(pale: int) -> None:
    page, black = written(ink=pale), written()
    even = scan.even_lighting(page, DPI)
    assert even.min() == 0
    assert even.max() == WHITE
    assert ink(even).sum() == pytest.approx(ink(black).sum(), rel=0.01)


def test_shadow_goes_and_black_text_keeps_its_strokes() -> None:
    shadow = np.linspace(0.5, 1.0, WIDTH)[None, :]
    shaded = (written() * shadow).astype(np.uint8)
    assert ink(shaded).sum() > 2 * ink(written()).sum()
    assert ink(scan.even_lighting(shaded, DPI)).sum() == pytest.approx(ink(written()).sum(), rel=0.03)


def test_large_scribble_goes_and_text_stays() -> None:
    page = written()
    points = [(400 + round(200 * np.sin(step / 3)), 1350 + round(90 * np.cos(step / 2))) for step in range(40)]
    cv2.polylines(page, [np.array(points)], False, BLACK, 4)
    assert np.array_equal(scan.without_dirt(page, DPI)[0], written())


def test_a_page_turned_over_is_the_same_after_two_turns() -> None:
    image = np.arange(12, dtype=np.uint8).reshape(3, 4)
    once = Scan(image, DPI, 270, 0.3, (Rule(0, 1, 3, 2),), letters=99).turned_over()
    assert (once.image.tolist(), once.rotation, once.rules) == (image[::-1, ::-1].tolist(), 90, (Rule(1, 1, 4, 2),))
    twice = once.turned_over()
    assert (twice.image.tolist(), twice.rotation, twice.skew, twice.rules) == (image.tolist(), 270, 0.3, (Rule(0, 1, 3, 2),))
