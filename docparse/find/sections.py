"""The section tree: numbered units as printed, nested by the forms really in use at each place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from docparse.find.blocks import Block, find_blocks
from docparse.find.closing import Closing
from docparse.find.numbering import LETTERS, Mark
from docparse.lexicon import load_values
from docparse.record import Header, Section
from docparse.text import Text
from docparse.words import squeeze

HEADING_WORDS = 25
RUN_IN_WORDS = 16
RUN_IN = re.compile(r"[^:.;]{2,200}?(?=:\s)")
SENTENCE_END = re.compile(r"[.;,][\s\"”’)\]/.]*\Z")
SKIPPED = 3


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit of the tree: its mark, its address and that of the unit that holds it, its depth from 1."""

    mark: Mark
    id: str
    parent: str | None
    depth: int
    heading: str | None


def find_sections(text: Text, *, header: Header, closing: Closing, blocks: Sequence[Block] | None = None) -> tuple[Section, ...]:
    """Every numbered unit of `text` in reading order, without cells, quotations, addressees and the closing block.

    `blocks` are those of `text`, where they are known already.

    >>> text = Text.of_lines(["I. KẾT QUẢ", "1. Công tác", "1.1. Chỉ đạo:", "- Ban hành", "II. NHIỆM VỤ"])
    >>> end = Closing(len(text.content), len(text.content))
    >>> [(section.id, section.depth, section.heading) for section in find_sections(text, header=Header(), closing=end)]
    [('I', 1, 'KẾT QUẢ'), ('I.1', 2, 'Công tác'), ('I.1.1', 3, 'Chỉ đạo'), ('II', 1, 'NHIỆM VỤ')]
    """
    content = text.content
    addressees = header.marks.get("addressees")
    found: list[_Unit] = []
    open_units: list[_Unit] = []
    used: Counter[str] = Counter()
    breaks = [closing.start] if closing.start < closing.end else []
    after_unit = after_closing = False
    for block in find_blocks(text) if blocks is None else blocks:
        ends_closing = not after_closing and closing.start < closing.end <= block.start
        after_closing = after_closing or ends_closing
        if ends_closing or _starts_anew(content, block, titled=after_unit and bool(open_units and open_units[-1].mark.rank)):
            open_units = []
            breaks.append(block.start)
        mark = block.numeral
        in_addressees = addressees is not None and addressees.start <= block.start < addressees.end
        after_unit = bool(mark and mark.numbers) and not (block.cell or block.quoted or in_addressees or closing.start <= block.start < closing.end)
        if mark is None or not after_unit:
            continue
        mark = _as_series(mark, open_units)
        open_units = open_units[: _level(open_units, mark)]
        parent = open_units[-1] if open_units else None
        address = _address(mark, parent)
        used[address] += 1
        unit = _Unit(
            mark=mark,
            id=address if used[address] == 1 else f"{address}#{used[address]}",
            parent=parent.id if parent else None,
            depth=len(open_units) + 1,
            heading=_heading(content, block),
        )
        open_units.append(unit)
        found.append(unit)
    return tuple(
        Section(
            start=unit.mark.start,
            end=end,
            rule=unit.mark.rule,
            id=unit.id,
            parent=unit.parent,
            label=unit.mark.label,
            depth=unit.depth,
            kind=unit.mark.kind,
            heading=unit.heading,
            page=text.page_at(unit.mark.start),
        )
        for unit, end in zip(found, _ends(found, [*breaks, len(content)]), strict=True)
    )


def _ends(found: list[_Unit], breaks: list[int]) -> list[int]:
    """Where each unit ends: at the next one of its depth or above, or at the next of `breaks`."""
    ends: list[int] = []
    later = sorted(breaks)
    starts: list[int] = []  # of the next unit of each depth or above, from depth 1
    for unit in reversed(found):
        while len(later) > 1 and later[-2] > unit.mark.start:
            later.pop()
        nearest = starts[min(unit.depth, len(starts)) - 1] if starts else later[-1]
        ends.append(min(nearest, later[-1]))
        starts = [*starts[: unit.depth - 1], *[nearest] * (unit.depth - 1 - len(starts)), unit.mark.start]
    return ends[::-1]


@cache
def _captions() -> re.Pattern[str]:
    values = load_values("numbering")["annex"]
    titles = "|".join(values["titles"])
    return re.compile(rf"(?:{values['caption']}|{values['letterhead']}|(?:{titles})[.:]?|{values['issued_with']}.*)\Z")


def _starts_anew(content: str, block: Block, *, titled: bool) -> bool:
    """Whether an annex, or a document issued with this one, begins here: its units start again at depth 1.

    `titled`: the block stands under the title of a named unit, so that a note on what it is annexed to belongs to that unit.
    """
    if block.numeral or block.cell or block.quoted:
        return False
    line = content[block.start : block.end].split("\n", 1)[0].strip()
    return not (titled and line.startswith("(")) and _captions().match(line) is not None


def _as_series(mark: Mark, open_units: list[_Unit]) -> Mark:
    """`mark` read as the letter i or the Roman number, whichever its series says."""
    last = {unit.mark.kind: unit.mark.numbers[-1] for unit in open_units}
    letter = LETTERS.find(mark.label) + 1
    if mark.kind == "letter" and mark.label in ("i", "v", "x"):
        roman = {"i": 1, "v": 5, "x": 10}[mark.label]
        if last.get("letter", 0) + 1 < letter - SKIPPED and (roman == 1 or last.get("roman_lower") == roman - 1):
            return replace(mark, kind="roman_lower", rule="numbering.roman_lower_paren", numbers=(roman,))
    if (
        mark.kind == "roman_lower"
        and len(mark.label) == 1
        and 0 < letter - last.get("letter", 0) <= SKIPPED
        and last.get("roman_lower", 0) + 1 != mark.numbers[0]
    ):
        return replace(mark, kind="letter", rule="numbering.letter_parens", numbers=(letter,))
    return mark


def _level(open_units: list[_Unit], mark: Mark) -> int:
    """How many of the open units hold `mark`."""
    marks = [unit.mark for unit in open_units]
    if mark.rank:
        return next((level for level, open_ in enumerate(marks) if open_.kind == mark.kind or open_.rank > mark.rank), len(marks))
    if len(mark.numbers) > 1:
        for level in range(len(marks) - 1, -1, -1):
            if marks[level].numbers == mark.numbers[:-1] and marks[level].kind in _PARENTS[mark.kind]:
                return level + 1
        return next((level for level, open_ in enumerate(marks) if open_.kind == mark.kind and len(open_.numbers) >= len(mark.numbers)), len(marks))
    for level, open_ in enumerate(marks):
        if open_.rule == mark.rule:
            return level
    for level, open_ in enumerate(marks):
        if open_.kind == mark.kind and 0 < mark.numbers[0] - open_.numbers[0] <= SKIPPED:
            return level
    if mark.kind in ("roman", "letter_upper"):
        return next((level for level, open_ in enumerate(marks) if open_.kind in ("arabic", "decimal", "letter")), len(marks))
    return len(marks)


_PARENTS = {"decimal": ("arabic", "decimal", "roman", "dieu", "muc", "chuong", "phan", "step"), "letter_digit": ("letter", "letter_digit")}


def _address(mark: Mark, parent: _Unit | None) -> str:
    """The address of a unit: that of its parent and its label, of which a decimal label repeats no part."""
    if parent is None:
        return mark.label
    own = mark.label
    if len(mark.numbers) > 1 and parent.mark.numbers == mark.numbers[:-1]:
        own = re.split(r"[. ]", own)[-1] if "." in own else own[1:]
    return f"{parent.id}.{own}"


def _heading(content: str, block: Block) -> str | None:
    """The heading of a unit: a whole short block that is no sentence, or what stands before the colon of one run into its text."""
    whole = squeeze(content[block.body : block.end])
    if not whole:
        return None
    run_in = RUN_IN.match(whole)
    if run_in and len(run_in[0].split()) <= RUN_IN_WORDS:
        return run_in[0].strip()
    if SENTENCE_END.search(whole) and whole.upper() != whole:
        return None
    plain = whole.rstrip(" .:;")
    return plain if len(plain.split()) <= HEADING_WORDS or plain.upper() == plain else None
