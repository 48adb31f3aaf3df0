"""Citations as the site shows them: the most cited, who cites one, the graph and its files."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from sites import client, make_corpus, make_site

from docparse.query.graphs import Edge, Graph, Node
from docparse.web.citation_pages import RELATIONS, WIDER, draw
from docparse.web.drawing import LETTER, standalone
from docparse.web.messages import load_messages

SVG = "{http://www.w3.org/2000/svg}"
ENGLISH = {"accept-language": "en"}
LONG = "Công văn 1234/UBND-NCKSTTHC (2024, Chủ tịch Ủy ban nhân dân tỉnh)"
FIVE_COLUMNS = Graph(
    tuple(Node(f"document:{number}", LONG, "Về kiểm tra", number, distance) for number, distance in ((1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (6, 1))),
    (
        Edge("document:1", "document:2", "basis"),
        Edge("document:1", "document:2", "mentions"),
        Edge("document:1", "document:6", "repeals"),
        Edge("document:2", "document:4", "basis"),
        Edge("document:3", "document:1", "implements"),
        Edge("document:5", "document:3", "amends"),
        Edge("document:6", "document:2", "mentions"),
    ),
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with client(make_site(make_corpus(tmp_path_factory.mktemp("citations") / "c.db"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def drawn() -> ElementTree.Element:
    return ElementTree.fromstring(standalone(draw(FIVE_COLUMNS, load_messages("en"))))


def _names(drawn: ElementTree.Element) -> list[tuple[float, float, float]]:
    """Left, right and base line of each name."""
    found = [(float(part.attrib["x"]), float(part.attrib["y"]), part.text or "") for part in drawn.iter(f"{SVG}text")]
    return [(x, x + LETTER * WIDER * len(name), y) for x, y, name in found]


def _curves(drawn: ElementTree.Element) -> list[list[float]]:
    return [[float(number) for number in re.findall(r"-?\d+", part.attrib["d"])] for part in drawn.iter(f"{SVG}path")]


def test_names_stand_in_the_drawing_and_not_in_each_other(drawn: ElementTree.Element) -> None:
    names = _names(drawn)
    assert len({left for left, _, _ in names}) == 5
    assert max(right for _, right, _ in names) <= float(drawn.attrib["width"])
    assert [
        pair for pair in combinations(names, 2) if abs(pair[0][2] - pair[1][2]) < 12 and pair[0][0] < pair[1][1] and pair[1][0] < pair[0][1]
    ] == []


def test_curves_do_not_begin_or_end_in_names(drawn: ElementTree.Element) -> None:
    names = _names(drawn)
    for x0, y0, *_, x1, y1 in _curves(drawn):
        for x, y in ((x0, y0), (x1, y1)):
            assert not [name for name in names if abs(name[2] - 4 - y) < 1 and name[0] < x < name[1] - 1]


def test_relations_between_the_same_documents_are_seen_apart(drawn: ElementTree.Element) -> None:
    curves = Counter(tuple(curve) for curve in _curves(drawn))
    assert (len(curves), curves.total()) == (7, 7)
    dashes = {part.attrib["class"].removeprefix("edge "): part.attrib["stroke-dasharray"] for part in drawn.iter(f"{SVG}path")}
    assert len(set(dashes.values())) == len(dashes) == 5
    assert set(dashes) <= set(RELATIONS)


def test_nodes_are_links_with_the_whole_title(drawn: ElementTree.Element) -> None:
    assert [link.attrib["href"] for link in drawn.iter(f"{SVG}a")] == [f"/documents/{number}" for number in range(1, 7)]
    assert {link[0].text for link in drawn.iter(f"{SVG}a")} == {"Về kiểm tra"}


def test_graph_is_shown_with_its_table(reader: TestClient) -> None:
    page = reader.get("/documents/2/graph", headers=ENGLISH).text
    assert re.findall(r'<figure class="card drawing" tabindex="0" role="region" aria-label="([^"]*)">', page) == ["Citation graph"]
    table = page[page.index('<table class="stack">') :]
    assert re.findall(r'<a href="(/documents/1)">', table) == ["/documents/1"]


def test_files_hold_the_edges_of_the_table(reader: TestClient) -> None:
    page = reader.get("/documents/2/graph", headers=ENGLISH).text
    rows = list(csv.reader(reader.get("/documents/2/graph.csv").text.splitlines()))
    assert rows[0] == ["source", "target", "relation"]
    assert ["document:2", "document:1", "implements"] in rows
    assert len(rows) - 1 == page.count('<td data-label="Relation">')
    root = ElementTree.fromstring(reader.get("/documents/2/graph.graphml").content)
    assert len(root.findall(".//{*}edge")) == len(rows) - 1
    assert reader.get("/documents/2/graph.exe").status_code == 404


def test_cited_document_of_the_corpus_is_a_link_to_it_and_others_to_who_cites_them(reader: TestClient) -> None:
    page = reader.get("/cited", headers=ENGLISH).text
    assert '<a href="/documents/1">' in page
    keys = re.findall(r'<th scope="row" lang="vi"><a href="(/cited/by\?key=[^"]+)">', page)
    assert keys
    for address in keys:
        assert re.findall(r'href="/documents/[12]"', reader.get(address.replace("&amp;", "&"), headers=ENGLISH).text)


def test_relation_narrows_the_list(reader: TestClient) -> None:
    every, repealed = (reader.get(path, headers=ENGLISH).text for path in ("/cited", "/cited?relation=repeals"))
    assert every.count("<tr data-step>") > repealed.count("<tr data-step>")
    assert reader.get("/cited?relation=nothing").status_code == 422


def test_nothing_stands_on_repealed_documents(reader: TestClient) -> None:
    assert "There is no such document." in reader.get("/cited/unfounded", headers=ENGLISH).text
