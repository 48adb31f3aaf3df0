"""Small drawings: names that do not stand in each other, columns that are as high as their numbers say."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from sites import client, make_corpus, make_site

from docparse.web.drawing import bars, columns, standalone

SVG = "{http://www.w3.org/2000/svg}"


def _labels(drawn: str) -> list[tuple[float, str]]:
    root = ElementTree.fromstring(standalone(drawn))
    return [(float(part.attrib["x"]), part.text or "") for part in root.iter(f"{SVG}text") if part.attrib["text-anchor"] == "middle"]


def test_columns_are_as_high_as_their_numbers() -> None:
    drawn = columns([("2023", 5), ("2024", 0), ("2025", 10)], title="Years", described="Documents by year")
    root = ElementTree.fromstring(standalone(drawn))
    heights = [float(bar.attrib["height"]) for bar in root.iter(f"{SVG}rect") if bar.attrib.get("class") == "bar"]
    assert heights == [95.0, 0.0, 190.0]
    assert [title.text for title in root.iter(f"{SVG}title")] == ["Years", "2023: 5", "2024: 0", "2025: 10"]


def test_names_of_many_columns_do_not_touch() -> None:
    rows = [(str(year), 1) for year in range(1996, 2027)]
    labels = _labels(columns(rows, title="Years", described="", width=270, height=110))
    places = [x for x, _ in labels]
    assert labels[0][1] == "1996"
    assert all(after - before >= 4 * 6 for before, after in pairwise(places))
    assert places[0] > 0
    assert places[-1] < 270


def test_links_and_texts_are_escaped() -> None:
    drawn = bars([('<b>"Sở"&', 3)], title="<i>", described="&", links={'<b>"Sở"&': "/?issuer=%3Cb%3E&q="})
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    root = ElementTree.fromstring(standalone(drawn))
    assert [link.attrib["href"] for link in root.iter(f"{SVG}a")] == ["/?issuer=%3Cb%3E&q="]


def test_downloaded_drawing_has_its_own_colours_and_nothing_from_elsewhere() -> None:
    drawn = standalone(bars([("Kế hoạch", 3), ("Quyết định", 1)], title="Kinds", described="Documents by kind"))
    assert re.findall(r'class="bar"[^>]* fill="(#\w+)"', drawn) == ["#15557d", "#15557d"]
    assert "style=" not in drawn
    assert re.findall(r"https?://[^\"]+", drawn) == ["http://www.w3.org/2000/svg"]


def test_nothing_to_draw() -> None:
    assert columns([], title="Years", described="").count("<rect") == 1
    assert bars([], title="Kinds", described="").count("<rect") == 1


def test_numbers_of_a_chart_are_those_of_the_filters(tmp_path: Path) -> None:
    with client(make_site(make_corpus(tmp_path / "c.db"))) as reader:
        answers = [reader.get(path, headers={"accept-language": "en"}) for path in ("/statistics/doc_type.csv", "/statistics/year.csv?year=2026")]
        assert [answer.content.decode("utf-8-sig").splitlines() for answer in answers] == [
            ["Kind,value,Documents", "báo cáo,báo cáo,1", "kế hoạch,kế hoạch,1"],
            ["Year,value,Documents", "2026,2026,1"],
        ]


def test_search_that_cannot_be_read_keeps_its_box(tmp_path: Path) -> None:
    with client(make_site(make_corpus(tmp_path / "c.db"))) as reader:
        answer = reader.get("/statistics?q=%22phan+bo", headers={"accept-language": "en"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert 'value="&#34;phan bo"' in answer.text
    assert "<figure" not in answer.text
