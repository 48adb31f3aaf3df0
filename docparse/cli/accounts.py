"""Accounts of the web site: docparse account add, list, remove, password, role, token."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from docparse.cli.common import usage_errors
from docparse.cli.corpus import CORPUS, Where
from docparse.cli.serve import AccountsFile, accounts_path, require_extra
from docparse.errors import AccountError

if TYPE_CHECKING:
    from docparse.web.accounts import Accounts

PASSWORD = "DOCPARSE_PASSWORD"
PASSWORD_HELP = f"The password is asked for, or read from standard input, or from {PASSWORD}; never from the command line."

account = typer.Typer(help="Accounts of the web site.", no_args_is_help=True, rich_markup_mode=None)
token = typer.Typer(help="API tokens of accounts.", no_args_is_help=True, rich_markup_mode=None)
account.add_typer(token, name="token")


class RoleName(StrEnum):
    """What somebody may do: read, correct, keep accounts."""

    READER = "reader"
    REVIEWER = "reviewer"
    ADMIN = "admin"


Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the account.", show_default=False)]
RoleOption = Annotated[RoleName, typer.Option("--role", help="reader, reviewer (corrects values) or admin.")]


@account.command(epilog=PASSWORD_HELP)
def add(name: Name, role: RoleOption = RoleName.READER, corpus: Where = CORPUS, accounts: AccountsFile = None) -> None:
    """Make an account; the first one makes the accounts database."""
    with _accounts(corpus, accounts, create=True) as opened:
        opened.add(name, _password(), role.value)


@account.command(name="list")
def list_accounts(corpus: Where = CORPUS, accounts: AccountsFile = None) -> None:
    """Show all accounts with their roles."""
    with _accounts(corpus, accounts) as opened:
        for user in opened.users():
            typer.echo(f"{user.name}\t{user.role}")


@account.command()
def remove(name: Name, corpus: Where = CORPUS, accounts: AccountsFile = None) -> None:
    """Remove an account with its sessions and API tokens; its corrections stay."""
    with _accounts(corpus, accounts) as opened:
        opened.remove(name)


@account.command(epilog=PASSWORD_HELP)
def password(name: Name, corpus: Where = CORPUS, accounts: AccountsFile = None) -> None:
    """Give an account a new password, which ends its sessions."""
    with _accounts(corpus, accounts) as opened:
        opened.set_password(name, _password())


@account.command()
def role(
    name: Name, new: Annotated[RoleName, typer.Argument(metavar="ROLE", show_default=False)], corpus: Where = CORPUS, accounts: AccountsFile = None
) -> None:
    """Give an account another role, at once."""
    with _accounts(corpus, accounts) as opened:
        opened.set_role(name, new.value)


@token.command(name="add")
def add_token(
    name: Name,
    label: Annotated[str, typer.Option("--label", help="What it is for.")] = "",
    role: RoleOption = RoleName.READER,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="After which it ends.")] = 90,
    corpus: Where = CORPUS,
    accounts: AccountsFile = None,
) -> None:
    """Make an API token and print it, which is done once: it is not kept."""
    with _accounts(corpus, accounts) as opened:
        typer.echo(opened.add_token(name, label=label, role=role.value, days=days))


@token.command(name="list")
def list_tokens(corpus: Where = CORPUS, accounts: AccountsFile = None) -> None:
    """Show all API tokens, without their secrets."""
    with _accounts(corpus, accounts) as opened:
        for known in opened.tokens():
            typer.echo(f"{known.id}\t{known.user}\t{known.role}\t{known.expires:%Y-%m-%d}\t{known.label}")


@token.command(name="revoke")
def revoke_token(
    token_id: Annotated[int, typer.Argument(metavar="ID", help="As token list shows it.", show_default=False)],
    corpus: Where = CORPUS,
    accounts: AccountsFile = None,
) -> None:
    """End an API token at once."""
    with _accounts(corpus, accounts) as opened:
        opened.revoke_token(token_id)


@contextmanager
def _accounts(corpus: str, accounts: str | None, *, create: bool = False) -> Iterator[Accounts]:
    with usage_errors():
        require_extra()
        from docparse.web.accounts import Accounts

        path = accounts_path(corpus, accounts)
        if path is None:
            raise AccountError(corpus, "has no place for accounts beside it", hint="Say where they are with --accounts.")
        opened = Accounts(path, create=create)
        try:
            yield opened
        finally:
            opened.close()


def _password() -> str:
    given = os.environ.get(PASSWORD)
    if given is not None:
        return given
    if sys.stdin.isatty():
        asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return asked
    return sys.stdin.readline().rstrip("\r\n")
