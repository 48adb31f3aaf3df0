"""Document numbers: where they are found and their canonical form."""

from __future__ import annotations

import pytest

from docparse.find.numbers import find_numbers


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        ("119/KH-\nBDT", "119/KH-BDT"),
        ("43/TBUBND", "43/TB-UBND"),
        ("28/2023/QĐTTg", "28/2023/QĐ-TTg"),
        ("92/2017/NĐCP", "92/2017/NĐ-CP"),
        ("1899/QĐ-TTG", "1899/QĐ-TTg"),
        ("1956/qđ-ttg", "1956/QĐ-TTg"),
        ("10/2024/TTBTC", "10/2024/TT-BTC"),
        ("38    /2025/QĐ-UBND", "38/2025/QĐ-UBND"),
        ("27/NQ- TW", "27/NQ-TW"),
        ("10- CTr/TU", "10-CTr/TU"),
        ("02/TTr-CAT-ANCTNB", "02/TTr-CAT-ANCTNB"),
        ("71/2004/TTLT/BTC-BGD&ĐT", "71/2004/TTLT/BTC-BGD&ĐT"),
        ("66.4/2025/NQ-CP", "66.4/2025/NQ-CP"),
        ("19-2017/NQ-CP", "19-2017/NQ-CP"),
        ("11554/VPCP-V.I", "11554/VPCP-V.I"),
        ("1849BGDĐT-GDPT", "1849/BGDĐT-GDPT"),
        ("12/TTĐТСР", "12/TTĐTCP"),
        ("184/KL-TTr", "184/KL-TTr"),
    ],
)
def test_canonical_form(printed: str, canonical: str) -> None:
    (number,) = find_numbers(f"số {printed} ngày")
    assert (number.canonical, number.start, number.end) == (canonical, 3, 3 + len(printed))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("10/QĐ-TTgcủa", ["10/QĐ-TTg"]),
        ("12/TT-BTCngày", ["12/TT-BTC"]),
        ("24/QĐ-UBND - Sở Tài chính", ["24/QĐ-UBND"]),
        ("31/KH-UBND- Chủ tịch", ["31/KH-UBND"]),
        ("88/CP. ngày", ["88/CP"]),
        ("217/CĐ-TTg,218/CĐ-TTg", ["217/CĐ-TTg", "218/CĐ-TTg"]),
    ],
)
def test_a_number_ends_where_its_symbol_ends(content: str, expected: list[str]) -> None:
    assert [number.canonical for number in find_numbers(content)] == expected


@pytest.mark.parametrize(
    "content", ["21/11/2025", "24/7", "01/Các phòng", "12/2020/HS-ST", "02 tuần/lần", "2021-2025", "12/34", "1/2 diện tích", "110/22kV"]
)
def test_other_figures_are_no_numbers(content: str) -> None:
    assert list(find_numbers(content)) == []


@pytest.mark.parametrize(
    ("printed", "type_symbol", "organ"),
    [
        ("12/QĐ-UBND", "QĐ", "UBND"),
        ("7/VPCP-NC", None, "VPCP"),
        ("5/CT-CS", None, "CT"),
        ("5/CT-UBND", "CT", "UBND"),
        ("1-HD/BTCTU", "HD", "BTCTU"),
        ("31/2024/QH15", None, "QH"),
    ],
)
def test_parts_of_the_symbol(printed: str, type_symbol: str | None, organ: str) -> None:
    (number,) = find_numbers(printed)
    assert (number.type_symbol, number.organ) == (type_symbol, organ)
