"""Read an annotated source: the text of a document with its structure and, inline, what a correct reading finds in it.

The body has one paragraph a line. A line may begin with `{n}` (a numbered unit at depth n), then `^` (centred), `~` (no indent),
`@` (Kính gửi line). Inline marks:

    **bold**  __italic__  [^1]        the note's text stands on a line `[^1]: …`
    <s>214</s>                        stamped by a signature: missing from the printed page of a signed PDF
    <c b|n:12/2018/QĐ-TTg|i:Chính phủ|p:Điều=5,Khoản=2>…</c>   a citation: relation letter, then what the text does not say itself
    <k Sở Y tế; Công an tỉnh + UBND cấp xã @ ..2026-05-20 # IV,1 ~>…</k>   a task: leads + supports @ deadline # section ~ planned
    <d 2026-03-01..2026-03-31>…</d>   a date that the plain forms (gold.py) do not cover; <d -> no date
    <a UBND tỉnh Huế|UBND tỉnh>…</a>  a body: its name in full and its mention, where they differ from the text
    <n>…</n> <v>…</v> <l>…</l>        a person's name, a position, a place
    <u result>…</u>                   the class of a stretch that is no task: result, basis, description, heading

Lines that stand alone: `---page---`, `---annex---` (new page), `---sign---` (recipients and signature), `| a | b |` (a table row,
`|!` for the head, `|= 6 44 50` for column widths in per cent).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOKEN = re.compile(r"<(?P<close>/?)(?P<kind>[acdklnsuv])(?: (?P<attrs>[^>]*))?>|(?P<bold>\*\*)|(?P<italic>__)|\[\^(?P<note>\d+)\]")


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style: any of b, i, s (stamped), n (the mark of a footnote)."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Span:
    """An annotation of a paragraph: kind a, c, d, k, l, n, u or v, its attributes, and its range in the paragraph's text."""

    kind: str
    attrs: str
    start: int
    end: int


@dataclass
class Paragraph:
    """One paragraph (or table cell) with its runs and annotations."""

    runs: list[Run]
    spans: list[Span]
    depth: int | None = None
    align: str = "body"

    @property
    def text(self) -> str:
        """The paragraph's text without the marks of its footnotes."""
        return "".join(run.text for run in self.runs if "n" not in run.style)

    @property
    def notes(self) -> list[str]:
        """The footnotes that hang on this paragraph."""
        return [run.text for run in self.runs if "n" in run.style]


@dataclass
class Table:
    """A ruled table: column widths in per cent, rows of cells, how many of them are head rows."""

    widths: list[float]
    rows: list[list[Paragraph]] = field(default_factory=list)
    heads: int = 0


@dataclass(frozen=True)
class Mark:
    """A page break, the beginning of an annex, or the place of the closing."""

    kind: str


Block = Paragraph | Table | Mark


@dataclass
class Document:
    """One source file."""

    id: str
    data: dict[str, Any]
    blocks: list[Block]
    notes: dict[str, Paragraph]

    @property
    def left(self) -> list[Paragraph]:
        """The left column of the letterhead, down to the number."""
        return [parse_paragraph(line) for line in self.data["letterhead"]["left"]]

    @property
    def right(self) -> list[str]:
        """The upper lines of the right column."""
        if self.data["letterhead"].get("party"):
            return ["ĐẢNG CỘNG SẢN VIỆT NAM"]
        return self.data["letterhead"].get("motto") or ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]

    def head(self, key: str) -> Paragraph | None:
        """The number, place_date or subject line of the letterhead."""
        value = self.data["letterhead"].get(key)
        return parse_paragraph(value) if value else None

    @property
    def title(self) -> list[Paragraph]:
        """The lines of the trích yếu under the name of the type."""
        return [parse_paragraph(line) for line in self.data.get("title", {}).get("lines", [])]

    @property
    def type(self) -> str | None:
        """The name of the type as printed, None for a công văn."""
        return self.data.get("title", {}).get("type")

    def files(self) -> dict[str, str]:
        """File name -> output; the first is the main one."""
        main, *others = self.data["outputs"]
        return {f"{self.id}.{main.rpartition('.')[2]}": main} | {f"{self.id}.{other}": other for other in others}


def parse_paragraph(line: str, depth: int | None = None, align: str = "body") -> Paragraph:
    """Split a line into runs and annotations. Raises ValueError on marks that do not pair."""
    runs: list[Run] = []
    spans: list[Span] = []
    stack: list[tuple[str, str, int]] = []
    style: set[str] = set()
    length = position = 0

    def add(text: str, extra: str = "") -> None:
        if text:
            runs.append(Run(text, "".join(sorted(style)) + extra))

    for token in TOKEN.finditer(line):
        add(line[position : token.start()])
        length += token.start() - position
        position = token.end()
        if token["bold"] or token["italic"]:
            style ^= {"b" if token["bold"] else "i"}
        elif token["note"]:
            add(token["note"], "n")
        elif token["kind"] == "s":
            style ^= {"s"}
        elif token["close"]:
            kind, attrs, start = stack.pop()
            if kind != token["kind"]:
                raise ValueError(f"<{kind}> closed by </{token['kind']}> in {line[:80]!r}")
            spans.append(Span(kind, attrs, start, length))
        else:
            stack.append((token["kind"], token["attrs"] or "", length))
    add(line[position:])
    if stack or style:
        raise ValueError(f"mark left open in {line[:80]!r}")
    return Paragraph(runs, sorted(spans, key=lambda span: (span.start, -span.end)), depth, align)


def load(path: Path) -> Document:
    """Read one source file."""
    return build_document(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))


def build_document(name: str, data: dict[str, Any]) -> Document:
    """A document from the values of a source file."""
    blocks: list[Block] = []
    notes: dict[str, Paragraph] = {}
    for line in data["body"].strip().split("\n"):
        if not line.strip():
            continue
        if mark := re.fullmatch(r"---(\w+)---", line):
            blocks.append(Mark(mark[1]))
        elif note := re.match(r"\[\^(\d+)\]: ", line):
            notes[note[1]] = parse_paragraph(line[note.end() :])
        elif line.startswith("|="):
            blocks.append(Table([float(width) for width in line[2:].split()]))
        elif line.startswith("|"):
            table = blocks[-1]
            assert isinstance(table, Table), line
            cells = re.split(r"(?<=\s)\|(?=\s|$)", line[2:] if line.startswith("|!") else line[1:])
            table.rows.append([parse_paragraph(cell.strip()) for cell in cells[: len(table.widths)]])
            table.heads += line.startswith("|!")
        else:
            lead = re.match(r"(?:\{(\d)\})?([\^~@]?) ?", line)
            assert lead
            align = {"^": "center", "~": "flush", "@": "address"}.get(lead[2], "body")
            blocks.append(parse_paragraph(line[lead.end() :], int(lead[1]) if lead[1] else None, align))
    return Document(name, data, blocks, notes)
