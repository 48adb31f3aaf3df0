"""Sites to ask: a small corpus, accounts with cheap hashes, clients that are or are not browsers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from argon2 import PasswordHasher
from conftest import PLAN
from fastapi import FastAPI, Form, Request
from fastapi.responses import PlainTextResponse, Response
from fastapi.testclient import TestClient

from docparse.pipeline import parse_bytes
from docparse.settings import Settings
from docparse.store.corpus import Corpus
from docparse.store.rows import build_rows
from docparse.web.accounts import Accounts, Role
from docparse.web.app import create_app
from docparse.web.security import CurrentUser, Reviewer, csrf_token, log_in, log_out
from docparse.web.settings import WebSettings

HOST = "http://127.0.0.1:8000"
PASSWORD = "bốn chữ dễ nhớ"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ANSWER = """UBND TỈNH HÒA BÌNH
BAN DÂN TỘC

Số: 51/BC-BDT

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Hòa Bình, ngày 2 tháng 6 năm 2026

BÁO CÁO
Kết quả thực hiện kế hoạch

Thực hiện Kế hoạch số 47/KH-BDT ngày 20 tháng 02 năm 2024 của Ban Dân tộc, đơn vị báo cáo kết quả phân bổ vốn.
"""


def make_corpus(where: Path | str) -> str:
    """A plan (1) and a report (2) that cites it."""
    corpus = Corpus(str(where), create=True)
    with corpus.write() as writer:
        for name, text in (("ke-hoach-47.txt", PLAN), ("bao-cao-51.txt", ANSWER)):
            record = parse_bytes(text.encode(), location=name, filename=name, settings=Settings())
            entry = writer.add_entry(f"/dossier/{name}")
            writer.save(build_rows(record, entry.id, parser="test"), replace=False)
            writer.update_entry(entry.id, status="parsed", document_id=entry.id)
    corpus.close()
    return str(where)


def make_accounts(path: Path, **roles: Role) -> str:
    """Accounts by name, all with the same password."""
    accounts = Accounts(str(path), create=True, hasher=CHEAP)
    for name, role in roles.items():
        accounts.add(name, PASSWORD, role)
    accounts.close()
    return str(path)


def make_site(corpus: str, **settings: Any) -> FastAPI:
    """The application, with a few routes that show what its guards do."""
    app = create_app(WebSettings(corpus=corpus, **settings))
    if app.state.accounts:
        app.state.accounts._hasher = CHEAP

    @app.get("/test/form")
    def form(request: Request) -> Response:
        return PlainTextResponse(csrf_token(request))

    @app.post("/test/post")
    def post(text: Annotated[str, Form()] = "") -> Response:
        return PlainTextResponse(f"posted {text}")

    @app.post("/test/enter")
    def enter(request: Request, name: Annotated[str, Form()], password: Annotated[str, Form()]) -> Response:
        found = log_in(request, name, password)
        return PlainTextResponse(found.role if found else "no")

    @app.post("/test/leave")
    def leave(request: Request) -> Response:
        log_out(request)
        return PlainTextResponse("left")

    @app.get("/test/who")
    def who(found: CurrentUser) -> Response:
        return PlainTextResponse(f"{found.name} {found.role}" if found else "nobody")

    @app.get("/test/reviewer")
    def reviewer(found: Reviewer) -> Response:
        return PlainTextResponse(found.name)

    return app


def client(app: FastAPI, *, base: str = HOST, address: str = "127.0.0.1") -> TestClient:
    """Somebody who asks, and keeps cookies."""
    return TestClient(app, base_url=base, client=(address, 50000), follow_redirects=False, raise_server_exceptions=False)


def token_of(who: TestClient) -> str:
    """The hidden field of a form that is shown now."""
    return who.get("/test/form").text


def post(who: TestClient, path: str, **fields: str) -> Any:
    """What a browser sends for a form of the site."""
    return who.post(path, data={"csrf": token_of(who), **fields})


def enter(who: TestClient, name: str, password: str = PASSWORD) -> Any:
    """Log in."""
    return post(who, "/test/enter", name=name, password=password)
