"""Tasks that the document gives or its issuer plans."""

from __future__ import annotations

from collections.abc import Sequence

from docparse.find.blocks import Block, find_blocks
from docparse.find.closing import Closing
from docparse.find.deadlines import Times
from docparse.find.task_actors import ActorReader
from docparse.find.task_charges import find_partners
from docparse.find.task_drafts import Draft, build_tasks
from docparse.find.task_items import body_start, find_items
from docparse.find.task_passages import PassageReader
from docparse.find.task_tables import TaskRow, find_rows
from docparse.record import AgencyMention, Citation, DateMention, Header, Section, Task
from docparse.text import Text


def find_tasks(
    text: Text,
    *,
    header: Header,
    closing: Closing,
    sections: tuple[Section, ...],
    citations: tuple[Citation, ...],
    dates: tuple[DateMention, ...],
    agencies: tuple[AgencyMention, ...],
    blocks: Sequence[Block] | None = None,
) -> tuple[Task, ...]:
    """The tasks of `text` in reading order: what the document charges somebody with (`assigned`) and what its issuer plans (`planned`).

    `blocks` are those of `text`, where they are known already.

    >>> text = Text.of_lines(["Yêu cầu Giám đốc Sở Tài chính phối hợp với Sở Nội vụ rà soát biên chế của các đơn vị."])
    >>> end = Closing(len(text.content), len(text.content))
    >>> found = find_tasks(text, header=Header(), closing=end, sections=(), citations=(), dates=(), agencies=())
    >>> [(task.leads, task.supports, task.action) for task in found]
    [(('Giám đốc Sở Tài chính',), ('Sở Nội vụ',), 'phối hợp với Sở Nội vụ rà soát biên chế của các đơn vị.')]
    """
    reader = ActorReader(text.content, agencies)
    blocks = find_blocks(text) if blocks is None else blocks
    items = find_items(text, blocks, header=header, closing=closing, sections=sections, mentions=(*agencies, *citations))
    passages = PassageReader(reader, header, items, text.content)
    passages.read()
    rows = [_of_row(reader, row) for row in find_rows(text, reader, start=body_start(header, closing), end=len(text.content))]
    drafts = [draft for draft in passages.drafts if not (rows and _is_heading_of_table(draft, passages.annexed))]
    times = Times(text.content, dates, citations)
    drafts = sorted([*rows, *drafts], key=lambda draft: draft.work)
    return build_tasks(text, drafts, sections=sections, citations=citations, times=times, issuer=header.issuer)


def _of_row(reader: ActorReader, row: TaskRow) -> Draft:
    leads = reader.cell(row.lead.start, row.lead.end)
    supports = find_partners(reader, row.work.start, row.work.end, leads=leads)
    if row.support:
        supports = tuple(dict.fromkeys((*supports, *reader.cell(row.support.start, row.support.end))))
    return Draft(row.work.start, row.work.start, row.work.end, leads, supports, "assigned", "task.table", time_cell=row.time)


def _is_heading_of_table(draft: Draft, annexed: set[str]) -> bool:
    """Whether an item of a plan only names what a table of the annex tells in rows."""
    return draft.rule == "task.plan" and draft.section is not None and draft.section.parent in annexed
