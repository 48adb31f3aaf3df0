"""A run on a cluster: inputs are listed here, actors on Ray parse them in chunks, a dataset holds what comes out.

Nothing is shared while it runs: a chunk whose actor or machine dies is parsed again by another one, and gives the same files.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import re
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, TypeVar

from docparse.cluster.actor import Chunk, ChunkParser
from docparse.cluster.dataset import Dataset, chunk_name, run_name, write_rows
from docparse.cluster.inputs import Listed, list_inputs
from docparse.cluster.storage import INSTALL, told
from docparse.cluster.tables import arrow_schema
from docparse.cluster.tidy import tidy
from docparse.errors import CorpusError, MissingTool
from docparse.identity import parser_version
from docparse.ingest.ledger import is_settled
from docparse.ingest.pool import Work
from docparse.ingest.run import Options, Report, Summary
from docparse.ingest.work import Parser
from docparse.settings import Settings
from docparse.store.corpus import Entry
from docparse.store.rows import Row

T = TypeVar("T")

INPUTS_OF_A_CHUNK = 200  # at most: what is lost when an actor dies
INPUTS_AT_ONCE = 20_000  # rows that are written at a time
CHUNKS_OF_AN_ACTOR = 4  # at least, where there are so many inputs, so that all end at about the same time
CONNECT_SECONDS = 10.0
OBJECT_STORE_BYTES = 200_000_000  # of a Ray that is started here: only the names of inputs go through it
ANSI = re.compile(r"\x1b\[[0-9;]*m")
ENVIRONMENT = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}  # nothing leaves the machine; no chatter


def ingest_on_ray(
    paths: Sequence[str],
    output: str,
    *,
    settings: Settings,
    options: Options,
    report: Report,
    address: str | None = None,
    actors: int | None = None,
    retry: bool = False,
    parser: Callable[[Settings, str], Work] = Parser,
) -> Summary:
    """Take files, folders, archives and URLs (`s3://`, `gs://`, `file://`) into a dataset and say what became of them.

    Inputs that the dataset knows as final are left as they are; `retry` takes those that failed again. `address` of a Ray cluster, by
    default one is started on this machine for the run. `actors`: documents at a time, by default the cores of the cluster; `options.workers`
    means nothing here. Bytes that two chunks hold are parsed in both: `load` tells which are the same. One run at a time writes a dataset.
    Ctrl-C stops, the same call goes on. Raises MissingFile for a URL that cannot be listed, MissingTool, CorpusError; what was written stays.
    """
    started = time.monotonic()
    settings = settings.model_copy(update={"ocr_jobs": 1})  # the actors are as many as the cores already
    version = parser_version(settings)
    dataset = Dataset(output)
    with dataset.only_writer():
        tidy(dataset)
        plan = _Plan(dataset, version, options, retry=retry)
        for listed in list_inputs(paths):
            plan.take(listed)
        if plan.inputs:
            with _ray(output, address, actors) as ray:
                count = actors or int(ray.cluster_resources().get("CPU", 1))
                chunks = plan.write(actors=count)
                make = {"dataset": dataset, "settings": settings, "options": options, "version": version, "parser": parser}
                _follow(_outcomes(ray, chunks, make, actors=count), dataset, plan.summary, report)
            if not plan.summary.stopped:
                tidy(dataset)
        plan.summary.seconds = time.monotonic() - started
        return plan.summary


class _Plan:
    """What there is to do: `inputs` with their places in the order of all that the dataset was ever given."""

    def __init__(self, dataset: Dataset, version: str, options: Options, *, retry: bool) -> None:
        self._dataset, self._version, self._options, self._retry = dataset, version, options, retry
        with dataset.errors():
            self._known = dataset.known()
            self._run = 1 + max((int(name[len("part-") :][:6]) for name in (*dataset.runs(), *dataset.chunks())), default=0)
        self._next = 1 + max((entry.id for entry in self._known.values()), default=-1)
        self._new: list[Row] = []
        self._taken: set[str] = set()
        self.inputs: list[tuple[int, Listed]] = []
        self.summary = Summary()

    def take(self, listed: Listed) -> None:
        """Take an input in, or count it as known."""
        entry = self._known.get(listed.location)
        if listed.location in self._taken or (entry and self._is_settled(entry, listed)):
            self.summary.inputs["failed before" if entry and entry.status == "failed" else "known"] += 1
            return
        self._taken.add(listed.location)
        position = entry.id if entry else self._next
        if not entry:
            self._new.append({"position": position, "location": listed.location})
            self._next += 1
        self.inputs.append((position, listed))

    def _is_settled(self, entry: Entry, listed: Listed) -> bool:
        if self._retry and entry.status == "failed":
            return False
        return is_settled(entry, listed.size, listed.modified, parser=self._version, reparse=self._options.reparse)

    def write(self, *, actors: int) -> list[Chunk]:
        """Put the new inputs into the dataset, so that their order stays, and say which chunks are to be parsed."""
        from pyarrow.parquet import ParquetWriter

        with TemporaryDirectory() as folder:
            path = Path(folder) / "inputs.parquet"
            with ParquetWriter(path, arrow_schema("inputs"), compression="zstd") as writer:
                for rows in batched(self._new, INPUTS_AT_ONCE):
                    write_rows(writer, "inputs", rows)
            with self._dataset.errors():
                self._dataset.put(path, "inputs", run_name(self._run))
        self.inputs.sort(key=lambda taken: taken[0])
        size = max(1, min(INPUTS_OF_A_CHUNK, len(self.inputs) // (actors * CHUNKS_OF_AN_ACTOR)))
        return [Chunk(chunk_name(self._run, taken[0][0]), tuple(taken)) for taken in batched(self.inputs, size)]


def batched(values: list[T], size: int) -> Iterator[list[T]]:
    """Lists of so many values.

    >>> list(batched([1, 2, 3], 2))
    [[1, 2], [3]]
    """
    return (values[start : start + size] for start in range(0, len(values), size))


@contextmanager
def _ray(output: str, address: str | None, actors: int | None) -> Iterator[ModuleType]:
    """Ray, connected to a cluster, or to one that is started here and ends with the run. One that is connected already is used as it is."""
    os.environ.update({name: os.environ.get(name, value) for name, value in ENVIRONMENT.items()})
    if not address and "RAY_AUTH_MODE" not in os.environ and "ray" not in sys.modules:  # it looks when it is loaded
        # a token for this run: else Ray leaves one in the home folder, and later clusters of the user ask for it
        os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN=secrets.token_hex(32))
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingTool(output, "needs Ray", hint=INSTALL) from error
    if ray.is_initialized():
        yield ray
        return
    here: dict[str, Any] = {"num_cpus": actors or os.cpu_count(), "include_dashboard": False, "object_store_memory": OBJECT_STORE_BYTES}
    try:
        if found := re.fullmatch(r"(?:ray://)?(.+):(\d+)", address or ""):  # Ray itself would try for minutes
            socket.create_connection((found[1], int(found[2])), timeout=CONNECT_SECONDS).close()
        ray.init(address or "local", logging_level=logging.ERROR, log_to_driver=False, **({} if address else here))
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        hint = "Start one with ray start --head, or leave the address out. One that asks for a token needs RAY_AUTH_MODE=token and RAY_AUTH_TOKEN."
        raise CorpusError(address or "ray", f"is no Ray that can be used ({told(error)[:300]})", hint=hint) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _outcomes(ray: ModuleType, chunks: list[Chunk], make: dict[str, Any], *, actors: int) -> Iterator[dict[str, Any]]:
    """What became of each chunk, as they are done. An actor that dies is begun anew, and its chunk with it."""
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    items = [{"chunk": pickle.dumps(chunk)} for chunk in chunks]
    pool = ray.data.ActorPoolStrategy(size=min(actors, len(items)), max_tasks_in_flight_per_actor=1)
    data = ray.data.from_items(items, override_num_blocks=len(items))
    for row in data.map(ChunkParser, fn_constructor_kwargs=make, compute=pool, num_cpus=1).iter_rows():
        yield json.loads(row["outcome"])


def _follow(outcomes: Iterator[dict[str, Any]], dataset: Dataset, summary: Summary, report: Report) -> None:
    """Count what is done until all is, or until Ctrl-C."""
    from ray.exceptions import RayError

    report.update(summary, [])
    try:
        for outcome in outcomes:
            if error := outcome.get("error"):
                raise CorpusError(error["filename"], error["reason"], hint=error["hint"])
            summary.inputs.update(outcome["inputs"])
            summary.pages += outcome["pages"]
            for location, message in outcome["failures"]:
                report.failed(location, message)
            report.update(summary, [])
    except KeyboardInterrupt:
        summary.stopped = True
    except RayError as error:
        reason = ANSI.sub("", str(error)).strip().splitlines()[-1:] or [type(error).__name__]
        raise CorpusError(dataset.where, f"was given up by Ray ({reason[0].strip()})", hint="The same command goes on.") from error
