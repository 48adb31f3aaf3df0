"""docparse serve: what it says, whom it answers, how it ends."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from sites import make_accounts, make_corpus
from typer.testing import CliRunner
from uvicorn import Config
from uvicorn.server import ServerState

from docparse.cli import app
from docparse.web import protocol
from docparse.web.settings import WebSettings

runner = CliRunner()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A corpus that no test changes."""
    return make_corpus(tmp_path_factory.mktemp("corpus") / "kho.db")


def refused(*arguments: str) -> tuple[int, str]:
    result = runner.invoke(app, ["serve", *arguments], env={"DOCPARSE_ACCOUNTS": None, "DOCPARSE_CORPUS": None})
    return result.exit_code, result.stderr


@contextmanager
def serving(corpus: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The process, the line that it says, and its address."""
    command = [sys.executable, "-m", "docparse", "serve", "--corpus", corpus, "--port", "0", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DOCPARSE_")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout
            line = process.stdout.readline().rstrip()
            found = re.search(r"http://\S+", line)
            assert found, process.communicate(timeout=30)
            yield process, line, found[0]
        finally:
            process.kill()


def ask(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return dict(answer.headers.items()), json.load(answer)


def test_one_line_then_answers_then_ends_with_ctrl_c(corpus: str) -> None:
    with serving(corpus) as (process, line, address):
        assert line == f"docparse: {address} shows {corpus} to everybody who reaches it; Ctrl-C stops it."
        assert address.startswith("http://127.0.0.1:")
        headers, description = ask(f"{address}/api/v1/openapi.json")
        assert (description["info"]["title"], {"server", "Server"} & headers.keys()) == ("docparse", set())
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err) == (0, "", "")


def test_several_processes_share_the_port(corpus: str, tmp_path: Path) -> None:
    accounts = make_accounts(tmp_path / "a.db", lan="reviewer")
    with serving(corpus, "--workers", "2", "--accounts", accounts, "--login-to-read") as (process, line, address):
        assert line.endswith("to people with an account; Ctrl-C stops it.")
        assert ask(f"{address}/api/v1/openapi.json")[1]["info"]["title"] == "docparse"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err) == (0, "", "")


def test_other_addresses_need_accounts(corpus: str, tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.7", "may-chu.example"):
        assert refused("--corpus", corpus, "--host", host) == (
            2,
            f"docparse: {host}: is an address that others reach, and there are no accounts. Make accounts with docparse account add, "
            "or give --public so that everybody who reaches this machine may read.\n",
        )


@pytest.mark.parametrize("options", [("--public",), ("--accounts", "a.db")])
def test_other_addresses_when_wanted(corpus: str, tmp_path: Path, options: tuple[str, ...]) -> None:
    make_accounts(tmp_path / "a.db", lan="reviewer")
    given = [str(tmp_path / option) if option == "a.db" else option for option in options]
    with serving(corpus, "--host", "0.0.0.0", *given) as (_, line, address):
        assert line.startswith("docparse: http://0.0.0.0:")
        assert ask(f"{address.replace('0.0.0.0', '127.0.0.1')}/api/v1/openapi.json")[1]["info"]["title"] == "docparse"


def test_login_to_read_needs_accounts(corpus: str) -> None:
    assert refused("--corpus", corpus, "--login-to-read") == (2, "docparse: --login-to-read: needs accounts. Make one with docparse account add.\n")


def test_accounts_beside_the_corpus_are_used(tmp_path: Path) -> None:
    corpus = make_corpus(tmp_path / "kho.db")
    make_accounts(tmp_path / "kho-accounts.db", lan="reviewer")
    with serving(corpus, "--login-to-read") as (_, line, _):
        assert line.endswith("to people with an account; Ctrl-C stops it.")


def test_port_that_is_taken(corpus: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert refused("--corpus", corpus, "--port", str(port)) == (
            2,
            f"docparse: 127.0.0.1:{port}: cannot be listened at (Address already in use). Another program has it: give another --port.\n",
        )


def test_corpus_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    assert refused("--corpus", str(path), "--port", "0") == (
        13, f"docparse: {path}: is not there. Make it with docparse ingest, or name another one with --corpus.\n"
    )  # fmt: skip
    assert refused("--corpus", str(path), "--accounts", str(tmp_path / "a.db"), "--port", "0")[0] != 0


def test_extra_that_is_missing(corpus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name in {"fastapi", "argon2"} else find(name, *more))
    said = "docparse serve: needs what is not installed (fastapi, argon2). pip install 'docparse[web]'\n"
    assert refused("--corpus", corpus) == (9, f"docparse: {said}")


def test_settings_go_to_other_processes_whole() -> None:
    settings = WebSettings(corpus="kho.db", accounts="a.db", allowed_hosts=("a.example", "b.example"), query_seconds=1.5)
    assert WebSettings.from_json(settings.to_json()) == settings


async def silence(pieces: list[bytes]) -> list[bool]:
    """Whether a connection was closed, after its beginning, each piece of a request, and a while without more."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.get_running_loop().create_future()

    config = Config(answer, http=protocol.Protocol, ws="none", lifespan="off", log_config=None)
    config.load()
    connection = protocol.Protocol(config, ServerState(), {})
    transport = Mock(spec=asyncio.Transport)
    transport.get_extra_info.return_value = None
    transport.is_closing.return_value = False
    connection.connection_made(transport)
    for piece in pieces:
        connection.data_received(piece)
    passed = [transport.close.called]
    connection.loop.call_later(0.0, lambda: None)
    for _ in range(3):
        await asyncio.sleep(0)
    for task in connection.tasks:
        task.cancel()
    return [*passed, transport.close.called]


@pytest.mark.parametrize(
    ("pieces", "closed"),
    [
        ([], True),
        ([b"GET / HTTP/1.1\r\n"], True),
        ([b"GET / HTTP/1.1\r\n", b"Host: a\r\n", b"X: "], True),
        ([b"GET / HTTP/1.1\r\n", b"Host: a\r\n\r\n"], False),
    ],
)
def test_head_of_a_request_has_a_time(monkeypatch: pytest.MonkeyPatch, pieces: list[bytes], closed: bool) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.0)
    assert asyncio.run(silence(pieces)) == [False, closed]


def test_head_of_a_request_has_a_size() -> None:
    assert asyncio.run(silence([b"GET / HTTP/1.1\r\n", b"X: " + b"a" * 70_000])) == [True, True]
