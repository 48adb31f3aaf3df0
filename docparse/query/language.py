"""The language of searches: words, phrases, AND, OR, NOT, prefixes, NEAR."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from docparse.errors import QueryError
from docparse.words import WORD, lower, unaccent

LONGEST = 1000  # characters
MOST_WORDS = 40
DEEPEST = 20  # parentheses in parentheses
FARTHEST = 100  # words between those of NEAR
NEARNESS = 10  # unless stated
NUMBERED = re.compile(r"\d.*[/-]|[/-].*\d|^[^\W\d_]{2,5}[-–][^\W\d_]")
PHRASE = re.compile(r"""["“”][^"“”]*["“”]?""")
TOKEN = re.compile(
    r"""\s*(?:
    (?P<near>NEAR)\s*\( | (?P<open>\() | (?P<close>\)) | (?P<comma>,)
    | (?P<loose>~?)(?P<quote>["“”])(?P<phrase>[^"“”]*)(?P<end>["“”]?)
    | (?P<operator>(?:AND|OR|NOT)(?=[\s(~"“]|$))
    | (?P<minus>-)(?=[^\s-])
    | (?P<word>[^\s()"“”,]+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a row, in lower case. `exact`: with just these marks, else with any; `prefix`: the last one is the beginning of a word.

    `number`: they are a number or symbol of a document, in which leading zeros do not count.
    """

    words: tuple[str, ...]
    exact: bool = False
    prefix: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Words and phrases with at most `distance` others between them, in any order."""

    items: tuple[Words, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Not:
    """What must not stand in the document."""

    part: Query


@dataclass(frozen=True, slots=True)
class And:
    """All parts; words typed one after another are parts of one `And`."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any part."""

    parts: tuple[Query, ...]


Query = Words | Near | Not | And | Or


def read_query(query: str) -> Query | None:
    """The meaning of a search, None if it is empty. Raises QueryError if it cannot be read.

    >>> read_query("phan bo von")
    And(parts=(Words(words=('phan',), exact=False, prefix=False, number=False), Words(words=('bo',), ...
    >>> read_query('"phân bổ vốn"')
    Words(words=('phân', 'bổ', 'vốn'), exact=True, prefix=False, number=False)
    """
    if len(query) > LONGEST:
        raise QueryError(f"{query[:40]}…", f"has {len(query):,} characters, more than {LONGEST:,}", hint="Search for fewer words.")
    reader = _Reader(query)
    found = reader.alternatives(depth=0)
    if reader.token is not None:
        raise reader.wrong("has a closing parenthesis too many" if reader.token.lastgroup == "close" else f"has {reader.shown} where no word is")
    if found is not None and not any(True for _ in positive(found)):
        raise reader.wrong("says only what not to find", "Add a word to find before NOT.")
    if sum(len(words.words) for words in all_words(found)) > MOST_WORDS:
        raise reader.wrong(f"has more than {MOST_WORDS} words", "Search for fewer words.")
    return found


def all_words(query: Query | None) -> Iterator[Words]:
    """The words and phrases of a search, those that must not stand there too."""
    match query:
        case Words():
            yield query
        case Near(items=items):
            yield from items
        case Not(part=part):
            yield from all_words(part)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from all_words(part)


def positive(query: Query) -> Iterator[Query]:
    """What is to be found: words and nearnesses that are not under NOT."""
    match query:
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from positive(part)
        case Not():
            return
        case _:
            yield query


class _Reader:
    """Reads from left to right; `token` is the next one, None at the end. Where one word is typed with marks, all are meant as typed."""

    def __init__(self, query: str) -> None:
        self.query = unicodedata.normalize("NFC", query).rstrip()
        typed = PHRASE.sub(" ", self.query).split()
        self.numbered = any(map(NUMBERED.search, typed))
        self.marked = any(has_marks(word) and not NUMBERED.search(word) for word in typed)
        self.at = 0
        self.token: re.Match[str] | None = None
        self.advance()

    def advance(self) -> None:
        self.token = TOKEN.match(self.query, self.at) if self.at < len(self.query) else None
        self.at = self.token.end() if self.token else len(self.query)

    @property
    def kind(self) -> str | None:
        return "phrase" if self.token and self.token["quote"] else self.token.lastgroup if self.token else None

    @property
    def shown(self) -> str:
        return f"“{self.token[0].strip()}”" if self.token else "nothing"

    def wrong(self, reason: str, hint: str | None = None) -> QueryError:
        return QueryError(self.query, reason, hint=hint)

    def alternatives(self, depth: int) -> Query | None:
        parts = [self.conjunction(depth)]
        while self.kind == "operator" and self.token and self.token["operator"] == "OR":
            self.advance()
            parts.append(self.conjunction(depth))
            if parts[-1] is None or parts[0] is None:
                raise self.wrong("has an OR without a word on each side")
        found = [part for part in parts if part is not None]
        if len(found) > 1 and any(isinstance(part, Not) for part in found):
            raise self.wrong("has an OR with NOT alone on a side", "Add a word to find before NOT.")
        return found[0] if len(found) == 1 else Or(tuple(found)) if found else None

    def conjunction(self, depth: int) -> Query | None:
        parts: list[Query] = []
        while self.token and self.kind != "close":
            operator = self.token["operator"]
            if operator == "OR":
                break
            if self.kind == "comma":
                self.advance()
                continue
            if operator == "AND":
                self.advance()
                if not parts or self.kind in (None, "close") or (self.token and self.token["operator"] in ("AND", "OR")):
                    raise self.wrong("has an AND without a word on each side")
                continue
            negated = operator == "NOT" or self.kind == "minus"
            if negated:
                self.advance()
            part = self.term(depth)
            if part is None and negated:
                raise self.wrong("has a NOT without a word after it")
            if part is not None:
                parts += [Not(part)] if negated else part.parts if isinstance(part, And) else [part]
        if not parts:
            return None
        if len(parts) > 1 and all(isinstance(part, Not) for part in parts):
            raise self.wrong("says only what not to find", "Add a word to find before NOT.")
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def term(self, depth: int) -> Query | None:
        token, kind = self.token, self.kind
        if depth > DEEPEST:
            raise self.wrong("has too many parentheses in each other")
        if token is None or kind in ("close", "operator", "comma", "minus"):
            return None
        self.advance()
        if kind == "near":
            return self.near()
        if kind == "open":
            inside = self.alternatives(depth + 1)
            if self.kind != "close":
                raise self.wrong("has a parenthesis that is not closed")
            self.advance()
            return inside
        if kind == "phrase":
            if not token["end"]:
                raise self.wrong("has a quotation mark that is not closed")
            return _phrase(token["phrase"], exact=not token["loose"])
        return self.word(token["word"])

    def word(self, token: str) -> Words | None:
        words = tuple(WORD.findall(lower(token)))
        if not words:
            return None
        prefix, number = token.endswith("*"), bool(NUMBERED.search(token)) or (self.numbered and token.isdigit())
        exact = self.marked and not number
        return Words(words if exact else tuple(map(unaccent, words)), exact=exact, prefix=prefix, number=number)

    def near(self) -> Query:
        items: list[Words] = []
        distance = NEARNESS
        while self.kind in ("word", "phrase", "minus"):
            item = self.term(0) if self.kind != "minus" else None
            if item is None:
                self.advance()
            elif isinstance(item, Words):
                items.append(item)
        if self.kind == "comma":
            self.advance()
            stated = self.token["word"] if self.token and self.kind == "word" else ""
            if not (stated.isascii() and stated.isdigit() and 0 < len(stated) < 4 and int(stated) <= FARTHEST):
                raise self.wrong(f"has a NEAR whose distance is no number up to {FARTHEST}", "Write it as NEAR(vốn đầu tư, 5).")
            distance = int(stated)
            self.advance()
        if self.kind != "close" or len(items) < 2:
            raise self.wrong("has a NEAR that cannot be read", "Write it as NEAR(vốn đầu tư, 5).")
        self.advance()
        return Near(tuple(items), distance)


def has_marks(word: str) -> bool:
    """Whether a word has a tone or vowel mark, or a đ.

    >>> has_marks("von"), has_marks("vốn")
    (False, True)
    """
    return unaccent(word) != word


def _phrase(text: str, *, exact: bool) -> Words | None:
    words = tuple(WORD.findall(lower(text)))
    return Words(words if exact else tuple(map(unaccent, words)), exact=exact) if words else None
