"""Parts of the citation graph: what a document stands on, its neighbourhood, the whole of it; where to draw them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from sqlalchemy import Connection, func, select

from docparse.errors import MissingEntry
from docparse.query.citations import Link, find_citing, find_links
from docparse.query.cited_names import find_stated, name_key
from docparse.query.documents import lines
from docparse.query.filters import ALL, Filters
from docparse.query.search import Line
from docparse.store.corpus import Corpus
from docparse.store.schema import citations, document_keys, documents

MOST_IN_A_CHAIN = 200  # nodes
SWEEPS = 4  # over the columns, to bring nodes near what they are joined to
AT_ONCE = 5_000  # documents, within what a statement may hold


@dataclass(frozen=True, slots=True)
class Node:
    """A document of a graph: `id` is `document:12` or `key:luật:31/2024/QH15`. `distance` counts steps from the document asked about."""

    id: str
    label: str
    title: str | None
    document_id: int | None
    distance: int
    number: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` cites `target` by `relation`."""

    source: str
    target: str
    relation: str


@dataclass(frozen=True, slots=True)
class Graph:
    """A part of the citation graph, sorted; `cut` says that there is more than fits."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    cut: bool = False


def chains(corpus: Corpus, document_id: int, *, relation: str = "basis", depth: int = 4) -> Graph:
    """The basis of the basis and so on (or another relation), `depth` steps, at most 200 nodes. Raises MissingEntry."""
    chosen = {node_of(document_id): 0}
    edges: set[Edge] = set()
    cut = False
    with corpus.read() as connection:
        for distance in range(1, depth + 1):
            last = [node for node, steps in chosen.items() if steps == distance - 1]
            found = _edges(_cited_links(connection, _ids(last), relation))
            targets = dict.fromkeys(edge.target for edge in found if edge.target not in chosen)
            for target in list(targets)[: MOST_IN_A_CHAIN - len(chosen)]:
                chosen[target] = distance
            cut = cut or any(target not in chosen for target in targets)
            edges |= {edge for edge in found if edge.target in chosen}
    return _graph(corpus, chosen, edges, cut=cut)


def neighbourhood(corpus: Corpus, document_id: int, *, depth: int = 1, limit: int = 60) -> Graph:
    """The document with what it cites and what cites it, `depth` steps both ways, at most `limit` nodes. Raises MissingEntry.

    Nearest first; of those that are as near the ones that most of the nearer cite, then the most cited; of the citing the newest. A step leads
    on in its direction only: what else cites a cited document is not near.
    """
    start = node_of(document_id)
    chosen, ahead, behind = {start: 0}, {start}, {start}
    cut = False
    with corpus.read() as connection:
        for distance in range(1, depth + 1):
            room = limit - len(chosen)
            cited = _most_shared(connection, _cited_links(connection, _ids(ahead)), chosen)
            citing = [node for node in map(node_of, find_citing(connection, _ids(behind), limit=2 * limit)) if node not in chosen]
            taken = _take_in_turn(cited, citing, room)
            cut = cut or len(set(cited) | set(citing)) > len(taken)
            chosen.update(dict.fromkeys(taken, distance))
            ahead, behind = set(cited) & set(taken), set(citing) & set(taken)
        edges = {edge for edge in _edges(_cited_links(connection, _ids(chosen))) if edge.target in chosen}
    return _graph(corpus, chosen, edges, cut=cut)


def whole_graph(corpus: Corpus, *, filters: Filters = ALL) -> Graph:
    """All that the documents cite, with every document that cites or is cited; `distance` is 0. 400,000 citations need about 300 MB."""
    condition = filters.condition()
    citing = select(documents.c.id).where(condition) if condition is not None else select(documents.c.id)
    with corpus.read() as connection:
        edges = set(_edges(find_links(connection, select(document_keys.c.key), citations.c.document_id.in_(citing))))
    return _graph(corpus, dict.fromkeys((end for edge in edges for end in (edge.source, edge.target)), 0), edges, cut=False)


def place(graph: Graph) -> dict[str, tuple[float, float]]:
    """Where to draw the nodes, by id: x and y from 0 to 1, from the left and the top.

    Each step is a column: the citing on the left, the cited on the right of the document asked about. In a column the nodes stand at equal
    distances, in the order that brings them near what they are joined to. The same graph is always placed the same way.

    >>> nodes = [Node(id, id, None, None, distance) for id, distance in (("a", 0), ("b", 1), ("c", 1))]
    >>> place(Graph(tuple(nodes), (Edge("a", "b", "basis"), Edge("c", "a", "amends"))))
    {'a': (0.5, 0.5), 'b': (1.0, 0.5), 'c': (0.0, 0.5)}
    """
    levels = _levels(graph)
    columns: dict[int, list[str]] = defaultdict(list)
    for node, level in levels.items():
        columns[level].append(node)
    near: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        if levels[edge.source] != levels[edge.target]:
            near[edge.source].append(edge.target)
            near[edge.target].append(edge.source)
    height = {node: y for column in columns.values() for node, y in _spread(column)}
    for _ in range(SWEEPS):
        for level in sorted(columns, key=lambda level: (abs(level), level)):
            middle = {node: _mean([height[other] for other in near[node]], height[node]) for node in columns[level]}
            columns[level].sort(key=lambda node: (middle[node], node))
            height.update(_spread(columns[level]))
    first, last = min(levels.values(), default=0), max(levels.values(), default=0)
    return {node.id: ((levels[node.id] - first) / (last - first) if last > first else 0.5, height[node.id]) for node in graph.nodes}


def node_of(document_id: int | None, key: str = "") -> str:
    """The id of a node: of a document of the corpus, else of a key."""
    return f"document:{document_id}" if document_id is not None else f"key:{key}"


def _ids(nodes: Iterable[str]) -> list[int]:
    """The documents of the corpus among nodes."""
    return sorted(int(node.removeprefix("document:")) for node in nodes if node.startswith("document:"))


def _edges(links: Iterable[Link]) -> list[Edge]:
    """Links as edges, a document's links to itself left out."""
    return [Edge(node_of(link.citing_id), node_of(link.cited_id, link.key), link.relation) for link in links if link.cited_id != link.citing_id]


def _cited_links(connection: Connection, citing: Sequence[int], relation: str | None = None) -> list[Link]:
    where = [citations.c.document_id.in_(citing)] + ([citations.c.relation == relation] if relation else [])
    return find_links(connection, select(citations.c.key).where(*where), *where)


def _most_shared(connection: Connection, links: Sequence[Link], known: Mapping[str, int]) -> list[str]:
    """The new ones among the cited, first those that most of the documents cite, then those that most citations of the corpus name."""
    keys = {link.key for link in links}
    counted = select(citations.c.key, func.count()).where(citations.c.key.in_(keys)).group_by(citations.c.key)
    mentions: dict[str, int] = dict(connection.execute(counted).all())
    citing: dict[str, set[int]] = defaultdict(set)
    named: Counter[str] = Counter()
    for link in links:
        node = node_of(link.cited_id, link.key)
        if node not in known:
            citing[node].add(link.citing_id)
            named[node] = max(named[node], mentions[link.key])
    return sorted(citing, key=lambda node: (-len(citing[node]), -named[node], node))


def _take_in_turn(one: Sequence[str], other: Sequence[str], room: int) -> list[str]:
    """The first of both, in turn."""
    turns = (node for pair in zip_longest(one, other) for node in pair if node is not None)
    return list(dict.fromkeys(turns))[:room]


def _levels(graph: Graph) -> dict[str, int]:
    """The column of each node: 0 for the document asked about, 1, 2 … for what it cites, -1, -2 … for what cites it."""
    distance = {node.id: node.distance for node in graph.nodes}
    ahead: dict[str, list[str]] = defaultdict(list)
    behind: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        ahead[edge.source].append(edge.target)
        behind[edge.target].append(edge.source)
    levels = {node: 0 for node, steps in distance.items() if steps == 0}
    for sign, joined in ((1, ahead), (-1, behind)):
        reached = list(levels)
        for node in reached:
            if sign * levels[node] < 0:
                continue
            for other in joined[node]:
                if other not in levels and distance[other] == distance[node] + 1:
                    levels[other] = levels[node] + sign
                    reached.append(other)
    return {node.id: levels.get(node.id, node.distance) for node in graph.nodes}


def _spread(column: Sequence[str]) -> list[tuple[str, float]]:
    return [(node, (index + 0.5) / len(column)) for index, node in enumerate(column)]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _graph(corpus: Corpus, chosen: Mapping[str, int], edges: Iterable[Edge], *, cut: bool) -> Graph:
    ids = _ids(chosen)
    line = {number: found for part in range(0, len(ids), AT_ONCE) for number, found in lines(corpus, ids[part : part + AT_ONCE]).items()}
    missing = set(ids) - set(line)
    if missing:
        raise MissingEntry(f"document {min(missing)}")
    keys = [node.removeprefix("key:") for node in chosen if node.startswith("key:")]
    with corpus.read() as connection:
        stated = find_stated(connection, keys)
    nodes = []
    for node, distance in chosen.items():
        kind, _, name = node.partition(":")
        if kind == "document":
            nodes.append(_document_node(line[int(name)], distance))
        else:
            nodes.append(Node(node, name_key(name, stated[name]), stated[name].title, None, distance))
    nodes.sort(key=lambda node: (node.distance, node.id))
    return Graph(tuple(nodes), tuple(sorted(edges, key=lambda edge: (edge.source, edge.target, edge.relation))), cut)


def _document_node(line: Line, distance: int) -> Node:
    name = " ".join(filter(None, (line.doc_type, line.number or line.title))) or f"document {line.id}"
    return Node(node_of(line.id), name[:1].upper() + name[1:], line.title, line.id, distance, line.number, line.date)
