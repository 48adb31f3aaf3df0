"""The readable summary of a record for a terminal: header, section outline, tables of findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled
from rich.tree import Tree

from docparse.lexicon import rule_sources
from docparse.record import Citation, DateMention, Deadline, Header, Record, Section
from docparse.verify import COLUMNS, signature_row
from docparse.words import squeeze

LONGEST_CELL = 240
LONGEST_HEADING = 110
SHOWN_CORRECTIONS = 5
UNBROKEN = {"status", "times", "level", "relation", "modifier", "date"}  # columns that keep their width
LEAST_WIDTH = {"deadline": len("by 2024-03-15")}


def summary(record: Record, *, explain: bool = False) -> RenderableType:
    """What a reader wants to see of a record; with `explain` also the rule behind each finding and its source."""
    parts: list[RenderableType] = [Styled(record.source.filename, style="bold reverse"), _facts(record, explain=explain)]
    if record.problems:
        parts.append(_table("Problems", ("code", "message", "page"), _problems(record)))
    if record.signatures:
        parts.append(_table(f"Signatures ({len(record.signatures)})", COLUMNS, map(signature_row, record.signatures)))
    if record.sections:
        parts.append(_outline(record, explain=explain))
    parts += [table for table in (_citations(record, explain), _dates(record, explain), _agencies(record, explain), _tasks(record, explain)) if table]
    if explain:
        parts.append(_rules(record))
    return Group(*(Padding(part, (0, 0, 1, 0)) for part in parts))


def _facts(record: Record, *, explain: bool) -> Table:
    header, source = record.header, record.source
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="cyan", no_wrap=True)
    grid.add_column(overflow="fold")

    def row(label: str, value: str | None, key: str = "") -> None:
        rule = _header_rule(header, key) if explain else ""
        if value:
            grid.add_row(label, Styled.assemble(value, (f"  {rule}" if rule else "", "dim")))

    row("type", header.doc_type, "doc_type")
    row("number", header.number, "number")
    row("issuer", header.issuer, "issuer")
    row("under", header.parent_issuer, "parent_issuer")
    row("place", header.place, "place")
    row("date", str(header.date or ""), "date")
    row("title", header.title, "title")
    row("to", "\n".join(header.addressees), "addressees")
    row("urgency", header.urgency, "urgency")
    row("secrecy", header.secrecy, "secrecy")
    for signer in record.signers:
        role = " ".join(part for part in (signer.authority, signer.on_behalf_of) if part)
        row("signed by", ", ".join(part for part in (signer.name, signer.position, role) if part) + (f"  {signer.rule}" if explain else ""))
    row("recipients", "; ".join(record.recipients))
    pages = f"{source.pages} page{'' if source.pages == 1 else 's'}" if source.pages else ""
    row("source", ", ".join(part for part in (source.media_type, pages, source.text_origin, f"{len(record.text):,} characters") if part))
    return grid


def _header_rule(header: Header, key: str) -> str:
    mark = header.marks.get(key)
    return mark.rule if mark else ""


def _outline(record: Record, *, explain: bool) -> Tree:
    root = Tree(Styled(f"Sections ({len(record.sections)})", style="bold"), guide_style="dim")
    nodes: dict[str | None, Tree] = {None: root}
    for section in record.sections:
        label = Styled.assemble((section.label, "green"), "  ", _heading(record, section), (f"  {section.rule}" if explain else "", "dim"))
        nodes[section.id] = nodes.get(section.parent, root).add(label)
    return root


def _heading(record: Record, section: Section) -> str:
    if section.heading:
        return _short(section.heading, LONGEST_HEADING)
    label = r"\s*".join(map(re.escape, section.label.split()))
    start = record.text[section.start : min(section.end, section.start + 2 * LONGEST_HEADING)]
    return _short(re.sub(rf"^[(\s]*{label}[.):/\s-]*", "", start, count=1), LONGEST_HEADING)


def _citations(record: Record, explain: bool) -> Table | None:
    rows = (
        (_cited(found), found.date or "", found.issuer or "", _provisions(found), found.relation, *([found.rule] if explain else []))
        for found in record.citations
    )
    return _counted("Citations", ("document", "date", "issuer", "provisions", "relation"), rows, explain)


def _cited(found: Citation) -> str:
    name = " ".join(part for part in (found.doc_type, found.number) if part)
    return _short(name if found.number or not found.title else f"{name} {found.title}".strip())


def _provisions(found: Citation) -> str:
    return "\n".join(", ".join(f"{unit} {label}" for unit, label in reversed(place.items())) for place in found.provisions)


def _dates(record: Record, explain: bool) -> Table | None:
    rows = ((squeeze(found.text), _days(found), found.modifier or "", *([found.rule] if explain else [])) for found in record.dates)
    return _counted("Dates", ("text", "days", "modifier"), rows, explain)


def _days(found: DateMention | Deadline) -> str:
    if found.recurrence:
        return found.recurrence
    if found.first_day is None:
        return f"by {found.last_day}"
    if found.last_day is None:
        return f"from {found.first_day}"
    return str(found.first_day) if found.first_day == found.last_day else f"{found.first_day} – {found.last_day}"


def _agencies(record: Record, explain: bool) -> Table | None:
    rows = (
        (squeeze(found.mention), "" if found.name == found.mention else found.name, found.level or "", *([found.rule] if explain else []))
        for found in record.agencies
        if not found.collective
    )
    return _counted("Agencies", ("mention", "full name", "level"), rows, explain)


def _tasks(record: Record, explain: bool) -> Table | None:
    rows = (
        (
            _short(task.action) + (f"\n{task.rule}" if explain else ""),
            "\n".join(task.leads),
            "\n".join(task.supports),
            _days(task.deadline) if task.deadline else "",
            task.status,
        )
        for task in record.tasks
    )
    columns = ("action", "leads", "with", "deadline", "status")
    return _table(f"Tasks ({len(record.tasks)})", columns, rows, leading=1) if record.tasks else None


def _rules(record: Record) -> Table:
    findings = (*record.signers, *record.sections, *record.citations, *record.dates, *record.agencies, *record.tasks, *record.header.marks.values())
    sources = rule_sources()
    fired = Counter(finding.rule for finding in findings)
    return _table("Rules that fired", ("rule", "times", "source"), ((rule, str(n), sources.get(rule, "")) for rule, n in sorted(fired.items())))


def _counted(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], explain: bool) -> Table | None:
    counts = Counter(tuple(row) for row in rows)
    shown = [(*row, str(times) if times > 1 else "") for row, times in counts.items()]
    return _table(f"{title} ({counts.total()})", (*columns, *(["rule"] if explain else []), "times"), shown) if shown else None


def _problems(record: Record) -> Iterator[tuple[str, str, str]]:
    """The problems as rows; corrected words, of which a scan has many, are one row."""
    corrected = [problem for problem in record.problems if problem.code == "corrected"]
    for problem in record.problems:
        if problem.code != "corrected":
            yield problem.code, problem.message, str(problem.page or "")
    if corrected:
        some = ", ".join(f"{problem.raw} → {record.text[problem.start : problem.end]}" for problem in corrected[:SHOWN_CORRECTIONS])
        more = ", …" if len(corrected) > SHOWN_CORRECTIONS else ""
        yield "corrected", f"{len(corrected)} recognised words corrected: {some}{more} (all of them in --format json)", ""


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, leading: int = 0) -> Table:
    table = Table(title=Styled(title, style="bold"), title_justify="left", header_style="cyan", box=SIMPLE_HEAD, pad_edge=False, leading=leading)
    for column in columns:
        table.add_column(
            column, overflow="fold", justify="right" if column == "times" else "left", no_wrap=column in UNBROKEN, min_width=LEAST_WIDTH.get(column)
        )
    for row in rows:
        table.add_row(*(Styled(cell) for cell in row))
    return table


def _short(text: str, longest: int = LONGEST_CELL) -> str:
    text = squeeze(text)
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0] + "…"
