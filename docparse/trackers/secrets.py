"""Passwords and tokens of trackers: from the environment, else from the keyring of the system; never from a file."""

from __future__ import annotations

import os
import re

from docparse.errors import TrackerError

SERVICE = "docparse"


def variable(target: str) -> str:
    """The environment variable that holds the password or token of a target.

    >>> variable("theo-doi")
    'DOCPARSE_SECRET_THEO_DOI'
    """
    return "DOCPARSE_SECRET_" + re.sub(r"\W|-", "_", target).upper()


def hint(target: str) -> str:
    """What to do about credentials that are missing or refused."""
    return f"Set {variable(target)}, or: keyring set {SERVICE} {target}"


def secret_of(target: str) -> str:
    """The password or token of a target. Raises TrackerError if there is none."""
    if found := (os.environ.get(variable(target)) or _from_keyring(target) or "").strip():
        return found
    raise TrackerError(target, "has no password or token", hint=hint(target) + ".")


def _from_keyring(target: str) -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        return keyring.get_password(SERVICE, target)
    except KeyringError:
        return None
