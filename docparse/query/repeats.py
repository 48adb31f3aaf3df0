"""What paragraphs of one text repeat of another one: pure, on paragraphs as words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from docparse.query.paragraphs import Paragraph

ANCHOR_WORDS = 4  # paragraphs that stand once in both texts and have as many words are what the rest is aligned by
SHORT = 8  # words: shorter paragraphs may recur by chance, and count as repeated in their place or beside another short one only
SHINGLE = 3
COMMON = 30  # of a shingle in more paragraphs only those around the expected place are looked at
AROUND = 3
LEAST_SHARED = 0.25  # of its shingles, for a paragraph to be aligned word by word
LEAST_LIKENESS = 0.5
LEAST_EDGE = 0.7  # of the words at the edge of a paragraph, to be those of the paragraph beside the other one
BESIDE = 3  # paragraphs
CHANGED_WORDS = 3  # one or two equal words between longer changes are chance
MOST_PAIRS = 100_000_000  # of paragraphs aligned at once: a bit each
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph `[start, end)` of the document; the other document has it in `[other_start, other_end)`.

    `likeness`: the share of its characters that stand unchanged there, 0.5 to 1, or 0: it is new. `changed`: ranges of the document's text
    inside it that differ; capitals, marks, punctuation and line breaks make no difference.
    """

    start: int
    end: int
    likeness: float
    other_start: int | None
    other_end: int | None
    changed: tuple[tuple[int, int], ...] = ()


def find_passages(paragraphs: Sequence[Paragraph], others: Sequence[Paragraph]) -> tuple[Passage, ...]:
    """One passage for each paragraph: the same words in the same order of paragraphs, the same words elsewhere, similar words, or new."""
    same = _aligned([paragraph.words for paragraph in paragraphs], [other.words for other in others])
    shingled = _Shingled(others)
    first_of: dict[tuple[str, ...], int] = {}
    for at, other in enumerate(others):
        first_of.setdefault(other.words, at)
    found, expected = [], 0
    for at, paragraph in enumerate(paragraphs):
        twin = same.get(at)
        if twin is None and len(paragraph.words) >= SHORT:
            twin = first_of.get(paragraph.words)
        if twin is None:
            passage, place = shingled.passage(paragraph, expected)
            found.append(passage)
            expected = expected if place is None else place + 1
        else:
            found.append(Passage(paragraph.start, paragraph.end, 1.0, others[twin].start, others[twin].end))
            expected = twin + 1
    return tuple(found)


def share_repeated(paragraphs: Sequence[Paragraph], passages: Sequence[Passage]) -> float:
    """The share of the characters of all words that the other text has too, 0 to 1."""
    sizes = [_size(paragraph.spans) for paragraph in paragraphs]
    repeated = sum(size * passage.likeness for size, passage in zip(sizes, passages, strict=True))
    return round(repeated / max(sum(sizes), 1), 4)


def _size(spans: Sequence[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)


def _aligned(ours: list[tuple[str, ...]], theirs: list[tuple[str, ...]]) -> dict[int, int]:
    """Equal paragraphs in the same order: those that stand once in both (as patience diff does), between them as many as possible."""
    pairs: dict[int, int] = {}
    before, other_before = 0, 0
    for at, other in [*_anchors(ours, theirs), (len(ours), len(theirs))]:
        gap, other_gap = ours[before:at], theirs[other_before:other]
        if len(gap) * len(other_gap) <= MOST_PAIRS:
            for block in Indel.opcodes(gap, other_gap):
                if block.tag == "equal":
                    for step in range(block.src_end - block.src_start):
                        pairs[before + block.src_start + step] = other_before + block.dest_start + step
        if at < len(ours):
            pairs[at] = other
        before, other_before = at + 1, other + 1
    return pairs


def _anchors(ours: list[tuple[str, ...]], theirs: list[tuple[str, ...]]) -> list[tuple[int, int]]:
    """The longest series of paragraphs that stand once in both, ascending in both."""
    counts, other_counts = Counter(ours), Counter(theirs)
    place = {words: at for at, words in enumerate(theirs) if other_counts[words] == 1}
    tails: list[int] = []  # the lowest place in which a series of each length ends
    ends: list[tuple[int, int, int]] = []  # our place, their place, the entry before in the series
    entry_of_tail: list[int] = []
    for at, words in enumerate(ours):
        if len(words) < ANCHOR_WORDS or counts[words] > 1 or words not in place:
            continue
        length = bisect_left(tails, place[words])
        ends.append((at, place[words], entry_of_tail[length - 1] if length else -1))
        tails[length : length + 1] = [place[words]]
        entry_of_tail[length : length + 1] = [len(ends) - 1]
    series = []
    entry = entry_of_tail[-1] if entry_of_tail else -1
    while entry >= 0:
        at, other, entry = ends[entry]
        series.append((at, other))
    return series[::-1]


def _shingles(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Each run of three words, digits made alike: a report of the next month has other ones."""
    masked = [DIGITS.sub("0", word) for word in words]
    return zip(*(masked[first:] for first in range(SHINGLE)), strict=False)


class _Shingled:
    """Paragraphs by the runs of words in them."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self._paragraphs = paragraphs
        self._holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at, paragraph in enumerate(paragraphs):
            for shingle in set(_shingles(paragraph.words)):
                self._holders[shingle].append(at)

    def passage(self, paragraph: Paragraph, expected: int) -> tuple[Passage, int | None]:
        """The paragraph beside the one it shares most with, and the place of that; of equal ones the one nearest to the expected place."""
        new = Passage(paragraph.start, paragraph.end, 0.0, None, None), None
        words = paragraph.words
        shingles = set(_shingles(words))
        shared: Counter[int] = Counter()
        for shingle in shingles:
            holders: Sequence[int] = self._holders.get(shingle, ())
            if len(holders) > COMMON:
                place = bisect_left(holders, expected)
                holders = holders[max(place - AROUND, 0) : place + AROUND]
            shared.update(holders)
        if len(words) < SHORT:
            shared = Counter({at: count for at, count in shared.items() if len(self._paragraphs[at].words) <= 2 * len(words)})
        best = min(shared, key=lambda at: (-shared[at], abs(at - expected), at), default=None)
        if best is None or shared[best] < LEAST_SHARED * len(shingles):
            return new
        missing, first, last = self._beside(words, best)
        changed = _joined(missing)
        likeness = 1 - sum(_size(paragraph.spans[start:end]) for start, end in changed) / _size(paragraph.spans)
        if likeness < LEAST_LIKENESS:
            return new
        ranges = tuple((paragraph.spans[start][0], paragraph.spans[end - 1][1]) for start, end in changed)
        other_start, other_end = self._paragraphs[first].start, self._paragraphs[last].end
        return Passage(paragraph.start, paragraph.end, round(likeness, 4), other_start, other_end, ranges), best

    def _beside(self, words: Sequence[str], best: int) -> tuple[list[tuple[int, int]], int, int]:
        """What of the words a paragraph has not; where it begins or ends elsewhere, they may stand in the paragraphs before and after it."""
        missing = _missing(words, self._paragraphs[best].words)
        first = last = best
        if missing and missing[0][0] == 0 and missing[0][1] < len(words):
            run = words[: missing[0][1]]
            begin = max(best - BESIDE, 0)
            beside = [(word, at) for at in range(begin, best) for word in self._paragraphs[at].words][-2 * len(run) :]
            inside = _missing(run, [word for word, _ in beside])
            if _count(inside) <= (1 - LEAST_EDGE) * len(run):
                missing[:1] = inside
                first = beside[-len(run) :][0][1]
        if missing and missing[-1][1] == len(words) and missing[-1][0] > 0:
            run = words[missing[-1][0] :]
            after = self._paragraphs[best + 1 : best + 1 + BESIDE]
            beside = [(word, best + 1 + step) for step, other in enumerate(after) for word in other.words][: 2 * len(run)]
            inside = _missing(run, [word for word, _ in beside])
            if _count(inside) <= (1 - LEAST_EDGE) * len(run):
                offset = missing[-1][0]
                missing[-1:] = [(offset + start, offset + end) for start, end in inside]
                last = beside[: len(run)][-1][1]
        return missing, first, last


def _missing(words: Sequence[str], others: Sequence[str]) -> list[tuple[int, int]]:
    """Runs of words that the others do not have in this order."""
    return [(block.src_start, block.src_end) for block in Indel.opcodes(words, others) if block.tag == "delete"]


def _count(runs: list[tuple[int, int]]) -> int:
    return sum(end - start for start, end in runs)


def _joined(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Runs of words, joined where only chance words stand between two long ones."""
    joined: list[tuple[int, int]] = []
    for start, end in runs:
        before = joined[-1] if joined else (0, 0)
        if joined and start - before[1] < CHANGED_WORDS <= min(before[1] - before[0], end - start):
            joined[-1] = (before[0], end)
        else:
            joined.append((start, end))
    return joined
