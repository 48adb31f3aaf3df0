"""Login, logout, and what somebody with an account has: API tokens."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi import Path as PathParameter
from starlette.responses import RedirectResponse, Response

from docparse.errors import AccountError
from docparse.web import security
from docparse.web.security import LoggedIn
from docparse.web.templating import page

router = APIRouter()
Text = Annotated[str, Form(max_length=300)]
TOKEN_DAYS = 90


@router.get("/login")
def login_page(request: Request, next: str = "/") -> Response:
    """The form."""
    return page(request, "login.html", next=security.safe_next(next), name="", wrong=False)


@router.post("/login")
def log_in(request: Request, name: Text = "", password: Annotated[str, Form(max_length=1000)] = "", next: Annotated[str, Form()] = "/") -> Response:
    """Begin a session, or say that name or password are wrong."""
    if security.log_in(request, name, password) is None:
        return page(request, "login.html", status=401, next=security.safe_next(next), name=name, wrong=True)
    return RedirectResponse(security.safe_next(next), 303)


@router.post("/logout")
def log_out(request: Request) -> Response:
    """End the session."""
    security.log_out(request)
    return RedirectResponse("/", 303)


@router.get("/account")
def account_page(request: Request, user: LoggedIn) -> Response:
    """Name, role, tokens."""
    return page(request, "account.html", account=user, tokens=request.app.state.accounts.tokens(user.name), made=None)


@router.post("/account/tokens")
def add_token(request: Request, user: LoggedIn, label: Text = "") -> Response:
    """Make an API token with one's own role; it is shown once."""
    accounts = request.app.state.accounts
    made = accounts.add_token(user.name, label=label.strip() or "API", role=user.role, days=TOKEN_DAYS)
    return page(request, "account.html", account=user, tokens=accounts.tokens(user.name), made=made)


@router.post("/account/tokens/{token_id}/revoke")
def revoke_token(request: Request, user: LoggedIn, token_id: Annotated[int, PathParameter(ge=1, le=2**53)]) -> Response:
    """End a token of one's own."""
    if token_id not in {token.id for token in request.app.state.accounts.tokens(user.name)}:
        raise AccountError(f"token {token_id}", "is none of yours")
    request.app.state.accounts.revoke_token(token_id, user=user)
    return RedirectResponse("/account", 303)
