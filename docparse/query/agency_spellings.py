"""Under which names an agency leads and supports tasks: they stand there as written, not as ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, or_, select

from docparse.find.authority import LONGEST_PLACE, entry_id, find_entry
from docparse.find.frames import frame
from docparse.find.places import Province, province_names, provinces
from docparse.find.relations import plain_agency
from docparse.find.tokens import folded_words
from docparse.query.folding import NAMES_KEPT
from docparse.store.schema import documents, task_actors
from docparse.words import old_tone, squeeze

UNLISTED = "name:"


@dataclass(frozen=True, slots=True)
class Denoted:
    """What a name denotes: an id of the authority list, the entry of a body that each province has, or nothing but its plain form."""

    id: str | None
    entry: str | None
    plain: str


@lru_cache(maxsize=NAMES_KEPT)
def denoted(name: str) -> Denoted:
    """What the name of somebody who is charged denotes; a leader stands for the agency.

    >>> denoted("Giám đốc Sở Nội vụ"), denoted("Bộ trưởng Bộ Tài chính").id
    (Denoted(id=None, entry='so-noi-vu', plain='sở nội vụ'), 'bo-tai-chinh')
    """
    whole = squeeze(name)
    leader = frame("leaders").match(old_tone(whole))
    body = whole[leader.end() :] if leader else whole
    listed = find_entry(body)
    return Denoted(entry_id(body)[0], listed.id if listed and listed.place == "*" else None, plain_agency(whole))


@dataclass(frozen=True, slots=True)
class Spellings:
    """How an agency is named: by its id or full name anywhere, without the place in documents of its province."""

    agency_id: str
    full: str
    short: frozenset[str]
    province: str | None

    @classmethod
    def of(cls, agency_id: str, name: str) -> Spellings:
        """The spellings of an agency of the corpus.

        >>> Spellings.of("name:ban dân vận tỉnh hà tĩnh", "Ban Dân vận tỉnh Hà Tĩnh").short == {"ban dân vận tỉnh", "ban dân vận"}
        True
        """
        full = plain_agency(squeeze(name))
        province = provinces().get(agency_id.rpartition(".")[2]) if not agency_id.startswith(UNLISTED) else _province_at_end(name)
        if not province or full == province.name.lower():
            return cls(agency_id, full, frozenset(), province.id if province else None)
        local = full.removesuffix(f" {old_tone(province.name)}")
        short = {name for name in (local, local.removesuffix(f" {province.form}")) if " " in name}
        return cls(agency_id, full, frozenset(short - {full}), province.id)

    def among(self, names: Iterable[str]) -> ColumnElement[bool] | None:
        """The condition on `task_actors` that this agency is named, given all names that stand there; None if it is under none of them."""
        entry = self.agency_id.partition(".")[0] if self.province else None
        full, short = [], []
        for name in names:
            it = denoted(name)
            if it.id == self.agency_id or it.plain == self.full:
                full.append(name)
            elif it.id is None and ((it.entry and it.entry == entry) or it.plain in self.short):
                short.append(name)
        conditions: list[ColumnElement[bool]] = [task_actors.c.name.in_(full)] if full else []
        if short:
            home = select(documents.c.id).where(documents.c.province == self.province)
            conditions.append(task_actors.c.name.in_(short) & task_actors.c.document_id.in_(home))
        return or_(*conditions) if conditions else None


def _province_at_end(name: str) -> Province | None:
    words = folded_words(name)
    ends = (province_names().longest(words, at) for at in range(max(len(words) - LONGEST_PLACE, 1), len(words)))
    return next((found[1] for found in ends if found and found[0] == len(words)), None)
