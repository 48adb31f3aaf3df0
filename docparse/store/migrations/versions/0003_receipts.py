"""Which task is which item in which tracker."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the ledger of trackers."""
    op.create_table(
        "receipts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="in the order in which they were written",
        ),
        sa.Column("target", sa.Text(), nullable=False, comment="the tracker, by its name in the file of trackers"),
        sa.Column("key", sa.Text(), nullable=False, comment="UUID under which the tracker holds the item"),
        sa.Column("sha256", sa.Text(), nullable=False, comment="the document by its bytes, documents.sha256; receipts stay when it is parsed again"),
        sa.Column("task_id", sa.Text(), nullable=False, comment="the task, tasks.id; empty for the item of the document itself"),
        sa.Column("action", sa.Text(), nullable=False, comment="what was to be done, by which the task is found again after a new parse"),
        sa.Column("state", sa.Text(), nullable=False, comment="held (to be reviewed first), sending, or sent"),
        sa.Column("place", sa.Text(), nullable=False, comment="project or calendar"),
        sa.Column("parent", sa.Text(), nullable=True, comment="key of the item above"),
        sa.Column("remote_id", sa.Text(), nullable=True, comment="id that the tracker gave, null until it is sent"),
        sa.Column("url", sa.Text(), nullable=True, comment="where people open it"),
        sa.Column("sent", sa.Text(), nullable=False, comment="the fields as docparse sent them last, JSON object"),
        sa.Column("echo", sa.Text(), nullable=False, comment="the fields as the tracker had them right after that, JSON object"),
        sa.Column("progress", sa.Text(), nullable=True, comment="open, doing, done or cancelled, as the tracker said last"),
        sa.Column("done_on", sa.Text(), nullable=True, comment="when it was done, ISO 8601"),
        sa.Column("heard", sa.Text(), nullable=True, comment="when the tracker said so, ISO 8601, UTC; null where docparse told the tracker"),
        sa.Column("updated", sa.Text(), nullable=False, comment="when this row changed, ISO 8601, UTC"),
        sa.CheckConstraint("state IN ('held', 'sending', 'sent')", name=op.f("ck_receipts_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        comment="which task is which item in which tracker, and what was sent",
    )
    op.create_index(op.f("ix_receipts_target_key"), "receipts", ["target", "key"], unique=True)
    op.create_index(op.f("ix_receipts_sha256_task_id"), "receipts", ["sha256", "task_id"])
