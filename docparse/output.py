"""Records as text in the formats of the command line, written to a stream or as one file for each record."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from docparse.errors import OutputError
from docparse.files import new_files

if TYPE_CHECKING:
    from docparse.record import Record

HTML_HEAD = """<!DOCTYPE html>
<html lang="vi">
<head><meta charset="utf-8"><title>docparse</title></head>
<body style="font-family: sans-serif; margin: 2rem">
"""
PIPE_WIDTH = 120


class Format(StrEnum):
    """What `docparse parse` prints."""

    JSON = "json"
    JSONL = "jsonl"
    YAML = "yaml"
    TABLE = "table"
    TEXT = "text"
    HTML = "html"

    @property
    def suffix(self) -> str:
        """The ending of a file of this format."""
        return ".txt" if self in {Format.TABLE, Format.TEXT} else f".{self.value}"


def render(record: Record, form: Format, *, explain: bool = False, terminal: bool = False) -> str:
    """One record as text that ends with a line break. `explain` and `terminal` (its width and colours) are for the table only."""
    match form:
        case Format.JSON:
            return record.model_dump_json(indent=2) + "\n"
        case Format.JSONL:
            return record.model_dump_json() + "\n"
        case Format.YAML:
            return _yaml(record.model_dump(mode="json"))
        case Format.TABLE:
            return _table(record, explain=explain, terminal=terminal)
        case Format.TEXT:
            return record.text + "\n"
        case Format.HTML:
            from docparse.spacy_doc import to_html

            return to_html(record) + "\n"


def _table(record: Record, *, explain: bool, terminal: bool) -> str:
    from rich.console import Console

    from docparse.show import summary

    target = io.StringIO()
    Console(file=target, force_terminal=terminal, width=None if terminal else PIPE_WIDTH).print(summary(record, explain=explain))
    return "\n".join(line.rstrip() for line in target.getvalue().splitlines()) + "\n"


def _yaml(value: dict[str, Any]) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Lines of text as a block, so that people can read them."""

    Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None))
    return yaml.dump(value, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=PIPE_WIDTH)


class Stream:
    """Records written one after the other: several as JSON are an array, as YAML documents of one stream, as text parted by form feeds."""

    def __init__(self, target: TextIO, form: Format, *, several: bool, explain: bool = False) -> None:
        self._target, self._form, self._several, self._explain = target, form, several, explain
        self.written = 0
        self._terminal = form is Format.TABLE and target.isatty()

    def __enter__(self) -> Stream:
        if self._form is Format.HTML:
            self._target.write(HTML_HEAD)
        return self

    def prepare(self, path: Path) -> None:
        """Nothing is in the way on a stream."""

    def write(self, path: Path, record: Record) -> None:
        """Write one record."""
        rendered = render(record, self._form, explain=self._explain, terminal=self._terminal)
        if self._several:
            self._target.write(self._before())
        self.written += 1
        self._target.write(rendered.rstrip("\n") if self._several and self._form is Format.JSON else rendered)
        self._target.flush()

    def _before(self) -> str:
        first = not self.written
        return {Format.JSON: "[\n" if first else ",\n", Format.YAML: "---\n", Format.TEXT: "" if first else "\f"}.get(self._form, "")

    def __exit__(self, *_: object) -> None:
        if self._form is Format.HTML:
            self._target.write("</body>\n</html>\n")
        elif self._form is Format.JSON and self._several:
            self._target.write("\n]\n" if self.written else "[]\n")


class Folder:
    """One file for each record: `<stem>.json`, or with the whole input name where two inputs share the stem."""

    def __init__(self, folder: Path, form: Format, inputs: Iterable[Path], *, overwrite: bool = False, explain: bool = False) -> None:
        self._form, self._overwrite, self._explain = form, overwrite, explain
        self._targets = _targets(folder, form.suffix, list(inputs))
        self.written = 0

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def prepare(self, path: Path) -> None:
        """See before parsing that the record can be written. Raises OutputError if its file is there and may not be overwritten."""
        target = self._targets[path]
        if target.exists() and not self._overwrite:
            raise OutputError(str(target))

    def write(self, path: Path, record: Record) -> None:
        """Write one record; a file that is only half written never has its final name. Raises OutputError if the system refuses."""
        target = self._targets[path]
        with new_files(target.parent, [target.name], overwrite=self._overwrite) as (part,):
            part.write_text(_whole(record, self._form, explain=self._explain), encoding="utf-8")
        self.written += 1


def _whole(record: Record, form: Format, *, explain: bool) -> str:
    target = io.StringIO()
    with Stream(target, form, several=False, explain=explain) as stream:
        stream.write(Path(record.source.filename), record)
    return target.getvalue()


def _targets(folder: Path, suffix: str, inputs: list[Path]) -> dict[Path, Path]:
    """A name of its own for each input."""
    stems, names = Counter(path.stem for path in inputs), Counter(path.name for path in inputs)
    targets: dict[Path, Path] = {}
    taken: set[str] = set()
    for number, path in enumerate(inputs, start=1):
        name = path.stem if stems[path.stem] == 1 else path.name
        if name in taken or (name == path.name and names[name] > 1):
            name = f"{path.name}.{number}"
        taken.add(name)
        targets[path] = folder / f"{name}{suffix}"
    return targets


def schema_text() -> str:
    """The JSON Schema of the record."""
    from docparse.record import Record

    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Record.model_json_schema(mode="serialization")}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
