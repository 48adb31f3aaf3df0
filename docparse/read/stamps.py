"""Stamps of signing tools: text on the page that is no content."""

from __future__ import annotations

from docparse.lexicon import load_rules


def is_stamp(line: str) -> bool:
    """Does this line say who signed digitally and when?

    >>> is_stamp("18.11.2024 07:25:14 +07:00"), is_stamp("Ngày 18.11.2024")
    (True, False)
    """
    return any(rule.regex.search(line) for rule in load_rules("stamps"))
