"""The metadata that Vietnamese archives ask for each document, by rule: Thông tư 05/2025/TT-BNV, before July 2025 Thông tư 02/2019/TT-BNV.

The fields of a rule stand in `lexicon/archive_metadata.csv`, the codes of its lists in `lexicon/archive_codes.csv`. A field whose value the
corpus cannot know stays empty: ids and codes that the agency or the archive gives, the term of keeping, the physical state.
`metadata-fields.csv` says of each field how often it is filled, empty, or does not fit.

`metadata-<rule>.csv` and `.xml` say which document of the corpus each row is (`document_id`, `sha256`, `filename`), then the fields in
their order, then `problems`: values that do not fit the rule. A text longer than its field is cut and ends in `…`; a number that is longer
is left out. The elements of a `document` are those that Thông tư 05/2025 asks for in `EAD_doc`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from sqlalchemy import Connection, exists, func, select

from docparse.export.cells import clean
from docparse.export.content import MANY, stream
from docparse.export.text_files import csv_file
from docparse.lexicon import load_rows
from docparse.store.schema import documents, signatures

RULES = {"05/2025/TT-BNV": "05-2025", "02/2019/TT-BNV": "02-2019"}
FILES = [*(f"metadata-{short}.{ending}" for short in RULES.values() for ending in ("csv", "xml")), "metadata-fields.csv"]
IDENTITY = ("document_id", "sha256", "filename")
REPORT = ("rule", "field", "label", "length", "value", "filled", "empty", "problems")
UNKNOWN = "not in the corpus"
MARK = "…"
NO_ATTRIBUTES: AttributesImpl[str] = AttributesImpl({})
OTHER = "khác"
NUMBER = re.compile(r"(?P<number>\d[\d.]*[^\W\d_]{0,2})(?:\s*[/-]\s*(?P<symbol>\S.*))?")
OF_COPIES = ("publisher", "timestamp")  # roles of signatures that say nothing of how a document came into being
ORIGINALITY = {"text_layer": "Gốc điện tử", "markup": "Gốc điện tử", "ocr": "Số hóa"}

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """A field of a rule; `length` in characters, None without a bound; `codes` by label in lower case, empty where the field is text."""

    name: str
    label: str
    type: str
    length: int | None
    codes: Mapping[str, str]
    value: str


def fields(rule: str) -> list[Field]:
    """The fields of a rule for a document, in its order.

    >>> [field.name for field in fields("05/2025/TT-BNV")][:4]
    ['docId', 'docCode', 'maintenance', 'typeName']
    """
    rows = sorted((row for row in load_rows("archive_metadata") if row["rule"] == rule), key=lambda row: int(row["order"]))
    return [
        Field(
            name=row["field"],
            label=row["label"],
            type=row["type"],
            length=int(row["length"]) if row["length"] else None,
            codes=_codes(row["list"]),
            value=row["value"],
        )
        for row in rows
    ]


def _codes(name: str) -> dict[str, str]:
    return {row["label"].lower(): row["code"] for row in load_rows("archive_codes") if row["list"] == name}


def split_number(number: str | None) -> tuple[str, str] | None:
    """Số and ký hiệu: the serial number, and all that follows it, so that both together are the number again. None if it does not begin so.

    Nghị định 30/2020/NĐ-CP, Phụ lục I: số is the serial number, ký hiệu the type and the issuer. The year of a legal document stays with
    the symbol, as clerks enter it.

    >>> split_number("47/KH-BDT"), split_number("30/2020/NĐ-CP"), split_number("12-NQ/TW"), split_number("KH-BDT")
    (('47', 'KH-BDT'), ('30', '2020/NĐ-CP'), ('12', 'NQ/TW'), None)
    """
    match = NUMBER.fullmatch(number or "")
    return (match["number"], match["symbol"] or "") if match else None


def _of_number(part: int) -> Callable[[Document], str | None]:
    def value(document: Document) -> str | None:
        split = split_number(document["number"])
        return split[part] if split else None

    return value


def _date(document: Document) -> str | None:
    return "/".join(reversed(document["date"].split("-"))) if document["date"] else None


def _language(document: Document) -> str | None:
    """Vietnamese where the letterhead was read, for it was read by Vietnamese words."""
    return "Tiếng Việt" if document["doc_type"] or document["number"] or document["issuer"] else None


def _originality(document: Document) -> str | None:
    found = ORIGINALITY.get(document["text_origin"])
    return found if document["signed"] or found == "Số hóa" else None


VALUES: dict[str, Callable[[Document], str | int | None]] = {
    "doc_type": lambda document: document["doc_type"] and document["doc_type"].capitalize(),
    "number": _of_number(0),
    "symbol": _of_number(1),
    "date": _date,
    "issuer": lambda document: document["issuer"],
    "title": lambda document: document["title"],
    "language": _language,
    "pages": lambda document: document["pages"],
    "secrecy": lambda document: "Mật" if document["secrecy"] else None,
    "originality": _originality,
}


def describe(document: Document, of: Sequence[Field]) -> tuple[list[str], dict[str, str]]:
    """The values of the fields, empty where the corpus does not know, and what is wrong with them by field name."""
    problems: dict[str, str] = {}
    values = []
    for field in of:
        found = VALUES[field.value](document) if field.value else None
        text = " ".join(clean("" if found is None else str(found)).split())
        if text and field.codes:
            text = field.codes.get(text.lower()) or field.codes[OTHER]
        if field.length and len(text) > field.length:
            problems[field.name] = f"{len(text)} of {field.length} characters"
            text = "" if field.type == "number" else text[: field.length - 1] + MARK
        if field.value == "number" and document["number"] and not text:
            problems[field.name] = f"not a number and a symbol: {document['number']}"
        values.append(text)
    return values, problems


def write_metadata(connection: Connection, paths: Sequence[Path]) -> None:
    """The metadata of all documents as CSV and XML by each rule, and how often each field is filled."""
    *of_documents, report = paths
    counts: list[tuple[str, list[Field], Counter[tuple[str, str]]]] = [(rule, fields(rule), Counter()) for rule in RULES]
    with ExitStack() as files:
        written = [
            (of, counter, files.enter_context(_csv(table, of)), files.enter_context(_xml(tree, rule, of)))
            for (rule, of, counter), table, tree in zip(counts, of_documents[::2], of_documents[1::2], strict=True)
        ]
        for document in _documents(connection):
            for of, counter, write_row, write_element in written:
                values, problems = describe(document, of)
                said = "; ".join(f"{name}: {problem}" for name, problem in problems.items())
                write_row([*(document[name] for name in IDENTITY), *values, said])
                write_element(document, values, said)
                counter.update((field.name, "filled" if value else "empty") for field, value in zip(of, values, strict=True))
                counter.update((name, "problems") for name in problems)
    with csv_file(report, REPORT) as write_row:
        for rule, of, counter in counts:
            for field in of:
                found = [counter[field.name, what] for what in ("filled", "empty", "problems")]
                write_row([rule, field.name, field.label, field.length, field.value or UNKNOWN, *found])


def _documents(connection: Connection) -> Iterator[Document]:
    found = documents.c
    signed = exists().where(
        signatures.c.document_id == found.id, func.coalesce(signatures.c.role, "").not_in(OF_COPIES), signatures.c.intact.is_not(False)
    )
    names = (*IDENTITY, "doc_type", "number", "date", "issuer", "title", "pages", "secrecy", "text_origin", "signed")
    query = select(found.id, *(found[name] for name in names[1:-1]), signed).order_by(found.id)
    return (dict(zip(names, row, strict=True)) for row in stream(connection, query, batch=MANY))


@contextmanager
def _csv(path: Path, of: Sequence[Field]) -> Iterator[Callable[[Sequence[Any]], None]]:
    with csv_file(path, [*IDENTITY, *(field.name for field in of), "problems"]) as write_row:
        yield write_row


@contextmanager
def _xml(path: Path, rule: str, of: Sequence[Field]) -> Iterator[Callable[[Document, Sequence[str], str], None]]:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        tree = XMLGenerator(file, encoding="utf-8", short_empty_elements=True)

        def write(document: Document, values: Sequence[str], problems: str) -> None:
            identity = {name: clean(str(document[name])) for name in IDENTITY} | ({"problems": clean(problems)} if problems else {})
            tree.ignorableWhitespace("\n  ")
            tree.startElement("document", AttributesImpl(identity))
            for field, value in zip(of, values, strict=True):
                tree.ignorableWhitespace("\n    ")
                tree.startElement(field.name, NO_ATTRIBUTES)
                tree.characters(value)
                tree.endElement(field.name)
            tree.ignorableWhitespace("\n  ")
            tree.endElement("document")

        tree.startDocument()
        tree.startElement("metadata", AttributesImpl({"rule": rule}))
        yield write
        tree.ignorableWhitespace("\n")
        tree.endElement("metadata")
        tree.ignorableWhitespace("\n")
