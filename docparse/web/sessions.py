"""Logins: sessions on the side of the server, and the brake on guessing passwords."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import OperationalError

from docparse.web.accounts import Accounts, User, digest, normal_name
from docparse.web.tables import failures, sessions, users

SEEN_SECONDS = 60  # how exactly the last request of a session is kept: not each request writes
WINDOW_SECONDS = 900  # in which failed logins count
FAILURES_OF_PAIR = 5  # of one account from one address
FAILURES_OF_ADDRESS = 20
FAILURES_OF_ACCOUNT = 50  # from all addresses together: enough that nobody is shut out by a neighbour, far too few to guess
FAILURES_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions of all users; times in seconds."""

    accounts: Accounts
    longest: float
    idle: float

    def start(self, user: User) -> str:
        """A new session: its id, random 256 bits, of which only the hash is kept."""
        session_id, now = secrets.token_urlsafe(32), int(self.accounts.now())
        with self.accounts.engine.begin() as connection:
            connection.execute(delete(sessions).where((sessions.c.created < now - self.longest) | (sessions.c.seen < now - self.idle)))
            connection.execute(insert(sessions).values(sha256=digest(session_id), user_id=user.id, created=now, seen=now))
        return session_id

    def find(self, session_id: str) -> User | None:
        """Whose session it is; None if there is none, or it has ended."""
        key, now = digest(session_id), int(self.accounts.now())
        query = select(users.c.id, users.c.name, users.c.role, sessions.c.created, sessions.c.seen).join(users, users.c.id == sessions.c.user_id)
        with self.accounts.engine.connect() as connection:
            row = connection.execute(query.where(sessions.c.sha256 == key)).one_or_none()
        if row is None or row.created <= now - self.longest or row.seen <= now - self.idle:
            return None
        if row.seen <= now - SEEN_SECONDS:
            with suppress(OperationalError), self.accounts.engine.begin() as connection:  # another process writes: the next request will do
                connection.execute(update(sessions).where(sessions.c.sha256 == key).values(seen=now))
        return User(row.id, row.name, row.role)

    def end(self, session_id: str) -> None:
        """End a session."""
        with self.accounts.engine.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.sha256 == digest(session_id)))


@dataclass(frozen=True, slots=True)
class Brake:
    """Failed logins, kept in the accounts database, so that all processes of a site count together."""

    accounts: Accounts

    def count(self, name: str, address: str) -> int:
        """Count a try before it is made, so that many at once are no way around; 0, or the seconds to wait where it may not be made."""
        now, account = int(self.accounts.now()), digest(normal_name(name))
        since = now - WINDOW_SECONDS
        of_account, of_address = failures.c.account == account, failures.c.address == address
        with self.accounts.engine.connect() as connection:
            connection.execute(delete(failures).where(failures.c.at <= since))  # also makes this process the only one that writes
            for condition, most in (
                (of_account & of_address, FAILURES_OF_PAIR),
                (of_address, FAILURES_OF_ADDRESS),
                (of_account, FAILURES_OF_ACCOUNT),
            ):
                at = connection.scalar(select(failures.c.at).where(condition).order_by(failures.c.at.desc()).offset(most - 1).limit(1))
                if at is not None:
                    return int(at) + WINDOW_SECONDS - now
            if (connection.scalar(select(func.count()).select_from(failures)) or 0) >= FAILURES_KEPT:
                oldest = select(failures.c.id).order_by(failures.c.id).limit(FAILURES_KEPT // 10)
                connection.execute(delete(failures).where(failures.c.id.in_(oldest)))
            connection.execute(insert(failures).values(account=account, address=address, at=now))
            connection.commit()
        return 0

    def release(self, name: str, address: str) -> None:
        """Forget what was counted for an account from an address: the login succeeded."""
        account = digest(normal_name(name))
        with self.accounts.engine.begin() as connection:
            connection.execute(delete(failures).where(failures.c.account == account, failures.c.address == address))
