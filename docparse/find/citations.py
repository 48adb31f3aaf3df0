"""Mentions of other documents: what is cited, which parts of it, and how this document stands to it."""

from __future__ import annotations

from bisect import bisect_right

from docparse.find.closing import Closing
from docparse.find.links import link_mentions
from docparse.find.mention import Mention, Views
from docparse.find.mentions import find_mentions
from docparse.find.quotes import find_quotes
from docparse.find.relations import Relations, same_agency
from docparse.find.resolve import resolve_mentions
from docparse.find.words import squeeze
from docparse.record import Citation, Header, Section
from docparse.text import Text

ANNEX_LINE = 60


def find_citations(text: Text, *, header: Header, closing: Closing, sections: tuple[Section, ...]) -> tuple[Citation, ...]:
    """Every mention of another document, in order; the document's own number is none.

    >>> from docparse.text import Text
    >>> text = Text.of_lines(["Thực hiện Công văn số 12/SNV-VP ngày 3/2/2025 của Sở Nội vụ."])
    >>> [citation] = find_citations(text, header=Header(), closing=Closing(len(text.content), len(text.content)), sections=())
    >>> citation.number, citation.date, citation.issuer, citation.relation
    ('12/SNV-VP', '2025-02-03', 'Sở Nội vụ', 'implements')
    """
    views = Views.of(text)
    mentions = [mention for mention in find_mentions(views) if not is_own_number(views, mention, header)]
    clauses = link_mentions(views, mentions)
    relations = Relations(views, clauses, header=header, sections=sections, quotes=find_quotes(text.content))
    ends = [0, *(mention.end for mention in mentions)]
    for mention, previous_end in zip(mentions, ends, strict=False):
        mention.relation = relations.of(mention, previous_end)
    keys = resolve_mentions(mentions, header)
    holder = SectionAt(sections)
    return tuple(
        Citation(
            start=mention.start,
            end=mention.end,
            rule=mention.rule,
            text=text.content[mention.start : mention.end],
            doc_type=mention.doc_type,
            number=mention.number,
            date=mention.date,
            issuer=mention.issuer,
            title=mention.title,
            provisions=mention.provisions,
            relation=mention.relation,
            section=holder.innermost(mention.core),
            resolved=key,
            page=text.page_at(mention.start),
        )
        for mention, key in zip(mentions, keys, strict=True)
    )


def is_own_number(views: Views, mention: Mention, header: Header) -> bool:
    """Whether a mention is the document's own number: in the letterhead, on an annex line (`Kèm theo Công văn số …`) or repeated."""
    mark = header.marks.get("number")
    if mark and mark.start < mention.end and mention.core < mark.end:
        return True
    own = mention.number and header.number and mention.number.upper() == header.number.upper()
    if own:
        same_day = mention.date is None or header.date is None or mention.date == header.date.isoformat()
        return same_day and (mention.issuer is None or header.issuer is None or same_agency(mention.issuer, header.issuer))
    if header.doc_type in ("luật", "bộ luật", "pháp lệnh") and mention.title and header.title and mention.number is None:
        return squeeze(mention.title).lower() == squeeze(header.title).lower() and mention.doc_type == header.doc_type
    return header.number is None and mention.printed is not None and _on_annex_line(views, mention)


def _on_annex_line(views: Views, mention: Mention) -> bool:
    line = views.low.rfind("\n", 0, mention.core) + 1
    return mention.core - line < ANNEX_LINE and views.low[line : mention.core].lstrip().startswith(("(kèm theo", "(ban hành kèm theo", "(đính kèm"))


class SectionAt:
    """The innermost section at an offset, by one pass over the section starts."""

    def __init__(self, sections: tuple[Section, ...]) -> None:
        self._sections = sorted(sections, key=lambda section: section.start)
        self._starts = [section.start for section in self._sections]
        self._by_id = {section.id: section for section in self._sections}

    def innermost(self, offset: int) -> str | None:
        """The id of the innermost section that holds `offset`, None outside of all."""
        index = bisect_right(self._starts, offset) - 1
        section = self._sections[index] if index >= 0 else None
        while section and offset >= section.end:
            section = self._by_id.get(section.parent) if section.parent else None
        return section.id if section else None
