"""Which actor the blocks of a passage stand under: assignee headings, lead-in sentences, parts of plans and reports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from docparse.find.blocks import Block
from docparse.find.task_charges import role
from docparse.find.task_words import UPPER, words
from docparse.record import Section

Kind = Literal["assign", "open", "plan", "none", "aims", "telling", "proposal"]

PLAIN = 5


@dataclass(frozen=True, slots=True)
class Item:
    """A block with its place: `level` grows inwards (ten for each section, then paragraph and bullets), `section` is the innermost unit.

    `heads` says that the blocks after it stand under it, `lists` that they are bullets; `labelled` that it opens a section.
    """

    block: Block
    level: int
    section: Section | None
    labelled: bool
    heads: bool
    lists: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """What a heading or lead-in says about the items after it that stand deeper than `level` (or as deep, if `inclusive`)."""

    level: int
    kind: Kind
    leads: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    inclusive: bool = False
    subject: str | None = None
    rule: str = "task.scope"


BULLET_INSIDE = re.compile(rf"\n\s{{0,8}}(?P<mark>[-–+•*])\s+(?=[{UPPER}])")


def _goes_on(content: str, before: Block, block: Block) -> bool:
    """Whether `block` is the rest of a sentence that a short line broke off."""
    if block.mark or before.cell or block.cell or content[before.end - 1] in ".;:!?":
        return False
    if content[block.start : block.start + 1].islower():
        return True
    kind = content[before.body : before.end].lower()
    return before.mark is not None and any(words(name).end(kind, 0) == len(kind) for name in ("short_bodies", "bodies", "positions"))


def whole_blocks(content: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks with broken sentences joined, and a numbered heading that was joined with the first bullet under it as two.

    In hard-wrapped text a short heading line and the bullet after it look like one paragraph; the same bullet sign in the next block tells.
    """
    whole: list[Block] = []
    for block in blocks:
        if whole and _goes_on(content, whole[-1], block):
            whole[-1] = replace(whole[-1], end=block.end)
        else:
            whole.append(block)
    for index, block in enumerate(whole):
        after = whole[index + 1] if index + 1 < len(whole) else None
        inside = BULLET_INSIDE.search(content, block.body, block.end) if block.mark and block.mark_kind != "bullet" else None
        if inside and after and after.mark_kind == "bullet" and (after.mark or "")[:1] == inside["mark"] and not content[block.body : inside.start()].rstrip().endswith((".", ";", ",")):
            yield replace(block, end=inside.start())
            yield Block(inside.start("mark"), block.end, inside.end(), inside["mark"], "bullet")
        else:
            yield block


def place_items(blocks: Sequence[Block], sections: Sequence[Section]) -> list[Item]:
    """The blocks with their level and section."""
    placed: list[tuple[Block, int, Section | None, bool]] = []
    open_sections: list[Section] = []
    bullets: list[str] = []
    following = iter(sections)
    coming = next(following, None)
    for block in blocks:
        labelled = False
        while coming is not None and coming.start <= block.start:
            open_sections = [section for section in open_sections if section.end > coming.start and section.depth < coming.depth] + [coming]
            labelled = coming.start == block.start
            bullets = []
            coming = next(following, None)
        open_sections = [section for section in open_sections if section.end > block.start]
        depth = open_sections[-1].depth if open_sections else 0
        level = 10 * depth
        if not labelled:
            sign = (block.mark or "").strip()[:1] if block.mark_kind == "bullet" else ""
            if sign:
                bullets = bullets if sign in bullets else [*bullets, sign]
                level += PLAIN + 1 + min(bullets.index(sign), 3)
            else:
                bullets = []
                level += PLAIN
        placed.append((block, level, open_sections[-1] if open_sections else None, labelled))
    after = [*(place[1] for place in placed[1:]), 0]
    return [Item(*place, heads=level > place[1], lists=level > place[1] and level % 10 > PLAIN) for place, level in zip(placed, after, strict=True)]


class Scopes:
    """The scopes that are open at an item, innermost last."""

    def __init__(self) -> None:
        self._open: list[Scope] = []

    def enter(self, item: Item) -> None:
        """Close the scopes that `item` stands outside of."""
        self._open = [scope for scope in self._open if scope.level < item.level or (scope.inclusive and scope.level == item.level)]

    def clear(self) -> None:
        """Close all scopes: another document begins."""
        self._open = []

    def push(self, scope: Scope) -> None:
        """Open `scope`, in place of those as deep."""
        self._open = [open_ for open_ in self._open if open_.level < scope.level] + [scope]

    def charged(self) -> Scope | None:
        """The innermost scope that names who is charged, unless the passage between tells how matters stand."""
        for scope in reversed(self._open):
            if scope.leads:
                return scope
            if scope.kind in ("none", "aims", "telling"):
                return None
        return None

    def kind(self) -> Kind | None:
        """What the innermost heading makes of the passage; None outside of all scopes."""
        return next((scope.kind for scope in reversed(self._open)), None)

    def __iter__(self) -> Iterator[Scope]:
        return iter(self._open)


def heading_kind(heading: str) -> Kind | None:
    """What a section is about, by its heading in lower case: the earliest word that tells.

    >>> heading_kind("mục đích, yêu cầu"), heading_kind("phương hướng, nhiệm vụ tháng 3"), heading_kind("về nhà ở")
    ('aims', 'plan', None)
    """
    kinds: tuple[Kind, ...] = ("telling", "aims", "none", "proposal", "plan")
    matches = [(match.start(), order, kind) for order, kind in enumerate(kinds) for rule in role(kind) if (match := rule.regex.search(heading))]
    return min(matches)[2] if matches else None


DOCUMENT = re.compile(r"(?:kế hoạch|chương trình|báo cáo|đề án|phương án|quy chế|quy định|quyết định|tờ trình|thông báo|công điện|chỉ thị|hướng dẫn)\Z")
