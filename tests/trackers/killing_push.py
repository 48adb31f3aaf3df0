"""A push that is killed (SIGKILL) at a certain call to the tracker, before it is sent or after it was answered; and what is left then."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import httpx

from docparse.store.corpus import Corpus
from docparse.trackers.items import Target
from docparse.trackers.mapping import TargetSettings
from docparse.trackers.push import Outcome, plan_push, push
from docparse.trackers.tracked import tracked_tasks

OpenTarget = Callable[[httpx.BaseTransport], Target]


class Counting(httpx.HTTPTransport):
    """Counts calls, and ends the process at one of them."""

    def __init__(self, kill_at: int | None = None, *, after: bool = False) -> None:
        super().__init__()
        self.calls, self.kill_at, self.after = 0, kill_at, after

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.calls == self.kill_at and not self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        response = super().handle_request(request)
        if self.calls == self.kill_at:
            response.read()
            os.kill(os.getpid(), signal.SIGKILL)
        return response


def push_once(path: Path, settings: TargetSettings, target: Target) -> Outcome:
    """One run, to its end."""
    corpus = Corpus(str(path))
    plan = plan_push(corpus, tracked_tasks(corpus), target, name="tracker", settings=settings)
    outcome = push(corpus, plan, target, name="tracker")
    corpus.close()
    return outcome


def count_calls(path: Path, settings: TargetSettings, open_target: OpenTarget) -> int:
    """How many calls a run makes."""
    transport = Counting()
    push_once(path, settings, open_target(transport))
    return transport.calls


def push_and_be_killed(path: Path, settings: TargetSettings, open_target: OpenTarget, *, at: int, after: bool) -> None:
    """A run in a process of its own, which is killed at a call; one that makes fewer calls comes to its end."""

    def run() -> None:
        push_once(path, settings, open_target(Counting(at, after=after)))

    child = get_context("fork").Process(target=run)
    child.start()
    child.join(60)
    assert child.exitcode in {0, -signal.SIGKILL}
