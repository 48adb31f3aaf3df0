"""How trackers are asked: what is tried again, how long to wait, what ends a run, and that no secret shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from docparse.errors import TrackerError
from docparse.trackers.http import ATTEMPTS, Changed, Client, Refused, Unanswered, retry_after

URL = "https://tracker.example.vn"
Answer = httpx.Response | Exception


class Server:
    """Answers in turn; the last answer again and again. Waiting takes no time."""

    def __init__(self, *answers: Answer, **options: Any) -> None:
        self.answers, self.asked, self.waits = list(answers), 0, []
        options = {"per_second": 1000.0, "auth": ("thu", "bi-mat"), **options}
        self.client = Client(URL, name="theo-doi", transport=httpx.MockTransport(self._answer), sleep=self.waits.append, **options)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def ask(self, method: str = "GET", **options: Any) -> httpx.Response:
        return self.client.request(method, "issues.json", **options)


def status(code: int, text: str = "", **headers: str) -> httpx.Response:
    return httpx.Response(code, text=text, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
@pytest.mark.parametrize("code", [429, 503])
def test_what_a_server_did_not_take_is_asked_again(method: str, code: int) -> None:
    server = Server(status(code, retry_after="7"), status(200, "ok"))
    assert server.ask(method).text == "ok"
    assert (server.asked, [wait for wait in server.waits if wait >= 1]) == (2, [7.0])


@pytest.mark.parametrize("code", [500, 502, 504])
def test_a_failing_server_is_asked_again_where_that_does_no_harm(code: int) -> None:
    server = Server(status(code), status(code), status(200, "ok"))
    assert (server.ask("PUT").text, server.asked) == ("ok", 3)


@pytest.mark.parametrize("answer", [status(500), status(502), status(504), httpx.ReadTimeout("timed out"), httpx.RemoteProtocolError("cut off")])
def test_a_post_that_may_have_arrived_is_not_repeated(answer: Answer) -> None:
    server = Server(answer)
    with pytest.raises(Unanswered):
        server.ask("POST")
    assert server.asked == 1


def test_a_post_that_was_never_sent_is_repeated() -> None:
    server = Server(httpx.ConnectError("refused"), status(201, "made"))
    assert (server.ask("POST").text, server.asked) == ("made", 2)


def test_a_server_that_is_down_ends_the_run_after_some_attempts() -> None:
    server = Server(httpx.ConnectError("connection refused"))
    with pytest.raises(TrackerError) as error:
        server.ask()
    assert str(error.value) == ("theo-doi: cannot be reached (connection refused). Nothing is lost; the same command goes on where it stopped.")
    assert (server.asked, error.value.exit_status) == (ATTEMPTS, 15)


def test_waiting_times_grow_and_are_bounded() -> None:
    server = Server(status(500))
    with pytest.raises(TrackerError):
        server.ask()
    back_offs = [wait for wait in server.waits if wait > 0.01]
    assert all(wait <= 0.5 * 2**attempt for attempt, wait in enumerate(server.waits[: ATTEMPTS - 1]))
    assert len(back_offs) <= ATTEMPTS - 1


def test_a_server_that_wants_a_long_pause_ends_the_run() -> None:
    server = Server(status(429, retry_after="3600"))
    with pytest.raises(TrackerError, match="takes no more requests for 3600 seconds"):
        server.ask()
    assert server.asked == 1


def test_a_limit_that_is_told_as_403_is_a_limit() -> None:
    server = Server(status(403, x_ratelimit_remaining="0", x_ratelimit_reset="0"), status(200, "ok"))
    assert server.ask("POST").text == "ok"


@pytest.mark.parametrize("code", [401, 403])
def test_refused_credentials_end_the_run_and_do_not_show(code: int) -> None:
    server = Server(status(code, "no"), secret_hint="Set DOCPARSE_SECRET_THEO_DOI.")
    with pytest.raises(TrackerError) as error:
        server.ask()
    assert str(error.value) == (f"theo-doi: refuses the credentials or the right to do this (status {code}). Set DOCPARSE_SECRET_THEO_DOI.")
    assert (server.asked, "bi-mat" in repr(error.value)) == (1, False)


@pytest.mark.parametrize(
    ("code", "kind"), [(409, Changed), (412, Changed), (400, Refused), (404, Refused), (410, Refused), (413, Refused), (422, Refused)]
)
def test_what_a_server_says_of_one_item(code: int, kind: type[TrackerError]) -> None:
    server = Server(status(code, "Assignee is\n invalid"))
    with pytest.raises(kind) as error:
        server.ask("POST")
    assert server.asked == 1
    assert kind is Changed or "Assignee is invalid" in str(error.value)


def test_redirects_are_not_followed() -> None:
    server = Server(status(302, location="https://elsewhere.example.vn/login"))
    with pytest.raises(TrackerError, match=r"answers at another address \(elsewhere.example.vn\)"):
        server.ask()
    assert server.asked == 1


def test_requests_keep_the_rate() -> None:
    server = Server(status(200), per_second=2.0)
    for _ in range(3):
        server.ask()
    assert len(server.waits) == 2
    assert all(0.4 < wait <= 0.5 for wait in server.waits)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://tracker.example.vn", "would send its password unencrypted"),
        ("tracker.example.vn", "has no URL of a server"),
        ("ftp://tracker.example.vn", "has no URL of a server"),
        ("https://thu:bi-mat@tracker.example.vn", "has no URL of a server"),
    ],
)
def test_urls_that_are_refused(url: str, reason: str) -> None:
    with pytest.raises(TrackerError, match=reason) as error:
        Client(url, name="theo-doi")
    assert "bi-mat" not in str(error.value)


@pytest.mark.parametrize(("url", "options"), [("http://127.0.0.1:5232", {}), ("http://tracker.example.vn", {"plain_http": True})])
def test_plain_http_on_this_machine_or_where_it_is_allowed(url: str, options: dict[str, bool]) -> None:
    Client(url, name="theo-doi", **options).close()


@pytest.mark.parametrize(
    ("headers", "check"),
    [
        ({"retry-after": "3"}, lambda wait: wait == 3.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, lambda wait: wait == 0.0),
        ({"retry-after": "soon"}, lambda wait: wait is None),
        ({"x-ratelimit-reset": "1"}, lambda wait: wait == 0.0),
        ({}, lambda wait: wait is None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], check: Callable[[float | None], bool]) -> None:
    assert check(retry_after(httpx.Response(429, headers=headers)))
