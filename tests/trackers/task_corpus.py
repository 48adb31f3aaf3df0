"""A corpus with made-up plans whose tasks are sent to trackers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docparse.pipeline import parse_bytes
from docparse.record import Record
from docparse.settings import Settings
from docparse.store.corpus import Corpus
from docparse.store.rows import build_rows

PLAN = """UBND TỈNH PHÚ THỌ
SỞ Y TẾ

Số: {number}/KH-SYT

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Phú Thọ, ngày 12 tháng 3 năm 2026

KẾ HOẠCH
Phòng, chống dịch bệnh năm 2026

I. TỔ CHỨC THỰC HIỆN

{tasks}

Nơi nhận:
- Như trên;
- Lưu: VT.

GIÁM ĐỐC

Lê Văn Bình
"""
REVIEW_LISTS = (
    "Trung tâm Kiểm soát bệnh tật tỉnh chủ trì, phối hợp với Trung tâm Y tế các khu vực rà soát danh sách ổ dịch, hoàn thành trước ngày 30/6/2026."
)
WEEKLY = "Giao Trung tâm Y tế khu vực Việt Trì báo cáo số ca mắc về Sở Y tế trước thứ Năm hằng tuần."
BUDGET = "Giao Phòng Kế hoạch - Tài chính bố trí kinh phí mua hóa chất theo Quyết định số 2760/QĐ-BYT ngày 04 tháng 7 năm 2023 của Bộ Y tế."


def plan_record(tasks: Sequence[str], *, number: str = "47", file: str = "") -> Record:
    """The record of a plan with these tasks, each a numbered unit."""
    text = PLAN.format(number=number, tasks="\n\n".join(f"{place}. {task}" for place, task in enumerate(tasks, start=1)))
    return parse_bytes(text.encode(), location="plan", filename=file or f"{number}.txt", settings=Settings())


def corpus_of(path: Path | str, *records: Record) -> Corpus:
    """A new corpus with these records."""
    corpus = Corpus(str(path), create=True)
    add(corpus, *records)
    return corpus


def add(corpus: Corpus, *records: Record) -> None:
    """Take records into a corpus."""
    with corpus.write() as writer:
        for record in records:
            entry = writer.add_entry(record.document_id)
            writer.save(build_rows(record, entry.id, parser="test"), replace=False)
            writer.update_entry(entry.id, status="parsed", document_id=entry.id)


def parse_again(corpus: Corpus, old: Record, new: Record) -> None:
    """A document is parsed again and gives another record: the same bytes, other findings."""
    with corpus.write() as writer:
        known = writer.document(old.document_id)
        assert known is not None
        writer.save(build_rows(new.model_copy(update={"document_id": old.document_id}), known[0], parser="newer"), replace=True)


def less_certain(record: Record, task: int, confidence: float) -> Record:
    """The record with another confidence of one task."""
    tasks = tuple(each.model_copy(update={"confidence": confidence}) if at == task else each for at, each in enumerate(record.tasks))
    return record.model_copy(update={"tasks": tasks})
