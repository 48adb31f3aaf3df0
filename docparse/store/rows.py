"""A record as the rows of the corpus: pure, so that worker processes can do it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from typing import Any

from docparse.find.agency_home import find_province
from docparse.find.resolve import document_keys
from docparse.record import AgencyMention, Citation, Header, Record, Section, Signature, Task
from docparse.store.schema import OF_A_DOCUMENT, SECTIONS_OF_A_DOCUMENT, agencies, documents
from docparse.words import WORD, lower, old_tone, unaccent

Row = dict[str, Any]
Rows = dict[str, list[tuple[Any, ...]]]
RANKING = "ranking"
REVIEW = "review"  # the rule of what a reviewer corrected
COLUMNS = {table.name: tuple(column.name for column in table.c) for table in (documents, agencies, *OF_A_DOCUMENT)}


def fold(text: str) -> str:
    """The text as people type it without marks, of the same length.

    >>> fold("Kế hoạch Đắk Lắk")
    'ke hoach dak lak'
    """
    return lower(unaccent(text))


def build_rows(record: Record, document_id: int, *, parser: str) -> Rows:
    """The rows of one record by table, values in the order of COLUMNS; `document_id` is the id that the corpus gives it.

    `agencies` are the authority entries that it names; under RANKING are the words and pairs by which searches rank it, made here because
    the one writer has no time for it.
    """
    rows: dict[str, list[Row]] = {
        "documents": [_document(record, document_id, parser)],
        "records": [{"json": record.model_dump_json(), "corrected": None}],
        "sections": _sections(record, document_id),
        "signers": [_signer(signer.model_dump()) for signer in record.signers],
        "citations": [_citation(citation) for citation in record.citations],
        "document_keys": [{"key": key, "reach": reach} for key, reach in document_keys(record.header).items()],
        "dates": [date.model_dump(mode="json") for date in record.dates],
        "agency_mentions": [_mention(mention) for mention in record.agencies],
        "tasks": [_task(task) for task in record.tasks],
        "task_actors": [actor for position, task in enumerate(record.tasks) for actor in _actors(task, position)],
        "task_citations": [
            {"task_position": position, "citation_position": cited} for position, task in enumerate(record.tasks) for cited in task.citations
        ],
        "signatures": [_signature(signature) for signature in record.signatures],
        "problems": [problem.model_dump() for problem in record.problems],
    }
    for name, found in rows.items():
        if name != "documents":
            for row in found:
                row["document_id"] = document_id
        if name in {"signers", "citations", "dates", "agency_mentions", "tasks", "signatures", "problems"}:
            for position, row in enumerate(found):
                row["position"] = position
    rows["agencies"] = list({agency["id"]: agency for agency in map(_agency, record.agencies)}.values())
    made: Rows = {name: [tuple(row[column] for column in COLUMNS[name]) for row in found] for name, found in rows.items()}
    document = rows["documents"][0]
    made[RANKING] = [(heading_words(document["heading"]), text_pairs(document["folded"]))]
    return made


def text_pairs(folded: str) -> str:
    """The pairs of neighbouring words of a text, each as one word.

    >>> text_pairs("ke hoach chuyen doi so")
    'ke_hoach hoach_chuyen chuyen_doi doi_so'
    """
    return " ".join(map("_".join, itertools.pairwise(WORD.findall(folded))))


def heading_words(heading: str) -> str:
    """The words of a heading and their pairs.

    >>> heading_words("ke hoach 47")
    'ke hoach 47 ke_hoach hoach_47'
    """
    return " ".join((*WORD.findall(heading), text_pairs(heading)))


def _json(values: Iterable[Any]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def issuing_agency(record: Record) -> tuple[str | None, str | None]:
    """Id (as in `agencies`) and level of the agency that issued a document: the mention of that name, else what stands at the issuer's place."""
    issuer, mark = record.header.issuer, record.header.marks.get("issuer")
    if not issuer:
        return None, None
    stated = old_tone(issuer)
    named = [found for found in record.agencies if not found.collective and stated in (old_tone(found.mention), old_tone(found.name))]
    if not named and mark and mark.rule != REVIEW:
        named = [found for found in record.agencies if found.start < mark.end and mark.start < found.end]
    return (agency_key(named[0]), named[0].level) if named else (None, None)


def heading(header: Header) -> str:
    """What a search looks at first.

    >>> heading(Header(doc_type="kế hoạch", number="47/KH-BDT", title="Tổ chức hội thi"))
    'ke hoach 47/kh-bdt to chuc hoi thi'
    """
    return fold(" ".join(filter(None, (header.doc_type, header.number, header.issuer, header.title))))


def _document(record: Record, document_id: int, parser: str) -> Row:
    header = record.header.model_dump(mode="json", exclude={"marks", "addressees"})
    issuer_id, level = issuing_agency(record)
    return {
        "id": document_id,
        "sha256": record.document_id,
        **record.source.model_dump(),
        **header,
        "issuer_id": issuer_id,
        "level": level,
        "issuer_folded": fold(record.header.issuer) if record.header.issuer else None,
        "province": find_province(record.header),
        "addressees": _json(record.header.addressees),
        "recipients": _json(record.recipients),
        "text": record.text,
        "folded": fold(record.text),
        "page_starts": _json(page.start for page in record.pages),
        "heading": heading(record.header),
        "schema_version": record.schema_version,
        "parser": parser,
    }


def _sections(record: Record, document_id: int) -> list[Row]:
    sections = record.sections
    following = [section.start for section in sections[1:]] + [len(record.text)] * bool(sections)
    return [
        _section(section, document_id * SECTIONS_OF_A_DOCUMENT + position, position, record.text[section.start : min(section.end, after)])
        for position, (section, after) in enumerate(zip(sections, following, strict=True))
    ]


def _section(section: Section, row_id: int, position: int, text: str) -> Row:
    values = section.model_dump()
    return {**values, "address": values["id"], "id": row_id, "position": position, "text": text, "folded": fold(text)}


def _signer(values: Row) -> Row:
    values["position_held"] = values["position"]
    return values


def _citation(citation: Citation) -> Row:
    values = citation.model_dump()
    return {**values, "key": values.pop("resolved"), "provisions": _json(citation.provisions)}


def agency_key(mention: AgencyMention) -> str:
    """The id of an authority entry.

    >>> agency_key(AgencyMention(start=0, end=7, rule="r", text="Tổ Công", mention="Tổ Công", name="Tổ Công tác"))
    'name:tổ công tác'
    """
    return mention.agency_id or f"name:{lower(mention.name)}"


def _agency(mention: AgencyMention) -> Row:
    return {"id": agency_key(mention), "listed": mention.agency_id is not None, **mention.model_dump(include={"name", "kind", "level", "place"})}


def _mention(mention: AgencyMention) -> Row:
    return {
        **mention.model_dump(include={"start", "end", "text", "mention", "collective", "section", "page", "rule"}),
        "agency_id": agency_key(mention),
    }


def _task(task: Task) -> Row:
    deadline: Mapping[str, Any] = task.deadline.model_dump(mode="json") if task.deadline else {}
    return {
        **task.model_dump(include={"id", "start", "end", "text", "action", "status", "assigner", "confidence", "page", "rule"}),
        "deadline": deadline.get("text"),
        "deadline_first_day": deadline.get("first_day"),
        "deadline_last_day": deadline.get("last_day"),
        "deadline_recurrence": deadline.get("recurrence"),
        "section": _json(task.section),
    }


def _actors(task: Task, task_position: int) -> Iterable[Row]:
    for role, names in (("lead", task.leads), ("support", task.supports)):
        for position, name in enumerate(names):
            yield {"task_position": task_position, "role": role, "position": position, "name": name}


def _signature(signature: Signature) -> Row:
    values = signature.model_dump(mode="json")
    certificate: Mapping[str, Any] = values.pop("certificate") or {}
    return {
        **values,
        "box": None if signature.box is None else _json(signature.box),
        "problems": _json(signature.problems),
        **{f"certificate_{name}": certificate.get(name) for name in ("serial", "issuer", "valid_from", "valid_to")},
    }
