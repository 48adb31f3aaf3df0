"""Time expressions, on made-up texts with the whole list of mentions expected."""

from __future__ import annotations

import datetime as dt
import itertools
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docparse.find.dates import find_dates, parse_day
from docparse.record import DateMention, Header, Mark
from docparse.text import Text
from tests.conftest import ROOT

CASES = tomllib.loads((ROOT / "tests/cases/dates.toml").read_text(encoding="utf-8"))["case"]


def row(mention: DateMention) -> list[str]:
    days = [mention.recurrence] if mention.recurrence else [str(mention.first_day), str(mention.last_day)]
    return [mention.text, *days, *([mention.modifier] if mention.modifier else [])]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["reason"][:60])
def test_dates(case: dict[str, Any]) -> None:
    text = Text.of_lines(case["text"].replace("⏎", "\n").split("\n"))
    mentions = find_dates(text, header=Header(date=case.get("date")))
    assert [row(mention) for mention in mentions] == [[value.replace("⏎", "\n") for value in expected] for expected in case["dates"]]
    assert [text.content[mention.start : mention.end] for mention in mentions] == [mention.text for mention in mentions]


def test_rule_and_page() -> None:
    (mention,) = find_dates(Text.of_lines(["", "họp ngày 05/3/2020"]), header=Header())
    assert (mention.rule, mention.page, mention.start, mention.end) == ("date.day_figures", 1, 5, 19)


@pytest.mark.parametrize(
    ("source", "day"),
    [
        ("ngày 05 tháng 3 năm 2020", dt.date(2020, 3, 5)),
        ("15/8/1995", dt.date(1995, 8, 15)),
        ("2026-07-08", dt.date(2026, 7, 8)),
        ("30/02/2020", None),
        ("ngày 20/6", None),
        ("tháng 6/2020", None),
        ("từ ngày 01 đến ngày 05/6/2020", None),
        ("01/6/2020 và 02/6/2020", None),
        ("", None),
    ],
)
def test_parse_day(source: str, day: dt.date | None) -> None:
    assert parse_day(source) == day


@given(
    st.dates(min_value=dt.date(1945, 1, 1), max_value=dt.date(2099, 12, 31)),
    st.sampled_from(["ngày {0:02}/{1}/{2}", "{0}.{1}.{2}", "ngày {0} tháng {1:02} năm {2}"]),
)
def test_every_day_is_read(day: dt.date, form: str) -> None:
    assert parse_day(form.format(day.day, day.month, day.year)) == day


@given(st.text(alphabet="ngày tháng quý năm 0123456789/-.,\n", max_size=60))
def test_any_text_is_taken(content: str) -> None:
    text = Text.of_lines(content.split("\n"))
    mentions = find_dates(text, header=Header(date=dt.date(2025, 1, 1)))
    assert all(before.end <= after.start for before, after in itertools.pairwise(mentions))
    assert all(mention.recurrence or mention.first_day <= mention.last_day for mention in mentions)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("ngày @& tháng 11 năm 2024", []),
        ("ngày 2# thangØf năm 2024", []),
        ("ngày 44 tháng 11 năm 2024", []),
        ("ngày     tháng 11 năm 2024", [["ngày     tháng 11 năm 2024", "2024-11-01", "2024-11-30"]]),
        ("ngày ... tháng 11 năm 2024", [["ngày ... tháng 11 năm 2024", "2024-11-01", "2024-11-30"]]),
    ],
)
def test_a_spoiled_day_of_the_letterhead_gives_no_month_but_the_year_of_days_without_one(printed: str, expected: list[list[str]]) -> None:
    text = Text.of_lines(["Nam Sơn, " + printed, "Họp trước ngày 20/12."])
    header = Header(place="Nam Sơn", marks={"place": Mark(start=0, end=7, rule="header.date_unreadable")})
    assert [row(mention) for mention in find_dates(text, header=header)] == [*expected, ["ngày 20/12", "2024-12-20", "2024-12-20", "before"]]
