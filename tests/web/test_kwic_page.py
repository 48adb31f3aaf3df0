"""The concordance as the site gives it: its form, lines that lead to their place, a file that no spreadsheet runs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sites import client, make_corpus, make_site

from docparse.pipeline import parse_bytes
from docparse.settings import Settings
from docparse.store.corpus import Corpus
from docparse.store.rows import build_rows

FORMULAS = "=1+1 kinh phí\n\n@SUM kinh phí\n\n" + "kinh phí dự phòng. " * 50
ENGLISH = {"accept-language": "en"}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    where = make_corpus(tmp_path_factory.mktemp("kwic") / "c.db")
    corpus = Corpus(where)
    with corpus.write() as writer:
        record = parse_bytes(FORMULAS.encode(), location="so-lieu.txt", filename="so-lieu.txt", settings=Settings())
        entry = writer.add_entry("/dossier/so-lieu.txt")
        writer.save(build_rows(record, entry.id, parser="test"), replace=False)
        writer.update_entry(entry.id, status="parsed", document_id=entry.id)
    corpus.close()
    with client(make_site(where)) as opened:
        yield opened


def test_line_leads_to_its_place(reader: TestClient) -> None:
    page = reader.get("/kwic?q=phan+bo+von", headers=ENGLISH).text
    places = re.findall(r'<td class="key"><a href="(/documents/\d+\?q=phan\+bo\+von&amp;at=\d+)#at">phân bổ vốn</a>', page)
    assert len(places) == 1
    document = reader.get(places[0].replace("&amp;", "&")).text
    assert document.count('<mark class="k-hit" id="at">phân bổ vốn</mark>') == 1


@pytest.mark.parametrize("sort", ["document", "left", "right", "keyword", "date"])
def test_form_as_it_is_sent_without_counts(reader: TestClient, sort: str) -> None:
    answer = reader.get(f"/kwic?q=phan+bo+von&sort={sort}&by=", headers=ENGLISH)
    assert answer.status_code == 200
    assert f'<option value="{sort}" selected>' in answer.text
    assert "<caption>" not in answer.text


def test_places_are_counted(reader: TestClient) -> None:
    page = reader.get("/kwic?q=phan+bo+von&by=year", headers=ENGLISH).text
    assert re.findall(r'<th scope="row" lang="vi">(\d+)</th><td class="number">(\d+)</td>', page) == [("2026", "1")]
    assert reader.get("/kwic?q=phan+bo+von&by=nothing").status_code == 422


def test_pages(reader: TestClient) -> None:
    first = reader.get("/kwic?q=kinh+phi", headers=ENGLISH).text
    assert first.count("<tr data-step>") == 50
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = reader.get(following[1].replace("&amp;", "&"), headers=ENGLISH).text
    assert second.count("<tr data-step>") == 2
    assert 'rel="next"' not in second


def test_file_has_all_places_and_no_formula(reader: TestClient) -> None:
    answer = reader.get("/kwic.csv?q=kinh+phi")
    assert answer.headers["content-disposition"] == 'attachment; filename="kwic.csv"'
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert rows[0] == ["left", "keyword", "right", "number", "date", "issuer", "section", "page", "document"]
    assert len(rows) == 53
    assert rows[1][:2] == ["'=1+1 ", "kinh phí"]
    assert not [cell for row in rows for cell in row if re.match(r"[=+\-@]", cell)]


def test_search_that_cannot_be_read_keeps_its_box(reader: TestClient) -> None:
    answer = reader.get("/kwic?q=%22kinh+phi", headers=ENGLISH)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert 'value="&#34;kinh phi"' in answer.text
