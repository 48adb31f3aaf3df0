"""Commands for those who read a corpus: search, facets, kwic, cited, agencies, agency, show."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from docparse.cli.common import complain, usage_errors
from docparse.cli.corpus import CORPUS, Where
from docparse.cli.options import Asked, Form, Formatted, Limit, Page, choosing_documents

if TYPE_CHECKING:
    from docparse.query.search import Results
    from docparse.research import Research

VALUES = "docparse facets shows which values there are."

Order = Literal["relevance", "newest", "oldest"]
Sort = Literal["document", "left", "right", "keyword", "date"]
CountBy = Literal["year", "issuer", "doc_type", "keyword"]


@choosing_documents()
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words, phrases, AND OR NOT, NEAR; docs/research.md.", show_default=False)] = "",
    corpus: Where = CORPUS,
    order: Annotated[Order, typer.Option("--order", help="relevance, newest or oldest.")] = "relevance",
    limit: Limit = 10,
    page: Page = 1,
    facets: Annotated[bool, typer.Option("--facets", help="Count the documents found by kind, issuer, year … too.")] = False,
    form: Formatted = None,
    *,
    asked: Asked,
) -> None:
    """Find documents by their text. Without a QUERY, all that fit the options, newest first.

    Marks may be left out (phan bo von); words with marks and "quoted phrases" are exact.
    """
    from docparse.cli import answers

    chosen = answers.chosen(form)
    if facets and chosen is Form.CSV:
        raise typer.BadParameter("is for tables and JSON; docparse facets --format csv gives them as CSV", param_hint="--facets")
    with research_in(corpus) as research:
        filters = research.filters(**asked)
        found = research.search(query, filters=filters, order=order, limit=limit, offset=(page - 1) * limit)
        counts = research.facets(query, filters=filters) if facets else {}
        from docparse.cli import answer_tables

        if chosen is Form.JSON and facets:
            answers.print_json({**answers.as_plain(found), "facets": counts})
        else:
            answers.print_answer(found, chosen, lambda: [*answer_tables.found(found), *([answer_tables.counted(counts)] if facets else [])])
        _hint(found, asked)


@choosing_documents()
def facets(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="As for search; without it all documents.", show_default=False)] = "",
    corpus: Where = CORPUS,
    by: Annotated[list[str] | None, typer.Option("--by", metavar="NAME", help="Count by this only; several times.", show_default=False)] = None,
    cross: Annotated[str | None, typer.Option("--cross", metavar="NAME", help="A cross table of --by and this.", show_default=False)] = None,
    limit: Limit = 10,
    form: Formatted = None,
    *,
    asked: Asked,
) -> None:
    """Count documents by doc_type, issuer, level, province, year, month, cited (document), lead and status (of tasks), origin (of the text)."""
    from docparse.cli import answers
    from docparse.query.facets import FACETS, Count

    names = [name for name in FACETS if not by or name in by]
    across = [name for name in FACETS if name == cross]
    if set(by or []) > set(names) or (cross and not across):
        raise typer.BadParameter(f"there are {', '.join(FACETS)}", param_hint="--by")
    if across and len(names) != 1:
        raise typer.BadParameter("needs exactly one --by", param_hint="--cross")
    with research_in(corpus) as research:
        from docparse.cli import answer_tables

        filters = research.filters(**asked)
        if across:
            crossed = research.crosstab(names[0], across[0], query, filters=filters, limit=limit)
            answers.print_answer(crossed, form, lambda: [answer_tables.crossed(crossed)])
            return
        counts = research.facets(query, filters=filters, names=names, limit=limit)
        answers.print_answer(counts, form, lambda: [answer_tables.counted(counts)], kinds=[Count])


@choosing_documents()
def kwic(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="A word or phrase.", show_default=False)],
    corpus: Where = CORPUS,
    sort: Annotated[Sort, typer.Option("--sort", help="document, date, or by the words left, right, or of the keyword.")] = "document",
    width: Annotated[int, typer.Option("--width", min=10, max=500, help="Characters of context on each side.")] = 60,
    count_by: Annotated[
        CountBy | None, typer.Option("--count-by", help="Count the places instead: by year, issuer, doc_type or keyword.", show_default=False)
    ] = None,
    collocates: Annotated[bool, typer.Option("--collocates", help="Instead, words that stand near it more often than elsewhere.")] = False,
    span: Annotated[int, typer.Option("--span", min=1, max=20, help="How many words near is, for --collocates.")] = 5,
    limit: Limit = 50,
    page: Page = 1,
    form: Formatted = None,
    *,
    asked: Asked,
) -> None:
    """Show a word or phrase wherever it stands, with what is left and right of it (keyword in context)."""
    from docparse.cli import answers
    from docparse.frames import Table
    from docparse.query.kwic import Collocate

    if count_by and collocates:
        raise typer.BadParameter("give --count-by or --collocates, not both", param_hint="--count-by")
    with research_in(corpus) as research:
        from docparse.cli import answer_tables

        filters = research.filters(**asked)
        if count_by:
            counts = research.count_places(query, filters=filters, by=count_by)
            named = Table((count_by, "places"), counts)
            answers.print_answer(named, form, lambda: [answer_tables.places(counts, count_by)])
        elif collocates:
            words = research.collocates(query, filters=filters, span=span, limit=limit)
            answers.print_answer(words, form, lambda: [answer_tables.collocated(words)], kinds=[Collocate])
        else:
            offset = (page - 1) * limit
            found = research.kwic(query, filters=filters, sort=sort, width=width, limit=limit, offset=offset)
            answers.print_answer(found, form, lambda: answer_tables.concordance(found, offset, answers.console().width))
            if not found.complete:
                complain("a random sample of the documents was read; narrow the search for all places.")
            say_if_empty(found.lines, found.total, asked)


@choosing_documents()
def cited(
    name: Annotated[
        str | None, typer.Argument(metavar="[DOC]", help="Id, number, file name or start of the SHA-256; of a document that is not here its number.")
    ] = None,
    corpus: Where = CORPUS,
    relation: Annotated[str | None, typer.Option("--relation", help="Only basis, implements, amends, repeals …", show_default=False)] = None,
    unfounded: Annotated[bool, typer.Option("--unfounded", help="Documents whose basis another one repeals or replaces.")] = False,
    graph: Annotated[
        Path | None,
        typer.Option("--graph", metavar="FILE", help="Write the graph around DOC, or all of it: .graphml, .csv.", show_default=False),
    ] = None,
    depth: Annotated[int, typer.Option("--depth", min=1, max=6, help="Steps from DOC in the graph.")] = 2,
    chain: Annotated[bool, typer.Option("--chain", help="A graph of what DOC rests on: the basis of the basis …, or --relation.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace FILE if it is there.")] = False,
    limit: Limit = 20,
    page: Page = 1,
    form: Formatted = None,
    *,
    asked: Asked,
) -> None:
    """Show what is cited most; of DOC, what it cites and what cites it."""
    from docparse.cli import answers, citing

    if chain and (graph is None or name is None):
        raise typer.BadParameter("needs a DOC and --graph", param_hint="--chain")
    if unfounded and name is not None:
        raise typer.BadParameter("goes without a DOC", param_hint="--unfounded")
    with research_in(corpus) as research:
        from docparse.cli import answer_tables
        from docparse.query.citations import Cited, Unfounded

        filters = research.filters(**asked)
        if graph is not None:
            along = (relation or "basis") if chain else None
            citing.write_graph(citing.graph_of(research, name, filters=filters, depth=depth, along=along), graph, overwrite=overwrite)
        elif name is not None:
            citing.print_citations(research, name, form, relation=relation, limit=limit, offset=(page - 1) * limit)
        elif unfounded:
            standing = research.unfounded(filters=filters, limit=limit)
            answers.print_answer(standing, form, lambda: [answer_tables.unfounded(standing)], kinds=[Unfounded])
            say_if_empty(standing, len(standing), asked)
        else:
            most = research.most_cited(filters=filters, relation=relation, limit=limit, offset=(page - 1) * limit)
            answers.print_answer(most, form, lambda: [answer_tables.cited_most(most)], kinds=[Cited])
            say_if_empty(most, len(most), asked)


@choosing_documents()
def agencies(
    name: Annotated[str, typer.Argument(metavar="[WORDS]", help="Words of the name or of an alias.", show_default=False)] = "",
    corpus: Where = CORPUS,
    limit: Limit = 50,
    page: Page = 1,
    form: Formatted = None,
    *,
    asked: Asked,
) -> None:
    """List agencies: in how many documents they are named, how many they issued, how many tasks they lead."""
    from docparse.cli import answers
    from docparse.query.agencies import AgencyLine

    with research_in(corpus) as research:
        from docparse.cli import answer_tables

        found = research.agencies(name, filters=research.filters(**asked), limit=limit, offset=(page - 1) * limit)
        answers.print_answer(found, form, lambda: [answer_tables.listed_agencies(found)], kinds=[AgencyLine])
        say_if_empty(found, len(found), asked)


def agency(
    agency_id: Annotated[str, typer.Argument(metavar="ID", help="Its id; docparse agencies tells it.", show_default=False)],
    corpus: Where = CORPUS,
    limit: Limit = 20,
    form: Formatted = None,
) -> None:
    """Show an agency: aliases, validity, what it was and became, its newest documents and tasks."""
    from docparse.cli import answers

    with research_in(corpus) as research:
        from docparse.cli import answer_tables

        found = research.agency(agency_id, limit=limit)
        answers.print_answer(found, form, lambda: answer_tables.agency_page(found))


def show(
    name: Annotated[str, typer.Argument(metavar="DOC", help="Id, number, file name or start of the SHA-256.", show_default=False)],
    corpus: Where = CORPUS,
    as_json: Annotated[bool, typer.Option("--json", help="Print the record as JSON, with the corrections of reviewers.")] = False,
    as_table: Annotated[bool, typer.Option("--table", help="Print the summary, also where standard output is no terminal.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show the rule behind each finding and its source.")] = False,
) -> None:
    """Show a document of the corpus: its record (--json, and where standard output is no terminal), or a summary."""
    from docparse.cli import answers

    with research_in(corpus) as research:
        found = research.document(research.find(name))
        if as_json or not (as_table or explain or sys.stdout.isatty()):
            answers.print_json(found.record)
            return
        from docparse.cli import answer_tables
        from docparse.show import summary

        answers.print_table(*answer_tables.standing(found, research.count_citing(found.id)), summary(found.record, explain=explain))


@contextmanager
def research_in(where: str) -> Iterator[Research]:
    """A corpus to ask; any error of docparse ends the command."""
    with usage_errors():
        from docparse.research import open_corpus

        with open_corpus(where) as research:
            yield research


def _hint(found: Results, asked: Asked) -> None:
    if not found.total and found.suggestion:
        complain(f"nothing found. Try: docparse search '{found.suggestion}'")
    else:
        say_if_empty(found.hits, found.total, asked)


def say_if_empty(shown: object, total: int, asked: Asked) -> None:
    """Tell those who get nothing why."""
    if shown:
        return
    if total:
        complain("there is no such page; give a smaller --page.")
    else:
        complain("nothing found." + (f" {VALUES}" if asked else ""))
