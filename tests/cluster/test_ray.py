"""A real Ray: actors and runs that are killed change nothing; what comes out is what a local run gives, byte for byte."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clusters import SETTINGS, ingested, loaded, make_inputs, on_ray, plan, table
from corpora import problems, state, statuses

from docparse.cluster.dataset import Dataset
from docparse.cluster.run import _follow
from docparse.errors import CorpusError
from docparse.ingest.progress import Quiet
from docparse.ingest.run import Summary
from docparse.pipeline import parse_file

HERE = Path(__file__).parent
pytestmark = [pytest.mark.xdist_group("ray"), pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")]


@pytest.fixture(scope="module")
def bucket() -> Iterator[str | None]:
    """The URL of a bucket of an object storage on this machine, with credentials in the environment; None without moto."""
    try:
        from moto.server import ThreadedMotoServer
    except ImportError:
        yield None
        return
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "made-up")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        from fsspec import filesystem

        filesystem("s3").mkdir("vanban")
        yield "s3://vanban"
    server.stop()


@pytest.fixture(scope="module", autouse=True)
def two_cores(bucket: str | None) -> Iterator[None]:
    """A Ray that the runs use."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_BACKEND_LOG_LEVEL", "fatal")
        if "ray" not in sys.modules:  # it looks when it is loaded; without them it leaves a token in the home folder
            patch.setenv("RAY_AUTH_MODE", "token")
            patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        patch.setenv("PYTHONPATH", os.pathsep.join(str(HERE.parent / name) for name in ("cluster", "ingest")))
        ray = pytest.importorskip("ray")
        ray.init("local", num_cpus=2, include_dashboard=False, logging_level="ERROR", log_to_driver=False, object_store_memory=100_000_000)
        yield
        ray.shutdown()


def test_one_of_two_actors_is_killed_in_the_middle(tmp_path: Path) -> None:
    folder, output, mark = make_inputs(tmp_path / "in"), tmp_path / "out", tmp_path / "killed"
    (folder / "m-kill.txt").write_text(f"{plan(7)}\n@kill-actor {mark}\n", encoding="utf-8")
    summary = on_ray(output, f"file://{folder}", tmp_path / "absent.pdf")
    assert int(mark.read_text(encoding="utf-8")) > 1
    assert summary.total == 34

    journal = table(output, "journal")
    assert len({row["location"] for row in journal}) == len({row["ordinal"] for row in journal}) == len(journal) == 34
    assert {name(row["location"]): row["code"] for row in journal if row["code"]} == {
        "a-crash.txt": "crash",
        "a-raise.txt": "unexpected",
        "absent.pdf": "missing_file",
        "broken.pdf": "damaged",
        "empty.docx": "empty_file",
        "link.txt": "link",
        "old.7z": "foreign_archive",
        "photo.jpg": "no_document",
        "torn.zip": "damaged",
        "year.zip!/inner.zip!/broken.pdf": "damaged",
        "year.zip!/Kế hoạch/empty.txt": "empty_file",
    }
    records = {row["location"]: row["json"] for row in table(output, "records")}
    direct = {location: parse_file(location, settings=SETTINGS).model_dump_json() for location in records if "!/" not in location}
    assert direct.items() <= records.items()
    assert len(direct) >= 15

    locally = ingested(tmp_path / "local.db", folder, tmp_path / "absent.pdf")
    assert loaded(output, tmp_path / "ray.db").inputs == locally.inputs == Counter(parsed=18, same=3, archive=2, failed=8, skipped=3)
    assert state(tmp_path / "ray.db") == state(tmp_path / "local.db")
    assert problems(tmp_path / "ray.db") == []


def test_a_run_that_is_killed_goes_on(tmp_path: Path) -> None:
    folder, output, mark = make_inputs(tmp_path / "in"), tmp_path / "out", tmp_path / "killed"
    started = subprocess.run(
        [sys.executable, "-c", KILLED_RUN, folder / "m-kill.txt", mark, output, folder],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (HERE, HERE.parent, HERE.parent / "ingest")))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (started.returncode, mark.exists()) == (-signal.SIGKILL, True), started.stderr
    done = {row["location"] for row in table(output, "journal") if row["archive"] is None}
    assert 0 < len(done) < 26
    assert len(table(output, "inputs")) == 26
    summary = on_ray(output, folder)
    assert summary.inputs["known"] + summary.inputs["failed before"] == len(done)
    assert len(table(output, "journal")) == len({row["location"] for row in table(output, "journal")}) == 33
    ingested(tmp_path / "local.db", folder)
    loaded(output, tmp_path / "ray.db")
    assert state(tmp_path / "ray.db") == state(tmp_path / "local.db")
    assert sum(on_ray(output, folder).inputs[name] for name in ("known", "failed before")) == 26


KILLED_RUN = """
import os, sys
from pathlib import Path
from clusters import on_ray, plan
document, mark, output, folder = map(Path, sys.argv[1:])
document.write_text(f"{plan(7)} @kill-{os.getpid()} {mark} ", encoding="utf-8")
on_ray(output, folder)
"""


def test_object_storage(tmp_path: Path, bucket: str | None) -> None:
    if bucket is None:
        pytest.skip("moto is not installed")
    from fsspec import filesystem

    folder, note, objects = make_inputs(tmp_path / "in"), tmp_path / "note.md", filesystem("s3")
    (folder / "link.txt").unlink()
    note.write_text(plan(30), encoding="utf-8")
    inputs, output = f"{bucket}/năm 2026", f"{bucket}/out"
    for path in folder.iterdir():
        objects.put_file(str(path), f"{inputs}/{path.name}")
    objects.pipe_file(f"{inputs}/empty folder/", b"")
    objects.put_file(str(note), f"{bucket}/note.md")
    on_ray(output, inputs, f"{bucket}/note.md", f"{bucket}/absent.pdf")
    counts = loaded(output, tmp_path / "ray.db").inputs
    assert (
        ingested(tmp_path / "local.db", folder, note, tmp_path / "absent.pdf").inputs
        == counts
        == Counter(parsed=18, same=3, archive=2, failed=8, skipped=2)
    )
    there, here = state(tmp_path / "ray.db"), state(tmp_path / "local.db")
    assert {table: rows for table, rows in there.items() if table != "journal"} == {table: rows for table, rows in here.items() if table != "journal"}
    assert statuses(tmp_path / "ray.db") == statuses(tmp_path / "local.db")

    objects.put_file(str(folder / "kh-ubnd-xa.txt"), f"{inputs}/a-raise.txt")
    objects.pipe_file(f"{bucket}/note.md", plan(31).encode())  # of the same size
    assert on_ray(output, inputs, f"{bucket}/note.md").inputs == Counter({"known": 19, "failed before": 4, "parsed": 2})
    assert loaded(output, tmp_path / "ray.db").inputs["parsed"] == 1


def test_what_ray_says_is_told_in_one_line(tmp_path: Path) -> None:
    from ray.exceptions import RayError

    def given_up() -> Iterator[dict[str, Any]]:
        raise RayError("The actor died.\n  traceback\n\x1b[36mModuleNotFoundError\x1b[39m: No module named 'docparse'\n")
        yield {}

    with pytest.raises(CorpusError) as caught:
        _follow(given_up(), Dataset(str(tmp_path)), Summary(), Quiet())
    assert str(caught.value) == f"{tmp_path}: was given up by Ray (ModuleNotFoundError: No module named 'docparse'). The same command goes on."


def name(location: str) -> str:
    return location.rsplit("/in/", maxsplit=1)[-1] if "/in/" in location else location.rsplit("/", 1)[-1]
