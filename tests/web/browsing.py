"""A site with documents of corpus/ and accounts, and Debian's Chromium to go through it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from conftest import CORPUS
from sites import PASSWORD, make_accounts

from docparse.ingest.progress import Quiet
from docparse.ingest.run import Options, ingest
from docparse.settings import Settings
from docparse.store.corpus import Corpus

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
REVIEWER = "thu"
DOCUMENTS = (
    "kh-syt-phu-tho.pdf",
    "bc-stp-dak-lak.pdf",
    "bc-stp-dak-lak.printed.pdf",
    "cd-ubnd-quang-tri.txt",
    "tb-ubnd-vinh-long.pdf",
    "tb-vp-can-tho.txt",
    "qd-ubnd-hue.pdf",
    "nq-hdnd-dong-thap.pdf",
    "kh-ubnd-xa.txt",
    "ttr-snv-lai-chau.pdf",
)


def make_site_files(folder: Path, documents: tuple[str, ...] = DOCUMENTS) -> Path:
    """A corpus of documents as they lie in corpus/, with an account beside it."""
    corpus = Corpus(str(folder / "corpus.db"), create=True)
    paths = [CORPUS / "documents" / name for name in documents]
    ingest(corpus, paths, settings=Settings(), options=Options(workers=1), report=Quiet())
    corpus.close()
    make_accounts(folder / "corpus-accounts.db", **{REVIEWER: "reviewer"})
    return folder / "corpus.db"


@contextmanager
def served(corpus: Path) -> Iterator[str]:
    """The address of a site."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "docparse", "serve", "--corpus", str(corpus), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "DOCPARSE_OCR": "false"})
    try:
        assert server.stdout is not None
        assert f":{port}" in server.stdout.readline().decode()
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{address}/help").read()
                break
            except ConnectionError:
                continue
        yield address
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of the system; nothing is downloaded."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def log_in(page: Page, address: str) -> None:
    """Through the login page."""
    page.goto(f"{address}/login")
    page.fill("input[name=name]", REVIEWER)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url(lambda url: "/login" not in url)
