"""Search by pairs of syllables, who issued a document, corrections of reviewers."""

import json

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns and tables and fill them for the documents that are there."""
    op.add_column("documents", sa.Column("issuer_id", sa.Text(), nullable=True, comment="the issuing agency, agencies.id"))
    op.add_column(
        "documents",
        sa.Column("level", sa.Text(), nullable=True, comment="level of the issuing agency: central, provincial, district or commune"),
    )
    op.add_column(
        "documents",
        sa.Column("page_starts", sa.Text(), nullable=False, server_default="[]", comment="offsets in the text at which its pages begin, JSON array"),
    )
    op.add_column(
        "documents",
        sa.Column(
            "heading",
            sa.Text(),
            nullable=True,
            comment="kind, number, issuer and title, without marks, in lower case: what a search looks at first",
        ),
    )
    op.add_column(
        "records",
        sa.Column(
            "corrected",
            sa.Text(),
            nullable=True,
            comment="the record with the corrections of reviewers, null where there are none; all other tables hold its values",
        ),
    )
    op.create_table(
        "corrections",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="in the order in which they were made",
        ),
        sa.Column(
            "sha256",
            sa.Text(),
            nullable=False,
            comment="the document by its bytes, documents.sha256; corrections stay when it is parsed again",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="header, signer, section, citation, date, agency or task"),
        sa.Column("action", sa.Text(), nullable=False, comment="set (a field), remove (a false finding) or add (a missed one)"),
        sa.Column("start", sa.Integer(), nullable=True, comment="where the finding began in the text that the reviewer saw; null for the header"),
        sa.Column("end", sa.Integer(), nullable=True, comment="where it ended"),
        sa.Column(
            "quote", sa.Text(), nullable=True, comment="the text of the finding, by which it is found again after a new parse; null for the header"
        ),
        sa.Column("field", sa.Text(), nullable=True, comment="what was corrected; null for remove and add"),
        sa.Column("before", sa.Text(), nullable=True, comment="the value before, JSON"),
        sa.Column("after", sa.Text(), nullable=True, comment="the value given, JSON"),
        sa.Column("note", sa.Text(), nullable=True, comment="why, in the reviewer's words"),
        sa.Column("author", sa.Text(), nullable=False, comment="who made it"),
        sa.Column("made", sa.Text(), nullable=False, comment="when, ISO 8601, UTC"),
        sa.Column("withdrawn_by", sa.Text(), nullable=True, comment="who took it back, null while it holds"),
        sa.Column("withdrawn", sa.Text(), nullable=True, comment="when, ISO 8601, UTC"),
        sa.CheckConstraint("action IN ('set', 'remove', 'add')", name=op.f("ck_corrections_action")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        comment="what reviewers corrected, apart from what the parser gave",
    )
    op.create_index(op.f("ix_corrections_sha256"), "corrections", ["sha256"])
    _fill()
    context.config.attributes["dialect"].create_ranking(op.get_bind())
    op.create_index(op.f("ix_citations_relation_key"), "citations", ["relation", "key"])
    op.drop_index(op.f("ix_tasks_deadline_last_day"), "tasks")
    op.create_index("ix_tasks_due", "tasks", ["deadline_last_day", "deadline_recurrence"])
    op.create_index("ix_tasks_of_documents", "tasks", ["document_id", "deadline_last_day", "deadline_recurrence", "status"])
    op.create_index(op.f("ix_documents_issuer_id"), "documents", ["issuer_id"])
    op.create_index("ix_documents_facets", "documents", ["id", "doc_type", "issuer", "issuer_id", "level", "province", "date", "text_origin"])


def _fill() -> None:
    from docparse.record import Record
    from docparse.store.rows import heading, issuing_agency

    connection = op.get_bind()
    for (document_id,) in connection.execute(sa.text("SELECT document_id FROM records ORDER BY document_id")).all():
        stored = connection.execute(sa.text("SELECT json FROM records WHERE document_id = :id"), {"id": document_id}).scalar_one()
        record = Record.model_validate_json(stored)
        issuer_id, level = issuing_agency(record)
        connection.execute(
            sa.text("UPDATE documents SET issuer_id = :issuer_id, level = :level, heading = :heading, page_starts = :pages WHERE id = :id"),
            {
                "issuer_id": issuer_id,
                "level": level,
                "heading": heading(record.header),
                "pages": json.dumps([page.start for page in record.pages]),
                "id": document_id,
            },
        )
