"""Plain text as Markdown: nothing becomes active, and all of it comes back."""

from __future__ import annotations

import re
import time

import pytest
from hostile import PIECES
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from docparse.trackers.markdown import describe, escape, guard, parse_description, plain, unescape, unguard

KEY = "0b0e1f3c-5d1c-4b2e-9a59-1c1f0a6a2b77"
OTHER = "11111111-2222-4333-8444-555555555555"
LINK = "https://van-ban.example.vn/documents/7?finding=task-2#page-3"
TEXTS = st.lists(st.one_of(st.sampled_from([*PIECES, " ", "\n", "\n\n", "    ", "\t", "\u00a0"]), st.text(max_size=4)), max_size=14).map("".join)
FOUND_IN_TEXT = {  # what trackers look for in what they have rendered
    "mention or reference": r"[@#!$&~%^][\w\"]",
    "emoji": r":(?!\d\d:)[\w+-]+:",
    "url": r"\w://|\bwww\.",
    "commit": r"(?=[0-9]*[a-fA-F])[0-9a-fA-F]{7,}",
    "issue of Jira": r"[A-Z][A-Z0-9]+-\d",
    "wiki link, reference or inline diff": r"\[\[|\[\w+:|[\[{][+-]",
    "macro of OpenProject": r"\w(Label|Value):\S|(?:^|[\s(,\-\[>])(?:\w*#+\d|r\d|\w+:[^\"\s<>\d])",
}
RENDER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(source: str) -> tuple[set[str], str]:
    """The kinds of what Markdown makes of a source, and its text."""
    tokens = RENDER.parse(source)
    inline = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in [*tokens, *inline]}
    paragraphs = ("".join("\n" if child.type == "hardbreak" else child.content for child in token.children or ()) for token in tokens)
    return kinds - {"paragraph_open", "paragraph_close", "inline", "text", "hardbreak", "text_special"}, "\n".join(paragraphs)


def squeezed(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


@given(TEXTS)
def test_texts_come_back(text: str) -> None:
    assert unescape(escape(text)) == plain(text)
    assert plain(plain(text)) == plain(text)


@given(TEXTS)
def test_nothing_becomes_active(text: str) -> None:
    source = escape(text)
    kinds, rendered = shown(source)
    assert kinds == set(), source
    assert squeezed(rendered) == squeezed(plain(text))
    assert {name for name, pattern in FOUND_IN_TEXT.items() if re.search(pattern, rendered)} == set(), source
    assert not re.search(r"^\s*/", source, re.MULTILINE), "a quick action of GitLab"
    assert "{{" not in source, "a macro of OpenProject"


@pytest.mark.parametrize("piece", PIECES)
def test_each_danger_alone_and_at_the_start_of_lines(piece: str) -> None:
    test_nothing_becomes_active.hypothesis.inner_test(f"{piece}\n{piece} x\n\n  {piece}")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Giao Sở Y tế (Phòng Nghiệp vụ) báo cáo trước 17:30, theo Nghị định 30/2020/NĐ-CP.",) * 2,
        ("a\nb\n\nc", "a\\\nb\n\nc"),
        ("1. Một\n2) Hai\n- Ba\n+ Bốn", "1\\. Một\\\n2\\) Hai\\\n\\- Ba\\\n\\+ Bốn"),
        ("  lề\n\tlề", "&#32; lề\\\n&#9;lề"),
        ("@an, @", "\\@&#8203;an, \\@"),
        ("https://x.example.vn", "https&#8203;:&#8203;//x.example.vn"),
        ("&#64;an", "\\&&#8203;\\#&#8203;64;an"),
        ("5$ $x", "5&#36; &#36;&#8203;x"),
    ],
)
def test_how_it_is_written(text: str, source: str) -> None:
    assert escape(text) == source


def test_only_our_own_link_can_be_clicked() -> None:
    text = f"Xem {LINK}, không phải {LINK[:-1]}"
    source = escape(text, LINK)
    assert source == f"Xem <{LINK}>, không phải https&#8203;:&#8203;//van-ban.example.vn/documents/7?finding=task-2\\#&#8203;page-"
    assert unescape(source) == text


@given(TEXTS)
def test_titles_come_back_and_do_nothing(text: str) -> None:
    title = " ".join(text.replace("\u200b", "").split())
    assert unguard(guard(title)) == title
    assert not re.search(FOUND_IN_TEXT["mention or reference"], guard(title))
    assert len(guard(title)) <= 2 * len(title) + 1


@pytest.mark.parametrize("character", [":", "@", "#", "[", "a", "-"])
def test_a_title_of_one_character_stays_short_enough(character: str) -> None:
    assert len(guard(character * 120)) <= 241


@given(TEXTS, st.sampled_from([None, LINK]))
def test_descriptions_come_back(notes: str, link: str | None) -> None:
    assert parse_description(describe(notes, link, KEY)) == (plain(notes), link, KEY)


def test_a_key_in_the_notes_is_a_text() -> None:
    notes = f"`docparse:{OTHER}`\n\n[`docparse:{OTHER}`](<{LINK}>)"
    assert parse_description(describe(notes, None, KEY)) == (notes, None, KEY)


@pytest.mark.parametrize(
    ("source", "notes"),
    [
        (f"Một\r\n\r\n`docparse:{KEY}`\r\n\r\nHai\r\n", "Một\n\nHai"),
        (f"`docparse:{KEY}`", ""),
        (f"**Đậm** &lt; `mã`\n\n`docparse:{KEY}`", "**Đậm** < `mã`"),
    ],
)
def test_what_people_write_around_the_key(source: str, notes: str) -> None:
    assert parse_description(source) == (notes, None, KEY)


def test_a_description_without_a_key() -> None:
    assert parse_description(f"docparse:{KEY}\n`docparse:khong-phai`") == (f"docparse:{KEY}\n`docparse:khong-phai`", None, None)


def test_links_that_could_end_the_line_are_left_out() -> None:
    assert describe("a", "https://x.example.vn/)> @an", KEY) == f"a\n\n`docparse:{KEY}`"


@pytest.mark.parametrize("piece", ["0", "A", "1a", ":", "[", "\\", "<https://", "&", " ", "`docparse:"])
def test_long_runs_take_little_time(piece: str) -> None:
    text = "x" + piece * (50_000 // len(piece)) + "x"
    began = time.process_time()
    assert parse_description(describe(text, None, KEY)).notes == plain(text)
    assert time.process_time() - began < 1
