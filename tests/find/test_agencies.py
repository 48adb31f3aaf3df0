"""Mentions of organisations: cases as data, the grammar of every head, ids and validity of the authority list."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from docparse.find.agencies import find_agencies
from docparse.find.agency_grammar import NameReader
from docparse.find.authority import agencies, agency, find_entry
from docparse.find.closing import Closing
from docparse.find.places import provinces
from docparse.find.tokens import Tokens
from docparse.lexicon import load_values
from docparse.record import AgencyMention, Header
from docparse.text import Text

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "agencies.toml").read_text(encoding="utf-8"))["case"]
HEADS = load_values("agency_types")["head"]


def mentions(content: str, **header: Any) -> tuple[AgencyMention, ...]:
    text = Text.of_lines(content.split("\n"))
    return find_agencies(text, header=Header(**header), closing=Closing(len(content), len(content)))


@pytest.mark.parametrize("case", CASES, ids=[case["reason"] for case in CASES])
def test_mentions_names_and_collectives(case: dict[str, Any]) -> None:
    found = mentions(case["text"], issuer=case.get("issuer"), parent_issuer=case.get("parent"), place=case.get("place"))
    single = [mention for mention in found if not mention.collective]
    assert [mention.mention for mention in single] == case["expected"]
    assert {mention.mention: mention.name for mention in single if mention.name != mention.mention} == case.get("names", {})
    assert [mention.mention for mention in found if mention.collective] == case.get("collective", [])
    assert all(case["text"][mention.start : mention.end] == mention.text for mention in found)


@pytest.mark.parametrize("head", HEADS, ids=[head["forms"][0] for head in HEADS])
def test_every_head_reads_its_examples_whole_and_its_non_examples_not(head: dict[str, Any]) -> None:
    for example in head.get("examples", []):
        tokens = Tokens.of_string(example)
        name = NameReader(tokens).read(0)
        assert name is not None and tokens.spelled(0, name.end) == example
    for non_example in head["non_examples"]:
        tokens = Tokens.of_string(non_example)
        reader = NameReader(tokens)
        names = [name for index in range(len(tokens.words)) if (name := reader.read(index)) and not name.bare]
        assert [tokens.spelled(name.first, name.end) for name in names] == []


def test_a_mention_carries_id_kind_level_and_place() -> None:
    (mention,) = mentions("Giao Sở NN&PTNT tham mưu.", issuer="UBND tỉnh Bắc Giang")
    assert (mention.agency_id, mention.kind, mention.level, mention.place) == (
        "so-nong-nghiep-va-phat-trien-nong-thon.bac-giang",
        "department",
        "provincial",
        "Bắc Giang",
    )
    assert mention.name == "Sở NN&PTNT tỉnh Bắc Giang"


def test_the_issuer_of_the_letterhead_is_a_mention_where_the_text_hides_it() -> None:
    text = "UY BAN NHAN DAN TINH NGHE AN"
    mark = {"start": 0, "end": len(text), "rule": "header.issuer"}
    (mention,) = mentions(text, issuer="Ủy ban nhân dân tỉnh Nghệ An", marks={"issuer": mark})
    assert (mention.mention, mention.agency_id, mention.rule) == ("Ủy ban nhân dân tỉnh Nghệ An", "uy-ban-nhan-dan-tinh.nghe-an", "agency.header")


def test_merged_bodies_name_their_successors() -> None:
    assert [agency(key).successor for key in ("bo-thong-tin-va-truyen-thong", "tong-cuc-thue", "uy-ban-dan-toc")] == [
        "bo-khoa-hoc-va-cong-nghe",
        "cuc-thue",
        "bo-dan-toc-va-ton-giao",
    ]
    merged = agency("uy-ban-nhan-dan-tinh.binh-thuan")
    assert (merged.name, merged.valid_to, merged.successor) == ("Ủy ban nhân dân tỉnh Bình Thuận", "2025-06-30", "uy-ban-nhan-dan-tinh.lam-dong")
    assert agency("so-tai-chinh.can-tho").valid_to == ""


def test_every_successor_exists_and_ids_are_plain() -> None:
    table = agencies()
    assert [entry.id for entry in table.values() if entry.successor and entry.successor not in table] == []
    assert [entry.id for entry in table.values() if not entry.id.isascii() or " " in entry.id] == []
    assert [one.id for one in provinces().values() if one.successor and one.successor not in provinces()] == []


def test_before_and_after_the_merger_there_are_63_and_34_provinces() -> None:
    after = [one for one in provinces().values() if not one.valid_to]
    merged = [one for one in provinces().values() if one.valid_to == "2025-06-30"]
    assert (len(after), len(after) + len(merged)) == (34, 63)


def test_a_province_becomes_a_city_on_its_day() -> None:
    ninh = provinces()["bac-ninh"]
    assert [ninh.form_on(day) for day in (None, dt.date(2026, 9, 19), dt.date(2026, 9, 20))] == ["tỉnh", "tỉnh", "thành phố"]


@pytest.mark.parametrize(
    ("name", "entry_id"),
    [
        ("VPCP", "van-phong-chinh-phu"),
        ("Bộ KH&CN", "bo-khoa-hoc-va-cong-nghe"),
        ("SNV", "so-noi-vu"),
        ("Sở Giao duc và Đào tạo", "so-giao-duc-va-dao-tao"),
    ],
)
def test_initials_and_slips_find_their_entry(name: str, entry_id: str) -> None:
    entry = find_entry(name)
    assert entry is not None and entry.id == entry_id
