"""The places of a text where the words of a query stand, read from a bounded number of documents."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import select

from docparse.query.filters import Filters
from docparse.query.search import Order, matching_ids
from docparse.query.spelling import as_phrase, marker
from docparse.store.corpus import Corpus
from docparse.store.schema import documents

MOST_DOCUMENTS = 1_000
MOST_CHARACTERS = 12_000_000
MOST_PLACES = 20_000
AT_A_TIME = 20


class Read(NamedTuple):
    """A document that was read: `places` are ranges of its text, never none."""

    document_id: int
    text: str
    places: list[tuple[int, int]]


class Reading:
    """The documents that a query finds, with the places where its words stand.

    Of more than `most` documents that many are drawn at random, the same ones each time; reading ends where it has met MOST_PLACES places
    or MOST_CHARACTERS characters. What was read then is a random sample of the documents, and `complete` is False once it is read.
    """

    def __init__(self, corpus: Corpus, query: str, *, filters: Filters, order: Order = "newest", most: int = MOST_DOCUMENTS) -> None:
        """Find the documents. Raises QueryError."""
        self._corpus = corpus
        phrase = as_phrase(query)
        self._find = marker(phrase).find
        found = matching_ids(corpus, phrase, filters=filters, order=order, limit=None) if phrase.strip() else []
        self.rank = {document_id: place for place, document_id in enumerate(found)}
        self.complete = len(found) <= most
        self.chosen = random.Random(0).sample(sorted(found), min(most, len(found)))

    def __iter__(self) -> Iterator[Read]:
        """Those documents in which a place was found."""
        characters = places = 0
        columns = select(documents.c.id, documents.c.text, documents.c.folded)
        with self._corpus.read() as connection:
            for first in range(0, len(self.chosen), AT_A_TIME):
                if characters > MOST_CHARACTERS or places > MOST_PLACES:
                    self.complete = False
                    return
                some = self.chosen[first : first + AT_A_TIME]
                for document_id, text, folded in connection.execute(columns.where(documents.c.id.in_(some))):
                    found = list(self._find(text, folded))
                    characters += len(text)
                    places += len(found)
                    if found:
                        yield Read(document_id, text, found)
