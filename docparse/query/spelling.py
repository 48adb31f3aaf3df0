"""What counts as the same in a search: abbreviations and full forms, old and new tone placement, leading zeros; and where it stands in a text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from docparse.lexicon import load_rows
from docparse.query.language import And, Near, Not, Or, Query, Words, all_words, positive, read_query
from docparse.words import TONE_PLACEMENT, WORD, lower, old_tone, unaccent

MARKERS_KEPT = 256
MOST_SPELLINGS = 64  # of one phrase
NEW_PLACEMENT = {old: new for new, old in TONE_PLACEMENT.items()}
OLD_TONE = re.compile(rf"(?:{'|'.join(NEW_PLACEMENT)})(?!\w)")
MOST_DIGITS = 5  # of a number that is filled up with zeros
BETWEEN = 3  # words between the number and the symbol of a document: 28/2023/QĐ-TTg
LONGEST_RUN = 8  # words of a run that are looked for together

Sequence_ = tuple[str, ...]


@cache
def equal_forms() -> dict[Sequence_, tuple[Sequence_, ...]]:
    """For the words of an abbreviation or full form, as written and without marks, the words of the others.

    >>> equal_forms()["ubnd",], equal_forms()["uy", "ban", "nhan", "dan"]
    ((('ủy', 'ban', 'nhân', 'dân'),), (('ubnd',),))
    """
    forms: dict[Sequence_, dict[Sequence_, None]] = {}
    for row in load_rows("abbreviations"):
        short, full = (tuple(WORD.findall(old_tone(row[name]))) for name in ("short", "full"))
        for one, other in ((short, full), (full, short)):
            for form in (one, tuple(map(unaccent, one))):
                forms.setdefault(form, {})[other] = None
    return {form: tuple(others) for form, others in forms.items()}


def with_equals(query: Query) -> Query:
    """A search in which each abbreviation may also stand in full, and the other way round.

    >>> with_equals(read_query("UBND xã")).parts[0].parts[1].words
    ('ủy', 'ban', 'nhân', 'dân')
    """
    match query:
        case Words():
            forms = spelled_out(query.words, exact=query.exact) if not (query.prefix or query.number) else (query.words,)
            return Or(tuple(replace(query, words=form) for form in forms)) if len(forms) > 1 else query
        case Not(part=part):
            return Not(with_equals(part))
        case Or(parts=parts):
            return Or(tuple(map(with_equals, parts)))
        case And(parts=parts):
            return And(tuple(_with_equals(parts)))
    return query


def _with_equals(parts: Sequence[Query]) -> Iterator[Query]:
    """The parts; full forms that are typed as words one after another are seen as one."""
    at = 0
    while at < len(parts):
        found = next(((end, forms) for end in range(min(len(parts), at + LONGEST_RUN), at + 1, -1) if (forms := _forms(parts[at:end]))), None)
        if found:
            yield Or((And(tuple(parts[at : found[0]])), *found[1]))
            at = found[0]
        else:
            yield with_equals(parts[at])
            at += 1


def _forms(parts: Sequence[Query]) -> list[Words]:
    single = [part for part in parts if isinstance(part, Words) and len(part.words) == 1 and not part.prefix]
    if len(single) < len(parts):
        return []
    exact = single[0].exact
    key = tuple(old_tone(part.words[0]) for part in single)
    return [Words(form if exact else tuple(map(unaccent, form)), exact=exact) for form in equal_forms().get(key, ())]


def spelled_out(words: Sequence_, *, exact: bool) -> tuple[Sequence_, ...]:
    """The words, and the same with abbreviations in full or full forms abbreviated; at most a few.

    >>> spelled_out(("chu", "tich", "ubnd"), exact=False)
    (('chu', 'tich', 'ubnd'), ('chu', 'tich', 'uy', 'ban', 'nhan', 'dan'))
    """
    found: dict[Sequence_, None] = {words: None}
    canonical = tuple(map(old_tone, words))
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + LONGEST_RUN) + 1):
            for form in equal_forms().get(canonical[start:end], ()):
                found[(*words[:start], *(form if exact else map(unaccent, form)), *words[end:])] = None
    return tuple(itertools.islice(found, 4))


def spellings(words: Words) -> tuple[Sequence_, ...]:
    """All ways in which the words of a search may be written: tone marks in the old and the new place, numbers with a leading zero.

    >>> spellings(Words(("hòa", "bình"), exact=True)), spellings(Words(("8", "2021", "qd"), number=True))[:2]
    ((('hòa', 'bình'), ('hoà', 'bình')), (('8', '2021', 'qd'), ('08', '2021', 'qd')))
    """
    each = [_spellings(word, words, first=at == 0) for at, word in enumerate(words.words)]
    if words.number:
        return tuple(dict.fromkeys(form for typed in itertools.product(*each) for form in (typed, _joined(typed))))
    total = 1
    for choices in each:
        total *= len(choices)
    if total > MOST_SPELLINGS:
        return tuple(dict.fromkeys((tuple(choices[0] for choices in each), tuple(choices[-1] for choices in each))))
    return tuple(itertools.product(*each))


def _spellings(word: str, of: Words, *, first: bool) -> Sequence_:
    if of.number and first and word.isascii() and word.isdigit():
        bare = word.lstrip("0") or "0"
        return tuple(dict.fromkeys((bare, word, *(bare.zfill(width) for width in range(2, MOST_DIGITS + 1)))))
    if not of.exact:
        return (word,)
    old = old_tone(word)
    return tuple(dict.fromkeys((old, OLD_TONE.sub(lambda match: NEW_PLACEMENT[match[0]], old) if not old.startswith("qu") else old)))


def _joined(words: Sequence_) -> Sequence_:
    """A number whose symbol is printed without a dash.

    >>> _joined(("45", "2022", "nd", "cp"))
    ('45', '2022', 'ndcp')
    """
    letters = [word for word in words if word.isalpha()]
    return (*words[: -len(letters)], "".join(letters)) if len(letters) > 1 and words[-len(letters) :] == tuple(letters) else words


def runs(query: Query) -> tuple[tuple[Sequence_, ...], ...] | None:
    """What a search for words is about, without marks: words typed one after another, and phrases, each in its equal forms.

    None where it has alternatives of its own (OR).

    >>> runs(read_query("phan bo von UBND"))
    ((('phan', 'bo', 'von', 'ubnd'), ('phan', 'bo', 'von', 'uy', 'ban', 'nhan', 'dan')),)
    """
    parts = query.parts if isinstance(query, And) else (query,)
    found: list[list[str]] = []
    typed = False
    for part in parts:
        match part:
            case Words(words=words):
                single = len(words) == 1
                if not (single and typed):
                    found.append([])
                found[-1] += words
                typed = single
            case Near(items=items):
                found += [list(item.words) for item in items]
                typed = False
            case Not():
                typed = False
            case _:
                return None
    return tuple(spelled_out(tuple(map(unaccent, words)), exact=False) for words in found if words)


def number_beside_symbol(query: Query) -> Near | None:
    """`QĐ-TTg 28` is about a document with this number and symbol, whatever stands between them; None for other searches.

    >>> number_beside_symbol(read_query("QD-TTg 28")).distance
    3
    """
    parts = query.parts if isinstance(query, And) else (query,)
    words = [part for part in parts if isinstance(part, Words) and part.number]
    numbers = [part for part in words if len(part.words) == 1]
    return Near((*numbers, *(part for part in words if part not in numbers)), BETWEEN) if 0 < len(numbers) < len(words) == len(parts) else None


def numbers(query: Query) -> tuple[Sequence_, ...]:
    """The numbers of documents that a search is for, in all spellings.

    >>> numbers(read_query("28/2023"))[0]
    ('28', '2023')
    """
    return tuple(form for words in all_words(query) if words.number and len(words.words) > 1 for form in spellings(words))


def bears(number: str | None, wanted: tuple[Sequence_, ...]) -> bool:
    """Whether the number of a document is one of those wanted, or begins with one.

    >>> bears("28/2023/QĐ-TTg", (("28", "2023"),)), bears("128/2023/QĐ-TTg", (("28", "2023"),))
    (True, False)
    """
    words = tuple(WORD.findall(unaccent(lower(number or ""))))
    return any(words[: len(form)] == form for form in wanted)


@dataclass(frozen=True, slots=True)
class Patterns:
    """`exact` is matched with the text in lower case and old tone placement, `folded` with the text without marks."""

    exact: tuple[re.Pattern[str], ...]
    folded: tuple[re.Pattern[str], ...]

    def find(self, text: str, folded: str) -> list[tuple[int, int]]:
        """The ranges that match, in order, without overlap; of those that begin together the longest."""
        lowered = old_tone(text) if self.exact else ""
        found = [match.span() for pattern in self.exact for match in pattern.finditer(lowered)]
        found += [match.span() for pattern in self.folded for match in pattern.finditer(folded)]
        kept: list[tuple[int, int]] = []
        for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
            if not kept or start >= kept[-1][1]:
                kept.append((start, end))
        return kept


@dataclass(frozen=True, slots=True)
class Marker:
    """Finds what a search is about in a text: `close` where it stands together, `loose` single words."""

    close: Patterns
    loose: Patterns

    def find(self, text: str, folded: str) -> Iterator[tuple[int, int]]:
        """The ranges that match, in order, without overlap; `folded` is `text` without marks, of the same length."""
        yield from self.close.find(text, folded) or self.loose.find(text, folded)


@lru_cache(maxsize=MARKERS_KEPT)
def marker(query: str) -> Marker:
    """What finds the words and phrases of a search. Raises QueryError.

    Words typed one after another are found where at least two of them stand side by side, single ones only where none do.

    >>> text = "Quyết định phân bổ vốn đầu tư"
    >>> list(marker("phan bo von").find(text, unaccent(text.lower())))
    [(11, 22)]
    """
    close: dict[bool, list[str]] = {True: [], False: []}
    loose: dict[bool, list[str]] = {True: [], False: []}
    for row in _rows(read_query(query)):
        first = row[0]
        words = tuple(itertools.chain.from_iterable(part.words for part in row))
        plain = first.prefix or first.number
        for form in (words,) if plain else spelled_out(words, exact=first.exact):
            for spelled in dict.fromkeys(map(_canonical, spellings(replace(first, words=form)) if plain or first.exact else (form,))):
                if len(row) == 1 or len(spelled) == 1:
                    close[first.exact].append(_pattern(spelled, prefix=first.prefix))
                else:
                    close[first.exact].append(_side_by_side(spelled))
                    loose[first.exact] += (_pattern((word,)) for word in spelled)
    return Marker(*(Patterns(_compiled(found[True]), _compiled(found[False])) for found in (close, loose)))


def _canonical(words: Sequence_) -> Sequence_:
    return tuple(map(old_tone, words))


def _rows(query: Query | None) -> Iterator[list[Words]]:
    """Phrases, and words that were typed one after another."""
    match query:
        case Words():
            yield [query]
        case Near(items=items):
            yield from ([item] for item in items)
        case Or(parts=parts):
            for part in parts:
                yield from _rows(part)
        case And(parts=parts):
            for single, group in itertools.groupby(parts, key=lambda part: isinstance(part, Words) and len(part.words) == 1 and not part.prefix):
                if single:
                    yield [part for part in group if isinstance(part, Words)]
                else:
                    for part in group:
                        yield from _rows(part)


def _pattern(words: Sequence_, *, prefix: bool = False) -> str:
    return r"(?<![^\W_])" + r"[\W_]+".join(map(re.escape, words)) + (r"[^\W_]*" if prefix else r"(?![^\W_])")


def _side_by_side(words: Sequence_) -> str:
    """Two or more of the words, one after another."""
    starts = []
    for at in range(len(words) - 1):
        after = ""
        for word in reversed(words[at + 2 : at + LONGEST_RUN]):
            after = rf"(?:[\W_]+{re.escape(word)}(?![^\W_]){after})?"
        starts.append(_pattern(words[at : at + 2]) + after)
    return "|".join(starts)


def _compiled(patterns: list[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in dict.fromkeys(patterns))


def as_phrase(query: str) -> str:
    """The search for words typed one after another as a phrase; others stay as they are. Raises QueryError.

    >>> as_phrase("phan bo von"), as_phrase("phân bổ"), as_phrase("phan OR bo")
    ('~"phan bo von"', '"phân bổ"', 'phan OR bo')
    """
    read = read_query(query)
    words = [part for part in read.parts if isinstance(part, Words) and not (part.prefix or part.number)] if isinstance(read, And) else []
    if not isinstance(read, And) or len(words) < len(read.parts) or len({part.exact for part in words}) > 1:
        return query
    return ("" if words[0].exact else "~") + '"' + " ".join(word for part in words for word in part.words) + '"'


def without_marks(query: str) -> str | None:
    """The same search for any marks, None where it asks for none.

    >>> without_marks('"phan bo von" NOT tỉnh')
    '~"phan bo von" NOT tinh'
    """
    read = read_query(query)
    if read is None or not any(words.exact for words in all_words(read)) or not any(True for _ in positive(read)):
        return None
    return unaccent(re.sub(r'(?<!~)["“]([^"“”]*)["”]', r'~"\1"', query))
