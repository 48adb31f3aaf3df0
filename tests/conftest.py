"""Places and sample documents that many tests use. The texts are made up."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import redmine_server
from hypothesis import settings
from postgres_server import binaries, server
from radicale_server import Radicale, radicale

from docparse.record import Record

os.environ.setdefault("DOCPARSE_MODEL", "off")  # tests of the rules; those of the trained pipeline ask for it

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
SHARED = ROOT.parent / "shared"

PLAN = (ROOT / "tests" / "golden" / "ke-hoach-47.txt").read_text(encoding="utf-8")


def _reads_vietnamese() -> bool:
    """Whether Tesseract and its Vietnamese data are installed."""
    if shutil.which("tesseract") is None:
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)
    return "vie" in listed.stdout.split()


needs_tesseract = pytest.mark.skipif(
    not _reads_vietnamese(), reason="Tesseract with Vietnamese is not installed: apt-get install tesseract-ocr tesseract-ocr-vie"
)

settings.register_profile("project", deadline=None, max_examples=40, derandomize=True)
settings.load_profile("project")


def encrypted_pdf(path: Path) -> None:
    """A PDF that needs a password."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), encrypt=StandardEncryption("mat-khau", canPrint=0))
    canvas.drawString(72, 720, "Ke hoach")
    canvas.save()


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """A small plan as a text file."""
    path = tmp_path / "ke-hoach-47.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def plan_record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The record of the small plan."""
    from docparse.pipeline import parse_file

    path = tmp_path_factory.mktemp("plan") / "ke-hoach-47.txt"
    path.write_text(PLAN, encoding="utf-8")
    return parse_file(path)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server of the system's PostgreSQL."""
    if binaries() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with server() as url:
        yield url


@pytest.fixture
def postgres(postgres_url: str) -> str:
    """An empty database."""
    import psycopg

    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{postgres_url.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="session")
def redmine() -> Iterator[redmine_server.Redmine]:
    """A Redmine of the system."""
    if why := redmine_server.missing():
        pytest.skip(why)
    with redmine_server.server() as running:
        yield running


@pytest.fixture(scope="session")
def calendars() -> Iterator[Radicale]:
    """A Radicale."""
    with radicale() as running:
        yield running


@pytest.fixture
def shared() -> Path:
    """The folder of real documents beside the checkout; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the real documents in ../shared are not here")
    return SHARED
