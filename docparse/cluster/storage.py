"""Where files are: on this machine or in object storage, through fsspec."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docparse.errors import CorpusError, MissingTool

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
INSTALL = "Install it: pip install 'docparse[cluster]'."
MARKS = ("ETag", "etag", "generation", "md5Hash", "LastModified", "updated", "mtime", "last_modified")  # which libraries call so what changes


def is_url(where: str) -> bool:
    """Whether this is a URL of something that is not simply a file of this machine.

    >>> is_url("s3://archive/2026"), is_url("file:///archive/2026"), is_url("/archive/2026")
    (True, False, False)
    """
    return bool(URL.match(where)) and not where.lower().startswith("file://")


def local_path(where: str) -> Path:
    """The path that a path or a `file://` URL names."""
    return Path(re.sub(r"(?i)^file://(localhost(?=/))?", "", where)).absolute()


def file_system(where: str) -> tuple[AbstractFileSystem, str, bool]:
    """What reads and writes there, the path without the scheme, and whether it is this machine.

    Raises MissingTool without the library for it, CorpusError for a scheme that nothing reads.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise MissingTool(where, "needs fsspec", hint=INSTALL) from error
    if not is_url(where):
        files, path = url_to_fs(f"file://{local_path(where)}")
        return files, str(local_path(where)), True
    try:
        files, path = url_to_fs(where)
    except ImportError as error:
        raise MissingTool(where, f"needs a library for it ({error})", hint=INSTALL) from error
    except ValueError as error:
        raise CorpusError(where, f"is no URL that can be read ({error})", hint="Give a path, s3://…, gs://… or file://….") from error
    return files, path.rstrip("/"), False


def mark_of(info: dict[str, Any]) -> str | None:
    """What changes with an object: its ETag, or what its storage has instead."""
    return next((str(info[name]).strip('"') for name in MARKS if info.get(name)), None)


def told(error: BaseException) -> str:
    """What an error of a library says, in one line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split()) or type(error).__name__
