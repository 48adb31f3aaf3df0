"""Trackers in the process: each request is held against a contract (`contracts/*.json`: facts of the published API), then answered as it says.

A path, parameter, field or type that the contract does not know fails the test, and so does an answer of these servers that does not keep it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
from jsonschema import Draft202012Validator

CONTRACTS = Path(__file__).parent / "contracts"
NOW = "2026-05-01T18:30:00Z"  # the second of May in Viet Nam


class Problem(Exception):
    """What a tracker answers instead."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self.status, self.body, self.headers = status, body, headers or {}


@dataclass
class Fault:
    """What goes wrong with a request: an answer instead of the true one, or (`lost`) none after it was done; `before` is done first."""

    operation: str
    status: int = 0
    body: Any = ""
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False
    before: Callable[[], None] | None = None


@cache
def contract_of(name: str) -> dict[str, Any]:
    """A contract, with what it takes over from another one."""
    own = json.loads((CONTRACTS / f"{name}.json").read_text(encoding="utf-8"))
    base = contract_of(own["extends"]) if "extends" in own else {"operations": {}, "schemas": {}}
    operations = {key: value for key, value in {**base["operations"], **own["operations"]}.items() if value}
    return {**own, "operations": operations, "schemas": {**base["schemas"], **own["schemas"]}}


class ContractServer:
    """A tracker that keeps a contract. `asked` are the requests: operation, path parameters, body."""

    def __init__(self, contract: str, tracker: Any) -> None:
        self.contract, self.tracker = contract_of(contract), tracker
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.faults: list[Fault] = []
        self.base = urlsplit(self.contract["base"])
        self.transport = httpx.MockTransport(self._handle)

    def bodies(self, *operations: str) -> list[Any]:
        """The bodies that operations were sent, in their order."""
        return [body for name, _, body in self.asked if name in operations]

    def _handle(self, request: httpx.Request) -> httpx.Response:
        assert (request.url.scheme, request.url.netloc.decode()) == (self.base.scheme, self.base.netloc), f"another server: {request.url}"
        path = request.url.raw_path.decode().partition("?")[0]
        assert path.startswith(self.base.path), path
        name, arguments = self._operation(request.method, path.removeprefix(self.base.path))
        operation = self.contract["operations"][name]
        for header, pattern in self.contract["headers"].items():
            assert re.search(pattern, request.headers.get(header, "")), f"{name}: header {header}"
        query = dict(request.url.params)
        self._check(query, operation.get("query", {"maxProperties": 0}), f"query of {name}")
        body = json.loads(request.content) if request.content else None
        self._check(body, operation.get("body", {"type": "null"}), f"body of {name}")
        self.asked.append((name, arguments, body))
        fault = next((fault for fault in self.faults if fault.operation == name), None)
        if fault:
            self.faults.remove(fault)
            if fault.before:
                fault.before()
            if fault.status:
                return _answer(fault.status, fault.body, fault.headers)
        try:
            answer = getattr(self.tracker, name)(**arguments, **({"query": query} if query else {}), **({"body": body} if body is not None else {}))
        except Problem as problem:
            return _answer(problem.status, problem.body, problem.headers)
        if fault and fault.lost:
            raise httpx.ReadTimeout("no answer", request=request)
        found, headers = answer if isinstance(answer, tuple) else (answer, {})
        self._check(found, operation.get("response", {"type": "null"}), f"answer of {name}")
        return _answer(operation.get("status", 200), found, headers)

    def _operation(self, method: str, path: str) -> tuple[str, dict[str, str]]:
        for name, operation in self.contract["operations"].items():
            wanted, template = operation["request"].split(" ")
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
            if wanted == method and (match := re.fullmatch(pattern, path)):
                return name, {key: unquote(value) for key, value in match.groupdict().items()}
        raise AssertionError(f"the contract knows no {method} {path}")

    def _check(self, value: Any, schema: dict[str, Any], what: str) -> None:
        errors = [f"{error.json_path}: {error.message}" for error in _validator(json.dumps([schema, self.contract["schemas"]])).iter_errors(value)]
        assert not errors, f"{what}: {errors}"


@cache
def _validator(schema_and_parts: str) -> Draft202012Validator:
    schema, parts = json.loads(schema_and_parts)
    return Draft202012Validator({"schemas": parts, "allOf": [schema]}, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _answer(status: int, body: Any, headers: dict[str, str]) -> httpx.Response:
    if body is None or isinstance(body, str):
        return httpx.Response(status, text=body or "", headers={"content-type": "text/html", **headers})
    return httpx.Response(status, json=body, headers=headers)
