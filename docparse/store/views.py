"""Views for people: the citation graph, what is cited but absent, likely duplicates, tasks with their actors, what failed.

They hold nothing: a document that arrives later is linked at once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, case, column, distinct, exists, func, or_, select, table, text

from docparse.store.schema import agencies, agency_mentions, citations, document_keys, documents, journal, task_actors, tasks


def _naming(cited: FromClause) -> tuple[ColumnElement[Any], ColumnElement[Any], ColumnElement[int]]:
    """What one key names, over the documents that have it: document, only province and number of candidates as `named_documents` says."""
    alike = func.coalesce(cited.c.number, "") + "|" + func.coalesce(cited.c.issuer_folded, "") + "|" + func.coalesce(cited.c.date, "")
    place = case((document_keys.c.reach == "province", cited.c.province))
    vague = or_(document_keys.c.reach == "none", and_(document_keys.c.reach == "province", cited.c.province.is_(None)))
    one = and_(func.count(distinct(alike)) == 1, func.max(case((vague, 1), else_=0)) == 0, func.count(distinct(place)) <= 1)
    return case((one, func.min(cited.c.id))), func.min(place), func.count(cited.c.id)


def names_for(cited_id: ColumnElement[Any], only: ColumnElement[Any], province: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a key names one document for certain where a document from `province` cites it."""
    return and_(cited_id.is_not(None), or_(only.is_(None), only == province))


def named_documents(*where: ColumnElement[bool]) -> Select[Any]:
    """What each key of `document_keys` (those that fulfil `where`) names: one row for each key.

    `cited_id` is the document, the first of several files of it, and null where the key fits different documents or leaves something open;
    `only` is the only province from which the key names it, null if that does not matter; `candidates` counts documents with the key.
    """
    cited = documents.alias("cited")
    cited_id, only, candidates = _naming(cited)
    return (
        select(document_keys.c.key, cited_id.label("cited_id"), only.label("only"), candidates.label("candidates"))
        .join(cited, cited.c.id == document_keys.c.document_id)
        .where(*where)
        .group_by(document_keys.c.key)
    )


def _citation_links() -> Select[Any]:
    """Grouped by citation, so that the engine can begin with those of one document."""
    citing, cited = documents.alias("citing"), documents.alias("cited")
    cited_id, only, candidates = _naming(cited)
    one = names_for(cited_id, only, citing.c.province)
    return (
        select(
            citations.c.document_id,
            citations.c.position,
            citations.c.key,
            citations.c.relation,
            case((candidates == 0, "absent"), (one, "linked"), else_="ambiguous").label("status"),
            case((one, cited_id)).label("cited_id"),
            candidates.label("candidates"),
        )
        .join(citing, citing.c.id == citations.c.document_id)
        .outerjoin(document_keys, document_keys.c.key == citations.c.key)
        .outerjoin(cited, cited.c.id == document_keys.c.document_id)
        .where(citations.c.key.is_not(None))
        .group_by(citations.c.document_id, citations.c.position, citations.c.key, citations.c.relation, citing.c.province)
    )


def _absent_documents() -> Select[Any]:
    return (
        select(
            citations.c.key,
            func.min(citations.c.doc_type).label("doc_type"),
            func.min(citations.c.number).label("number"),
            func.min(citations.c.issuer).label("issuer"),
            func.count().label("mentions"),
            func.count(distinct(citations.c.document_id)).label("citing_documents"),
        )
        .where(citations.c.key.is_not(None), ~exists().where(document_keys.c.key == citations.c.key))
        .group_by(citations.c.key)
    )


def is_likely_duplicate(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Whether two documents have the same number, day and issuer."""
    return and_(one.c.number == other.c.number, one.c.date == other.c.date, one.c.issuer_folded == other.c.issuer_folded)


def _likely_duplicates() -> Select[Any]:
    one, other = documents.alias("one"), documents.alias("other")
    return select(
        one.c.id.label("document_id"),
        other.c.id.label("duplicate_id"),
        one.c.number,
        one.c.issuer,
        one.c.date,
        one.c.text_origin,
        other.c.text_origin.label("duplicate_text_origin"),
    ).join(other, and_(is_likely_duplicate(one, other), one.c.id < other.c.id))


def _task_list() -> Select[Any]:
    def actors(role: str) -> Select[Any]:
        of_task = and_(task_actors.c.document_id == tasks.c.document_id, task_actors.c.task_position == tasks.c.position)
        return select(func.aggregate_strings(task_actors.c.name, "; ")).where(of_task, task_actors.c.role == role)

    return select(
        tasks.c.document_id,
        tasks.c.id,
        documents.c.number,
        documents.c.date,
        documents.c.issuer,
        tasks.c.action,
        actors("lead").scalar_subquery().label("leads"),
        actors("support").scalar_subquery().label("supports"),
        tasks.c.deadline,
        tasks.c.deadline_first_day,
        tasks.c.deadline_last_day,
        tasks.c.deadline_recurrence,
        tasks.c.status,
    ).join(documents, documents.c.id == tasks.c.document_id)


def _agency_counts() -> Select[Any]:
    return (
        select(
            agencies.c.id,
            agencies.c.name,
            agencies.c.level,
            agencies.c.place,
            func.count().label("mentions"),
            func.count(distinct(agency_mentions.c.document_id)).label("documents"),
        )
        .join(agency_mentions, agency_mentions.c.agency_id == agencies.c.id)
        .group_by(agencies.c.id, agencies.c.name, agencies.c.level, agencies.c.place)
    )


def _failures() -> Select[Any]:
    columns = (journal.c.id, journal.c.location, journal.c.status, journal.c.code, journal.c.message, journal.c.page, journal.c.attempts)
    return select(*columns).where(journal.c.status.in_(("failed", "skipped")))


VIEWS = {
    "citation_links": _citation_links,
    "absent_documents": _absent_documents,
    "likely_duplicates": _likely_duplicates,
    "task_list": _task_list,
    "agency_counts": _agency_counts,
    "failures": _failures,
}


CITATION_LINKS = table("citation_links", *map(column, ("document_id", "position", "key", "status", "cited_id")))


def create_views(connection: Connection) -> None:
    """Make the views anew."""
    for name, build in VIEWS.items():
        query = str(build().compile(connection, compile_kwargs={"literal_binds": True}))
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))
        connection.execute(text(f"CREATE VIEW {name} AS " + query.replace(":", r"\:")))
