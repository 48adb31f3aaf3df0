"""Who asks, and whether they may: dependencies of the routes. `admit` stands before every route of the application."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import Depends, Request

from docparse.store.corpus import Corpus
from docparse.web.accounts import Role, User
from docparse.web.errors import API, LoginNeeded, Refused

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION, FORM = "docparse_session", "docparse_form"  # cookies: of a login; of forms before one
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
WITHOUT_LOGIN = frozenset({"/login"})
HASH_WAIT_SECONDS = 3.0
INSIDE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


async def admit(request: Request) -> None:
    """Find out who asks; refuse forged requests, and readers without a login where one is needed."""
    state, app = request.state, request.app.state
    state.user, state.session = None, None
    if app.accounts is not None:
        await _identify(request)
    if request.method not in SAFE_METHODS:
        await _check_csrf(request)
    if app.settings.login_to_read and state.user is None and request.url.path not in WITHOUT_LOGIN:
        raise LoginNeeded


async def _identify(request: Request) -> None:
    app, state = request.app.state, request.state
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        state.user = await run_sync(app.accounts.user_of_token, token.strip())
        if state.user is None:
            raise Refused(401, "bad_token", "The API token is not valid or has ended.", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        return
    session_id = request.cookies.get(cookie_name(request, SESSION))
    if session_id:
        state.user = await run_sync(app.sessions.find, session_id)
        state.session = session_id if state.user else None


def user(request: Request) -> User | None:
    """Who asks; None without a login, and where a request was refused before that was found out."""
    found: User | None = getattr(request.state, "user", None)
    return found


def needs(role: Role) -> Callable[[Request], Awaitable[User]]:
    """A dependency that gives the user, and refuses those whose role is less. A site without accounts has no such users."""

    async def check(request: Request) -> User:
        found = user(request)
        if found is None and request.app.state.accounts is None:
            hint = "Make one with docparse account add and start docparse serve again."
            raise Refused(403, "no_accounts", "This site has no accounts.", hint)
        if found is None:
            raise LoginNeeded
        if not found.may(role):
            raise Refused(403, "role", f"This needs the role {role}; you have the role {found.role}.", "Ask who keeps the accounts.")
        return found

    return check


async def corpus(request: Request) -> Corpus:
    """The corpus to read; its connections cannot write."""
    opened: Corpus = request.app.state.corpus
    return opened


def writable_corpus(request: Request, _: Annotated[User, Depends(needs("reviewer"))]) -> Iterator[Corpus]:
    """The corpus to write corrections into, for this request."""
    opened = Corpus(request.app.state.settings.corpus)
    try:
        yield opened
    finally:
        opened.close()


async def current_user(request: Request) -> User | None:
    """`user` as a dependency."""
    return user(request)


ReadCorpus = Annotated[Corpus, Depends(corpus)]
WriteCorpus = Annotated[Corpus, Depends(writable_corpus)]
CurrentUser = Annotated[User | None, Depends(current_user)]
LoggedIn = Annotated[User, Depends(needs("reader"))]
Reviewer = Annotated[User, Depends(needs("reviewer"))]
Admin = Annotated[User, Depends(needs("admin"))]


def csrf_token(request: Request) -> str:
    """The value of the hidden field `csrf` of a form: bound to the session, or before a login to a cookie of the browser."""
    state = request.state
    key = getattr(state, "session", None) or request.cookies.get(cookie_name(request, FORM)) or getattr(state, "form", None)
    if not key:
        key = state.form = secrets.token_urlsafe(32)
        set_cookie(request, FORM, key)
    return _token(key)


def _token(key: str) -> str:
    return hmac.new(key.encode(errors="replace"), b"docparse form", hashlib.sha256).hexdigest()


async def _check_csrf(request: Request) -> None:
    """Origin and Sec-Fetch-Site were checked by the shield; this is what a foreign page cannot know."""
    state, path = request.state, request.url.path
    if path.startswith(API) and state.session is None:
        return  # nothing that a browser would add by itself gives this request any right
    key = state.session or request.cookies.get(cookie_name(request, FORM))
    given = request.headers.get("x-csrf-token")
    if given is None and request.headers.get("content-type", "").startswith(FORM_TYPES):
        field = (await request.form()).get("csrf")
        given = field if isinstance(field, str) else None
    if not (key and given and hmac.compare_digest(_token(key).encode(), given.encode(errors="replace"))):
        raise Refused(403, "csrf", "The form is too old, or cookies are switched off.", "Open the page again and repeat what you did.")


def log_in(request: Request, name: str, password: str) -> User | None:
    """Begin a session with a new id; None if name or password are wrong. Raises Refused after too many failures."""
    app, address = request.app.state, network(request.client.host if request.client else "")
    if app.accounts is None:
        raise Refused(403, "no_accounts", "This site has no accounts.")
    wait = app.brake.count(name, address)
    if wait:
        hint = f"Try again in {-(-wait // 60)} minutes."
        raise Refused(429, "throttled", "Too many logins have failed.", hint, headers={"Retry-After": str(wait)})
    if not app.hashing.acquire(timeout=HASH_WAIT_SECONDS):
        raise Refused(503, "busy", "Too many people are logging in.", "Try again in a few seconds.", headers={"Retry-After": "5"})
    try:
        found: User | None = app.accounts.check_password(name, password)
    finally:
        app.hashing.release()
    if found is None:
        return None
    app.brake.release(name, address)
    if request.state.session:
        app.sessions.end(request.state.session)
    request.state.user, request.state.session = found, app.sessions.start(found)
    set_cookie(request, SESSION, request.state.session)
    set_cookie(request, FORM, "")
    return found


def network(address: str) -> str:
    """What one person has of addresses: with IPv6 a whole network of 64 bits.

    >>> network("2001:db8:1:2:3:4:5:6"), network("192.0.2.7")
    ('2001:db8:1:2::/64', '192.0.2.7')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 and not found.ipv4_mapped else address


def log_out(request: Request) -> None:
    """End the session, on the server and in the browser."""
    if request.state.session:
        request.app.state.sessions.end(request.state.session)
    request.state.user, request.state.session = None, None
    set_cookie(request, SESSION, "")


def safe_next(address: str) -> str:
    """An address to go on to after a login: of this site, or the first page.

    >>> safe_next("/documents/7?q=a"), safe_next("//evil.example"), safe_next("https://evil.example"), safe_next("/\\\\evil.example")
    ('/documents/7?q=a', '/', '/', '/')
    """
    return address if INSIDE.fullmatch(address) else "/"


def is_secure(request: Request) -> bool:
    """Whether the browser reaches the site over https."""
    return bool(request.app.state.settings.secure_cookies) or request.url.scheme == "https"


def cookie_name(request: Request, name: str) -> str:
    """Over https no other site of the domain can set a cookie of this name."""
    return f"__Host-{name}" if is_secure(request) else name


def set_cookie(request: Request, name: str, value: str) -> None:
    """Set a cookie that scripts cannot read, until the browser is closed; an empty value removes it."""
    parts = [f"{cookie_name(request, name)}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    parts += ["Secure"] if is_secure(request) else []
    parts += [] if value else ["Max-Age=0"]
    if not hasattr(request.state, "cookies"):
        request.state.cookies = []
    request.state.cookies.append("; ".join(parts))
