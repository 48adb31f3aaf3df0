"""Recurrences as Vietnamese documents say them; the forms stand in `lexicon/recurrences.toml`."""

from __future__ import annotations

from collections.abc import Sequence

from docparse.lexicon import load_rules, load_values

ORDER = ("FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY")


def in_words(recurrence: str) -> str:
    """A recurrence (RFC 5545 RRULE) in words, the rule itself where the lexicon has none for it.

    >>> in_words("FREQ=WEEKLY;BYDAY=TH"), in_words("FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=20"), in_words("FREQ=YEARLY;BYWEEKNO=20")
    ('thứ Năm hằng tuần', 'ngày 20 tháng 6 và tháng 12 hằng năm', 'FREQ=YEARLY;BYWEEKNO=20')
    """
    rule = _in_order(recurrence)
    for form in load_rules("recurrences"):
        if match := form.regex.match(rule):
            return str(form.values["words"]).format(**{name: _named(name, value) for name, value in match.groupdict().items()})
    return recurrence


def _in_order(recurrence: str) -> str:
    """The parts of a rule in the order of the lexicon; a part that is not there stays where it is and matches nothing."""
    parts = [part for part in recurrence.removeprefix("RRULE:").split(";") if part != "INTERVAL=1"]
    names = [part.partition("=")[0] for part in parts]
    if not set(names) <= set(ORDER) or len(set(names)) < len(names):
        return recurrence
    return ";".join(sorted(parts, key=lambda part: ORDER.index(part.partition("=")[0])))


def _named(group: str, value: str) -> str:
    names = load_values("recurrences")["names"]
    members = value.split(",")
    match group:
        case "days":
            return _listed([names[member] for member in members])
        case "dates":
            return _listed([names["last_date"] if member == "-1" else names["date"].format(member) for member in members])
        case "months":
            return _listed([names["month"].format(member) for member in members])
        case _:
            return value


def _listed(members: Sequence[str]) -> str:
    """Members of a list with `và` before the last one."""
    return f"{', '.join(members[:-1])} và {members[-1]}" if len(members) > 1 else members[0]
