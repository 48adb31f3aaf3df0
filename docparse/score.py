"""Precision, recall and F1 of a record against a gold file. Values are compared, never offsets, so one gold serves a PDF, its scan and its text.

What counts as a match, by layer:

- `header.*`, `signers`: one decision a field: equal after folding; titles and agency names at a similarity of 0.9 or more.
- `addressees`, `recipients`: strings at a similarity of 0.85 or more.
- `sections`: label and first words; `sections.parent` is right where the labels around it are too.
- `citations`: mentions by number; without one by type and title, or by type and date.
- `dates`: mentions by first and last day.
- `agencies`: distinct forms of the document; `agencies.name` where gold gives a name that differs from the form.
- `tasks`: actions whose words overlap with an F1 of 0.5 or more, one to one; `tasks.strict` also wants leads and deadline right.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, TypeVar

from docparse.words import TONE_PLACEMENT

Row = Mapping[str, Any]
T = TypeVar("T")
ABBREVIATIONS = (("ủy ban nhân dân", "ubnd"), ("hội đồng nhân dân", "hđnd"), ("ủy ban mặt trận tổ quốc", "ubmttq"))
TONE = re.compile(rf"(?:{'|'.join(TONE_PLACEMENT)})(?!\w)")
DASHES = re.compile("[‐-―−]")
EDGE = " .,;:-–\"'()/"


@dataclass
class Tally:
    """Counts for one layer: right answers, answers in gold, answers found.

    >>> Tally(right=1, gold=2, found=1).figures()
    {'precision': 1.0, 'recall': 0.5, 'f1': 0.6666666666666666, 'support': 2, 'found': 1}
    """

    right: int = 0
    gold: int = 0
    found: int = 0

    def add(self, right: int, gold: int, found: int) -> None:
        """Count more answers."""
        self.right += right
        self.gold += gold
        self.found += found

    def figures(self) -> dict[str, float]:
        """Precision, recall, F1 (0 to 1; 1 where there was nothing to find and nothing was found), support and found."""
        precision = self.right / self.found if self.found else float(not self.gold)
        recall = self.right / self.gold if self.gold else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {"precision": precision, "recall": recall, "f1": f1, "support": self.gold, "found": self.found}


@dataclass
class Score:
    """The tallies of one or several documents by layer, and the errors behind them as printable rows."""

    tallies: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    errors: defaultdict[str, list[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, other: Score) -> None:
        """Add another document's counts: figures become micro-averages."""
        for layer, tally in other.tallies.items():
            self.tallies[layer].add(tally.right, tally.gold, tally.found)
        for layer, rows in other.errors.items():
            self.errors[layer] += rows

    def figures(self) -> dict[str, dict[str, float]]:
        """Figures of every layer."""
        return {layer: tally.figures() for layer, tally in self.tallies.items()}


def fold(value: str | None) -> str:
    """A comparable form: NFC, lower case, one tone placement, plain dashes and quotes, single spaces, no punctuation at the ends.

    >>> fold("Uỷ ban nhân dân  tỉnh Hoà Bình;")
    'ubnd tỉnh hòa bình'
    """
    text = unicodedata.normalize("NFC", value or "").casefold().replace("ð", "đ")
    text = TONE.sub(lambda match: TONE_PLACEMENT[match[0]], text).replace("qúy", "quý")
    text = re.sub("[“”„″]", '"', DASHES.sub("-", text))
    text = re.sub(r"\s*-\s*", "-", re.sub("[‘’]", "'", text))
    text = re.sub(r"\s+", " ", text).strip(EDGE)
    for long, short in ABBREVIATIONS:
        text = text.replace(long, short)
    return text


def fold_number(value: str | None) -> str:
    """A comparable document number: `fold_number(" 28/2023/qđ-ttg.")` is `28/2023/QĐ-TTG`."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", value or "")).upper().replace("Ð", "Đ").strip(".,;:")


def similar(gold: str | None, found: str | None, least: float) -> bool:
    """Whether two strings are equal after folding or at least so similar (0 to 1)."""
    a, b = fold(gold), fold(found)
    return a == b or SequenceMatcher(None, a, b, autojunk=False).ratio() >= least


def similar_or_absent(gold: str | None, found: str | None, least: float) -> bool:
    """Like `similar`, and right as well where both are absent."""
    return similar(gold, found, least) if gold and found else not gold and not found


def words(value: str | None) -> list[str]:
    """The folded words of a string."""
    return re.findall(r"\w+", fold(value))


def pair(gold: Sequence[T], found: Sequence[T], score: Callable[[T, T], float]) -> tuple[list[tuple[T, T]], list[T], list[T]]:
    """One-to-one pairs, best score first and near places before far ones, what was missed and what is spurious. A score of 0 is no match.

    >>> pair(["a", "b"], ["b", "c"], lambda a, b: float(a == b))
    ([('b', 'b')], ['a'], ['c'])
    """
    options = [(-score(g, f), abs(i / max(len(gold), 1) - j / max(len(found), 1)), i, j) for i, g in enumerate(gold) for j, f in enumerate(found)]
    pairs, used_gold, used_found = [], set(), set()
    for value, _, i, j in sorted(options):
        if value < 0 and i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            pairs.append((gold[i], found[j]))
    return pairs, [g for i, g in enumerate(gold) if i not in used_gold], [f for j, f in enumerate(found) if j not in used_found]


def score_document(gold: Row, record: Row) -> Score:
    """Score one record (as JSON values) against its gold file. An empty mapping counts as an empty record."""
    sheet = _Sheet(str(gold["id"]))
    _score_header(sheet, gold, record)
    _score_sections(sheet, gold, record)
    _score_citations(sheet, gold, record)
    _score_dates(sheet, gold, record)
    _score_agencies(sheet, gold, record)
    _score_tasks(sheet, gold, record)
    return sheet.score


@dataclass
class _Sheet:
    """Where the answers of one document are marked."""

    document: str
    score: Score = field(default_factory=Score)

    def decide(self, layer: str, right: bool, gold: object, found: object) -> None:
        self.score.tallies[layer].add(int(right), 1, 1)
        if not right:
            self.score.errors[layer].append((self.document, f"gold {gold!r}", f"found {found!r}"))

    def match(
        self, layer: str, gold: Sequence[T], found: Sequence[T], score: Callable[[T, T], float], show: Callable[[T], str] = str
    ) -> list[tuple[T, T]]:
        pairs, missed, spurious = pair(gold, found, score)
        self.score.tallies[layer].add(len(pairs), len(gold), len(found))
        self.score.errors[layer] += [(self.document, "missed", show(row)) for row in missed]
        self.score.errors[layer] += [(self.document, "spurious", show(row)) for row in spurious]
        return pairs


def _score_header(sheet: _Sheet, gold: Row, record: Row) -> None:
    header: Row = gold["header"]
    found: Row = record.get("header") or {}
    for name in ("doc_type", "number", "issuer", "parent_issuer", "place", "date", "title"):
        g, f = header.get(name), found.get(name)
        if name == "number":
            right = fold_number(g) == fold_number(f)
        elif name in {"title", "issuer", "parent_issuer"}:
            right = similar_or_absent(g, f, 0.9)
        else:
            right = fold(g) == fold(f)
        sheet.decide(f"header.{name}", right, g, f)
    lists = (("addressees", header.get("addressees"), found.get("addressees")), ("recipients", gold["recipients"], record.get("recipients")))
    for layer, wanted, given in lists:
        sheet.match(layer, wanted or [], given or [], lambda a, b: float(similar(a, b, 0.85)))
    people = sheet.match(
        "signers",
        gold["signers"],
        record.get("signers") or [],
        lambda a, b: float(similar(a["name"], b.get("name"), 0.9)),
        show=lambda s: str(s["name"]),
    )
    for g, f in people:
        for name in ("position", "authority", "on_behalf_of"):
            sheet.decide(f"signers.{name}", similar_or_absent(g[name], f.get(name), 0.9), g[name], f.get(name))


def _score_sections(sheet: _Sheet, gold: Row, record: Row) -> None:
    wanted = [{**row, "path": path} for row, path in _with_paths(gold["sections"])]
    given = [{**row, "path": path, "head": _section_head(record, row)} for row, path in _with_paths(record.get("sections") or [])]

    def same(g: Row, f: Row) -> float:
        if fold(str(g["label"])) != fold(str(f["label"])):
            return 0.0
        head = words(g["head"])[:5]
        ratio = SequenceMatcher(None, " ".join(head), " ".join(words(f["head"])[: len(head)]), autojunk=False).ratio()
        return ratio if ratio >= 0.8 else 0.0

    for g, f in sheet.match("sections", wanted, given, same, show=lambda s: f"{s['label']} {s['head'][:50]}"):
        sheet.decide("sections.parent", g["path"][:-1] == f["path"][:-1], g["path"], f["path"])


def _with_paths(sections: Iterable[Row]) -> Iterable[tuple[Row, list[str]]]:
    """Each section with the labels of those around it and its own, from depths in reading order."""
    stack: list[tuple[int, str]] = []
    for section in sections:
        depth = section.get("depth") or 1
        stack = [entry for entry in stack if entry[0] < depth]
        stack.append((depth, fold(str(section["label"]))))
        yield section, [label for _, label in stack]


def _section_head(record: Row, section: Row) -> str:
    text = re.sub(r"\s+", " ", (record.get("text") or "")[section["start"] : section["end"]]).strip()
    label = re.escape(str(section["label"])).replace(r"\ ", r"\s*")
    return re.sub(rf"^[(\s]*{label}[.):/\s-]*", "", text, count=1, flags=re.I)


def _score_citations(sheet: _Sheet, gold: Row, record: Row) -> None:
    def show(row: Row) -> str:
        return f"{row.get('doc_type')} {row.get('number')} {row.get('title') or ''} {row.get('date')} | {row.get('text', '')[:80]}"

    for g, f in sheet.match("citations", gold["citations"], record.get("citations") or [], _same_citation, show):
        sheet.decide("citations.doc_type", fold(g["doc_type"]) == fold(f.get("doc_type")), g["doc_type"], (f.get("doc_type"), g["number"]))
        sheet.decide("citations.date", g["date"] == f.get("date"), g["date"], (f.get("date"), g["number"]))
        sheet.decide("citations.issuer", similar_or_absent(g["issuer"], f.get("issuer"), 0.85), g["issuer"], (f.get("issuer"), g["number"]))
        sheet.decide("citations.relation", g["relation"] == f.get("relation"), g["relation"], (f.get("relation"), g["text"][:60]))
        sheet.decide("citations.provisions", _provisions(g["provisions"]) == _provisions(f.get("provisions")), g["provisions"], f.get("provisions"))


def _same_citation(gold: Row, found: Row) -> float:
    if gold.get("number") or found.get("number"):
        return float(fold_number(gold.get("number")) == fold_number(found.get("number")))
    if fold(gold.get("doc_type")) != fold(found.get("doc_type")):
        return 0.0
    if gold.get("title") and found.get("title"):
        a, b = fold(gold["title"]), fold(found["title"])
        return float(a.startswith(b) or b.startswith(a) or similar(a, b, 0.8))
    return float(bool(gold.get("date")) and gold.get("date") == found.get("date"))


def _provisions(rows: Sequence[Row] | None) -> list[str]:
    return sorted(json.dumps({fold(unit): fold(str(label)) for unit, label in row.items()}, sort_keys=True) for row in rows or [])


def _score_dates(sheet: _Sheet, gold: Row, record: Row) -> None:
    given = [row for row in record.get("dates") or [] if row.get("first_day")]
    sheet.match(
        "dates",
        gold["dates"],
        given,
        lambda a, b: float((a["first_day"], a["last_day"]) == (b["first_day"], b["last_day"])),
        show=lambda d: f"{d['text']} {d['first_day']}..{d['last_day']}",
    )


def _score_agencies(sheet: _Sheet, gold: Row, record: Row) -> None:
    def form(row: Row) -> str:
        return str(row.get("mention") or row["text"])

    wanted = list({fold(row["text"]): row for row in gold["agencies"]}.values())
    given = list({fold(form(row)): row for row in record.get("agencies") or [] if not row.get("collective")}.values())
    for g, f in sheet.match("agencies", wanted, given, lambda a, b: float(fold(a["text"]) == fold(form(b))), show=form):
        if g["name"]:
            sheet.decide("agencies.name", fold(g["name"]) == fold(f.get("name") or form(f)), g["name"], f.get("name"))


def _score_tasks(sheet: _Sheet, gold: Row, record: Row) -> None:
    def overlap(g: Row, f: Row) -> float:
        value = word_f1(g["action"], f.get("action"))
        return value if value >= 0.5 else 0.0

    given = record.get("tasks") or []
    strict = 0
    for g, f in sheet.match("tasks", gold["tasks"], given, overlap, show=lambda t: f"{t.get('leads')} {t['action'][:80]}"):
        start = g["action"][:50]
        leads = _same_set(g["leads"], f.get("leads"))
        deadline = _deadline(g["deadline"]) == _deadline(f.get("deadline"))
        sheet.decide("tasks.leads", leads, g["leads"], (f.get("leads"), start))
        sheet.decide("tasks.supports", _same_set(g["supports"], f.get("supports")), g["supports"], (f.get("supports"), start))
        sheet.decide("tasks.deadline", deadline, _deadline(g["deadline"]), (_deadline(f.get("deadline")), start))
        sheet.decide("tasks.status", g["status"] == f.get("status"), g["status"], (f.get("status"), start))
        strict += leads and deadline
    sheet.score.tallies["tasks.strict"].add(strict, len(gold["tasks"]), len(given))


def word_f1(a: str | None, b: str | None) -> float:
    """How far two texts share their words, 0 to 1: `word_f1("lập báo cáo", "gửi báo cáo")` is 2/3."""
    left, right = Counter(words(a)), Counter(words(b))
    common = (left & right).total()
    return 2 * common / (left.total() + right.total()) if common else 0.0


def _same_set(gold: Iterable[str] | None, found: Iterable[str] | None) -> bool:
    return {fold(name) for name in gold or ()} == {fold(name) for name in found or ()}


def _deadline(value: Row | None) -> tuple[str | None, str | None]:
    return ((value or {}).get("last_day"), (value or {}).get("recurrence"))
