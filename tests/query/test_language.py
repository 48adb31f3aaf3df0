"""How a search is read, and what is said of one that cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docparse.errors import QueryError
from docparse.query.language import And, Near, Not, Or, Query, Words, read_query


def words(text: str, **kind: bool) -> Words:
    return Words(tuple(text.split()), **kind)


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("", None),
        ('  "" ', None),
        ("phan", words("phan")),
        ("phan bo", And((words("phan"), words("bo")))),
        ("phân bo", And((words("phân", exact=True), words("bo", exact=True)))),
        ('"phan bo"', words("phan bo", exact=True)),
        ("“phân bổ”", words("phân bổ", exact=True)),
        ('~"phân bổ"', words("phan bo")),
        ('vốn "đầu tư"', And((words("vốn", exact=True), words("đầu tư", exact=True)))),
        ('von "đầu tư"', And((words("von"), words("đầu tư", exact=True)))),
        ("a AND b", And((words("a"), words("b")))),
        ("a OR b c", Or((words("a"), And((words("b"), words("c")))))),
        ("(a OR b) c", And((Or((words("a"), words("b"))), words("c")))),
        ("a NOT b", And((words("a"), Not(words("b"))))),
        ("a -b", And((words("a"), Not(words("b"))))),
        ("kinh te - xa hoi", And((words("kinh"), words("te"), words("xa"), words("hoi")))),
        ("ngan*", words("ngan", prefix=True)),
        ('NEAR(von "đầu tư", 5)', Near((words("von"), words("đầu tư", exact=True)), 5)),
        ("NEAR(a b)", Near((words("a"), words("b")), 10)),
        ("28/2023/QĐ-TTg", words("28 2023 qd ttg", number=True)),
        ("QD-TTg 28", And((words("qd ttg", number=True), words("28", number=True)))),
        ("sở 58/SYT-NVY", And((words("sở", exact=True), words("58 syt nvy", number=True)))),
        ("vốn, đầu tư", And((words("vốn", exact=True), words("đầu", exact=True), words("tư", exact=True)))),
        ("and or not", And((words("and"), words("or"), words("not")))),
    ],
)
def test_meaning(query: str, meaning: Query | None) -> None:
    assert read_query(query) == meaning


def test_decomposed_letters_are_the_same() -> None:
    assert read_query("pha\u0302n bo\u0309") == And((words("phân", exact=True), words("bỏ", exact=True)))


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("NOT a", "says only what not to find. Add a word to find before NOT."),
        ("a OR NOT b", "has an OR with NOT alone on a side. Add a word to find before NOT."),
        ("a OR", "has an OR without a word on each side."),
        ("AND b", "has an AND without a word on each side."),
        ("a AND", "has an AND without a word on each side."),
        ("a NOT", "has a NOT without a word after it."),
        ('"abc', "has a quotation mark that is not closed."),
        ("(a", "has a parenthesis that is not closed."),
        ("a)", "has a closing parenthesis too many."),
        ("NEAR(a)", "has a NEAR that cannot be read. Write it as NEAR(vốn đầu tư, 5)."),
        ("NEAR(a b, 1000)", "has a NEAR whose distance is no number up to 100. Write it as NEAR(vốn đầu tư, 5)."),
        ("(" * 30 + "a" + ")" * 30, "has too many parentheses in each other."),
        ("a " * 41, "has more than 40 words. Search for fewer words."),
    ],
)
def test_what_cannot_be_read_is_explained(query: str, reason: str) -> None:
    with pytest.raises(QueryError) as raised:
        read_query(query)
    assert reason in str(raised.value)


def test_length_is_bounded() -> None:
    with pytest.raises(QueryError, match="has 1,001 characters, more than 1,000"):
        read_query("a" * 1001)


@given(st.text(alphabet='aâđ "“”()~,*-/1ANDORTEN', max_size=40))
def test_any_text_is_read_or_refused(query: str) -> None:
    try:
        read_query(query)
    except QueryError as error:
        assert error.reason
