"""The metadata for archives: the lists of the rules, the value of each field, and the files."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conftest import CORPUS

from docparse.export.archive_metadata import RULES, VALUES, describe, fields, split_number
from docparse.export.tables import Form, export
from docparse.lexicon import load_rows
from docparse.pipeline import parse_file
from docparse.record import Certificate, Header, Record, Signature, Source
from docparse.store.corpus import Corpus
from docparse.store.rows import build_rows

TT05, TT02 = RULES
FILES = ["metadata-05-2025.csv", "metadata-05-2025.xml", "metadata-02-2019.csv", "metadata-02-2019.xml", "metadata-fields.csv"]
NOTHING: dict[str, Any] = dict.fromkeys(("doc_type", "number", "date", "issuer", "title", "pages", "secrecy", "text_origin")) | {"signed": False}


def made(name: str, header: Header, *, pages: int | None = None, origin: Any = "plain", signatures: tuple[Signature, ...] = ()) -> Record:
    source = Source(filename=name, media_type="text/plain", size=1, pages=pages, text_origin=origin)
    return Record(document_id=name[0] * 64, source=source, text="a", header=header, signatures=signatures)


def signature(role: Any, *, intact: bool | None = True) -> Signature:
    certificate = Certificate(
        serial="1f", issuer="CA", valid_from=dt.datetime(2024, 1, 1, tzinfo=dt.UTC), valid_to=dt.datetime(2029, 1, 1, tzinfo=dt.UTC)
    )
    return Signature(
        signer="A",
        organization=None,
        email=None,
        signing_time=None,
        field="f",
        page=1,
        box=None,
        covers_whole_file=True,
        intact=intact,
        trusted=None,
        certificate=certificate,
        role=role,
    )


MADE = [
    made("1-secret.pdf", Header(doc_type="chỉ thị", number="30/2020/CT-TTg", date="2020-03-05", issuer="Thủ tướng\nChính phủ", title="Về\x0b <mật> & \"nháy\"", secrecy="tối mật"), pages=7, origin="text_layer", signatures=(signature("leader"),)),
    made("2-scan.pdf", Header(doc_type="thông tri", number="12-TT/TW", issuer="Ban Bí thư", title="d" * 501), pages=12345, origin="ocr", signatures=(signature("agency"),)),
    made("3-\x01=.txt", Header(number="KH-47", title="=1+1")),
    made("4-copy.pdf", Header(doc_type="công văn", number="47"), pages=1, origin="text_layer", signatures=(signature("publisher"), signature("timestamp"))),
    made("5-changed.pdf", Header(doc_type="công văn"), pages=1, origin="text_layer", signatures=(signature("leader", intact=False),)),
    made("6-half.pdf", Header(), pages=2, origin="mixed", signatures=(signature(None),)),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The metadata of one parsed document and the made ones."""
    path = tmp_path_factory.mktemp("metadata")
    corpus = Corpus(str(path / "corpus.db"), create=True)
    with corpus.write() as writer:
        for record in (parse_file(CORPUS / "documents" / "kh-ubnd-xa.txt"), *MADE):
            entry = writer.add_entry(record.source.filename)
            writer.save(build_rows(record, entry.id, parser="test"), replace=False)
            writer.update_entry(entry.id, status="parsed", document_id=entry.id)
    assert export(corpus, Form.METADATA, path / "out") == [path / "out" / name for name in FILES]
    corpus.close()
    yield path / "out"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def filled(row: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if value and name != "sha256"}


def test_fields_are_complete() -> None:
    rows = load_rows("archive_metadata")
    assert Counter(row["rule"] for row in rows) == {TT05: 21, TT02: 22}
    for rule in RULES:
        of_rule = [row for row in rows if row["rule"] == rule]
        assert [int(row["order"]) for row in of_rule] == list(range(1, len(of_rule) + 1))
        assert len({row["field"] for row in of_rule}) == len(of_rule)
    assert [field.name for field in fields(TT05)] == [
        "docId", "docCode", "maintenance", "typeName", "codeNumber", "codeNotation", "issuedDate", "organName", "subject", "language", "numberOfPage",
        "inforSign", "keyword", "mode", "confidenceLevel", "autograph", "format", "riskRecovery", "riskRecoveryStatus", "process", "description",
    ]  # fmt: skip
    assert [field.name for field in fields(TT02)] == [
        "DocCode", "FileCode", "Identifier", "OrganId", "FileCatalog", "FileNotation", "DocOrdinal", "TypeName", "CodeNumber", "CodeNotation",
        "IssuedDate", "OrganName", "Subject", "Language", "PageAmount", "Description", "InforSign", "Keyword", "Mode", "ConfidenceLevel", "Autograph",
        "Format",
    ]  # fmt: skip
    assert {row["value"] for row in rows} - {""} == set(VALUES)
    assert {row["type"] for row in rows} == {"string", "number", "code", "boolean", "date dd/MM/yyyy"}
    assert [row["field"] for row in rows if not row["source"]] == []
    assert [row["field"] for row in rows if row["rule"] == TT02 and not row["source"].startswith("general knowledge")] == []


def test_coded_fields_have_their_lists() -> None:
    codes: dict[str, list[str]] = {}
    for row in load_rows("archive_codes"):
        codes.setdefault(row["list"], []).append(row["code"])
    assert codes == {
        "typeName": [f"{number:02}" for number in range(1, 33)],
        "maintenance": [f"{number:02}" for number in range(1, 8)],
        "language": [f"{number:02}" for number in range(1, 12)],
        "mode": ["01", "02", "03"],
        "format": ["01", "02", "03"],
        "confidenceLevel": ["01", "02", "03"],
        "riskRecovery": ["0", "1"],
        "riskRecoveryStatus": ["01", "02"],
    }
    rows = load_rows("archive_metadata")
    assert {row["list"] for row in rows} - {""} == set(codes)
    assert [row["field"] for row in rows if (row["type"] == "code") != bool(row["list"])] == []


def test_every_type_has_a_code() -> None:
    """The types of Nghị định 30/2020 are the first 29 codes in another order; types of laws and of the Party are other (32)."""
    type_names = fields(TT05)
    place = [field.name for field in type_names].index("typeName")
    found = {row["name"]: describe({**NOTHING, "doc_type": row["name"]}, type_names)[0][place] for row in load_rows("doc_types")}
    administrative = [row["name"] for row in load_rows("doc_types") if row["source"].startswith("Nghị định 30") or row["name"] == "công văn"]
    assert len(administrative) == 29
    assert {found[name] for name in administrative} == {f"{number:02}" for number in range(1, 30)}
    assert {name for name, code in found.items() if code != "32"} == set(administrative)
    assert (found["quyết định"], found["công văn"], found["tờ trình"], found["luật"], found["kết luận"]) == ("02", "22", "15", "32", "32")


@pytest.mark.parametrize(
    ("number", "split"),
    [
        ("47/KH-BDT", ("47", "KH-BDT")),
        ("30/2020/NĐ-CP", ("30", "2020/NĐ-CP")),
        ("12-NQ/TW", ("12", "NQ/TW")),
        ("36a/NQ-CP", ("36a", "NQ-CP")),
        ("66.4/2025/NQ-CP", ("66.4", "2025/NQ-CP")),
        ("19-2017/NQ-CP", ("19", "2017/NQ-CP")),
        ("72/2025/QH15", ("72", "2025/QH15")),
        ("7742/KHH-NVDTPC", ("7742", "KHH-NVDTPC")),
        ("09/CĐ-UBND", ("09", "CĐ-UBND")),
        ("47", ("47", "")),
        ("12TB/TW", ("12TB", "TW")),
        ("KH-47", None),
        ("/KH-UBND", None),
        ("47/", None),
        ("47KHUBND", None),
        ("", None),
        (None, None),
    ],
)
def test_number_and_symbol(number: str | None, split: tuple[str, str] | None) -> None:
    assert split_number(number) == split


def test_nothing_known_is_nothing_said() -> None:
    for rule in RULES:
        assert describe(NOTHING, fields(rule)) == ([""] * len(fields(rule)), {})


@pytest.mark.parametrize(
    ("origin", "signed", "said"),
    [
        ("text_layer", True, "01"),
        ("markup", True, "01"),
        ("text_layer", False, ""),
        ("markup", False, ""),
        ("plain", True, ""),
        ("mixed", True, ""),
        ("ocr", False, "02"),
        ("ocr", True, "02"),
        (None, True, ""),
    ],
)
def test_originality(origin: str | None, signed: bool, said: str) -> None:
    of = fields(TT05)
    values, _ = describe({**NOTHING, "text_origin": origin, "signed": signed}, of)
    assert values[[field.name for field in of].index("confidenceLevel")] == said


def test_values_that_do_not_fit() -> None:
    of = fields(TT05)
    document = {**NOTHING, "title": "đ" * 500, "issuer": "b" * 201, "pages": 10_000, "number": "123456789012/" + "K" * 31}
    values, problems = describe(document, of)
    by_name = dict(zip([field.name for field in of], values, strict=True))
    assert by_name["subject"] == "đ" * 500
    assert by_name["organName"] == "b" * 199 + "…"
    assert by_name["numberOfPage"] == ""
    assert (by_name["codeNumber"], by_name["codeNotation"]) == ("1234567890…", "K" * 29 + "…")
    assert problems == {
        "codeNumber": "12 of 11 characters",
        "codeNotation": "31 of 30 characters",
        "organName": "201 of 200 characters",
        "numberOfPage": "5 of 4 characters",
    }


def test_csv_by_the_rule_in_force(folder: Path) -> None:
    rows = read(folder / "metadata-05-2025.csv")
    assert list(rows[0]) == ["document_id", "sha256", "filename", *(field.name for field in fields(TT05)), "problems"]
    assert rows[1]["sha256"] == "1" * 64
    assert [filled(row) for row in rows] == [
        {
            "document_id": "1",
            "filename": "kh-ubnd-xa.txt",
            "typeName": "10",
            "codeNumber": "03",
            "codeNotation": "KH-UBND",
            "issuedDate": "06/01/2026",
            "organName": "Ủy ban nhân dân xã Mường Bú",
            "subject": "Xây dựng “Bản an toàn về cháy” năm 2026",
            "language": "01",
        },
        {
            "document_id": "2",
            "filename": "1-secret.pdf",
            "typeName": "03",
            "codeNumber": "30",
            "codeNotation": "2020/CT-TTg",
            "issuedDate": "05/03/2020",
            "organName": "Thủ tướng Chính phủ",
            "subject": 'Về <mật> & "nháy"',
            "language": "01",
            "numberOfPage": "7",
            "mode": "03",
            "confidenceLevel": "01",
        },
        {
            "document_id": "3",
            "filename": "2-scan.pdf",
            "typeName": "32",
            "codeNumber": "12",
            "codeNotation": "TT/TW",
            "organName": "Ban Bí thư",
            "subject": "d" * 499 + "…",
            "language": "01",
            "confidenceLevel": "02",
            "problems": "subject: 501 of 500 characters; numberOfPage: 5 of 4 characters",
        },
        {
            "document_id": "4",
            "filename": "3-\x01=.txt",
            "subject": "'=1+1",
            "language": "01",
            "problems": "codeNumber: not a number and a symbol: KH-47",
        },
        {"document_id": "5", "filename": "4-copy.pdf", "typeName": "22", "codeNumber": "47", "language": "01", "numberOfPage": "1"},
        {"document_id": "6", "filename": "5-changed.pdf", "typeName": "22", "language": "01", "numberOfPage": "1"},
        {"document_id": "7", "filename": "6-half.pdf", "numberOfPage": "2"},
    ]


def test_csv_by_the_rule_before(folder: Path) -> None:
    rows = read(folder / "metadata-02-2019.csv")
    assert list(rows[0]) == ["document_id", "sha256", "filename", *(field.name for field in fields(TT02)), "problems"]
    assert filled(rows[1]) == {
        "document_id": "2",
        "filename": "1-secret.pdf",
        "TypeName": "Chỉ thị",
        "CodeNumber": "30",
        "CodeNotation": "2020/CT-TTg",
        "IssuedDate": "05/03/2020",
        "OrganName": "Thủ tướng Chính phủ",
        "Subject": 'Về <mật> & "nháy"',
        "Language": "Tiếng Việt",
        "PageAmount": "7",
        "Mode": "Mật",
        "ConfidenceLevel": "Gốc điện tử",
    }
    assert (rows[2]["TypeName"], rows[2]["ConfidenceLevel"]) == ("Thông tri", "Số hóa")


@pytest.mark.parametrize(("rule", "short"), list(RULES.items()))
def test_xml_says_what_the_csv_says(folder: Path, rule: str, short: str) -> None:
    root = ElementTree.parse(folder / f"metadata-{short}.xml").getroot()
    rows = read(folder / f"metadata-{short}.csv")
    rows[3].update(filename="3-=.txt")  # a control character, which XML cannot hold
    assert (root.tag, root.attrib) == ("metadata", {"rule": rule})
    assert len(root) == len(rows) == 7
    for document, row in zip(root, rows, strict=True):
        identity = {name: row[name] for name in ("document_id", "sha256", "filename")}
        assert document.tag == "document"
        assert document.attrib == identity | ({"problems": row["problems"]} if row["problems"] else {})
        assert [(element.tag, element.text or "") for element in document] == [
            (field.name, row[field.name].replace("'=1", "=1")) for field in fields(rule)
        ]


def test_xml_as_text(folder: Path) -> None:
    lines = (folder / "metadata-05-2025.xml").read_text(encoding="utf-8").splitlines()
    assert lines[:8] == [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<metadata rule="05/2025/TT-BNV">',
        f'  <document document_id="1" sha256="{read(folder / "metadata-05-2025.csv")[0]["sha256"]}" filename="kh-ubnd-xa.txt">',
        "    <docId/>",
        "    <docCode/>",
        "    <maintenance/>",
        "    <typeName>10</typeName>",
        "    <codeNumber>03</codeNumber>",
    ]
    assert lines[-2:] == ["  </document>", "</metadata>"]
    assert '    <subject>Về &lt;mật&gt; &amp; "nháy"</subject>' in lines


def test_report_of_fields(folder: Path) -> None:
    rows = read(folder / "metadata-fields.csv")
    assert [(row["rule"], row["field"]) for row in rows] == [(rule, field.name) for rule in RULES for field in fields(rule)]
    assert [row["field"] for row in rows if row["rule"] == TT05 and row["filled"] == "0"] == [
        "docId", "docCode", "maintenance", "inforSign", "keyword", "autograph", "format", "riskRecovery", "riskRecoveryStatus", "process", "description",
    ]  # fmt: skip
    assert {row["value"] for row in rows if row["filled"] == "0"} == {"not in the corpus"}
    by_name = {row["field"]: row for row in rows}
    assert by_name["subject"] == {
        "rule": TT05,
        "field": "subject",
        "label": "Trích yếu",
        "length": "500",
        "value": "title",
        "filled": "4",
        "empty": "3",
        "problems": "1",
    }
    assert [(by_name[name]["filled"], by_name[name]["empty"], by_name[name]["problems"]) for name in ("codeNumber", "numberOfPage", "mode")] == [
        ("4", "3", "1"),
        ("4", "3", "1"),
        ("1", "6", "0"),
    ]
