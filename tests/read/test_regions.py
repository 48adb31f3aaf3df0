"""The parts of a page and their way into one picture and back."""

import numpy as np
import pytest
from drawn import BLACK, DPI, paper, ruled, write, written

from docparse.read.layout import Word
from docparse.read.regions import Region, Stack, stack_regions
from docparse.read.scan import INK, POINTS, WHITE, Scan, prepare_scan
from docparse.read.tables import RuledTable
from docparse.text import Box

SCALE = POINTS / DPI


def scan_of(image: np.ndarray) -> Scan:
    return Scan(image, DPI, 0, 0.0, (), letters=99)


def stacked(image: np.ndarray, *tables: RuledTable) -> Stack:
    stack = stack_regions(scan_of(image), tables)
    assert stack is not None
    return stack


def table(*rows: tuple[Box | None, ...]) -> RuledTable:
    cells = [cell for row in rows for cell in row if cell]
    return RuledTable(Box(cells[0].x0, cells[0].top, max(c.x1 for c in cells), max(c.bottom for c in cells)), rows)


def cell(x0: int, top: int, x1: int, bottom: int) -> Box:
    """A cell from its place in pixels."""
    return Box(x0 * SCALE, top * SCALE, x1 * SCALE, bottom * SCALE)


def ink_box(image: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(image < INK)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def test_running_text_is_one_region_without_its_margins() -> None:
    page = written()
    (region,) = stacked(page).regions
    x0, top, x1, bottom = ink_box(page)
    assert (region.x, region.y) == (x0, top)
    assert np.array_equal(region.image, page[top:bottom, x0:x1])


def test_two_columns_are_two_regions() -> None:
    left, right = paper(), paper()
    for line in range(10):
        write(left, "Uy ban nhan dan", 100, 200 + 40 * line)
        write(right, "Cong hoa xa hoi", 700, 214 + 40 * line)
    regions = stacked(np.minimum(left, right)).regions
    assert [(region.x, region.y) for region in regions] == [ink_box(side)[:2] for side in (left, right)]
    assert [region.image.shape for region in regions] == [(b - t, r - x) for x, t, r, b in (ink_box(left), ink_box(right))]


def test_words_with_usual_spaces_and_lines_of_a_paragraph_are_not_parted() -> None:
    page = paper()
    write(page, "Uy ban", 100, 200)
    write(page, "nhan dan", 235, 200)
    write(page, "tinh", 100, 245)
    assert len(stacked(page).regions) == 1


def test_a_region_holds_nothing_of_another_whose_rectangle_it_shares() -> None:
    around, inside = paper(), paper()
    around[200:206, 200:900] = around[200:700, 200:206] = BLACK
    inside[400:430, 500:530] = BLACK
    first, second = stacked(np.minimum(around, inside)).regions
    assert np.array_equal(first.image, around[200:700, 200:900])
    assert (second.x, second.y, second.image.shape) == (500, 400, (30, 30))


def test_cells_become_regions_and_text_around_the_table_too() -> None:
    page = paper()
    write(page, "Bang 1", 150, 100)
    for x in (150, 450):
        for y in (200, 300):
            page[y + 30 : y + 60, x + 20 : x + 60] = BLACK
    write(page, "Ghi chu", 150, 600)
    grid = table(*(tuple(cell(x, y, x + 300, y + 100) for x in (150, 450)) for y in (200, 300)))
    regions = stacked(page, grid).regions
    assert [(region.x, region.y) for region in regions[1:5]] == [(170, 230), (470, 230), (170, 330), (470, 330)]
    assert [region.image.shape for region in regions[1:5]] == [(30, 40)] * 4
    assert regions[0].y < 200 < 500 < regions[5].y
    assert len(regions) == 6


def test_empty_and_covered_cells_give_no_region() -> None:
    page = paper()
    page[230:260, 170:210] = BLACK
    grid = table((cell(150, 200, 450, 300), None), (cell(150, 300, 450, 400), cell(450, 300, 750, 400)))
    assert [(region.x, region.y) for region in stacked(page, grid).regions] == [(170, 230)]


def test_a_drawn_table_is_read_cell_by_cell() -> None:
    from docparse.read.tables import line_edge, ruled_tables

    scan = prepare_scan(ruled(), DPI)
    tables = ruled_tables([line_edge(Box(*(side * SCALE for side in rule))) for rule in scan.rules], *scan.size)
    assert [[len(row) for row in found.rows] for found in tables] == [[3, 3, 3]]
    stack = stack_regions(scan, tables)
    assert stack is not None
    places = [(column, row) for row in (200, 300, 400) for column in (150, 400, 750)]
    assert [(abs(r.x - x - 42) <= 4, abs(r.y - y - 45) <= 4) for r, (x, y) in zip(stack.regions, places, strict=True)] == [(True, True)] * 9


def test_specks_alone_give_nothing() -> None:
    page = paper()
    page[500:504, 500:504] = BLACK
    assert stack_regions(scan_of(page), []) is None


def test_regions_stand_below_each_other_apart() -> None:
    page = paper()
    page[200:240, 100:400] = page[200:260, 700:800] = page[900:930, 100:900] = BLACK
    stack = stacked(page)
    margin = round(16 * DPI / POINTS)
    assert (stack.margin, stack.tops) == (margin, (margin, 2 * margin + 40, 3 * margin + 100))
    assert stack.image.shape == (4 * margin + 130, 800 + 2 * margin)
    for region, top in zip(stack.regions, stack.tops, strict=True):
        rows, columns = region.image.shape
        assert np.array_equal(stack.image[top : top + rows, margin : margin + columns], region.image)
    assert (stack.image < WHITE).sum() == 40 * 300 + 60 * 100 + 30 * 800


@pytest.mark.parametrize(
    ("in_stack", "in_scan"),
    [
        ((20, 20, 60, 50), (100, 200, 140, 230)),
        ((15, 88, 40, 100), (695, 206, 720, 218)),
        ((20, 0, 60, 8), (100, 180, 140, 188)),
        ((20, 150, 90, 400), (700, 268, 770, 518)),
    ],
)
def test_words_come_back_to_their_places(in_stack: tuple[int, ...], in_scan: tuple[int, ...]) -> None:
    regions = (Region(100, 200, paper(300, 50)), Region(700, 200, paper(200, 50)))
    stack = Stack(paper(340, 160), regions, (20, 82), 20)
    word = Word("a", *in_stack, 0.9, raw="b", doubtful=True)
    assert list(stack.by_region([word])) == [[Word("a", *in_scan, 0.9, raw="b", doubtful=True)]]


def test_words_come_region_by_region_in_the_order_they_were_given() -> None:
    stack = Stack(paper(340, 300), (Region(0, 0, paper(9, 9)), Region(0, 500, paper(9, 9)), Region(0, 900, paper(9, 9))), (20, 100, 200), 20)
    words = [Word("c", 20, 205, 30, 215), Word("a", 20, 25, 30, 35), Word("d", 40, 205, 50, 215), Word("b", 40, 25, 50, 35)]
    assert [[word.text for word in part] for part in stack.by_region(words)] == [["a", "b"], ["c", "d"]]
    assert [word.top for part in stack.by_region(words) for word in part] == [5, 5, 905, 905]
