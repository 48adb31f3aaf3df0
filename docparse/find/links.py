"""How mentions hang together: one in the title of another, several in one list."""

from __future__ import annotations

import re
from bisect import bisect_right

from docparse.find.mention import Mention, Views
from docparse.find.stated_issuer import issuer_before

BREAK = re.compile(
    r"[.!?](?<!TP\.)(?<!Tp\.)[\"”)]?\s+(?=[A-ZĐÀ-Ỹ\d(“-])|\n\s*(?=(?:[-–+•*]|\d{1,2}(?:\.\d{1,2}){0,3}[.)]|[a-zđ]\)|[IVX]{1,5}[./]|\(\d{1,2}\))\s|\[\d{1,2}\]\s|[¹²³⁰-⁹]{1,2}\s|\d{1,2}\s+(?=[A-ZĐ])|Điều\s+\d+\s*[.:]|Căn\s+cứ|CĂN\s+CỨ|Theo\s+đề\s+nghị|Xét\s+đề\s+nghị)"
)
BULLET = re.compile(r"(?:[-–+•*]|\d{1,2}(?:\.\d{1,2}){0,3}[.)]|[a-zđ]\)|\(\d{1,2}\))\s*")
SEPARATOR = re.compile(
    r"(?P<mark>[,;.]?\s*(?P<bullet>\n\s*(?:[-–+•*]|\d{1,2}[.)]|[a-zđ]\)))\s*|[,;]\s*(?:và\s+|cùng\s+)?|\s+(?:và|hoặc|cùng(?:\s+với)?|cũng\s+như)\s+)"
    r"(?:(?:các|những|tại|theo|của|số)\s+){0,3}(?:văn\s+bản\s+hướng\s+dẫn(?:\s+thi\s+hành)?\s+)?(?:[^,;.:()]{3,90}\s+(?:ban\s+hành\s+)?kèm\s+theo\s+)?\Z"
)
ITEM_START = re.compile(r"(?:\A|\n)\s*(?:[-–+•*]|\d{1,2}[.)]|[a-zđ]\))\s*(?:[^,;.:()]{3,90}\s+(?:ban\s+hành\s+)?kèm\s+theo\s+)?\Z")
ALIAS = re.compile(r"[^()]{0,400}\(\s*(?:sau\s+đây\s+[^()]{0,40})?")
PASSIVE = re.compile(r"\s*\(?\s*(?:đã\s+)?được\s+(?:sửa\s+đổi|bổ\s+sung|thay\s+thế|điều\s+chỉnh|hợp\s+nhất|ban\s+hành|quy\s+định\s+chi\s+tiết)[^.;]{0,80}\Z")
REACH = 520
NEARBY = 6


class Clauses:
    """Where clauses begin: after a full stop, at a bullet, label or `Căn cứ`."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._starts = [0, *(match.end() for match in BREAK.finditer(views.content))]

    def start(self, offset: int) -> int:
        """Where the clause that holds `offset` begins; an item behind a lead-in with a colon belongs to the lead-in."""
        index = bisect_right(self._starts, offset) - 1
        while index > 0 and self._views.content[max(self._starts[index] - 8, 0) : self._starts[index]].rstrip().endswith(":"):
            index -= 1
        return self._starts[index]

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
    for near in earlier:
        if near.core <= mention.core < near.end:
            mention.parent = near
            return
        if near.number == mention.number and ALIAS.fullmatch(views.low, near.end, mention.start):
            mention.parent, mention.head = near.parent, near.head or near
            return
        gap = views.low[near.end : mention.start]
        if len(gap) > REACH:
            return
        separator = SEPARATOR.search(gap, max(len(gap) - 130, 0))
        body = near.end + (separator.start() if separator else len(gap))
        if clauses.broken(near.end, body) or ":" in gap[: body - near.end]:
            return
        if gap.count(")") > gap.count("(") and near.parent is not None:
            continue
        if separator:
            if separator["bullet"] and not ITEM_START.search(views.low, max(near.start - 110, 0), near.start):
                continue
            if mention.printed is None and mention.rule == "citation.short" and near.reach >= mention.start and separator["mark"].strip() == "và":
                mention.parent = near
                return
            if near.parent is None:
                mention.head = near.head or near
                return
            if not separator["mark"].strip().startswith((";", ".", "\n")) and near.doc_type == mention.doc_type:
                mention.parent, mention.head = near.parent, near.head or near
                return
            continue
        if near.reach >= mention.start - 1 or PASSIVE.match(gap):
            mention.parent = near
        return


def _share_issuers(mentions: list[Mention]) -> None:
    for left, right in zip(reversed(mentions[:-1]), reversed(mentions[1:]), strict=True):
        if left.issuer is None and right.issuer and left.title is None and _same_list(left, right):
            left.issuer = right.issuer
    for left, right in zip(mentions[:-1], mentions[1:], strict=True):
        if right.issuer is None and left.issuer and right.head and _same_list(left, right) and not left.issuer_behind:
            right.issuer = left.issuer


def _same_list(left: Mention, right: Mention) -> bool:
    heads = (left.head or left) is (right.head or right)
    return heads and bool(left.printed and right.printed and left.printed.organ and left.printed.organ == right.printed.organ)
