"""Where documents are mentioned: by number, by a short number behind the type, by type with day and issuer, by name."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from docparse.find.laws import find_laws
from docparse.find.mention import Mention, Views, read_date, read_month
from docparse.find.numbers import DocumentNumber, find_numbers
from docparse.find.provisions import Parts
from docparse.find.stated_issuer import read_issuer
from docparse.find.titles import read_title
from docparse.find.words import old_tone, squeeze, unaccent
from docparse.lexicon import load_rules, load_values

NO_TYPE = ("phap ", "phap\n")
TO_NUMBER = re.compile(
    r"\s*(?:(?:lien tich|khan|hoa toc|toi mat|mat|ket luan|chuyen de|hanh dong|phoi hop|thanh tra|trinh|den|di|sau|sau day|lien bo|kem theo|tham tra|tham dinh|giai trinh|tong hop|tiep thu|bo sung|dinh ky|co)\s+){0,3}"
    r"(?:(?:cua|do)\s+(?P<issuer>[^,;:.()]{2,70}?)(?=[\s:]))?\s*[,:]?\s*(?:(?:mang\s+)?(?:so(?:\s+hieu)?|se|ky\s+hieu)(?=\W|\d))?\s*[:.]?\s*"
)
TO_LAW_NUMBER = re.compile(r"\s*[,(]?\s*(?:luat\s+)?(?:so|se)\s*[:.]?\s*|\s+")
SO = re.compile(r"(?<!\w)(?:so|se)\s*[:.]?\s*\Z")
NO_DOCUMENT = re.compile(
    r"(?:mau|bieu|bang|form|ky hieu|to khai|thua dat|thua|to ban do|ban an|vu an|thu ly|tai khoan|dien thoai|ma so|hoa don|the can cuoc|cccd|cmnd|so nha|website|email|duong|quoc lo|phu luc|so hieu van bang)"
    r"(?:\s+(?:bieu|so|kem theo|hoac|va))*\s*[:.]?\s*(?:[\w/-]{1,20}\s*(?:,|;|va)\s*){0,12}\Z"
)
LETTERHEAD = re.compile(r"(?:\A|\n)\s*(?:so|so:)\s*[:.]\s*\Z")
SAME_LIST = re.compile(r"\s*(?:[,;]|va|hoac|va\s+cac)\s*(?:van ban\s+)?(?:(?:so|se)\s*[:.]?\s*)?")
EARLIER_ITEMS = re.compile(r"(?:\d{1,5}[a-zđ]?(?:/(?:19|20)\d{2})?\s*(?:,|;|va)\s*(?:so\s+)?){1,15}\Z")
ITEM = re.compile(r"\d{1,5}[a-zđ]?(?:/(?:19|20)\d{2})?")
MORE_SHORT = re.compile(r"\s*(?:,|;|và)\s+(?:số\s+)?(?=\d{1,4}(?!\d))")
SHORT = re.compile(r"(?P<number>\d{1,4}[a-zđ]?(?:/(?:19|20)\d{2})?)(?![\w/%]|[.,:]\d|\s*[-–]\s*\d|\s?/|-\w)")
FREE = re.compile(r"(?=[\w.&/-]{0,24}\d)(?=[\w.&/-]{0,24}[A-Za-zĐ])[A-Za-z0-9Đ][\w&]{0,14}(?:[./&-][\w&]{1,14}){1,5}(?!\w)")
TO_SHORT = re.compile(r"(?:\s+(?P<so>số)\s*:?\s*|\s+)(?=\w)")
ASIDE = re.compile(r"\s*\([^()\d]{1,40}\)(?=\s*,?\s*ngày\s+\d)")


@dataclass(frozen=True, slots=True)
class TypeWord:
    """A printed type (`Quyết định`) and what it means."""

    start: int
    end: int
    doc_type: str


@cache
def _types() -> tuple[re.Pattern[str], dict[str, str], re.Pattern[str], dict[str, str]]:
    values = load_values("citations")
    forms = {unaccent(old_tone(form)): name for form, name in values["types"].items()}
    words = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in sorted(forms, key=len, reverse=True))
    short = values["type_abbreviations"]
    abbreviations = "|".join(sorted(short, key=len, reverse=True))
    return (
        re.compile(rf"(?:{words})(?!\w)"),
        forms,
        re.compile(rf"(?<![\w/.-])(?:{abbreviations})(?=\s+(?:số\s*:?\s*)?\d)"),
        short,
    )


def find_type_words(views: Views) -> list[TypeWord]:
    """The type words of a text in order."""
    pattern, forms, abbreviations, short = _types()
    found = [
        TypeWord(match.start(), match.end(), forms[" ".join(match[0].split())])
        for match in pattern.finditer(views.plain)
        if not views.plain[max(match.start() - 1, 0)].isalnum() and views.plain[max(match.start() - 5, 0) : match.start()] not in NO_TYPE
    ]
    found += [TypeWord(match.start(), match.end(), short[match[0]]) for match in abbreviations.finditer(views.content)]
    return sorted(found, key=lambda word: word.start)


def find_mentions(views: Views) -> list[Mention]:
    """All mentions in order, with type, number, date, issuer, title and provisions as stated with each."""
    words = find_type_words(views)
    laws = sorted(find_laws(views), key=lambda law: law.core)
    mentions = [*laws]
    for mention in _numbered(views, words, laws):
        mentions += [*_earlier_items(views, mention, words), mention]
    taken = _Taken(mentions)
    mentions += [mention for mention in _short(views, words) if taken.add(mention)]
    mentions += [mention for mention in _named(views) if taken.add(mention)]
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
        if law and law.number is None and number.year and "QH" in (number.organ or "") and TO_LAW_NUMBER.fullmatch(views.plain, law.end, number.start):
            law.number, law.printed, law.end = number.canonical, number, number.end
            read_tail(views, law)
            before = law
            continue
        index = bisect_right(ends, number.start) - 1
        word = words[index] if index >= 0 and words[index].end >= window else None
        gap = TO_NUMBER.fullmatch(views.plain, word.end, number.start) if word else None
        if NO_DOCUMENT.search(views.plain, window, number.start) and not gap:
            before = None
            continue
        mention: Mention | None = None
        if word and gap:
            mention = Mention(word.start, number.end, word.doc_type, number.canonical, number.rule, number)
            if gap["issuer"]:
                stated = read_issuer(views, word.end)
                mention.issuer = stated.name if stated else None
        elif number.needs_word or LETTERHEAD.search(views.plain, window, number.start):
            mention = None
        elif before and before.printed and SAME_LIST.fullmatch(views.plain, before.end, number.start):
            mention = _bare(views, number, inherited_type(before, number))
        elif SO.search(views.plain, window, number.start) or _is_telling(number):
            mention = _bare(views, number, type_of_symbol(number))
        if mention:
            read_tail(views, mention)
            yield mention
        before = mention


def _bare(views: Views, number: DocumentNumber, doc_type: str | None) -> Mention:
    so = SO.search(views.plain, max(number.start - 12, 0), number.start)
    return Mention(so.start() if so else number.start, number.end, doc_type, number.canonical, number.rule, number, has_word=False)


def _is_telling(number: DocumentNumber) -> bool:
    """Whether a number shows by itself that it is one of a document."""
    organ = number.organ or ""
    if number.type_symbol or number.family == "party":
        return sum(map(str.isupper, organ)) >= 2
    return organ in load_values("numbers")["organs"] or (organ == "QH" and number.year is not None) or (len(organ) >= 3 and "-" in number.symbol)


def type_of_symbol(number: DocumentNumber) -> str | None:
    """The type that the symbol of a number tells; a letter where it has none."""
    if number.type_symbol:
        return str(load_values("citations")["symbol_types"].get(number.type_symbol, "")) or None
    if number.organ in {"QH", "UBTVQH", "CP", "TTg", "HĐBT"} and "-" not in number.symbol:
        return None
    return "công văn"


def inherited_type(before: Mention, number: DocumentNumber) -> str | None:
    """The type of a further number of a list: that of the one before unless the symbols speak of different types."""
    if before.doc_type == "văn bản" or (before.printed and before.printed.type_symbol == number.type_symbol):
        return before.doc_type
    return type_of_symbol(number)


def read_tail(views: Views, mention: Mention) -> None:
    """Read date, issuer and title behind a mention, in the orders in which they stand."""
    aside = ASIDE.match(views.low, mention.end)
    for _ in range(3):
        day = read_date(views.low, mention.end) or (read_date(views.low, aside.end()) if aside and mention.issuer else None)
        if day and mention.date is None:
            mention.date, mention.end = day
            mention.date = mention.date or ""
            continue
        stated = read_issuer(views, mention.end, joint="liên tịch" in (mention.doc_type or "")) if mention.issuer is None else None
        if stated:
            mention.issuer, mention.end = stated
            mention.issuer_behind = True
            aside = ASIDE.match(views.low, mention.end)
            continue
        break
    mention.date = mention.date or None
    mention.reach = mention.end
    if mention.title is None:
        mention.title, mention.reach = read_title(views, mention.end)
        if mention.doc_type == "văn bản" and mention.title and mention.printed:
            named = type_of_symbol(mention.printed)
            mention.doc_type = named if named and old_tone(mention.title).startswith(named) else mention.doc_type


def _earlier_items(views: Views, mention: Mention, words: list[TypeWord]) -> list[Mention]:
    """`số 01, 02/2022/NQ-HĐND`: the items before the number that carries the symbol."""
    number = mention.printed
    if number is None or number.family == "old":
        return []
    list_match = EARLIER_ITEMS.search(views.plain, max(number.start - 120, 0), number.start)
    if not list_match:
        return []
    index = bisect_right([word.end for word in words], list_match.start()) - 1
    if index < 0 or not TO_NUMBER.fullmatch(views.plain, words[index].end, list_match.start()):
        return []
    word = words[index]
    items = []
    for item in ITEM.finditer(views.content, list_match.start(), list_match.end()):
        num, _, year = item[0].partition("/")
        year = year or number.year or ""
        canonical = f"{num}-{number.symbol}" if number.family == "party" else "/".join(part for part in (num, year, number.symbol) if part)
        made = DocumentNumber(item.start(), item.end(), canonical, num, year or None, number.symbol, number.type_symbol, number.organ, number.family, "number.list")
        items.append(Mention(item.start(), item.end(), word.doc_type, canonical, made.rule, made, issuer=mention.issuer, has_word=False))
    if items:
        items[0].core = items[0].start = word.start
        items[0].has_word = True
        mention.doc_type = word.doc_type
    return items


def _short(views: Views, words: list[TypeWord]) -> Iterator[Mention]:
    """Numbers without a symbol behind a type word (`Nghị quyết 57 và 68 của Bộ Chính trị`)."""
    short = load_values("citations")["short"]
    units = _units()
    for word in words:
        if word.doc_type not in short["types"] or (not views.content[word.start].isupper() and "số" not in views.low[word.end : word.end + 4]):
            continue
        lead = TO_SHORT.match(views.low, word.end)
        at = lead.end() if lead else -1
        found: list[Mention] = []
        while at >= 0 and (match := SHORT.match(views.low, at)) and not units.match(views.low, match.end()):
            number = match["number"]
            sure = bool(lead and lead["so"]) or bool(found) or "/" in number
            if not sure and ((number.isdigit() and 1900 < int(number) < 2100) or len(number) < (3 if word.doc_type in short["only_with_so"] else 2)):
                break
            found.append(Mention(at if found else word.start, match.end(), word.doc_type, number, "citation.short", has_word=not found))
            more = MORE_SHORT.match(views.low, match.end())
            at = more.end() if more else -1
        if not found and lead and lead["so"] and word.doc_type != "luật" and (free := FREE.match(views.content, lead.end())):
            found.append(Mention(word.start, free.end(), word.doc_type, squeeze(free[0]).upper(), "citation.free"))
        if found:
            read_tail(views, found[-1])
            for mention in found:
                mention.issuer = found[-1].issuer
                complete(mention)
            yield from found


def complete(mention: Mention) -> None:
    """Give a number without a symbol the one that type and issuer tell.

    >>> mention = Mention(0, 9, "quyết định", "12/2018", "citation.short", issuer="Thủ tướng Chính phủ")
    >>> complete(mention)
    >>> mention.number
    '12/2018/QĐ-TTg'
    """
    completions = load_values("citations")["completions"]
    pattern = completions.get(f"{mention.doc_type}|{mention.issuer}")
    if pattern and mention.number:
        mention.number = pattern.format(mention.number)


@cache
def _units() -> re.Pattern[str]:
    units = load_values("citations")["short"]["units"]
    words = "|".join(unit.replace(" ", r"\s+") for unit in sorted(units, key=len, reverse=True))
    return re.compile(rf"\s*(?:{words})(?!\w)")


def _named(views: Views) -> Iterator[Mention]:
    for rule in load_rules("citations"):
        for match in rule.matches(views.content):
            groups: dict[str, Any] = match.groupdict()
            kind = old_tone(squeeze(groups.get("type") or ""))
            doc_type = load_values("citations")["types"].get(kind, "chương trình" if kind.startswith("chương") else None)
            mention = Mention(match.start(), match.end(), doc_type, None, rule.id)
            if "family" in groups:
                mention.number = re.sub(r"\s+", "", groups["number"])
                mention.doc_type = "quy chuẩn" if groups["family"] in load_values("citations")["standards"]["regulations"] else "tiêu chuẩn"
                mention.title, mention.reach = read_title(views, mention.end)
            elif "title" in groups:
                mention.title, mention.issuer = squeeze(groups["title"]), squeeze(groups["issuer"])
            elif "issuer" in groups:
                day = read_date(views.low, match.start() - 1 if match.start() else 0) or read_date(" " + views.low[match.start() : match.start() + 40], 0)
                mention.date = day[0] if day else None
                mention.issuer = squeeze(groups["issuer"])
                mention.title, mention.reach = read_title(views, mention.end)
            elif not _read_in_order(views, mention, str(rule.values["order"])):
                continue
            yield mention


def _read_in_order(views: Views, mention: Mention, order: str) -> bool:
    """Read date and issuer of a mention without number in the rule's order; whether both stand there."""
    for what in order.split(", "):
        if what == "issuer":
            stated = read_issuer(views, mention.end - 1)
            if not stated:
                return False
            mention.issuer, mention.end = stated
        else:
            day = read_date(views.low, mention.end - 1 if what == order.split(", ", maxsplit=1)[0] else mention.end) or read_month(views.low, mention.end)
            if not day or not day[0]:
                return False
            mention.date, mention.end = day
    return True
