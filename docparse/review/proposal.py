"""What a reviewer asks for, checked against the record as it is now, as the values of a correction."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from docparse.errors import CorrectionError
from docparse.record import Model
from docparse.review.corrections import ADDED, Action, Finding, Sheet
from docparse.review.derived import corrected_header, new_finding
from docparse.review.values import FIELDS, Kind, allowed, check, clean, same, text_of, value_of

UNSEEN: Final = object()
LONGEST = 5000  # characters of an added finding
RELOAD = "Load the document again and look at it once more."


class Proposal(NamedTuple):
    """The values of a correction that the record decides; the names are those of `Correction`."""

    start: int | None
    end: int | None
    quote: str | None
    field: str | None
    before: Any
    after: Any


class Target(NamedTuple):
    """How a reviewer names a finding."""

    start: int | None
    end: int | None
    quote: str | None


def propose(sheet: Sheet, kind: Kind, action: Action, target: Target, *, field: str | None, value: Any, seen: Any) -> Proposal:
    """The values of a correction. Raises CorrectionError if it does not fit the record or the record has changed since it was seen."""
    if kind not in FIELDS:
        raise CorrectionError(str(kind), hint=f"It is one of {', '.join(FIELDS)}.")
    if action == "set":
        return _set(sheet, kind, target, field, value, seen)
    if field is not None:
        raise CorrectionError(f"{kind} {field}", f"has no {action}", hint="A field is set; a whole finding is removed or added.")
    if action == "remove" and kind != "header":
        return _remove(sheet, kind, target, seen)
    if action == "add" and kind in ADDED:
        return _add(sheet, kind, target, value)
    actions = "set" if kind == "header" else "set, remove or add" if kind in ADDED else "set or remove"
    raise CorrectionError(kind, f"has no {action}", hint=f"It takes {actions}.")


def _set(sheet: Sheet, kind: Kind, target: Target, field: str | None, value: Any, seen: Any) -> Proposal:
    if field not in FIELDS[kind]:
        raise CorrectionError(f"{kind} {field}", hint=f"Fields of a {kind} that can be corrected: {', '.join(FIELDS[kind])}.")
    name = f"{kind} {field}"
    now: Model
    if kind == "header":
        if any(part is not None for part in target):
            raise CorrectionError(name, "has no place", hint="Leave start, end and quote out for the header.")
        now, place = corrected_header(sheet.parsed, sheet.header), target
    else:
        found = _find(sheet, kind, target)
        now, place = found.now, Target(found.given.start, found.given.end, found.quote)
    before, after = value_of(now, field), clean(kind, field, value)
    if seen is not UNSEEN and not same(kind, field, before, seen):
        raise CorrectionError(name, f"was changed meanwhile and is {before!r} now", hint=RELOAD)
    if isinstance(after, dict) and field == "deadline" and not after["text"]:
        after["text"] = (before or {}).get("text", "")
    check(kind, now, {field: after})
    if same(kind, field, before, after):
        raise CorrectionError(name, f"is {before!r} already", hint=allowed(kind, field))
    return Proposal(*place, field, before, after)


def _remove(sheet: Sheet, kind: Kind, target: Target, seen: Any) -> Proposal:
    found = _find(sheet, kind, target)
    before = found.now.model_dump(mode="json")
    if isinstance(seen, dict) and not all(same(kind, name, before.get(name), value) for name, value in seen.items()):
        raise CorrectionError(f"{kind} at {target.start}", "was changed meanwhile", hint=RELOAD)
    return Proposal(found.given.start, found.given.end, found.quote, None, before, None)


def _add(sheet: Sheet, kind: Kind, target: Target, value: Any) -> Proposal:
    text = sheet.parsed.text
    start, end = _range(kind, target, len(text))
    end = start + len(text[start:end].rstrip())
    start = end - len(text[start:end].lstrip())
    if not 0 < end - start <= LONGEST:
        raise CorrectionError(
            f"{kind} at {target.start}", "is empty or too long", hint=f"Choose its words in the text, at most {LONGEST:,} characters."
        )
    if not isinstance(value, dict | None):
        raise CorrectionError(kind, f"cannot be {value!r}", hint=f"Give an object with fields of {', '.join(FIELDS[kind])}.")
    values = {name: clean(kind, name, given) for name, given in (value or {}).items()}
    given = new_finding(sheet.parsed, kind, start, end, name="r", values=values)
    check(kind, given, values)
    if any(found.quote == text_of(given, text) for found in sheet.at(kind, start, end)):
        raise CorrectionError(f"{kind} at {start}", "is there already", hint="Correct its fields instead.")
    return Proposal(start, end, text[start:end], None, None, values)


def _find(sheet: Sheet, kind: Kind, target: Target) -> Finding:
    start, end = _range(kind, target, len(sheet.parsed.text))
    found = sheet.at(kind, start, end)
    if target.quote is not None:
        found = [one for one in found if target.quote in (one.quote, text_of(one.now, sheet.parsed.text))]
    if not found:
        raise CorrectionError(f"{kind} at {start}", "is not there", hint=RELOAD)
    if len(found) > 1:
        names = ", ".join(one.quote for one in found)
        raise CorrectionError(f"{kind} at {start}", f"is one of several: {names}", hint="Say which with its quote.")
    return found[0]


def _range(kind: Kind, target: Target, length: int) -> tuple[int, int]:
    start, end = target.start, target.end
    if start is None or end is None or not 0 <= start < end <= length:
        raise CorrectionError(kind, "needs a place in the text", hint=f"Give start and end, 0 <= start < end <= {length}.")
    return start, end
