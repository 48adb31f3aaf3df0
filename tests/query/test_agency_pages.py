"""Agencies: found by words, with what they issue, lead and support, and what they were and became."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from linked_corpus import add, document, make_corpus, mention, task

from docparse.errors import MissingEntry
from docparse.query.agencies import AgencyLine, agencies, agency
from docparse.query.agency_spellings import Spellings, denoted
from docparse.query.filters import Filters
from docparse.store.corpus import Corpus

TODAY = dt.date(2026, 3, 10)
HEALTH = mention("Sở Y tế tỉnh Phú Thọ", "so-y-te.phu-tho", "Phú Thọ")
COMMITTEE = mention("UBND tỉnh Phú Thọ", "uy-ban-nhan-dan-tinh.phu-tho", "Phú Thọ")
HUE = mention("Sở Y tế thành phố Huế", "so-y-te.hue", "Huế")
MINISTRY = mention("Bộ TC", "bo-tai-chinh")
CENTRE = mention("Trung tâm Kiểm soát bệnh tật tỉnh Phú Thọ")
ISSUER = {"issuer": "UBND tỉnh Phú Thọ", "place": "Phú Thọ"}


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """A plan and a report from Phú Thọ, a plan from Huế, a decree, on each engine."""
    opened = make_corpus(request, tmp_path_factory.mktemp("corpus"))
    plan = document("kế hoạch", "1/KH-UBND", "2026-01-15", **ISSUER, agencies=[COMMITTEE, HEALTH, HEALTH, CENTRE], tasks=[
        task(1, "Tiêm chủng", "Sở Y tế", supports=("Sở Tài chính",), last_day="2026-03-09"),
        task(2, "Giám sát", "Giám đốc Sở Y tế", "Sở Y tế tỉnh Phú Thọ"),
        task(3, "Xét nghiệm", "Trung tâm Kiểm soát bệnh tật tỉnh", supports=("Sở Y tế",)),
        task(4, "Chỉ đạo chung", "Chủ tịch UBND tỉnh"),
    ])  # fmt: skip
    report = document(
        "báo cáo", "2/BC-UBND", "2026-02-20", **ISSUER, agencies=[COMMITTEE, MINISTRY], tasks=[task(1, "Cấp vốn", "Bộ trưởng Bộ Tài chính")]
    )
    city = document(
        "kế hoạch",
        "3/KH-UBND",
        "2025-05-01",
        issuer="UBND thành phố Huế",
        place="Huế",
        agencies=[HUE, MINISTRY],
        tasks=[task(1, "Tiêm chủng", "Sở Y tế")],
    )
    decree = document("nghị định", "4/2026/NĐ-CP", "2026-01-02", issuer="Chính phủ", agencies=[MINISTRY], tasks=[task(1, "Hướng dẫn", "Sở Y tế", "các Sở")])  # fmt: skip
    add(opened, plan, report, city, decree)
    yield opened
    opened.close()


def test_most_mentioned_first(corpus: Corpus) -> None:
    assert agencies(corpus) == (
        AgencyLine("bo-tai-chinh", "Bộ Tài chính", None, "provincial", None, 3, 0, 1),
        AgencyLine("uy-ban-nhan-dan-tinh.phu-tho", "Ủy ban nhân dân tỉnh Phú Thọ", None, "provincial", "Phú Thọ", 2, 2, 1),
        AgencyLine("name:trung tâm kiểm soát bệnh tật tỉnh phú thọ", "Trung tâm Kiểm soát bệnh tật tỉnh Phú Thọ", None, "provincial", None, 1, 0, 1),
        AgencyLine("so-y-te.hue", "Sở Y tế thành phố Huế", None, "provincial", "Huế", 1, 0, 1),
        AgencyLine("so-y-te.phu-tho", "Sở Y tế tỉnh Phú Thọ", None, "provincial", "Phú Thọ", 1, 0, 2),
    )
    assert [line.id for line in agencies(corpus, limit=2, offset=3)] == ["so-y-te.hue", "so-y-te.phu-tho"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("so y te", ["so-y-te.hue", "so-y-te.phu-tho"]),
        ("Y tế Phú Thọ", ["so-y-te.phu-tho"]),
        ("SYT huế", ["so-y-te.hue"]),
        ("Bộ Tài chính", ["bo-tai-chinh"]),
        ("ubnd", ["uy-ban-nhan-dan-tinh.phu-tho"]),
        ("ủy ban nhân dân", ["uy-ban-nhan-dan-tinh.phu-tho"]),
        ("kiem soat", ["name:trung tâm kiểm soát bệnh tật tỉnh phú thọ"]),
        ("Sở Thú", []),
    ],
)
def test_found_by_words(corpus: Corpus, words: str, found: list[str]) -> None:
    assert [line.id for line in agencies(corpus, words)] == found


def test_counts_of_chosen_documents(corpus: Corpus) -> None:
    found = agencies(corpus, filters=Filters(year=("2025",)))
    assert [(line.id, line.mentioned, line.issued, line.led) for line in found] == [("bo-tai-chinh", 1, 0, 0), ("so-y-te.hue", 1, 0, 1)]


def test_page_of_a_provincial_agency(corpus: Corpus) -> None:
    """`Sở Y tế` in a document from its province is this one; in a decree it is none."""
    found = agency(corpus, "so-y-te.phu-tho", today=TODAY)
    assert [(line.document.id, line.id, line.due) for line in found.leads] == [(1, "I/1", "overdue"), (1, "I/2", "none")]
    assert [(line.document.id, line.id) for line in found.supports] == [(1, "I/3")]
    assert (found.line.mentioned, found.line.issued, found.line.led) == (1, 0, 2)
    assert found.issued == ()
    assert [line.id for line in agency(corpus, "so-y-te.phu-tho", limit=1).leads] == ["I/1"]


def test_page_of_an_issuer(corpus: Corpus) -> None:
    found = agency(corpus, "uy-ban-nhan-dan-tinh.phu-tho", limit=1)
    assert [line.number for line in found.issued] == ["2/BC-UBND"]
    assert [line.id for line in found.leads] == ["I/4"]
    assert ("uy-ban-nhan-dan-tinh.vinh-phuc", "Ủy ban nhân dân tỉnh Vĩnh Phúc") in found.predecessors


def test_page_of_a_body_that_is_not_listed(corpus: Corpus) -> None:
    found = agency(corpus, "name:trung tâm kiểm soát bệnh tật tỉnh phú thọ")
    assert (found.line.name, found.line.led, found.aliases, found.valid_from, found.predecessors, found.successors) == (
        "Trung tâm Kiểm soát bệnh tật tỉnh Phú Thọ", 1, (), None, (), (),
    )  # fmt: skip


def test_page_of_what_it_was(corpus: Corpus) -> None:
    """The corpus does not name it, the authority list does."""
    found = agency(corpus, "so-ke-hoach-va-dau-tu.phu-tho")
    assert (found.line.name, found.line.mentioned, found.valid_from, found.valid_to) == (
        "Sở Kế hoạch và Đầu tư tỉnh Phú Thọ",
        0,
        "1995",
        "2025-02-28",
    )
    assert found.successors == (("so-tai-chinh.phu-tho", "Sở Tài chính tỉnh Phú Thọ"),)
    assert agency(corpus, "so-tai-chinh.phu-tho").predecessors == (
        ("so-ke-hoach-va-dau-tu.phu-tho", "Sở Kế hoạch và Đầu tư tỉnh Phú Thọ"),
        ("so-tai-chinh.hoa-binh", "Sở Tài chính tỉnh Hòa Bình"),
        ("so-tai-chinh.vinh-phuc", "Sở Tài chính tỉnh Vĩnh Phúc"),
    )


@pytest.mark.parametrize("agency_id", ["", "khong-co", "so-y-te.khong-co", "name:không có", "so-y-te.phu-tho'; --"])
def test_no_such_agency(corpus: Corpus, agency_id: str) -> None:
    with pytest.raises(MissingEntry):
        agency(corpus, agency_id)


def test_what_names_denote() -> None:
    assert denoted("Chủ tịch Uỷ ban nhân dân tỉnh Phú Thọ").id == "uy-ban-nhan-dan-tinh.phu-tho"
    assert (denoted("Ủy ban nhân dân tỉnh").id, denoted("Ủy ban nhân dân tỉnh").entry) == (None, "uy-ban-nhan-dan-tinh")
    assert (denoted("các sở").id, denoted("các sở").entry) == (None, None)


def test_no_spelling_is_a_mere_kind() -> None:
    assert Spellings.of("uy-ban-nhan-dan-tinh.hue", "Ủy ban nhân dân thành phố Huế").short == {"ubnd thành phố"}
    assert Spellings.of("bo-tai-chinh", "Bộ Tài chính").short == frozenset()
