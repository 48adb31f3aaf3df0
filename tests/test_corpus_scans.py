"""The scans of the corpus: all there, made from the current documents, and each degraded in the way that its name says."""

from __future__ import annotations

import datetime as dt
import re
import sys
import unicodedata
from pathlib import Path

import pypdfium2
import pytest
from conftest import CORPUS, ROOT

pytest.importorskip("pyhanko", reason="needs the extra [generate]")
import numpy as np
from PIL import Image

sys.path.insert(0, str(ROOT / "scripts"))
from generator import scan
from generator.fixed import stopped_clock

SCANS = {made.id: made for made in scan.scans()}
FONT = Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf")
A4 = {300: (2481, 3508), 200: (1654, 2339), 150: (1241, 1754)}

needs_font = pytest.mark.skipif(not FONT.exists(), reason="the font is missing: apt-get install fonts-liberation2")


def of(degradation: str) -> list[str]:
    """The ids of the scans with a degradation."""
    return [name for name, made in SCANS.items() if made.degradation == degradation]


def opened(name: str) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(SCANS[name].file)


def images(page: pypdfium2.PdfPage) -> list[pypdfium2.PdfImage]:
    return [item for item in page.get_objects(max_depth=1) if isinstance(item, pypdfium2.PdfImage)]


def pixels(name: str, page: int) -> np.ndarray:
    """The image as it is stored."""
    (image,) = images(opened(name)[page])
    return image.get_bitmap().to_numpy().squeeze()


def seen(name: str, page: int, resolution: int = 72) -> np.ndarray:
    """The page as a reader sees it: height, width, red-green-blue."""
    return np.asarray(opened(name)[page].render(scale=resolution / 72).to_pil().convert("RGB"), dtype=int)


def texts(name: str) -> list[str]:
    return [page.get_textpage().get_text_range() for page in opened(name)]


def red_share(page: np.ndarray) -> float:
    return float((page[..., 0] - page[..., 1:].max(axis=-1) > 60).mean())


def blue_share(page: np.ndarray) -> float:
    return float((page[..., 2] - page[..., :2].max(axis=-1) > 40).mean())


def test_the_folder_holds_the_scans_of_the_manifest_and_nothing_else() -> None:
    assert scan.load_manifest() == {name: made.row() for name, made in SCANS.items()}, "run scripts/generate"
    assert {path.name for path in (CORPUS / "scans").iterdir()} == {f"{name}.pdf" for name in SCANS} | {"scans.toml", "manifest.json"}


def test_every_degradation_is_on_two_documents_and_all_stay_small() -> None:
    assert {made.degradation: len(of(made.degradation)) for made in SCANS.values() if len(of(made.degradation)) < 2} == {}
    assert {made.parameters["group"] for made in SCANS.values()} == {"clean", "noisy"}
    assert sum(path.stat().st_size for path in (CORPUS / "scans").iterdir()) < 7_200_000


@needs_font
@pytest.mark.parametrize("name", ["gm-ubnd-phuong.bad-layer-marks", "gm-ubnd-phuong.noisy", "qd-ubnd-hue.mixed"])
def test_a_scan_has_the_same_bytes_on_every_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = scan.make(SCANS[name])
    monkeypatch.setattr("pyhanko.pdf_utils.metadata.info.datetime", stopped_clock(dt.datetime(2031, 5, 6, tzinfo=dt.UTC)))
    assert scan.make(SCANS[name]) == before


@pytest.mark.parametrize("name", SCANS)
def test_known_text_and_pages(name: str) -> None:
    made, document = SCANS[name], opened(name)
    printed = pypdfium2.PdfDocument(made.printed)
    assert len(document) == len(made.pages())
    assert [page for page in made.pages() if page] == list(range(1, len(printed) + 1))
    assert re.search(r"Số: +\d+ */", unicodedata.normalize("NFC", printed[0].get_textpage().get_text_range()))
    assert all(len(printed[index].get_textpage().get_text_range()) > 100 for index in range(len(printed)))


@pytest.mark.parametrize("name", [name for name, made in SCANS.items() if made.degradation != "mixed"])
def test_every_page_is_one_image_of_the_stated_form(name: str) -> None:
    parameters = SCANS[name].parameters
    bits, coding = {"1": (1, "CCITTFaxDecode"), "L": (8, "DCTDecode"), "RGB": (24, "DCTDecode")}[parameters["colour"]]
    for page in opened(name):
        (image,) = images(page)
        assert sorted(image.get_px_size()) == list(A4[parameters["resolution"]])
        assert (image.get_metadata().bits_per_pixel, image.get_filters()) == (bits, [coding])
        assert sorted(page.get_size()) == pytest.approx([595.3, 841.9], abs=0.6)
        assert page.get_rotation() == parameters.get("rotate", 0)
        assert "layer" in parameters or page.get_textpage().count_chars() == 0


@pytest.mark.parametrize("name", of("rotated"))
def test_rotated_pages_are_turned_by_a_quarter_more_each(name: str) -> None:
    upright = name.replace("rotated", "bitonal")
    for page in range(len(opened(name))):
        assert np.array_equal(np.rot90(pixels(name, page), page + 1), pixels(upright, page))


@pytest.mark.parametrize("name", of("rotated-flag"))
def test_the_flag_turns_a_lying_image_upright(name: str) -> None:
    flagged, upright = seen(name, 0, 36)[:420], seen(name.replace("rotated-flag", "clean"), 0, 36)[:420]
    assert pixels(name, 0).shape == (1654, 2339)
    assert np.abs(flagged - upright).mean() < 6
    assert np.abs(flagged[::-1, ::-1] - upright).mean() > 15


@pytest.mark.parametrize("name", of("skewed"))
def test_skewed_pages_lean_one_way_and_the_other(name: str) -> None:
    for page, angle in zip(range(len(opened(name))), (1.6, -2.2, 1.6), strict=False):
        image = Image.fromarray(255 - seen(name, page, 100)[..., 0].astype(np.uint8))
        rows = {turned: np.asarray(image.rotate(-turned, Image.Resampling.BILINEAR)).sum(axis=1).var() for turned in (0, 1.6, -1.6, 2.2, -2.2)}
        assert max(rows, key=lambda turned: rows[turned]) == angle


def test_noise_lies_on_blank_paper() -> None:
    blank = np.s_[150:2200, 30:180]  # left of the text, in dots of 200 to the inch
    assert all(8 < pixels(name, 0)[blank].std() < 20 for name in of("noisy"))
    assert all(pixels(name, 0).min() < 20 for name in of("noisy"))
    assert pixels("gm-ubnd-phuong.clean", 0)[225:3300, 45:270].std() == 0


def test_stamps_and_ink_have_their_colours() -> None:
    signed = {"bc-stp-dak-lak": 1, "gm-ubnd-phuong": 0}
    for name in of("stamped"):
        first, last = seen(name, 0), seen(name, signed[SCANS[name].source])
        assert red_share(first[110:190, :140]) > 0.02  # the arrival box
        assert red_share(first[330:420, 540:]) > 0.05  # half a seal over the ends of lines
        assert red_share(last[200:700, 300:480]) > 0.02  # the seal over the signature block
        assert blue_share(last[200:700, 300:480]) > 0.001
    for name in of("handwritten"):
        first = seen(name, 0)
        assert red_share(first) == 0
        assert blue_share(first[85:112, 90:200]) > 0.02  # number
        assert blue_share(first[85:112, 350:450]) > 0.01  # day
        assert SCANS[name].row()["lost"] == ["number", "date"]
    assert red_share(seen("gm-ubnd-phuong.clean", 0)) == blue_share(seen("gm-ubnd-phuong.clean", 0)) == 0


@pytest.mark.parametrize("name", of("low-contrast"))
def test_low_contrast_is_grey_on_yellow_in_uneven_light(name: str) -> None:
    page = seen(name, 0)
    corners = page[5:25, 5:25].mean(axis=(0, 1)), page[-25:-5, -25:-5].mean(axis=(0, 1))
    fold, below = page[419:423, 10:60].mean(), page[470:474, 10:60].mean()
    assert corners[0][0] - corners[0][2] > 30  # yellowish
    assert corners[1].sum() < 0.8 * corners[0].sum()
    assert fold < 0.85 * below
    assert page[60:380].min() > 90  # no black ink above the fold


@pytest.mark.parametrize("name", of("black-border"))
def test_the_scanner_shows_at_the_edges(name: str) -> None:
    for page in range(len(opened(name))):
        dark = ~pixels(name, page).astype(bool)
        assert all(edge.mean() > 0.99 for edge in (dark[:30], dark[-30:], dark[:, :30], dark[:, -30:]))
        assert dark[2600:3300, 2345:2440].mean() > 0.5 > 0.05 > dark[300:1000, 2345:2440].mean()  # the wedge
        hole = dark[1754 - 472 - 10 : 1754 - 472 + 10, 155:175]  # 40 mm above the middle
        assert hole.all()


@pytest.mark.parametrize("name", of("blank-page"))
def test_the_back_side_is_blank_but_for_specks(name: str) -> None:
    dark = ~pixels(name, 1).astype(bool)
    assert SCANS[name].pages()[:3] == [1, None, 2]
    assert 0 < dark.mean() < 0.0005
    assert (~pixels(name, 0).astype(bool)).mean() > 0.01


@pytest.mark.parametrize(("name", "scanned"), [("kh-syt-phu-tho.mixed", 1), ("qd-ubnd-hue.mixed", 0)])
def test_mixed_files_have_one_scanned_page(name: str, scanned: int) -> None:
    assert [len(images(page)) for page in opened(name)] == [int(index == scanned) for index in range(3)]
    printed = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(SCANS[name].printed)]
    assert texts(name) == ["" if index == scanned else text for index, text in enumerate(printed)]
    assert np.array_equal(pixels(name, scanned), pixels(name.replace("mixed", "bitonal"), scanned))


def test_bad_layers_lack_the_letters() -> None:
    for name in [*of("bad-layer"), *of("bad-layer-marks")]:
        first = texts(name)[0]
        printed = unicodedata.normalize("NFC", pypdfium2.PdfDocument(SCANS[name].printed)[0].get_textpage().get_text_range())
        assert first.isascii()
        assert len(first) > 0.9 * len(printed)
        marks = sum(letter == "?" for letter in first)
        assert marks == 0 if SCANS[name].degradation == "bad-layer" else marks > 0.15 * len(first)
    assert "CONG HOA XA HOI CHU NGHIA VIET NAM" in texts("kh-syt-phu-tho.bad-layer")[0]
    assert "C?NG H?A X? H?I CH? NGH?A VI?T NAM" in texts("gm-ubnd-phuong.bad-layer-marks")[0]
