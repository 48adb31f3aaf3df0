"""The web site: docparse serve."""

from __future__ import annotations

import errno
import os
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from docparse.cli.common import complain, usage_errors
from docparse.cli.corpus import CORPUS, Where
from docparse.errors import AccountError, DocparseError, MissingTool, printable

if TYPE_CHECKING:
    from docparse.web.settings import WebSettings

KEEP_ALIVE_SECONDS = 10
SHUTDOWN_SECONDS = 5
CONNECTIONS = 400
BACKLOG = 1024
EXTRA = ("fastapi", "uvicorn", "jinja2", "argon2", "multipart")


class ServeError(DocparseError):
    """The site cannot be started so."""

    code, exit_status = "serve", 2
    reason = "cannot be served"


AccountsFile = Annotated[
    str | None,
    typer.Option(
        "--accounts",
        metavar="PATH",
        envvar="DOCPARSE_ACCOUNTS",
        help="The accounts database. Default: beside an SQLite corpus, corpus-accounts.db.",
        show_default=False,
    ),
]


def serve(
    corpus: Where = CORPUS,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Address to listen at; only this machine reaches the default.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any free one.")] = 8000,
    accounts: AccountsFile = None,
    login_to_read: Annotated[bool, typer.Option("--login-to-read", help="Nobody reads without an account.")] = False,
    public: Annotated[bool, typer.Option("--public", help="Listen at an address that others reach, without accounts.")] = False,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", metavar="NAME", help="A further name of the site, as browsers ask for it.", show_default=False)
    ] = None,
    https: Annotated[bool, typer.Option("--https", help="Browsers reach the site over https only, through a proxy.")] = False,
    proxy: Annotated[bool, typer.Option("--proxy", help="Believe X-Forwarded-For and -Proto of a proxy on this machine.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes that answer.")] = 1,
) -> None:
    """Search, read and review the corpus in a browser, and over a JSON API, until Ctrl-C."""
    with usage_errors():
        require_extra()
        from docparse.web.settings import WebSettings
        from docparse.web.shield import is_loopback

        settings = WebSettings(
            corpus=corpus,
            accounts=existing_accounts(corpus, accounts),
            login_to_read=login_to_read,
            host=host,
            port=port,
            allowed_hosts=tuple(allow_host or ()),
            secure_cookies=https,
        )
        check_exposure(settings, public=public)
        if settings.accounts and not https and not is_loopback(host):
            complain("passwords and sessions travel unencrypted; put a proxy with TLS in front, and give --https.")
        listening = listen(host, port)
        _run(settings, listening, workers=workers, proxy=proxy)


def require_extra() -> None:
    """Raises MissingTool if what the web site needs is not installed."""
    from importlib.util import find_spec

    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise MissingTool("docparse serve", f"needs what is not installed ({', '.join(missing)})", hint="pip install 'docparse[web]'")


def accounts_path(corpus: str, accounts: str | None) -> str | None:
    """Where the accounts of a corpus are: as told, or beside an SQLite corpus.

    >>> accounts_path("data/corpus.db", None), accounts_path("postgresql://localhost/corpus", None)
    ('data/corpus-accounts.db', None)
    """
    if accounts is not None or "://" in corpus:
        return accounts
    return str(Path(corpus).with_name(f"{Path(corpus).stem}-accounts.db"))


def existing_accounts(corpus: str, accounts: str | None) -> str | None:
    """The accounts that a site has: those named, or those that are in the usual place."""
    path = accounts_path(corpus, accounts)
    return path if accounts is not None or (path and Path(path).is_file()) else None


def check_exposure(settings: WebSettings, *, public: bool) -> None:
    """Raises ServeError or AccountError if the site would be open to more people than was said."""
    from docparse.web.shield import is_loopback

    if settings.accounts is None and settings.login_to_read:
        raise AccountError("--login-to-read", "needs accounts", hint="Make one with docparse account add.")
    if settings.accounts is None and not public and not is_loopback(settings.host):
        hint = "Make accounts with docparse account add, or give --public so that everybody who reaches this machine may read."
        raise ServeError(settings.host, "is an address that others reach, and there are no accounts", hint=hint)


def listen(host: str, port: int) -> socket.socket:
    """The socket. Raises ServeError where the port is taken or the address is not of this machine."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with ExitStack() as failed:
            listening = failed.enter_context(socket.socket(family, kind, protocol))
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(BACKLOG)  # who comes before the site is ready waits
            failed.pop_all()
    except OSError as error:
        hint = "Another program has it: give another --port." if error.errno == errno.EADDRINUSE else "Give another --host or --port."
        raise ServeError(f"{host}:{port}", f"cannot be listened at ({error.strerror or error})", hint=hint) from error
    listening.set_inheritable(True)
    return listening


def _run(settings: WebSettings, listening: socket.socket, *, workers: int, proxy: bool) -> None:
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from docparse.web.app import ENVIRONMENT, create_app, from_environment
    from docparse.web.protocol import Protocol

    app = create_app(settings)
    name = app.state.corpus.name
    os.environ[ENVIRONMENT] = settings.to_json()
    config = uvicorn.Config(
        app if workers == 1 else f"{from_environment.__module__}:{from_environment.__name__}",
        factory=workers > 1,
        workers=workers,
        http=Protocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=proxy,
        forwarded_allow_ips="127.0.0.1,::1",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        limit_concurrency=CONNECTIONS,
    )
    port = listening.getsockname()[1]
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    readers = "people with an account" if settings.login_to_read else "everybody who reaches it"
    typer.echo(printable(f"docparse: http://{shown}:{port} shows {name} to {readers}; Ctrl-C stops it."))
    try:
        if workers == 1:
            uvicorn.Server(config).run(sockets=[listening])
        else:
            app.state.corpus.close()
            Multiprocess(config, sockets=[listening]).run()
    except KeyboardInterrupt:
        return
