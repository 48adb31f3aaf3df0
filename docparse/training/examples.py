"""What the pipeline learns from: paragraphs as syllables with a tag each, where known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from docparse.find.blocks import Block
from docparse.model.names import OUTSIDE
from docparse.model.syllables import TOKEN

UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name in a text, as a half-open range. A label of "" says that nobody knows what stands there: nothing is learned from it."""

    start: int
    end: int
    label: str


@dataclass(slots=True)
class Paragraph:
    """A paragraph as tokens, whether a space follows each, and their tags; an empty tag is unknown."""

    words: list[str]
    spaces: list[bool]
    tags: list[str]


def tagged(content: str, spans: Iterable[NameSpan], blocks: Sequence[Block]) -> Iterator[Paragraph]:
    """The paragraphs of a text with the tags that `spans` give; of spans that overlap the first and longest counts.

    >>> from docparse.find.blocks import find_blocks
    >>> from docparse.text import Text
    >>> text = Text.of_lines(["Giao Sở Y tế báo cáo"])
    >>> next(tagged(text.content, [NameSpan(5, 12, "AGENCY")], find_blocks(text))).tags
    ['O', 'B-AGENCY', 'I-AGENCY', 'I-AGENCY', 'O', 'O']
    """
    ordered = sorted(spans, key=lambda span: (span.start, -span.end))
    first = 0
    for block in blocks:
        while first < len(ordered) and ordered[first].end <= block.start:
            first += 1
        flat = flattened(content, block.start, block.end)
        words: list[str] = []
        spaces: list[bool] = []
        tags: list[str] = []
        at, inside = first, -1
        for match in TOKEN.finditer(flat):
            if match[0] == " " and words and not spaces[-1]:
                spaces[-1] = True
                continue
            offset = block.start + match.start()
            while at < len(ordered) and ordered[at].end <= offset:
                at += 1
            tag = OUTSIDE
            if at < len(ordered) and ordered[at].start <= offset:
                label = ordered[at].label
                tag = f"{'I' if inside == at else 'B'}-{label}" if label else UNKNOWN
                inside = at
            words.append(match[0])
            spaces.append(False)
            tags.append(tag)
        if words:
            yield Paragraph(words, spaces, tags)


def flattened(content: str, start: int, end: int) -> str:
    """A stretch of a text on one line, of the same length."""
    return content[start:end].replace("\n", " ")
