"""Laws, codes and ordinances by name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Generator, Iterator
from functools import cache

from docparse.find.mention import Mention, Views, read_date, read_year
from docparse.find.words import old_tone, squeeze
from docparse.lexicon import load_rows

HEAD = re.compile(
    r"(?<!\w)(?P<draft>(?:dự\s+thảo|dự\s+án)\s+(?:các\s+)?)?"
    r"(?<!pháp\s)(?<!kỷ\s)(?<!dự\s)(?<!đoàn\s)(?<!hội\s)(?<!học\s)(?<!khoa\s)(?<!công\sty\s)(?<!ty\s)"
    r"(?P<type>bộ\s+luật|luật|pháp\s+lệnh)\s+(?=\w)"
)
CONSTITUTION = re.compile(r"(?<!\w)Hiến\s+pháp(?:\s+nước\s+Cộng\s+h(?:òa|oà)\s+xã\s+hội\s+chủ\s+nghĩa\s+Việt\s+Nam)?(?!\w)")
AMENDING = re.compile(r"sửa\s+đổi(?:,?\s+bổ\s+sung)?(?:\s+một\s+số\s+(?:điều|nội\s+dung))?(?:\s+của)?\s+(?:các\s+)?")
AMENDING_MANY = re.compile(r"sửa\s+đổi(?:,?\s+bổ\s+sung)?(?:\s+một\s+số\s+điều)?(?:\s+của)?\s+(?:\d{1,2}|các)\s+luật(?:\s+về\s+thuế)?(?:\s+có\s+liên\s+quan\s+đến\s+[^,;.()]{3,40}?)?(?=\s*(?:[,;.()]|ngày|số|năm|$))")
NEXT_LAW = re.compile(r"\s*(?:,|;|và)\s+(?=(?:bộ\s+)?luật\s|pháp\s+lệnh\s)")
NEXT_NAME = re.compile(r"\s*(?:,|;|và)\s+")
WORD = re.compile(r"\s{0,2}(?P<word>[\w&]+)")
STOPS = frozenset(
    ["năm", "ngày", "số", "về", "và", "hoặc", "được", "có", "là", "này", "quy", "đã", "thì", "để", "trong", "tại", "theo", "của", "cho", "khi", "do", "hiện", "sửa", "bổ", "thuộc", "đối", "cùng", "với", "nêu", "trên", "đang", "phải", "không", "chưa", "đó", "kia", "các", "những", "từ", "đến", "nhằm", "mà", "nếu", "như", "cũng", "mới", "cũ", "ra", "vào", "trước", "sau", "gồm", "nên", "bằng", "ban", "thay", "hết"]
)
LONGEST_NAME = 9


@cache
def _names() -> tuple[dict[str, re.Pattern[str]], dict[tuple[str, str], dict[str, str]]]:
    """Pattern of the known names by type, and (type, folded name) -> numbers by year."""
    names: dict[str, list[str]] = {}
    numbers = {}
    for row in load_rows("laws"):
        names.setdefault(row["doc_type"], []).append(old_tone(row["name"]))
        numbers[row["doc_type"], law_key(row["name"])] = dict(pair.split("=") for pair in row["numbers"].split())
    flexible = {
        kind: re.compile("|".join(_flexible(name) for name in sorted(rows, key=len, reverse=True))) for kind, rows in names.items() if kind != "hiến pháp"
    }
    return flexible, numbers


def _flexible(name: str) -> str:
    words = [re.escape(word) for word in name.replace(",", "").split()]
    return r",?\s+".join(words) + r"(?!\w)"


def law_key(name: str) -> str:
    """A law's name for comparison: lower case, one tone placement, no commas.

    >>> law_key("Phòng, chống  tham nhũng")
    'phòng chống tham nhũng'
    """
    return squeeze(old_tone(name).replace(",", " "))


def law_number(doc_type: str, name: str, year: str | None) -> str | None:
    """The number of a known law of that year, or of its only version; None where it is not known.

    >>> law_number("luật", "Đất đai", "2024"), law_number("luật", "Đất đai", None)
    ('31/2024/QH15', None)
    """
    known = _names()[1].get((doc_type, law_key(name)), {})
    return known.get(year) if year else None


def find_laws(views: Views) -> Iterator[Mention]:
    """Mentions of laws by name, with the year or day that stands behind the name. Drafts (`dự thảo Luật …`) are none."""
    content, low = views.content, views.low
    covered, amended = 0, -1
    for head in HEAD.finditer(low):
        kind = " ".join(head["type"].split())
        at = head.start("type")
        amending = AMENDING.match(low, head.end())
        if amending:
            outer = _amending_law(views, kind, at, head.end(), amending.end())
            if outer and not head["draft"]:
                amended = outer.reach
                yield _dated(views, outer)
            continue
        if at < covered:
            continue
        end = _name_end(views, kind, head.end(), at)
        if end is None or head["draft"]:
            continue
        law = Mention(at, end, kind, None, "law.name", title=squeeze(content[head.end() : end]))
        yield law if end == amended else _dated(views, law)
        if re.search(r"các\s+$", low[max(at - 6, 0) : at]):
            covered = yield from _elliptic(views, kind, end)
    for match in CONSTITUTION.finditer(content):
        yield _dated(views, Mention(match.start(), match.end(), "hiến pháp", None, "law.constitution", title="Hiến pháp"))


def _dated(views: Views, mention: Mention) -> Mention:
    year = read_year(views.low, mention.end)
    day = read_date(views.low, mention.end)
    if year:
        mention.date, mention.end = year
    elif day:
        mention.date, mention.end = day
    mention.reach = mention.end
    return mention


def _name_end(views: Views, kind: str, start: int, at: int) -> int | None:
    """Where the name that begins at `start` ends: a known name, else capitalised words up to a word that no name holds."""
    content, low = views.content, views.low
    known = _names()[0][kind].match(low, start)
    capital = content[at].isupper() and not content[at : at + 3].isupper()
    if known:
        is_name = content[at].isupper() or content[start].isupper()
        return known.end() if is_name else None
    if not capital or not content[start].isupper() or (kind == "luật" and content[start : start + 2] in ("Sư", "sư", "Gi")):
        return None
    limit = _paragraph_end(views, start)
    end, words = start, 0
    match = WORD.match(low, start)
    while match and words < LONGEST_NAME and match.end() <= limit:
        if words and (match["word"] in STOPS or match["word"].isdigit()):
            break
        end, words = match.end(), words + 1
        match = WORD.match(low, end)
    return end


def _paragraph_end(views: Views, start: int) -> int:
    index = bisect_left(views.opens, start + 1)
    return views.opens[index] if index < len(views.opens) else len(views.content)


def _amending_law(views: Views, kind: str, at: int, name: int, inner: int) -> Mention | None:
    """`Luật sửa đổi, bổ sung một số điều của Luật A và Luật B`: the whole; the laws inside are mentions of their own."""
    many = AMENDING_MANY.match(views.low, name)
    end = many.end() if many else None
    at_law = inner
    while not many:
        head = HEAD.match(views.low, at_law)
        name_end = _name_end(views, " ".join(head["type"].split()), head.end(), at_law) if head else None
        if name_end is None:
            break
        end = name_end
        following = NEXT_LAW.match(views.low, end)
        if not following:
            break
        at_law = following.end()
    if end is None or not views.content[at].isupper():
        return None
    return Mention(at, end, kind, None, "law.amending", title=squeeze(views.content[name:end]))


def _elliptic(views: Views, kind: str, start: int) -> Generator[Mention, None, int]:
    """Further names of a list `các Luật Đất đai, Nhà ở và Đầu tư`; returns where the list ends."""
    names = _names()[0][kind]
    end = start
    while (separator := NEXT_NAME.match(views.low, end)) and (name := names.match(views.low, separator.end())):
        if not views.content[name.start()].isupper():
            break
        yield _dated(views, Mention(name.start(), name.end(), kind, None, "law.list", title=squeeze(views.content[name.start() : name.end()])))
        end = name.end()
    return end

