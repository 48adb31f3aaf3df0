"""Trying the parser in the browser: what was found is shown, nothing is stored."""

from __future__ import annotations

import html as markup
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS, PLAN
from fastapi import FastAPI
from sites import client, make_corpus, make_site, token_of

from docparse.pipeline import parse_bytes
from docparse.settings import Settings
from docparse.web import try_page

SIGNED = CORPUS / "documents" / "kh-syt-phu-tho.pdf"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """A site that takes small files."""
    made = make_site(make_corpus(tmp_path_factory.mktemp("try") / "c.db"), max_upload_bytes=2_000_000)
    yield made
    made.state.corpus.close()


def send(site: FastAPI, data: bytes, name: str = "ke-hoach.txt", lang: str = "en", **fields: str) -> Any:
    who = client(site)
    return who.post("/try", files={"file": (name, data)}, data={"csrf": token_of(who), **fields}, headers={"accept-language": lang})


def row(html: str, found: str) -> list[str]:
    """The cells of the first row of a table."""
    table = html.split(f'<caption class="aside-text">{found}</caption>')[1].split("</table>", maxsplit=1)[0]
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", table.split("<tbody>")[1].split("</tr>")[0])
    return [re.sub(r"<[^>]+>", " ", cell).strip() for cell in cells]


def test_form_says_what_it_takes(site: FastAPI) -> None:
    html = client(site).get("/try", headers={"accept-language": "en"}).text
    assert "At most 2 MB, 300 pages, 2,000,000 characters, 60 seconds of work." in html
    assert "Neither the file nor the record is stored" in html
    assert re.search(
        r'<form [^>]*method="post" action="/try" enctype="multipart/form-data">\s*<input type="hidden" name="csrf" value="[0-9a-f]{64}">', html
    )


def test_record_is_shown(site: FastAPI) -> None:
    answer = send(site, PLAN.encode())
    html = answer.text
    assert answer.status_code == 200
    assert '<dd lang="vi">47/KH-BDT</dd>' in html
    assert "20 February 2024" in html
    assert row(html, "Tasks") == [
        "chủ trì, phối hợp với Sở Tư pháp soạn bộ câu hỏi, hoàn thành trước ngày 15/3/2024.",
        "Phòng Tuyên truyền with Sở Tư pháp", "until 15 March 2024 ngày 15/3/2024", "assigned", "II · 1", "1",
    ]  # fmt: skip
    assert row(html, "Citations")[1] == "basis"
    assert '<mark class="k-task" data-f="task-0">' in html
    assert re.search(r'<li class="d1"><a href="#page-1" lang="vi">II TỔ CHỨC THỰC HIỆN</a>', html)
    assert " style=" not in html and "data:application" not in html


def test_json_on_the_page_and_as_a_file_is_the_record(site: FastAPI) -> None:
    expected = parse_bytes(PLAN.encode(), location="x", filename="kế hoạch.txt", settings=Settings()).model_dump(mode="json")
    page = send(site, PLAN.encode(), "kế hoạch.txt").text
    assert json.loads(markup.unescape(re.findall(r'<pre class="json"[^>]*>(.*?)</pre>', page, re.DOTALL)[0])) == expected
    file = send(site, PLAN.encode(), "kế hoạch.txt", answer="json")
    assert file.headers["content-disposition"] == 'attachment; filename="k-ho-ch.txt.json"'
    assert file.json() == expected


def test_long_json_is_cut_on_the_page(site: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(try_page, "MOST_JSON", 20)
    html = send(site, PLAN.encode()).text
    assert len(markup.unescape(re.findall(r'<pre class="json"[^>]*>(.*?)</pre>', html, re.DOTALL)[0])) == 20
    assert "This is only its beginning." in html


def test_long_tables_are_cut(site: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(try_page, "MOST_ROWS", 1)
    html = send(site, PLAN.encode()).text
    table = html.split('<caption class="aside-text">Dates</caption>')[1].split("</details>")[0]
    assert table.split("<tbody>")[1].count("<tr>") == 1
    assert re.search(r"\d more rows are in the JSON file", table)


def test_signatures(site: FastAPI) -> None:
    html = send(site, SIGNED.read_bytes(), "ke-hoach.pdf").text
    assert row(html, "Digital signatures")[2:] == ["yes", "only signed again", "cannot be checked"]


def test_text_of_the_file_and_its_name_are_escaped(site: FastAPI) -> None:
    html = send(site, f"<script>alert(1)</script>\n{PLAN}".encode(), "<b>.txt").text
    assert "<script>alert" not in html and "<b>" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize(
    ("data", "status", "told"),
    [
        (b"", 422, "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), 415, "is not a document that docparse reads"),
        (b"a" * 2_000_001, 413, "is larger than 2,000,000 bytes"),
    ],
)
def test_what_is_refused_is_told_beside_the_form(site: FastAPI, data: bytes, status: int, told: str) -> None:
    answer = send(site, data)
    assert answer.status_code == status
    assert told in answer.text
    assert 'type="file"' in answer.text


def test_form_without_a_file(site: FastAPI) -> None:
    who = client(site)
    answer = who.post("/try", data={"csrf": token_of(who)})
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


def test_busy_site_says_when_to_come_back(site: FastAPI) -> None:
    rooms = site.state.uploads._room
    for _ in range(2):
        rooms.acquire()
    answer = send(site, PLAN.encode())
    for _ in range(2):
        rooms.release()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


def test_token_is_needed(site: FastAPI) -> None:
    assert client(site).post("/try", files={"file": ("a.txt", b"a")}).status_code == 403


def test_nothing_is_stored(site: FastAPI, tmp_path: Path) -> None:
    folder = Path(site.state.settings.corpus).parent
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert send(site, PLAN.replace("47/", "48/").encode()).status_code == 200
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
