"""Citations: the most cited documents, who cites one, what stands on repealed ones, the graph around a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Any, get_args
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi import Query as Parameter
from markupsafe import Markup
from starlette.responses import Response, StreamingResponse

from docparse.query.citations import citing_key, most_cited, unfounded
from docparse.query.cited_names import name_key
from docparse.query.documents import lines
from docparse.query.graph_files import edges_csv, graphml
from docparse.query.graphs import Graph, Node, neighbourhood, place
from docparse.record import Relation
from docparse.web.drawing import LETTER, clipped, svg, text
from docparse.web.messages import Messages
from docparse.web.parameters import MAX_VALUE_CHARACTERS, DocumentId, Offset, WantedFilters
from docparse.web.security import ReadCorpus
from docparse.web.templating import messages, page

router = APIRouter()
RELATIONS: tuple[Relation, ...] = get_args(Relation)
SHOWN, NODES = 30, 60
ROW, SIDE, LABEL, GAP, NARROWEST = 26.0, 20.0, 270.0, 90.0, 960.0  # points
WIDER = 1.16  # a letter of 12 than the LETTER of 11, with the capitals of numbers
BEFORE_LABEL, DOT, BESIDE = 10.0, 8.0, 14.0
Depth = Annotated[int, Parameter(ge=1, le=2)]
Key = Annotated[str, Parameter(min_length=1, max_length=MAX_VALUE_CHARACTERS)]
DASHES = {
    "basis": "",
    "implements": "6 3",
    "amends": "2 3",
    "replaces": "8 2 2 2",
    "repeals": "1 2",
    "issues": "10 3",
    "answers": "4 4",
    "mentions": "1 5",
}


@router.get("/cited")
def cited_page(request: Request, corpus: ReadCorpus, filters: WantedFilters, relation: Relation | None = None, offset: Offset = 0) -> Response:
    """What the documents cite most."""
    found = most_cited(corpus, filters=filters, relation=relation, limit=SHOWN + 1, offset=offset)
    return page(
        request, "cited.html", cited=found[:SHOWN], more=len(found) > SHOWN, relation=relation, relations=RELATIONS, offset=offset, limit=SHOWN
    )


@router.get("/cited/by")
def citing_page(request: Request, corpus: ReadCorpus, key: Key, offset: Offset = 0) -> Response:
    """Who cites a document that the corpus may not have."""
    found = citing_key(corpus, key, limit=SHOWN + 1, offset=offset)
    values: dict[str, Any] = {
        "key": key,
        "name": name_key(key),
        "citing": found[:SHOWN],
        "more": len(found) > SHOWN,
        "offset": offset,
        "limit": SHOWN,
    }
    return page(request, "citing.html", **values)


@router.get("/cited/unfounded")
def unfounded_page(request: Request, corpus: ReadCorpus, filters: WantedFilters) -> Response:
    """Documents whose basis was repealed or replaced."""
    return page(request, "unfounded.html", unfounded=unfounded(corpus, filters=filters), name_key=name_key)


@router.get("/documents/{document_id}/graph")
def graph_page(request: Request, corpus: ReadCorpus, document_id: DocumentId, depth: Depth = 1) -> Response:
    """The document with what it cites and what cites it."""
    graph = neighbourhood(corpus, document_id, depth=depth, limit=NODES)
    line = lines(corpus, [document_id])[document_id]
    names = {node.id: node for node in graph.nodes}
    relations = sorted({edge.relation for edge in graph.edges}, key=RELATIONS.index)
    values: dict[str, Any] = {
        "line": line,
        "graph": graph,
        "names": names,
        "depth": depth,
        "address": address_of,
        "relations": relations,
        "dash": DASHES,
    }
    return page(request, "graph.html", drawing=draw(graph, messages(request)), **values)


@router.get("/documents/{document_id}/graph.{form}")
def graph_file(corpus: ReadCorpus, document_id: DocumentId, form: Annotated[str, Path(pattern="^(graphml|csv)$")], depth: Depth = 1) -> Response:
    """The same as GraphML or CSV."""
    graph = neighbourhood(corpus, document_id, depth=depth, limit=NODES)
    made, kind = (graphml(graph), "application/graphml+xml") if form == "graphml" else (edges_csv(graph), "text/csv; charset=utf-8")
    headers = {"content-disposition": f'attachment; filename="document-{document_id}.{form}"'}
    return StreamingResponse(made, media_type=kind, headers=headers)


def address_of(node: Node) -> str:
    """The page of a node: the document, or who cites it where the corpus does not have it."""
    return f"/documents/{node.document_id}" if node.document_id else f"/cited/by?key={quote(node.id.removeprefix('key:'))}"


def draw(graph: Graph, t: Messages) -> Markup:
    """The graph as SVG: citing documents on the left, cited ones on the right; each relation with a dash pattern of its own.

    It is as wide as its columns need, so that no name stands in another one.
    """
    at = place(graph)
    columns = sorted({x for x, _ in at.values()})
    tallest = max((sum(1 for x, _ in at.values() if x == column) for column in columns), default=1)
    step = max(LABEL + GAP, (NARROWEST - 2 * SIDE + GAP) / len(columns)) if columns else 0
    width, height = 2 * SIDE + step * len(columns) - GAP, max(tallest * ROW + 2 * SIDE, 160.0)
    points = {name: (SIDE + step * columns.index(x), SIDE + y * (height - 2 * SIDE)) for name, (x, y) in at.items()}
    labels = {node.id: clipped(node.label, (step - GAP - BEFORE_LABEL) / WIDER) for node in graph.nodes}
    parts = [*_edges(graph, points, labels, t), *(_node(node, labels[node.id], *points[node.id]) for node in graph.nodes)]
    return svg(width, height, t("graph.title"), t("graph.described", n=len(graph.nodes)), parts)


def _edges(graph: Graph, points: dict[str, tuple[float, float]], labels: dict[str, str], t: Messages) -> Iterator[Markup]:
    """A curve for each edge, those between the same two documents beside each other; it begins and ends outside of the names."""
    line = Markup(
        '<path class="edge {}" d="M{:.0f} {:.0f}C{:.0f} {:.0f} {:.0f} {:.0f} {:.0f} {:.0f}" fill="none" stroke="#8b8a83" '
        'stroke-dasharray="{}"><title>{}</title></path>'
    )
    behind = {name: points[name][0] + BEFORE_LABEL + LETTER * WIDER * len(label) for name, label in labels.items()}
    beside = Counter((edge.source, edge.target) for edge in graph.edges)
    drawn: Counter[tuple[str, str]] = Counter()
    for edge in graph.edges:
        ends = (edge.source, edge.target)
        (x0, y0), (x1, y1) = points[edge.source], points[edge.target]
        start, end = behind[edge.source] if x0 < x1 else x0 - DOT, behind[edge.target] if x1 < x0 else x1 - DOT
        bend = (start + end) / 2 if x0 != x1 else x0 - GAP / 2
        aside = (drawn[ends] - (beside[ends] - 1) / 2) * BESIDE
        drawn[ends] += 1
        told = t.of("relation", edge.relation)
        yield line.format(edge.relation, start, y0, bend, y0 + aside, bend, y1 + aside, end, y1, DASHES.get(edge.relation, ""), told)


def _node(node: Node, label: str, x: float, y: float) -> Markup:
    looks = "node" + (" self" if node.distance == 0 else "") + ("" if node.document_id else " absent")
    circle = Markup('<circle class="{}" cx="{:.0f}" cy="{:.0f}" r="6" fill="#ffffff" stroke="#15557d"/>').format(looks, x, y)
    shown = text(x + BEFORE_LABEL, y + 4, label, size=12)
    told = Markup("<title>{}</title>").format(node.title or node.label)
    return Markup('<a href="{}" class="halo">{}{}{}</a>').format(address_of(node), told, circle, shown)
