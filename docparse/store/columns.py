"""The columns that the tables of the corpus are made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Text
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


@compiles(CreateColumn, "sqlite")
def _with_comment(create: CreateColumn, compiler: Any, **options: Any) -> str:
    """SQLite has no COMMENT ON: what stands between the columns is kept with the table and shown by `.schema`."""
    column: str = compiler.visit_create_column(create, **options)
    comment = create.element.comment
    return f"{column} /* {comment} */" if column and comment else column


def text(name: str, comment: str, *, required: bool = False) -> Column[Any]:
    """A text."""
    return Column(name, Text, nullable=not required, comment=comment)


def number(name: str, comment: str, *, required: bool = False) -> Column[Any]:
    """A whole number."""
    return Column(name, Integer, nullable=not required, comment=comment)


def of_document() -> Column[Any]:
    """The document of a finding, part of its key."""
    return Column("document_id", Id, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True, comment="the document, documents.id")


def position() -> Column[Any]:
    """The place of a finding among those of its kind, part of its key."""
    return Column("position", Integer, primary_key=True, autoincrement=False, comment="counts from 0, as in the record")


def span() -> tuple[Column[Any], Column[Any]]:
    """Where a finding begins and ends in the text of its document."""
    return (
        number("start", "first code point in documents.text", required=True),
        number("end", "code point after the last one", required=True),
    )


def place() -> tuple[Column[Any], Column[Any]]:
    """Section and page of a finding."""
    return text("section", "the section it stands in, sections.address"), number("page", "page, from 1", required=True)


def rule() -> Column[Any]:
    """The rule that gave a finding."""
    return text("rule", "the rule of docparse that found it", required=True)
