"""The blocks of the body in the form that tasks are read from: whole sentences with their level and section."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from docparse.find.blocks import Block
from docparse.find.closing import Closing
from docparse.find.task_words import UPPER, words
from docparse.record import AgencyMention, Citation, Header, Section
from docparse.text import Text

Mention = AgencyMention | Citation

UNFINISHED = (
    " ban hành",
    " các",
    " cho",
    " của",
    " do",
    " phó",
    " theo",
    " trong",
    " tại",
    " từ",
    " và",
    " về",
    " với",
    " yêu cầu",
    " đến",
    " đề nghị",
    " để",
)
SHORT_FORM = ("(sau đây", "(gọi tắt", "(viết tắt")
PLAIN = 5
LAST_PARTS = ("doc_type", "title", "addressees")  # of a header: the body follows; other parts may be read from the body or an annex
LONGEST_MARK = 1500  # characters: a longer part of the header was not told from the body
HEADING_LINE = re.compile(rf"(?:Trách nhiệm|Tổ chức thực hiện|Nhiệm vụ)(?:[^\S\n][^\s.:;,]+){{0,12}}(?=\n[{UPPER}])")
DUTY = re.compile(r"(?:có|chịu)\s+trách\s+nhiệm")
BULLET_INSIDE = re.compile(rf"\n\s{{0,8}}(?P<mark>[-–+•*])\s+(?=[{UPPER}])")


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


def body_start(header: Header, closing: Closing) -> int:
    """Where the body begins: after the title and the addressees."""
    marks = [header.marks[part] for part in LAST_PARTS if part in header.marks] or list(header.marks.values())
    return max((mark.end for mark in marks if mark.end < closing.start and mark.end - mark.start < LONGEST_MARK), default=0)


def find_items(
    text: Text, blocks: Sequence[Block], *, header: Header, closing: Closing, sections: Sequence[Section], mentions: Sequence[Mention] = ()
) -> list[Item]:
    """The items of `text` in reading order, without header, closing block and quotations. A mention that goes over lines holds them together."""
    begin, content = body_start(header, closing), text.content
    blocks = [_from(content, block, begin) for block in blocks if block.end > begin]
    blocks = [block for block in blocks if not block.quoted and block.start >= begin and not closing.start <= block.start < closing.end]
    blocks = [block if (last := _last(content, block, closing)) == block.end else replace(block, end=last) for block in blocks]
    held = {at for mention in mentions for at in _breaks(content, mention)}
    return _placed(list(_whole(content, blocks, held)), sections)


def _from(content: str, block: Block, begin: int) -> Block:
    """`block` without the lines of the header that a lost break joined to it."""
    if block.start >= begin or not content.startswith("\n", begin):
        return block
    return replace(block, start=begin + 1, body=begin + 1, mark=None, mark_kind=None)


def _breaks(content: str, mention: Mention) -> Iterator[int]:
    """Where the lines of `mention` break."""
    at = content.find("\n", mention.start, mention.end)
    while at >= 0:
        yield at
        at = content.find("\n", at + 1, mention.end)


def _last(content: str, block: Block, closing: Closing) -> int:
    """Where `block` ends, without the closing block and without what follows the mark `./.` that ends a document."""
    end = closing.start if block.start < closing.start < block.end else block.end
    mark = content.find("./.", block.start, end)
    end = mark + 1 if mark >= 0 else end
    while end > block.start and content[end - 1].isspace():
        end -= 1
    return end


def _goes_on(content: str, before: Block, block: Block) -> bool:
    """Whether `block` is the rest of a sentence that a short line broke off."""
    if block.mark or before.cell or block.cell or content[before.end - 1] in ".;:!?":
        return False
    if content[block.start : block.start + 1].islower() or content.startswith(SHORT_FORM, block.start):
        return True
    kind = content[before.body : before.end].lower()
    if kind.endswith(UNFINISHED):
        return True
    return before.mark is not None and any(words(name).end(kind, 0) == len(kind) for name in ("short_bodies", "bodies", "positions"))


def _whole(content: str, blocks: Sequence[Block], held: Set[int]) -> Iterator[Block]:
    """The blocks with broken sentences joined, and a numbered heading that was joined with the first bullet under it as two.

    In hard-wrapped text a short heading line and the bullet after it look like one paragraph; the same bullet sign in the next block tells.
    """
    whole: list[Block] = []
    for block in blocks:
        within = block.start - 1 in held and not (block.mark or block.cell)
        if whole and (within or _goes_on(content, whole[-1], block)):
            whole[-1] = replace(whole[-1], end=block.end)
        else:
            whole.append(block)
    for index, block in enumerate(whole):
        after = whole[index + 1] if index + 1 < len(whole) else None
        inside = BULLET_INSIDE.search(content, block.body, block.end) if block.mark and block.mark_kind != "bullet" else None
        if (
            inside
            and after
            and after.mark_kind == "bullet"
            and (after.mark or "")[:1] == inside["mark"]
            and not content[block.body : inside.start()].rstrip().endswith((".", ";", ","))
        ):
            yield replace(block, end=inside.start())
            yield Block(inside.start("mark"), block.end, inside.end(), inside["mark"], "bullet")
        elif heading := _heading_line(content, block):
            yield replace(block, end=heading)
            yield Block(heading + 1, block.end, heading + 1, None, None)
        else:
            yield block


def _heading_line(content: str, block: Block) -> int | None:
    """Where the heading of a unit ends to which the sentence on the next line was joined (`Điều 5. Trách nhiệm thi hành`)."""
    heading = HEADING_LINE.match(content, block.body, block.end) if block.mark and block.mark_kind != "bullet" else None
    if heading is None or heading[0].lower().endswith(UNFINISHED) or not DUTY.search(content, heading.end(), block.end):
        return None
    return heading.end()


def _placed(blocks: Sequence[Block], sections: Sequence[Section]) -> list[Item]:
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
    after = [*(place[1] for place in placed[1:]), 0][: len(placed)]
    return [Item(*place, heads=level > place[1], lists=level > place[1] and level % 10 > PLAIN) for place, level in zip(placed, after, strict=True)]
