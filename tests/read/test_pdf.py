"""The PDF reader on the project's own signed and unsigned documents (corpus/documents, made by scripts/generate)."""

from pathlib import Path

import pytest

from docparse.errors import DamagedFile, FileTooLarge
from docparse.read.pdf import read_pdf
from docparse.settings import Settings
from docparse.text import Text

DOCUMENTS = Path(__file__).parents[2] / "corpus/documents"


def read(name: str) -> Text:
    return read_pdf((DOCUMENTS / name).read_bytes(), filename=name, settings=Settings())


def lines(text: Text, page: int) -> list[str]:
    return [text.content[line.start : line.end] for line in text.pages[page - 1].lines]


def test_number_and_day_stamped_into_signature_fields_stand_in_the_letterhead() -> None:
    text = read("kh-syt-phu-tho.pdf")
    assert lines(text, 1)[:6] == [
        "UBND TỈNH PHÚ THỌ",
        "SỞ Y TẾ",
        "Số: 214 /KH-SYT",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Phú Thọ, ngày 12 tháng 3 năm 2026",
    ]


def test_stamp_of_the_publishing_office_is_no_content() -> None:
    text = read("tb-ubnd-vinh-long.pdf")
    assert "Số: 587 /TB-UBND" in lines(text, 1)
    assert not [line for line in lines(text, 1) if "TRUNG TÂM CÔNG BÁO" in line or "@" in line or "+07:00" in line]


def test_every_line_lies_in_its_page_and_boxes_go_down_within_the_body() -> None:
    text = read("kh-syt-phu-tho.pdf")
    for page in text.pages:
        assert page.width == pytest.approx(595, abs=1)
        assert all(line.box and 0 <= line.box.x0 < line.box.x1 <= page.width and line.box.bottom <= page.height for line in page.lines)


def test_page_numbers_are_left_out() -> None:
    text = read("kh-syt-phu-tho.pdf")
    assert len(text.pages) == 3
    assert [lines(text, page)[0] for page in (2, 3)] != ["2", "3"]
    assert not any(line.strip() in {"1", "2", "3"} for page in (2, 3) for line in (lines(text, page)[0], lines(text, page)[-1]))


def test_good_layers_give_no_problem() -> None:
    assert {name: read(name).problems for name in ("kh-syt-phu-tho.pdf", "bc-stp-dak-lak.pdf", "qd-ubnd-hue.pdf")} == {
        "kh-syt-phu-tho.pdf": (),
        "bc-stp-dak-lak.pdf": (),
        "qd-ubnd-hue.pdf": (),
    }


def test_damaged_and_long_files_are_named() -> None:
    data = (DOCUMENTS / "qd-ubnd-hue.pdf").read_bytes()
    with pytest.raises(DamagedFile, match=r"^cut\.pdf: is damaged"):
        read_pdf(b"%PDF-1.7\n" + data[2000:2400], filename="cut.pdf", settings=Settings())
    with pytest.raises(FileTooLarge, match=r"^long\.pdf: has 3 pages, more than 1"):
        read_pdf(data, filename="long.pdf", settings=Settings(max_pages=1))
