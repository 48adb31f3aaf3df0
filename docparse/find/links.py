"""How mentions hang together: one in the title of another, several in one list."""

from __future__ import annotations

import re
from bisect import bisect_right

from docparse.find.frames import frame
from docparse.find.mention import Mention, Views
from docparse.find.stated_issuer import begins_with_agency, issuer_before
from docparse.lexicon import load_values
from docparse.words import squeeze

BREAK = re.compile(
    r"[.!?](?<!TP\.)(?<!Tp\.)(?:\s?[\"”])?\)?\s+(?=[A-ZĐÀ-Ỹ\d(“-])"
    r"|\n\s{0,12}(?=(?:[-–+•*]|\d{1,2}(?:\.\d{1,2}){0,3}[.)]|[a-zđ]\)|[IVX]{1,5}[./]|\(\d{1,2}\)|\[\d{1,2}\]|[¹²³⁰-⁹]{1,2})\s|(?<![Đđ]iều\n)(?<!hoản\n)(?<!mục\n)(?<!số\n)(?<!ngày\n)(?<!tháng\n)\d{1,2}\s+(?=[A-ZĐ])"
    r"|Điều\s+\d+\s*[.:]|Căn\s+cứ|CĂN\s+CỨ|Theo\s+đề\s+nghị|Xét\s+đề\s+nghị"
    r"|(?:[ỦU][ỷy]\s+ban|Hội\s+đồng|Bộ\s+trưởng|Chủ\s+tịch|Chính\s+phủ|Thủ\s+tướng)[^;:.]{0,70}?\s+ban\s+hành\s+(?:Quyết|Nghị|Thông|Chỉ)\s)"
)
ITEM = re.compile(r"\n\s{0,12}(?:(?P<bullet>[-–+•*])|\d{1,2}[.)]|(?P<letter>[a-zđ]\)))\s+")
OPENING = re.compile(r"(?:(?:Các|Những|các|những)\s+)?(?:[^,;.:()]{2,70}:\s*)?")
OPENED = re.compile(r"\w\s*\([^();]{3,58}\Z")
LIST_ITEMS = 30
REACH = 520
TAIL = 130
NEARBY = 6


class Clauses:
    """Where clauses begin: after a full stop, at a bullet, label or `Căn cứ`."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._starts = [0, *(match.end() for match in BREAK.finditer(views.content))]
        self._items = [(match.start(), match.end(), match["bullet"] or match.lastgroup) for match in ITEM.finditer(views.content)]
        self._opened = [end for _, end, _ in self._items]

    def start(self, offset: int) -> int:
        """Where the clause that holds `offset` begins; an item behind a lead-in with a colon belongs to the lead-in."""
        index = bisect_right(self._starts, offset) - 1
        while index > 0 and self._views.content[max(self._starts[index] - 8, 0) : self._starts[index]].rstrip().endswith(":"):
            index -= 1
        return self._starts[index]

    def lead_in(self, offset: int) -> tuple[int, int] | None:
        """The words with a colon before a list, if `offset` opens one of the list's items."""
        content = self._views.content
        index = bisect_right(self._opened, offset) - 1
        if index < 0 or not OPENING.fullmatch(content, self._opened[index], offset):
            return None
        mark = self._items[index][2]
        for begin, _, other in reversed(self._items[max(index - LIST_ITEMS, 0) : index + 1]):
            if other != mark:
                return None
            if content[max(begin - 8, 0) : begin].rstrip().endswith(":"):
                return self.start(begin), begin
        return None

    def broken(self, start: int, end: int) -> bool:
        """Whether a clause begins after `start` and before `end`."""
        return bisect_right(self._starts, end - 1) > bisect_right(self._starts, start)


def link_mentions(views: Views, mentions: list[Mention]) -> Clauses:
    """Give each mention its `parent` and the `head` of its list, then let the members of a list share the issuer stated once."""
    clauses = Clauses(views)
    for index, mention in enumerate(mentions):
        _link(views, clauses, mention, mentions[max(index - NEARBY, 0) : index][::-1])
    for index, mention in enumerate(mentions):
        if mention.issuer is None and mention.printed:
            bound = max(clauses.start(mention.core), mentions[index - 1].end if index else 0)
            speaker = issuer_before(views, bound, mention.start, mention.printed.organ)
            if speaker:
                mention.issuer, mention.successor = speaker.name, speaker.successor
                mention.date = mention.date or speaker.date
    _share_issuers(mentions)
    return clauses


def _link(views: Views, clauses: Clauses, mention: Mention, earlier: list[Mention]) -> None:
    """Find, among the mentions before it, the one that `mention` stands inside of or goes on with."""
    for near in earlier:
        if mention.number and near.number == mention.number and frame("alias").fullmatch(views.low, near.end, mention.start):
            mention.parent, mention.head = near.parent, near.head or near
            return
    for near in earlier:
        if near.core <= mention.core < near.end:
            mention.parent = near
            return
        gap = views.low[near.end : mention.start]
        if len(gap) > REACH:
            return
        separator = frame("separator").search(gap, max(len(gap) - TAIL, 0)) or _speaker(gap)
        body = near.end + (separator.start() if separator else len(gap))
        if clauses.broken(near.end, body) or ":" in gap[: body - near.end] or frame("asks").search(gap):
            return
        if gap.count(")") > gap.count("(") and (near.parent is not None or _opens_bracket(views, near)):
            continue
        if separator is None:
            mention.parent = near if frame("passive").match(gap) else _holder(near, mention.start)
            return
        if _joins_list(views, mention, near, separator, body):
            return


def _opens_bracket(views: Views, near: Mention) -> bool:
    """Whether the words before a mention open a bracket behind another mention's title: `Tờ trình số 5/TTr-A về … (thực hiện Luật B)`."""
    return OPENED.search(views.low, max(near.start - 60, 0), near.start) is not None


def _holder(near: Mention, start: int) -> Mention | None:
    """The mention, `near` or one that holds it, whose title goes on to `start`."""
    holder: Mention | None = near
    while holder and holder.reach < start - 1:
        holder = holder.parent
    return holder


def _joins_list(views: Views, mention: Mention, near: Mention, separator: re.Match[str], body: int) -> bool:
    """Whether `mention` goes on with the list of `near`; a title of `near` that swallowed it is cut back to `body`."""
    if separator["bullet"] and not frame("item_start").search(views.low, max(near.start - TAIL, 0), near.start):
        return False
    mark = separator["mark"].strip()
    if near.parent and near.issuer_behind and _is_bare(views, mention) and not _is_bare(views, near) and _opens_bare_list(views, near.parent):
        mention.head = near.parent.head or near.parent
        _cut_title(views, near.parent, body)
        return True
    if near.reach >= mention.start and "kèm" in separator[0] and not mark.startswith((";", ".", "\n")):
        mention.parent = near
        return True
    if mention.rule == "citation.short" and near.reach >= mention.start and mark == "và":
        mention.parent = near
        return True
    if near.parent is None:
        mention.head = near.head or near
        _cut_title(views, near, body)
        return True
    if not mark.startswith((";", ".", "\n")) and near.doc_type == mention.doc_type:
        mention.parent, mention.head = near.parent, near.head or near
        return True
    if mark == "và" and _outranks(mention, near.parent):
        mention.parent = near.parent
        return True
    return False


def _cut_title(views: Views, mention: Mention, body: int) -> None:
    """Let the title of a mention end at `body`, where the list goes on."""
    if mention.reach > body:
        mention.title, mention.reach = squeeze(views.content[mention.end : body]).strip(' ,(“"-–'), body


def _outranks(mention: Mention, guide: Mention) -> bool:
    """Whether a document stands above the one in whose title it is named (`Thông tư … hướng dẫn Luật A và Nghị định B`)."""
    ranks = load_values("citations")["ranks"]
    return int(ranks.get(mention.doc_type, 0)) > int(ranks.get(guide.doc_type, 9))


def _is_bare(views: Views, mention: Mention) -> bool:
    return views.plain.startswith("so", mention.core)


def _opens_bare_list(views: Views, member: Mention) -> bool:
    """Whether `member` is of a list whose type is said once: `các Quyết định: số 1/QĐ-A …, số 2/QĐ-A …`."""
    return _is_bare(views, member) or ":" in views.plain[member.core : member.printed.start if member.printed else member.core]


def _speaker(gap: str) -> re.Match[str] | None:
    """`… và Bộ Tài chính tại các`: a list that goes on with another who speaks."""
    speaker = frame("speaker").search(gap, max(len(gap) - TAIL, 0))
    return speaker if speaker and begins_with_agency(speaker["who"]) else None


def _share_issuers(mentions: list[Mention]) -> None:
    for left, right in zip(reversed(mentions[:-1]), reversed(mentions[1:]), strict=True):
        if left.issuer is None and right.issuer and left.title is None and _same_list(left, right):
            left.issuer = right.issuer
    members: dict[int, Mention] = {}
    for mention in mentions:
        before = members.get(id(mention.head)) if mention.head else None
        if before and mention.issuer is None and before.issuer and _same_list(before, mention) and not before.issuer_behind:
            mention.issuer = before.issuer
        members[id(mention.head or mention)] = mention


def _same_list(left: Mention, right: Mention) -> bool:
    heads = (left.head or left) is (right.head or right)
    return heads and bool(left.printed and right.printed and left.printed.organ and left.printed.organ == right.printed.organ)
