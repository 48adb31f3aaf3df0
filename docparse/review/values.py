"""What a value of a correction may be: cleaned, checked through the models of the record, refused with what is allowed."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import ValidationError

from docparse.errors import CorrectionError
from docparse.record import AgencyMention, Citation, DateMention, Deadline, Header, Mark, Model, Section, Signer, Task
from docparse.words import lower, squeeze

Kind = Literal["header", "signer", "section", "citation", "date", "agency", "task"]
Values = Mapping[str, Any]

MODELS: Mapping[Kind, type[Model]] = {
    "header": Header,
    "signer": Signer,
    "section": Section,
    "citation": Citation,
    "date": DateMention,
    "agency": AgencyMention,
    "task": Task,
}
FIELDS: Mapping[Kind, tuple[str, ...]] = {
    "header": ("doc_type", "number", "issuer", "parent_issuer", "place", "date", "title", "addressees", "urgency", "secrecy"),
    "signer": ("name", "position", "authority", "on_behalf_of"),
    "section": ("label", "heading"),
    "citation": ("doc_type", "number", "date", "issuer", "title", "relation", "provisions"),
    "date": ("first_day", "last_day", "recurrence", "modifier"),
    "agency": ("name", "mention", "kind", "level", "place", "collective"),
    "task": ("leads", "supports", "deadline", "status", "action", "confidence"),
}
LONGEST = 20_000  # characters of a value as JSON
PARTIAL_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
RECURRENCE = re.compile(r"FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;[A-Z]+=[\w,+-]+)*")


def choices(kind: Kind, field: str) -> tuple[str, ...]:
    """The values that a field with a closed list may have, empty for other fields.

    >>> choices("task", "status"), choices("task", "action")
    (('assigned', 'planned'), ())
    """
    hint = get_type_hints(MODELS[kind])[field]
    return next((get_args(part) for part in (hint, *get_args(hint)) if get_origin(part) is Literal), ())


def allowed(kind: Kind, field: str) -> str:
    """What a field takes, for people.

    >>> allowed("header", "date")
    'It takes a day such as 2026-03-12, or null.'
    """
    if listed := choices(kind, field):
        what = f"one of {', '.join(listed)}"
    else:
        what = {
            "date": "a day such as 2026-03-12" + (", a month or a year" if kind == "citation" else ""),
            "first_day": "a day such as 2026-03-12, not after the last day",
            "last_day": "a day such as 2026-03-12, not before the first day",
            "recurrence": "a rule such as FREQ=MONTHLY;BYMONTHDAY=15, without days",
            "addressees": "a list of names",
            "leads": "a list of names",
            "supports": "a list of names",
            "provisions": 'a list such as [{"Điều": "5", "Khoản": "2"}]',
            "deadline": 'an object such as {"text": "trước ngày 15/3/2026", "last_day": "2026-03-15"} with days or a recurrence',
            "collective": "true or false",
            "confidence": "a number from 0 to 1",
        }.get(field, "a text on one line")
    model = MODELS[kind].model_fields[field].annotation
    return f"It takes {what}{', or null' if type(None) in get_args(model) else ''}."


def clean(kind: Kind, field: str, value: Any) -> Any:
    """The value as it is stored: texts NFC on one line, an empty one null, empty names left out; numbers of documents without spaces.

    >>> clean("header", "number", " 47/KH - BDT "), clean("task", "leads", ["Sở  Y tế", ""]), clean("header", "title", " ")
    ('47/KH-BDT', ['Sở Y tế'], None)
    """
    value = _clean(value)
    if isinstance(value, str):
        if field == "number":
            return re.sub(r"\s+", "", value)
        if field == "doc_type":
            return lower(value)
    elif isinstance(value, list):
        return [row for row in value if row not in (None, {})]
    elif isinstance(value, dict) and field == "deadline":
        return {name: row for name, row in value.items() if row is not None} | {"text": value.get("text") or ""}
    return value


def clean_text(text: str) -> str | None:
    """A text NFC on one line, without characters that are none (controls, halves of surrogates); None if nothing is left."""
    kept = "".join(letter for letter in squeeze(text) if unicodedata.category(letter) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", kept) or None


def _clean(value: Any) -> Any:
    match value:
        case str():
            return clean_text(value)
        case list() | tuple():
            return [_clean(row) for row in value]
        case dict():
            return {str(_clean(name)): _clean(row) for name, row in value.items()}
    return value


def check(kind: Kind, finding: Model, values: Values) -> Model:
    """The finding with new values of its fields, which are clean. Raises CorrectionError with what is allowed.

    >>> check("header", Header(), {"date": "12/3/2026"})
    Traceback (most recent call last):
    docparse.errors.CorrectionError: header date: cannot be '12/3/2026'. It takes a day such as 2026-03-12, or null.
    """
    for field, value in values.items():
        if field not in FIELDS[kind]:
            raise CorrectionError(f"{kind} {field}", hint=f"Fields of a {kind} that can be corrected: {', '.join(FIELDS[kind])}.")
        if len(json.dumps(value, ensure_ascii=False)) > LONGEST:
            raise CorrectionError(f"{kind} {field}", "is too long", hint=allowed(kind, field))
        if not _fits(kind, finding, field, value):
            raise CorrectionError(f"{kind} {field}", f"cannot be {_shown(value)}", hint=allowed(kind, field))
    made = changed(finding, values)
    if problem := _contradiction(made):
        raise CorrectionError(kind, problem, hint="Correct the other field first, or remove the finding.")
    return made


def changed(finding: Model, values: Values) -> Model:
    """The finding with new values. Raises ValidationError, which `check` explains, if they do not fit."""
    return type(finding).model_validate_json(json.dumps({**finding.model_dump(mode="json"), **values}), strict=True)


def _fits(kind: Kind, finding: Model, field: str, value: Any) -> bool:
    try:
        made = getattr(changed(finding, {field: value}), field)
    except ValidationError:
        return False
    match made:
        case Deadline():
            whole = (made.first_day or made.last_day) if made.recurrence is None else RECURRENCE.fullmatch(made.recurrence)
            return bool(whole) and _ordered(made.first_day, made.last_day)
        case str() if field == "date":
            return _is_partial_day(made)
        case str() if field == "recurrence":
            return RECURRENCE.fullmatch(made) is not None
        case float():
            return 0 <= made <= 1
        case tuple() if field == "provisions":
            return all(name and label for row in made for name, label in row.items())
    return True


def _is_partial_day(value: str) -> bool:
    try:
        dt.date.fromisoformat(f"{value}-01-01"[:10])
    except ValueError:
        return False
    return PARTIAL_DAY.fullmatch(value) is not None


def _ordered(first: dt.date | None, last: dt.date | None) -> bool:
    return first is None or last is None or first <= last


def _contradiction(made: Model) -> str | None:
    match made:
        case Citation() if not (made.number or made.title or made.date):
            return "needs a number, a title or a date"
        case DateMention() if not (made.first_day or made.last_day or made.recurrence):
            return "needs a first day, a last day or a recurrence"
        case DateMention() if not _ordered(made.first_day, made.last_day):
            return "has its first day after its last day"
    return None


def value_of(finding: Model, field: str) -> Any:
    """The value of a field as a JSON value."""
    return finding.model_dump(mode="json", include={field})[field]


def same(kind: Kind, field: str, one: Any, other: Any) -> bool:
    """Whether two JSON values of a field say the same."""
    return json.dumps(clean(kind, field, one), sort_keys=True) == json.dumps(clean(kind, field, other), sort_keys=True)


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:80]}…"


def text_of(finding: Mark, text: str) -> str:
    """The words by which a finding is known again: its own text; of a section, which holds others, its first line; of an agency its name in
    an elliptic list, whose members stand at the same place."""
    if isinstance(finding, AgencyMention):
        return finding.mention
    own = text[finding.start : finding.end]
    return own.partition("\n")[0] if isinstance(finding, Section) else own
