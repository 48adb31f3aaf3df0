"""The fields of an item ↔ a VTODO (RFC 5545), as calendars hold it.

What other programs wrote into a VTODO stays: its lines are exchanged one by one. The icalendar library, which folds them and reads their days
here, would not give all of it back (it escapes the commas of RESOURCES and refuses a to-do for one number that is none).
A day is a DATE without time and zone, so that it is the same day for every client.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from icalendar.parser import Contentline, Contentlines
from icalendar.prop import vDDDTypes

from docparse import __version__
from docparse.days import day_of
from docparse.trackers.items import Fields, Item, Value
from docparse.words import squeeze

KEEPS = frozenset({"title", "notes", "status", "start", "due", "recurrence", "tags", "link"})
KEY = "X-DOCPARSE-KEY"  # a copy of the UID, which a person's copy of the item does not have
STATUSES = {"open": "NEEDS-ACTION", "doing": "IN-PROCESS", "done": "COMPLETED", "cancelled": "CANCELLED"}
PROGRESS = {status: progress for progress, status in STATUSES.items()}
RULE_PARTS = ("FREQ", "UNTIL", "COUNT", "INTERVAL", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST")

LINE = re.compile(r'(?P<name>[\w.-]++)(?P<parameters>(?:;(?:"[^"]*+"|[^":])*+)?):(?P<value>.*)', re.DOTALL)
ZONE = re.compile(r';TZID="?([^";:]+)', re.IGNORECASE)
GUARD = "\u2060"  # invisible, and taken out again on reading
ESCAPES = str.maketrans({"\\": f"\\\\{GUARD}", ";": "\\;", ",": "\\,", "\n": "\\n"})
ESCAPED = re.compile(rf"\\(?:(\\){GUARD}?|(.))", re.DOTALL)
BETWEEN_TAGS = re.compile(r"((?:[^\\,]|\\.)*+)(?:,|$)", re.DOTALL)
UNFIT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # calendars and the XML around them cannot carry these

# Nextcloud and other clients show notes as Markdown: a guard takes the effect of a link or picture that a document would make
LINKING = re.compile(rf"\]({GUARD}*+)(?=[(\[:])")
GUARDED = re.compile(rf"\]({GUARD}*){GUARD}(?=[(\[:])")


@dataclass(frozen=True, slots=True)
class Todo:
    """What a calendar says of an item. `ours`: docparse made it; `done_on`: ISO 8601 day in Asia/Ho_Chi_Minh."""

    uid: str
    ours: bool
    fields: Fields
    done_on: str | None


class _Line(NamedTuple):
    name: str
    parameters: str
    value: str


@dataclass
class _Block:
    """A component by the numbers of its BEGIN and its own properties, without those of components inside it."""

    begin: int
    own: dict[int, _Line] = field(default_factory=dict)

    def all(self, name: str) -> list[_Line]:
        return [line for line in self.own.values() if line.name == name]

    def first(self, name: str) -> _Line | None:
        return next(iter(self.all(name)), None)

    def text(self, name: str) -> str:
        line = self.first(name)
        return _plain(_unescaped(line.value)) if line else ""


def build_calendar(items: Iterable[Item], moment: dt.datetime, *, name: str | None = None) -> bytes:
    """A VCALENDAR with a VTODO for each item, made at a moment; `name` is what programs call it when they import it."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//docparse//docparse {__version__}//VI"]
    if name is not None:
        head.append(f"X-WR-CALNAME:{_escaped(squeeze(name))}")
    return _folded(chain(head, chain.from_iterable(_built(item, moment) for item in items), ["END:VCALENDAR"]))


def read_todo(text: str) -> Todo | None:
    """The to-do of a calendar resource, of a recurring one the series; None if it holds none."""
    block = _find_series(_unfolded(text))
    if block is None or not (uid := block.text("UID")):
        return None
    fields = _fields(block)
    done_on = _day(block.first("COMPLETED")) if fields["status"] == "done" else None
    return Todo(uid, block.text(KEY) == uid, fields, done_on)


def change_todo(text: str, fields: Fields, moment: dt.datetime) -> bytes:
    """A calendar resource with these fields of its to-do changed at a moment, and all else as it was. Raises ValueError if it holds none."""
    lines = _unfolded(text)
    block = _find_series(lines)
    if block is None:
        raise ValueError("no VTODO")
    sequence, stamp = block.text("SEQUENCE"), _utc(moment)
    written = {
        **_written(fields, _fields(block)),
        KEY: [f"{KEY}:{_escaped(block.text('UID'))}"],
        "DTSTAMP": [f"DTSTAMP:{stamp}"],
        "LAST-MODIFIED": [f"LAST-MODIFIED:{stamp}"],
        "SEQUENCE": [f"SEQUENCE:{int(sequence) + 1 if sequence.isdecimal() else 1}"],
    }
    replaced = {number for number, line in block.own.items() if line.name in written}
    before = lines[: block.begin + 1]
    after = [line for number, line in enumerate(lines) if number > block.begin and number not in replaced]
    return _folded(chain(before, *written.values(), after))


def _built(item: Item, moment: dt.datetime) -> Iterable[str]:
    stamp, key = _utc(moment), _escaped(item.key)
    yield from ("BEGIN:VTODO", f"UID:{key}", f"{KEY}:{key}", f"DTSTAMP:{stamp}", f"CREATED:{stamp}", f"LAST-MODIFIED:{stamp}", "SEQUENCE:0")
    yield from chain.from_iterable(_written(item.fields, {}).values())
    if item.parent:
        yield f"RELATED-TO;RELTYPE=PARENT:{_escaped(item.parent)}"
    yield "END:VTODO"


def _written(fields: Fields, old: Fields) -> dict[str, list[str]]:
    """The lines of each property that fields decide, none for one that goes. `old` is what they change."""
    lines: dict[str, list[str]] = {}
    if "title" in fields:
        lines["SUMMARY"] = [f"SUMMARY:{_escaped(squeeze(_plain(_text(fields, 'title'))))}"]
    if "notes" in fields:
        notes = LINKING.sub(rf"]\1{GUARD}", _plain(_text(fields, "notes")))
        lines["DESCRIPTION"] = [f"DESCRIPTION:{_escaped(notes)}"] if notes else []
        lines["X-ALT-DESC"] = []  # the same in HTML
    if "status" in fields:
        lines |= _status_lines(_text(fields, "status"))
    if "tags" in fields:
        tags = [_escaped(squeeze(_plain(tag))) for tag in fields["tags"] or ()]
        lines["CATEGORIES"] = [f"CATEGORIES:{','.join(tags)}"] if tags else []
    if "link" in fields:
        link = "".join(_plain(_text(fields, "link")).split())
        lines["URL"] = [f"URL:{link}"] if link else []
    return lines | _day_lines(fields, {**old, **fields}, old)


def _status_lines(progress: str) -> dict[str, list[str]]:
    """COMPLETED says when work was done, which nobody told docparse: it is never written, and goes when the work is no longer done."""
    status = [f"STATUS:{STATUSES[progress]}"]
    if progress == "done":
        return {"STATUS": status, "PERCENT-COMPLETE": ["PERCENT-COMPLETE:100"]}
    return {"STATUS": status, "PERCENT-COMPLETE": [], "COMPLETED": []}


def _day_lines(fields: Fields, whole: Fields, old: Fields) -> dict[str, list[str]]:
    """Both days or none, for they must be of one type; a recurrence counts from DTSTART, and nothing is due before it begins."""
    lines: dict[str, list[str]] = {}
    start, due, rule = (_text(whole, name) for name in ("start", "due", "recurrence"))
    if "recurrence" in fields:
        lines["RRULE"] = [f"RRULE:{''.join(rule.split())}"] if rule else []
    if "start" in fields or "due" in fields or (rule and not old.get("start")):
        if due and (start > due or (rule and not start)):
            start = due if rule else ""
        lines["DTSTART"] = [f"DTSTART;VALUE=DATE:{start.replace('-', '')}"] if start else []
        lines["DUE"] = [f"DUE;VALUE=DATE:{due.replace('-', '')}"] if due else []
        if due:
            lines["DURATION"] = []  # RFC 5545: not beside DUE
    return lines


def _fields(block: _Block) -> dict[str, Value]:
    rule, link = block.first("RRULE"), block.text("URL")
    return {
        "title": squeeze(block.text("SUMMARY")),
        "notes": GUARDED.sub(r"]\1", block.text("DESCRIPTION")),
        "status": _progress(block),
        "start": _day(block.first("DTSTART")),
        "due": _day(block.first("DUE")),
        "recurrence": _ordered(rule.value) if rule else None,
        "tags": tuple(chain.from_iterable(_tags(line.value) for line in block.all("CATEGORIES"))),
        "link": link or None,
    }


def _progress(block: _Block) -> str:
    if said := PROGRESS.get(block.text("STATUS").upper()):
        return said
    percent = block.text("PERCENT-COMPLETE")
    if percent == "100" or block.first("COMPLETED"):
        return "done"
    return "doing" if percent.isdecimal() and int(percent) > 0 else "open"


def _day(line: _Line | None) -> str | None:
    """The day in Viet Nam. A time without a zone is that of whoever looks at it: the day is as it stands there."""
    if line is None:
        return None
    value, zone = line.value.strip(), ZONE.search(line.parameters)
    try:
        found = vDDDTypes.from_ical(value, zone[1] if zone and len(value) > len("20260131") else None)  # type: ignore[no-untyped-call]
        if isinstance(found, dt.datetime):
            return (day_of(found) if found.tzinfo else found.date()).isoformat()
    except (ValueError, OverflowError):
        return None
    return found.isoformat() if isinstance(found, dt.date) else None


def _ordered(rule: str) -> str:
    """A rule in one of the ways in which it can be written: clients put its parts in different orders."""
    parts = dict(part.split("=", 1) for part in rule.upper().strip().strip(";").split(";") if "=" in part)
    if parts.get("INTERVAL") == "1":
        del parts["INTERVAL"]
    order = [*(name for name in RULE_PARTS if name in parts), *sorted(parts.keys() - set(RULE_PARTS))]
    return ";".join(f"{name}={parts[name]}" for name in order)


def _tags(value: str) -> list[str]:
    return [tag for part in BETWEEN_TAGS.findall(value) if (tag := squeeze(_plain(_unescaped(part))))]


def _text(fields: Mapping[str, Value], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _plain(text: str) -> str:
    """Text with one kind of line end, without characters that a calendar cannot carry, and without white space around it."""
    return UNFIT.sub("", "\n".join(text.splitlines())).strip()


def _escaped(text: str) -> str:
    """A TEXT value. The icalendar library, and servers that use it, make a line end of the N in C:\\Nam if nothing stands between."""
    return text.translate(ESCAPES)


def _unescaped(value: str) -> str:
    return ESCAPED.sub(lambda found: found[1] or ("\n" if found[2] in "nN" else found[2]), value)


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _unfolded(text: str) -> list[str]:
    return [str(line) for line in Contentlines.from_ical(text) if line]  # type: ignore[no-untyped-call]


def _folded(lines: Iterable[str]) -> bytes:
    text: bytes = Contentlines(map(Contentline, lines)).to_ical()  # type: ignore[no-untyped-call]
    return text


def _find_series(lines: Sequence[str]) -> _Block | None:
    """The VTODO of a resource. Days of a recurring one that a client changed are further ones with the same UID and a RECURRENCE-ID."""
    blocks: list[_Block] = []
    depth, block = 0, None
    for number, line in enumerate(lines):
        match = LINE.fullmatch(line)
        if match is None:
            continue
        name, value = match["name"].upper(), match["value"]
        if name == "BEGIN":
            depth += 1
            if depth == 2 and value.strip().upper() == "VTODO":
                block = _Block(number)
        elif name == "END":
            if depth == 2 and block:
                blocks.append(block)
                block = None
            depth -= 1
        elif depth == 2 and block:
            block.own[number] = _Line(name, match["parameters"], value)
    return next((block for block in blocks if not block.first("RECURRENCE-ID")), blocks[0] if blocks else None)
