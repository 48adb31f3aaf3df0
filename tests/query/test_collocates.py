"""Collocates: words by segmentation, what is near, and the score."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_corpus import add, letter

from docparse.errors import MissingTool
from docparse.query import collocates as module
from docparse.query.kwic import collocates
from docparse.store.corpus import Corpus

NEAR = "Tỉnh tổ chức kiểm tra vệ sinh an toàn thực phẩm tại chợ. "
FAR = "Công tác tuyển sinh lớp mười diễn ra đúng kế hoạch, học sinh nộp hồ sơ trực tuyến, nhà trường công bố kết quả. "


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    opened = Corpus(str(tmp_path / "c.db"), create=True)
    add(opened, *(letter(f"{number}/BC-SYT", f"{number} tháng 3 năm 2026", FAR * 3 + NEAR + FAR * 3) for number in range(1, 7)))
    yield opened
    opened.close()


def test_words_near_the_keyword_come_first(corpus: Corpus) -> None:
    found = collocates(corpus, '"thực phẩm"', span=3)
    assert [(one.word, one.near, one.everywhere) for one in found[:5]] == [
        ("an toàn", 6, 6),
        ("chợ", 6, 6),
        ("kiểm tra", 6, 6),
        ("tại", 6, 6),
        ("vệ sinh", 6, 6),
    ]
    assert "học sinh" not in {one.word for one in found}
    assert found == collocates(corpus, '"thực phẩm"', span=3)
    assert collocates(corpus, '"thực phẩm"', span=3, limit=2) == found[:2]


def test_the_span_counts_words(corpus: Corpus) -> None:
    assert {one.word for one in collocates(corpus, '"thực phẩm"', span=1)} == {"an toàn", "tại"}


def test_no_more_places_than_are_needed(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PLACES", 3)
    assert {one.near for one in collocates(corpus, '"thực phẩm"', span=1)} == {3}


def test_without_underthesea_it_is_said_what_to_install(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "underthesea", None)
    with pytest.raises(MissingTool, match=r"docparse\[words\]"):
        collocates(corpus, '"thực phẩm"')


def test_nothing_found_has_no_collocates(corpus: Corpus) -> None:
    assert collocates(corpus, "thủy lợi") == ()


def test_words_have_their_place_in_the_text() -> None:
    text = "Uỷ ban  nhân dân\ntỉnh giao 1.250 triệu đồng (đợt 2) cho Ð/c a, y tế; ở xã."
    words = [(word, text[start:end]) for word, start, end in module.segment(text)]
    assert ("tỉnh", "tỉnh") in words
    assert ("y tế", "y tế") in words
    assert ("ở", "ở") in words
    assert all(word.split() == [module.old_tone(part) for part in printed.split()] for word, printed in words)
    assert not {"a", "1.250", "2", "(", ";"} & {word for word, _ in words}


@pytest.mark.parametrize(
    ("near", "elsewhere", "score"),
    [(10, 10, 22.91), (10, 100, 0.0), (100, 0, 670.2), (0, 10, 1.92)],
)
def test_log_likelihood(near: int, elsewhere: int, score: float) -> None:
    assert module.log_likelihood(near, elsewhere, 100, 1000) == pytest.approx(score, abs=0.005)
