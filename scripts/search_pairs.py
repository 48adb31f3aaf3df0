"""Searches with the documents that are expected of them, and where those come among the answers."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from docparse.query.search import search
from docparse.store.corpus import Corpus
from docparse.store.schema import documents

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ROOT / "corpus" / "documents"
PAIRS = ROOT / "corpus" / "search" / "pairs.toml"
FIRST = 5
FILES = 100  # that are looked at for the place of a document


@dataclass(frozen=True, slots=True)
class Pair:
    """A search, and the documents that have to be among its first five."""

    id: str
    query: str
    expected: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document, as whatever file it comes: `name` is that of its files, `number` and `issuer` are those of its header."""

    name: str
    number: str | None
    issuer: str | None

    def is_meant(self, expected: str) -> bool:
        """Whether `expected` names it: `qd-ubnd-hue`, `2553/QĐ-TTg` or `81/2025/QĐ-UBND|Đà Nẵng`.

        >>> Document("tnt-1", "81/2025/QĐ-UBND", "Ủy ban nhân dân thành phố Đà Nẵng").is_meant("81/2025/QĐ-UBND|Đà Nẵng")
        True
        """
        number, _, issuer = expected.partition("|")
        return expected == self.name or (number == self.number and issuer.casefold() in (self.issuer or "").casefold())

    def __str__(self) -> str:
        return self.number or self.name


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search gives: different documents, best first."""

    pair: Pair
    found: tuple[Document, ...]

    @property
    def places(self) -> dict[str, int | None]:
        """Where each expected document comes, from 1 on; None where it is not found."""
        return {expected: self._place(expected) for expected in self.pair.expected}

    @property
    def missing(self) -> list[str]:
        """The expected documents that are not among the first five."""
        return [expected for expected, place in self.places.items() if place is None or place > FIRST]

    @property
    def best(self) -> int | None:
        """The place of the expected document that comes first."""
        return min((place for place in self.places.values() if place), default=None)

    def _place(self, expected: str) -> int | None:
        return next((place for place, document in enumerate(self.found, 1) if document.is_meant(expected)), None)


def load_pairs(group: str) -> list[Pair]:
    """The pairs of a group, `own` or `real`."""
    rows = tomllib.loads(PAIRS.read_text(encoding="utf-8"))[group]
    return [Pair(row["id"], unicodedata.normalize(row.get("form", "NFC"), row["query"]), tuple(row["expected"]), row["why"]) for row in rows]


def ask(corpus: Corpus, pairs: Sequence[Pair]) -> list[Answer]:
    """Run the searches. Raises ValueError where no document has an expected name."""
    with corpus.read() as connection:
        rows = connection.execute(select(documents.c.id, documents.c.filename, documents.c.number, documents.c.issuer)).all()
    own = {path.name.partition(".")[0] for path in DOCUMENTS.iterdir()}
    by_file = {row.id: _document(*row[1:], own=own) for row in rows}
    for pair in pairs:
        for expected in pair.expected:
            if not any(document.is_meant(expected) for document in by_file.values()):
                raise ValueError(f"{pair.id}: there is no document {expected}")
    return [Answer(pair, tuple(dict.fromkeys(by_file[hit.document.id] for hit in search(corpus, pair.query, limit=FILES).hits))) for pair in pairs]


def _document(filename: str, number: str | None, issuer: str | None, *, own: set[str]) -> Document:
    """Files of one name are one document, and so are texts of the same number and issuer."""
    name = filename.partition(".")[0]
    if name in own:
        return Document(name, None, None)
    return Document("" if number and issuer else name, number, issuer)
