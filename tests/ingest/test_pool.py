"""A pool answers for every task, whatever happens to its workers."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest

from docparse.ingest import pool as pools
from docparse.ingest.pool import Done, Lost, Pool

MB = 1 << 20
KILLS = 10
RESULT = 200_000  # bytes: more than a message that is written at once


class Echo:
    """Gives a number back with a long tail; negative ones end the worker."""

    def __init__(self, length: int = RESULT) -> None:
        self.length = length

    def __call__(self, task: int, on_page: Callable[[int], None]) -> tuple[int, int, bytes]:
        on_page(task)
        if task < 0:
            os._exit(3)
        return task, os.getpid(), bytes(self.length)


class Sleeper:
    """Never answers a task that is not even."""

    def __call__(self, task: int, on_page: Callable[[int], None]) -> int:
        while task % 2:
            signal.pause()
        return task


def drain(pool: Pool, tasks: list[int], *, meanwhile: Callable[[], None] = lambda: None) -> list[Done | Lost]:
    """Give all tasks to a pool as it has room; what became of them."""
    left, found = list(reversed(tasks)), []
    while left or pool.running:
        while left and pool.has_room:
            pool.submit(left.pop())
        found += pool.wait(0.05)
        meanwhile()
    return found


def test_each_task_is_done_once() -> None:
    with Pool(Echo, workers=2, timeout=60, memory=1024 * MB) as pool:
        found = drain(pool, list(range(60)))
    assert sorted(outcome.task for outcome in found) == list(range(60))
    assert all(isinstance(outcome, Done) and outcome.result[0] == outcome.task for outcome in found)


@pytest.mark.parametrize("seed", range(4))
def test_workers_killed_at_random(seed: int) -> None:
    chance = random.Random(seed)
    with Pool(Echo, workers=2, timeout=60, memory=1024 * MB) as pool:
        killed: list[int] = []

        def kill() -> None:
            workers = [worker.process.pid for worker in pool._workers if worker.process.pid]
            if workers and len(killed) < KILLS and chance.random() < 0.1:
                killed.append(chance.choice(workers))
                with suppress(ProcessLookupError):  # it was killed before, and the pool has not noticed yet
                    os.kill(killed[-1], signal.SIGKILL)

        found = drain(pool, list(range(400)), meanwhile=kill)
    assert sorted(outcome.task for outcome in found) == list(range(400))
    lost = [outcome for outcome in found if isinstance(outcome, Lost)]
    assert len(killed) == KILLS
    assert len(lost) <= KILLS // 2  # a task is lost when its worker dies twice
    assert {outcome.reason for outcome in lost} <= {"crash"}


def test_task_that_ends_its_worker_is_tried_twice() -> None:
    with Pool(Echo, workers=1, timeout=60, memory=1024 * MB) as pool:
        found = drain(pool, [1, -7, 2])
    outcomes = {outcome.task: outcome for outcome in found}
    lost = outcomes[-7]
    assert isinstance(lost, Lost)
    assert (lost.reason, lost.detail, lost.page) == ("crash", "ended its worker twice (exit status 3)", -7)
    assert isinstance(outcomes[1], Done)
    assert isinstance(outcomes[2], Done)


def test_task_that_takes_too_long_costs_only_itself() -> None:
    with Pool(Sleeper, workers=2, timeout=0.5, memory=1024 * MB) as pool:
        found = drain(pool, [0, 1, 2, 3, 4])
    assert {outcome.task: type(outcome) for outcome in found} == {0: Done, 1: Lost, 2: Done, 3: Lost, 4: Done}
    assert Counter(outcome.reason for outcome in found if isinstance(outcome, Lost)) == Counter(timeout=2)


def test_result_that_does_not_fit_into_memory() -> None:
    with Pool(partial(Echo, 4096 * MB), workers=1, timeout=60, memory=1024 * MB) as pool:
        (outcome,) = drain(pool, [1])
    assert isinstance(outcome, Lost)
    assert (outcome.reason, outcome.detail) == ("memory", "needs more than 1,024 MB of memory")


def test_workers_are_replaced_by_fresh_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "DOCUMENTS_OF_A_WORKER", 5)
    with Pool(partial(Echo, 10), workers=1, timeout=60, memory=1024 * MB) as pool:
        found = drain(pool, list(range(12)))
    assert [outcome.task for outcome in found] == list(range(12))
    by_worker = Counter(outcome.result[1] for outcome in found if isinstance(outcome, Done))
    assert sorted(by_worker.values()) == [2, 5, 5]


def test_worker_that_has_waited_long_is_not_taken_for_one_that_does_not_begin() -> None:
    with Pool(partial(Echo, 10), workers=1, timeout=60, memory=1024 * MB) as pool:
        assert [type(outcome) for outcome in drain(pool, [1])] == [Done]
        (worker,) = pool._workers
        worker.expected -= 1000
        pool.submit(2)
        assert [type(outcome) for outcome in drain(pool, [])] == [Done]
        assert pool._workers == [worker]


def test_pool_leaves_no_process_behind() -> None:
    with Pool(Sleeper, workers=2, timeout=60, memory=1024 * MB) as pool:
        for task in (1, 3):
            pool.submit(task)
        list(pool.wait(0.05))
        pids = [worker.process.pid for worker in pool._workers]
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid or 0, 0)
