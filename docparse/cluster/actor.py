"""An actor: parses chunks of inputs in a worker process that it keeps, as a local run does, and writes each into the dataset."""

from __future__ import annotations

import atexit
import json
import pickle
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from docparse.cluster.dataset import Dataset
from docparse.cluster.inputs import Listed, open_input
from docparse.cluster.ledger import ChunkLedger
from docparse.errors import CorpusError, DocparseError
from docparse.identity import parser_version
from docparse.ingest.pool import Pool, Work
from docparse.ingest.process import new_folder
from docparse.ingest.progress import Quiet
from docparse.ingest.run import PRELOADED, Input, Options, Run
from docparse.settings import Settings


@dataclass(frozen=True, slots=True)
class Chunk:
    """Inputs that are parsed by one actor and become one part of the dataset, each with its place in the order of all inputs."""

    name: str
    inputs: tuple[tuple[int, Listed], ...]


class _Failures(Quiet):
    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def failed(self, location: str, message: str) -> None:
        self.found.append((location, message))


class ChunkParser:
    """What Ray makes an actor of. `version` is that of the parser where the run was started: this machine must have the same one."""

    def __init__(self, dataset: Dataset, settings: Settings, options: Options, version: str, parser: Callable[[Settings, str], Work]) -> None:
        sys.modules["__main__"].__file__ = None  # Ray's own program, which worker processes would load with all of Ray
        self._dataset, self._settings, self._version = dataset, settings, version
        self._options = replace(options, workers=1, reparse=False)
        make_work = partial(parser, settings, version)
        self._pool = Pool(make_work, workers=1, timeout=options.timeout, memory=options.memory << 20, preload=PRELOADED)
        atexit.register(self.close)  # before multiprocessing waits for its processes

    def close(self) -> None:
        """Stop the worker process."""
        self._pool.__exit__()

    def __call__(self, row: dict[str, Any]) -> dict[str, str]:
        """Parse a chunk and say what became of its inputs. Errors are told, not raised: Ray would wrap them."""
        try:
            outcome = self._parse(pickle.loads(row["chunk"]))
        except DocparseError as error:
            outcome = {"error": {"filename": error.filename, "reason": error.reason, "hint": error.hint}}
        return {"outcome": json.dumps(outcome)}

    def _parse(self, chunk: Chunk) -> dict[str, Any]:
        here = parser_version(self._settings)
        if here != self._version:
            reason = f"was to be parsed by docparse {self._version}, but a machine of the cluster has {here}"
            raise CorpusError(self._dataset.where, reason, hint="Install the same docparse on all machines.")
        failures, folder = _Failures(), new_folder()
        try:
            ledger = ChunkLedger({listed.location: position for position, listed in chunk.inputs}, folder)
            run = Run(ledger, self._pool, self._settings, self._options, failures, self._version, folder, threading.Event(), only=None)
            run.take_all(self._open(chunk, folder))
            ledger.publish(self._dataset, chunk.name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return {"inputs": run.summary.inputs, "pages": run.summary.pages, "failures": failures.found}

    def _open(self, chunk: Chunk, folder: Path) -> Iterator[Input]:
        for _, listed in chunk.inputs:
            try:
                opened = open_input(listed, folder)
            except OSError as error:
                hint = "Free space there, or set TMPDIR."
                raise CorpusError(str(folder), f"cannot hold what is fetched ({error.strerror})", hint=hint) from error
            yield opened
