"""How trackers are asked: time-outs, retries with back-off, rate limits, credentials that never show in a message.

A request is tried again where that can do no harm: the server said that it did not take it (429, 503), it was never sent, or asking twice
gives the same (GET, PUT, DELETE, PROPFIND, REPORT; not POST). Waiting times double from half a second, with jitter; `Retry-After` wins.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection, Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import tenacity

from docparse import __version__
from docparse.errors import TrackerError
from docparse.trackers.mapping import TargetSettings
from docparse.trackers.secrets import hint

ATTEMPTS = 6
LONGEST_WAIT = 120.0  # seconds; a server that asks for more ends the run, and the same command goes on later
NOT_TAKEN = {429, 503}
PASSING = NOT_TAKEN | {500, 502, 504}
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Unanswered(TrackerError):
    """Nobody knows whether the tracker did what it was asked."""

    reason = "did not answer"


class Changed(TrackerError):
    """Somebody changed the item since it was read."""

    reason = "has an item that was changed at the same time"


class Refused(TrackerError):
    """The tracker does not take this item; others may go well."""

    reason = "does not take an item"


class Denied(TrackerError):
    """The account has no right to do this; what else it does may go well."""

    reason = "does not let the account do this"


class _Again(Exception):
    def __init__(self, wait: float | None, error: TrackerError) -> None:
        self.wait, self.error = wait, error


class Client:
    """A tracker's HTTP interface under one URL.

    `seconds` is the time-out of a request, `per_second` the most requests in a second. Redirects are not followed: they would take the
    credentials along. Raises TrackerError for a URL over plain HTTP to another machine unless `plain_http` allows it.
    """

    def __init__(
        self,
        url: str,
        *,
        name: str,
        auth: tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = 30.0,
        per_second: float = 20.0,
        plain_http: bool = False,
        secret_hint: str = "",
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
            raise TrackerError(name, "has no URL of a server", hint='Give url = "https://…" without user and password.')
        if parts.scheme == "http" and parts.hostname not in LOOPBACK and not plain_http:
            raise TrackerError(name, "would send its password unencrypted", hint="Give an https URL, or plain_http = true if the network is yours.")
        if not all(value.isascii() and value.isprintable() for value in (headers or {}).values()):  # the error of the library would show it
            raise TrackerError(name, "has a password or token with characters that no header can hold", hint=secret_hint)
        self.name, self.secret_hint, self._sleep = name, secret_hint, sleep
        self._pause, self._last = 1 / per_second, 0.0
        agent = {"User-Agent": f"docparse/{__version__}", **(headers or {})}
        self._client = httpx.Client(base_url=url.rstrip("/") + "/", auth=auth, headers=agent, timeout=seconds, transport=transport)

    @classmethod
    def of(
        cls,
        settings: TargetSettings,
        *,
        name: str,
        url: str | None = None,
        auth: tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        secret_is: str = "",
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Client:
        """The client that the settings of a target describe; `url`: of its interface, if another one; `secret_is`: a sentence for hints."""
        return cls(
            url or settings.url,
            name=name,
            auth=auth,
            headers=headers,
            seconds=settings.seconds,
            per_second=settings.per_second,
            plain_http=settings.plain_http,
            secret_hint=f"{hint(name)}. {secret_is}".rstrip(),
            transport=transport,
            sleep=sleep,
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def request(self, method: str, path: str, *, once: bool | None = None, allow: Collection[int] = (), **options: Any) -> httpx.Response:
        """The answer to a request, which is below 300 or allowed. `path` is relative to the URL, or absolute on the same server.

        `once` (as for POST) says that asking twice is not the same as asking once; `allow` are statuses that the caller deals with.
        Raises Unanswered, Changed (409, 412), Refused (400, 404, 410, 413, 415, 422), else TrackerError.

        >>> Client("https://tracker.example.vn", name="theo-doi").request("GET", "issues.json").json()  # doctest: +SKIP
        """
        once = method in {"POST", "PATCH"} if once is None else once
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_Again),
            wait=_wait,
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return attempts(self._try, method, path, once, allow, options)
        except _Again as last:
            raise last.error from None

    def _try(self, method: str, path: str, once: bool, allow: Collection[int], options: dict[str, Any]) -> httpx.Response:
        self._keep_rate()
        try:
            response = self._client.request(method, path, **options)
        except UNSENT as error:
            raise _Again(None, TrackerError(self.name, f"cannot be reached ({_said(error)})")) from error
        except httpx.TransportError as error:
            failed = Unanswered(self.name, f"did not answer ({_said(error)})")
            raise failed if once else _Again(None, failed) from error
        return response if response.status_code in allow else self._checked(response, once)

    def _checked(self, response: httpx.Response, once: bool) -> httpx.Response:
        status = response.status_code
        if status < 300:
            return response
        if _over_limit(response):
            wait = retry_after(response)
            error = TrackerError(self.name, f"takes no more requests for now (status {status})")
            if wait is not None and wait > LONGEST_WAIT:
                raise TrackerError(self.name, f"takes no more requests for {wait:.0f} seconds (status {status})")
            raise _Again(wait, error)
        if status in PASSING:
            failed = Unanswered(self.name, f"failed (status {status})")
            raise failed if once else _Again(retry_after(response), failed)
        if status < 400:
            raise TrackerError(self.name, f"answers at another address ({_place(response)})", hint="Give that one as url.")
        if status in {401, 403}:
            error_class = Denied if status == 403 else TrackerError
            raise error_class(self.name, f"refuses the credentials or the right to do this (status {status})", hint=self.secret_hint)
        if status in {409, 412}:
            raise Changed(self.name, f"has an item that was changed at the same time (status {status})")
        if status in {400, 404, 410, 413, 415, 422}:
            raise Refused(self.name, f"refuses {response.request.method} {response.request.url.path} (status {status}: {body_of(response)})", hint="")
        raise TrackerError(self.name, f"answers with status {status} ({body_of(response)})")

    def _keep_rate(self) -> None:
        wait = self._last + self._pause - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        self._last = time.monotonic()


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    told = error.wait if isinstance(error, _Again) else None
    return told if told is not None else float(tenacity.wait_random_exponential(multiplier=0.5, max=30)(state))


def _over_limit(response: httpx.Response) -> bool:
    """GitHub says 403 where others say 429."""
    spent = response.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in response.headers
    return response.status_code in NOT_TAKEN or (response.status_code == 403 and spent)


def retry_after(response: httpx.Response) -> float | None:
    """How many seconds the server asks to wait, by `Retry-After` (seconds or a date) or `X-RateLimit-Reset`."""
    told = response.headers.get("retry-after", "")
    try:
        if told:
            return float(told) if told.isdigit() else max((parsedate_to_datetime(told) - dt.datetime.now(dt.UTC)).total_seconds(), 0)
        reset = response.headers.get("x-ratelimit-reset")
        return max(float(reset) - time.time(), 0) if reset else None
    except (ValueError, TypeError):
        return None


def body_of(response: httpx.Response) -> str:
    """The beginning of what a server said."""
    return " ".join(response.text.split())[:300]


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def _place(response: httpx.Response) -> str:
    return urlsplit(response.headers.get("location", "")).netloc or "unknown"
