"""What goes wrong, for people and programs: never a traceback, never a path of this machine."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from docparse.errors import CorpusError, DocparseError, QueryError, printable

API = "/api/"
STATUSES = {
    "query": 400,
    "missing_entry": 404,
    "correction": 422,
    "account": 400,
    "unsupported": 415,
    "too_large": 413,
    "empty_file": 422,
    "encrypted": 422,
    "damaged": 422,
    "missing_tool": 422,
}
BEING_WRITTEN = "is being written by another docparse"  # docparse.files.hold


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that is an error: `code` is stable, `message` and `hint` are for people."""

    status: int
    code: str
    message: str
    hint: str = ""


class Refused(HTTPException):
    """A request that is not answered as asked. (FastAPI lets only its own exceptions through while it reads a body.)"""

    def __init__(self, status: int, code: str, message: str, hint: str = "", *, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, message, headers)
        self.problem = Problem(status, code, message, hint)

    @classmethod
    def of(cls, error: DocparseError) -> Refused:
        """The refusal for an error."""
        problem = problem_of(error)
        return cls(problem.status, problem.code, problem.message, problem.hint)


class LoginNeeded(Exception):
    """The request needs a login, or another one."""


def install(app: FastAPI) -> None:
    """Let the application answer errors in our form."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(LoginNeeded, _login_needed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(DocparseError, _docparse)


def response(request: Request, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """The answer to a program as JSON, to a person as a page."""
    if request.url.path.startswith(API):
        body = {name: value for name, value in asdict(problem).items() if name != "status"}
        answer: Response = JSONResponse(body, problem.status)
    else:
        from docparse.web.pages import error_page

        answer = error_page(request, problem)
    answer.headers.update(headers or {})
    return answer


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return response(request, error.problem, dict(error.headers or {}))


async def _login_needed(request: Request, _: Exception) -> Response:
    if request.url.path.startswith(API):
        hint = "Send an API token as Authorization: Bearer …; docparse account token makes one."
        return response(request, Problem(401, "login_needed", "This needs an account.", hint), {"WWW-Authenticate": "Bearer"})
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "") if request.method in {"GET", "HEAD"} else "/"
    return RedirectResponse(f"/login?next={quote(wanted, safe='/')}", 303)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    message = {404: "There is nothing at this address.", 400: f"The request cannot be read ({printable(str(error.detail))})."}.get(
        error.status_code, f"{phrase}."
    )
    return response(request, Problem(error.status_code, phrase.lower().replace(" ", "_"), message), dict(error.headers or {}))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    rows = error.errors()
    if not request.url.path.startswith(API) and any(row["loc"][0] == "path" for row in rows):
        return response(request, Problem(404, "not_found", "There is nothing at this address."))
    told = "; ".join(f"{'.'.join(str(part) for part in row['loc'][1:]) or row['loc'][0]}: {row['msg']}" for row in rows[:5])
    return response(request, Problem(422, "invalid", printable(told)[:1000], "The description at /api/v1/openapi.json says what is expected."))


async def _docparse(request: Request, error: Exception) -> Response:
    assert isinstance(error, DocparseError)
    problem = problem_of(error)
    return response(request, problem, {"Retry-After": "10"} if problem.status == 503 else None)


def problem_of(error: DocparseError) -> Problem:
    """What people may know of an error: nothing of where the corpus is. Raises the error itself where it is a defect of the site."""
    if isinstance(error, CorpusError) and error.reason == BEING_WRITTEN:
        return Problem(409, "busy", "The corpus is being written by another program.", "Try again when it has finished.")
    if isinstance(error, CorpusError):
        logging.getLogger("docparse.web").error("%s", error)
        return Problem(503, "corpus", "The corpus cannot be used now.", "Try again later; the log of the server says more.")
    if isinstance(error, QueryError) and isinstance(error.__cause__, DBAPIError):
        return Problem(503, "slow_query", "The search took too long and was stopped.", error.hint)
    if error.code not in STATUSES:
        raise error
    return Problem(STATUSES[error.code], error.code, f"{printable(error.filename)[:300]}: {printable(error.reason)}.", printable(error.hint))
