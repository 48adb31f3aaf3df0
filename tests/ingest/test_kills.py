"""Whatever is killed at whatever moment: the next run goes on, and the end state is that of an undisturbed run."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from conftest import CORPUS, PLAN, encrypted_pdf
from corpora import problems, state, statuses

from docparse.ingest.process import FOLDER_PREFIX
from docparse.store.corpus import Corpus
from docparse.store.journal import rows_with
from docparse.store.schema import STATUSES

ROUNDS = 20
ENVIRONMENT = {**os.environ, "DOCPARSE_OCR": "false"}


def command(corpus: Path, *paths: Path) -> list[str]:
    return [sys.executable, "-m", "docparse", "ingest", *map(str, paths), "--corpus", str(corpus), "--workers", "2"]


def start(corpus: Path, *paths: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command(corpus, *paths), env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(corpus: Path, *paths: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command(corpus, *paths), env=ENVIRONMENT, capture_output=True, check=False, timeout=120)


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(entry.name))
    return sorted(found)


def workers(pid: int) -> list[int]:
    """The worker processes of a run: children of its fork server."""
    return [worker for child in children(pid) for worker in children(child)]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until_workers(process: subprocess.Popen[bytes]) -> float:
    """Wait until a run has worker processes; the time at which it has."""
    while process.poll() is None and not workers(process.pid):
        pass
    assert process.poll() is None
    return time.monotonic()


def until(process: subprocess.Popen[bytes], moment: float) -> None:
    """Wait until a moment, or until the run ends before it."""
    while process.poll() is None and time.monotonic() < moment:
        pass


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents in a folder and in an archive, some of the same bytes; damaged, cut off and locked ones, a bomb, a picture, a name in no UTF-8."""
    folder = tmp_path_factory.mktemp("inputs") / "in"
    folder.mkdir()
    for path in sorted([*CORPUS.glob("documents/*.txt"), *CORPUS.glob("documents/*.docx"), *CORPUS.glob("documents/gm-*.pdf")]):
        shutil.copy(path, folder)
    (folder / "damaged.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    whole = (folder / "gm-ubnd-phuong.pdf").read_bytes()
    (folder / "cut.pdf").write_bytes(whole[: len(whole) * 3 // 4])
    encrypted_pdf(folder / "locked.pdf")
    (folder / os.fsdecode(b"kh\xff.txt")).write_text(PLAN, encoding="utf-8")
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", bytes(50_000_000))
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        for number in range(1, 9):
            archive.writestr(f"{number}.txt", PLAN.replace("47/KH", f"{number}/KH"))
        archive.write(folder / "gm-ubnd-phuong.pdf", "again.pdf")
        archive.write(folder / "kh-ubnd-xa.txt", "again.txt")
    return folder


@pytest.fixture(scope="module")
def undisturbed(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus of a run that nothing disturbs."""
    corpus = tmp_path_factory.mktemp("undisturbed") / "c.db"
    result = finish(corpus, inputs)
    assert result.returncode == 1
    assert Counter(status for status, _ in statuses(corpus).values()) == Counter(parsed=26, same=2, archive=2, skipped=1, failed=3)
    return corpus


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_worker_and_parent_killed_at_random(inputs: Path, undisturbed: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    corpus = tmp_path / "c.db"
    process = start(corpus, inputs)
    kill_worker, kill_parent = (chance.uniform(0.0, 1.0) for _ in range(2))
    begun = until_workers(process)
    if kill_worker < kill_parent:
        until(process, begun + kill_worker)
        for worker in chance.sample(workers(process.pid), 1):
            os.kill(worker, signal.SIGKILL)
    until(process, begun + kill_parent)
    left = [*children(process.pid), *workers(process.pid)]
    process.kill()
    process.communicate()
    assert finish(corpus, inputs).returncode == 1
    assert state(corpus) == state(undisturbed)
    assert problems(corpus) == []
    assert [pid for pid in left if is_alive(pid)] == []
    assert list(Path(os.environ.get("TMPDIR", "/tmp")).glob(f"{FOLDER_PREFIX}{process.pid}-*")) == []


def test_every_worker_killed_again_and_again(inputs: Path, undisturbed: Path, tmp_path: Path) -> None:
    """A document whose worker is killed twice is failed, and retried by name; nothing else suffers."""
    corpus = tmp_path / "c.db"
    process = start(corpus, inputs)
    begun = until_workers(process)
    killed: set[int] = set()
    while process.poll() is None and time.monotonic() - begun < 1.0:
        for worker in set(workers(process.pid)) - killed:
            killed.add(worker)
            os.kill(worker, signal.SIGKILL)
    assert process.wait(timeout=120) == 1
    process.communicate()
    assert killed
    assert set(statuses(corpus)) == set(statuses(undisturbed))
    subprocess.run(
        [sys.executable, "-m", "docparse", "retry", "--corpus", str(corpus)], env=ENVIRONMENT, capture_output=True, check=False, timeout=120
    )
    assert kept(corpus) == kept(undisturbed)
    assert problems(corpus) == []


def kept(corpus: Path) -> dict[str, object]:
    """What became of each input; of two with the same bytes, retry may take the other one first."""
    return {name: "in the corpus" if status[0] in ("parsed", "same") else status for name, status in statuses(corpus).items()}


def test_every_real_file_is_accounted_for(shared: Path, tmp_path: Path) -> None:
    folders = [shared / "unlabelled", shared / "gold" / "inputs"]
    finish(tmp_path / "c.db", *folders)
    corpus = Corpus(str(tmp_path / "c.db"))
    rows = list(rows_with(corpus, STATUSES))
    corpus.close()
    assert [row["location"] for row in rows] == [str(path) for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    assert {row["status"] for row in rows} <= {"parsed", "failed"}
    assert {row["code"] for row in rows} <= {None, "missing_tool"}  # LibreOffice, for .doc
    assert problems(tmp_path / "c.db") == []


def test_ctrl_c_stops_cleanly(inputs: Path, undisturbed: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "c.db"
    process = start(corpus, inputs)
    until_workers(process)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130, said
    assert said.decode().splitlines()[-1] == "docparse: stopped; the same command goes on."
    assert finish(corpus, inputs).returncode == 1
    assert state(corpus) == state(undisturbed)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [("*", "cannot hold what is unpacked (File too large). Free space there"), ("*.txt", "c.db: cannot be used (disk I/O error). Check the path")],
)
def test_disk_full(inputs: Path, tmp_path: Path, pattern: str, said: str) -> None:
    """No file can grow over 600 kB: the run ends with one clear line, and goes on when there is room."""
    paths = sorted(inputs.glob(pattern))
    corpus, undisturbed = tmp_path / "c.db", tmp_path / "undisturbed.db"
    limit = (600_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    result = subprocess.run(
        command(corpus, *paths),
        env=ENVIRONMENT,
        capture_output=True,
        check=False,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    assert result.returncode == 13
    assert said in result.stderr.decode().splitlines()[-1]
    assert problems(corpus) == []
    assert finish(corpus, *paths).returncode == finish(undisturbed, *paths).returncode
    assert state(corpus) == state(undisturbed)
    assert problems(corpus) == []


def test_read_only_target(inputs: Path) -> None:
    result = finish(Path("/proc/corpus.db"), inputs)
    assert result.returncode == 13
    assert result.stderr.decode() == (
        "docparse: /proc/corpus.db: cannot be used (unable to open database file). Check the path or URL, the permissions and free space.\n"
    )


def test_two_runs_at_once(inputs: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    corpus = Corpus(str(path), create=True)
    with corpus.write():
        second = finish(path, inputs)
    corpus.close()
    assert second.returncode == 13
    assert second.stderr.decode() == f"docparse: {path}: is being written by another docparse. Wait until it has finished.\n"
