"""The promises of the web site, each with a test that breaks them."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sites import HOST, PASSWORD, client, enter, make_accounts, make_corpus, make_site, post, token_of
from sqlalchemy import select, text
from starlette.routing import BaseRoute
from starlette.types import Message

from docparse.errors import CorpusError
from docparse.store.corpus import Corpus
from docparse.web import pages, security
from docparse.web.accounts import Accounts, digest
from docparse.web.errors import Refused
from docparse.web.security import safe_next
from docparse.web.settings import MAX_FORM_BYTES, WebSettings
from docparse.web.shield import CSP, limited
from docparse.web.tables import sessions


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A corpus that no test changes."""
    return make_corpus(tmp_path_factory.mktemp("corpus") / "kho.db")


@pytest.fixture
def accounts(tmp_path: Path) -> str:
    """One of each role."""
    return make_accounts(tmp_path / "accounts.db", reader="reader", lan="reviewer", quan="admin")


@pytest.fixture
def app(corpus: str, accounts: str) -> Iterator[FastAPI]:
    """A site with accounts, which everybody may read."""
    made = make_site(corpus, accounts=accounts)
    yield made
    made.state.corpus.close()


@pytest.fixture
def open_site(corpus: str) -> FastAPI:
    """A site without accounts."""
    return make_site(corpus)


@pytest.fixture
def browser(app: FastAPI) -> TestClient:
    """Somebody without a login."""
    return client(app)


# Who is asked


def test_loopback_by_default() -> None:
    assert WebSettings(corpus="kho.db").host == "127.0.0.1"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "127.0.0.1", "localhost:8000", "LOCALHOST", "localhost.:80", "[::1]:8000"])
def test_names_of_the_loopback_are_answered(open_site: FastAPI, host: str) -> None:
    assert client(open_site).get("/test/who", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example", "192.0.2.7", "", "[::1"])
def test_other_names_are_refused(open_site: FastAPI, host: str) -> None:
    answer = client(open_site).get("/api/v1/search", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (400, "host")


def test_further_name_and_addresses_where_others_reach_the_site(corpus: str) -> None:
    who = client(make_site(corpus, host="0.0.0.0", allowed_hosts=("tra-cuu.example",)))
    statuses = {host: who.get("/test/who", headers={"Host": host}).status_code for host in ("tra-cuu.example", "192.0.2.7:8000", "evil.example")}
    assert statuses == {"tra-cuu.example": 200, "192.0.2.7:8000": 200, "evil.example": 400}


# Forged requests


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/test/post", "/api/v1/parse"])
def test_posts_of_other_sites_are_refused(open_site: FastAPI, headers: dict[str, str], path: str) -> None:
    who = client(open_site)
    answer = who.post(path, data={"csrf": token_of(who)}, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text


def test_own_origin_is_taken(open_site: FastAPI) -> None:
    who = client(open_site)
    answer = who.post("/test/post", data={"csrf": token_of(who), "text": "a"}, headers={"Origin": HOST, "Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.text) == (200, "posted a")


def test_form_needs_its_token_before_a_login(browser: TestClient) -> None:
    given = token_of(browser)
    assert browser.post("/test/post").status_code == 403
    assert browser.post("/test/post", data={"csrf": ""}).status_code == 403
    assert browser.post("/test/post", data={"csrf": given[:-1]}).status_code == 403
    assert browser.post("/test/post", json={"csrf": given}).status_code == 403
    assert browser.post("/test/post", data={"csrf": given}).status_code == 200
    assert browser.post("/test/post", headers={"X-CSRF-Token": given}).status_code == 200


def test_token_is_of_one_browser(app: FastAPI) -> None:
    one, other = client(app), client(app)
    token_of(other)
    assert other.post("/test/post", data={"csrf": token_of(one)}).status_code == 403
    assert client(app).post("/test/post", data={"csrf": token_of(one)}).status_code == 403


def test_token_is_of_one_session(browser: TestClient) -> None:
    before = token_of(browser)
    enter(browser, "lan")
    within = token_of(browser)
    assert browser.post("/test/post", data={"csrf": before}).status_code == 403
    assert browser.post("/test/post", data={"csrf": within}).status_code == 200
    post(browser, "/test/leave")
    enter(browser, "lan")
    assert browser.post("/test/post", data={"csrf": within}).status_code == 403


def test_api_with_a_session_needs_the_token(browser: TestClient) -> None:
    enter(browser, "lan")
    path, body = "/api/v1/documents/1/corrections", {"kind": "header", "action": "remove"}
    answer = browser.post(path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert browser.delete(f"{path}/1").json()["code"] == "csrf"


# Sessions


def test_cookie_of_a_session(browser: TestClient) -> None:
    cookies = enter(browser, "lan").headers.get_list("set-cookie")
    assert re.fullmatch(r"docparse_session=[\w-]{43}; Path=/; HttpOnly; SameSite=Lax", cookies[0])
    assert cookies[1:] == ["docparse_form=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"]


def test_cookie_over_https(corpus: str, accounts: str) -> None:
    who = client(make_site(corpus, accounts=accounts, secure_cookies=True), base="https://127.0.0.1:8000")
    cookie = enter(who, "lan").headers.get_list("set-cookie")[0]
    assert re.fullmatch(r"__Host-docparse_session=[\w-]{43}; Path=/; HttpOnly; SameSite=Lax; Secure", cookie)
    assert who.get("/test/who").text == "lan reviewer"


def test_only_the_hash_of_a_session_is_kept(app: FastAPI, browser: TestClient, accounts: str) -> None:
    enter(browser, "lan")
    session_id = browser.cookies["docparse_session"]
    with app.state.accounts.engine.connect() as connection:
        assert connection.scalars(select(sessions.c.sha256)).all() == [digest(session_id)]
    assert session_id.encode() not in b"".join(path.read_bytes() for path in Path(accounts).parent.glob("accounts.db*"))


def test_login_gives_a_new_session(app: FastAPI, browser: TestClient) -> None:
    chosen = {"Cookie": "docparse_session=chosen-by-somebody-else"}
    assert client(app).get("/test/who", headers=chosen).text == "nobody"
    enter(browser, "reader")
    first = browser.cookies["docparse_session"]
    enter(browser, "lan")
    assert browser.cookies["docparse_session"] not in {first, "chosen-by-somebody-else"}
    assert client(app).get("/test/who", headers={"Cookie": f"docparse_session={first}"}).text == "nobody"


def test_logout_ends_the_session_on_the_server(app: FastAPI, browser: TestClient) -> None:
    enter(browser, "lan")
    session_id = browser.cookies["docparse_session"]
    assert browser.get("/test/who").text == "lan reviewer"
    assert post(browser, "/test/leave").headers["set-cookie"] == "docparse_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
    thief = client(app)
    thief.cookies.set("docparse_session", session_id)
    assert thief.get("/test/who").text == "nobody"


@pytest.mark.parametrize(("steps", "hours"), [(1, 2), (13, 1)])
def test_session_ends(app: FastAPI, browser: TestClient, steps: int, hours: int) -> None:
    """After 2 hours without a request, and after 12 hours with one an hour."""
    clock = [time.time()]
    app.state.accounts.now = lambda: clock[0]
    enter(browser, "lan")
    seen = []
    for _ in range(steps):
        clock[0] += hours * 3600 - 1
        seen.append(browser.get("/test/who").text)
        clock[0] += 1
    assert seen == ["lan reviewer"] * min(steps, 12) + ["nobody"] * (steps - 12)
    assert browser.get("/test/who").text == ("nobody" if steps > 1 else "lan reviewer")
    clock[0] += 2 * 3600
    assert browser.get("/test/who").text == "nobody"


# Who may


def test_roles(app: FastAPI) -> None:
    answers = {}
    for name in ("reader", "lan", "quan"):
        who = client(app)
        enter(who, name)
        answers[name] = who.get("/test/reviewer").status_code
    assert answers == {"reader": 403, "lan": 200, "quan": 200}
    assert client(app).get("/test/reviewer").headers["location"] == "/login?next=/test/reviewer"


def test_nobody_reviews_without_accounts(open_site: FastAPI) -> None:
    answer = client(open_site).post("/api/v1/documents/1/corrections", json={"kind": "header", "action": "remove"})
    assert (answer.status_code, answer.json()["code"]) == (403, "no_accounts")
    assert client(open_site).get("/test/who").text == "nobody"


def test_login_to_read(corpus: str, accounts: str) -> None:
    who = client(make_site(corpus, accounts=accounts, login_to_read=True))
    page = who.get("/test/who?q=a&b=c")
    assert (page.status_code, page.headers["location"]) == (303, "/login?next=/test/who%3Fq%3Da%26b%3Dc")
    answer = who.get("/api/v1/search")
    assert (answer.status_code, answer.json()["code"], answer.headers["www-authenticate"]) == (401, "login_needed", "Bearer")
    assert who.get("/login").status_code == 200


@pytest.mark.parametrize("token", ["", "docparse_" + "a" * 43, "é"])
def test_wrong_api_token_is_refused_even_where_everybody_reads(browser: TestClient, token: str) -> None:
    answer = browser.get("/api/v1/documents/1/corrections", headers={"Authorization": f"Bearer {token}".encode()})
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_token")


def test_api_token_needs_no_form_token_and_rules_over_cookies(app: FastAPI, browser: TestClient) -> None:
    token = app.state.accounts.add_token("reader", label="", role="reader")
    enter(browser, "quan")
    given = {"Authorization": f"Bearer {token}"}
    assert browser.get("/test/who", headers=given).text == "reader reader"
    answer = browser.post("/api/v1/documents/1/corrections", json={"kind": "header", "action": "remove"}, headers=given)
    assert (answer.status_code, answer.json()["code"]) == (403, "role")


def paths_of(routes: Sequence[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Methods and paths, those of included routers too."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield from ((method, route.path) for method in route.methods)
        elif hasattr(route, "original_router"):
            yield from paths_of(route.original_router.routes)


def test_no_route_is_read_without_the_login_that_it_needs(corpus: str, accounts: str) -> None:
    site = make_site(corpus, accounts=accounts, login_to_read=True)
    asked = {(method.upper(), path) for path, ways in site.openapi()["paths"].items() for method in ways} | set(paths_of(pages.router.routes))
    assert len(asked) > 20
    who = client(site)
    statuses = {(method, path): who.request(method, re.sub(r"\{\w+(:\w+)?\}", "1", path)).status_code for method, path in sorted(asked)}
    refused = {303, 401, 403}  # a post without the token of a form is refused before
    assert {way: status for way, status in statuses.items() if status not in refused} == {("GET", "/login"): 200}


@pytest.mark.parametrize(
    ("address", "goes_to"),
    [
        ("/tasks?due=soon&q=a%20b", "/tasks?due=soon&q=a%20b"),
        ("/documents/7#text", "/documents/7#text"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/a\r\nSet-Cookie: b=c", "/"),
        (" //evil.example", "/"),
        ("", "/"),
    ],
)
def test_no_open_redirect(address: str, goes_to: str) -> None:
    assert safe_next(address) == goes_to


# Answers


@pytest.mark.parametrize("path", ["/test/who", "/api/v1/openapi.json", "/nothing", "/api/v1/search?limit=1000"])
def test_security_headers(open_site: FastAPI, path: str) -> None:
    headers = client(open_site).get(path).headers
    assert headers["content-security-policy"] == CSP
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "script-src 'self'"} <= set(CSP.split("; "))
    assert "unsafe" not in CSP
    assert {name: headers[name] for name in ("x-content-type-options", "referrer-policy", "cross-origin-opener-policy", "x-frame-options")} == {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "x-frame-options": "DENY",
    }
    assert headers["permissions-policy"] == "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    assert "strict-transport-security" not in headers


def test_security_headers_on_refusals_and_defects(open_site: FastAPI) -> None:
    @open_site.get("/test/defect")
    def defect() -> None:
        raise KeyError("made up")

    who = client(open_site)
    for answer in (who.get("/test/defect"), who.get("/test/who", headers={"Host": "evil.example"}), who.post("/test/post")):
        assert answer.status_code >= 400
        assert answer.headers["content-security-policy"] == CSP


def test_https_is_kept(corpus: str) -> None:
    headers = client(make_site(corpus, secure_cookies=True), base="https://127.0.0.1:8000").get("/test/who").headers
    assert headers["strict-transport-security"] == "max-age=31536000"


def test_pages_with_a_login_are_not_kept(browser: TestClient) -> None:
    assert browser.get("/test/who").headers["cache-control"] == "private, no-cache"
    enter(browser, "lan")
    assert browser.get("/test/who").headers["cache-control"] == "no-store"
    assert browser.get("/api/v1/openapi.json").headers["vary"] == "Cookie"


def test_errors_tell_no_path_and_no_traceback(open_site: FastAPI, corpus: str) -> None:
    @open_site.get("/api/test/defect")
    def defect() -> None:
        raise RuntimeError(corpus)

    @open_site.get("/api/test/database")
    def database() -> None:
        raise CorpusError(corpus, f"cannot be used (unable to open {corpus})")

    who = client(open_site)
    assert (who.get("/api/test/defect").status_code, who.get("/api/test/defect").json()) == (
        500,
        {"code": "internal", "message": "Something went wrong.", "hint": "The log of the server says more."},
    )
    assert (who.get("/api/test/database").status_code, who.get("/api/test/database").json()) == (
        503,
        {"code": "corpus", "message": "The corpus cannot be used now.", "hint": "Try again later; the log of the server says more."},
    )


def test_corpus_that_is_being_written(open_site: FastAPI) -> None:
    @open_site.get("/api/test/busy")
    def busy() -> None:
        raise CorpusError("kho.db", "is being written by another docparse")

    answer = client(open_site).get("/api/test/busy")
    assert (answer.status_code, answer.json()["code"]) == (409, "busy")


# Limits


def test_address_is_bounded(open_site: FastAPI) -> None:
    who = client(open_site)
    assert who.get(f"/api/v1/search?q={'a' * 8_001}").json()["code"] == "long_address"
    assert who.get(f"/api/v1/search?q={'a' * 8_001}").status_code == 414
    assert who.get(f"/{'a' * 8_001}").status_code == 414
    assert who.get("/api/v1/search?" + "&".join(["a=b"] * 201)).json()["code"] == "many_parameters"
    assert who.get("/api/v1/search?q=a%00b").json()["code"] == "nul"
    assert who.get("/api/v1/agencies/a%00b").json()["code"] == "nul"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=101", "limit: Input should be less than or equal to 100"),
        ("offset=10001", "offset: Input should be less than or equal to 10000"),
        (f"q={'a' * 501}", "q: String should have at most 500 characters"),
        ("&".join(f"level=l{number}" for number in range(51)), "level: List should have at most 50 items after validation, not 51"),
        (f"issuer={'a' * 301}", "issuer.0: String should have at most 300 characters"),
    ],
)
def test_parameters_are_bounded(open_site: FastAPI, query: str, message: str) -> None:
    answer = client(open_site).get(f"/api/v1/search?{query}")
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (422, "invalid", message)


def test_body_is_bounded_by_its_stated_length(open_site: FastAPI) -> None:
    who = client(open_site)
    answer = who.post("/api/v1/documents/1/corrections", content=b"a" * (MAX_FORM_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert who.post("/api/v1/parse", content=b"a", headers={"Content-Length": "50064001"}).status_code == 413
    assert who.post("/api/v1/parse", content=b"a", headers={"Content-Length": "-1"}).status_code == 413


def test_body_without_a_length_is_counted(open_site: FastAPI) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(300):
            yield b"a" * 1000

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for path in ("/test/post", "/api/v1/documents/1/corrections"):
        assert client(open_site).post(path, content=pieces(), headers=kind).status_code == 413


def test_body_is_counted_as_it_comes() -> None:
    taken = 0

    async def endless() -> Message:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b"a" * 1000, "more_body": True}

    async def read() -> None:
        receive = limited(endless, 10_000, 60.0)
        while True:
            await receive()

    with pytest.raises(Refused) as refused:
        asyncio.run(read())
    assert (refused.value.problem.status, taken) == (413, 11)


def test_body_has_to_arrive_in_time() -> None:
    async def silent() -> Message:
        return await asyncio.get_running_loop().create_future()

    async def read() -> None:
        await limited(silent, 10_000, 0.0)()

    with pytest.raises(Refused) as refused:
        asyncio.run(read())
    assert refused.value.problem.status == 408


def test_uploads_on_their_way_are_bounded(corpus: str) -> None:
    site = make_site(corpus, uploads_at_once=0)
    answer = client(site).post("/api/v1/parse", files={"file": ("a.txt", b"a")})
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "busy", "60")


def test_query_has_a_time(corpus: str) -> None:
    site = make_site(corpus, query_seconds=0.05)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    @site.get("/api/test/slow")
    def slow() -> None:
        with site.state.corpus.read() as connection:
            connection.execute(text(endless)).all()

    answer = client(site).get("/api/test/slow")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "slow_query", "10")


def test_reading_connection_cannot_write(open_site: FastAPI, corpus: str) -> None:
    with pytest.raises(CorpusError, match="readonly"), open_site.state.corpus.read() as connection:
        connection.execute(text("UPDATE journal SET status = 'failed'"))
    opened = Corpus(corpus)
    with opened.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM journal WHERE status = 'parsed'")) == 2
    opened.close()


@pytest.mark.parametrize(
    "path", ["/static/../settings.py", "/static/%2e%2e/settings.py", "/static/..%2fsettings.py", "/static//etc/passwd", "/static/%2fetc/passwd"]
)
def test_static_files_are_those_of_one_folder(open_site: FastAPI, path: str) -> None:
    assert client(open_site).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/documents/..%2f..%2fetc%2fpasswd", "/api/v1/documents/%2e%2e/record", "/documents/1/pages/..%2f1.webp"])
def test_documents_are_asked_for_by_number_only(open_site: FastAPI, path: str) -> None:
    assert client(open_site).get(path).status_code in {404, 422}


def test_statement_in_a_parameter_is_only_text(open_site: FastAPI) -> None:
    answer = client(open_site).get("/api/v1/search", params={"issuer": "x'); DROP TABLE documents; --"})
    assert (answer.status_code, answer.json()["total"]) == (200, 0)


def test_raw_sql_is_not_offered(open_site: FastAPI) -> None:
    names = {parameter["name"] for path in open_site.openapi()["paths"].values() for way in path.values() for parameter in way.get("parameters", [])}
    assert {"q", "limit"} <= names
    assert names & {"sql", "where", "query", "statement", "table", "column"} == set()


def test_guessing_is_braked(app: FastAPI, browser: TestClient) -> None:
    app.state.accounts.now = lambda: 1_780_000_000.0
    assert [enter(browser, "lan", "sai mật khẩu rồi").text for _ in range(5)] == ["no"] * 5
    answer = enter(browser, "lan")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")
    assert enter(client(app, address="192.0.2.9"), "lan", PASSWORD).text == "reviewer"


def test_logins_at_once_are_bounded(app: FastAPI, browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "HASH_WAIT_SECONDS", 0.0)
    app.state.hashing.acquire()
    app.state.hashing.acquire()
    assert enter(browser, "lan").status_code == 503


def test_removed_user_is_out_at_once(app: FastAPI, browser: TestClient, accounts: str) -> None:
    enter(browser, "lan")
    other = Accounts(accounts)
    other.set_role("lan", "reader")
    assert browser.get("/test/who").text == "lan reader"
    other.remove("lan")
    assert browser.get("/test/who").text == "nobody"
    other.close()
