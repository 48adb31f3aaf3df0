"""Templates -> HTML pages: language and theme of the reader, escaping, and what each page needs."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from docparse.web import security
from docparse.web.addresses import Address
from docparse.web.messages import LANGUAGES, Messages, load_messages

HERE = Path(__file__).parent
THEMES = ("light", "dark", "auto")
YEAR = 365 * 24 * 3600  # seconds


@cache
def environment() -> Environment:
    """The templates; everything in them is escaped."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    made.globals["static"] = static
    made.filters["path"] = lambda value: quote(str(value), safe=":/")
    return made


@cache
def static(name: str) -> str:
    """The address of a static file, which changes with its content, so that browsers may keep it."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def messages(request: Request) -> Messages:
    """The texts in the reader's language: as asked for, else by cookie, else by the browser, else Vietnamese."""
    for wanted in (request.query_params.get("lang"), request.cookies.get("lang"), *_accepted(request)):
        if wanted in LANGUAGES:
            return load_messages(wanted)
    return load_messages(LANGUAGES[0])


def _accepted(request: Request) -> list[str]:
    return [part.split(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]


def theme(request: Request) -> str:
    """light, dark or auto (as the reader's system)."""
    wanted = (request.query_params.get("theme"), request.cookies.get("theme"))
    return next((value for value in wanted if value in THEMES), "auto")


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of the site. `values` are for the template; language and theme asked for in the address are kept in cookies."""
    texts = messages(request)
    here = Address.of(request)
    html = (
        environment()
        .get_template(template)
        .render(
            t=texts,
            here=here,
            path=request.url.path,
            theme=theme(request),
            user=security.user(request),
            accounts=request.app.state.accounts is not None,
            csrf=security.csrf_token(request),
            fragment="fragment" in request.query_params,
            **values,
        )
    )
    response = HTMLResponse(html, status)
    for name, allowed in (("lang", LANGUAGES), ("theme", THEMES)):
        if request.query_params.get(name) in allowed:
            secure = request.app.state.settings.secure_cookies
            response.set_cookie(name, request.query_params[name], max_age=YEAR, samesite="lax", httponly=True, secure=secure)
    return response
