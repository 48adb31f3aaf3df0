"""docparse tasks export, push, pull, review: what they print, where, and how they end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from memory_tracker import MemoryTracker, Unreadable
from openpyxl import load_workbook
from task_corpus import BUDGET, REVIEW_LISTS, WEEKLY, corpus_of, less_certain, parse_again, plan_record
from typer.testing import CliRunner, Result

from docparse.cli import app
from docparse.errors import TrackerError
from docparse.store.corpus import Corpus
from docparse.trackers.http import Refused

TRACKERS = """
[targets.theo-doi]
kind = "redmine"
url = "https://redmine.example.vn"
project = "chung"
[targets.theo-doi.agencies]
"Phòng Kế hoạch - Tài chính" = { project = "tai-chinh", assignee = "thu" }
"""
RECORD = less_certain(plan_record([REVIEW_LISTS, WEEKLY, BUDGET]), 1, 0.5)
REST = (
    "docparse: 1 task not sent, for want of certainty, until reviewed (docparse tasks review).\n"
    "docparse: in the default place, because the file of trackers does not name them: Trung tâm Kiểm soát bệnh tật tỉnh (1)\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "trackers.toml").write_text(TRACKERS, encoding="utf-8")
    corpus_of(tmp_path / "corpus.db", RECORD).close()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch) -> MemoryTracker:
    made = MemoryTracker()
    monkeypatch.setattr("docparse.trackers.targets.open_target", lambda name, settings: made)
    return made


@pytest.fixture
def corpus(folder: Path) -> Iterator[Corpus]:
    opened = Corpus(str(folder / "corpus.db"))
    yield opened
    opened.close()


def call(*args: str, status: int = 0) -> Result:
    result = CliRunner().invoke(app, ["tasks", *args])
    assert result.exit_code == status, result.output
    return result


def test_a_dry_run_shows_what_would_be_done(folder: Path, tracker: MemoryTracker) -> None:
    result = call("push", "--to", "theo-doi", "--dry-run", "--format", "table")
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[0] == ["change", "task", "place", "due", "fields"]
    assert [(line[0], line[-1]) for line in lines if line and line[0] == "create"] == [("create", "2026-06-30"), ("create", "tai-chinh")]
    assert result.stdout.splitlines()[-1] == "2 create"
    assert result.stderr == REST
    assert tracker.items == {}
    assert json.loads(call("review", "--format", "json").stdout) == []


def test_a_run_tells_what_it_did_and_the_second_one_does_nothing(folder: Path, tracker: MemoryTracker) -> None:
    result = call("push", "--to", "theo-doi", "--format", "table")
    assert (result.stdout, result.stderr) == ("theo-doi: 2 create\n", REST)
    again = json.loads(call("push", "--to", "theo-doi").stdout)
    assert (again["changes"], again["counts"], again["failed"], again["left"]) == ([], {"unchanged": 2}, [], 0)


def test_json_has_every_change(folder: Path, tracker: MemoryTracker) -> None:
    result = call("push", "--to", "theo-doi")
    said = json.loads(result.stdout)
    assert [(change["change"], change["place"], change["due"], change["assignee"]) for change in said["changes"]] == [
        ("create", "chung", "2026-06-30", None),
        ("create", "tai-chinh", None, "thu"),
    ]
    assert (len(said["held"]), said["unmapped"]) == (1, {"Trung tâm Kiểm soát bệnh tật tỉnh": 1})
    assert result.stderr == ""


def test_conflicts_are_shown(folder: Path, tracker: MemoryTracker, corpus: Corpus) -> None:
    call("push", "--to", "theo-doi")
    tracker.edit("Bố trí", title="Mua hóa chất")
    parse_again(corpus, RECORD, plan_record([REVIEW_LISTS, BUDGET.replace("hóa chất", "hóa chất diệt muỗi")]))
    result = call("push", "--to", "theo-doi", "--format", "table")
    assert result.stdout.splitlines()[0] == "theo-doi: 1 update, 1 unchanged"
    assert "title: there 'Mua hóa chất', here" in result.stdout
    assert result.stderr.splitlines()[0] == "docparse: 1 item changed in the tracker and here; what stands in the tracker stays."


def test_the_review_list(folder: Path, tracker: MemoryTracker) -> None:
    assert call("review").stderr == "docparse: nothing waits for a review.\n"
    call("push", "--to", "theo-doi")
    (waiting,) = json.loads(call("review").stdout)
    assert (waiting["confidence"], waiting["target"], waiting["task_id"]) == (0.5, "theo-doi", "I.2/1")
    assert "50%" in call("review", "--format", "table").stdout


def test_filters(folder: Path, tracker: MemoryTracker) -> None:
    assert json.loads(call("push", "--to", "theo-doi", "--lead", "ke hoach tai chinh", "--dry-run").stdout)["counts"] == {"create": 1}
    assert json.loads(call("push", "--to", "theo-doi", "--since", "2026-03-13", "--dry-run").stdout)["counts"] == {}
    assert json.loads(call("push", "--to", "theo-doi", "--status", "planned", "--dry-run").stdout)["counts"] == {}
    assert json.loads(call("push", "--to", "theo-doi", "--min-confidence", "0.4", "--dry-run").stdout)["counts"] == {"create": 3}


def test_pull(folder: Path, tracker: MemoryTracker) -> None:
    call("push", "--to", "theo-doi")
    tracker.edit("Bố trí", status="done", done_on="2026-05-02")
    assert json.loads(call("pull", "--to", "theo-doi", "--dry-run").stdout)["changed"][0]["progress"] == "done"
    result = call("pull", "--to", "theo-doi", "--format", "table")
    assert result.stdout.splitlines()[-1] == "theo-doi: 1 of 2 tasks changed"
    assert "2026-05-02" in result.stdout
    assert json.loads(call("pull", "--to", "theo-doi").stdout) == {"changed": [], "missing": [], "total": 2}
    (done,) = json.loads(call("list", "--due", "done").stdout)["tasks"]
    assert (done["progress"], done["done_on"]) == ("done", "2026-05-02")
    tracker.items.clear()
    assert call("pull", "--to", "theo-doi").stderr == (
        "docparse: 2 items not there any more: somebody deleted what is missing, and it is not made again.\n"
    )


def test_a_tracker_that_cannot_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docparse.trackers.targets.open_target", lambda name, settings: Unreadable())
    assert call("pull", "--to", "theo-doi").stderr == "docparse: theo-doi: cannot be read; it only gets what is sent.\n"


def test_refused_items_end_with_1_and_a_tracker_that_is_down_with_15(folder: Path, tracker: MemoryTracker) -> None:
    def refuse(_: str) -> None:
        if not tracker.items and "refused" not in tracker.calls:
            tracker.calls.append("refused")
            raise Refused("theo-doi", "refuses it (status 422: no)", hint="")

    tracker.fails = refuse
    result = call("push", "--to", "theo-doi", status=1)
    assert result.stderr == "docparse: Rà soát danh sách ổ dịch, hoàn thành trước ngày 30/6/2026: theo-doi: refuses it (status 422: no).\n"

    def down(_: str) -> None:
        raise TrackerError("theo-doi", "cannot be reached")

    tracker.fails = down
    result = call("push", "--to", "theo-doi", status=15)
    assert result.stderr == (
        "docparse: theo-doi: cannot be reached. Nothing is lost; the same command goes on where it stopped.\n"
        "docparse: 1 change left; the same command goes on.\n"
    )
    tracker.fails = lambda _: None
    assert json.loads(call("push", "--to", "theo-doi").stdout)["counts"] == {"unchanged": 1, "create": 1}


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        (("push", "--to", "khac"), 15, "khac: is no target in trackers.toml (there: theo-doi)."),
        (("push", "--to", "theo-doi", "--trackers", "none.toml"), 15, "none.toml: cannot be opened"),
        (("push", "--to", "theo-doi", "--status", "done"), 2, "done: is no status of a task."),
        (("push", "--to", "theo-doi", "--corpus", "none.db"), 13, "none.db: is not there."),
        (("export", "nhiem-vu.doc"), 2, "does not say which form"),
        (("export", "trackers.toml", "--to", "ics"), 12, "trackers.toml: exists already."),
    ],
)
def test_what_cannot_be_done_is_said(folder: Path, tracker: MemoryTracker, args: tuple[str, ...], status: int, message: str) -> None:
    assert message in " ".join(call(*args, status=status).stderr.replace("│", " ").split())


def test_a_missing_password_names_the_variable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCPARSE_SECRET_THEO_DOI", raising=False)
    monkeypatch.setattr("docparse.trackers.secrets._from_keyring", lambda target: None)
    assert call("push", "--to", "theo-doi", status=15).stderr == (
        "docparse: theo-doi: has no password or token. Set DOCPARSE_SECRET_THEO_DOI, or: keyring set docparse theo-doi.\n"
    )


@pytest.mark.parametrize(
    ("name", "form", "begins"),
    [
        ("a.ics", None, b"BEGIN:VCALENDAR"),
        ("a.xlsx", None, b"PK"),
        ("a.jsonl", None, b'{"key": "'),
        ("a.csv", "jira-csv", b"Summary,Description"),
        ("a.csv", "redmine-csv", b"unique_id,"),
    ],
)
def test_files(folder: Path, name: str, form: str | None, begins: bytes) -> None:
    result = call("export", name, *(["--to", form] if form else []))
    assert result.stdout == f"{name}: 3 tasks\n"
    assert (folder / name).read_bytes().startswith(begins)
    assert call("export", name, *(["--to", form] if form else []), status=12).stdout == ""
    assert call("export", name, *(["--to", form] if form else []), "--overwrite", "--lead", "ke hoach").stdout == f"{name}: 1 task\n"


def test_two_runs_do_not_fill_a_tracker_at_a_time(folder: Path, tracker: MemoryTracker, corpus: Corpus) -> None:
    with corpus.sending("theo-doi"):
        result = call("push", "--to", "theo-doi", status=13)
        assert result.stderr == "docparse: theo-doi: is being filled by another docparse. Wait until it has finished.\n"
        assert call("pull", "--to", "theo-doi", status=13).stderr == result.stderr
        call("push", "--to", "theo-doi", "--dry-run")
    assert json.loads(call("push", "--to", "theo-doi").stdout)["counts"] == {"create": 2}


def test_a_workbook_is_by_deadline(folder: Path, corpus: Corpus) -> None:
    parse_again(corpus, RECORD, plan_record([BUDGET, REVIEW_LISTS, WEEKLY, REVIEW_LISTS.replace("30/6/2026", "15/5/2026")]))
    call("export", "a.xlsx", "--today", "2026-03-20")
    sheet = load_workbook(folder / "a.xlsx").worksheets[0]
    rows = [(row[0], str(row[1])[:12]) for row in sheet.iter_rows(min_row=5, values_only=True) if isinstance(row[0], int)]
    assert rows == [(1, "Chủ trì, phố"), (2, "Chủ trì, phố"), (3, "Bố trí kinh "), (4, "Báo cáo số c")]


STOPPED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the process that runs the tests ignores
sys.path[:0] = {paths!r}
from memory_tracker import MemoryTracker
import docparse.trackers.targets as targets
tracker = MemoryTracker()
tracker.loses = lambda _: os.kill(os.getpid(), signal.SIGINT)
targets.open_target = lambda name, settings: tracker
from docparse.cli import main
main()
"""


def test_ctrl_c_ends_with_130_and_the_same_command_goes_on(folder: Path, tracker: MemoryTracker) -> None:
    code = STOPPED.format(paths=[str(Path(__file__).parent), *sys.path])
    result = subprocess.run(
        [sys.executable, "-c", code, "tasks", "push", "--to", "theo-doi"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "docparse: stopped; the same command goes on.\n")
    assert json.loads(call("push", "--to", "theo-doi").stdout)["counts"] == {"create": 2}
