"""The closing block: recipients and signers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, pairwise

from docparse.find.casing import mostly_capitals
from docparse.find.recipients import BULLET, Recipients
from docparse.find.sheet import PIECE, fold, rules_of, split_columns
from docparse.find.signers import build_signer, read_name, split_name
from docparse.record import Signer
from docparse.text import Span, Text

MAX_LINES = 110
NAME_REACH = 4
MAX_CAPACITY = 7
FULL_NAME = 3  # words
COLUMN_HEAD = 60  # characters of the label of a second list (`Bản điện tử:`)
LIST_REACH = 3_000
LIST_LINES = 30
COLUMN = 300  # characters at the end of a line that can be a signature beside the list
CANDIDATE = re.compile(
    r"^[^\w\n]*(?:[A-ZĐÀ-Ỹ]{2}|[TKQ][./]|[Nn][oơ0ớ][il]|\w{0,3}[il1] ?[Nn]h|[Nn]hư )[^\n]{0,150}|^[-–] [^;\n]{3,120}; ?[-–] [^\n]*", re.MULTILINE
)
WRAPPED_LABEL = re.compile(r"^(?:Nơi|NƠI)[^\S\n]{0,4}\n[^\S\n]{0,40}(?=(?:nhận|NHẬN)[^\S\n]?:)", re.MULTILINE)
GLUED = re.compile(
    r"(?<=[A-ZĐÀ-Ỹ])(?=(?:KT|TL|TUQ)\.\s?[A-ZĐ]{2}|PHÓ\s[A-ZĐ]|(?:CHỦ TỊCH|THỦ TƯỚNG|BỘ TRƯỞNG|GIÁM ĐỐC|CỤC TRƯỞNG)\b|\((?:Đã|đã)\s[Kk]ý)"
    r"|(?<=ký\))(?=[A-ZĐ])"
)


@dataclass(frozen=True, slots=True)
class Closing:
    """The block that ends the (first) document: its range, start == end == len(content) where there is none."""

    start: int
    end: int
    signers: tuple[Signer, ...] = ()
    recipients: tuple[str, ...] = ()


def find_closing(text: Text) -> Closing:
    """The closing block of the (first) document in `text`.

    >>> closing = find_closing(Text.of_lines(["Nơi nhận:", "- Như trên;", "- Lưu: VT.", "KT. CỤC TRƯỞNG", "PHÓ CỤC TRƯỞNG", "Lê Thị Hoa"]))
    >>> closing.recipients, closing.signers[0].name, closing.signers[0].position
    (('Như trên', 'Lưu: VT'), 'Lê Thị Hoa', 'Phó Cục trưởng')
    """
    content = WRAPPED_LABEL.sub(lambda label: label[0].replace("\n", " "), split_columns(text.content))
    start = _first_line(content)
    if start is None:
        return Closing(len(content), len(content))
    scanned = text.origin in ("ocr", "mixed")
    return _Reader(_lines(content, start, MAX_LINES), scanned=scanned).read()


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line or a column of one, without white space at the edges."""

    span: Span
    printed: str
    folded: str


def _lines(content: str, start: int, count: int) -> list[_Line]:
    """The next `count` lines; where a line break was lost inside a signature (`CHÍNH PHỦKT. THỦ TƯỚNG`) a line begins all the same."""
    lines = []
    for match in islice(PIECE.finditer(content, start), count):
        cuts = [0, *(cut.start() for cut in GLUED.finditer(match[0])), len(match[0])]
        for begin, end in pairwise(cuts):
            printed = match[0][begin:end]
            lines.append(_Line(Span(match.start() + begin, match.start() + end), printed, fold(printed)))
    return lines


def _first_line(content: str) -> int | None:
    """Where the block begins: at the label of the recipients or at a signature, whichever comes first."""
    rules = rules_of("closing")
    for match in CANDIDATE.finditer(content):
        folded = fold(match[0])
        if rules["closing.recipients"].regex.match(folded):
            return match.start()
        if rules["closing.first_item"].regex.match(folded) and _is_filed(content, match.end()):
            return match.start()
        if rules["closing.run_on_list"].regex.match(folded) and _ends_document(content, match.end()):
            return match.start()
        if rules["closing.opening"].regex.match(folded) and _opens_signature(_lines(content, match.start(), NAME_REACH + 1), 0):
            return _list_above(content, match.start())
    return None


def _is_filed(content: str, start: int) -> bool:
    """Whether the filing note follows behind `start`, so that it is a list of recipients that has begun."""
    return any(rules_of("closing")["closing.filing"].regex.match(line.folded) for line in _lines(content, start, LIST_LINES))


def _ends_document(content: str, start: int) -> bool:
    """Whether the text ends behind `start`, or a signature follows."""
    lines = _lines(content, start, 1)
    return (
        not lines
        or bool(rules_of("closing")["closing.signed"].regex.match(lines[0].folded))
        or _opens_signature(_lines(content, start, NAME_REACH + 1), 0)
    )


def _list_above(content: str, signature: int) -> int:
    """Where a list of recipients without its label begins, right above a signature; `signature` where there is none."""
    rules = rules_of("closing")
    lines = [*PIECE.finditer(content, max(signature - LIST_REACH, 0), signature)]
    if not lines or not rules["closing.filing"].regex.match(fold(lines[-1][0])):
        return signature
    start = lines[-1].start()
    for line in reversed(lines[:-1]):
        if line[0].endswith((".", ":")):
            break
        if BULLET.match(line[0]):
            start = line.start()
    return start


def _opens_signature(lines: list[_Line], index: int) -> bool:
    line = lines[index]
    if _is_authority(line):
        return True
    if not (rules_of("closing")["closing.position"].regex.match(line.folded) and mostly_capitals(line.printed)):
        return False
    if line.printed.endswith((";", ":")) or len(line.printed) > 60:
        return False
    return split_name(line.printed)[1] is not None or any(read_name(near.printed, sure=False) for near in lines[index + 1 : index + 1 + NAME_REACH])


def _is_authority(line: _Line) -> bool:
    if rules_of("closing")["closing.bare_mark"].regex.match(line.folded):
        return line.printed.isupper()
    match = rules_of("closing")["closing.authority"].regex.match(line.folded)
    if not match:
        return False
    mark, rest = line.printed[slice(*match.span("mark"))], line.printed[match.start("rest") :]
    stop = line.printed[match.end("mark") : match.start("rest")].strip()
    rules = rules_of("closing")
    position = rules["closing.position"].regex.match(fold(rest))
    listed = stop == "," and (bool(re.search(r",|[;.]\Z", rest)) and not rules["closing.inner_position"].regex.search(fold(rest)))
    dotted = "/" in mark or (stop != "" and not listed)
    return mark.isupper() and (mostly_capitals(split_name(rest)[0]) or (dotted and bool(position))) and (dotted or bool(position))


class _Reader:
    """Reads the block line by line: each line belongs to the recipients, to a signature, or ends the block."""

    def __init__(self, lines: list[_Line], *, scanned: bool) -> None:
        self.lines = lines
        self.recipients = Recipients(scanned=scanned)
        self.listing = Recipients().begins_item(lines[0].printed)
        self.last_listed = -2
        self.pending: list[tuple[str, Span]] = []
        self.last_pending = -2
        self.signers: list[Signer] = []
        self.end = lines[0].span.start

    def read(self) -> Closing:
        start, idle, skip = self.lines[0].span.start, 0, False
        for index, line in enumerate(self.lines):
            if skip:
                skip = False
                continue
            if index and rules_of("header")["header.motto_state"].regex.search(line.folded):
                break
            taken = self._take(index, line)
            if taken == 0:
                idle += 1
                if idle > NAME_REACH or self._finished(line):
                    break
                continue
            idle, skip = 0, taken == 2
            self.end = self.lines[index + taken - 1].span.end
        if self.pending and not self.signers:
            signer = build_signer(self.pending, None, self.pending[-1][1].end)
            self.signers += [signer] if signer.position or signer.on_behalf_of else []
        return Closing(start, self.end, tuple(self.signers), self.recipients.items)

    def _finished(self, line: _Line) -> bool:
        after = rules_of("closing")["closing.after"].regex.match(line.folded)
        return bool(after and self.signers) and not self.recipients.open

    def _take(self, index: int, line: _Line) -> int:
        """The number of lines that were understood from `index` on."""
        rules = rules_of("closing")
        label = rules["closing.recipients"].regex.match(line.folded)
        if label:
            if self.recipients.items:
                return 0
            self.listing = True
            rest = line.printed[label.end() :].strip()
            self.last_listed = index
            if rest and not self._take_signature(index, _part(line, rest)):
                self._take_rest(index, _part(line, rest))
            return 1
        if first := rules["closing.first_item"].regex.match(line.folded):
            self.listing = True
            line = _part(line, line.printed[first.end("remnant") :]) if first["remnant"] else line
        if rules["closing.signed"].regex.match(line.folded):
            return 1
        if self._take_signature(index, line):
            return 1
        if self.pending and (taken := self._take_name(index, line)):
            return taken
        near = index - self.last_listed <= NAME_REACH and len(line.printed) < COLUMN_HEAD
        if self.recipients.filed and near and line.printed.endswith(":") and self._begins_item(index + 1):
            self.recipients.reopen()
            self.last_listed = index
            return 1
        if self._take_bare_name(line):
            return 1
        if self.listing and self._continues_list(index, line):
            self._take_rest(index, line)
            self.last_listed = index
            return 1
        return 0

    def _take_bare_name(self, line: _Line) -> bool:
        """A name behind the whole list, where recognition has left nothing of the office over it."""
        unsigned = self.recipients.filed and not (self.signers or self.pending)
        name = read_name(line.printed, sure=False) if unsigned else None
        if name is None or len(name.split()) < FULL_NAME:
            return False
        self.signers.append(build_signer([("", line.span)], name, line.span.end))
        return True

    def _begins_item(self, index: int) -> bool:
        return index < len(self.lines) and bool(BULLET.match(self.lines[index].printed))

    def _continues_list(self, index: int, line: _Line) -> bool:
        if self.recipients.filed and self.last_listed != index - 1:
            return False
        if self.recipients.begins_item(line.printed):
            return self.recipients.open or not self.recipients.filed
        after = self.signers and rules_of("closing")["closing.after"].regex.match(line.folded)
        apart = (self.signers or self.pending) and self.last_listed != index - 1
        return self.recipients.goes_on(line.printed) and not (after or (apart and self.recipients.complete))

    def _take_rest(self, index: int, line: _Line) -> None:
        """A line of the recipients, on whose end a line of the right column may hang."""
        cut = _right_column(line)
        left, right = line.printed[:cut].strip(), line.printed[cut:].strip()
        if left:
            self.recipients.add(left)
        if right:
            self._take_signature(index, _part(line, right))

    def _take_signature(self, index: int, line: _Line) -> bool:
        rules = rules_of("closing")
        position = bool(rules["closing.position"].regex.match(line.folded) or rules["closing.mark_spoiled"].regex.match(line.folded))
        head, name = split_name(line.printed)
        capitals = mostly_capitals(head) and not line.printed.endswith(";") and not self.recipients.begins_item(line.printed)
        motto = rules_of("header")["header.motto_state"].regex.search(line.folded)
        follows = (
            bool(self.pending)
            and len(self.pending) < MAX_CAPACITY
            and not (motto or rules["closing.after"].regex.match(line.folded))
            and self.last_pending == index - 1
            and capitals
            and read_name(line.printed, sure=True) is None
        )
        after_authority = (
            self.pending and self.last_pending == index - 1 and position and len(line.printed) < 60 and not line.printed.endswith((";", ","))
        )
        after_authority = after_authority and read_name(line.printed, sure=True) is None
        if not (_is_authority(line) or (capitals and position) or follows or after_authority):
            return False
        self.pending.append((head, line.span))
        self.last_pending = index
        if name:
            self._sign(name, line.span.end)
        return True

    def _take_name(self, index: int, line: _Line) -> int:
        name = read_name(line.printed, sure=True)
        following = self.lines[index + 1] if index + 1 < len(self.lines) else None
        size = len(following.printed.split()) if following else 0
        if following and size <= 5 and (not name or (size == 1 and len(name.split()) == 2)):
            whole = read_name(f"{line.printed} {following.printed}", sure=False)
            if whole and not rules_of("closing")["closing.position"].regex.match(following.folded):
                self._sign(whole, following.span.end)
                return 2
        if name:
            self._sign(name, line.span.end)
        return 1 if name else 0

    def _sign(self, name: str, end: int) -> None:
        self.signers.append(build_signer(self.pending, name, end))
        self.pending = []


def _part(line: _Line, printed: str) -> _Line:
    start = line.span.start + line.printed.rfind(printed)
    return _Line(Span(start, start + len(printed)), printed, fold(printed))


def _right_column(line: _Line) -> int:
    """Where the right column begins on a line of the recipients; its length where there is none."""
    rules = rules_of("closing")
    start = max(len(line.printed) - COLUMN, 0)
    for match in rules["closing.authority"].regex.finditer(line.folded, start):
        if _is_authority(_part(line, line.printed[match.start() :])):
            return match.start()
    for match in re.finditer(r"[;.,:]\s+(?=\S)", line.folded[start:]):
        tail = line.printed[start + match.end() :]
        if mostly_capitals(tail) and " " in tail and rules["closing.position"].regex.match(fold(tail)):
            return start + match.end()
    return len(line.printed)
