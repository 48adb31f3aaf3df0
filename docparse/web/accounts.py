"""Who may use the site: accounts with roles, their passwords, and API tokens."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from docparse.errors import AccountError
from docparse.web.tables import connect, sessions, tokens, users

Role = Literal["reader", "reviewer", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
NAME = re.compile(r"[\w.@-]{1,64}")
SHORTEST_PASSWORD = 12  # characters
LONGEST_PASSWORD = 1000
TOKEN_PREFIX = "docparse_"  # by which a leaked one is found
DAY = 86_400


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with an account; `role` is what they may do in this request: that of the account, or less with an API token."""

    id: int
    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Whether the role is enough.

        >>> User(1, "lan", "reviewer").may("reader"), User(1, "lan", "reviewer").may("admin")
        (True, False)
        """
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class Token:
    """An API token without its secret."""

    id: int
    user: str
    label: str
    role: Role
    created: dt.datetime
    expires: dt.datetime


class Accounts:
    """The accounts of a site in their database. `now` gives seconds since 1970."""

    def __init__(self, path: str, *, create: bool = False, hasher: PasswordHasher | None = None, now: Callable[[], float] = time.time) -> None:
        """Open them. Raises AccountError."""
        self.engine = connect(path, create=create)
        self.now = now
        self._hasher = hasher or PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """The hash of a password that nobody has."""
        return self._hasher.hash(secrets.token_urlsafe())

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def add(self, name: str, password: str, role: Role) -> User:
        """Make an account. Raises AccountError where the name is taken or the password too short."""
        name, hashed = _name(name), self._hash(name, password)
        try:
            with self.engine.begin() as connection:
                values = {"name": name, "role": role, "password": hashed, "created": int(self.now())}
                user_id = connection.execute(insert(users).values(values).returning(users.c.id)).scalar_one()
        except IntegrityError as error:
            raise AccountError(name, "has an account already", hint="docparse account password gives it a new password.") from error
        return User(user_id, name, role)

    def users(self) -> tuple[User, ...]:
        """All accounts by name."""
        with self.engine.connect() as connection:
            return tuple(User(*row) for row in connection.execute(select(users.c.id, users.c.name, users.c.role).order_by(users.c.name)))

    def remove(self, name: str) -> None:
        """Remove an account with its sessions and tokens. Raises AccountError."""
        with self.engine.begin() as connection:
            if not connection.execute(delete(users).where(users.c.name == _name(name))).rowcount:
                raise _unknown(name)

    def set_password(self, name: str, password: str) -> None:
        """Give an account a new password, which ends its sessions. Raises AccountError."""
        self._change(name, password=self._hash(name, password))

    def set_role(self, name: str, role: Role) -> None:
        """Give an account another role, at once. Raises AccountError."""
        self._change(name, role=role)

    def _change(self, name: str, **values: str) -> None:
        with self.engine.begin() as connection:
            user_id = connection.scalar(select(users.c.id).where(users.c.name == _name(name)))
            if user_id is None:
                raise _unknown(name)
            connection.execute(update(users).where(users.c.id == user_id).values(**values))
            if "password" in values:
                connection.execute(delete(sessions).where(sessions.c.user_id == user_id))

    def check_password(self, name: str, password: str) -> User | None:
        """The user if name and password are right. An unknown name takes as long as a wrong password."""
        with self.engine.connect() as connection:
            found = connection.execute(select(users).where(users.c.name == normal_name(name))).one_or_none()
        nobody, given = self._nobody, _normal(password[:LONGEST_PASSWORD])
        hashed = found.password if found else nobody
        try:
            self._hasher.verify(hashed, given)
        except (VerificationError, InvalidHashError):
            return None
        if found and self._hasher.check_needs_rehash(hashed):
            with self.engine.begin() as connection:
                connection.execute(update(users).where(users.c.id == found.id).values(password=self._hasher.hash(given)))
        return User(found.id, found.name, found.role) if found else None

    def _hash(self, name: str, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise AccountError(_name(name), f"needs a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters", hint="A few words will do.")
        return self._hasher.hash(_normal(password))

    def add_token(self, name: str, *, label: str, role: Role, days: int = 90) -> str:
        """A new API token, which is not kept and cannot be shown again; it ends after so many days. Raises AccountError."""
        token, now = TOKEN_PREFIX + secrets.token_urlsafe(32), int(self.now())
        with self.engine.begin() as connection:
            user_id = connection.scalar(select(users.c.id).where(users.c.name == _name(name)))
            if user_id is None:
                raise _unknown(name)
            values = {"user_id": user_id, "sha256": digest(token), "label": label[:100], "role": role, "created": now, "expires": now + days * DAY}
            connection.execute(insert(tokens).values(values))
        return token

    def tokens(self, name: str | None = None) -> tuple[Token, ...]:
        """The API tokens of an account, or all."""
        query = select(tokens, users.c.name).join(users, users.c.id == tokens.c.user_id).order_by(tokens.c.id)
        with self.engine.connect() as connection:
            rows = connection.execute(query.where(users.c.name == _name(name)) if name is not None else query).all()
        return tuple(Token(row.id, row.name, row.label, row.role, _time(row.created), _time(row.expires)) for row in rows)

    def revoke_token(self, token_id: int, *, user: User | None = None) -> None:
        """End an API token at once; of `user` only, if given. Raises AccountError."""
        query = delete(tokens).where(tokens.c.id == token_id)
        with self.engine.begin() as connection:
            if not connection.execute(query.where(tokens.c.user_id == user.id) if user else query).rowcount:
                raise AccountError(f"token {token_id}", "is not there", hint="docparse account token list shows them.")

    def user_of_token(self, token: str) -> User | None:
        """Whose API token it is, with the lower of the two roles; None if it has ended."""
        query = select(users.c.id, users.c.name, users.c.role, tokens.c.role).join(users, users.c.id == tokens.c.user_id)
        with self.engine.connect() as connection:
            row = connection.execute(query.where(tokens.c.sha256 == digest(token), tokens.c.expires > int(self.now()))).one_or_none()
        return User(row[0], row[1], min(row[2], row[3], key=ROLES.index)) if row else None


def digest(secret: str) -> str:
    """What is kept of a random secret of 256 bits: nobody finds it from this, and looking it up takes no comparison in secret time."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _normal(text: str) -> str:
    """Vietnamese letters are typed composed on one system and decomposed on another."""
    return unicodedata.normalize("NFKC", text)


def normal_name(name: str) -> str:
    """The one form of all spellings of a name.

    >>> normal_name("Ｌan")
    'lan'
    """
    return _normal(name).lower()


def _name(name: str) -> str:
    if not NAME.fullmatch(normal_name(name)):
        raise AccountError(name[:64], "is no name for an account", hint="Use up to 64 letters, digits and . _ - @")
    return normal_name(name)


def _unknown(name: str) -> AccountError:
    return AccountError(name, "has no account", hint="docparse account list shows who has.")


def _time(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
