"""Chains, neighbourhoods, where to draw them, and graphs as files."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from linked_corpus import add, citation, document, make_corpus

from docparse.errors import MissingEntry
from docparse.query.filters import Filters
from docparse.query.graph_files import edges_csv, graphml, nodes_csv
from docparse.query.graphs import Edge, Graph, Node, chains, neighbourhood, place, whole_graph
from docparse.store.corpus import Corpus

CONSTITUTION = "hiến pháp:hiến pháp"


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """A law (1), a decree (2), a circular (3) and two decisions (4, 5); the law and the decree cite each other."""
    opened = make_corpus(request, tmp_path_factory.mktemp("corpus"))
    add(
        opened,
        document("luật", "31/2024/QH15", "2024-01-18", ("basis", CONSTITUTION), ("basis", "nghị định:1/2024/NĐ-CP"), title="Đất đai"),
        document("nghị định", "1/2024/NĐ-CP", "2024-07-30", citation("basis", "luật:31/2024/QH15", title="Đất đai"), title="=Về giá & <đất>"),
        document("thông tư", "2/2024/TT-BTC", "2024-08-01", ("basis", "nghị định:1/2024/NĐ-CP"), ("mentions", "nghị định:9/2010/NĐ-CP")),
        document("quyết định", "4/QĐ-BTC", "2025-01-01", ("implements", "thông tư:2/2024/TT-BTC"), ("implements", "thông tư:2/2024/TT-BTC")),
        document("quyết định", "5/QĐ-BTC", "2025-02-01", ("basis", "thông tư:2/2024/TT-BTC"), ("mentions", "quyết định:5/QĐ-BTC:2025")),
    )  # fmt: skip
    yield opened
    opened.close()


def names(graph: Graph) -> dict[str, int]:
    return {node.id: node.distance for node in graph.nodes}


def test_chain_goes_on_to_the_basis_of_the_basis_and_ends_in_a_circle(corpus: Corpus) -> None:
    found = chains(corpus, 5, depth=9)
    assert names(found) == {"document:5": 0, "document:3": 1, "document:2": 2, "document:1": 3, f"key:{CONSTITUTION}": 4}
    assert found.edges == (
        Edge("document:1", "document:2", "basis"), Edge("document:1", f"key:{CONSTITUTION}", "basis"), Edge("document:2", "document:1", "basis"),
        Edge("document:3", "document:2", "basis"), Edge("document:5", "document:3", "basis"),
    )  # fmt: skip
    assert not found.cut


def test_chain_ends_at_its_depth_and_follows_one_relation(corpus: Corpus) -> None:
    assert names(chains(corpus, 5, depth=1)) == {"document:5": 0, "document:3": 1}
    assert names(chains(corpus, 4, relation="implements")) == {"document:4": 0, "document:3": 1}


def test_nodes_say_what_they_are(corpus: Corpus) -> None:
    first, second, *_ = chains(corpus, 2, depth=1).nodes
    assert first == Node("document:2", "Nghị định 1/2024/NĐ-CP", "=Về giá & <đất>", 2, 0, "1/2024/NĐ-CP", "2024-07-30")
    assert (second.label, second.document_id) == ("Luật 31/2024/QH15", 1)
    absent = chains(corpus, 3, relation="mentions").nodes[1]
    assert absent == Node("key:nghị định:9/2010/NĐ-CP", "Nghị định 9/2010/NĐ-CP", None, None, 1)


def test_neighbourhood_is_what_it_cites_and_what_cites_it(corpus: Corpus) -> None:
    found = neighbourhood(corpus, 3)
    assert names(found) == {"document:3": 0, "document:2": 1, "document:4": 1, "document:5": 1, "key:nghị định:9/2010/NĐ-CP": 1}
    assert not found.cut
    assert names(neighbourhood(corpus, 3, depth=2)) == {**names(found), "document:1": 2}


def test_neighbourhood_turns_nowhere(corpus: Corpus) -> None:
    """What else cites a cited document is not near."""
    assert "document:4" not in names(neighbourhood(corpus, 5, depth=3))


def test_neighbourhood_has_room_for_both_sides(corpus: Corpus) -> None:
    found = neighbourhood(corpus, 3, limit=3)
    assert (sorted(names(found)), found.cut) == (["document:2", "document:3", "document:5"], True)


def test_document_that_links_to_itself_has_no_edge_for_it(corpus: Corpus) -> None:
    assert Edge("document:5", "document:5", "mentions") not in neighbourhood(corpus, 5).edges


@pytest.mark.parametrize("draw", [chains, neighbourhood])
def test_no_such_document(corpus: Corpus, draw: object) -> None:
    with pytest.raises(MissingEntry, match="document 99: is not in the corpus"):
        draw(corpus, 99)  # type: ignore[operator]


def test_places_are_columns_by_steps(corpus: Corpus) -> None:
    found = place(neighbourhood(corpus, 3, depth=2))
    assert {node: x for node, (x, _) in found.items()} == {
        "document:4": 0.0, "document:5": 0.0, "document:3": pytest.approx(1 / 3), "document:2": pytest.approx(2 / 3),
        "key:nghị định:9/2010/NĐ-CP": pytest.approx(2 / 3), "document:1": 1.0,
    }  # fmt: skip
    assert sorted(y for x, y in found.values() if x == 0.0) == [0.25, 0.75]


def test_places_do_not_coincide_and_do_not_depend_on_order() -> None:
    nodes = [Node("o", "o", None, None, 0)] + [Node(f"n{number}", "", None, None, 1) for number in range(30)]
    edges = [Edge("o", f"n{number}", "basis") if number % 2 else Edge(f"n{number}", "o", "basis") for number in range(30)]
    found = place(Graph(tuple(nodes), tuple(edges)))
    assert len(set(found.values())) == 31
    assert all(0 <= value <= 1 for value in itertools.chain(*found.values()))
    assert place(Graph(tuple(nodes), tuple(reversed(edges)))) == found


def test_places_bring_joined_nodes_to_one_height() -> None:
    nodes = [Node(name, name, None, None, distance) for name, distance in [("o", 0), ("a", 1), ("b", 1), ("y", 2), ("z", 2)]]
    edges = [Edge("o", "a", "basis"), Edge("o", "b", "basis"), Edge("a", "z", "basis"), Edge("b", "y", "basis")]
    found = place(Graph(tuple(nodes), tuple(edges)))
    assert (found["a"][1], found["b"][1]) == (found["z"][1], found["y"][1])


def test_one_node_and_none() -> None:
    assert place(Graph((Node("o", "o", None, None, 0),), ())) == {"o": (0.5, 0.5)}
    assert place(Graph((), ())) == {}


def test_whole_graph(corpus: Corpus) -> None:
    found = whole_graph(corpus)
    assert len(found.edges) == 7
    assert {node.id for node in found.nodes} == {
        *(f"document:{number}" for number in range(1, 6)),
        f"key:{CONSTITUTION}",
        "key:nghị định:9/2010/NĐ-CP",
    }
    assert whole_graph(corpus, filters=Filters(doc_type=("quyết định",))).edges == (
        Edge("document:4", "document:3", "implements"), Edge("document:5", "document:3", "basis"),
    )  # fmt: skip


def test_titles_of_many_keys(tmp_path: Path) -> None:
    """More keys than are looked up one by one."""
    corpus = Corpus(str(tmp_path / "c.db"), create=True)
    many = [citation("mentions", f"công văn:{number}/TCT-CS:2020", title=f"về việc {number}") for number in range(600)]
    add(corpus, document("báo cáo", "6/BC-BTC", "2025-03-01", *many))
    titles = {node.id: node.title for node in whole_graph(corpus).nodes if node.id.startswith("key:công văn")}
    assert titles == {f"key:công văn:{number}/TCT-CS:2020": f"về việc {number}" for number in range(600)}
    corpus.close()


def test_graphml_is_read_by_networkx(corpus: Corpus) -> None:
    import networkx

    read = networkx.parse_graphml("".join(graphml(neighbourhood(corpus, 2))))
    assert read.nodes["document:2"] == {
        "label": "Nghị định 1/2024/NĐ-CP", "title": "=Về giá & <đất>", "number": "1/2024/NĐ-CP", "date": "2024-07-30", "in_corpus": True,
    }  # fmt: skip
    assert sorted((source, target, data["relation"]) for source, target, data in read.edges(data=True)) == [
        ("document:1", "document:2", "basis"), ("document:2", "document:1", "basis"), ("document:3", "document:2", "basis"),
    ]  # fmt: skip


def test_graphml_leaves_out_what_xml_cannot_hold() -> None:
    node = Node("key:a\x0bb", "a\x00b", None, None, 0)
    text = "".join(graphml(Graph((node,), (Edge(node.id, node.id, "basis"),))))
    assert '<node id="key:ab"><data key="label">ab</data><data key="in_corpus">false</data></node>' in text
    assert '<edge id="e0" source="key:ab" target="key:ab"><data key="relation">basis</data></edge>' in text


def test_csv_files(corpus: Corpus) -> None:
    found = chains(corpus, 2, depth=1)
    assert list(csv.reader(io.StringIO("".join(nodes_csv(found))))) == [
        ["id", "label", "title", "number", "date", "in_corpus"],
        ["document:2", "Nghị định 1/2024/NĐ-CP", "'=Về giá & <đất>", "1/2024/NĐ-CP", "2024-07-30", "true"],
        ["document:1", "Luật 31/2024/QH15", "Đất đai", "31/2024/QH15", "2024-01-18", "true"],
    ]
    assert "".join(edges_csv(found)) == "source,target,relation\ndocument:2,document:1,basis\n"
