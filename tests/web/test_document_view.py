"""The document view: marks, boxes on the page images, images of the originals, forms of corrections."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import make_site_files
from conftest import CORPUS
from fastapi.testclient import TestClient
from PIL import Image
from sites import make_corpus, make_site

from docparse.ingest.progress import Quiet
from docparse.ingest.run import Options, ingest
from docparse.record import LineBox, PageText, Record
from docparse.settings import Settings
from docparse.store.corpus import Corpus
from docparse.web.boxes import overlays
from docparse.web.correction_forms import value_from
from docparse.web.document_view import build_view
from docparse.web.highlights import Range, marked

PLAN = "kh-syt-phu-tho.pdf"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    corpus = make_site_files(tmp_path_factory.mktemp("view"), (PLAN, "cd-ubnd-quang-tri.txt"))
    with TestClient(make_site(str(corpus)), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def test_ranges_that_overlap_are_well_nested() -> None:
    ranges = [Range(0, 7, "task", "task-0"), Range(4, 10, "date", "date-0")]
    assert marked("một hai <b>", ranges) == (
        '<mark class="k-task" data-f="task-0">một <mark class="k-date" data-f="date-0">hai</mark></mark>'
        '<mark class="k-date" data-f="date-0"> &lt;b</mark>&gt;'
    )


def test_boxes_of_a_finding_that_goes_on_overleaf_are_on_both_pages(plan_record: Record) -> None:
    pages = tuple(
        PageText(
            number=number, start=start, end=start + 10, width=100, height=100, lines=(LineBox(start=start, end=start + 10, box=box, confidence=None),)
        )
        for number, start, box in ((1, 0, (10, 90, 60, 95)), (2, 11, (10, 5, 60, 10)))
    )
    drawn = overlays(plan_record.model_copy(update={"pages": pages}), [Range(5, 16, "task", "task-0")])
    assert drawn == {
        1: '<rect class="k-task" data-f="task-0" x="35.0" y="90.0" width="25.0" height="5.0"/>',
        2: '<rect class="k-task" data-f="task-0" x="10.0" y="5.0" width="25.0" height="5.0"/>',
    }


def test_every_finding_is_in_the_view(plan_record: Record) -> None:
    view = build_view(plan_record, query="giao")
    assert view.counts == {"header": 7, "section": 6, "citation": 1, "date": 5, "agency": 8, "task": 2, "signer": 1}
    assert view.hits == 1
    assert [view.sheets[0].words.count(f'data-f="{found.id}"') > 0 for found in view.findings] == [True] * len(view.findings)
    assert view.find("task-0") is not None
    assert view.find("task-99") is None


def test_page_image_is_the_page(client: TestClient) -> None:
    answer = client.get("/documents/1/pages/1.webp")
    image = Image.open(io.BytesIO(answer.content))
    assert (answer.headers["content-type"], image.format, image.width) == ("image/webp", "WEBP", 1100)
    assert 1.40 < image.height / image.width < 1.42
    again = client.get("/documents/1/pages/1.webp", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/documents/1/pages/9.webp", "/documents/2/pages/1.webp", "/documents/99/pages/1.webp", "/documents/1/pages/0.webp"]
)
def test_pages_that_have_no_image(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (404, 422)


def test_original_that_was_changed_or_is_in_an_archive(tmp_path: Path) -> None:
    original = tmp_path / "inbox" / PLAN
    original.parent.mkdir()
    original.write_bytes((CORPUS / "documents" / PLAN).read_bytes())
    with zipfile.ZipFile(tmp_path / "inbox" / "q1.zip", "w") as archive:
        archive.write(CORPUS / "documents" / "cv-snnmt-gia-lai.pdf", "quý I/công văn.pdf")
    corpus = Corpus(str(tmp_path / "c.db"), create=True)
    ingest(corpus, [original.parent], settings=Settings(), options=Options(workers=1), report=Quiet())
    corpus.close()
    with TestClient(make_site(str(tmp_path / "c.db")), base_url="http://127.0.0.1:8000") as client:
        ids = [hit["document"]["id"] for hit in client.get("/api/v1/search").json()["hits"]]
        assert [client.get(f"/documents/{document_id}/pages/1.webp").status_code for document_id in ids] == [200, 200]
        original.write_bytes(b"%PDF-1.4 something else")
        lost = [client.get(f"/documents/{document_id}/pages/1.webp").status_code for document_id in ids]
        assert sorted(lost) == [200, 404]
        page = client.get(f"/documents/{ids[lost.index(404)]}", headers={"accept-language": "en"}).text
        assert "The original file is not where it was" in page


def test_texts_of_documents_are_escaped(tmp_path: Path) -> None:
    from docparse.pipeline import parse_bytes
    from docparse.store.rows import build_rows

    corpus = Corpus(make_corpus(tmp_path / "c.db"))
    text = "KẾ HOẠCH\n<script>alert(1)</script> phân bổ vốn <img src=x onerror=alert(1)>"
    with corpus.write() as writer:
        record = parse_bytes(text.encode(), location="x", filename='"><b>.txt', settings=Settings())
        writer.save(build_rows(record, writer.new_id(), parser="test"), replace=False)
    corpus.close()
    with TestClient(make_site(str(tmp_path / "c.db")), base_url="http://127.0.0.1:8000") as client:
        hits = client.get("/api/v1/search", params={"q": "alert"}).json()["hits"]
        for path in ("/?q=alert+von", f"/documents/{hits[0]['document']['id']}?q=alert", "/kwic?q=alert"):
            page = client.get(path).text
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert "&lt;" in page


@pytest.mark.parametrize(
    ("field", "form", "value"),
    [
        ("number", {"value": " 47/KH-BDT "}, "47/KH-BDT"),
        ("number", {"value": ""}, None),
        ("leads", {"value": "Sở Y tế\r\n\r\nSở Tài chính"}, ["Sở Y tế", "Sở Tài chính"]),
        ("provisions", {"value": "Điều 5, Khoản 2"}, [{"Điều": "5", "Khoản": "2"}]),
        ("deadline", {}, None),
        (
            "deadline",
            {"deadline_text": "trước 15/3", "deadline_last_day": "2026-03-14"},
            {"text": "trước 15/3", "first_day": None, "last_day": "2026-03-14", "recurrence": None},
        ),
        ("collective", {"value": "yes"}, True),
    ],
)
def test_values_of_forms(field: str, form: dict[str, str], value: object) -> None:
    assert value_from(field, form) == value


def test_both_languages_have_the_same_texts() -> None:
    from docparse.web.messages import load_messages

    vi, en = (load_messages(lang).texts for lang in ("vi", "en"))
    assert {key for key in set(vi) ^ set(en) if not key.endswith("_one")} == set()


def test_no_page_has_words_outside_of_the_messages() -> None:
    import re

    from docparse.web.templating import HERE

    free = {
        "docparse",
        "/api/v1/openapi.json",
        "API",
        "SVG",
        "CSV",
        "GraphML",
        "SHA-256",
        "OpenAPI",
        "docparse ingest /path/to/documents --corpus corpus.db",
    }
    found = set()
    for path in (HERE / "templates").glob("*.html"):
        text = re.sub(r"\{[{%#].*?[}%#]\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>|[\w-]+=\"[^\"]*\"", "\n", text, flags=re.DOTALL)
        found |= {line.strip() for line in text.split("\n") if re.search(r"[^\W\d_]{2,}", line)} - free
    assert {line for line in found if not any(word in line for word in free)} == set()
