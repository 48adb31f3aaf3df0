"""A grammar that is expanded at random: symbols have alternatives, alternatives hold symbols in braces; capitals stand for what the program makes.

{name} is replaced by an alternative of `name`, {name?} in one of two cases, {name^} with a capital at the beginning.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from generator.source import TOKEN

FOLDER = Path(__file__).parent / "grammar"
SYMBOL = re.compile(r"\{(\w+)([?^]?)\}")


@cache
def load_grammar(name: str) -> dict[str, Any]:
    """The content of grammar/<name>.toml."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def bare(marked: str) -> str:
    """A text without its inline marks: `bare("<a x>UBND xã</a>")` is `UBND xã`."""
    return TOKEN.sub("", marked)


def capital(marked: str) -> str:
    """The text with a capital at the beginning, marks left as they are."""
    position = 0
    while token := TOKEN.match(marked, position):
        position = token.end()
    return marked[:position] + marked[position : position + 1].upper() + marked[position + 1 :]


def tidy(marked: str) -> str:
    """Without what expansion leaves behind: double spaces, spaces before punctuation, two marks in a row."""
    marked = re.sub(r" {2,}", " ", marked)
    marked = re.sub(r" ([,;.:])", r"\1", marked)
    return re.sub(r"([,;:])[.,;]+", r"\1", marked)


class Grammar:
    """Rules and makers with one source of chance. Alternatives of a symbol do not come back before all were used."""

    def __init__(self, rng: random.Random, rules: Mapping[str, Sequence[str]], makers: Mapping[str, Callable[[], str]]) -> None:
        self.rng = rng
        self.rules = rules
        self.makers = makers
        self.bags: dict[str, list[str]] = {}

    def pick(self, symbol: str) -> str:
        """An alternative of a symbol."""
        bag = self.bags.get(symbol)
        if not bag:
            bag = self.bags[symbol] = self.rng.sample(list(self.rules[symbol]), len(self.rules[symbol]))
        return bag.pop()

    def expand(self, symbol: str) -> str:
        """A text for a symbol."""
        maker = self.makers.get(symbol)
        return maker() if maker else self.fill(self.pick(symbol))

    def fill(self, template: str) -> str:
        """A template with its symbols replaced."""

        def one(match: re.Match[str]) -> str:
            if match[2] == "?" and self.rng.random() < 0.5:
                return ""
            value = self.expand(match[1])
            return capital(value) if match[2] == "^" else value

        return tidy(SYMBOL.sub(one, template))
