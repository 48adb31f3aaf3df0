"""Accounts, passwords, API tokens, the brake, and the commands that keep them."""

from __future__ import annotations

import re
import sqlite3
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sites import CHEAP, PASSWORD
from sqlalchemy import func, select
from typer.testing import CliRunner

from docparse.cli import app
from docparse.errors import AccountError
from docparse.web import sessions
from docparse.web.accounts import Accounts, User, digest
from docparse.web.sessions import Brake, Sessions
from docparse.web.tables import failures, tokens, users

runner = CliRunner()
NOW = 1_780_000_000


@pytest.fixture
def clock() -> list[float]:
    """The time, to be moved."""
    return [float(NOW)]


@pytest.fixture
def accounts(tmp_path: Path, clock: list[float]) -> Iterator[Accounts]:
    """One account."""
    made = Accounts(str(tmp_path / "accounts.db"), create=True, hasher=CHEAP, now=lambda: clock[0])
    made.add("Lan", PASSWORD, "reviewer")
    yield made
    made.close()


def stored(accounts: Accounts) -> str:
    with accounts.engine.connect() as connection:
        return str(connection.scalar(select(users.c.password)))


def test_file_is_for_its_owner_only(accounts: Accounts, tmp_path: Path) -> None:
    accounts.add("an", PASSWORD, "reader")
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("accounts.db*") if path.suffix == ".db"} == {"accounts.db": 0o600}
    (tmp_path / "accounts.db").chmod(0o644)
    Accounts(str(tmp_path / "accounts.db"), hasher=CHEAP).close()
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("accounts.db*")} == {0o600}


def test_password_is_kept_as_argon2id(accounts: Accounts) -> None:
    assert stored(accounts).startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert accounts.check_password("lan", PASSWORD) == User(1, "lan", "reviewer")
    assert accounts.check_password("LAN", PASSWORD) == User(1, "lan", "reviewer")
    assert accounts.check_password("lan", PASSWORD + " ") is None


def test_usual_hashes_follow_rfc_9106(tmp_path: Path) -> None:
    made = Accounts(str(tmp_path / "a.db"), create=True)
    made.add("an", PASSWORD, "reader")
    assert stored(made).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    made.close()


def test_password_typed_on_another_system(accounts: Accounts) -> None:
    assert unicodedata.normalize("NFD", PASSWORD) != PASSWORD
    assert accounts.check_password("lan", unicodedata.normalize("NFD", PASSWORD)) is not None


def test_hash_is_renewed_when_its_parameters_change(accounts: Accounts, tmp_path: Path) -> None:
    dearer = Accounts(str(tmp_path / "accounts.db"), hasher=PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert dearer.check_password("lan", "sai mật khẩu rồi") is None
    assert "m=8,t=1" in stored(accounts)
    assert dearer.check_password("lan", PASSWORD) is not None
    assert "m=16,t=2" in stored(accounts)
    assert accounts.check_password("lan", PASSWORD) is not None
    dearer.close()


def test_unknown_name_takes_as_much_work_as_a_wrong_password(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            verified.append(str(hash).rsplit("$", 2)[0])
            return super().verify(hash, password)

    counting = Counting(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", counting)
    assert accounts.check_password("lan", "sai mật khẩu rồi") is None
    assert accounts.check_password("nobody", PASSWORD) is None
    assert accounts.check_password("' OR 1=1 --", PASSWORD) is None
    assert verified == ["$argon2id$v=19$m=8,t=1,p=1"] * 3


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a\n", "a" * 65, "<b>"])
def test_names(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError, match="is no name for an account"):
        accounts.add(name, PASSWORD, "reader")


def test_what_is_refused(accounts: Accounts) -> None:
    with pytest.raises(AccountError, match="has an account already"):
        accounts.add("LAN", PASSWORD, "reader")
    with pytest.raises(AccountError, match="needs a password of 12 to 1000 characters"):
        accounts.add("an", "ngắn quá", "reader")
    with pytest.raises(AccountError, match="has no account"):
        accounts.remove("an")
    with pytest.raises(AccountError, match="has no account"):
        accounts.set_role("an", "admin")
    with pytest.raises(AccountError, match="has no account"):
        accounts.add_token("an", label="", role="reader")
    with pytest.raises(AccountError, match="token 7: is not there"):
        accounts.revoke_token(7)


def test_new_password_ends_sessions(accounts: Accounts) -> None:
    of = Sessions(accounts, longest=3600, idle=600)
    session_id = of.start(User(1, "lan", "reviewer"))
    assert of.find(session_id) == User(1, "lan", "reviewer")
    accounts.set_password("lan", "một câu khác hẳn")
    assert of.find(session_id) is None
    assert accounts.check_password("lan", PASSWORD) is None


def test_api_token(accounts: Accounts, clock: list[float], tmp_path: Path) -> None:
    token = accounts.add_token("lan", label="notebook", role="admin", days=30)
    assert re.fullmatch(r"docparse_[\w-]{43}", token)
    assert accounts.user_of_token(token) == User(1, "lan", "reviewer")
    assert accounts.user_of_token(token + "a") is None
    with accounts.engine.connect() as connection:
        assert connection.scalars(select(tokens.c.sha256)).all() == [digest(token)]
    assert token.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("accounts.db*"))
    clock[0] = NOW + 30 * 86_400 - 1
    assert accounts.user_of_token(token) is not None
    clock[0] += 1
    assert accounts.user_of_token(token) is None


def test_api_token_has_the_lower_role_and_can_be_revoked(accounts: Accounts) -> None:
    token = accounts.add_token("lan", label="", role="reader")
    assert accounts.user_of_token(token) == User(1, "lan", "reader")
    other = accounts.add("an", PASSWORD, "admin")
    with pytest.raises(AccountError):
        accounts.revoke_token(1, user=other)
    accounts.revoke_token(1, user=User(1, "lan", "reviewer"))
    assert accounts.user_of_token(token) is None


def test_brake_by_account_and_address(accounts: Accounts, clock: list[float]) -> None:
    brake = Brake(accounts)
    assert [brake.count("lan", "192.0.2.1") for _ in range(6)] == [0] * 5 + [900]
    clock[0] += 100
    assert (brake.count("Ｌan", "192.0.2.1"), brake.count("lan", "192.0.2.2"), brake.count("an", "192.0.2.1")) == (800, 0, 0)
    clock[0] = NOW + 900
    assert brake.count("lan", "192.0.2.1") == 0


def test_brake_by_address_and_by_account(accounts: Accounts) -> None:
    brake = Brake(accounts)
    assert [brake.count(f"user{number}", "192.0.2.1") for number in range(21)] == [0] * 20 + [900]
    assert [brake.count("lan", f"198.51.100.{number}") for number in range(51)] == [0] * 50 + [900]


def test_brake_is_released_by_a_login(accounts: Accounts) -> None:
    brake = Brake(accounts)
    for _ in range(3):
        assert [brake.count("lan", "192.0.2.1") for _ in range(4)] == [0] * 4
        brake.release("lan", "192.0.2.1")


def test_brake_is_shared_by_processes_and_keeps_no_name(accounts: Accounts, tmp_path: Path) -> None:
    other = Accounts(str(tmp_path / "accounts.db"), hasher=CHEAP, now=accounts.now)
    assert [Brake(each).count("a password by mistake", "192.0.2.1") for each in (accounts, other) * 3] == [0] * 5 + [900]
    assert b"by mistake" not in b"".join(path.read_bytes() for path in tmp_path.glob("accounts.db*"))
    other.close()


def test_brake_keeps_a_bounded_number(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "FAILURES_KEPT", 30)
    brake = Brake(accounts)
    for number in range(100):
        brake.count(f"user{number}", f"198.51.100.{number}")
        with accounts.engine.connect() as connection:
            assert (connection.scalar(select(func.count()).select_from(failures)) or 0) <= 30


def test_other_databases_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (a)")
    with pytest.raises(AccountError, match="is a database of something else"):
        Accounts(str(path), create=True)
    path.write_bytes(b"no database at all, but long enough to be looked at by the library")
    with pytest.raises(AccountError, match="cannot be used"):
        Accounts(str(path), create=True)
    with pytest.raises(AccountError, match="is not there"):
        Accounts(str(tmp_path / "none.db"))


def call(*arguments: str, folder: Path, given: str = "", password: str | None = None) -> tuple[int, str, str]:
    result = runner.invoke(
        app, ["account", *arguments, "--corpus", str(folder / "kho.db")], input=given, env={"DOCPARSE_PASSWORD": password, "DOCPARSE_ACCOUNTS": None}
    )
    return result.exit_code, result.stdout, result.stderr


def test_commands(tmp_path: Path) -> None:
    assert call("list", folder=tmp_path) == (
        2, "", f"docparse: {tmp_path / 'kho-accounts.db'}: is not there. docparse account add makes it.\n"
    )  # fmt: skip
    assert call("add", "quan", "--role", "admin", folder=tmp_path, password=PASSWORD) == (0, "", "")
    assert call("add", "lan", "--role", "reviewer", folder=tmp_path, given=f"{PASSWORD}\n") == (0, "", "")
    assert call("add", "an", folder=tmp_path, given="ngắn\n")[0] == 2
    assert call("list", folder=tmp_path) == (0, "lan\treviewer\nquan\tadmin\n", "")
    assert call("role", "lan", "reader", folder=tmp_path)[0] == 0
    assert call("password", "lan", folder=tmp_path, given="một câu khác hẳn\n")[0] == 0
    status, token, _ = call("token", "add", "lan", "--label", "sổ tay", folder=tmp_path)
    assert (status, re.fullmatch(r"docparse_[\w-]{43}\n", token) is not None) == (0, True)
    opened = Accounts(str(tmp_path / "kho-accounts.db"))
    assert opened.check_password("lan", "một câu khác hẳn") == opened.user_of_token(token.strip()) == User(2, "lan", "reader")
    expires = opened.tokens("lan")[0].expires
    opened.close()
    assert call("token", "list", folder=tmp_path) == (0, f"1\tlan\treader\t{expires:%Y-%m-%d}\tsổ tay\n", "")
    assert call("token", "revoke", "1", folder=tmp_path)[0] == 0
    assert call("remove", "lan", folder=tmp_path)[0] == 0
    assert call("list", folder=tmp_path)[1] == "quan\tadmin\n"


def test_password_is_no_argument() -> None:
    for command in ("add", "password"):
        shown = runner.invoke(app, ["account", command, "--help"]).stdout
        assert "--password" not in shown
        assert runner.invoke(app, ["account", command, "lan", PASSWORD]).exit_code == 2


def test_corpus_on_a_server_needs_a_path_for_accounts() -> None:
    result = runner.invoke(app, ["account", "list", "--corpus", "postgresql://localhost/kho"], env={"DOCPARSE_ACCOUNTS": None})
    assert (result.exit_code, "--accounts" in result.stderr) == (2, True)
