"""Gold from an annotated source, in the form of the annotation guidelines.

Citations, tasks, agencies, header and signers are stated by the annotator in the source; sections come from its structure. Only full
date forms (day, month and year written) are recognised here; every other time expression is marked by hand with <d …>.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from generator.plain import paragraph_lines
from generator.source import Document, Paragraph, Span, Table, parse_paragraph

RELATIONS = {
    "b": "basis", "i": "implements", "a": "amends", "p": "replaces", "x": "repeals", "s": "issues", "w": "answers", "m": "mentions",
}  # fmt: skip
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
DATE = re.compile(
    r"(?P<day>(?:ngày )?(?<![\d/])(?P<d>\d{1,2})"
    r"(?:/(?P<m>\d{1,2})/| tháng (?P<m2>\d{1,2}) năm |(?P<sep>[.-])(?P<m3>\d{1,2})(?P=sep))(?P<y>\d{4})(?![\d/]))"
    r"|(?P<month>tháng (?P<mm>\d{1,2})(?:/| năm )(?P<my>\d{4})(?!\d))"
    r"|(?P<quarter>quý (?P<q>IV|I{1,3}|[1-4])(?:/| năm )(?P<qy>\d{4}))"
    r"|(?P<period>(?:giai đoạn|nhiệm kỳ) (?P<p1>\d{4}) ?[-–] ?(?P<p2>\d{4}))"
    r"|(?P<year>năm (?P<yy>\d{4})(?![\d]))",
    re.I,
)
LABEL = re.compile(
    r"(?P<word>(?i:Phần|Chương|Mục|Điều|Tiểu mục|Bước) \w+(?=[.:\s]|$))[.:]?\s*"
    r"|\(?(?P<mark>[IVXLC]+|\d+(?:\.\d+)*|[A-ZĐ]|[a-zđ](?:\.?\d+)?|[ivx]+)[.)/\-]+\s*"
)


def month_end(year: int, month: int) -> int:
    """The last day of a month."""
    return calendar.monthrange(year, month)[1]


def bounds(match: re.Match[str]) -> tuple[str, str]:
    """First and last day of a full date form."""
    if match["day"]:
        day = f"{match['y']}-{int(match['m'] or match['m2'] or match['m3']):02}-{int(match['d']):02}"
        return day, day
    if match["month"]:
        year, month = int(match["my"]), int(match["mm"])
        return f"{year}-{month:02}-01", f"{year}-{month:02}-{month_end(year, month)}"
    if match["quarter"]:
        year, last = int(match["qy"]), 3 * ROMAN[match["q"].upper()]
        return f"{year}-{last - 2:02}-01", f"{year}-{last:02}-{month_end(year, last)}"
    first, last = (match["p1"], match["p2"]) if match["period"] else (match["yy"], match["yy"])
    return f"{first}-01-01", f"{last}-12-31"


def dates(paragraph: Paragraph) -> Iterator[dict[str, Any]]:
    """Marked and full dates of a paragraph, in order."""
    marked = [span for span in paragraph.spans if span.kind == "d"]
    found = [(span.start, span.end, *span.attrs.split("..")) for span in marked if span.attrs != "-"]
    for match in DATE.finditer(paragraph.text):
        if not any(span.start < match.end() and match.start() < span.end for span in marked):
            if paragraph.text[: match.start()].endswith(("đầu ", "giữa ", "cuối ", "Đầu ", "Giữa ", "Cuối ", "- ", "đến ")) and not match["day"]:
                raise ValueError(f"part of a period, mark it by hand: {paragraph.text[max(match.start() - 30, 0) : match.end()]!r}")
            found.append((match.start(), match.end(), *bounds(match)))
    for start, end, *days in sorted(found):
        yield {"text": fold(paragraph.text[start:end]), "first_day": days[0], "last_day": days[-1]}


def fold(text: str) -> str:
    """NFC, single spaces, Đ for the look-alike Ð (U+00D0)."""
    return " ".join(unicodedata.normalize("NFC", text).replace("Ð", "Đ").replace("ð", "đ").split())


def citation(paragraph: Paragraph, span: Span) -> dict[str, Any]:
    """A citation row: what the attributes do not say is taken from the usual order type, số number, date, của issuer."""
    text = fold(paragraph.text[span.start : span.end])
    relation, *pairs = span.attrs.split("|")
    given = dict(pair.split(":", 1) for pair in pairs)
    number = re.search(r"số:?\s+(\d\S*?[^,;.\s])(?=[,;.\s]|$)", text)
    date = next((bounds(match)[0] for match in DATE.finditer(text) if match["day"]), None)
    year = re.search(r"(?:năm )?(\d{4})$", text)
    name = re.sub(r"^.*?(?=Luật |Bộ luật |Nghị |Thông |Quyết |Pháp )", "", text) if "p" in given else text
    kind = given.get("t") or name.split(" số ")[0].casefold()
    title = None
    if law := re.match(r"(Luật|Bộ luật|Pháp lệnh) (.+?)(?: số .*| ngày .*| năm \d{4}.*| \d{4}|, được .*)?$", name):
        kind, title = law[1].casefold(), law[2]
        date = date or (year[1] if year else None)
    issuer = re.search(r" của ((?:(?! về | ngày ).)+)", text)
    return {
        "text": text,
        "doc_type": kind,
        "number": given["n"] or None if "n" in given else number[1] if number else None,
        "date": given["d"] or None if "d" in given else date,
        "issuer": given["i"] or None if "i" in given else issuer[1] if issuer else None,
        "title": given.get("ti", title),
        "provisions": [dict(part.split("=") for part in group.split(",")) for group in given["p"].split("&")] if "p" in given else [],
        "relation": RELATIONS[relation],
    }  # fmt: skip


def names(value: str) -> list[str]:
    """A list of bodies, separated by semicolons."""
    return [name.strip() for name in value.split(";") if name.strip()]


def task(paragraph: Paragraph, span: Span, path: list[str]) -> dict[str, Any]:
    """A task row."""
    parts = re.fullmatch(r"(?P<leads>[^+@#~]*)(?:\+(?P<supports>[^@#~]*))?(?:@(?P<time>[^#~]*))?(?:#(?P<path>[^~]*))?(?P<own>~?)", span.attrs)
    assert parts, span.attrs
    deadline = None
    if time := (parts["time"] or "").strip():
        first, _, last = time.partition("..") if ".." in time else (None, "", None)
        deadline = {"first_day": first or None, "last_day": last or None, "recurrence": None if ".." in time else time}
    if parts["path"] is not None:
        path = [label.strip() for label in parts["path"].split(",") if label.strip()]
    return {
        "action": fold(paragraph.text[span.start : span.end]),
        "status": "planned" if parts["own"] else "assigned",
        "leads": names(parts["leads"]),
        "supports": names(parts["supports"] or ""),
        "deadline": deadline,
        "section": path,
    }


def section(paragraph: Paragraph) -> dict[str, Any]:
    """A section row from a paragraph that begins with its label."""
    text = fold(paragraph.text)
    label = LABEL.match(text)
    assert label, text[:60]
    return {"label": label["word"] or label["mark"], "depth": paragraph.depth, "head": " ".join(text[label.end() :].split()[:10])}


def paragraphs(document: Document) -> Iterator[Paragraph | None]:
    """All paragraphs in reading order, footnotes after the paragraph they hang on; None where an annex begins."""
    yield from (line for key in ("number", "place_date", "subject") if (line := document.head(key)))
    yield from document.title
    for block in document.blocks:
        if isinstance(block, Table | Paragraph):
            cells = [cell for row in block.rows for cell in row] if isinstance(block, Table) else [block]
            for paragraph in cells:
                yield paragraph
                yield from (document.notes[note] for note in paragraph.notes)
        elif block.kind == "annex":
            yield None


def build_gold(document: Document) -> dict[str, Any]:
    """The gold of a document. Raises KeyError or AssertionError where the source lacks something."""
    given = document.data["gold"]
    gold: dict[str, Any] = {
        "id": document.id,
        "input": next(iter(document.files())),
        "header": {"number": None, "parent_issuer": None, "date": None, "title": None, "addressees": []} | given["header"],
        "signers": [{key: value or None for key, value in row.items()} for row in given["signers"]],
        "recipients": [fold(parse_paragraph(line).text).lstrip("- ").rstrip(";.") for line in document.data["closing"]["recipients"]],
        "sections": [],
        "citations": [],
        "dates": [],
        "agencies": [],
        "tasks": [],
        "notes": given.get("notes", ""),
    }
    order = ("doc_type", "number", "issuer", "parent_issuer", "place", "date", "title", "addressees")
    gold["header"] = {key: gold["header"][key] for key in order}
    stack: list[tuple[int, str]] = []
    for paragraph in paragraphs(document):
        if paragraph is None:
            stack = []
            continue
        if paragraph.depth:
            gold["sections"].append(section(paragraph))
            stack = [item for item in stack if item[0] < paragraph.depth] + [(paragraph.depth, gold["sections"][-1]["label"])]
        path = [label for _, label in stack]
        gold["dates"] += dates(paragraph)
        gold["citations"] += [citation(paragraph, span) for span in paragraph.spans if span.kind == "c"]
        gold["tasks"] += [task(paragraph, span, path) for span in paragraph.spans if span.kind == "k"]
    gold["agencies"] = stated_agencies(given["agencies"]) if "agencies" in given else marked_agencies(document)
    return gold


def stated_agencies(lines: str) -> list[dict[str, Any]]:
    """Agencies as the annotator lists them: `form = name`."""
    pairs = [[part.strip() for part in line.partition("=")[::2]] for line in lines.strip().split("\n")]
    return [{"text": text, "name": name or None} for text, name in pairs]


def marked_agencies(document: Document) -> list[dict[str, Any]]:
    """Agencies from the marks of the document, each form once."""
    names: dict[str, str | None] = {}
    for paragraph in paragraph_lines(document):
        for span in paragraph.spans:
            if span.kind == "a":
                name, _, mention = span.attrs.partition("|")
                text = fold(mention or paragraph.text[span.start : span.end])
                names.setdefault(text, name if name and name != text else None)
    if document.data["letterhead"].get("party"):
        names.setdefault("Đảng Cộng sản Việt Nam", None)
    return [{"text": text, "name": name} for text, name in names.items()]
