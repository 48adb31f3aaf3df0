"""Agencies: who they are, were and became; what they issue, lead and support."""

from __future__ import annotations

from dataclasses import dataclass

from docparse.query.filters import ALL, Filters
from docparse.query.search import Line
from docparse.query.tasks import TaskLine
from docparse.store.corpus import Corpus


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency in a list; counts are documents of the corpus that mention it, that it issued, and tasks that it leads."""

    id: str
    name: str
    kind: str | None
    level: str | None
    place: str | None
    mentioned: int
    issued: int
    led: int


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency with the knowledge of the authority list (empty where it is not listed) and its newest documents and tasks.

    `predecessors`, `successors`: (id, name). `valid_from`, `valid_to`: ISO 8601 days as far as known.
    """

    line: AgencyLine
    aliases: tuple[str, ...]
    valid_from: str | None
    valid_to: str | None
    predecessors: tuple[tuple[str, str], ...]
    successors: tuple[tuple[str, str], ...]
    issued: tuple[Line, ...]
    leads: tuple[TaskLine, ...]
    supports: tuple[TaskLine, ...]


def agencies(corpus: Corpus, name: str = "", *, filters: Filters = ALL, limit: int = 50, offset: int = 0) -> tuple[AgencyLine, ...]:
    """Agencies whose name or alias has these words (marks may be left out), most mentioned first."""
    raise NotImplementedError


def agency(corpus: Corpus, agency_id: str, *, limit: int = 20) -> Agency:
    """One agency. Raises MissingAgency."""
    raise NotImplementedError
