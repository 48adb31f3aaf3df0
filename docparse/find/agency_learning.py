"""Head nouns and fields of work that a text itself teaches: those of the names that the trained model sees and the lexicon lacks."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from docparse.find.agency_words import Head, Vocabulary, fields, heads, lexicon_vocabulary
from docparse.find.places import province_names, read_level
from docparse.find.tokens import Phrases, Tokens
from docparse.text import Span
from docparse.words import unaccent

LONGEST_HEAD = 4
LEARNED = Head(kind="agency", core="name", rank=40, lists=True)

ITEM_ENDS = frozenset([",", ";", ":", ".", "và", ")"])

Range = tuple[int, int]


@dataclass(frozen=True)
class Seen:
    """What the trained model sees in a text: the names that it is sure of, and stretches that are likely names or parts of them."""

    names: Sequence[Span] = ()
    likely: Sequence[Span] = ()


def learn_vocabulary(tokens: Tokens, seen: Seen) -> Vocabulary:
    """The vocabulary of the lexicon with what is seen in a text.

    The words before a level, a place, a known field or a known body are a head (`Nông trường` in `Nông trường huyện Ea Kar`), and those
    with which several names begin; what follows the head of ministries and departments is a field.

    >>> tokens = Tokens.of_string("Nông trường huyện Ea Kar và Nông trường Lộc An")
    >>> learn_vocabulary(tokens, Seen([Span(0, 23)])).heads.longest(["nông", "trường"], 0)[0]
    2
    """
    names, likely = token_ranges(tokens, seen.names), token_ranges(tokens, seen.likely)
    new_fields = {" ".join(tokens.words[start:end]) for name in names for start, end in _field(tokens, *name)}
    new_fields |= {" ".join(tokens.words[start:end]) for start, end in likely if _is_item(tokens, start, end)}
    new_heads = {*_divided(tokens, names), *_shared(tokens, names)}
    if not (new_fields or new_heads):
        return lexicon_vocabulary()
    exact, plain = fields()
    return Vocabulary(
        Phrases(((head, LEARNED) for head in sorted(new_heads)), beyond=heads()),
        (
            Phrases(((field, field) for field in sorted(new_fields)), beyond=exact),
            Phrases(((unaccent(field), field) for field in sorted(new_fields)), beyond=plain),
        ),
    )


def token_ranges(tokens: Tokens, spans: Sequence[Span]) -> list[Range]:
    """Stretches of a text as tokens, first and end; those without a token are left out."""
    ranges = ((bisect_left(tokens.starts, span.start), bisect_left(tokens.starts, span.end)) for span in spans)
    return [(first, end) for first, end in ranges if end > first]


def _is_item(tokens: Tokens, first: int, end: int) -> bool:
    """Whether a stretch is an item of an enumeration, so that behind a head that stands before the others it is a field."""
    words = tokens.words
    closed = words[end : end + 1] and words[end] in ITEM_ENDS
    opened = first > 0 and first not in tokens.breaks and words[first - 1] in ITEM_ENDS
    return bool(opened and closed and tokens.capital(first) and "," not in words[first:end])


def _field(tokens: Tokens, first: int, end: int) -> Iterator[Range]:
    """The field of a name with a known head that takes one."""
    head = heads().longest(tokens.words, first)
    if head and head[1].core == "field" and head[0] < end and tokens.capital(head[0]):
        last = next((at for at in range(head[0], end) if _is_place(tokens, at)), end)
        if last > head[0]:
            yield head[0], last


def _divided(tokens: Tokens, names: Sequence[Range]) -> Iterator[str]:
    """Heads before a level, a place, a field or a body."""
    for first, end in names:
        if heads().longest(tokens.words, first):
            continue
        at = next((at for at in range(first + 1, min(end, first + LONGEST_HEAD + 1)) if _divides(tokens, at, end)), None)
        if at:
            yield " ".join(tokens.words[first:at])


def _divides(tokens: Tokens, at: int, end: int) -> bool:
    field = fields()[0].longest(tokens.words, at)
    return _is_place(tokens, at) or bool(field and field[0] == end) or bool(tokens.capital(at) and heads().longest(tokens.words, at))


def _is_place(tokens: Tokens, at: int) -> bool:
    return bool(read_level(tokens, at) or province_names().longest(tokens.words, at))


def _shared(tokens: Tokens, names: Sequence[Range]) -> Iterator[str]:
    """Heads with which several names begin that go on in different words: the longest of them."""
    following: dict[tuple[str, ...], set[str]] = defaultdict(set)
    unknown = [tokens.words[first:end] for first, end in names if not heads().longest(tokens.words, first)]
    for words in unknown:
        for size in range(1, min(LONGEST_HEAD + 1, len(words))):
            following[tuple(words[:size])].add(words[size])
    for words in unknown:
        shared = (size for size in range(min(LONGEST_HEAD, len(words) - 1), 0, -1) if len(following[tuple(words[:size])]) > 1)
        yield from (" ".join(words[:size]) for size in islice(shared, 1))
