"""The issuer that a mention states: behind the number (`của Bộ Nội vụ`) or before it (`Bộ Nội vụ đã có Công văn`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from docparse.find.mention import Views, read_date
from docparse.find.words import squeeze, unaccent
from docparse.lexicon import load_values

LONGEST = 140
OF = re.compile(r"\s*,?\s*(?:của|do)\s+(?:đồng\s+chí\s+)?")
UNNAMED = re.compile(r"\s+(?=(?:thủ\s+tướng\s+)?chính\s+phủ(?!\w)|quốc\s+hội(?!\w))")
WRAPPED = re.compile(r"\s*[-–]\s*(?:thương\s+binh|thông\s+tin|tbxh|tb&xh|cán\s+bộ|khen\s+thưởng|xã\s+hội|tài\s+chính|văn\s+xã|ngân\s+sách|văn\s+hóa|khoáng\s+sản|thể\s+thao|năng\s+lượng)")
BARE = re.compile(r"(?<!\w)(?:ban|sở|bộ|cục|vụ|phòng|hội\s+đồng|tổng\s+cục|chi\s+cục|trung\s+tâm|tổ|viện|văn\s+phòng|thanh\s+tra|trưởng|hội|học\s+viện|ủy\s+ban|công\s+ty)\Z")
GOES_ON = frozenset({"quản lý", "tổ chức", "hợp tác", "chỉ đạo"})
FURTHER = re.compile(r"\s+(?:khóa|khoá|nước\s+cộng|nhiệm\s+kỳ)(?!\w)|\s*[-–]\s*(?:bộ|ủy\s+ban|ngân\s+hàng|tổng|thanh\s+tra|viện|tòa)\s|\s+và\s+(?:bộ|ủy\s+ban|ngân\s+hàng|thanh\s+tra|viện|tòa|mặt\s+trận)\s")
TOGETHER = re.compile(r"\s*,\s*(?:bộ|ủy\s+ban|ngân\s+hàng|tổng\s+cục|thanh\s+tra|viện\s+kiểm|tòa\s+án)\s")
SHOUT = re.compile(r"\s+(?=[A-ZĐÀ-Ỹ]{3,}\s+[A-ZĐÀ-Ỹ]{2,}\s)")
VERB_BEFORE = re.compile(
    r"\s+(?:\([^()]{1,80}\)\s*)?(?:(?:đã|vừa|cũng|sẽ)\s+)?(?:(?P<direct>(?:ban\s+hành|có|thông\s+qua|ký\s+ban\s+hành|ký|phát\s+hành|gửi|nêu)(?:\s+(?:các\s+)?văn\s+bản[^.;]{0,80}:)?)"
    r"|(?P<at>(?:(?:chuyển\s+đến|trình|đề\s+ra|giao|phê\s+duyệt|chỉ\s+đạo|yêu\s+cầu|phân\s+công|đề\s+nghị|báo\s+cáo|kiến\s+nghị|cho\s+ý\s+kiến|chấp\s+thuận|thống\s+nhất|có\s+ý\s+kiến(?:\s+thống\s+nhất)?)\s+)?(?:tại|theo)))\s+(?:các\s+|nội\s+dung\s+)?[-–+]?\s*\Z"
)
DAY_BEFORE = re.compile(r"ngày\s+\d[^,;.()]{5,24},?\s+\Z|ngày\s+\d{1,2}\.\d{1,2}\.\d{4},?\s+\Z")
SUCCESSOR = re.compile(r"\(nay\s+là\s+(?P<name>[^()]{3,70})\)")
CUT_BEFORE = re.compile(
    r"[,;:.()\[\]“”\"\d]|(?<!\w)(?:đã|ban\s+hành|kèm|tham\s+mưu|báo\s+cáo|trình|đề\s+nghị|đề\s+xuất|chỉ\s+đạo|giao|yêu\s+cầu|của|cho|với|được|do|bởi|tại|theo|ngày|tháng|năm|để|khi|thực\s+hiện|kết\s+luận|ý\s+kiến|gửi|từ|trước|sau|là|và\s+(?=chủ|ubnd|ủy|bộ|sở))(?!\w)"
)


class Stated(NamedTuple):
    """An issuer and where its name ends."""

    name: str
    end: int


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Heads of names, ends of names, joined names, small words after `và` that go on with a name, type words, names that never go on."""
    values = load_values("citations")
    issuers = values["issuers"]
    cues, words = _either(values["titles"]["cues"]), _either(issuers["stops"])
    types = _either(values["types"])
    return (
        re.compile(rf"(?:{_either(issuers['heads'])})(?!\w)"),
        re.compile(rf"[;:()\[\]“”\"…/]|(?<!tp)\.|(?P<comma>,)|\s(?P<and>và)\s|\s(?P<word>(?P<cue>{cues})|{words})(?!\w)|\n\s*[-–+•*]|\n\s*(?:\d{{1,2}}(?:\.\d{{1,2}})*[.)]|[a-zđ]\)|[ivx]{{1,5}}\.|điều\s\d)"),
        re.compile("|".join(rf"(?:{pattern})" for pattern in issuers["joined"])),
        re.compile(rf"(?:{_either(issuers['joined_small'])})(?!\w)"),
        re.compile(rf"(?:các\s+)?(?:{types}|(?:điều|khoản|điểm|phụ\s+lục)\s+\S{{1,4}}|mẫu)(?!\w)"),
        re.compile(rf"(?:(?:bộ\s+trưởng|tổng\s+cục\s+trưởng|chánh\s+án|viện\s+trưởng|thống\s+đốc|tổng\s+giám\s+đốc)\s+)?(?:{_either(issuers['closed'])})(?!\w)"),
    )


def _joins(low: str, comma: int) -> bool:
    """Whether the comma stands inside a name (`Văn hóa, Thể thao`)."""
    return any(match.start() < comma < match.end() for match in _patterns()[2].finditer(low, max(comma - 30, 0), comma + 30))


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


def read_issuer(views: Views, start: int, *, joint: bool = False) -> Stated | None:
    """The issuer that follows at `start`, after `của` or `do`; the names of several where `joint` says that they issued together."""
    content, low = views.content, views.low
    of = OF.match(low, start) or UNNAMED.match(low, start)
    if not of or of.end() >= len(content) or not content[of.end()].isupper():
        return None
    begin = of.end()
    heads, ends, _, small, types, closed = _patterns()
    if types.match(low, begin):
        return None
    limit = views.paragraph_end(begin)
    if BARE.search(low, begin, limit) and limit < len(content):
        limit = views.paragraph_end(limit + 1)
    limit = min(limit, begin + LONGEST)
    whole = closed.match(low, begin, limit)
    at = whole.end() if whole else begin
    if whole and not FURTHER.match(low, at, limit) and not (joint and TOGETHER.match(low, at, limit)):
        limit = at
    while True:
        stop = ends.search(low, at, limit)
        if not stop:
            end = limit
            break
        end, at = stop.start(), stop.end()
        capital = content[end + 1 : end + 2].isupper()
        if stop["word"] and BARE.search(low, begin, end) and (capital or stop["word"] in GOES_ON):
            continue
        if stop["word"] and capital and not stop["cue"] and not content[begin:end].isupper():
            continue
        if stop[0].startswith("\n") and WRAPPED.match(low, stop.start()):
            continue
        if stop["comma"] and joint and TOGETHER.match(low, end):
            continue
        if stop["comma"] and _joins(low, end):
            continue
        if stop["and"]:
            at = end + len(stop[0])
            if not types.match(low, at) and (content[at : at + 1].isupper() or small.match(low, at)):
                continue
        break
    shout = SHOUT.search(content, begin, end) if not content[begin:end].isupper() else None
    end = shout.start() if shout else end
    name = squeeze(content[begin:end]).strip(" -–,'’‘")
    if not name or not (heads.match(low, begin) or name[0].isupper()):
        return None
    return Stated(name, begin + len(content[begin:end].rstrip()))


class Speaker(NamedTuple):
    """An issuer named before a mention, the day stated before its name, and what `nay là` says it has become."""

    name: str
    date: str | None
    successor: str | None


def issuer_before(views: Views, clause: int, core: int, organ: str | None) -> Speaker | None:
    """The issuer named right before a mention in its clause: `Ngày …, Bộ X đã ban hành`, `do Bộ X trình tại`.

    A phrase with `tại` or `theo` names the one who speaks in the document; it counts only if the organ's symbol agrees.
    """
    window = max(clause, core - 220)
    verb = VERB_BEFORE.search(views.low, window, core)
    if not verb:
        return None
    begin = window
    for cut in CUT_BEFORE.finditer(views.low, window, verb.start()):
        if cut[0] != "," or not _joins(views.low, cut.start()):
            begin = cut.end()
    heads = _patterns()[0]
    head = next((match for match in re.finditer(r"\w+", views.low[begin : verb.start()]) if heads.match(views.low, begin + match.start())), None)
    if not head:
        return None
    start = begin + head.start()
    if not views.content[start].isupper():
        return None
    name = squeeze(views.content[start : verb.start()])
    if verb["at"]:
        if not agrees(name, organ) or re.search(r"[,]\s*\Z", views.low[window:start]):
            return None
    elif organ is not None and not agrees(name, organ, unknown=True):
        return None
    day = DAY_BEFORE.search(views.low, max(clause, start - 50), start) if not verb["at"] else None
    date = read_date(" " + day[0], 0) if day else None
    successor = SUCCESSOR.search(views.content, verb.start(), core)
    return Speaker(name, date[0] if date else None, squeeze(successor["name"]) if successor else None)


def agrees(name: str, organ: str | None, *, unknown: bool = False) -> bool:
    """Whether an issuer's name fits the organ's symbol in a number: by the known symbols, else by initials.

    `unknown` is the answer for a symbol that tells nothing.

    >>> agrees("Chủ tịch UBND tỉnh", "UBND"), agrees("Sở Nội vụ", "SNV"), agrees("Thủ tướng Chính phủ", "VPCP")
    (True, True, False)
    """
    if organ is None:
        return unknown
    folded = name.lower()
    names = load_values("citations")["organ_names"].get(organ)
    if names:
        return any(folded.startswith(known) or (known in folded and folded.startswith(("chủ tịch", "phó", "giám", "thường trực", "lãnh đạo", "ban"))) for known in names)
    initials = "".join(word if word.isupper() else word[0].upper() for word in re.findall(r"[\w&]+", name) if word != "và").replace("&", "")
    wanted = unaccent(re.sub(r"[&\d]", "", organ).upper())
    initials = unaccent(initials)
    return wanted in initials or initials in wanted or unknown
