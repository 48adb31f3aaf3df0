"""Tasks as CSV for Jira and Redmine; Redmine's own wizard takes the file with nothing changed but the tracker."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import lxml.html
import pytest
from made_tasks import PLAN, SITE, task
from redmine_server import Redmine, free_project

from docparse.trackers.files.import_csv import REDMINE, in_wiki, write_jira_csv, write_redmine_csv
from docparse.trackers.targets.redmine_text import unescape
from docparse.trackers.tracked import TrackedTask
from docparse.trackers.wording import notes_of, title_of

OTHER = replace(PLAN, id=8, number="12/TB-SYT", doc_type="thông báo", title="Kết luận cuộc họp giao ban", date=None)


def said_title(found: TrackedTask) -> str:
    return title_of(found.line.action)


def said_notes(found: TrackedTask) -> str:
    return notes_of(found, site=SITE)


def made() -> list[TrackedTask]:
    return [
        task("rà soát ổ dịch, “khoanh vùng”;\nbáo cáo", number=1, deadline="trước ngày\n30/6/2026", last_day="2026-06-30", progress="doing"),
        task("phun hóa chất", number=2, first_day="2026-05-01", last_day="2026-05-31", progress="done", done_on="2026-05-20"),
        task("họp giao ban", number=3, document=OTHER, recurrence="FREQ=WEEKLY;BYDAY=TH", leads=(), assigner=None, section=()),
        task(
            "báo cáo",
            number=4,
            leads=("Sở  Tài chính", "Công an tỉnh"),
            supports=("Sở A", "Sở B"),
            progress="cancelled",
            citations=("Luật B", "Luật C"),
        ),
    ]


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_jira_file(tmp_path: Path) -> None:
    path = tmp_path / "jira.csv"
    assert write_jira_csv(made(), path, title_of=said_title, notes_of=said_notes, site=SITE) == 4
    header, *rows = read(path)
    assert header == ["Summary", "Description", "Issue Type", "Status", "Due Date", "External ID", "Labels", "Labels"]
    assert [row[0] for row in rows] == ["Rà soát ổ dịch, “khoanh vùng”", "Phun hóa chất", "Họp giao ban", "Báo cáo"]
    assert [row[2:5] for row in rows] == [
        ["Task", "In Progress", "2026-06-30"],
        ["Task", "Done", "2026-05-31"],
        ["Task", "To Do", ""],
        ["Task", "Done", ""],
    ]
    assert [row[6:] for row in rows] == [
        ["Trung_tâm_Y_tế_khu_vực_Việt_Trì", ""],
        ["Trung_tâm_Y_tế_khu_vực_Việt_Trì", ""],
        ["", ""],
        ["Sở_Tài_chính", "Công_an_tỉnh"],
    ]
    assert "Xem trong văn bản: https://van-ban.example.vn/documents/7?finding=task-0#page-2\n" in rows[0][1]
    assert not path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_keys_stay_and_differ(tmp_path: Path) -> None:
    twins = [task("báo cáo", number=1), task("báo cáo", number=2)]
    keys = []
    for name in ("a.csv", "b.csv"):
        write_jira_csv(twins, tmp_path / name, title_of=said_title, notes_of=said_notes)
        keys.append([row[5] for row in read(tmp_path / name)[1:]])
    write_redmine_csv(twins, tmp_path / "c.csv", title_of=said_title, notes_of=said_notes)
    assert keys[0] == keys[1] == [row[0] for row in read(tmp_path / "c.csv")[2:]]
    assert len(set(keys[0])) == 2
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key) for key in keys[0])


def test_redmine_file(tmp_path: Path) -> None:
    path = tmp_path / "redmine.csv"
    assert write_redmine_csv(made(), path, title_of=said_title, notes_of=said_notes, site=SITE) == 4
    header, *rows = read(path)
    assert tuple(header) == REDMINE
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert [row["subject"] for row in found] == [
        "Kế hoạch số 47/KH-SYT ngày 12/3/2026: Phòng, chống dịch bệnh năm 2026",
        "Rà soát ổ dịch, “khoanh vùng”",
        "Phun hóa chất",
        "Thông báo số 12/TB-SYT: Kết luận cuộc họp giao ban",
        "Họp giao ban",
        "Báo cáo",
    ]
    plan, notice = found[0]["unique_id"], found[3]["unique_id"]
    assert [row["parent_issue_id"] for row in found] == ["", plan, plan, "", notice, plan]
    assert [row["status"] for row in found] == ["", "Đang tiến hành", "Đã đóng", "", "Mới", "Từ chối"]
    assert [(row["start_date"], row["due_date"], row["done_ratio"]) for row in found[1:3]] == [
        ("", "2026-06-30", "0"),
        ("2026-05-01", "2026-05-31", "100"),
    ]
    assert found[1]["Thời hạn"] == "trước ngày 30/6/2026"
    assert found[4] | {"unique_id": "", "description": ""} == dict.fromkeys(REDMINE, "") | {
        "parent_issue_id": notice,
        "subject": "Họp giao ban",
        "status": "Mới",
        "done_ratio": "0",
        "Định kỳ": "thứ Năm hằng tuần",
        "Nguồn": "Thông báo số 12/TB-SYT của Sở Y tế",
        "Vị trí": "trang 2",
        "Độ tin cậy": "85%",
        "Đường dẫn": "https://van-ban.example.vn/documents/8?finding=task-2#page-2",
    }
    assert (found[5]["assigned_to"], found[5]["Đơn vị chủ trì"]) == ("Sở  Tài chính", "Sở  Tài chính; Công an tỉnh")
    assert (found[0]["Đường dẫn"], found[0]["description"].splitlines()[-1]) == (f"{SITE}/documents/7", f"Xem văn bản: {SITE}/documents/7")
    assert (found[5]["Đơn vị phối hợp"], found[5]["Văn bản viện dẫn"], found[5]["Vị trí"]) == ("Sở A; Sở B", "Luật B; Luật C", "mục II.4, trang 2")


@pytest.mark.parametrize("write", [write_jira_csv, write_redmine_csv])
def test_texts_do_not_run_in_spreadsheets(tmp_path: Path, write: Any) -> None:
    hostile = task("=cmd|' /C calc'!A0", leads=("@SUM(1)",), supports=("+1",), deadline="-1", document=replace(PLAN, title="=1+1", number=None))
    write([hostile], tmp_path / "a.csv", title_of=lambda found: found.line.action, notes_of=lambda found: "=1+1\n@x")
    cells = [cell for row in read(tmp_path / "a.csv") for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert "'@SUM(1)" in cells
    assert [cell for cell in cells if cell.lstrip("'")[:1] in set("=+-@") and not cell.startswith("'")] == []


def test_no_tasks(tmp_path: Path) -> None:
    assert write_jira_csv([], tmp_path / "a.csv", title_of=said_title, notes_of=said_notes) == 0
    assert read(tmp_path / "a.csv") == [["Summary", "Description", "Issue Type", "Status", "Due Date", "External ID"]]
    assert write_redmine_csv([], tmp_path / "b.csv", title_of=said_title, notes_of=said_notes) == 0
    assert read(tmp_path / "b.csv") == [list(REDMINE)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sở Lao động - Thương binh, số 47/KH-UBND, 5-6 đơn vị, 50%, đúng không?", None),
        ("{code}x{code}", "\\{code\\}x\\{code\\}"),
        ("[~admin] [1] a|b", "\\[\\~admin\\] \\[1\\] a\\|b"),
        ("a\\\\{b", "a\\\u2060\\\u2060\\{b"),
        ("!x.png! xong!", "\\!x.png! xong!"),
        ("*đậm* _x_ a_b ??trích??", "\\*đậm* \\_x_ a_b \\?\\?trích\\?\\?"),
        ("- một\n  ** hai\n# ba\n----", "\\- một\n  \\** hai\n\\# ba\n\\-\\-\\-\\-"),
        ("(i) :) gồm:(1) a:D b:Đ", "\\(i) :\\) gồm:\\(1) a:\u2060D b:Đ"),
        ("h1. A\nbq. B", "h1\u2060. A\nbq\u2060. B"),
        ("DOC-12, 47-KL", "DOC\\-12, 47-KL"),
        ("http://a.example.vn WWW.b.example.vn", "http\u2060://a.example.vn WWW\u2060.b.example.vn"),
    ],
)
def test_nothing_is_active_in_jira(text: str, expected: str | None) -> None:
    assert in_wiki(text) == (expected or text)


def test_only_the_own_link_stays() -> None:
    assert in_wiki("Xem https://a.example.vn/b?c=[1]#d và https://x.example.vn", link="https://a.example.vn/b?c=[1]#d") == (
        "Xem https://a.example.vn/b?c=[1]#d và https\u2060://x.example.vn"
    )


def test_redmine_guesses_the_file_right(tmp_path: Path) -> None:
    write_redmine_csv(made(), tmp_path / "a.csv", title_of=said_title, notes_of=said_notes)
    start = (tmp_path / "a.csv").read_bytes()[:256]  # what it looks at; a letter cut in two would be no UTF-8
    assert start.decode("utf-8").count(",") == len(REDMINE) - 1


class Browser:
    """Somebody who fills in forms and leaves alone what stands in them."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, follow_redirects=True, timeout=60)
        self.answer = self.client.get("/login")
        self.submit("/login", username="admin", password="admin")

    def token(self) -> str:
        return str(lxml.html.fromstring(self.answer.text).xpath("//meta[@name='csrf-token']/@content")[0])

    def form(self, part: str) -> Any:
        page = lxml.html.fromstring(self.answer.text)
        return next(form for form in page.forms if part in form.action and form.method == "POST")

    def submit(self, part: str, *, file: Path | None = None, **values: str) -> None:
        form = self.form(part)
        fields = dict(form.form_values()) | values
        files = {"file": (file.name, file.read_bytes(), "text/csv")} if file else None
        self.answer = self.client.post(form.action, data=fields, files=files)
        assert self.answer.status_code == 200, self.answer.text


def test_redmine_imports_the_file(tmp_path: Path, redmine: Redmine) -> None:
    place = free_project()
    project = redmine.admin("GET", f"projects/{place}.json").json()["project"]["id"]
    for status in (1, 2, 5, 6):  # by itself Redmine lets nobody make issues that are not new
        redmine.sql(
            "INSERT INTO workflows (tracker_id, old_status_id, new_status_id, role_id, type) VALUES (1, 0, ?, 3, 'WorkflowTransition')", status
        )
    hostile = task("{{macro}} !x.png! h1. *đậm* #1 @admin", number=5, last_day="2025-01-31", leads=("An Nguyễn",))
    write_redmine_csv([*made(), hostile], tmp_path / "tasks.csv", title_of=said_title, notes_of=said_notes, site=SITE)
    browser = Browser(redmine.url)
    browser.answer = browser.client.get("/issues/imports/new", params={"project_id": place})
    browser.submit("/import", file=tmp_path / "tasks.csv")
    settings = dict(browser.form("/import").form_values())
    assert (settings["import_settings[separator]"], settings["import_settings[encoding]"]) == (",", "UTF-8")
    browser.submit("/import")
    mapping = dict(browser.form("/import").form_values())
    named = {name: REDMINE[int(place)] for name, place in mapping.items() if place.isdigit() and "project_id" not in name}
    assert named == {f"import_settings[mapping][{name}]": name for name in REDMINE[:9]} | {
        name: column for name, column in named.items() if "cf_" in name
    }
    assert {column for name, column in named.items() if "cf_" in name} == {"Đơn vị chủ trì", "Đơn vị phối hợp", "Đường dẫn"}
    browser.submit("/import", **{"import_settings[mapping][project_id]": str(project), "import_settings[mapping][tracker]": "value:1"})
    while browser.answer.url.path.endswith("/run"):
        browser.answer = browser.client.post(browser.answer.url, headers={"X-CSRF-Token": browser.token()})
    issues = redmine.admin("GET", f"issues.json?project_id={project}&status_id=*&sort=id&limit=100").json()["issues"]
    assert [issue["subject"] for issue in issues][:3] == [
        "Kế hoạch số 47/KH-SYT ngày 12/3/2026: Phòng, chống dịch bệnh năm 2026",
        "Rà soát ổ dịch, “khoanh vùng”",
        "Phun hóa chất",
    ]
    ids = [issue["id"] for issue in issues]
    assert [issue.get("parent", {}).get("id") for issue in issues] == [None, ids[0], ids[0], None, ids[3], ids[0], ids[0]]
    assert [issue["due_date"] for issue in issues if "parent" in issue] == ["2026-06-30", "2026-05-31", None, None, "2025-01-31"]
    assert [issue["status"]["name"] for issue in issues if "parent" in issue] == ["Đang tiến hành", "Đã đóng", "Mới", "Từ chối", "Mới"]
    assert [issue["done_ratio"] for issue in issues if "parent" in issue] == [0, 100, 0, 0, 0]
    assert issues[-1]["assigned_to"]["name"] == "An Nguyễn"
    assert [line.rstrip() for line in unescape(issues[-1]["description"]).splitlines()] == said_notes(hostile).splitlines()
    fields = {field["name"]: field["value"] for field in issues[1]["custom_fields"]}
    assert fields["Đường dẫn"] == "https://van-ban.example.vn/documents/7?finding=task-0#page-2"
