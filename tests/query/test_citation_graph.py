"""What documents cite, what cites them, the most cited, and what stands on what was repealed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from linked_corpus import add, citation, document, make_corpus

from docparse.query.citations import cited_by, cites, citing_key, count_citing, most_cited, unfounded
from docparse.query.cited_names import Stated, key_reach, name_fully, name_key
from docparse.query.filters import Filters
from docparse.store.corpus import Corpus

LAND = "luật:31/2024/QH15"
DECREE = "nghị định:102/2024/NĐ-CP"
CITY = {"issuer": "Sở Y tế", "place": "Huế"}
PROVINCE = {"issuer": "Sở Y tế", "place": "Phú Thọ"}


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """A law, a decree on it, and four documents of two provinces that cite them, on each engine; no test adds to it."""
    opened = make_corpus(request, tmp_path_factory.mktemp("corpus"))
    fill(opened)
    yield opened
    opened.close()


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[Corpus]:
    """The same for a test of its own."""
    opened = Corpus(str(tmp_path / "c.db"), create=True)
    fill(opened)
    yield opened
    opened.close()


def fill(opened: Corpus) -> None:
    """Write the documents."""
    add(
        opened,
        document("luật", "31/2024/QH15", "2024-01-18", title="Đất đai", issuer="Quốc hội"),
        document("nghị định", "102/2024/NĐ-CP", "2024-07-30", citation("basis", LAND, title="Đất đai"), issuer="Chính phủ"),
        document("quyết định", "7/QĐ-SYT", "2025-02-01", ("basis", LAND), ("basis", DECREE), ("mentions", DECREE), **CITY),
        document("kế hoạch", "8/KH-SYT", "2025-03-01", citation("basis", LAND, title="Đất đai"), ("implements", "quyết định:7/QĐ-SYT:2025:sở y tế"), **CITY),
        document("kế hoạch", "9/KH-SYT", "2025-04-01", ("implements", "quyết định:7/QĐ-SYT:2025:sở y tế"), **PROVINCE),
        document("công văn", "10/SYT-NVY", None, ("mentions", "thông tư:5/2020/TT-BTP"), ("mentions", LAND), **PROVINCE),
    )  # fmt: skip


def test_most_cited_counts_documents_not_mentions(corpus: Corpus) -> None:
    found = [(cited.key, cited.name, cited.document and cited.document.id, cited.documents, cited.mentions) for cited in most_cited(corpus)]
    assert found == [
        (LAND, "Luật Đất đai 31/2024/QH15", 1, 4, 4),
        ("quyết định:7/QĐ-SYT:2025:sở y tế", "Quyết định 7/QĐ-SYT (2025, sở y tế)", None, 2, 2),
        (DECREE, "Nghị định 102/2024/NĐ-CP", 2, 1, 2),
        ("thông tư:5/2020/TT-BTP", "Thông tư 5/2020/TT-BTP", None, 1, 1),
    ]
    assert [cited.key for cited in most_cited(corpus, limit=1, offset=2)] == [DECREE]


def test_most_cited_by_relation_and_filters(corpus: Corpus) -> None:
    assert [(cited.key, cited.documents) for cited in most_cited(corpus, relation="basis")] == [(LAND, 3), (DECREE, 1)]
    assert [(cited.key, cited.documents) for cited in most_cited(corpus, filters=Filters(year=("2025",)), relation="basis")] == [
        (LAND, 2),
        (DECREE, 1),
    ]


def test_cites_by_relation_with_counts_of_the_corpus(corpus: Corpus) -> None:
    found = [(link.relation, link.key, link.cited_id, link.mentions, cited.documents) for link, cited in cites(corpus, 3)]
    assert found == [("basis", LAND, 1, 1, 4), ("basis", DECREE, 2, 1, 1), ("mentions", DECREE, 2, 1, 1)]
    assert [cited.document and cited.document.number for _, cited in cites(corpus, 4)] == ["31/2024/QH15", "7/QĐ-SYT"]
    assert cites(corpus, 1) == () == cites(corpus, 99)


def test_cited_by_newest_first_and_undated_last(corpus: Corpus) -> None:
    assert [(link.citing_id, link.relation, line.id) for link, line in cited_by(corpus, 1)] == [
        (4, "basis", 4), (3, "basis", 3), (2, "basis", 2), (6, "mentions", 6),
    ]  # fmt: skip
    assert [link.citing_id for link, _ in cited_by(corpus, 1, limit=2, offset=1)] == [3, 2]
    assert [count_citing(corpus, number) for number in (1, 2, 3, 6)] == [4, 1, 1, 0]


def test_short_number_counts_in_its_own_province_only(corpus: Corpus) -> None:
    assert [link.citing_id for link, _ in cited_by(corpus, 3)] == [4]
    assert [(link.citing_id, link.cited_id) for link, _ in citing_key(corpus, "quyết định:7/QĐ-SYT:2025:sở y tế")] == [(5, None), (4, 3)]


def test_citing_an_absent_document(corpus: Corpus) -> None:
    assert [(link.citing_id, link.cited_id, line.number) for link, line in citing_key(corpus, "thông tư:5/2020/TT-BTP")] == [(6, None, "10/SYT-NVY")]


def test_second_file_of_a_document_is_cited_too(growing: Corpus) -> None:
    add(growing, document("luật", "31/2024/QH15", "2024-01-18", title="Luật Đất đai", issuer="Quốc hội"))
    assert [link.citing_id for link, _ in cited_by(growing, 7)] == [4, 3, 2, 6]
    assert {link.cited_id for link, _ in cited_by(growing, 7)} == {1}


def unfounded_of(corpus: Corpus, filters: Filters | None = None) -> list[tuple[int, str, int | None, str, int]]:
    found = unfounded(corpus, filters=filters or Filters())
    return [(row.document.id, row.basis_key, row.basis.id if row.basis else None, row.relation, row.by.id) for row in found]


def test_nothing_is_unfounded_where_nothing_was_repealed(corpus: Corpus) -> None:
    assert unfounded_of(corpus) == []


def test_unfounded(growing: Corpus) -> None:
    assert unfounded_of(growing) == []
    add(growing, document("nghị định", "50/2026/NĐ-CP", "2026-01-05", ("replaces", DECREE), ("basis", LAND), issuer="Chính phủ"))
    assert unfounded_of(growing) == [(3, DECREE, 2, "replaces", 7)]
    add(growing, document("luật", "90/2026/QH16", "2026-06-20", ("repeals", LAND), issuer="Quốc hội"))
    assert unfounded_of(growing) == [(7, LAND, 1, "repeals", 8), (4, LAND, 1, "repeals", 8), (3, LAND, 1, "repeals", 8), (3, DECREE, 2, "replaces", 7), (2, LAND, 1, "repeals", 8)]  # fmt: skip
    assert unfounded_of(growing, Filters(doc_type=("kế hoạch",))) == [(4, LAND, 1, "repeals", 8)]


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(document("luật", "91/2026/QH16", "2026-06-20", ("amends", LAND)), id="amended"),
        pytest.param(document("luật", "91/2026/QH16", "2026-06-20", citation("repeals", LAND, provisions=({"Điều": "5"},))), id="an article"),
        pytest.param(document("nghị định", "51/2026/NĐ-CP", "2026-06-20", ("repeals", LAND), issuer="Chính phủ"), id="a decree ends no law"),
        pytest.param(document("công văn", "52/TCT-CS", "2026-06-20", ("repeals", LAND)), id="a letter tells what others did"),
        pytest.param(document("quyết định", "53/QĐ-SYT", "2026-06-20", ("repeals", DECREE), **PROVINCE), id="a province ends no decree"),
    ],
)
def test_what_does_not_take_away_the_basis(growing: Corpus, ending: object) -> None:
    add(growing, ending)  # type: ignore[arg-type]
    assert unfounded_of(growing) == []


def test_a_document_takes_no_basis_from_itself(growing: Corpus) -> None:
    old = "nghị định:1/2010/NĐ-CP"
    add(growing, document("nghị định", "50/2026/NĐ-CP", "2026-01-05", ("replaces", old), ("basis", old), issuer="Chính phủ"))
    assert unfounded_of(growing) == []


def test_names_of_keys() -> None:
    assert name_key("công văn:58/SYT-NVY:2026:sở y tế") == "Công văn 58/SYT-NVY (2026, sở y tế)"
    assert name_fully("công văn:58/SYT-NVY:2026:sở y tế", Stated("về tiêm chủng", "Sở Y tế")) == "Công văn 58/SYT-NVY (2026, Sở Y tế) về tiêm chủng"
    assert name_fully("luật:quản lý thuế", Stated("quản lý thuế")) == "Luật Quản lý thuế"
    assert name_key("luật:quản lý thuế:2019") == "Luật Quản lý thuế (2019)"


def test_reach_of_keys() -> None:
    reaches = {
        LAND: "all", "luật:quản lý thuế:2019": "all", "luật:quản lý thuế": "none", "nghị quyết:57-NQ/TW:2024": "all", "nghị quyết:57-NQ/TW": "none",
        "quyết định:7/QĐ-UBND:2025:ubnd tỉnh phú thọ": "all", "quyết định:7/QĐ-SYT:2025:sở y tế": "province", "quyết định:7/QĐ-UBND:2025": "none",
    }  # fmt: skip
    assert {key: key_reach(key) for key in reaches} == reaches
