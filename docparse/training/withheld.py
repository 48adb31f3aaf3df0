"""A lexicon from which names of bodies are withheld at random: what the model is worth for names that no list has."""

from __future__ import annotations

import csv
import json
import random
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docparse import lexicon

PARTS = ("list", "heads", "fields")


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Everything inside reads the lexicon in `folder`: what was read of another one is forgotten, before and after."""
    usual = lexicon.FOLDER
    try:
        lexicon.FOLDER = folder
        _forget()
        yield
    finally:
        lexicon.FOLDER = usual
        _forget()


def _forget() -> None:
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "docparse":
            for value in list(vars(module).values()):
                if callable(getattr(value, "cache_clear", None)):
                    value.cache_clear()


def withhold(folder: Path, *, seed: int, share: float = 0.3, parts: tuple[str, ...] = PARTS) -> None:
    """Copy the lexicon to `folder` without a random share of the names of bodies.

    `list`: rows of the authority list with all their aliases; `heads`: forms of head nouns (`UBND`, `chi cục`); `fields`: fields of work.
    """
    rng = random.Random(seed)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(lexicon.FOLDER, folder)
    if "list" in parts:
        rows = [dict(row) for row in lexicon.load_rows("agencies")]
        with (folder / "agencies.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(row for row in rows if rng.random() >= share)
    types = dict(lexicon.load_values("agency_types"))
    if "heads" in parts:
        types["head"] = [{**head, "forms": [form for form in head["forms"] if rng.random() >= share]} for head in types["head"]]
    if "fields" in parts:
        types["fields"] = {key: [field for field in row if rng.random() >= share] for key, row in types["fields"].items()}
    (folder / "agency_types.toml").write_text("\n".join(_toml(types)) + "\n", encoding="utf-8")


def _toml(values: Mapping[str, Any]) -> Iterator[str]:
    """A mapping of plain values, tables and arrays of tables as lines of TOML."""
    tables = {key: value for key, value in values.items() if isinstance(value, dict)}
    arrays = {key: value for key, value in values.items() if isinstance(value, list) and value and isinstance(value[0], dict)}
    yield from (f"{json.dumps(key)} = {_value(value)}" for key, value in values.items() if key not in tables and key not in arrays)
    for key, rows in arrays.items():
        for row in rows:
            yield f"[[{key}]]"
            yield from (f"{json.dumps(name, ensure_ascii=False)} = {_value(value)}" for name, value in row.items())
    for key, table in tables.items():
        yield f"[{key}]"
        yield from (f"{json.dumps(name, ensure_ascii=False)} = {_value(value)}" for name, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{json.dumps(key, ensure_ascii=False)} = {_value(one)}' for key, one in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)
