"""The keys under which a document may be cited, and how far each names it alone."""

from __future__ import annotations

import datetime as dt

import pytest

from docparse.find.resolve import document_keys
from docparse.record import Header

DAY = dt.date(2026, 1, 20)


@pytest.mark.parametrize(
    ("header", "keys"),
    [
        pytest.param(
            Header(doc_type="nghị định", number="30/2020/NĐ-CP", issuer="Chính phủ", date=DAY),
            {"nghị định:30/2020/NĐ-CP": "all"},
            id="a number with its year of a central body",
        ),
        pytest.param(
            Header(doc_type="chỉ thị", number="17/CT-TTg", issuer="Thủ tướng Chính phủ", date=DAY),
            {"chỉ thị:17/CT-TTg": "none", "chỉ thị:17/CT-TTg:2026": "all"},
            id="a number that starts again each year",
        ),
        pytest.param(
            Header(doc_type="luật", number="31/2024/QH15", issuer="Quốc hội", date=DAY),
            {"luật:31/2024/QH15": "all"},
            id="a law with the term of its assembly",
        ),
        pytest.param(
            Header(doc_type="kế hoạch", number="58/KH-UBND", issuer="UBND tỉnh Phú Thọ", date=DAY),
            {
                "kế hoạch:58/KH-UBND": "none",
                "kế hoạch:58/KH-UBND:2026": "none",
                "kế hoạch:58/KH-UBND:ubnd tỉnh phú thọ": "none",
                "kế hoạch:58/KH-UBND:2026:ubnd tỉnh phú thọ": "all",
            },
            id="every province, district and commune has such a number",
        ),
        pytest.param(
            Header(doc_type="kế hoạch", number="58/KH-UBND", issuer="UBND xã An Phú", date=DAY),
            {
                "kế hoạch:58/KH-UBND": "none",
                "kế hoạch:58/KH-UBND:2026": "none",
                "kế hoạch:58/KH-UBND:ubnd xã an phú": "none",
                "kế hoạch:58/KH-UBND:2026:ubnd xã an phú": "province",
            },
            id="communes of one name are in several provinces",
        ),
        pytest.param(
            Header(doc_type="công văn", number="58/SYT-NVY", issuer="Sở Y tế", parent_issuer="UBND tỉnh Phú Thọ", date=DAY),
            {
                "công văn:58/SYT-NVY": "none",
                "công văn:58/SYT-NVY:2026": "none",
                "công văn:58/SYT-NVY:sở y tế": "none",
                "công văn:58/SYT-NVY:sở y tế tỉnh phú thọ": "none",
                "công văn:58/SYT-NVY:2026:sở y tế": "province",
                "công văn:58/SYT-NVY:2026:sở y tế tỉnh phú thọ": "all",
            },
            id="a department, whose province stands above it",
        ),
        pytest.param(
            Header(doc_type="công văn", number="12/BQLKCN-TC", issuer="Ban Quản lý các khu công nghiệp", date=DAY),
            {"công văn:12/BQLKCN-TC": "none", "công văn:12/BQLKCN-TC:2026": "province"},
            id="a local body that the lexicon does not know",
        ),
        pytest.param(Header(doc_type="kế hoạch", number="58/KH-UBND"), {"kế hoạch:58/KH-UBND": "none"}, id="without day and issuer"),
        pytest.param(Header(doc_type="kế hoạch", issuer="UBND tỉnh Phú Thọ", date=DAY), {}, id="without a number"),
    ],
)
def test_keys(header: Header, keys: dict[str, str]) -> None:
    found = document_keys(header)
    untyped = {key.replace(f"{header.doc_type}:", "văn bản:", 1): reach for key, reach in keys.items()}
    assert found == {**keys, **untyped}
