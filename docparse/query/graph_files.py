"""A citation graph as files for other programs: GraphML (Gephi, yEd, networkx) and CSV.

Each function gives the file in pieces: `file.writelines(graphml(graph))` writes it, `"".join(graphml(graph))` is its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from xml.sax.saxutils import escape, quoteattr

from docparse.export.cells import clean, csv_lines
from docparse.query.graphs import Graph, Node

NODE_COLUMNS = ("label", "title", "number", "date", "in_corpus")
NAMESPACE = "http://graphml.graphdrawing.org/xmlns"


def graphml(graph: Graph) -> Iterator[str]:
    """A graph as GraphML: nodes with label, title, number, date and whether the corpus has them; edges with their relation.

    What a document does not have is left out; so are characters that XML cannot hold.
    """
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{NAMESPACE}">\n'
    for name in NODE_COLUMNS:
        kind = "boolean" if name == "in_corpus" else "string"
        yield f'<key id="{name}" for="node" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<key id="relation" for="edge" attr.name="relation" attr.type="string"/>\n<graph id="citations" edgedefault="directed">\n'
    for node in graph.nodes:
        yield f"<node id={_quoted(node.id)}>{_data(zip(NODE_COLUMNS, _values(node), strict=True))}</node>\n"
    for number, edge in enumerate(graph.edges):
        ends = f'id="e{number}" source={_quoted(edge.source)} target={_quoted(edge.target)}'
        yield f"<edge {ends}>{_data([('relation', edge.relation)])}</edge>\n"
    yield "</graph>\n</graphml>\n"


def nodes_csv(graph: Graph) -> Iterator[str]:
    """The nodes as CSV, in columns that Gephi knows; what a spreadsheet could run stands behind an apostrophe."""
    return _csv(("id", *NODE_COLUMNS), ((node.id, *_values(node)) for node in graph.nodes))


def edges_csv(graph: Graph) -> Iterator[str]:
    """The edges as CSV: `source` cites `target` by `relation`."""
    return _csv(("source", "target", "relation"), ((edge.source, edge.target, edge.relation) for edge in graph.edges))


def _values(node: Node) -> tuple[str | None, ...]:
    return node.label, node.title, node.number, node.date, "false" if node.document_id is None else "true"


def _quoted(value: str) -> str:
    return quoteattr(clean(value))


def _data(values: Iterable[tuple[str, str | None]]) -> str:
    return "".join(f'<data key="{name}">{escape(clean(value))}</data>' for name, value in values if value is not None)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str | None]]) -> Iterator[str]:
    return (csv_lines([row], end="\n") for row in chain([header], rows))
