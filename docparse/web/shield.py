"""What stands around the application: hosts, origins, limits of size and time, security headers, and the answer to defects."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from docparse.errors import printable
from docparse.web.errors import Problem, Refused, response
from docparse.web.security import SAFE_METHODS
from docparse.web.settings import MAX_FORM_BYTES, MAX_PARAMETERS, MAX_QUERY_STRING, WebSettings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
UPLOADS = frozenset({"/try", "/api/v1/parse"})
UPLOADS_ARRIVING = 4  # times `uploads_at_once`: those that are still on their way
OVERHEAD = 64_000  # of a form around a file
YEAR = 31_536_000

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with no-referrer browsers would send forms with `Origin: null`
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-frame-options": "DENY",
}


class Shield:
    """An ASGI middleware."""

    def __init__(self, app: ASGIApp, *, settings: WebSettings) -> None:
        self.app, self.settings = app, settings
        self.hosts = LOOPBACK | {host_name(settings.host), *map(host_name, settings.allowed_hosts)}
        self.any_address = not is_loopback(settings.host)
        self.arriving = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._add_headers(scope, state, MutableHeaders(raw=message["headers"]))
                message["headers"] = message.get("headers", [])
            await send(message)

        try:
            await self._checked(scope, receive, guarded)
        except Exception as error:
            if started:
                raise
            problem, headers = Problem(500, "internal", "Something went wrong.", "The log of the server says more."), dict[str, str]()
            if isinstance(error, Refused):
                problem, headers = error.problem, dict(error.headers or {})
            else:
                logging.getLogger("docparse.web").exception("%s %s", scope["method"], printable(scope["path"]))
            await response(Request(scope), problem, headers)(scope, receive, guarded)

    async def _checked(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        self._check_host(headers)
        check_query(scope)
        if scope["method"] in SAFE_METHODS:
            await self.app(scope, receive, send)
            return
        check_origin(headers)
        is_upload = scope["path"] in UPLOADS
        most = self.settings.max_upload_bytes + OVERHEAD if is_upload else MAX_FORM_BYTES
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > most:
            raise too_large(most)
        if is_upload and self.arriving >= self.settings.uploads_at_once * UPLOADS_ARRIVING:
            raise Refused(503, "busy", "Too many files are being uploaded.", "Try again in a minute.", headers={"Retry-After": "60"})
        self.arriving += is_upload
        try:
            await self.app(scope, limited(receive, most, self.settings.body_seconds), send)
        finally:
            self.arriving -= is_upload

    def _check_host(self, headers: Headers) -> None:
        """A page of another site may have its name point here (DNS rebinding): only our own names are answered.

        Where the site is open to the network, any address of it in digits will do: no name is involved.
        """
        names = headers.getlist("host")
        name = host_name(names[0]) if len(names) == 1 else ""
        if name not in self.hosts and not (self.any_address and is_address(name)):
            raise Refused(400, "host", "This site is not known by this name.", "docparse serve --allow-host gives it a further one.")

    def _add_headers(self, scope: Scope, state: dict[str, object], headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers[name] = value
        if self.settings.secure_cookies or scope["scheme"] == "https":
            headers["strict-transport-security"] = f"max-age={YEAR}"
        cookies = state.get("cookies")
        for cookie in cookies if isinstance(cookies, list) else ():
            headers.append("set-cookie", cookie)
        if state.get("user") is not None or cookies:
            headers["cache-control"] = "no-store"
        elif "cache-control" not in headers:
            headers["cache-control"] = "public, max-age=3600" if scope["path"].startswith("/static/") else "private, no-cache"
        headers.add_vary_header("Cookie")


def limited(receive: Receive, most: int, seconds: float) -> Receive:
    """The body as it comes, counted, and in time."""
    received, deadline = 0, asyncio.get_running_loop().time() + seconds
    complete = False

    async def counted() -> Message:
        nonlocal received, complete
        if complete:
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise Refused(408, "slow_body", "The request took too long to arrive.", headers={"Connection": "close"}) from None
        received += len(message.get("body", b""))
        if received > most:
            raise too_large(most)
        complete = not message.get("more_body", False)
        return message

    return counted


def check_query(scope: Scope) -> None:
    """Refuse addresses that are too long, or hold what no text holds."""
    query, path = scope["query_string"], scope["path"]
    if len(query) > MAX_QUERY_STRING or len(path) > MAX_QUERY_STRING:
        raise Refused(414, "long_address", f"The address is longer than {MAX_QUERY_STRING:,} bytes.", "Ask for less at a time.")
    if query.count(b"&") >= MAX_PARAMETERS:
        raise Refused(400, "many_parameters", f"The address has more than {MAX_PARAMETERS} parameters.", "Ask for less at a time.")
    if b"%00" in query or b"\0" in query or "\0" in path:
        raise Refused(400, "nul", "The address holds a NUL character.")


def check_origin(headers: Headers) -> None:
    """Refuse what a page of another site sends: browsers say where a request comes from, programs say nothing."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if site not in {None, "same-origin", "none"} or (origin is not None and urlsplit(origin).netloc != headers.get("host")):
        raise Refused(403, "origin", "The request comes from another site.", "Open the page of this site and repeat it there.")


def too_large(most: int) -> Refused:
    """The refusal of a body."""
    return Refused(413, "too_large", f"The request is larger than {most:,} bytes.", "Send less.", headers={"Connection": "close"})


def host_name(host: str) -> str:
    """The name in a Host header, without port and brackets.

    >>> host_name("LOCALHOST:8000"), host_name("[::1]:8000"), host_name("::1")
    ('localhost', '::1', '::1')
    """
    host = host.strip().lower()
    if host.startswith("["):
        name, closed, _ = host[1:].partition("]")
        return name if closed else ""
    return host if host.count(":") > 1 else host.partition(":")[0].rstrip(".")


def is_address(name: str) -> bool:
    """Whether a host is given in digits."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the host.

    >>> is_loopback("127.0.0.2"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    return host.lower() == "localhost" or (is_address(host_name(host)) and ipaddress.ip_address(host_name(host)).is_loopback)
