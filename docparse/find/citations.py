"""Mentions of other documents: what is cited, which parts of it, and how this document stands to it."""

from __future__ import annotations

import re

from docparse.find.casing import Body, ordinary_case
from docparse.find.closing import Closing
from docparse.find.links import link_mentions
from docparse.find.mention import Mention, Views
from docparse.find.mentions import find_mentions
from docparse.find.numbers import find_numbers
from docparse.find.quotes import find_quotes
from docparse.find.relations import Relations, same_agency
from docparse.find.resolve import resolve_mentions
from docparse.record import Citation, Header, Section
from docparse.text import Text
from docparse.words import squeeze

OWN_NUMBER = re.compile(r"\W{0,4}s[ốoó]\s*[:.]?\s*")
ANNEX_LINE = 60
ANNEX = re.compile(r"(?:\A|\n)\s*\((?:(?:ban\s+hành\s+)?kèm\s+theo|đính\s+kèm)[^()]*\Z")


def find_citations(text: Text, *, header: Header, closing: Closing, sections: tuple[Section, ...]) -> tuple[Citation, ...]:
    """Every mention of another document, in order; the document's own number is none.

    >>> from docparse.text import Text
    >>> text = Text.of_lines(["Thực hiện Công văn số 12/SNV-VP ngày 3/2/2025 của Sở Nội vụ."])
    >>> [citation] = find_citations(text, header=Header(), closing=Closing(len(text.content), len(text.content)), sections=())
    >>> citation.number, citation.date, citation.issuer, citation.relation
    ('12/SNV-VP', '2025-02-03', 'Sở Nội vụ', 'implements')
    """
    views = Views.of(text)
    found = [(mention, is_own_number(views, mention, header)) for mention in find_mentions(views)]
    mentions, own = [mention for mention, is_own in found if not is_own], [mention for mention, is_own in found if is_own]
    clauses = link_mentions(views, mentions)
    Relations(views, clauses, header=header, sections=sections, quotes=find_quotes(text.content), own=own).decide(mentions)
    body = Body(text.content)
    keys = resolve_mentions(mentions, header)
    return tuple(
        Citation(
            start=mention.start,
            end=mention.end,
            rule=mention.rule,
            text=text.content[mention.start : mention.end],
            doc_type=mention.doc_type,
            number=mention.number,
            date=mention.date,
            issuer=_whole_name(mention.issuer, header, body),
            title=mention.title,
            provisions=mention.provisions,
            relation=mention.relation,
            resolved=key,
        )
        for mention, key in zip(mentions, keys, strict=True)
    )


def _whole_name(name: str | None, header: Header, body: Body) -> str | None:
    """An issuer in ordinary case; `Sở` alone in a document of Sở Tư pháp is that one."""
    if not name:
        return None
    if " " not in name:
        own = header.issuer or ""
        return own if own.lower().startswith(f"{name.lower()} ") else name
    return ordinary_case(name, body) if name.isupper() else name


def is_own_number(views: Views, mention: Mention, header: Header) -> bool:
    """Whether a mention is the document's own number: in the letterhead, on an annex line (`Kèm theo Công văn số …`) or repeated."""
    mark = header.marks.get("number")
    if (mark and mark.start < mention.end and mention.core < mark.end) or _on_number_line(views, mention, header):
        return True
    own = mention.number and header.number and mention.number.upper() == header.number.upper()
    if own or _is_own_short(mention, header):
        if mention.date and header.date:
            return mention.date == header.date.isoformat()
        return mention.issuer is None or header.issuer is None or same_agency(mention.issuer, header.issuer, header.parent_issuer)
    if header.doc_type in ("luật", "bộ luật", "pháp lệnh") and mention.title and header.title and mention.number is None:
        return squeeze(mention.title).lower() == squeeze(header.title).lower() and mention.doc_type == header.doc_type
    same = mention.doc_type == header.doc_type and mention.date == (header.date.isoformat() if header.date else "")
    return mention.printed is not None and (header.number is None or same) and _on_annex_line(views, mention)


def _is_own_short(mention: Mention, header: Header) -> bool:
    """Whether a number without its symbol is the document's own: `Nghị định 91` in Nghị định 91/2014/NĐ-CP."""
    own = next(find_numbers(header.number or ""), None)
    if own is None or own.year is None or mention.rule != "citation.short" or mention.doc_type != header.doc_type:
        return False
    return mention.number in (own.num, f"{own.num}/{own.year}")


def _on_number_line(views: Views, mention: Mention, header: Header) -> bool:
    """Whether a mention is what recognition made of the document's number: it opens a line of the letterhead, above type and title."""
    below = [header.marks[field].start for field in ("doc_type", "title", "addressees") if field in header.marks]
    line = views.low.rfind("\n", 0, mention.core) + 1
    label = OWN_NUMBER.match(views.low, line)
    return header.number is None and label is not None and mention.core <= label.end() and label.end() < min(below, default=0)


def _on_annex_line(views: Views, mention: Mention) -> bool:
    return ANNEX.search(views.low, max(mention.core - ANNEX_LINE, 0), mention.core) is not None
