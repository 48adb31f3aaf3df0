"""Events to a URL of one's own, signed by the Standard Webhooks scheme (https://www.standardwebhooks.com, version 1).

A POST of one JSON object for each change, as `Content-Type: application/json`:

```json
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {
    "version": {"const": 1},
    "type": {"enum": ["task.created", "task.updated", "task.gone"]},
    "data": {
      "type": "object",
      "properties": {
        "key": {"type": "string", "format": "uuid", "description": "the same for the same task"},
        "place": {"type": ["string", "null"]},
        "parent": {"type": ["string", "null"], "format": "uuid", "description": "key of the task above; only in task.created"},
        "fields": {
          "type": "object",
          "description": "all of them in task.created, else those that changed; null where there is no value",
          "properties": {"tags": {"type": "array", "items": {"type": "string"}}},
          "additionalProperties": {"type": ["string", "null"]}
        }
      },
      "required": ["key", "place", "fields"]
    }
  },
  "required": ["version", "type", "data"]
}
```

The fields are those of `docparse.trackers.items.Item`. `task.gone`: a new parse of the document no longer finds the task.

Headers: `webhook-id`, `webhook-timestamp` (seconds since 1970, UTC) and `webhook-signature`: `v1,` and the HMAC-SHA256 of `id.timestamp.body` in
base64. The secret is `whsec_` and the key in base64, else the text itself is the key. The id follows from the content and from the event before it
about the same task: what is sent again after an answer that was lost has the id it had, so a receiver drops ids that it knows.
Any answer from 200 to 299 counts as received; 429, 5xx and none at all are tried again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Collection, Generator, Mapping
from typing import Any

import httpx

from docparse.errors import TrackerError
from docparse.trackers.http import Client
from docparse.trackers.items import GONE, Fields, Item, Remote
from docparse.trackers.mapping import Part, TargetSettings, options_of
from docparse.trackers.secrets import hint
from docparse.trackers.targets.rest import tags_of

VERSION = 1
PREFIX = "whsec_"


class Tracker:
    """A receiver of events. It cannot be read: what it was told is what the ledger says."""

    keeps = frozenset({"title", "notes", "status", "assignee", "start", "due", "recurrence", "tags", "link", "custom"})
    has_parents = False

    def __init__(
        self,
        name: str,
        settings: TargetSettings,
        *,
        secret: str,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        options_of(Part, name, settings)
        self.settings, self._key = settings, _key(name, secret)
        self.client = Client.of(settings, name=name, transport=transport, sleep=sleep)

    def read(self, places: Collection[str], known: Mapping[str, str]) -> None:
        """Nothing: events go one way."""

    def create(self, item: Item, *, parent_id: str | None) -> Remote:
        """Tell of a new task."""
        data = {"key": item.key, "place": item.place or None, "parent": item.parent, "fields": dict(item.fields)}
        identity = self._send("task.created", data, before="")
        return Remote(item.key, identity, item.fields, place=item.place)

    def update(self, remote: Remote, fields: Fields) -> Remote:
        """Tell what changed, or that the task is gone."""
        kind = "task.gone" if GONE in tags_of(fields) else "task.updated"
        identity = self._send(kind, {"key": remote.key, "place": remote.place or None, "fields": dict(fields)}, before=remote.id)
        return Remote(remote.key, identity, {**remote.fields, **fields}, place=remote.place)

    def _send(self, kind: str, data: Mapping[str, Any], *, before: str) -> str:
        """Send an event and give its id, which follows from that of the event before."""
        body = json.dumps({"version": VERSION, "type": kind, "data": data}, ensure_ascii=False, sort_keys=True).encode()
        identity = f"msg_{hashlib.sha256(before.encode() + b'.' + body).hexdigest()[:32]}"
        headers = {"Content-Type": "application/json"}
        self.client.request("POST", self.settings.url, content=body, headers=headers, auth=Signature(identity, self._key), once=False)
        return identity


class Signature(httpx.Auth):
    """Signs a request in the moment in which it is sent: one that is tried again later is not too old for its receiver."""

    requires_request_body = True

    def __init__(self, identity: str, key: bytes) -> None:
        self._identity, self._key = identity, key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Put the headers on."""
        moment = str(int(time.time()))
        signed = hmac.digest(self._key, f"{self._identity}.{moment}.".encode() + request.content, "sha256")
        signature = f"v1,{base64.b64encode(signed).decode()}"
        request.headers.update({"webhook-id": self._identity, "webhook-timestamp": moment, "webhook-signature": signature})
        yield request


def _key(name: str, secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError as error:
        raise TrackerError(name, f"has a secret that begins with {PREFIX} and is no base64", hint=f"{hint(name)}.") from error
