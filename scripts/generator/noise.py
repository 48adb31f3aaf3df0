"""Misprints of whoever typed a document, and what recognition makes of a page. Misprints belong to the text (gold has them as printed);
noise of recognition does not: gold stays what was printed, and offsets are carried over."""

from __future__ import annotations

import random
import re
import unicodedata
from functools import cache

from generator.scene import rows
from generator.source import TOKEN

WORD = re.compile(r"(?<![\w/.-])[a-zà-ỹđ]{4,7}(?![\w/.-])")


def misprinted(body: str, rng: random.Random, share: float = 0.3) -> str:
    """A body with a few misprints in plain words outside of bodies, people, places, citations and dates; most bodies stay as they are."""
    if rng.random() >= share:
        return body
    protected = [(token.start(), token.end()) for token in TOKEN.finditer(body)]
    protected += [match.span() for match in re.finditer(r"<([acdnlv])(?: [^>]*)?>.*?</\1>", body)]
    actors = {name.strip() for match in re.finditer(r"<k ([^@#~>]*)", body) for name in re.split("[;+]", match[1]) if name.strip()}
    protected += [match.span() for name in sorted(actors) for match in re.finditer(re.escape(name), body, re.IGNORECASE)]
    words = [
        match
        for match in WORD.finditer(body)
        if match[0].islower() and not any(start < match.end() and match.start() < end for start, end in protected)
    ]
    for match in sorted(rng.sample(words, min(len(words), rng.randint(1, 5))), key=lambda match: -match.start()):
        word = match[0]
        spot = rng.randrange(1, len(word) - 1)
        kind = rng.choice(("swap", "mark", "double", "lost"))
        if kind == "swap":
            word = word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :]
        elif kind == "mark":
            word = unmarked(word)
        else:
            word = word[:spot] + (word[spot] * 2 if kind == "double" else "") + word[spot + 1 :]
        body = body[: match.start()] + word + body[match.end() :]
    return body


def unmarked(text: str) -> str:
    """A text without tone marks and hats: `unmarked("kế hoạch")` is `ke hoach`."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def confusions() -> dict[str, tuple[list[str], list[int]]]:
    """What a letter is read as, and how often that was counted."""
    table: dict[str, tuple[list[str], list[int]]] = {}
    for row in rows("ocr_confusions.csv"):
        if len(row["intended"]) == 1 and row["read_as"]:
            read, counts = table.setdefault(row["intended"], ([], []))
            read.append(row["read_as"])
            counts.append(int(row["count"]))
    return table


def recognised(text: str, rng: random.Random, rate: float) -> tuple[str, list[int]]:
    """A text as recognition may read it, and for each offset of the old text (its length included) the offset in the new one.

    `rate` is the share of letters that are misread (0 to 1); white space and digits stay.
    """
    table = confusions()
    out: list[str] = []
    places: list[int] = []
    length = 0
    for letter in text:
        places.append(length)
        read = letter
        if letter in table and rng.random() < rate:
            choices, counts = table[letter]
            read = rng.choices(choices, counts)[0]
        elif letter.isalpha() and rng.random() < rate / 8:
            read = unmarked(letter)
        out.append(read)
        length += len(read)
    return "".join(out), [*places, length]
