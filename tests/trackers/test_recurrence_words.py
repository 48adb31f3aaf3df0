"""Recurrences in words, which the parser reads as the same recurrences again."""

from __future__ import annotations

import pytest

from docparse.find.dates import find_dates
from docparse.lexicon import load_rules
from docparse.record import Header
from docparse.text import Text
from docparse.trackers.recurrence_words import in_words

SAID = {
    "FREQ=DAILY": "hằng ngày",
    "FREQ=DAILY;INTERVAL=10": "10 ngày một lần",
    "FREQ=WEEKLY": "hằng tuần",
    "FREQ=WEEKLY;INTERVAL=2": "2 tuần một lần",
    "FREQ=WEEKLY;BYDAY=TH": "thứ Năm hằng tuần",
    "FREQ=WEEKLY;BYDAY=SU": "Chủ nhật hằng tuần",
    "FREQ=MONTHLY": "hằng tháng",
    "FREQ=MONTHLY;BYMONTHDAY=15": "ngày 15 hằng tháng",
    "FREQ=MONTHLY;BYMONTHDAY=-1": "ngày cuối cùng hằng tháng",
    "FREQ=MONTHLY;INTERVAL=3": "hằng quý",
    "FREQ=MONTHLY;INTERVAL=6": "6 tháng một lần",
    "FREQ=YEARLY": "hằng năm",
    "FREQ=YEARLY;INTERVAL=5": "5 năm một lần",
    "FREQ=YEARLY;BYMONTH=12": "tháng 12 hằng năm",
    "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15": "ngày 15 tháng 12 hằng năm",
    "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20": "ngày 20 của tháng cuối quý",
    "FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=10": "ngày 10 của tháng đầu quý",
}


@pytest.mark.parametrize(("rule", "words"), SAID.items())
def test_what_the_parser_finds(rule: str, words: str) -> None:
    assert in_words(rule) == words
    (found,) = find_dates(Text.of_lines([f"Báo cáo kết quả vào {words}."]), header=Header())
    assert (found.text.lower(), found.recurrence) == (words.lower(), rule)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=20", "ngày 20 tháng 6 và tháng 12 hằng năm"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,11,21", "ngày 1, ngày 11 và ngày 21 hằng tháng"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "thứ Hai và thứ Năm, 2 tuần một lần"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "ngày cuối cùng của tháng cuối quý"),
        ("FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=15", "ngày 15 của tháng cuối, 6 tháng một lần"),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1", "ngày cuối cùng tháng 12 hằng năm"),
    ],
)
def test_what_reviewers_write(rule: str, words: str) -> None:
    assert in_words(rule) == words


@pytest.mark.parametrize("rule", ["BYDAY=TH;FREQ=WEEKLY", "RRULE:FREQ=WEEKLY;BYDAY=TH", "FREQ=WEEKLY;BYDAY=TH;INTERVAL=1"])
def test_order_and_defaults_do_not_matter(rule: str) -> None:
    assert in_words(rule) == "thứ Năm hằng tuần"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;COUNT=3",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=MONTHLY;BYDAY=1MO",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;INTERVAL=0",
        "FREQ=WEEKLY;BYDAY=TH;BYDAY=FR",
        "FREQ=HOURLY",
        "thứ Năm",
        "",
    ],
)
def test_others_stay_as_they_are(rule: str) -> None:
    assert in_words(rule) == rule


def test_each_form_is_reached() -> None:
    reached = {
        form.id for form in load_rules("recurrences") for example in form.examples if in_words(example) != example and _first(example) == form.id
    }
    assert reached == {form.id for form in load_rules("recurrences")}


def _first(rule: str) -> str:
    return next(form.id for form in load_rules("recurrences") if form.regex.match(rule))
