"""Scans of the corpus read by Tesseract, against the digital documents that they were made from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from conftest import CORPUS, needs_tesseract
from rapidfuzz.distance import Levenshtein

from docparse.pipeline import parse_file
from docparse.record import Record
from docparse.settings import Settings

MANIFEST = json.loads((CORPUS / "scans/manifest.json").read_text(encoding="utf-8"))
MOST_ERRORS = {"clean": 0.01, "noisy": 0.06}  # of the characters


@dataclass(frozen=True)
class Expected:
    """What the record of a scan says of its pages (origin, rotation) and of what could not be read (code, page), corrections apart."""

    pages: list[tuple[str | None, int]]
    origin: str = "ocr"
    problems: tuple[tuple[str, int], ...] = ()
    unread: tuple[str, ...] = ()


ONE, TWO = [("ocr", 0)], [("ocr", 0), ("ocr", 0)]
UNREADABLE = (("number_unreadable", 1), ("date_unreadable", 1))
SCANS = {
    "gm-ubnd-phuong.bad-layer-marks": Expected(ONE, problems=(("broken_text_layer", 1),)),
    "gm-ubnd-phuong.clean": Expected(ONE),
    "gm-ubnd-phuong.handwritten": Expected(ONE, problems=UNREADABLE),
    "gm-ubnd-phuong.low-contrast": Expected(ONE),
    "gm-ubnd-phuong.noisy": Expected(ONE, problems=(("date_unreadable", 1),), unread=("date",)),  # a speck hangs on the 5: null, no guess
    "gm-ubnd-phuong.rotated-flag": Expected(ONE),
    "gm-ubnd-phuong.stamped": Expected(ONE),
    "bc-stp-dak-lak.bitonal": Expected(TWO),
    "bc-stp-dak-lak.black-border": Expected(TWO),
    "bc-stp-dak-lak.noisy": Expected(TWO),
    "bc-stp-dak-lak.rotated": Expected([("ocr", 270), ("ocr", 180)]),
    "cv-thue-khanh-hoa.bad-layer": Expected(TWO, problems=(("broken_text_layer", 1), ("broken_text_layer", 2))),
    "cv-thue-khanh-hoa.blank-page": Expected([("ocr", 0), (None, 0), ("ocr", 0)]),
    "cv-thue-khanh-hoa.low-resolution": Expected(TWO),
    "cv-thue-khanh-hoa.skewed": Expected(TWO),
    "kh-syt-phu-tho.mixed": Expected([("text_layer", 0), ("ocr", 0), ("text_layer", 0)], origin="mixed"),
}


def corrections(record: Record) -> Iterator[tuple[bool, str, str]]:
    """Each correction: whether it lies in its page, what was recognised, and what the text says there."""
    for problem in record.problems:
        if problem.code == "corrected":
            page = record.pages[problem.page - 1]
            yield page.start <= problem.start < problem.end <= page.end, problem.message, record.text[problem.start : problem.end]


@needs_tesseract
@pytest.mark.parametrize("name", SCANS)
def test_scan_reads_as_its_original(name: str) -> None:
    """One test a scan, for reading it takes longest."""
    row, expected = MANIFEST[name], SCANS[name]
    record = parse_file(CORPUS / "scans" / f"{name}.pdf", settings=Settings(ocr_jobs=1))
    original = parse_file(CORPUS / row["pdf"], settings=Settings(ocr=False))
    read, printed = (" ".join(text.split()) for text in (record.text, original.text))
    assert Levenshtein.distance(read, printed) <= MOST_ERRORS[row["group"]] * len(printed)
    assert ([(page.origin, page.rotation) for page in record.pages], record.source.text_origin) == (expected.pages, expected.origin)
    lost = dict.fromkeys((*row["lost"], *expected.unread))
    fields = ("number", "date", "doc_type")
    assert {field: getattr(record.header, field) for field in fields} == {field: getattr(original.header, field) for field in fields} | lost
    assert tuple((problem.code, problem.page) for problem in record.problems if problem.code != "corrected") == expected.problems
    broken = {problem.message.rpartition("; ")[2] for problem in record.problems if problem.code == "broken_text_layer"}
    assert broken <= {"it was read again from its picture"}
    assert [made for made in corrections(record) if not made[0] or not made[1].endswith(f", read as {made[2]!r}")] == []


def test_every_degradation_is_read() -> None:
    assert {MANIFEST[name]["degradation"] for name in SCANS} == {row["degradation"] for row in MANIFEST.values()}
