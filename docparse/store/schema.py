"""The tables of the corpus. Column comments stand in the database too, so that it explains itself in any SQL tool.

Offsets (`start`, `end`) are half-open code-point ranges into `documents.text`; days are ISO 8601 text (`2026-03-12`), so that they sort and
compare as they are; lists are JSON arrays. `position` counts the findings of one document from 0, as in its record.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Float, ForeignKey, Index, Integer, MetaData, PrimaryKeyConstraint, Table, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Id = BigInteger().with_variant(Integer, "sqlite")
SECTIONS_OF_A_DOCUMENT = 1_000_000  # `sections.id` is `document_id` times this, plus the position
STATUSES = ("waiting", "parsed", "same", "archive", "failed", "skipped")


@compiles(CreateColumn, "sqlite")
def _with_comment(create: CreateColumn, compiler: Any, **options: Any) -> str:
    """SQLite has no COMMENT ON: what stands between the columns is kept with the table and shown by `.schema`."""
    column: str = compiler.visit_create_column(create, **options)
    comment = create.element.comment
    return f"{column} /* {comment} */" if column and comment else column


def _text(name: str, comment: str, *, required: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=not required, comment=comment)


def _number(name: str, comment: str, *, required: bool = False) -> Column[Any]:
    return Column(name, Integer, nullable=not required, comment=comment)


def _document() -> Column[Any]:
    return Column("document_id", Id, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True, comment="the document, documents.id")


def _position() -> Column[Any]:
    return Column("position", Integer, primary_key=True, autoincrement=False, comment="counts from 0, as in the record")


def _span() -> tuple[Column[Any], Column[Any]]:
    return (
        _number("start", "first code point in documents.text", required=True),
        _number("end", "code point after the last one", required=True),
    )


def _place() -> tuple[Column[Any], Column[Any]]:
    return _text("section", "the section it stands in, sections.address"), _number("page", "page, from 1", required=True)


def _rule() -> Column[Any]:
    return _text("rule", "the rule of docparse that found it", required=True)


documents = Table(
    "documents",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False, comment="stable: the same for every later parse of the same bytes"),
    Column("sha256", Text, nullable=False, unique=True, comment="SHA-256 of the file, hex: document_id of the record"),
    _text("filename", "name of the file without its folder", required=True),
    _text("media_type", "media type by content", required=True),
    Column("size", Id, nullable=False, comment="bytes"),
    _number("pages", "pages, null where the format has none"),
    _text("text_origin", "text_layer, ocr, mixed, markup or plain"),
    _text("doc_type", "kind of document in lower case, such as quyết định"),
    _text("number", "number and symbol, such as 47/KH-BDT"),
    _text("issuer", "issuing agency"),
    _text("issuer_id", "the issuing agency, agencies.id"),
    _text("level", "level of the issuing agency: central, provincial, district or commune"),
    _text("issuer_folded", "the issuer without marks, đ as d, in lower case"),
    _text("parent_issuer", "the agency above the issuer in the letterhead"),
    _text("place", "place before the day of issue"),
    _text("province", "id of the province it comes from, null for central bodies"),
    _text("date", "day of issue, ISO 8601"),
    _text("title", "subject (trích yếu)"),
    _text("urgency", "hỏa tốc, thượng khẩn or khẩn"),
    _text("secrecy", "tuyệt mật, tối mật or mật"),
    _text("addressees", "whom a letter goes to (Kính gửi), JSON array", required=True),
    _text("recipients", "distribution list (Nơi nhận), JSON array", required=True),
    _text("text", "the whole reading text", required=True),
    _text("folded", "the text without tone and vowel marks, đ as d, in lower case; same offsets", required=True),
    _text("page_starts", "offsets in the text at which its pages begin, JSON array", required=True),
    _text("heading", "kind, number, issuer and title, without marks, in lower case: what a search looks at first"),
    _text("schema_version", "version of the record", required=True),
    _text("parser", "version of docparse, its rules and settings that parsed it", required=True),
    Index(None, "number"),
    Index(None, "date"),
    Index(None, "doc_type"),
    Index(None, "issuer_id"),
    Index("ix_documents_facets", "id", "doc_type", "issuer", "issuer_id", "level", "province", "date", "text_origin"),
    Index(None, "issuer"),
    comment="one row for each document: letterhead, title and text",
)

records = Table(
    "records",
    metadata,
    _document(),
    _text("json", "the whole record as docparse parse gives it, byte for byte", required=True),
    _text("corrected", "the record with the corrections of reviewers, null where there are none; all other tables hold its values"),
    comment="the record of each document as JSON",
)

sections = Table(
    "sections",
    metadata,
    Column(
        "id",
        Id,
        primary_key=True,
        autoincrement=False,
        comment=f"stable: document_id times {SECTIONS_OF_A_DOCUMENT} plus position",
    ),
    Column("document_id", Id, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, comment="the document, documents.id"),
    _number("position", "counts from 0, as in the record", required=True),
    _text("address", "unique in the document, from the outermost unit: II.3.1.a", required=True),
    _text("parent", "address of the unit around it"),
    _text("label", "as printed, without the word of the unit", required=True),
    _number("depth", "1 for the outermost", required=True),
    _text("kind", "form of the numbering: dieu, roman, arabic …", required=True),
    _text("heading", "null for a numbered paragraph"),
    *_span(),
    _number("page", "page, from 1", required=True),
    _text("text", "its own text, up to the first unit inside it", required=True),
    _text("folded", "that text without tone and vowel marks, đ as d, in lower case", required=True),
    _rule(),
    Index(None, "document_id", "position", unique=True),
    comment="the numbered units of each document in reading order",
)

signers = Table(
    "signers",
    metadata,
    _document(),
    _position(),
    _text("name", "person"),
    _text("position_held", "office of the person"),
    _text("authority", "TM., KT., TL., TUQ. or Q."),
    _text("on_behalf_of", "the body or office signed for"),
    *_span(),
    _rule(),
    Index(None, "name"),
    comment="who signed, by the signature block",
    sqlite_with_rowid=False,
)

citations = Table(
    "citations",
    metadata,
    _document(),
    _position(),
    *_span(),
    _text("text", "as printed", required=True),
    _text("doc_type", "kind of the cited document"),
    _text("number", "its number and symbol"),
    _text("date", "its day, month or year, ISO 8601"),
    _text("issuer", "its issuer as stated"),
    _text("title", "its title as stated"),
    _text("provisions", "cited articles, clauses and points, JSON array of objects", required=True),
    _text("relation", "basis, implements, amends, replaces, repeals, issues, answers or mentions", required=True),
    *_place(),
    _text("key", "canonical key of the cited document (resolved in the record), joins document_keys.key"),
    _rule(),
    Index(None, "key"),
    Index(None, "relation", "key"),
    comment="mentions of other documents",
    sqlite_with_rowid=False,
)

document_keys = Table(
    "document_keys",
    metadata,
    _text("key", "doc_type:number[:year][:issuer]", required=True),
    Column("document_id", Id, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, comment="the document, documents.id"),
    _text("reach", "all: the key names one document of the country; province: one of its province; none: it leaves something open", required=True),
    PrimaryKeyConstraint("key", "document_id"),
    CheckConstraint("reach IN ('all', 'province', 'none')", name="reach"),
    Index(None, "document_id"),
    comment="the keys under which each document may be cited",
    sqlite_with_rowid=False,
)

dates = Table(
    "dates",
    metadata,
    _document(),
    _position(),
    *_span(),
    _text("text", "as printed", required=True),
    _text("first_day", "ISO 8601, null for a recurrence or an open start"),
    _text("last_day", "ISO 8601, inclusive"),
    _text("recurrence", "RFC 5545 RRULE"),
    _text("modifier", "before, after or by"),
    *_place(),
    _rule(),
    Index(None, "first_day"),
    comment="time expressions",
    sqlite_with_rowid=False,
)

agencies = Table(
    "agencies",
    metadata,
    Column("id", Text, primary_key=True, comment="id of the authority list; for a body that it does not hold, name: and the name in lower case"),
    _text("name", "full name with level and place", required=True),
    _text("kind", "kind of body: department, people_committee …"),
    _text("level", "central, provincial, district or commune"),
    _text("place", "place in the name"),
    Column("listed", Boolean, nullable=False, comment="whether the authority list holds it"),
    comment="authority entries: each agency that a document of the corpus mentions, once",
)

agency_mentions = Table(
    "agency_mentions",
    metadata,
    _document(),
    _position(),
    Column("agency_id", Text, ForeignKey("agencies.id"), nullable=False, index=True, comment="the agency, agencies.id"),
    *_span(),
    _text("text", "as printed", required=True),
    _text("mention", "with an elliptic list expanded", required=True),
    Column("collective", Boolean, nullable=False, comment="true for a group such as các sở, ngành"),
    *_place(),
    _rule(),
    comment="where agencies are named",
    sqlite_with_rowid=False,
)

tasks = Table(
    "tasks",
    metadata,
    _document(),
    _position(),
    _text("id", "stable within the document", required=True),
    *_span(),
    _text("text", "as printed", required=True),
    _text("action", "what is to be done", required=True),
    _text("status", "assigned or planned", required=True),
    _text("deadline", "deadline as printed"),
    _text("deadline_first_day", "ISO 8601"),
    _text("deadline_last_day", "ISO 8601, inclusive"),
    _text("deadline_recurrence", "RFC 5545 RRULE"),
    _text("section", "labels of the sections around it from the outermost, JSON array", required=True),
    _text("assigner", "who gives the task"),
    Column("confidence", Float, nullable=False, comment="0 to 1"),
    _number("page", "page, from 1", required=True),
    _rule(),
    Index("ix_tasks_due", "deadline_last_day", "deadline_recurrence"),
    Index("ix_tasks_of_documents", "document_id", "deadline_last_day", "deadline_recurrence", "status"),
    Index(None, "document_id", "id", unique=True),
    comment="what somebody is to do",
    sqlite_with_rowid=False,
)

task_actors = Table(
    "task_actors",
    metadata,
    _document(),
    Column("task_position", Integer, primary_key=True, autoincrement=False, comment="the task, tasks.position"),
    Column("role", Text, primary_key=True, comment="lead or support"),
    _position(),
    _text("name", "agency or person as named in the task", required=True),
    Index(None, "name"),
    comment="who leads (chủ trì) and who supports (phối hợp) a task",
    sqlite_with_rowid=False,
)

task_citations = Table(
    "task_citations",
    metadata,
    _document(),
    Column("task_position", Integer, primary_key=True, autoincrement=False, comment="the task, tasks.position"),
    Column("citation_position", Integer, primary_key=True, autoincrement=False, comment="the citation, citations.position"),
    comment="documents cited in a task",
    sqlite_with_rowid=False,
)

signatures = Table(
    "signatures",
    metadata,
    _document(),
    _position(),
    _text("signer", "name in the certificate"),
    _text("organization", "organisation in the certificate"),
    _text("email", "address in the certificate"),
    _text("role", "leader, agency, number, date, publisher or timestamp"),
    _text("signing_time", "ISO 8601 with offset"),
    _text("field", "name of the signature field"),
    _number("page", "page, from 1"),
    _text("box", "[x0, top, x1, bottom] in points, JSON array"),
    Column("covers_whole_file", Boolean, comment="null: unknown"),
    Column("intact", Boolean, comment="whether the signed bytes are as they were, null: unknown"),
    Column("trusted", Boolean, comment="whether the chain leads to a trusted root, null: not checked"),
    _text("changed_after", "none, signatures, form or content"),
    Column("timestamped", Boolean, comment="null: unknown"),
    _text("digest", "digest algorithm"),
    _text("appearance", "text it shows on the page"),
    _text("certificate_serial", "hex"),
    _text("certificate_issuer", "name of the certificate's issuer"),
    _text("certificate_valid_from", "ISO 8601"),
    _text("certificate_valid_to", "ISO 8601"),
    _text("problems", "codes, JSON array", required=True),
    comment="digital signatures",
    sqlite_with_rowid=False,
)

problems = Table(
    "problems",
    metadata,
    _document(),
    _position(),
    _text("code", "stable code", required=True),
    _text("message", "for people", required=True),
    _number("page", "page, from 1"),
    _number("start", "first code point in documents.text"),
    _number("end", "code point after the last one"),
    _text("raw", "what recognition gave where the text corrects it"),
    Index(None, "code"),
    comment="what could not be read or is doubtful",
    sqlite_with_rowid=False,
)

journal = Table(
    "journal",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False, comment="in the order in which inputs were met"),
    Column(
        "location",
        Text,
        nullable=False,
        unique=True,
        comment="absolute path or URL; inside an archive after !/ ; bytes that are no UTF-8 as \\udcXX",
    ),
    Column("archive_id", Id, ForeignKey("journal.id"), index=True, comment="the archive it was in, journal.id"),
    _text("status", "waiting, parsed, same (bytes as another input), archive (opened), failed or skipped", required=True),
    _text("code", "why it failed or was skipped, a stable code"),
    _text("message", "the same for people, with what to do"),
    _number("page", "page at which it failed, where known"),
    Column("document_id", Id, ForeignKey("documents.id"), index=True, comment="its document, documents.id"),
    _text("sha256", "SHA-256 of the file, hex"),
    Column("size", Id, comment="bytes"),
    _text("modified", "when the file was last changed, nanoseconds since 1970; of an archive's member that of the archive"),
    _text("parser", "version of docparse, its rules and settings that read it"),
    Column("attempts", Integer, nullable=False, comment="how often it was tried"),
    Column("seconds", Float, comment="time of the last attempt"),
    _text("updated", "when this row changed, ISO 8601, UTC", required=True),
    CheckConstraint(f"status IN {STATUSES}", name="status"),
    Index(None, "status"),
    comment="every input that was ever given, exactly once, and what became of it",
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True, comment="in the order in which they were made"),
    _text("sha256", "the document by its bytes, documents.sha256; corrections stay when it is parsed again", required=True),
    _text("kind", "header, signer, section, citation, date, agency or task", required=True),
    _text("action", "set (a field), remove (a false finding) or add (a missed one)", required=True),
    _number("start", "where the finding began in the text that the reviewer saw; null for the header"),
    _number("end", "where it ended"),
    _text("quote", "the text of the finding, by which it is found again after a new parse; null for the header"),
    _text("field", "what was corrected; null for remove and add"),
    _text("before", "the value before, JSON"),
    _text("after", "the value given, JSON"),
    _text("note", "why, in the reviewer's words"),
    _text("author", "who made it", required=True),
    _text("made", "when, ISO 8601, UTC", required=True),
    _text("withdrawn_by", "who took it back, null while it holds"),
    _text("withdrawn", "when, ISO 8601, UTC"),
    CheckConstraint("action IN ('set', 'remove', 'add')", name="action"),
    Index(None, "sha256"),
    comment="what reviewers corrected, apart from what the parser gave",
)

OF_A_DOCUMENT: tuple[Table, ...] = (records, sections, signers, citations, document_keys, dates, agency_mentions, tasks)
OF_A_DOCUMENT += (task_actors, task_citations, signatures, problems)
