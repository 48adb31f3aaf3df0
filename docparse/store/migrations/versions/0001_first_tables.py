"""The first tables."""

import sqlalchemy as sa
from alembic import context, op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables and the full-text index."""
    op.create_table(
        "agencies",
        sa.Column(
            "id", sa.Text(), nullable=False, comment="id of the authority list; for a body that it does not hold, name: and the name in lower case"
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="full name with level and place"),
        sa.Column("kind", sa.Text(), nullable=True, comment="kind of body: department, people_committee …"),
        sa.Column("level", sa.Text(), nullable=True, comment="central, provincial, district or commune"),
        sa.Column("place", sa.Text(), nullable=True, comment="place in the name"),
        sa.Column("listed", sa.Boolean(), nullable=False, comment="whether the authority list holds it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        comment="authority entries: each agency that a document of the corpus mentions, once",
    )
    op.create_table(
        "documents",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="stable: the same for every later parse of the same bytes",
        ),
        sa.Column("sha256", sa.Text(), nullable=False, comment="SHA-256 of the file, hex: document_id of the record"),
        sa.Column("filename", sa.Text(), nullable=False, comment="name of the file without its folder"),
        sa.Column("media_type", sa.Text(), nullable=False, comment="media type by content"),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="bytes"),
        sa.Column("pages", sa.Integer(), nullable=True, comment="pages, null where the format has none"),
        sa.Column("text_origin", sa.Text(), nullable=True, comment="text_layer, ocr, mixed, markup or plain"),
        sa.Column("doc_type", sa.Text(), nullable=True, comment="kind of document in lower case, such as quyết định"),
        sa.Column("number", sa.Text(), nullable=True, comment="number and symbol, such as 47/KH-BDT"),
        sa.Column("issuer", sa.Text(), nullable=True, comment="issuing agency"),
        sa.Column("issuer_folded", sa.Text(), nullable=True, comment="the issuer without marks, đ as d, in lower case"),
        sa.Column("parent_issuer", sa.Text(), nullable=True, comment="the agency above the issuer in the letterhead"),
        sa.Column("place", sa.Text(), nullable=True, comment="place before the day of issue"),
        sa.Column("province", sa.Text(), nullable=True, comment="id of the province it comes from, null for central bodies"),
        sa.Column("date", sa.Text(), nullable=True, comment="day of issue, ISO 8601"),
        sa.Column("title", sa.Text(), nullable=True, comment="subject (trích yếu)"),
        sa.Column("urgency", sa.Text(), nullable=True, comment="hỏa tốc, thượng khẩn or khẩn"),
        sa.Column("secrecy", sa.Text(), nullable=True, comment="tuyệt mật, tối mật or mật"),
        sa.Column("addressees", sa.Text(), nullable=False, comment="whom a letter goes to (Kính gửi), JSON array"),
        sa.Column("recipients", sa.Text(), nullable=False, comment="distribution list (Nơi nhận), JSON array"),
        sa.Column("text", sa.Text(), nullable=False, comment="the whole reading text"),
        sa.Column("folded", sa.Text(), nullable=False, comment="the text without tone and vowel marks, đ as d, in lower case; same offsets"),
        sa.Column("schema_version", sa.Text(), nullable=False, comment="version of the record"),
        sa.Column("parser", sa.Text(), nullable=False, comment="version of docparse, its rules and settings that parsed it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("sha256", name=op.f("uq_documents_sha256")),
        comment="one row for each document: letterhead, title and text",
    )
    op.create_index(op.f("ix_documents_date"), "documents", ["date"], unique=False)
    op.create_index(op.f("ix_documents_doc_type"), "documents", ["doc_type"], unique=False)
    op.create_index(op.f("ix_documents_issuer"), "documents", ["issuer"], unique=False)
    op.create_index(op.f("ix_documents_number"), "documents", ["number"], unique=False)
    op.create_table(
        "agency_mentions",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="the document, documents.id"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="counts from 0, as in the record"),
        sa.Column("agency_id", sa.Text(), nullable=False, comment="the agency, agencies.id"),
        sa.Column("start", sa.Integer(), nullable=False, comment="first code point in documents.text"),
        sa.Column("end", sa.Integer(), nullable=False, comment="code point after the last one"),
        sa.Column("text", sa.Text(), nullable=False, comment="as printed"),
        sa.Column("mention", sa.Text(), nullable=False, comment="with an elliptic list expanded"),
        sa.Column("collective", sa.Boolean(), nullable=False, comment="true for a group such as các sở, ngành"),
        sa.Column("section", sa.Text(), nullable=True, comment="the section it stands in, sections.address"),
        sa.Column("page", sa.Integer(), nullable=False, comment="page, from 1"),
        sa.Column("rule", sa.Text(), nullable=False, comment="the rule of docparse that found it"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_agency_mentions_agency_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_agency_mentions_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_agency_mentions")),
        comment="where agencies are named",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_agency_mentions_agency_id"), "agency_mentions", ["agency_id"], unique=False)
    op.create_table(
        "citations",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="the document, documents.id"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="counts from 0, as in the record"),
        sa.Column("start", sa.Integer(), nullable=False, comment="first code point in documents.text"),
        sa.Column("end", sa.Integer(), nullable=False, comment="code point after the last one"),
        sa.Column("text", sa.Text(), nullable=False, comment="as printed"),
        sa.Column("doc_type", sa.Text(), nullable=True, comment="kind of the cited document"),
        sa.Column("number", sa.Text(), nullable=True, comment="its number and symbol"),
        sa.Column("date", sa.Text(), nullable=True, comment="its day, month or year, ISO 8601"),
        sa.Column("issuer", sa.Text(), nullable=True, comment="its issuer as stated"),
        sa.Column("title", sa.Text(), nullable=True, comment="its title as stated"),
        sa.Column("provisions", sa.Text(), nullable=False, comment="cited articles, clauses and points, JSON array of objects"),
        sa.Column("relation", sa.Text(), nullable=False, comment="basis, implements, amends, replaces, repeals, issues, answers or mentions"),
        sa.Column("section", sa.Text(), nullable=True, comment="the section it stands in, sections.address"),
        sa.Column("page", sa.Integer(), nullable=False, comment="page, from 1"),
        sa.Column("key", sa.Text(), nullable=True, comment="canonical key of the cited document (resolved in the record), joins document_keys.key"),
        sa.Column("rule", sa.Text(), nullable=False, comment="the rule of docparse that found it"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_citations_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_citations")),
        comment="mentions of other documents",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_citations_key"), "citations", ["key"], unique=False)
    op.create_table(
        "dates",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="the document, documents.id"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="counts from 0, as in the record"),
        sa.Column("start", sa.Integer(), nullable=False, comment="first code point in documents.text"),
        sa.Column("end", sa.Integer(), nullable=False, comment="code point after the last one"),
        sa.Column("text", sa.Text(), nullable=False, comment="as printed"),
        sa.Column("first_day", sa.Text(), nullable=True, comment="ISO 8601, null for a recurrence or an open start"),
        sa.Column("last_day", sa.Text(), nullable=True, comment="ISO 8601, inclusive"),
        sa.Column("recurrence", sa.Text(), nullable=True, comment="RFC 5545 RRULE"),
        sa.Column("modifier", sa.Text(), nullable=True, comment="before, after or by"),
        sa.Column("section", sa.Text(), nullable=True, comment="the section it stands in, sections.address"),
        sa.Column("page", sa.Integer(), nullable=False, comment="page, from 1"),
        sa.Column("rule", sa.Text(), nullable=False, comment="the rule of docparse that found it"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_dates_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_dates")),
        comment="time expressions",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_dates_first_day"), "dates", ["first_day"], unique=False)
    op.create_table(
        "document_keys",
        sa.Column("key", sa.Text(), nullable=False, comment="doc_type:number[:year][:issuer]"),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="the document, documents.id"),
        sa.Column(
            "reach",
            sa.Text(),
            nullable=False,
            comment="all: the key names one document of the country; province: one of its province; none: it leaves something open",
        ),
        sa.CheckConstraint("reach IN ('all', 'province', 'none')", name=op.f("ck_document_keys_reach")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_document_keys_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", "document_id", name=op.f("pk_document_keys")),
        comment="the keys under which each document may be cited",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_document_keys_document_id"), "document_keys", ["document_id"], unique=False)
    op.create_table(
        "journal",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="in the order in which inputs were met",
        ),
        sa.Column(
            "location", sa.Text(), nullable=False, comment="absolute path or URL; inside an archive after !/ ; bytes that are no UTF-8 as \\udcXX"
        ),
        sa.Column("archive_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="the archive it was in, journal.id"),
        sa.Column("status", sa.Text(), nullable=False, comment="waiting, parsed, same (bytes as another input), archive (opened), failed or skipped"),
        sa.Column("code", sa.Text(), nullable=True, comment="why it failed or was skipped, a stable code"),
        sa.Column("message", sa.Text(), nullable=True, comment="the same for people, with what to do"),
        sa.Column("page", sa.Integer(), nullable=True, comment="page at which it failed, where known"),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="its document, documents.id"),
        sa.Column("sha256", sa.Text(), nullable=True, comment="SHA-256 of the file, hex"),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="bytes"),
        sa.Column(
            "modified",
            sa.Text(),
            nullable=True,
            comment="when the file was last changed, nanoseconds since 1970; of an archive's member that of the archive",
        ),
        sa.Column("parser", sa.Text(), nullable=True, comment="version of docparse, its rules and settings that read it"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="how often it was tried"),
        sa.Column("seconds", sa.Float(), nullable=True, comment="time of the last attempt"),
        sa.Column("updated", sa.Text(), nullable=False, comment="when this row changed, ISO 8601, UTC"),
        sa.CheckConstraint("status IN ('waiting', 'parsed', 'same', 'archive', 'failed', 'skipped')", name=op.f("ck_journal_status")),
        sa.ForeignKeyConstraint(["archive_id"], ["journal.id"], name=op.f("fk_journal_archive_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_journal_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("location", name=op.f("uq_journal_location")),
        comment="every input that was ever given, exactly once, and what became of it",
    )
    op.create_index(op.f("ix_journal_archive_id"), "journal", ["archive_id"], unique=False)
    op.create_index(op.f("ix_journal_document_id"), "journal", ["document_id"], unique=False)
    op.create_index(op.f("ix_journal_status"), "journal", ["status"], unique=False)
    op.create_table(
        "problems",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="the document, documents.id"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="counts from 0, as in the record"),
        sa.Column("code", sa.Text(), nullable=False, comment="stable code"),
        sa.Column("message", sa.Text(), nullable=False, comment="for people"),
        sa.Column("page", sa.Integer(), nullable=True, comment="page, from 1"),
        sa.Column("start", sa.Integer(), nullable=True, comment="first code point in documents.text"),
        sa.Column("end", sa.Integer(), nullable=True, comment="code point after the last one"),
        sa.Column("raw", sa.Text(), nullable=True, comment="what recognition gave where the text corrects it"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_problems_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_problems")),
        comment="what could not be read or is doubtful",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_problems_code"), "problems", ["code"], unique=False)
    op.create_table(
        "records",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="the document, documents.id"),
        sa.Column("json", sa.Text(), nullable=False, comment="the whole record as docparse parse gives it, byte for byte"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_records_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_records")),
        comment="the record of each document as JSON",
    )
    op.create_table(
        "sections",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="stable: document_id times 1000000 plus position",
        ),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="the document, documents.id"),
        sa.Column("position", sa.Integer(), nullable=False, comment="counts from 0, as in the record"),
        sa.Column("address", sa.Text(), nullable=False, comment="unique in the document, from the outermost unit: II.3.1.a"),
        sa.Column("parent", sa.Text(), nullable=True, comment="address of the unit around it"),
        sa.Column("label", sa.Text(), nullable=False, comment="as printed, without the word of the unit"),
        sa.Column("depth", sa.Integer(), nullable=False, comment="1 for the outermost"),
        sa.Column("kind", sa.Text(), nullable=False, comment="form of the numbering: dieu, roman, arabic …"),
        sa.Column("heading", sa.Text(), nullable=True, comment="null for a numbered paragraph"),
        sa.Column("start", sa.Integer(), nullable=False, comment="first code point in documents.text"),
        sa.Column("end", sa.Integer(), nullable=False, comment="code point after the last one"),
        sa.Column("page", sa.Integer(), nullable=False, comment="page, from 1"),
        sa.Column("text", sa.Text(), nullable=False, comment="its own text, up to the first unit inside it"),
        sa.Column("folded", sa.Text(), nullable=False, comment="that text without tone and vowel marks, đ as d, in lower case"),
        sa.Column("rule", sa.Text(), nullable=False, comment="the rule of docparse that found it"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_sections_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sections")),
        comment="the numbered units of each document in reading order",
    )
    op.create_index(op.f("ix_sections_document_id_position"), "sections", ["document_id", "position"], unique=True)
    op.create_table(
        "signatures",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="the document, documents.id"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="counts from 0, as in the record"),
        sa.Column("signer", sa.Text(), nullable=True, comment="name in the certificate"),
        sa.Column("organization", sa.Text(), nullable=True, comment="organisation in the certificate"),
        sa.Column("email", sa.Text(), nullable=True, comment="address in the certificate"),
        sa.Column("role", sa.Text(), nullable=True, comment="leader, agency, number, date, publisher or timestamp"),
        sa.Column("signing_time", sa.Text(), nullable=True, comment="ISO 8601 with offset"),
        sa.Column("field", sa.Text(), nullable=True, comment="name of the signature field"),
        sa.Column("page", sa.Integer(), nullable=True, comment="page, from 1"),
        sa.Column("box", sa.Text(), nullable=True, comment="[x0, top, x1, bottom] in points, JSON array"),
        sa.Column("covers_whole_file", sa.Boolean(), nullable=True, comment="null: unknown"),
        sa.Column("intact", sa.Boolean(), nullable=True, comment="whether the signed bytes are as they were, null: unknown"),
        sa.Column("trusted", sa.Boolean(), nullable=True, comment="whether the chain leads to a trusted root, null: not checked"),
        sa.Column("changed_after", sa.Text(), nullable=True, comment="none, signatures, form or content"),
        sa.Column("timestamped", sa.Boolean(), nullable=True, comment="null: unknown"),
        sa.Column("digest", sa.Text(), nullable=True, comment="digest algorithm"),
        sa.Column("appearance", sa.Text(), nullable=True, comment="text it shows on the page"),
        sa.Column("certificate_serial", sa.Text(), nullable=True, comment="hex"),
        sa.Column("certificate_issuer", sa.Text(), nullable=True, comment="name of the certificate's issuer"),
        sa.Column("certificate_valid_from", sa.Text(), nullable=True, comment="ISO 8601"),
        sa.Column("certificate_valid_to", sa.Text(), nullable=True, comment="ISO 8601"),
        sa.Column("problems", sa.Text(), nullable=False, comment="codes, JSON array"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_signatures_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_signatures")),
        comment="digital signatures",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "signers",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="the document, documents.id"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="counts from 0, as in the record"),
        sa.Column("name", sa.Text(), nullable=True, comment="person"),
        sa.Column("position_held", sa.Text(), nullable=True, comment="office of the person"),
        sa.Column("authority", sa.Text(), nullable=True, comment="TM., KT., TL., TUQ. or Q."),
        sa.Column("on_behalf_of", sa.Text(), nullable=True, comment="the body or office signed for"),
        sa.Column("start", sa.Integer(), nullable=False, comment="first code point in documents.text"),
        sa.Column("end", sa.Integer(), nullable=False, comment="code point after the last one"),
        sa.Column("rule", sa.Text(), nullable=False, comment="the rule of docparse that found it"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_signers_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_signers")),
        comment="who signed, by the signature block",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_signers_name"), "signers", ["name"], unique=False)
    op.create_table(
        "task_actors",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="the document, documents.id"),
        sa.Column("task_position", sa.Integer(), autoincrement=False, nullable=False, comment="the task, tasks.position"),
        sa.Column("role", sa.Text(), nullable=False, comment="lead or support"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="counts from 0, as in the record"),
        sa.Column("name", sa.Text(), nullable=False, comment="agency or person as named in the task"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_task_actors_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "task_position", "role", "position", name=op.f("pk_task_actors")),
        comment="who leads (chủ trì) and who supports (phối hợp) a task",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_task_actors_name"), "task_actors", ["name"], unique=False)
    op.create_table(
        "task_citations",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="the document, documents.id"),
        sa.Column("task_position", sa.Integer(), autoincrement=False, nullable=False, comment="the task, tasks.position"),
        sa.Column("citation_position", sa.Integer(), autoincrement=False, nullable=False, comment="the citation, citations.position"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_task_citations_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "task_position", "citation_position", name=op.f("pk_task_citations")),
        comment="documents cited in a task",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tasks",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="the document, documents.id"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False, comment="counts from 0, as in the record"),
        sa.Column("id", sa.Text(), nullable=False, comment="stable within the document"),
        sa.Column("start", sa.Integer(), nullable=False, comment="first code point in documents.text"),
        sa.Column("end", sa.Integer(), nullable=False, comment="code point after the last one"),
        sa.Column("text", sa.Text(), nullable=False, comment="as printed"),
        sa.Column("action", sa.Text(), nullable=False, comment="what is to be done"),
        sa.Column("status", sa.Text(), nullable=False, comment="assigned or planned"),
        sa.Column("deadline", sa.Text(), nullable=True, comment="deadline as printed"),
        sa.Column("deadline_first_day", sa.Text(), nullable=True, comment="ISO 8601"),
        sa.Column("deadline_last_day", sa.Text(), nullable=True, comment="ISO 8601, inclusive"),
        sa.Column("deadline_recurrence", sa.Text(), nullable=True, comment="RFC 5545 RRULE"),
        sa.Column("section", sa.Text(), nullable=False, comment="labels of the sections around it from the outermost, JSON array"),
        sa.Column("assigner", sa.Text(), nullable=True, comment="who gives the task"),
        sa.Column("confidence", sa.Float(), nullable=False, comment="0 to 1"),
        sa.Column("page", sa.Integer(), nullable=False, comment="page, from 1"),
        sa.Column("rule", sa.Text(), nullable=False, comment="the rule of docparse that found it"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_tasks_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_tasks")),
        comment="what somebody is to do",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_tasks_deadline_last_day"), "tasks", ["deadline_last_day"], unique=False)
    op.create_index(op.f("ix_tasks_document_id_id"), "tasks", ["document_id", "id"], unique=True)
    context.config.attributes["dialect"].create_search(op.get_bind())
