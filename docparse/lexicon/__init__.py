"""The domain knowledge as data, and its one loader.

Rules live in TOML files beside this module. A file has `[parts]`, named pattern fragments, and `[[rule]]` rows:

    [parts]
    day = '(?:0?[1-9]|[12]\\d|3[01])'

    [[rule]]
    id = "date.day_slash"          # unique, dotted, goes into the record as the rule that fired
    pattern = '<<day>>/(?P<month>…)'  # Python re; <<name>> is replaced by the part
    anchor = ["/"]                 # optional: one of these literals must occur in the text, else the pattern is not run
    examples = ["16/5/2024"]       # the pattern must match inside each: these are tests
    non_examples = ["16/2024/NĐ-CP"]  # and in none of these
    source = "Nghị định 30/2020/NĐ-CP, Phụ lục I"  # where the form comes from

Further keys of a row are values for the finder (`Rule.values`). Tables of names are CSV files read by `load_rows`.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from docparse.errors import LexiconError

FOLDER = Path(__file__).parent
PART = re.compile(r"<<(\w+)>>")


@dataclass(frozen=True)
class Rule:
    """One row of knowledge: a pattern, what must stand in the text for it to be worth running, and its tests."""

    id: str
    pattern: str
    source: str
    anchor: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    non_examples: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern, case-sensitive unless the pattern says otherwise."""
        return re.compile(self.pattern)

    def matches(self, content: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """All matches in `content[start:end]`, none if no anchor occurs in it."""
        stop = len(content) if end is None else end
        if self.anchor and all(content.find(literal, start, stop) < 0 for literal in self.anchor):
            return iter(())
        return self.regex.finditer(content, start, stop)


@cache
def load_rules(name: str) -> tuple[Rule, ...]:
    """The rules of `lexicon/<name>.toml` in file order. Raises LexiconError if the file is wrong.

    >>> load_rules("dates")[0].id.split(".")[0]
    'date'
    """
    filename = f"{name}.toml"
    data = load_values(name)
    parts = {key: str(value) for key, value in data.get("parts", {}).items()}

    def expand(pattern: str) -> str:
        for _ in range(20):
            replaced = PART.sub(lambda match: parts[match[1]], pattern)
            if replaced == pattern:
                return pattern
            pattern = replaced
        raise LexiconError(filename, "has parts that contain each other")

    rules = []
    for values in data.get("rule", ()):
        row = dict(values)
        try:
            rule = Rule(
                id=row.pop("id"),
                pattern=expand(row.pop("pattern")),
                source=row.pop("source"),
                anchor=tuple(row.pop("anchor", ())),
                examples=tuple(row.pop("examples", ())),
                non_examples=tuple(row.pop("non_examples", ())),
                values=MappingProxyType(row),
            )
        except KeyError as missing:
            raise LexiconError(filename, f"has a rule without or with an unknown {missing}: {row}") from missing
        rules.append(rule)
    return tuple(rules)


@cache
def load_values(name: str) -> Mapping[str, Any]:
    """The whole of `lexicon/<name>.toml` as mappings and lists; for word lists and tables that are no patterns."""
    try:
        with (FOLDER / f"{name}.toml").open("rb") as file:
            return MappingProxyType(tomllib.load(file))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise LexiconError(f"{name}.toml", str(error)) from error


@cache
def load_rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of `lexicon/<name>.csv` (UTF-8, header line), values as strings, empty where the cell is empty."""
    try:
        with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return tuple(MappingProxyType(row) for row in csv.DictReader(file))
    except (OSError, csv.Error) as error:
        raise LexiconError(f"{name}.csv", str(error)) from error


@cache
def rule_sources() -> Mapping[str, str]:
    """Where each rule of the lexicon comes from, by its id; for `--explain`."""
    names = (path.stem for path in sorted(FOLDER.glob("*.toml")))
    return MappingProxyType({rule.id: rule.source for name in names for rule in load_rules(name)})
