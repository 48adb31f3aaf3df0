"""Made-up tasks for files, with as little of them given as a test needs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from docparse.query.search import Line
from docparse.query.tasks import TaskLine
from docparse.trackers.tracked import TrackedTask

PLAN = Line(
    id=7,
    number="47/KH-SYT",
    doc_type="kế hoạch",
    issuer="Sở Y tế",
    issuer_id="so-y-te.phu-tho",
    date="2026-03-12",
    title="Phòng, chống dịch bệnh năm 2026",
    pages=3,
    text_origin="text_layer",
)
SITE = "https://van-ban.example.vn"


def task(action: str = "lập danh sách hộ dân", *, number: int = 1, document: Line = PLAN, **values: Any) -> TrackedTask:
    """A task of the plan; `values` are of TaskLine and TrackedTask."""
    line = TaskLine(
        document=document,
        id=f"II.{number}/1",
        position=number - 1,
        action=action,
        status="assigned",
        leads=("Trung tâm Y tế khu vực Việt Trì",),
        supports=(),
        deadline=None,
        first_day=None,
        last_day=None,
        recurrence=None,
        section=("II", str(number)),
        page=2,
        due="none",
        assigner="Sở Y tế",
        confidence=0.85,
        progress=None,
        done_on=None,
    )
    own = {name: values.pop(name) for name in ("sha256", "citations", "agencies") if name in values}
    return TrackedTask(replace(line, **values), **{"sha256": f"{document.id:064x}", **own})
