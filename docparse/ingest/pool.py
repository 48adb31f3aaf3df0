"""Worker processes that hostile documents may hang, crash or swell: each such document costs only itself.

Each worker has a pipe of its own and shares no lock with the others, so that it can be killed at any moment without harm to them; shared
channels, as pools in libraries have, are left locked or with half a message in them.
"""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from typing import Any, Literal, Protocol

PIPE_BYTES = 1 << 20
AHEAD = 2  # tasks that a worker has: the one it does, and the next, so that it does not wait for the parent
DOCUMENTS_OF_A_WORKER = 500  # after these it is replaced by a fresh one
START_SECONDS = 120.0  # for a worker to load what it needs before its first task

DYING_SECONDS = 1.0  # between the end of a worker's pipe and that of its process, by which its exit status is known

Reason = Literal["timeout", "memory", "crash"]


class Work(Protocol):
    """What a worker does with a task; it is told a function to report pages with. It is made in the worker."""

    def __call__(self, task: Any, on_page: Callable[[int], None]) -> Any:
        """The result of a task, which must be picklable."""


@dataclass(frozen=True, slots=True)
class Done:
    """A task that was done."""

    task: Any
    result: Any
    seconds: float


@dataclass(frozen=True, slots=True)
class Lost:
    """A task whose worker was stopped or died. `page`: the last page it had begun; `detail` for people."""

    task: Any
    reason: Reason
    detail: str
    page: int | None
    seconds: float


@dataclass(slots=True)
class _Worker:
    process: ForkServerProcess
    pipe: Connection  # from the worker
    orders: Connection  # to it
    tasks: deque[Any] = field(default_factory=deque)
    begun: float | None = None  # when the first of `tasks` was begun; None while the worker loads or has none
    page: int | None = None
    given: int = 0
    expected: float = field(default_factory=time.monotonic)  # since when it might have begun its first task


class Pool:
    """A few worker processes. Use it as a context manager: at the end all are stopped.

    `make_work` is called in each worker, once; `memory` is the limit of its address space in bytes, `timeout` that of a task in seconds.
    """

    def __init__(self, make_work: Callable[[], Work], *, workers: int, timeout: float, memory: int, preload: Sequence[str] = ()) -> None:
        self._make_work, self._size, self._timeout, self._memory = make_work, workers, timeout, memory
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        self._workers: list[_Worker] = []
        self._again: deque[Any] = deque()  # tasks behind one that was lost
        self._tried: set[int] = set()  # ids of task objects whose worker has died once

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            self._kill(worker)
        self._workers.clear()

    @property
    def has_room(self) -> bool:
        """Whether a further task would soon be begun."""
        return not self._again and len(self.running) < self._size * AHEAD

    @property
    def running(self) -> list[Any]:
        """Tasks that are with workers or will go to one again."""
        return [*(task for worker in self._workers for task in worker.tasks), *self._again]

    @property
    def current(self) -> list[Any]:
        """Tasks that are being done now."""
        return [worker.tasks[0] for worker in self._workers if worker.tasks]

    def submit(self, task: Any) -> None:
        """Give a task to the worker that has the fewest."""
        idle = [worker for worker in self._workers if worker.given < DOCUMENTS_OF_A_WORKER and len(worker.tasks) < AHEAD]
        if len(self._workers) < self._size and all(worker.tasks for worker in idle):
            idle = [self._start()]
        worker = min(idle, key=lambda worker: len(worker.tasks), default=None)
        if worker is None:
            self._again.append(task)
            return
        try:
            worker.orders.send(task)
        except OSError:  # it has just died: its end is dealt with in `wait`
            self._again.append(task)
            return
        if not worker.tasks:
            worker.expected = time.monotonic()
        worker.given += 1
        worker.tasks.append(task)

    def wait(self, seconds: float) -> Iterator[Done | Lost]:
        """What has been done or lost, after at most so many seconds."""
        for _ in range(len(self._again)):
            self.submit(self._again.popleft())
        ready = wait([worker.pipe for worker in self._workers], timeout=max(0.0, min(seconds, self._nearest_deadline())))
        for worker in [worker for worker in self._workers if worker.pipe in ready]:
            yield from self._receive(worker)
        for worker in list(self._workers):
            if worker.begun is not None and time.monotonic() > worker.begun + self._timeout:
                yield from self._lose(worker, "timeout", f"was stopped after {self._timeout:g} seconds")
            elif worker.begun is None and worker.tasks and time.monotonic() > worker.expected + START_SECONDS + self._timeout:
                yield from self._lose(worker, "timeout", "its worker did not begin")

    def _nearest_deadline(self) -> float:
        begun = [worker.begun for worker in self._workers if worker.begun is not None]
        return min(begun) + self._timeout - time.monotonic() if begun else self._timeout

    def _start(self) -> _Worker:
        results, answer = self._context.Pipe(duplex=False)
        tasks, orders = self._context.Pipe(duplex=False)
        with suppress(AttributeError, OSError):
            fcntl.fcntl(answer.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)  # a whole result fits: the worker goes on with its next task
        process = self._context.Process(target=_serve, args=(tasks, answer, self._make_work, self._memory), daemon=False)
        process.start()
        tasks.close()
        answer.close()
        worker = _Worker(process, results, orders)
        self._workers.append(worker)
        return worker

    def _receive(self, worker: _Worker) -> Iterator[Done | Lost]:
        try:
            kind, value = worker.pipe.recv()
        except (EOFError, OSError):
            yield from self._lose(worker, "crash", "")
            return
        if kind == "begun":
            worker.begun, worker.page = time.monotonic(), None
        elif kind == "page":
            worker.page = value
        elif kind == "memory":
            yield from self._lose(worker, "memory", f"needs more than {self._memory / 2**20:,.0f} MB of memory")
        else:
            task, seconds = worker.tasks.popleft(), self._age(worker)
            self._tried.discard(id(task))
            worker.begun, worker.expected = None, time.monotonic()
            yield Done(task, value, seconds)
            if worker.given >= DOCUMENTS_OF_A_WORKER and not worker.tasks:
                self._workers.remove(worker)
                self._kill(worker)

    def _age(self, worker: _Worker) -> float:
        return time.monotonic() - worker.begun if worker.begun is not None else 0.0

    def _lose(self, worker: _Worker, reason: Reason, detail: str) -> Iterator[Lost]:
        """Replace a worker. A crash is tried once more, for it may have come from outside."""
        self._workers.remove(worker)
        if reason == "crash":
            worker.process.join(DYING_SECONDS)
        self._kill(worker)
        if not worker.tasks:
            return
        task = worker.tasks.popleft()
        self._again.extendleft(reversed(worker.tasks))
        if reason == "crash" and id(task) not in self._tried:
            self._tried.add(id(task))
            self._again.appendleft(task)
            return
        self._tried.discard(id(task))
        yield Lost(task, reason, detail or f"ended its worker twice ({_ending(worker.process.exitcode)})", worker.page, self._age(worker))

    def _kill(self, worker: _Worker) -> None:
        """Stop a worker with the programs that it has started."""
        assert worker.process.pid
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(worker.process.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        worker.orders.close()


def _ending(code: int | None) -> str:
    return signal.Signals(-code).name if code is not None and code < 0 else f"exit status {code}"


def _serve(tasks: Connection, answer: Connection, make_work: Callable[[], Work], memory: int) -> None:
    """The life of a worker."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    lock = threading.Lock()

    def send(kind: str, value: Any = None) -> None:
        with lock:
            answer.send((kind, value))

    work = make_work()
    with suppress(EOFError, OSError):
        while True:
            task = tasks.recv()
            send("begun")
            try:
                result = work(task, lambda page: send("page", page))
                send("done", result)
            except MemoryError:
                send("memory")
                os._exit(1)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os.killpg(0, signal.SIGKILL)
