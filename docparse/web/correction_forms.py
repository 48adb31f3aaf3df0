"""Forms to correct a finding: a field of the record -> inputs, and what was filled in -> a JSON value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docparse.record import Model, Record
from docparse.review.corrections import FIELDS, Kind, choices
from docparse.review.values import value_of
from docparse.web.findings import Finding

LISTS = ("addressees", "leads", "supports")
DEADLINE = ("text", "first_day", "last_day", "recurrence")
BY_BUTTON = ("confidence",)  # set by accepting a task on the review list
LONG = ("title", "action", "heading", "name", "mention")


@dataclass(frozen=True, slots=True)
class Field:
    """A field as inputs: `look` is choice, lines, deadline, yes_no, long or line; `shown` fills them, `seen` is the value as JSON.

    `start`, `end` and `quote` name the finding, None for the header.
    """

    kind: Kind
    name: str
    look: str
    shown: Any
    seen: str
    options: tuple[str, ...]
    start: int | None
    end: int | None
    quote: str | None


def fields_of(record: Record, found: Finding) -> tuple[Field, ...]:
    """The fields of a finding that a reviewer may correct; of the header the one that was chosen."""
    if found.kind not in FIELDS:
        return ()
    kind: Kind = found.kind  # type: ignore[assignment]
    model = model_of(record, found)
    names = (found.key,) if kind == "header" else FIELDS[kind]
    return tuple(_field(kind, name, model, record) for name in names if name in FIELDS[kind] and name not in BY_BUTTON)


def model_of(record: Record, found: Finding) -> Model:
    """The finding in the record."""
    if found.kind == "header":
        return record.header
    kept: Mapping[str, tuple[Model, ...]] = {
        "section": record.sections,
        "signer": record.signers,
        "citation": record.citations,
        "date": record.dates,
        "agency": record.agencies,
        "task": record.tasks,
    }
    return kept[found.kind][int(found.key)]


def _field(kind: Kind, name: str, model: Model, record: Record) -> Field:
    value = value_of(model, name)
    options = choices(kind, name)
    look, shown = "line", value or ""
    if options:
        look = "choice"
    elif name in LISTS:
        look, shown = "lines", "\n".join(value or ())
    elif name == "provisions":
        look, shown = "lines", "\n".join(", ".join(f"{unit} {label}" for unit, label in row.items()) for row in value)
    elif name == "deadline":
        look, shown = "deadline", {part: (value or {}).get(part) or "" for part in DEADLINE}
    elif name == "collective":
        look, shown = "yes_no", bool(value)
    elif name in LONG:
        look = "long"
    start, end = (None, None) if kind == "header" else (getattr(model, "start", None), getattr(model, "end", None))
    quote = getattr(model, "mention", None) if kind == "agency" else None
    return Field(kind, name, look, shown, json.dumps(value, ensure_ascii=False), options, start, end, quote)


def value_from(field: str, form: Mapping[str, str]) -> Any:
    """The JSON value that a form gives for a field.

    >>> value_from("leads", {"value": "Sở Y tế\\r\\nSở Tài chính\\r\\n"}), value_from("provisions", {"value": "Điều 5, Khoản 2"})
    (['Sở Y tế', 'Sở Tài chính'], [{'Điều': '5', 'Khoản': '2'}])
    """
    value = form.get("value", "").strip()
    if field in LISTS:
        return _lines(value)
    if field == "provisions":
        return [_provision(line) for line in _lines(value)]
    if field == "deadline":
        parts = {part: form.get(f"deadline_{part}", "").strip() or None for part in DEADLINE}
        return parts if any(parts.values()) else None
    if field == "collective":
        return value == "yes"
    if field == "confidence":
        return float(value) if re.fullmatch(r"[01](?:\.\d+)?", value) else value
    return value or None


def _lines(value: str) -> list[str]:
    return [line.strip() for line in value.splitlines() if line.strip()]


def _provision(line: str) -> dict[str, str]:
    pairs = (part.strip().rpartition(" ") for part in line.split(",") if part.strip())
    return {unit or label: label for unit, _, label in pairs}
