"""Set a document on A4 pages by Nghị định 30/2020/NĐ-CP, Annex I: lines with positions, rules, and places for signatures."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from generator.source import Document, Mark, Paragraph, Run, Table, parse_paragraph

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT, TOP, BOTTOM = 30 * MM, 195 * MM, 20 * MM, 277 * MM
INDENT = 12.7 * MM
Measure = Callable[[str, str, float], float]


@dataclass(frozen=True)
class Piece:
    """A word or part of a word in one style; `glue` says that no space follows."""

    text: str
    style: str
    glue: bool


@dataclass
class Line:
    """A set line: its pieces from x at baseline y (from the top of the page), with extra space between words."""

    x: float
    y: float
    size: float
    pieces: list[Piece]
    extra: float = 0.0

    @property
    def text(self) -> str:
        """The line as it reads, with blanks for what is stamped."""
        parts = ["    " if "s" in piece.style else piece.text for piece in self.pieces]
        return "".join(text if piece.glue else text + " " for text, piece in zip(parts, self.pieces, strict=True)).rstrip()


@dataclass(frozen=True)
class Place:
    """Where a signature appears: role (number, day, month, leader, seal, office), the text in it, page from 0, box from the bottom left."""

    role: str
    text: str
    page: int
    box: tuple[float, float, float, float]


@dataclass
class Page:
    """A page: lines, ruled lines (x0, y0, x1, y1 from the top), footnotes waiting to be set, the page number to print."""

    number: int | None
    lines: list[Line] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    notes: list[tuple[str, list[list[Piece]]]] = field(default_factory=list)


def pieces(runs: list[Run]) -> list[Piece]:
    """Runs cut where a line may break: at spaces and after a hyphen inside a word (as word processors do)."""
    out: list[Piece] = []
    for run in runs:
        if set(run.style) & set("sn"):
            if "n" in run.style and out:
                out[-1] = Piece(out[-1].text, out[-1].style, True)
            out.append(Piece(run.text, run.style, True))
            continue
        if run.text.startswith(" ") and out:
            out[-1] = Piece(out[-1].text, out[-1].style, False)
        for word in re.findall(r"\S+\s*", run.text):
            parts = re.findall(r"[^-]+-(?=\S)|[^-]+|-", word.rstrip())
            out += [Piece(part, run.style, True) for part in parts[:-1]] + [Piece(parts[-1], run.style, not word[-1].isspace())]
    return out


class Setter:
    """Sets one document; `measure(text, style, size)` gives widths in points."""

    def __init__(self, document: Document, measure: Measure) -> None:
        self.document, self.measure = document, measure
        self.layout = document.data.get("layout", {})
        self.size = float(self.layout.get("size", 14))
        self.leading = self.size * float(self.layout.get("leading", 1.22))
        self.pages: list[Page] = []
        self.places: list[Place] = []
        self.y = TOP
        self.new_page(first=True)

    def new_page(self, *, first: bool = False) -> None:
        """Begin a page; page 1 shows no number unless the layout says so."""
        number = 1 if first else (self.pages[-1].number or 1) + 1
        self.pages.append(Page(number))
        self.y = TOP

    @property
    def page(self) -> Page:
        """The page being filled."""
        return self.pages[-1]

    def room(self) -> float:
        """The lowest y that a line may reach above the footnotes."""
        return BOTTOM - sum(len(lines) * 12 + 2 for _, lines in self.page.notes) - (8 if self.page.notes else 0)

    def width_of(self, piece: Piece, size: float) -> float:
        """The width of a piece; stamped ones get the room of a field, marks of notes are small."""
        if "s" in piece.style:
            return max(26.0, 9.0 * len(piece.text) + 8)
        return self.measure(piece.text, piece.style, size * (0.62 if "n" in piece.style else 1))

    def breaks(self, runs: list[Run], width: float, size: float, indent: float = 0.0) -> list[list[Piece]]:
        """Fill lines greedily."""
        lines: list[list[Piece]] = [[]]
        used, space = indent, self.measure(" ", "", size)
        chunk: list[Piece] = []
        for piece in pieces(runs):
            chunk.append(piece)
            if piece.glue and not piece.text.endswith("-"):
                continue
            length = sum(self.width_of(part, size) for part in chunk)
            if lines[-1] and used + length > width:
                lines.append([])
                used = 0.0
            lines[-1] += chunk
            used += length + (0 if piece.glue else space)
            chunk = []
        if chunk:
            length = sum(self.width_of(part, size) for part in chunk)
            if lines[-1] and used + length > width:
                lines.append([])
            lines[-1] += chunk
        return lines

    def put(self, line: list[Piece], x: float, y: float, size: float, extra: float = 0.0, page: int | None = None) -> float:
        """Set one line and note the places of stamps in it. Gives the x where it ends."""
        index = len(self.pages) - 1 if page is None else page
        self.pages[index].lines.append(Line(x, y, size, line, extra))
        space = self.measure(" ", "", size)
        for piece in line:
            width = self.width_of(piece, size)
            if "s" in piece.style:
                role = "number" if piece.text[:1] not in "0123" or len(piece.text) > 2 else "day"
                self.places.append(Place(role, piece.text, index, (x + 1, HEIGHT - y - 6, x + width - 1, HEIGHT - y + 13)))
            x += width + (0 if piece.glue else space + extra)
        return x

    def line_width(self, line: list[Piece], size: float) -> float:
        """The natural width of a line."""
        spaces = sum(not piece.glue for piece in line[:-1])
        return sum(self.width_of(piece, size) for piece in line) + spaces * self.measure(" ", "", size)

    def centred(self, line: list[Piece], centre: float, y: float, size: float) -> float:
        """Set a line around `centre`; gives its width."""
        width = self.line_width(line, size)
        self.put(line, centre - width / 2, y, size)
        return width

    def paragraph(self, paragraph: Paragraph, *, gap: float | None = None) -> None:
        """Set a paragraph of the body with its footnotes."""
        indent = 0.0 if paragraph.align in ("center", "flush") else INDENT
        left = LEFT + (70 if paragraph.align == "address" else 0)
        indent = 0.0 if paragraph.align == "address" else indent
        lines = self.breaks(paragraph.runs, RIGHT - left, self.size, indent)
        self.y += self.layout.get("gap", 6.0) if gap is None else gap
        for index, line in enumerate(lines):
            notes = [(piece.text, self.breaks(self.document.notes[piece.text].runs, RIGHT - LEFT - 8, 10)) for piece in line if "n" in piece.style]
            needed = sum(len(rows) * 12 + 2 for _, rows in notes) + (8 if notes and not self.page.notes else 0)
            if self.y + self.leading > self.room() - needed:
                self.new_page()
            self.page.notes += notes
            self.y += self.leading
            if paragraph.align == "center":
                self.centred(line, (LEFT + RIGHT) / 2, self.y, self.size)
                continue
            x = left + (indent if index == 0 else 0)
            spaces = sum(not piece.glue for piece in line[:-1])
            spare = RIGHT - x - self.line_width(line, self.size)
            last = index == len(lines) - 1
            self.put(line, x, self.y, self.size, 0.0 if last or not spaces or paragraph.align == "address" else spare / spaces)

    def letterhead(self) -> None:
        """The two columns at the top, the title under them."""
        head = self.document.data["letterhead"]
        one, two = LEFT + 0.215 * (RIGHT - LEFT), LEFT + 0.70 * (RIGHT - LEFT)
        start = self.y + (18 if self.layout.get("office_stamp") else 0)
        small = float(self.layout.get("head_size", 12.5))
        y = start
        for paragraph in self.document.left:
            y += 15
            width = self.centred(pieces(paragraph.runs), one, y, small)
        if not head.get("party"):
            self.page.rules.append((one - width / 5, y + 6, one + width / 5, y + 6))
        number_y = y + 22
        y = start
        for index, text in enumerate(self.document.right):
            y += 15
            line = pieces([Run(text, "b")])
            width = self.centred(line, two, y, small if index == 0 else small + 0.8)
        self.page.rules.append((two - width / 2, y + 6, two + width / 2, y + 6))
        y = max(number_y, y + 22)
        if number := self.document.head("number"):
            self.centred(pieces(number.runs), one, y, 13)
        if place := self.document.head("place_date"):
            self.centred(pieces([Run(run.text, "".join(sorted({*run.style, "i"}))) for run in place.runs]), two, y, 13.5)
        if subject := self.document.head("subject"):
            y += 4
            for line in self.breaks(subject.runs, 165, 12):
                y += 14
                self.centred(line, one, y, 12)
        if urgency := head.get("urgency"):
            y += 30
            self.page.boxes.append((one - 45, y - 16, one + 45, y + 6))
            self.centred([Piece(urgency, "b", True)], one, y, 13)
        self.y = y + 10
        if self.document.type:
            self.y += 22
            self.centred([Piece(self.document.type, "b", True)], (LEFT + RIGHT) / 2, self.y, 14)
            for paragraph in self.document.title:
                for line in self.breaks([Run(run.text, run.style + "b") for run in paragraph.runs], 0.88 * (RIGHT - LEFT), 14):
                    self.y += 17
                    self.centred(line, (LEFT + RIGHT) / 2, self.y, 14)
            self.page.rules.append(((LEFT + RIGHT) / 2 - 50, self.y + 6, (LEFT + RIGHT) / 2 + 50, self.y + 6))
            self.y += 8

    def closing(self) -> None:
        """Recipients on the left, authority, signature and name on the right, kept on one page."""
        closing = self.document.data["closing"]
        recipients = [self.breaks(parse_paragraph(text).runs, 0.45 * (RIGHT - LEFT), 11) for text in closing["recipients"]]
        authority = [line for text in closing["authority"] for line in self.breaks(parse_paragraph(f"**{text}**").runs, 0.5 * (RIGHT - LEFT), 13.5)]
        needed = max(16 + 13 * sum(map(len, recipients)), 18 * len(authority) + 90)
        if self.y + needed + 14 > self.room():
            self.new_page()
        top = self.y + 14
        y = top + 14
        if recipients:
            self.put([Piece("Nơi", "bi", False), Piece("nhận:", "bi", True)], LEFT, y, 12)
        for lines in recipients:
            for line in lines:
                y += 13
                self.put(line, LEFT, y, 11)
        right, low = LEFT + 0.73 * (RIGHT - LEFT), top
        for line in authority:
            low += 17
            self.centred(line, right, low, 13.5)
        page, base = len(self.pages) - 1, HEIGHT - low - 74
        self.places.append(Place("leader", closing["name"], page, (right - 62, base, right + 62, base + 66)))
        self.places.append(Place("seal", "", page, (right - 108, base - 10, right - 8, base + 90)))
        low += 88
        self.centred(pieces([Run(closing["name"], "b")]), right, low, 14)
        self.y = max(y, low)

    def table(self, table: Table) -> None:
        """A ruled table in a smaller size; rows stay whole, the head is repeated on a new page where the layout says so."""
        size, leading = 12.0, 14.5
        total = sum(table.widths)
        edges = [LEFT]
        for width in table.widths:
            edges.append(edges[-1] + width / total * (RIGHT - LEFT))
        self.y += 8

        def row(cells: list[Paragraph], *, head: bool) -> None:
            texts = [self.cell_lines(cell, edges[index + 1] - edges[index] - 8, size, bold=head) for index, cell in enumerate(cells)]
            height = max(map(len, texts)) * leading + 6
            if self.y + height > self.room():
                self.new_page()
                if self.layout.get("repeat_head") and not head:
                    for cells_of_head in table.rows[: table.heads]:
                        row(cells_of_head, head=True)
            for index, lines in enumerate(texts):
                y = self.y + 2
                for line in lines:
                    y += leading
                    if head or index == 0:
                        self.centred(line, (edges[index] + edges[index + 1]) / 2, y - 2, size)
                    else:
                        self.put(line, edges[index] + 4, y - 2, size)
            for edge in edges:
                self.page.rules.append((edge, self.y, edge, self.y + height))
            for y in (self.y, self.y + height):
                self.page.rules.append((edges[0], y, edges[-1], y))
            self.y += height

        for index, cells in enumerate(table.rows):
            row(cells, head=index < table.heads)
        self.y += 4

    def cell_lines(self, cell: Paragraph, width: float, size: float, *, bold: bool) -> list[list[Piece]]:
        """The lines of a table cell; `¶` breaks a line."""
        parts: list[list[Run]] = [[]]
        for run in cell.runs:
            first, *others = run.text.split("¶")
            parts[-1].append(Run(first, run.style + "b" * bold))
            parts += [[Run(text, run.style + "b" * bold)] for text in others]
        return [line for part in parts for line in self.breaks(part, width, size)]

    def set_notes(self) -> None:
        """Set the footnotes of all pages."""
        for index, page in enumerate(self.pages):
            y = BOTTOM - sum(len(lines) * 12 + 2 for _, lines in page.notes)
            if page.notes:
                page.rules.append((LEFT, y - 2, LEFT + 140, y - 2))
            for mark, lines in page.notes:
                for row, line in enumerate(lines):
                    y += 12
                    start = [Piece(mark, "n", False)] if row == 0 else []
                    self.put(start + line, LEFT, y, 10, page=index)
                y += 2

    def set(self) -> None:
        """Set the whole document."""
        self.letterhead()
        for block in self.document.blocks:
            if isinstance(block, Paragraph):
                self.paragraph(block)
            elif isinstance(block, Table):
                self.table(block)
            elif isinstance(block, Mark) and block.kind == "sign":
                self.closing()
            elif block.kind in ("page", "annex"):
                self.new_page()
                if block.kind == "annex" and self.layout.get("annex_numbers", True):
                    self.page.number = 1
        self.set_notes()
        if self.layout.get("office_stamp"):
            self.places.append(Place("office", "", 0, (RIGHT - 165, HEIGHT - 58, RIGHT + 20, HEIGHT - 10)))


def number_line(page: Page, layout: dict[str, object]) -> tuple[str, float] | None:
    """The page number and its y, None where the page shows none."""
    first = layout.get("number_first_page", False)
    if page.number is None or (page.number == 1 and not first):
        return None
    return str(page.number), HEIGHT - 30 if layout.get("page_numbers", "top") == "bottom" else 38.0
