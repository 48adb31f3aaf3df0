"""Twenty runs that are killed between any two calls to a real server: each task is there exactly once in the end."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import httpx
import pytest
import redminelib
from killing_push import count_calls, push_and_be_killed, push_once
from radicale_server import Radicale
from redmine_server import Redmine, free_project
from task_corpus import BUDGET, REVIEW_LISTS, WEEKLY, corpus_of, plan_record

from docparse.trackers.items import Target
from docparse.trackers.mapping import TargetSettings
from docparse.trackers.targets.caldav import Tracker as CalDav
from docparse.trackers.targets.redmine import Tracker as InRedmine

ROUNDS = 20
Opened = Callable[[TargetSettings, httpx.BaseTransport], Target]
EXPECTED = Counter(
    {
        "Kế hoạch số 47/KH-SYT ngày 12/3/2026: Phòng, chống dịch bệnh năm 2026": 1,
        "Rà soát danh sách ổ dịch, hoàn thành trước ngày 30/6/2026": 1,
        "Báo cáo số ca mắc về Sở Y tế trước thứ Năm hằng tuần": 1,
        "Bố trí kinh phí mua hóa chất theo Quyết định số 2760/QĐ-BYT ngày 04 tháng 7 năm 2023 của Bộ Y tế": 1,
    }
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    corpus_of(tmp_path / "corpus.db", plan_record([REVIEW_LISTS, WEEKLY, BUDGET])).close()
    return tmp_path / "corpus.db"


def kill(corpus: Path, settings_of: Callable[[str], TargetSettings], opened: Opened, titles: Callable[[str], Iterable[str]]) -> None:
    """Rounds of a run that is killed and one that is not, each into a place of its own; the last place then needs nothing more."""
    chance = random.Random(20261128)

    def copy(number: int) -> Path:
        path = corpus.with_name(f"{number}.db")
        shutil.copy(corpus, path)
        return path

    settings = settings_of("whole")
    calls = count_calls(copy(-1), settings, lambda transport: opened(settings, transport))
    assert calls > len(EXPECTED)
    killed = set()
    for number in range(ROUNDS):
        path, settings = copy(number), settings_of(f"round-{number}")
        at = chance.randint(1, calls)
        killed.add(at)
        push_and_be_killed(path, settings, lambda transport, own=settings: opened(own, transport), at=at, after=chance.random() < 0.5)
        last = opened(settings, httpx.HTTPTransport())
        push_once(path, settings, last)
        assert Counter(titles(str(settings.place))) == EXPECTED
    assert push_once(path, settings, last).done == {"unchanged": 4}
    assert len(killed) >= calls / 2


def test_caldav(calendars: Radicale, corpus: Path) -> None:
    def settings_of(place: str) -> TargetSettings:
        calendars.make_calendar(place)
        return TargetSettings(kind="caldav", url=calendars.url, user=calendars.user, place=place, per_second=1000)

    def titles(place: str) -> list[str]:
        todos = calendars.principal().calendar(name=place).todos(include_completed=True)
        return [str(todo.icalendar_component["summary"]) for todo in todos]

    kill(corpus, settings_of, lambda own, transport: CalDav("tracker", own, secret=calendars.password, transport=transport), titles)


def test_redmine(redmine: Redmine, corpus: Path) -> None:
    def settings_of(place: str) -> TargetSettings:
        return TargetSettings(kind="redmine", url=redmine.url, place=free_project(), per_second=1000)

    def titles(place: str) -> list[str]:
        found = redminelib.Redmine(redmine.url, key=redmine.key).issue.filter(project_id=place, status_id="*")
        return [issue.subject for issue in found]

    kill(corpus, settings_of, lambda own, transport: InRedmine("tracker", own, secret=redmine.key, transport=transport), titles)
