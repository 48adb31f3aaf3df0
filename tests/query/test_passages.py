"""What a document repeats of another one, on texts as readers give them: wrapped lines, numbers of another month, moved and new paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_corpus import add, letter

from docparse.errors import MissingEntry
from docparse.query.paragraphs import find_paragraphs
from docparse.query.passages import compare, probes, share_of, similar
from docparse.query.repeats import Passage, find_passages, share_repeated
from docparse.store.corpus import Corpus
from docparse.store.rows import fold

FEBRUARY = """I. KẾT QUẢ
Trong tháng 2, Sở đã tổ chức 15 cuộc kiểm tra an toàn thực phẩm tại các chợ.
Các đơn vị trực thuộc thực hiện nghiêm chế độ báo cáo theo quy định của tỉnh.
Công tác tuyên truyền được duy trì thường xuyên trên hệ thống loa của các xã.
II. KHÓ KHĂN
Kinh phí còn hạn hẹp, nhân lực của các trạm y tế xã chưa đáp ứng yêu cầu."""

MARCH = """I. KẾT QUẢ
Trong tháng 3, Sở đã tổ chức 21 cuộc kiểm tra an toàn thực phẩm tại các chợ.
Các đơn vị trực thuộc thực hiện nghiêm chế độ báo cáo theo quy định của tỉnh.
II. KHÓ KHĂN
Một số xã vùng cao bị chia cắt do mưa lũ kéo dài, hàng cứu trợ đến chậm.
Kinh phí còn hạn hẹp, nhân lực của các trạm y tế xã chưa đáp ứng yêu cầu.
Công tác tuyên truyền được duy trì thường xuyên trên hệ thống loa của các xã."""

OTHER = """Thanh tra kết luận về việc sử dụng đất của nông trường.
Diện tích bị lấn chiếm lớn, hồ sơ giao khoán thất lạc nhiều năm."""


@pytest.fixture(params=["sqlite", "postgresql"])
def corpus(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Corpus, list[int]]]:
    where = str(tmp_path / "c.db") if request.param == "sqlite" else request.getfixturevalue("postgres")
    opened = Corpus(where, create=True)
    yield (
        opened,
        add(
            opened,
            letter("18/BC-SYT", "26 tháng 2 năm 2026", FEBRUARY),
            letter("31/BC-SYT", "27 tháng 3 năm 2026", MARCH),
            letter("9/BC-TT", "5 tháng 3 năm 2026", OTHER, issuer="THANH TRA TỈNH"),
        ),
    )
    opened.close()


def passages(text: str, other: str) -> tuple[Passage, ...]:
    return find_passages(find_paragraphs(text, fold(text)), find_paragraphs(other, fold(other)))


def shown(text: str, other: str) -> list[tuple[float, str | None, list[str]]]:
    """Of each paragraph: likeness, the beginning of what stands beside it, what changed."""
    return [
        (passage.likeness, other[passage.other_start :][:8] if passage.other_start is not None else None, [text[a:b] for a, b in passage.changed])
        for passage in passages(text, other)
    ]


def test_what_is_new_in_the_report_of_the_next_month() -> None:
    assert shown(MARCH, FEBRUARY) == [
        (1.0, "I. KẾT Q", []),
        (0.9474, "Trong th", ["3", "21"]),
        (1.0, "Các đơn ", []),
        (1.0, "II. KHÓ ", []),
        (0.0, None, []),
        (1.0, "Kinh phí", []),
        (1.0, "Công tác", []),
    ]


def test_the_share_that_is_repeated() -> None:
    ours = find_paragraphs(MARCH, fold(MARCH))
    assert share_repeated(ours, passages(MARCH, MARCH)) == 1.0
    assert share_repeated(ours, passages(MARCH, OTHER)) == 0.0
    assert share_repeated(ours, passages(MARCH, FEBRUARY)) == 0.814
    assert share_repeated([], ()) == 0.0


def test_capitals_punctuation_and_other_line_breaks_are_no_change() -> None:
    text = "Các đơn vị trực thuộc thực hiện nghiêm chế độ báo cáo\ntheo quy định của tỉnh và của ngành y tế."
    other = "Các đơn vị trực thuộc thực hiện nghiêm chế\nđộ báo cáo theo quy định của Tỉnh, và của ngành Y tế"
    assert shown(text, other) == [(1.0, "Các đơn ", [])]


def test_a_paragraph_that_the_other_text_breaks_elsewhere() -> None:
    text = "Ủy ban nhân dân tỉnh yêu cầu các sở rà soát quy hoạch. Các huyện báo cáo kết quả trước ngày 15 hằng tháng."
    other = "Ủy ban nhân dân tỉnh yêu cầu các sở rà soát quy hoạch.\nCác huyện báo cáo kết quả trước ngày 20 hằng tháng.\nNơi nhận:"
    assert shown(text, other) == [(0.9753, "Ủy ban n", ["15"])]
    assert other[: passages(text, other)[0].other_end].endswith("hằng tháng.")
    assert shown(other, text)[:2] == [(1.0, "Ủy ban n", []), (0.95, "Ủy ban n", ["20"])]


def test_cells_of_a_table_are_compared_in_their_place() -> None:
    text = "Xã\nSố hộ\nMường So\n120\nPhong Thổ\n98"
    other = "Xã\nSố hộ\nMường So\n115\nPhong Thổ\n98"
    assert [likeness for likeness, _, _ in shown(text, other)] == [1.0, 1.0, 1.0, 0.0, 1.0, 1.0]


def test_rows_that_are_all_alike_are_compared_with_that_in_their_place() -> None:
    row = "Giao các đơn vị báo cáo kết quả nhiệm vụ {} về Sở trước ngày {}."
    text, other = ("\n".join(row.format(number, number % 28 + day) for number in range(60)) for day in (1, 2))
    found = passages(text, other)
    assert {passage.changed and text[slice(*passage.changed[-1])] for passage in found} == {str(day) for day in range(1, 29)}
    assert [passage.other_start for passage in found] == [paragraph.start for paragraph in find_paragraphs(other, other)]


def test_a_short_line_is_not_found_inside_a_long_paragraph() -> None:
    assert shown("- Đoàn đại biểu Quốc hội tỉnh;", "Tiếp thu ý kiến của đoàn đại biểu Quốc hội về dự án luật đã trình kỳ trước.") == [(0.0, None, [])]


def test_long_texts_without_end_are_cut() -> None:
    text = " ".join(f"từ{number}" for number in range(1000))
    assert [len(paragraph.words) for paragraph in find_paragraphs(text, fold(text))] == [400, 400, 200]
    assert [passage.likeness for passage in passages(text, text)] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("", []),
        ("\n \n***\n", []),
        ("Nhiệm vụ chính\nvà lâu dài", ["Nhiệm vụ chính\nvà lâu dài"]),
        ("Căn cứ Nghị định số\n142/2025/NĐ-CP ngày 12;", ["Căn cứ Nghị định số\n142/2025/NĐ-CP ngày 12;"]),
        ("Kết quả:\nđạt", ["Kết quả:", "đạt"]),
        ("Sở Y tế\n\nnơi nhận", ["Sở Y tế", "nơi nhận"]),
        ("Gồm có\na) thuốc\nb) vật tư", ["Gồm có", "a) thuốc", "b) vật tư"]),
        (
            "QUY ĐỊNH VỀ VIỆC QUẢN LÝ GIÁ DỊCH VỤ CÔNG TẠI TỈNH\nCăn cứ Luật Giá",
            ["QUY ĐỊNH VỀ VIỆC QUẢN LÝ GIÁ DỊCH VỤ CÔNG TẠI TỈNH", "Căn cứ Luật Giá"],
        ),
    ],
)
def test_where_paragraphs_begin(text: str, paragraphs: list[str]) -> None:
    assert [text[one.start : one.end] for one in find_paragraphs(text, fold(text))] == paragraphs


def test_a_numbered_unit_begins_a_paragraph() -> None:
    text = "Trách nhiệm của\ncác đơn vị"
    assert len(find_paragraphs(text, fold(text), [text.index("các")])) == 2


def test_compare_in_a_corpus(corpus: tuple[Corpus, list[int]]) -> None:
    opened, (february, march, other) = corpus
    found = compare(opened, march, february)
    assert (found.document.number, found.other.number) == ("31/BC-SYT", "18/BC-SYT")
    assert found.repeated == 0.8402
    assert compare(opened, march, other).repeated < 0.4
    with pytest.raises(MissingEntry, match=r"^4711: is not in the corpus"):
        compare(opened, march, 4711)


def test_similar_documents(corpus: tuple[Corpus, list[int]]) -> None:
    opened, (february, march, other) = corpus
    assert [(line.number, share) for line, share in similar(opened, march)] == [("18/BC-SYT", 0.75)]
    assert [line.id for line, _ in similar(opened, february)] == [march]
    assert similar(opened, other) == ()
    assert similar(opened, march, limit=0) == ()
    with pytest.raises(MissingEntry):
        similar(opened, 4711)


def test_what_is_looked_for_in_the_index() -> None:
    text = " ".join("Sở Y tế yêu cầu các đơn vị thực hiện" for _ in range(40))
    assert len(probes(text)) == 8
    assert {len(probe.split()) for probe in probes(text)} == {8}
    assert probes("Số 12 ngày 3 tháng 4") == []


def test_the_share_of_runs_of_words() -> None:
    assert share_of([" a b c d e ", " b c d e 0 "], "A, a b c d\ne; 77".lower()) == 1.0
    assert share_of([" a b c d e "], "xa b c d e") == 0.0
    assert share_of([], "a") == 0.0
