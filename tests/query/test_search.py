"""Search on both engines: what is found, in which order, with which passages."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CORPUS
from small_corpus import add, letter

from docparse.errors import MissingEntry, QueryError
from docparse.pipeline import parse_file
from docparse.query.documents import document, find_document, lines, record_json
from docparse.query.facets import Count, crosstab, facets, series
from docparse.query.filters import Filters
from docparse.query.search import find_marks, matching_ids, search
from docparse.record import Record
from docparse.store.corpus import Corpus

BODIES = (
    "1. Sở đã phân bổ vốn đầu tư công cho các đơn vị theo Quyết định số 08/2021/QĐ-TTg của Thủ tướng Chính phủ.",
    "1. Phần mềm bố trí cán bộ. Số vốn còn lại ít. Giao Phòng Nghiệp vụ chủ trì kiểm tra trước ngày 15/4/2026.",
    "1. Ủy ban nhân dân tỉnh họp về hoà giải ở cơ sở.",
    "1. UBND tỉnh họp về thủy lợi; hòa bình.",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def corpus(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Corpus]:
    where = str(tmp_path / "c.db") if request.param == "sqlite" else request.getfixturevalue("postgres")
    writable = Corpus(where, create=True)
    days = ("12 tháng 3 năm 2025", "2 tháng 1 năm 2026", "5 tháng 3 năm 2026", "20 tháng 3 năm 2026")
    records = [letter(f"{number}/BC-SYT", day, body) for number, day, body in zip((11, 12, 13, 14), days, BODIES, strict=True)]
    records.append(
        letter("28/KH-SYT", "1 tháng 4 năm 2026", "1. Phân bổ vốn sự nghiệp; Báo cáo số 12/BC-SYT ngày 02/01/2026 của Sở Y tế.", issuer="SỞ NỘI VỤ")
    )
    add(writable, *records)
    writable.close()
    opened = Corpus(where, read_only=True)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("phan bo von", [1, 2, 5]),
        ("phân bổ vốn", [1, 5]),
        ('"phân bổ vốn"', [1, 5]),
        ('"phan bo von"', []),
        ('~"phan bo von"', [1, 5]),
        ("ubnd tinh hop", [3, 4]),
        ("Ủy ban nhân dân tỉnh họp", [3, 4]),
        ('"UBND tỉnh họp"', [3, 4]),
        ("hòa", [1, 2, 3, 4, 5]),
        ("hoà giải", [3]),
        ("hòa giải", [3]),
        ('"hòa giải"', [3]),
        ("thuỷ lợi", [4]),
        (unicodedata.normalize("NFD", "thủy lợi"), [4]),
        ("8/2021/QD-TTg", [1]),
        ("QĐ-TTg 8", [1]),
        ("12/BC-SYT", [2, 5]),
        ("vốn NOT bổ", [2]),
        ("giải OR lợi", [3, 4]),
        ("(giải OR lợi) AND Ủy", [3]),
        ("thu* loi", [4]),
        ("NEAR(họp giải, 3)", [3]),
        ("NEAR(giải họp, 3)", [3]),
        ("NEAR(họp giải, 1)", []),
        ("NEAR(bổ đầu, 1)", [1]),
        ("NEAR(bổ đầu, 0)", []),
        ('NEAR("phân bổ" "đầu tư", 1)', [1]),
        ("khong co trong day", []),
    ],
)
def test_found(corpus: Corpus, query: str, found: list[int]) -> None:
    assert sorted(matching_ids(corpus, query, limit=50)) == found
    assert matching_ids(corpus, query) == found
    assert search(corpus, query).total == len(found)


@pytest.mark.parametrize(
    ("query", "first"), [("phan bo von", {1, 5}), ("12/BC-SYT", {2}), ("BC-SYT 12", {2}), ("bao cao 12 so y te", {2}), ("so y te 14", {4})]
)
def test_best_first(corpus: Corpus, query: str, first: set[int]) -> None:
    assert set(matching_ids(corpus, query, limit=10)[: len(first)]) == first


def test_passages(corpus: Corpus) -> None:
    hit = next(hit for hit in search(corpus, "phan bo von").hits if hit.document.number == "11/BC-SYT")
    snippet = hit.snippets[0]
    assert [snippet.text[start:end] for start, end in snippet.marks] == ["phân bổ vốn"]
    assert (snippet.section, snippet.page, hit.passages) == ("1", 1, 1)
    assert document(corpus, hit.document.id).record.text[snippet.start :].startswith(snippet.text)


def test_page_is_that_of_the_place_not_of_its_section(tmp_path: Path) -> None:
    record = parse_file(CORPUS / "documents" / "kh-syt-phu-tho.pdf")
    corpus = Corpus(str(tmp_path / "c.db"), create=True)
    add(corpus, record)
    found = search(corpus, '~"truyen hinh Phu Tho"').hits[0].snippets[0]
    place = found.start + found.marks[0][0]
    assert (found.section, found.page) == ("II.3", 2)
    assert record.pages[found.page - 1].start <= place < record.pages[found.page - 1].end
    assert next(section.page for section in record.sections if section.id == "II.3") == 1


def test_nothing_found_suggests_any_marks(corpus: Corpus) -> None:
    assert search(corpus, '"phan bo von"').suggestion == '~"phan bo von"'
    assert search(corpus, '"khong co"').suggestion is None
    assert search(corpus, "phân bổ ngựa").suggestion == "phân bổ"
    assert search(corpus, "ngựa").suggestion is None


def test_empty_search_is_everything_by_day(corpus: Corpus) -> None:
    assert [hit.document.id for hit in search(corpus, "").hits] == [5, 4, 3, 2, 1]
    assert matching_ids(corpus, "", order="oldest", limit=2) == [1, 2]
    assert [hit.document.id for hit in search(corpus, "von", order="newest").hits] == [5, 2, 1]
    assert [hit.document.id for hit in search(corpus, "von", order="oldest", limit=1, offset=1).hits] == [2]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(year=("2026",)), [2, 5]),
        (Filters(month=("2026-01", "2025-03")), [1, 2]),
        (Filters(issuer=("Sở Nội vụ",)), [5]),
        (Filters(issuer=("so-noi-vu.phu-tho",)), [5]),
        (Filters(level=("provincial",), first_day=dt.date(2026, 1, 2), last_day=dt.date(2026, 1, 2)), [2]),
        (Filters(lead=("Phòng Nghiệp vụ",)), [2]),
        (Filters(status=("planned",)), []),
        (Filters(doc_type=("kế hoạch",)), []),
        (Filters(province=("phu-tho",), origin=("plain",)), [1, 2, 5]),
    ],
)
def test_filters(corpus: Corpus, filters: Filters, found: list[int]) -> None:
    assert matching_ids(corpus, "phan bo von", filters=filters) == found
    assert sorted(matching_ids(corpus, "phan bo von", filters=filters, limit=10)) == found


def test_a_query_that_cannot_be_read(corpus: Corpus) -> None:
    with pytest.raises(QueryError, match="quotation mark"):
        search(corpus, '"phan')


@pytest.mark.parametrize(
    "query", ["x' OR 1=1 --", "a' | 'b", "text:x", "{folded}:x", "a:* & !b", "\\", "^a", "a + b", "%", "_", "\x00", "😀", "NEAR"]
)
def test_signs_of_other_languages_are_no_signs(corpus: Corpus, query: str) -> None:
    assert search(corpus, query).total >= 0


def test_counts(corpus: Corpus) -> None:
    found = facets(corpus, "phan bo von")
    assert found["year"] == (Count("2025", "2025", 1), Count("2026", "2026", 2))
    assert found["issuer"] == (Count("so-y-te.phu-tho", "Sở Y tế tỉnh Phú Thọ", 2), Count("so-noi-vu.phu-tho", "Sở Nội vụ tỉnh Phú Thọ", 1))
    assert found["province"] == (Count("phu-tho", "Phú Thọ", 3),)
    assert found["cited"][0].documents == 1
    assert found["status"] == (Count("assigned", "assigned", 1),)
    assert facets(corpus, "khong co gi", names=("year", "lead")) == {"year": (), "lead": ()}


def test_series_has_no_gaps(corpus: Corpus) -> None:
    assert [(count.value, count.documents) for count in series(corpus, by="month", filters=Filters(year=("2026",)))] == [
        ("2026-01", 1),
        ("2026-02", 0),
        ("2026-03", 2),
        ("2026-04", 1),
    ]
    assert series(corpus, "khong co gi") == ()


def test_cross_table(corpus: Corpus) -> None:
    table = crosstab(corpus, "issuer", "year")
    assert [count.label for count in table.rows] == ["Sở Y tế tỉnh Phú Thọ", "Sở Nội vụ tỉnh Phú Thọ"]
    assert [count.value for count in table.columns] == ["2025", "2026"]
    assert table.counts == ((1, 3), (0, 1))


def test_counts_follow_the_corpus(tmp_path: Path) -> None:
    writable = Corpus(str(tmp_path / "c.db"), create=True)
    reading = Corpus(str(tmp_path / "c.db"), read_only=True)
    assert facets(reading, names=("year",)) == {"year": ()}
    add(writable, letter("11/BC-SYT", "12 tháng 3 năm 2025", BODIES[0]))
    assert facets(reading, names=("year",)) == {"year": (Count("2025", "2025", 1),)}


def test_document(corpus: Corpus) -> None:
    found = document(corpus, 5)
    assert (found.line.number, found.record, found.parsed.header.number) == ("28/KH-SYT", found.parsed, "28/KH-SYT")
    assert [(link.status, link.cited.number if link.cited else None) for link in found.links] == [("linked", "12/BC-SYT")]
    assert Record.model_validate_json(record_json(corpus, 5)) == found.record
    assert sorted(lines(corpus, [1, 5, 99])) == [1, 5]


def test_document_by_name(corpus: Corpus) -> None:
    sha256 = document(corpus, 3).record.document_id
    assert [find_document(corpus, name) for name in ("3", "13/BC-SYT", "13.txt", sha256, sha256[:8].upper())] == [3] * 5
    for name in ("99", "13/BC", sha256[:4], "99999999999999999999999", "../../etc/passwd"):
        with pytest.raises(MissingEntry, match="is not in the corpus"):
            find_document(corpus, name)


def test_a_name_of_several(tmp_path: Path) -> None:
    writable = Corpus(str(tmp_path / "c.db"), create=True)
    add(writable, letter("11/BC-SYT", "12 tháng 3 năm 2025", BODIES[0]), letter("11/BC-SYT", "12 tháng 3 năm 2025", BODIES[1]))
    with pytest.raises(MissingEntry, match=r"11/BC-SYT: is the name of 2 documents\. Give the id of one: 1 \(11/BC-SYT, Sở Y tế\); 2"):
        find_document(writable, "11/BC-SYT")
    assert [line.id for line in document(writable, 1).duplicates] == [2]


def test_marks_in_a_text() -> None:
    assert find_marks("Phân bổ vốn", "phan bo") == ((0, 7),)
