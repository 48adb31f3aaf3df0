"""Tasks that wait for a review: listed, accepted, rejected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sites import client, enter, make_accounts, make_corpus, make_site

from docparse.query.tasks import task_list
from docparse.store.corpus import Corpus
from docparse.trackers.ledger import Receipt, held, write


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    opened = Corpus(make_corpus(tmp_path / "c.db"))
    with opened.read() as connection:
        (sha256,) = connection.exec_driver_sql("SELECT sha256 FROM documents WHERE id = 1").one()
    task = task_list(opened).tasks[0]
    write(opened, [Receipt("theo-doi", "key", sha256, task.id, task.action, "held")])
    yield opened
    opened.close()


@pytest.fixture
def reviewer(corpus: Corpus, tmp_path: Path) -> Iterator[TestClient]:
    accounts = make_accounts(tmp_path / "a.db", lan="reviewer")
    with client(make_site(corpus.name, accounts=accounts)) as opened:
        enter(opened, "lan")
        yield opened


def forms(page: str) -> list[dict[str, str]]:
    return [
        dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) | {"to": re.findall(r'action="([^"]*)"', form)[0]}
        for form in re.findall(r'<form method="post" action="/documents/.*?</form>', page, re.S)
    ]


def decide(reviewer: TestClient, number: int) -> None:
    form = forms(reviewer.get("/review").text)[number]
    answer = reviewer.post(form.pop("to"), data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")


def test_a_task_is_accepted(corpus: Corpus, reviewer: TestClient) -> None:
    before = {task.id: task.confidence for task in task_list(corpus).tasks}
    (waiting,) = held(corpus)
    assert before[waiting.task_id] == waiting.confidence < 1
    decide(reviewer, 0)
    assert {task.id: task.confidence for task in task_list(corpus).tasks}[waiting.task_id] == 1.0
    assert held(corpus) == ()


def test_a_task_is_rejected(corpus: Corpus, reviewer: TestClient) -> None:
    total = task_list(corpus).total
    decide(reviewer, 1)
    assert task_list(corpus).total == total - 1
    assert held(corpus) == ()
    assert "theo-doi" not in reviewer.get("/review").text


def test_nothing_waits_without_trackers(corpus: Corpus, reviewer: TestClient) -> None:
    decide(reviewer, 1)
    assert "waiting" not in reviewer.get("/review").text
