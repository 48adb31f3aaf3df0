"""Every page of the site as the server gives it: whole without scripts, in two languages, and nothing that the policy of contents forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sites import client, make_accounts, make_corpus, make_site

from docparse.web.addresses import Address
from docparse.web.messages import load_messages
from docparse.web.templating import HERE, static

PAGES = (
    "/",
    "/?q=phan+bo+von",
    "/?q=xyzxyz",
    "/documents/1",
    "/documents/1?q=von&finding=task-0",
    "/documents/1/graph",
    "/documents/1/similar",
    "/documents/2/compare/1",
    "/kwic",
    "/kwic?q=ke+hoach",
    "/cited",
    "/tasks",
    "/tasks/board",
    "/tasks/calendar",
    "/tasks/timeline",
    "/agencies",
    "/statistics",
    "/try",
    "/login",
    "/help",
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("pages")
    accounts = make_accounts(folder / "a.db", lan="reviewer")
    with client(make_site(make_corpus(folder / "c.db"), accounts=accounts)) as opened:
        yield opened


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_page(reader: TestClient, path: str, lang: str) -> None:
    answer = reader.get(path, headers={"accept-language": lang})
    assert answer.status_code == 200
    assert answer.text.startswith(f'<!doctype html>\n<html lang="{lang}">')
    assert len(re.findall(r"<h1\b", answer.text)) == 1
    assert len(re.findall(r"<main\b", answer.text)) == 1
    assert re.search(r"<title>[^<]*\w[^<]* · docparse</title>", answer.text)
    assert not re.findall(r"<[^>]* style=|<style|<[^>]* on\w+=|<script(?![^>]* src=\"/static/)", answer.text)
    assert not re.findall(r'(?:src|href|action)="(?!/|\?|#|data:,)[^"]*"', answer.text)
    names = re.findall(r'\bid="([^"]*)"', answer.text)
    assert len(names) == len(set(names))


def test_first_page_is_under_60_kilobytes(reader: TestClient) -> None:
    page = reader.get("/?q=phan+bo+von").text
    files = {address.partition("?")[0] for address in re.findall(r'(?:src|href)="(/static/[^"]*)"', page)}
    assert files == {"/static/site.css", "/static/site.js"}
    assert len(page.encode()) + sum(len(reader.get(address).content) for address in files) < 60_000


def test_search_is_marked_and_leads_to_the_place(reader: TestClient) -> None:
    page = reader.get("/?q=phan+bo+von").text
    assert '<mark class="k-hit">' in page
    place = re.search(r'href="(/documents/\d+\?q=phan\+bo\+von&amp;at=\d+)#at"', page)
    assert place
    document = reader.get(place[1].replace("&amp;", "&")).text
    assert document.count('<mark class="k-hit" id="at">phân bổ vốn</mark>') == 1


def test_filters_can_be_taken_back(reader: TestClient) -> None:
    page = reader.get("/?q=von&year=2026&doc_type=b%C3%A1o+c%C3%A1o", headers={"accept-language": "en"}).text
    assert 'href="/?q=von&amp;doc_type=b%C3%A1o+c%C3%A1o"' in page
    assert 'href="/?q=von&amp;year=2026"' in page
    assert "1 document<" in page


def test_search_that_cannot_be_read_is_explained(reader: TestClient) -> None:
    answer = reader.get("/?q=%22phan+bo", headers={"accept-language": "en"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "quotation mark" in answer.text
    assert 'value="&#34;phan bo"' in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/documents/99", "/documents/0", "/agencies/nobody", "/statistics/nothing.svg"])
def test_what_is_not_there(reader: TestClient, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code in (404, 422)
    assert answer.text.startswith("<!doctype html>")


def test_language_and_theme_are_kept(reader: TestClient) -> None:
    assert '<html lang="en" data-theme="dark">' in reader.get("/help?lang=en&theme=dark").text
    assert '<html lang="en" data-theme="dark">' in reader.get("/help").text
    assert '<html lang="vi">' in reader.get("/help?lang=vi&theme=auto").text
    assert reader.get("/help?lang=xx&theme=%3Cb%3E").text.count('<html lang="vi">') == 1
    reader.cookies.clear()


def test_review_needs_a_login(reader: TestClient) -> None:
    answer = reader.get("/review")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/review")


def test_addresses() -> None:
    here = Address("/", (("q", "vốn"), ("year", "2024"), ("year", "2025"), ("offset", "20")))
    assert here.without("year", "2024") == "/?q=v%E1%BB%91n&year=2025"
    assert here.plus("level", "central") == "/?q=v%E1%BB%91n&year=2024&year=2025&level=central"
    assert here.set(offset=40) == "/?q=v%E1%BB%91n&year=2024&year=2025&offset=40"
    assert here.set(q="a&b") == "/?year=2024&year=2025&q=a%26b"


@pytest.mark.parametrize(
    ("lang", "number", "day", "month"), [("vi", "12.345", "05/03/2024", "03/2024"), ("en", "12,345", "5 March 2024", "March 2024")]
)
def test_numbers_and_days(lang: str, number: str, day: str, month: str) -> None:
    t = load_messages(lang)
    assert (t.number(12345), t.day("2024-03-05"), t.day("2024-03"), t.day(None)) == (number, day, month, "")


def test_static_files_are_asked_for_by_their_content() -> None:
    assert {path.suffix for path in (HERE / "static").iterdir()} == {".css", ".js"}
    assert re.fullmatch(r"/static/site\.css\?v=[0-9a-f]{10}", static("site.css"))
