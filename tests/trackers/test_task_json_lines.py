"""Tasks as JSON lines: the keys that the documentation promises, and lines that stay lines."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from made_tasks import PLAN, SITE, task

from docparse.trackers.files.json_lines import write_json_lines


def test_all_that_is_known(tmp_path: Path) -> None:
    made = task(
        "rà soát\nổ dịch",
        supports=("Sở Tài chính",),
        agencies=(("ttyt", "Trung tâm Y tế khu vực Việt Trì", "Trung tâm Y tế khu vực Việt Trì"),),
        citations=("Luật Phòng bệnh",),
        deadline="thứ Năm hằng tuần",
        recurrence="FREQ=WEEKLY;BYDAY=TH",
        progress="done",
        done_on="2026-05-20",
    )
    assert write_json_lines([made], tmp_path / "a.jsonl", site=SITE) == 1
    (line,) = (tmp_path / "a.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    assert "rà soát" in line
    assert json.loads(line) == {
        "key": "81a2cac4-6433-5e7d-ae3c-3dbe228e5dc2",
        "id": "II.1/1",
        "position": 0,
        "action": "rà soát\nổ dịch",
        "status": "assigned",
        "leads": ["Trung tâm Y tế khu vực Việt Trì"],
        "lead_names": [["ttyt", "Trung tâm Y tế khu vực Việt Trì", "Trung tâm Y tế khu vực Việt Trì"]],
        "supports": ["Sở Tài chính"],
        "assigner": "Sở Y tế",
        "deadline": {
            "text": "thứ Năm hằng tuần",
            "first_day": None,
            "last_day": None,
            "recurrence": "FREQ=WEEKLY;BYDAY=TH",
            "recurrence_text": "thứ Năm hằng tuần",
        },
        "section": ["II", "1"],
        "page": 2,
        "citations": ["Luật Phòng bệnh"],
        "confidence": 0.85,
        "progress": "done",
        "done_on": "2026-05-20",
        "document": {
            "sha256": f"{7:064x}",
            "id": 7,
            "number": "47/KH-SYT",
            "doc_type": "kế hoạch",
            "issuer": "Sở Y tế",
            "issuer_id": "so-y-te.phu-tho",
            "date": "2026-03-12",
            "title": "Phòng, chống dịch bệnh năm 2026",
            "pages": 3,
            "text_origin": "text_layer",
        },
        "link": "https://van-ban.example.vn/documents/7?finding=task-0#page-2",
    }


def test_what_is_not_known_is_null(tmp_path: Path) -> None:
    bare = task(leads=(), assigner=None, section=(), document=replace(PLAN, number=None, title=None))
    write_json_lines([bare], tmp_path / "a.jsonl")
    found = json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8"))
    assert [found[name] for name in ("leads", "assigner", "deadline", "section", "progress", "done_on", "link")] == [
        [],
        None,
        None,
        [],
        None,
        None,
        None,
    ]


def test_keys_stay_and_differ(tmp_path: Path) -> None:
    keys = []
    for name in ("a.jsonl", "b.jsonl"):
        assert write_json_lines((task(number=number) for number in (1, 2)), tmp_path / name) == 2
        keys.append([json.loads(line)["key"] for line in (tmp_path / name).read_text(encoding="utf-8").splitlines()])
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 2


def test_no_tasks(tmp_path: Path) -> None:
    assert write_json_lines([], tmp_path / "a.jsonl") == 0
    assert (tmp_path / "a.jsonl").read_bytes() == b""
