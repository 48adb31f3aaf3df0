"""Labels that rules give: what the parser finds in texts that nobody annotated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docparse.record import AgencyMention, Record
from docparse.training.examples import UNKNOWN, NameSpan
from docparse.words import squeeze

PERSON = re.compile(r"(?<!\w)(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí|đ/c|Đ/c)\s+(?P<name>(?:[^\W\d_a-z]\w*\s?){2,5})")


def silver_names(record: Record) -> Iterator[NameSpan]:
    """The names that the rules found; a part of an elliptic list is no name by itself and counts as unknown."""
    for mention in record.agencies:
        if not mention.collective:
            yield NameSpan(mention.start, mention.end, "AGENCY" if _whole(mention) else UNKNOWN)
    for signer in record.signers:
        for label, value in (("PERSON", signer.name), ("POSITION", signer.position)):
            at = record.text.lower().find(value.lower(), signer.start, signer.end) if value else -1
            if value and at >= 0:
                yield NameSpan(at, at + len(value), label)
    for match in PERSON.finditer(record.text):
        name = match["name"].rstrip()
        if name.istitle():
            yield NameSpan(match.start("name"), match.start("name") + len(name), "PERSON")


def _whole(mention: AgencyMention) -> bool:
    return squeeze(mention.text).casefold() == mention.mention.casefold()
