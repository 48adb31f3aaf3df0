"""Names printed in capitals, in ordinary case."""

from __future__ import annotations

import re
from functools import cache

from docparse.find.authority import agencies
from docparse.find.places import provinces, read_level
from docparse.find.tokens import Phrases, Tokens
from docparse.lexicon import load_values
from docparse.words import unaccent

VOWEL = re.compile("[aeiouy]")


@cache
def _written() -> Phrases[str]:
    """Phrases as they are written in ordinary case: names, fields, provinces, and initials, which stay in capitals."""
    data = load_values("agency_types")
    names = [entry.name for entry in agencies().values() if entry.place != "*" or entry.kind == "department"]
    fields = [field for field in data["fields"]["ministry"] if field not in ("Dân tộc", "Lao động")]
    fields += [field for field in data["fields"]["division"] if any(len(word) > 1 and word.isupper() for word in field.split())]
    forms = [form for head in data["head"] for form in head["forms"] if " " not in form]
    initials = [form.upper() for form in forms if form == "ubnd" or not VOWEL.search(unaccent(form))]
    return Phrases(
        (row, row) for row in [*names, *fields, "Việt Nam", "Trung ương", *(province.name for province in provinces().values()), *initials]
    )


def is_shouted(name: str) -> bool:
    """Whether a name is printed in capitals and not just made of initials.

    >>> is_shouted("UBND TỈNH"), is_shouted("VP UBND TP")
    (True, False)
    """
    return name.isupper() and any(
        not word.isascii() and word not in ("HĐND", "ĐBQH", "LĐLĐ", "BCĐ") and VOWEL.search(unaccent(word).lower()) for word in name.split()
    )


def ordinary_case(name: str) -> str:
    """A name printed in capitals in ordinary case, of the same length.

    >>> ordinary_case("SỞ KẾ HOẠCH VÀ ĐẦU TƯ TỈNH BẮC GIANG"), ordinary_case("UBND HUYỆN SƠN ĐỘNG")
    ('Sở Kế hoạch và Đầu tư tỉnh Bắc Giang', 'UBND huyện Sơn Động')
    """
    tokens = Tokens.of_string(name)
    parts, at, in_place = list(name.lower()), 0, False
    while at < len(tokens.words):
        found, level = _written().longest(tokens.words, at), read_level(tokens, at)
        end = level[0] if level else found[0] if found else at + 1
        start, stop = tokens.starts[at], tokens.ends[end - 1]
        if not level and found and len(found[1]) == stop - start:
            parts[start:stop] = found[1]
        elif at == 0 or (in_place and not level):
            parts[start:stop] = name[start:stop].capitalize()
        in_place = bool(level) or (in_place and not found)
        at = end
    return "".join(parts)
