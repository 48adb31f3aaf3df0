"""What the web site is told when it starts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

MAX_LIMIT = 100  # rows of one answer
MAX_OFFSET = 10_000  # rows that may be passed over: what lies behind is found by filters
MAX_FILTER_VALUES = 50  # of one filter
MAX_QUERY_CHARACTERS = 500  # of a search
MAX_QUERY_STRING = 8_000  # bytes after the question mark of an address
MAX_PARAMETERS = 200  # in an address
MAX_FORM_BYTES = 256_000  # a body that is no upload


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where the corpus is, who may read it, and how much a request may take.

    `accounts`: path of the accounts database, None for a site without accounts (everybody reads, nobody reviews). `allowed_hosts`: names by
    which the site may be asked besides those of `host` and the loopback. `secure_cookies`: it is reached over https only, as behind a proxy.
    Sizes are in bytes, times in seconds where the name does not say otherwise.

    >>> WebSettings(corpus="corpus.db").host
    '127.0.0.1'
    """

    corpus: str
    accounts: str | None = None
    login_to_read: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    allowed_hosts: tuple[str, ...] = ()
    secure_cookies: bool = False
    query_seconds: float = 5.0
    body_seconds: float = 60.0
    max_upload_bytes: int = 50_000_000
    upload_seconds: float = 60.0
    upload_memory: int = 2 << 30
    uploads_at_once: int = 2
    session_hours: float = 12.0
    idle_hours: float = 2.0

    def to_json(self) -> str:
        """The settings for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> WebSettings:
        """The settings that `to_json` wrote."""
        values = json.loads(text)
        return cls(**{**values, "allowed_hosts": tuple(values["allowed_hosts"])})
