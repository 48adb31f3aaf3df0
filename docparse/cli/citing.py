"""What `docparse cited DOC` prints and writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from docparse.choose import keys_of
from docparse.cli import answer_tables, answers
from docparse.cli.common import complain
from docparse.cli.options import Form
from docparse.errors import MissingEntry, OutputError
from docparse.files import new_files
from docparse.frames import Table
from docparse.query.citations import Cited, Link
from docparse.query.filters import Filters
from docparse.query.graph_files import edges_csv, graphml, nodes_csv
from docparse.query.graphs import Graph
from docparse.query.search import Line
from docparse.research import Research

MOST_NODES = 500
COLUMNS = ("direction", "relation", "key", "name", "document_id", "date", "title", "mentions")


def print_citations(research: Research, name: str, form: Form | None, *, relation: str | None, limit: int, offset: int) -> None:
    """What a document cites and what cites it; of one that the corpus does not hold, what cites it. Raises MissingEntry."""
    document, cites, cited_by = _citations(research, name, limit=limit, offset=offset)
    cites = [(link, cited) for link, cited in cites if relation in {None, link.relation}]
    cited_by = [(link, line) for link, line in cited_by if relation in {None, link.relation}]
    rows: list[tuple[Any, ...]]
    rows = [("cites", link.relation, link.key, cited.name, link.cited_id, *_facts(cited.document), link.mentions) for link, cited in cites]
    rows += [("cited_by", link.relation, link.key, line.number, line.id, *_facts(line), link.mentions) for link, line in cited_by]
    chosen = answers.chosen(form)
    if chosen is Form.CSV:
        answers.print_csv(Table(COLUMNS, tuple(rows)))
    elif chosen is Form.JSON:
        split = {way: Table(COLUMNS[1:], tuple(row[1:] for row in rows if row[0] == way)) for way in ("cites", "cited_by")}
        answers.print_json({"document": document, **split})
    else:
        parts = [answer_tables.cites(cites)] if cites else []
        answers.print_table(*parts, *([answer_tables.cited_by(cited_by)] if cited_by else []))
    if not rows:
        complain("it cites nothing and nothing cites it." if document else "nothing cites it.")


def graph_of(research: Research, name: str | None, *, filters: Filters, depth: int, along: str | None) -> Graph:
    """The graph around a document, of one relation where it is to go along that only; without a document all of it. Raises MissingEntry."""
    if name is None:
        return research.whole_graph(filters=filters)
    document_id = research.find(name)
    return research.chains(document_id, relation=along, depth=depth) if along else research.neighbourhood(document_id, depth=depth, limit=MOST_NODES)


def write_graph(graph: Graph, path: Path, *, overwrite: bool) -> None:
    """Write GraphML, or the edges as CSV with the nodes in a file beside it (`name-nodes.csv`). Raises OutputError."""
    if path.suffix.lower() not in {".graphml", ".csv"}:
        raise OutputError(str(path), "is no name for a graph", hint="Let it end in .graphml or .csv.")
    if path.suffix.lower() == ".csv":
        pieces = {path.name: edges_csv(graph), f"{path.stem}-nodes{path.suffix}": nodes_csv(graph)}
    else:
        pieces = {path.name: graphml(graph)}
    with new_files(path.parent, list(pieces), overwrite=overwrite) as files:
        for file, text in zip(files, pieces.values(), strict=True):
            with file.open("w", encoding="utf-8") as opened:
                opened.writelines(text)
    more = " of more" if graph.cut else ""
    typer.echo(f"{path}: {len(graph.nodes)} documents{more}, {len(graph.edges)} citations")


def _citations(research: Research, name: str, *, limit: int, offset: int) -> tuple[Line | None, list[tuple[Link, Cited]], list[tuple[Link, Line]]]:
    try:
        found = research.document(research.find(name))
    except MissingEntry:
        keys = keys_of(research.corpus, name)
        citing = [pair for key in keys for pair in research.citing_key(key, limit=limit, offset=offset)]
        if not citing:
            raise
        return None, [], citing
    return found.line, list(research.cites(found.id)), list(research.cited_by(found.id, limit=limit, offset=offset))


def _facts(line: Line | None) -> tuple[str | None, str | None]:
    return (line.date, line.title) if line else (None, None)
