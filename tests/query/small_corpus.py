"""A corpus of made-up letters, each with a body of its own."""

from __future__ import annotations

from docparse.pipeline import parse_bytes
from docparse.record import Record
from docparse.settings import Settings
from docparse.store.corpus import Corpus
from docparse.store.rows import build_rows

LETTER = """UBND TỈNH PHÚ THỌ
{issuer}

Số: {number}

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Phú Thọ, ngày {day}

BÁO CÁO
Tình hình công tác

{body}

GIÁM ĐỐC
Lê Văn Bình
"""


def letter(number: str, day: str, body: str, *, issuer: str = "SỞ Y TẾ") -> Record:
    """The record of a report; `day` as `12 tháng 3 năm 2026`."""
    text = LETTER.format(issuer=issuer, number=number, day=day, body=body)
    return parse_bytes(text.encode(), location="letter", filename=f"{number.partition('/')[0]}.txt", settings=Settings())


def add(corpus: Corpus, *records: Record) -> list[int]:
    """The ids of the records in the corpus."""
    ids = []
    with corpus.write() as writer:
        for record in records:
            entry = writer.add_entry(record.document_id)
            writer.save(build_rows(record, entry.id, parser="test"), replace=False)
            writer.update_entry(entry.id, status="parsed", document_id=entry.id)
            ids.append(entry.id)
    return ids
