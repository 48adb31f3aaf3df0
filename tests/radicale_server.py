"""A Radicale server from PyPI on loopback, in a process of its own and a folder that is thrown away."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

USER, PASSWORD = "an.nguyen", "mat-khau-thu"
CONFIG = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[logging]
level = error
"""
# as `python -m radicale`, but nothing is flushed to the disk
SERVE = """
import sys
from radicale import config, server
configuration = config.load([(sys.argv[1], False)])
configuration.update({"storage": {"_filesystem_fsync": "False"}}, "tests", privileged=True)
server.serve(configuration)
"""


@dataclass(frozen=True)
class Radicale:
    """A running server. `url` is its root; `folder` holds its storage."""

    url: str
    folder: Path
    user: str = USER
    password: str = PASSWORD

    def principal(self) -> Any:
        """The user by another client library."""
        from caldav import DAVClient

        return DAVClient(self.url, username=self.user, password=self.password).principal()

    def make_calendar(self, name: str, *components: str) -> Any:
        """A new calendar of the user (for tasks, if no components are named), made by the other client library."""
        return self.principal().make_calendar(name=name, supported_calendar_component_set=list(components or ("VTODO",)))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def radicale() -> Iterator[Radicale]:
    """A running server; it stops at the end."""
    with tempfile.TemporaryDirectory(prefix="docparse-radicale-") as name:
        folder, port = Path(name), _free_port()
        (folder / "users").write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
        (folder / "config").write_text(CONFIG.format(port=port, folder=folder), encoding="utf-8")
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([sys.executable, "-c", SERVE, str(folder / "config")], stdout=log, stderr=log, cwd=folder)
        try:
            server = Radicale(f"http://127.0.0.1:{port}/", folder)
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(server: Radicale, process: subprocess.Popen[bytes]) -> None:
    """Until it answers."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            httpx.get(server.url, timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError(f"Radicale does not start: {(server.folder / 'log').read_text(encoding='utf-8')}")
