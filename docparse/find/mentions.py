"""Where documents are mentioned: by number, by a short number behind the type, by type with day and issuer, by name."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from docparse.find.frames import frame
from docparse.find.laws import find_laws
from docparse.find.mention import Mention, Views, read_date
from docparse.find.mention_tail import read_tail
from docparse.find.numbers import DocumentNumber, find_numbers
from docparse.find.provisions import Parts
from docparse.find.stated_issuer import read_issuer
from docparse.find.type_words import TypeWord, find_type_words, type_of_symbol
from docparse.find.unnumbered import find_named, find_short
from docparse.lexicon import load_values

LABEL = re.compile(r"\n\s{0,8}\d{1,2}/\s[^/]{0,6}\Z")
SO = re.compile(r"(?<!\w)(?:so|se)\s*[:.]?\s*\Z")
LETTERHEAD = re.compile(r"(?:\A|\n)[^a-z\d\n]{0,4}(?:s[oe])?\s?[:.]\s?[^\s()]{0,6}\s?\Z")
EARLIER_ITEMS = re.compile(r"(?:\d{1,5}[a-zđ]?(?:/(?:19|20)\d{2})?\s*(?:,|;|va)\s*(?:so\s+)?){1,15}\Z")
LAST_ITEM = re.compile(r"[\da-zđ]\s*(?:,|;|va)\s*(?:so\s+)?\Z")
LAWS = frozenset({"luật", "bộ luật", "pháp lệnh"})
LEGISLATORS = frozenset({"QH", "UBTVQH"})
ITEM = re.compile(r"\d{1,5}[a-zđ]?(?:/(?:19|20)\d{2})?")


def find_mentions(views: Views) -> list[Mention]:
    """All mentions in order, with type, number, date, issuer, title and provisions as stated with each."""
    words = find_type_words(views)
    laws = sorted(find_laws(views), key=lambda law: law.core)
    mentions = [*laws]
    for mention in _numbered(views, words, laws):
        mentions += [*_earlier_items(views, mention, words, mentions[-1] if mentions else None), mention]
    taken = _Taken(mentions)
    begun = {mention.core for mention in mentions}
    mentions += [mention for mention in find_short(views, [word for word in words if word.start not in begun]) if taken.add(mention)]
    mentions += [mention for mention in find_named(views, words) if taken.add(mention)]
    mentions.sort(key=lambda mention: (mention.core, -mention.end))
    parts = Parts(views.content, views.low)
    for mention in mentions:
        mention.start, mention.provisions = parts.before(mention.core)
        mention.reach = max(mention.reach, mention.end)
    return mentions


class _Taken:
    """Which stretches of the text already belong to a mention."""

    def __init__(self, mentions: list[Mention]) -> None:
        self._spans = sorted((mention.core, mention.end) for mention in mentions)

    def add(self, mention: Mention) -> bool:
        """Take the stretch of `mention`; whether it was free."""
        index = bisect_left(self._spans, (mention.core, mention.core))
        if (index and self._spans[index - 1][1] > mention.core) or (index < len(self._spans) and self._spans[index][0] < mention.end):
            return False
        self._spans.insert(index, (mention.core, mention.end))
        return True


def _numbered(views: Views, words: list[TypeWord], laws: list[Mention]) -> Iterator[Mention]:
    ends = [word.end for word in words]
    laws = sorted(laws, key=lambda law: (law.end, law.rule == "law.amending"))
    law_ends = [law.end for law in laws]
    before: Mention | None = None
    for number in find_numbers(views.content):
        window = max(number.start - 160, 0)
        law_at = bisect_right(law_ends, number.start) - 1
        law = laws[law_at] if law_at >= 0 else None
        if (
            law
            and law.number is None
            and number.year
            and "QH" in (number.organ or "")
            and any(frame(gap).fullmatch(views.plain, law.end, number.start) for gap in ("to_law_number", "cut_law_number"))
        ):
            law.number, law.printed, law.end = number.canonical, number, number.end
            read_tail(views, law)
            before = law
            continue
        index = bisect_right(ends, number.start) - 1
        word = words[index] if index >= 0 and words[index].end >= window else None
        gap = frame("to_number").fullmatch(views.plain, word.end, number.start) if word else None
        if word and not gap and word.doc_type in {type_of_symbol(number), "văn bản"}:
            gap = frame("far_number").fullmatch(views.plain, word.end, number.start)
        elif word and not gap and word.doc_type in LAWS and number.organ in LEGISLATORS:
            gap = frame("far_law_number").fullmatch(views.plain, word.end, number.start)
        if frame("no_document").search(views.plain, window, number.start) and not gap:
            before = None
            continue
        mention: Mention | None = None
        if word and gap:
            mention = Mention(word.start, number.end, word.doc_type, number.canonical, number.rule, number)
            _read_between(views, mention, gap)
        elif number.needs_word or LETTERHEAD.search(views.plain, window, number.start):
            mention = None
        elif before and before.printed and frame("same_list").fullmatch(views.plain, before.end, number.start):
            mention = _bare(views, number, inherited_type(before, number))
        elif SO.search(views.plain, window, number.start) or (_is_telling(number) and not LABEL.search(views.content, window, number.start + 8)):
            mention = _bare(views, number, type_of_symbol(number))
        if mention:
            read_tail(views, mention)
            yield mention
        before = mention


def _read_between(views: Views, mention: Mention, gap: re.Match[str]) -> None:
    """Read the issuer or day that stands between the type and the number."""
    found = gap.groupdict()
    if found.get("of"):
        stated = read_issuer(views, gap.start("of"))
        mention.issuer = stated.name if stated else None
    if found.get("date"):
        day = read_date(views.low, gap.start("date"))
        mention.date = day[0] if day else None


def _bare(views: Views, number: DocumentNumber, doc_type: str | None) -> Mention:
    so = SO.search(views.plain, max(number.start - 12, 0), number.start)
    return Mention(so.start() if so else number.start, number.end, doc_type, number.canonical, number.rule, number)


def _is_telling(number: DocumentNumber) -> bool:
    """Whether a number shows by itself that it is one of a document."""
    organ = number.organ or ""
    if number.type_symbol or number.family == "party":
        return sum(map(str.isupper, organ)) >= 2
    return organ in load_values("numbers")["organs"] or (organ == "QH" and number.year is not None) or (len(organ) >= 3 and "-" in number.symbol)


def inherited_type(before: Mention, number: DocumentNumber) -> str | None:
    """The type of a further number of a list: that of the one before unless the symbols speak of different types."""
    if before.doc_type == "văn bản" or (before.printed and before.printed.type_symbol == number.type_symbol):
        return before.doc_type
    return type_of_symbol(number)


def _earlier_items(views: Views, mention: Mention, words: list[TypeWord], before: Mention | None) -> list[Mention]:
    """`số 01, 02/2022/NQ-HĐND`: the items before the number that carries the symbol, behind a type or going on with a list."""
    number = mention.printed
    if number is None or number.family == "old":
        return []
    listed = LAST_ITEM.search(views.plain, max(number.start - 12, 0), number.start)
    list_match = EARLIER_ITEMS.search(views.plain, max(number.start - 120, 0), number.start) if listed else None
    if not list_match:
        return []
    index = bisect_right([word.end for word in words], list_match.start()) - 1
    word = words[index] if index >= 0 and frame("to_number").fullmatch(views.plain, words[index].end, list_match.start()) else None
    if word is None and not (before and before.printed and frame("same_list").fullmatch(views.plain, before.end, list_match.start())):
        return []
    doc_type = word.doc_type if word else mention.doc_type
    items = []
    for item in ITEM.finditer(views.content, list_match.start(), list_match.end()):
        num, _, year = item[0].partition("/")
        year = year or number.year or ""
        canonical = f"{num}-{number.symbol}" if number.family == "party" else "/".join(part for part in (num, year, number.symbol) if part)
        made = DocumentNumber(
            item.start(), item.end(), canonical, num, year or None, number.symbol, number.type_symbol, number.organ, number.family, "number.list"
        )
        items.append(Mention(item.start(), item.end(), doc_type, canonical, made.rule, made, issuer=mention.issuer))
    if items and word:
        items[0].core = items[0].start = word.start
        mention.doc_type = word.doc_type
    return items
