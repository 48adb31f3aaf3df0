"""Every command and every Python example that the documents show is run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet
from conftest import ROOT, needs_tesseract
from radicale_server import Radicale

DOCUMENTS = ("README.md", "README.vi.md", "CONTRIBUTING.md", "docs/record.md", "docs/annotation.md", "docs/corpus.md", "docs/research.md")
DOCUMENTS += ("docs/trackers.md",)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.S | re.M)
BEFORE = {  # a command and those that are run before it, in the same folder
    "docparse load dataset --corpus loaded.db": ("docparse ingest corpus/documents --engine ray --output dataset --quiet",),
    "docparse account list": ("docparse account add thu --role reviewer",),
    "docparse tasks pull --to theo-doi": ("docparse tasks push --to theo-doi",),
    "docparse tasks review": ("docparse tasks push --to theo-doi --min-confidence 0.99",),
}
RAY_CHATTER = re.compile(r"^\[.* logging\.cc:\d+: Set ray log level from environment variable .*\n", re.M)
TRACKERS = """
[targets.theo-doi]
kind = "caldav"
url = "{url}"
user = "{user}"
calendar = "Theo dõi"
options = {{ create_calendars = true }}
per_second = 1000
"""
INSTALLS = ("git clone", "cd docparse", "pip install", "scripts/demo", "scripts/test", "scripts/benchmark", "scripts/generate")


def blocks(name: str, language: str) -> list[str]:
    return [body for found, body in BLOCK.findall((ROOT / name).read_text(encoding="utf-8")) if found == language]


def commands(name: str) -> list[str]:
    lines = (line.split("  #")[0].strip().removeprefix("$ ") for body in blocks(name, "sh") for line in body.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


COMMANDS = sorted({line for name in DOCUMENTS for line in commands(name)} - {line for before in BEFORE.values() for line in before})
QUERIES = [query for name in DOCUMENTS for body in blocks(name, "sql") for query in body.strip().splitlines()]
PYTHON = [(name, body) for name in DOCUMENTS for body in blocks(name, "python")]


@pytest.fixture(scope="session")
def made_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of the documents."""
    path = tmp_path_factory.mktemp("docs") / "corpus.db"
    subprocess.run([sys.executable, "-m", "docparse", "ingest", ROOT / "corpus/documents", "--corpus", path, "--quiet"], check=True)
    return path


@pytest.fixture
def checkout(tmp_path: Path, made_corpus: Path) -> Path:
    """A folder that looks like the checkout, in which commands may write."""
    shutil.copy(made_corpus, tmp_path)
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    shutil.copytree(ROOT / "corpus" / "gold", tmp_path / "my-gold")
    shutil.copytree(ROOT / "corpus" / "documents", tmp_path / "my-gold" / "inputs")
    (tmp_path / "docs").mkdir()
    return tmp_path


def marked(command: str) -> str | ParameterSet:
    return pytest.param(command, marks=needs_tesseract) if "corpus/scans" in command else command


def serve_until_it_answers(command: str, folder: Path, environment: dict[str, str]) -> None:
    """The site answers, and ends with Ctrl-C; at a free port, so that the usual one may be taken."""
    server = subprocess.Popen(
        [*shlex.split(command), "--port", "0"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    address = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
    assert address
    assert b"docparse" in urllib.request.urlopen(address[0]).read()
    server.send_signal(signal.SIGINT)
    _, told = server.communicate(timeout=60)
    assert (server.returncode, told) == (0, "")


@pytest.mark.parametrize("command", [marked(line) for line in COMMANDS if not line.startswith(INSTALLS)])
def test_command(command: str, checkout: Path, calendars: Radicale) -> None:
    (checkout / "trackers.toml").write_text(TRACKERS.format(url=calendars.url, user=calendars.user), encoding="utf-8")
    environment = {
        **os.environ,
        "DOCPARSE_PASSWORD": "bốn chữ dễ nhớ",
        "DOCPARSE_SECRET_THEO_DOI": calendars.password,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    if command.startswith("scripts/"):
        script = ROOT / command.split(maxsplit=1)[0]
        assert os.access(script, os.X_OK)
        subprocess.run(["bash", "-n", str(script)], check=True)
        return
    assert command.startswith(("docparse ", "python ")), f"no test knows how to run {command!r}"
    if command.startswith("docparse serve"):
        serve_until_it_answers(command, checkout, environment)
        return
    for line in (*BEFORE.get(command, ()), command):
        result = subprocess.run(["bash", "-c", line], cwd=checkout, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        assert RAY_CHATTER.sub("", result.stderr) == ""


@pytest.mark.parametrize("query", QUERIES)
def test_query(query: str, made_corpus: Path) -> None:
    with closing(sqlite3.connect(f"file:{made_corpus}?mode=ro", uri=True)) as corpus:
        assert corpus.execute(query).fetchall() != []


@pytest.mark.parametrize(("name", "code"), PYTHON, ids=[name for name, _ in PYTHON])
def test_python(name: str, code: str, checkout: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run([sys.executable, "-c", code], cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{name}: {result.stderr}"


@pytest.mark.parametrize("name", ["scripts/demo", "scripts/test", "scripts/evaluate", ".ci/run"])
def test_script(name: str) -> None:
    path = ROOT / name
    assert os.access(path, os.X_OK)
    assert "set -euo pipefail" in path.read_text(encoding="utf-8")
    subprocess.run(["bash", "-n", str(path)], check=True)


def test_demo_runs_in_the_environment_of_the_tests() -> None:
    if Path(sys.prefix) != ROOT / ".venv":
        pytest.skip("this environment is not .venv, and a test does not install one")
    result = subprocess.run([str(ROOT / "scripts/demo")], capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stderr
    assert "Citations (" in result.stdout


def test_readmes_say_the_same() -> None:
    english, vietnamese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.vi.md"))
    assert commands("README.md") == commands("README.vi.md")
    assert blocks("README.md", "text") == blocks("README.vi.md", "text")
    assert blocks("README.md", "python") == blocks("README.vi.md", "python")
    assert re.findall(r"^#+", english, re.M) == re.findall(r"^#+", vietnamese, re.M)
    for text in (english, vietnamese):
        assert "scripts/demo" in text
        assert "scripts/test" in text


@pytest.mark.parametrize("name", [*DOCUMENTS, "GLOSSARY.md", "CHANGELOG.md"])
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []
