"""A corpus sent to each tracker with a JSON interface: once, nothing the second time, people's edits stay, what vanished is marked."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from contract_server import Fault
from rest_cases import CASES, Case, Opened
from task_corpus import BUDGET, REVIEW_LISTS, WEEKLY, corpus_of, parse_again, plan_record

from docparse.store.corpus import Corpus
from docparse.trackers.items import Target
from docparse.trackers.mapping import TargetSettings
from docparse.trackers.plan import GONE_NOTICE
from docparse.trackers.push import Outcome, plan_push, push
from docparse.trackers.targets import webhook
from docparse.trackers.tracked import tracked_tasks

RECORD = plan_record([REVIEW_LISTS, WEEKLY, BUDGET])
DAY = dt.date(2026, 3, 16)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "corpus.db"
    corpus_of(path, RECORD).close()
    return path


@pytest.fixture
def corpus(made: Path, tmp_path: Path) -> Iterator[Corpus]:
    shutil.copy(made, tmp_path / "corpus.db")
    opened = Corpus(str(tmp_path / "corpus.db"))
    yield opened
    opened.close()


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def opened(request: pytest.FixtureRequest) -> Opened:
    case: Case = request.param
    return case.open(agencies={"Phòng Kế hoạch - Tài chính": {"assignee": case.person}})


def sent(corpus: Corpus, target: Target, settings: TargetSettings) -> Outcome:
    planned = plan_push(corpus, tracked_tasks(corpus), target, name="theo-doi", settings=settings, site="https://van-ban.example.vn", day=DAY)
    outcome = push(corpus, planned, target, name="theo-doi", sleep=lambda _: None)
    assert (outcome.failed, outcome.stopped) == ([], None)
    return outcome


def writes(opened: Opened) -> list[Any]:
    names = ("create", "change")
    return opened.server.bodies(*(opened.case.operations[name] for name in names), "do_transition")


def test_a_corpus_is_sent_once(corpus: Corpus, opened: Opened) -> None:
    items = 4 if opened.tracker.has_parents else 3
    assert sent(corpus, opened.tracker, opened.tracker.settings).done == {"create": items}
    assert (len(opened.rows), len(writes(opened))) == (items, items)
    assert sent(corpus, opened.tracker, opened.tracker.settings).done == {"unchanged": items}
    assert len(writes(opened)) == items


def test_a_run_that_was_cut_off_goes_on(corpus: Corpus, opened: Opened) -> None:
    items = 4 if opened.tracker.has_parents else 3
    opened.server.faults += [Fault(opened.case.operations["create"], lost=True), Fault(opened.case.operations["create"], lost=True)]
    assert sent(corpus, opened.tracker, opened.tracker.settings).done == {"create": items}
    assert len(opened.rows) == items
    assert sent(corpus, opened.tracker, opened.tracker.settings).done == {"unchanged": items}


def test_what_people_change_stays_and_the_rest_is_updated(corpus: Corpus, opened: Opened) -> None:
    sent(corpus, opened.tracker, opened.tracker.settings)
    opened.person_writes(len(opened.rows) - 3, title="Do người sửa")
    parse_again(corpus, RECORD, plan_record([REVIEW_LISTS.replace("30/6/2026", "31/7/2026"), WEEKLY]))
    outcome = sent(corpus, opened.tracker, opened.tracker.settings)
    assert (outcome.done["update"], outcome.done["gone"], outcome.done["create"]) == (1, 1, 0)
    found = {remote.fields["title"]: remote.fields for remote in opened.tracker.read([opened.case.place], {})}
    if "due" in opened.tracker.keeps:
        assert found["Do người sửa"]["due"] == "2026-07-31"
    assert "31/7/2026" in str(found["Do người sửa"]["notes"])
    assert [str(fields["notes"]).startswith(GONE_NOTICE) for title, fields in found.items() if str(title).startswith("Bố trí")] == [True]
    before = len(writes(opened))
    sent(corpus, opened.tracker, opened.tracker.settings)
    assert len(writes(opened)) == before


def test_a_receiver_is_told_each_change_once(corpus: Corpus) -> None:
    events: list[tuple[str, str]] = []

    def take(request: httpx.Request) -> httpx.Response:
        events.append((request.headers["webhook-id"], request.content.decode()))
        return httpx.Response(204)

    settings = TargetSettings.model_validate({"kind": "webhook", "url": "https://nhan.example.vn", "per_second": 1000})
    target = webhook.Tracker("theo-doi", settings, secret="x", transport=httpx.MockTransport(take))
    first, second = RECORD, plan_record([REVIEW_LISTS.replace("30/6/2026", "31/7/2026"), WEEKLY, BUDGET])
    assert sent(corpus, target, settings).done == {"create": 3}
    for record in (second, first, second):
        parse_again(corpus, RECORD, record)
        assert sent(corpus, target, settings).done == {"update": 1, "unchanged": 2}
        assert sent(corpus, target, settings).done == {"unchanged": 3}
    parse_again(corpus, RECORD, plan_record([REVIEW_LISTS.replace("30/6/2026", "31/7/2026"), WEEKLY]))
    assert sent(corpus, target, settings).done == {"gone": 1, "unchanged": 2}
    assert len(events) == len({name for name, _ in events}) == 7
    assert ['"task.gone"' in body for _, body in events] == [False] * 6 + [True]
