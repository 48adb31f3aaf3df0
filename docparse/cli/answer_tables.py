"""Answers as tables for a terminal. Texts of documents are plain text everywhere: never markup, their control characters escaped when printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from docparse.query.agencies import Agency, AgencyLine
from docparse.query.citations import Cited, Link, Unfounded
from docparse.query.documents import Document
from docparse.query.facets import Count, CrossTable, Facet
from docparse.query.kwic import Collocate, Concordances
from docparse.query.search import Hit, Line, Results, Snippet
from docparse.query.tasks import Due, TaskLine, TaskPage
from docparse.words import squeeze

MATCH = "bold yellow"
NARROWEST_CONTEXT = 12
LONGEST_ACTION, LONGEST_TITLE = 300, 160
DUE: dict[Due, str] = {
    "overdue": "Overdue",
    "soon": "Soon",
    "later": "Later",
    "recurring": "Recurring",
    "none": "Without a deadline",
    "done": "Done",
}
UNKNOWN = "(not known)"


def found(answer: Results) -> Iterator[RenderableType]:
    """Hits: what the document is, and its best passage with the match marked."""
    grid = _grid(("id", "right"), "document", "issuer, title, passage", "place")
    grid.leading = 1
    for hit in answer.hits:
        line, best = hit.document, hit.snippets[0] if hit.snippets else None
        facts = [Text(line.number or "(no number)", "bold"), Text(line.date or "", "cyan"), Text(line.doc_type or "", "dim")]
        body = [Text(line.issuer or "", "dim"), Text(_short(line.title or "", LONGEST_TITLE), "bold"), *([highlighted(best)] if best else [])]
        grid.add_row(str(line.id), _stacked(facts), _stacked(body), _stacked(_place(hit, best)))
    if answer.hits:
        yield grid
    yield _shown(answer.offset, len(answer.hits), answer.total, "document")


def _place(hit: Hit, best: Snippet | None) -> list[Text]:
    if best is None:
        return []
    more = Text(f"{hit.passages} places", "dim") if hit.passages > 1 else Text("")
    return [Text(best.section or "", "green"), Text(f"page {best.page}"), more]


def highlighted(snippet: Snippet) -> Text:
    """The passage with its matches marked."""
    text = Text()
    end = 0
    for start, stop in snippet.marks:
        text.append(snippet.text[end:start].replace("\n", " "))
        text.append(snippet.text[start:stop].replace("\n", " "), MATCH)
        end = stop
    return text.append(snippet.text[end:].replace("\n", " "))


def counted(facets: Mapping[Facet, Sequence[Count]]) -> RenderableType:
    """Facets side by side."""
    return Columns([_counts(name, counts) for name, counts in facets.items() if counts], padding=(0, 4))


def _counts(name: str, counts: Sequence[Count]) -> Table:
    rows = ((count.label or count.value or UNKNOWN, f"{count.documents:,}") for count in counts)
    return _table(name.replace("_", " "), ("value", ("documents", "right")), rows)


def crossed(table: CrossTable) -> RenderableType:
    """A cross table; empty cells are 0."""
    columns = [(count.label or UNKNOWN, "right") for count in table.columns]
    rows = ((row.label or UNKNOWN, *(f"{n:,}" if n else "" for n in counts)) for row, counts in zip(table.rows, table.counts, strict=True))
    return _table("", ("", *columns), rows)


def concordance(answer: Concordances, offset: int, width: int) -> Iterator[RenderableType]:
    """One line a place, keywords one under another; `width` is that of the terminal in columns."""
    numbers = [_short(line.document.number or f"id {line.document.id}", 24) for line in answer.lines]
    places = [f"p. {line.page}" for line in answer.lines]
    fixed = max(map(len, numbers), default=0) + max(map(len, places), default=0) + max((len(line.keyword) for line in answer.lines), default=0)
    side = max((width - fixed - 6) // 2, NARROWEST_CONTEXT)
    grid = Table.grid(padding=(0, 1))
    for justify, style in (("left", "dim"), ("right", ""), ("left", MATCH), ("left", ""), ("right", "dim")):
        grid.add_column(justify=justify, style=style, no_wrap=True)  # type: ignore[arg-type]
    for number, line, place in zip(numbers, answer.lines, places, strict=True):
        grid.add_row(*map(Text, (number, _end(line.left, side), line.keyword, _beginning(line.right, side), place)))
    if answer.lines:
        yield grid
    more = f" in {answer.documents:,} document{'' if answer.documents == 1 else 's'}"
    yield _shown(offset, len(answer.lines), answer.total, "place", more)


def _end(text: str, length: int) -> str:
    """The last words that fit."""
    text = text.strip()
    return text if len(text) <= length else text[-length - 1 :].partition(" ")[2]


def _beginning(text: str, length: int) -> str:
    """The first words that fit."""
    text = text.strip()
    return text if len(text) <= length else text[: length + 1].rpartition(" ")[0]


def places(counts: Iterable[tuple[str | None, int]], by: str) -> RenderableType:
    """Places by year, issuer …"""
    return _table("", (by.replace("_", " "), ("places", "right")), ((value or UNKNOWN, f"{number:,}") for value, number in counts))


def collocated(words: Iterable[Collocate]) -> RenderableType:
    """Words that stand near a keyword."""
    columns = ("word", ("near", "right"), ("everywhere", "right"), ("log-likelihood", "right"))
    return _table("", columns, ((word.word, f"{word.near:,}", f"{word.everywhere:,}", f"{word.score:.1f}") for word in words))


def cited_most(rows: Iterable[Cited]) -> RenderableType:
    """The most cited documents."""
    columns = (("documents", "right"), ("mentions", "right"), "cited document", "title", ("id", "right"))
    return _table(
        "",
        columns,
        (
            (f"{row.documents:,}", f"{row.mentions:,}", row.name, _title(row.document) or row.key, str(row.document.id) if row.document else "")
            for row in rows
        ),
    )


def cites(pairs: Sequence[tuple[Link, Cited]]) -> RenderableType:
    """What a document cites."""
    rows = ((link.relation, cited.name, _title(cited.document), str(link.cited_id or ""), _times(link)) for link, cited in pairs)
    return _table(f"Cites ({len(pairs)})", ("relation", "document", "title", ("id", "right"), ("times", "right")), rows)


def cited_by(pairs: Sequence[tuple[Link, Line]]) -> RenderableType:
    """What cites a document."""
    rows = ((link.relation, *_names(line), _title(line), str(line.id), _times(link)) for link, line in pairs)
    columns = ("relation", "number", "date", "issuer", "title", ("id", "right"), ("times", "right"))
    return _table(f"Cited by ({len(pairs)})", columns, rows)


def unfounded(rows: Sequence[Unfounded]) -> RenderableType:
    """Documents that stand on a repealed or replaced one."""
    columns = ("document", "issuer", "stands on", "which is", "by")
    cells = ((_named(row.document), row.document.issuer or "", row.basis_key, _fate(row), _named(row.by)) for row in rows)
    return _table("", columns, cells)


def _fate(row: Unfounded) -> str:
    return {"repeals": "repealed", "replaces": "replaced"}.get(row.relation, row.relation)


def listed_tasks(page: TaskPage, totals: Mapping[Due, int]) -> Iterator[RenderableType]:
    """Tasks under headings: overdue, soon, later, recurring, without a deadline."""
    for due, heading in DUE.items():
        tasks = [task for task in page.tasks if task.due == due]
        if tasks:
            title = f"{heading} ({len(tasks)} of {totals.get(due, len(tasks)):,})"
            columns = ("deadline", "task", "leads", "with", "document", "status")
            yield _table(title, columns, map(_task, tasks), leading=1, narrow=("deadline", "status"))
    yield _shown(page.offset, len(page.tasks), page.total, "task")


def _task(task: TaskLine) -> tuple[str, ...]:
    deadline = task.last_day or task.recurrence or task.first_day or ""
    place = "\n".join(part for part in (task.document.number or f"id {task.document.id}", task.document.date, f"page {task.page}") if part)
    return deadline, _short(task.action, LONGEST_ACTION), "\n".join(task.leads), "\n".join(task.supports), place, task.status


def listed_agencies(rows: Iterable[AgencyLine]) -> RenderableType:
    """Agencies with how often they are mentioned, issue and lead."""
    columns = ("id", "name", "level", "place", ("mentioned in", "right"), ("issued", "right"), ("tasks led", "right"))
    return _table(
        "",
        columns,
        ((row.id, row.name, row.level or "", row.place or "", f"{row.mentioned:,}", f"{row.issued:,}", f"{row.led:,}") for row in rows),
    )


def agency_page(agency: Agency) -> Iterator[RenderableType]:
    """What is known of an agency, its newest documents and tasks."""
    line = agency.line
    yield Text(line.name, "bold reverse")
    yield _facts(
        {
            "id": line.id,
            "kind": line.kind,
            "level": line.level,
            "place": line.place,
            "aliases": "; ".join(agency.aliases),
            "valid": f"{agency.valid_from or ''} – {agency.valid_to or ''}" if agency.valid_from or agency.valid_to else "",
            "before": "; ".join(f"{name} ({known})" for known, name in agency.predecessors),
            "after": "; ".join(f"{name} ({known})" for known, name in agency.successors),
            "mentioned in": f"{line.mentioned:,} documents",
        }
    )
    if agency.issued:
        rows = ((*_names(document)[:2], _title(document), str(document.id)) for document in agency.issued)
        yield _table(f"Issued ({line.issued:,})", ("number", "date", "title", ("id", "right")), rows)
    for heading, tasks in ((f"Leads ({line.led:,})", agency.leads), ("Supports", agency.supports)):
        if tasks:
            rows_of_tasks = ((task.last_day or task.recurrence or "", _short(task.action, LONGEST_ACTION), _named(task.document)) for task in tasks)
            yield _table(heading, ("deadline", "task", "document"), rows_of_tasks, narrow=("deadline",))


def standing(document: Document, citing: int) -> Iterator[RenderableType]:
    """What the corpus knows of a document beyond its record."""
    yield _facts(
        {
            "id": str(document.id),
            "file": document.location,
            "cited by": f"{citing:,} documents" if citing else "",
            "the same as": "; ".join(f"{_named(line)} (id {line.id})" for line in document.duplicates),
            "corrected": "by reviewers; what follows holds their corrections" if document.record != document.parsed else "",
        }
    )
    linked = {link.cited.id: link.cited for link in document.links if link.cited}
    if linked:
        rows = ((*_names(line), _title(line), str(line.id)) for line in linked.values())
        yield _table(f"Cites of the corpus ({len(linked)})", ("number", "date", "issuer", "title", ("id", "right")), rows)


def _shown(offset: int, shown: int, total: int, thing: str, more: str = "") -> Text:
    part = f"{offset + 1:,}–{offset + shown:,} of " if shown and (offset or shown < total) else ""
    return Text(f"{part}{total:,} {thing}{'' if total == 1 else 's'}{more}", "dim")


def _facts(facts: Mapping[str, str | None]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="cyan", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in facts.items():
        if value:
            grid.add_row(label, Text(value))
    return grid


def _table(
    title: str,
    columns: Sequence[str | tuple[str, str]],
    rows: Iterable[Sequence[str]],
    *,
    leading: int = 0,
    narrow: Sequence[str] = (),
) -> Table:
    table = _grid(*columns, narrow=narrow)
    table.title, table.title_justify, table.leading = (Text(title, "bold"), "left", leading) if title else (None, "left", leading)
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _grid(*columns: str | tuple[str, str], narrow: Sequence[str] = ()) -> Table:
    table = Table(header_style="cyan", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        name, justify = (column, "left") if isinstance(column, str) else column
        options: dict[str, Any] = {"justify": justify, "no_wrap": justify == "right" or name in {"date", "place", *narrow}}
        table.add_column(Text(name), overflow="fold", **options)
    return table


def _stacked(lines: Iterable[Text]) -> Group:
    return Group(*(line for line in lines if line.plain))


def _names(line: Line) -> tuple[str, str, str]:
    return line.number or "", line.date or "", line.issuer or ""


def _named(line: Line) -> str:
    return " ".join(part for part in (line.number or line.doc_type or f"id {line.id}", f"({line.date})" if line.date else "") if part)


def _title(line: Line | None) -> str:
    return _short(line.title or "", LONGEST_TITLE) if line else ""


def _times(link: Link) -> str:
    return str(link.mentions) if link.mentions > 1 else ""


def _short(text: str, longest: int) -> str:
    text = squeeze(text)
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0] + "…"
