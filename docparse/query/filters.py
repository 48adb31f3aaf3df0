"""Which documents a question is about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from docparse.store.schema import citations, documents, task_actors, tasks


@dataclass(frozen=True, slots=True)
class Filters:
    """Documents that fit every filter given; of several values of one filter any.

    `doc_type`: kinds in lower case; `issuer`: ids of `agencies` or names as in `documents.issuer`; `level`: central, provincial, district,
    commune; `province`: ids of provinces; `year`: `2024`; `month`: `2024-03`; `cited`: keys of cited documents; `lead`: names of those who
    lead a task; `status`: of a task; `origin`: origin of the text; `first_day` and `last_day` bound the day of issue, both inclusive.

    >>> Filters(doc_type=("kế hoạch",), first_day=dt.date(2024, 1, 1)).is_empty
    False
    """

    doc_type: tuple[str, ...] = ()
    issuer: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    province: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    month: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    first_day: dt.date | None = None
    last_day: dt.date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether every document fits."""
        return not any(getattr(self, field.name) for field in fields(self))

    def condition(self) -> ColumnElement[bool] | None:
        """The condition on `documents`, None if every document fits."""
        parts: list[ColumnElement[Any]] = []
        columns = {"doc_type": documents.c.doc_type, "level": documents.c.level, "province": documents.c.province, "origin": documents.c.text_origin}
        parts += [column.in_(getattr(self, name)) for name, column in columns.items() if getattr(self, name)]
        if self.issuer:
            parts.append(or_(documents.c.issuer_id.in_(self.issuer), documents.c.issuer.in_(self.issuer)))
        for periods in (self.year, self.month):
            if periods:
                parts.append(or_(*(documents.c.date.startswith(f"{period}-", autoescape=True) for period in periods)))
        for values, column, table in (
            (self.cited, citations.c.key, citations),
            (self.lead, task_actors.c.name, task_actors),
            (self.status, tasks.c.status, tasks),
        ):
            if values:
                where = [column.in_(values)] + ([task_actors.c.role == "lead"] if table is task_actors else [])
                parts.append(documents.c.id.in_(select(table.c.document_id).where(*where)))
        if self.first_day:
            parts.append(documents.c.date >= self.first_day.isoformat())
        if self.last_day:
            parts.append(documents.c.date <= self.last_day.isoformat())
        return and_(*parts) if parts else None


ALL = Filters()
