"""The texts of the site in Vietnamese and English, and how numbers and days are written in each."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from docparse.errors import LexiconError

FOLDER = Path(__file__).parent / "messages"
LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Messages:
    """The texts of one language by their dotted keys.

    >>> load_messages("en")("search.pages", n=2)
    '2 pages'
    """

    lang: str
    texts: dict[str, str]

    def __call__(self, key: str, **values: Any) -> str:
        """The text with its values; where `n` is 1 and there is a text `KEY_one`, that one. Raises KeyError for an unknown key."""
        if values.get("n") == 1 and f"{key}_one" in self.texts:
            key = f"{key}_one"
        shown = {name: self.number(value) if isinstance(value, int) else value for name, value in values.items()}
        return self.texts[key].format(**shown)

    def of(self, group: str, value: object) -> str:
        """The name of a value of a group such as `relation`; a value without one is its own name, none is “not known”.

        >>> load_messages("en").of("level", "central")
        'central'
        """
        if value is None or value == "":
            return self.texts["unknown"]
        return self.texts.get(f"{group}.{value}", str(value))

    def number(self, value: int) -> str:
        """A number with its thousands apart.

        >>> load_messages("vi").number(12345)
        '12.345'
        """
        return f"{value:,}" if self.lang == "en" else f"{value:,}".replace(",", ".")

    def share(self, value: float) -> str:
        """A share as a percentage."""
        return f"{round(value * 100)}%" if self.lang == "en" else f"{round(value * 100)} %"

    def day(self, value: str | dt.date | None) -> str:
        """An ISO 8601 day, month or year as people write it.

        >>> load_messages("vi").day("2024-03-05"), load_messages("en").day("2024-03")
        ('05/03/2024', 'March 2024')
        """
        parts = str(value or "")[:10].split("-")
        if not all(part.isdigit() for part in parts):
            return str(value or "")
        if self.lang == "vi":
            return "/".join(reversed(parts))
        words = [str(int(part)) for part in parts]
        if len(words) > 1:
            words[1] = self.texts.get(f"month.{words[1]}", words[1])
        return " ".join(reversed(words))


@cache
def load_messages(lang: str) -> Messages:
    """The texts of a language. Raises LexiconError if their file is wrong."""
    path = FOLDER / f"{lang}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise LexiconError(path.name, str(error)) from error
    return Messages(lang, dict(_flat(data)))


def _flat(data: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    rows = []
    for name, value in data.items():
        rows += _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else [(f"{prefix}{name}", str(value))]
    return rows
