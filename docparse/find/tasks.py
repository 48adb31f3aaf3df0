"""Tasks that the document gives or its issuer plans."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from docparse.find.blocks import Block, find_blocks
from docparse.find.closing import Closing
from docparse.find.deadlines import Times
from docparse.find.task_actors import ActorReader
from docparse.find.task_charges import COMMA, Charge, find_charges, role, trimmed
from docparse.find.task_scopes import DOCUMENT, PLAIN, Item, Scope, Scopes, heading_kind, place_items, whole_blocks
from docparse.find.task_tables import find_rows
from docparse.find.task_words import words
from docparse.find.words import lower, old_tone, squeeze
from docparse.record import AgencyMention, Citation, DateMention, Header, Section, Task
from docparse.text import Span, Text

PLANS = ("kế hoạch", "chương trình", "phương án", "đề án", "báo cáo")
TELLING = ("báo cáo", "tờ trình")
LETTER = "công văn"
NORMATIVE = ("luật", "bộ luật", "pháp lệnh", "nghị định", "thông tư", "thông tư liên tịch", "quy chế", "quy định", "hợp đồng")
OWN_WORK = 22
SHORTEST = 3
LONGEST_MARK = 1500  # characters: a longer part of the header was not told from the body
SHORTEST_CHARGE = 5


@dataclass(slots=True)
class Draft:
    """A task in the making."""

    item: Item
    start: int
    work: int
    end: int
    leads: tuple[str, ...]
    supports: tuple[str, ...]
    status: str
    rule: str
    confidence: float
    subject: str | None = None
    cued: bool = False
    time_line: tuple[int, int] | None = None
    time_cell: Span | None = None


def find_tasks(
    text: Text,
    *,
    header: Header,
    closing: Closing,
    sections: tuple[Section, ...],
    citations: tuple[Citation, ...],
    dates: tuple[DateMention, ...],
    agencies: tuple[AgencyMention, ...],
) -> tuple[Task, ...]:
    """The tasks of `text` in reading order."""
    begin = max((mark.end for mark in header.marks.values() if mark.end < closing.start and mark.end - mark.start < LONGEST_MARK), default=0)
    blocks = [block for block in find_blocks(text) if not block.quoted and block.start >= begin and not closing.start <= block.start < closing.end]
    blocks = [block if (last := _last(text.content, block, closing)) == block.end else replace(block, end=last) for block in blocks]
    finder = _Finder(text, header, place_items(list(whole_blocks(text.content, blocks)), sections), agencies)
    finder.find()
    drafts = sorted([*finder.rows(begin), *finder.drafts], key=lambda draft: draft.work)
    times = Times(text.content, dates, citations)
    return _tasks(text, drafts, sections=sections, citations=citations, times=times, issuer=header.issuer)


def _last(content: str, block: Block, closing: Closing) -> int:
    """Where `block` ends, without the closing block and without what follows the mark `./.` that ends a document."""
    end = closing.start if block.start < closing.start < block.end else block.end
    mark = content.find("./.", block.start, end)
    end = mark + 1 if mark >= 0 else end
    while end > block.start and content[end - 1].isspace():
        end -= 1
    return end


@dataclass
class _Finder:
    text: Text
    header: Header
    items: Sequence[Item]
    agencies: Sequence[AgencyMention]
    scopes: Scopes = field(default_factory=Scopes)
    drafts: list[Draft] = field(default_factory=list)
    pending: list[Draft] = field(default_factory=list)
    lined: bool = False
    proposed: bool = False
    annexed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.reader = ActorReader(self.text.content, self.agencies)
        self.doc_type = self.header.doc_type or ""
        last = max((index for index, item in enumerate(self.items) if not item.block.cell), default=-1)
        self.closes_at = self.items[last].block.start if last >= 0 and self.items[last].level % 10 == PLAIN else -1

    def find(self) -> None:
        """Read the items in order."""
        for item in self.items:
            if not item.block.cell:
                self._read(item)

    def rows(self, begin: int) -> list[Draft]:
        """The tasks of tables; with them, items that such a table only tells in detail are none."""
        made = []
        for row in find_rows(self.text, self.reader, start=begin, end=len(self.text.content)):
            lead, support = self._cell(row.lead), self._cell(row.support)
            work = row.work
            item = Item(Block(work.start, work.end, work.start, cell=True), 0, None, labelled=False, heads=False, lists=False)
            own = self._partners(work.start, work.end, lead)
            made.append(Draft(item, work.start, work.start, work.end, lead, tuple(dict.fromkeys((*own, *support))), "assigned", "task.table", 0.9, time_cell=row.time))
        if made and self.annexed:
            self.drafts[:] = [draft for draft in self.drafts if draft.rule != "task.plan" or draft.item.section is None or draft.item.section.parent not in self.annexed]
        return made

    def _cell(self, span: Span | None) -> tuple[str, ...]:
        """The actors of a cell."""
        if span is None:
            return ()
        actors = self.reader.read(span.start, span.end)
        return actors.names if actors and actors.end >= span.end - 2 else (squeeze(self.reader.flat[span.start : span.end]),)

    def _read(self, item: Item) -> None:
        body = item.block.body
        while body < item.block.end and self.reader.flat[body] in " -–+•*.":
            body += 1
        body = self._topic_left(body, item.block.end)
        low = self.reader.low[body : item.block.end].rstrip()
        if not low or self._another_document(low):
            return
        if item.section and role("annexed")[0].regex.match(low):
            self.annexed |= {item.section.id, item.section.parent or item.section.id}
        self.proposed = self.reader.flat[body - 1 : body] == " " and self.reader.flat[item.block.body : body].rstrip().endswith(":")
        self.scopes.enter(item)
        if self._closes(item):
            self.scopes.clear()
        if self._line(item, low):
            return
        if self.lined:
            self.pending, self.lined = [], False
        if item.labelled:
            self.pending = [draft for draft in self.pending if draft.item.level < item.level]
        if self._heading(item, body, low):
            return
        self._work(item, body, low)

    def _closes(self, item: Item) -> bool:
        """Whether the block is the paragraph that closes the document and stands under no item before it."""
        return item.block.start == self.closes_at and words("closings").end(self.reader.low, item.block.body) is not None

    def _topic_left(self, body: int, end: int) -> int:
        for rule in role("topic"):
            match = rule.regex.match(self.reader.low[body : min(end, body + 60)])
            if match:
                return body + match.end()
        return body

    def _another_document(self, low: str) -> bool:
        if len(low) < 14 and DOCUMENT.match(low):
            self.doc_type = low
            self.scopes.clear()
            return True
        return False

    def _line(self, item: Item, low: str) -> bool:
        """Whether the block is a line that states lead, partners or time of the items before it."""
        for name in ("line_lead", "line_support", "line_time", "line_other"):
            for rule in role(name):
                match = rule.regex.match(low)
                if not match:
                    continue
                self.lined = True
                at = item.block.body + match.end()
                for draft in self.pending:
                    self._apply(draft, name, at, item.block.end)
                return True
        return False

    def _apply(self, draft: Draft, name: str, at: int, end: int) -> None:
        if name == "line_time":
            draft.time_line = (at, end)
            return
        actors = self.reader.read(at, end)
        names = actors.names if actors else (squeeze(self.reader.flat[at:end]).rstrip(" .;"),)
        if not names[0]:
            return
        if name == "line_support":
            draft.supports = tuple(dict.fromkeys((*draft.supports, *names)))
        elif name == "line_lead":
            if not draft.cued:
                draft.leads = names
            draft.status, draft.confidence = "assigned", 0.9

    def _heading(self, item: Item, body: int, low: str) -> bool:
        """Whether the block only heads those after it; then what it says of them is noted."""
        colon = low.endswith(":")
        heads = item.heads or colon
        if not heads:
            return False
        assignee = self._assignee(item, body)
        if assignee:
            self.scopes.push(assignee)
            return True
        title = item.labelled and (colon or not low.endswith((".", ";")) or (item.lists and ". " not in low and self.scopes.kind() == "plan")) and len(low) < 300
        charges = [] if item.labelled and not colon and title else self._charges(item, body)
        if charges and colon:
            return self._lead_in(item, charges[-1], charges)
        if title or (colon and item.level % 10 != PLAIN):
            kind = heading_kind(low) if item.labelled else None
            if kind == "plan" and self.scopes.kind() == "proposal":
                kind = "proposal"
            if kind == "plan" and (self.scopes.charged() or self.doc_type not in PLANS):
                kind = "open"
            scope = self.scopes.charged()
            if scope and not kind and colon:
                supports = self._partners(body, item.block.end, scope.leads) or scope.supports
                self.scopes.push(Scope(item.level, "assign", leads=scope.leads, supports=supports, subject=scope.subject, rule=scope.rule))
            elif kind:
                self.scopes.push(Scope(item.level, kind))
            return True
        if colon and item.level % 10 == PLAIN:
            bare = low.rstrip(" :").endswith(("yêu cầu", "đề nghị"))
            self.scopes.push(Scope(item.level, "open", leads=self._addressees() if bare else (), inclusive=not item.heads))
            return True
        return False

    def _assignee(self, item: Item, body: int) -> Scope | None:
        """The scope of a heading that names who is charged with the items after it."""
        end, at, flat = item.block.end, body, self.reader.low
        prefix = role("assignee")[0].regex.match(flat[body : body + 60])
        if prefix:
            at += prefix.end()
        actors = self.reader.read(at, end)
        if actors is None or not (prefix or item.labelled or flat[end - 1] == ":"):
            return None
        rest = actors.end
        supports: tuple[str, ...] = ()
        for _ in range(3):
            while rest < end and flat[rest] in " ,:;.)":
                rest += 1
            match = role("support")[0].regex.match(flat, rest)
            partners = self.reader.read(match.end(), end) if match else None
            tail = words("heading_tail").end(flat, rest)
            if partners:
                supports, rest = partners.names, partners.end
            elif tail is not None:
                rest = tail
            else:
                break
        told = words("work").end(flat, rest) is not None or actors.ending in ("work", "telling")
        if rest < end and (told or not item.labelled or flat[end - 1] != ":"):
            return None
        return Scope(item.level, "assign", leads=actors.names, supports=supports, inclusive=not item.heads, rule="task.scope.assignee")

    def _lead_in(self, item: Item, charge: Charge, charges: list[Charge]) -> bool:
        last = max(self.reader.low.rfind(sign, charge.work, charge.end) for sign in ("; ", ". "))
        supports = self._partners(max(charge.work, last), charge.end, charge.actors.names)
        work = self.reader.low[charge.work : item.block.end]
        tells = role("tells")[0].regex.match(work) is not None
        if self._is_issuer(charge.actors.names) and not charge.cued and self.doc_type not in PLANS and (tells or self.doc_type == LETTER):
            self.scopes.push(Scope(item.level, "open", inclusive=not item.heads))
            return True
        if tells:
            self._add(item, charge)
            self.scopes.push(Scope(item.level, "telling", inclusive=not item.heads))
            return True
        intro = role("intro")[0].regex.search(work)
        own = work[: intro.start()] if intro else work
        self.scopes.push(
            Scope(item.level, "assign", leads=charge.actors.names, supports=supports, inclusive=not item.heads, subject=charge.subject, rule="task.scope.lead_in")
        )
        for earlier in charges[:-1]:
            self._add(item, earlier)
        if len(own.split()) >= OWN_WORK and not role("intro_work")[0].regex.match(work):
            end = charge.work + len(own)
            self._add(item, Charge(charge.clause, charge.actors, charge.work, trimmed(self.reader, charge.work, end), charge.cued, charge.rule, charge.subject))
        return True

    def _charges(self, item: Item, body: int) -> list[Charge]:
        scope = self.scopes.charged()
        kind = self.scopes.kind()
        told = kind == "telling" or (kind == "none" and self.doc_type not in PLANS) or (self.doc_type in TELLING and kind not in ("plan", "proposal", "assign")) or (kind is None and item.level == PLAIN)
        telling = told and not self.proposed
        strict = self.doc_type in NORMATIVE or (self.doc_type == LETTER and scope is None)
        return find_charges(self.reader, body, item.block.end, led=scope is not None, telling=telling or strict, named=strict)

    def _work(self, item: Item, body: int, low: str) -> None:
        scope, kind = self.scopes.charged(), self.scopes.kind()
        if kind == "aims":
            return
        charges = self._charges(item, body)
        first = charges[0].clause if charges else item.block.end
        bracketed = len(charges) == 1 and charges[0].cued and self.reader.flat[charges[0].clause - 1] == "("
        if bracketed:
            charges = [replace(charges[0], clause=body, work=body, end=trimmed(self.reader, body, item.block.end))]
            first = body
        if (charges and first > body and len(self.reader.low[body:first].split()) >= SHORTEST) or not charges:
            end = trimmed(self.reader, body, first)
            own = charges and scope and charges[0].actors.names == scope.leads
            if scope and self._tells_work(body, end, plan=False):
                if own:
                    charges = charges[1:]
                    end = trimmed(self.reader, body, charges[0].clause if charges else item.block.end)
                self._draft(item, body, body, end, scope.leads, scope.supports, "assigned", scope.rule, 0.85, subject=scope.subject)
            elif not scope and kind == "plan" and not charges and self._tells_work(body, end, plan=True) and self.header.issuer:
                self._draft(item, body, body, end, (self.header.issuer,), (), "planned", "task.plan", 0.7)
        for charge in charges:
            self._add(item, charge)
        one = len(charges) == 1 and (charges[0].cued or kind not in (None, "telling")) and self.drafts and self.drafts[-1].item is item
        if one and (item.labelled or item.level % 10 == PLAIN):
            self.scopes.push(Scope(item.level, "assign", leads=charges[0].actors.names, inclusive=not item.labelled, subject=charges[0].subject, rule="task.scope.same"))

    def _tells_work(self, start: int, end: int, *, plan: bool) -> bool:
        low = self.reader.low
        if end - start < 15 or low[start] in "“\"" or self._formula(start, end) or words("documents").end(low, start) is not None or self.reader.flat[start:end].isupper():
            return False
        if words("work").end(low, start) is not None or words("starters").end(low, start) is not None:
            return True
        if plan:
            return False
        if words("preludes").end(low, start) is not None and (
            ": " in low[start:end] or any(words("work").end(low, comma.end()) is not None for comma in COMMA.finditer(low, start, min(end, start + 500)))
        ):
            return True
        return any(word in low[start:end].split() for word in ("phải", "cần"))

    def _formula(self, start: int, end: int) -> bool:
        return any(rule.regex.search(self.reader.low[start:end]) for rule in role("formula"))

    def _add(self, item: Item, charge: Charge) -> None:
        start, end = charge.work, charge.end
        if self._formula(start, end):
            return
        sentence = self.reader.low.find(". ", start, end)
        if sentence >= 0 and self._formula(start, sentence) and role("trouble")[0].regex.match(self.reader.low, sentence + 2):
            start = sentence + 2
        if len(self.reader.low[start:end].split()) < SHORTEST_CHARGE:
            return
        issuer = self._is_issuer(charge.actors.names)
        if issuer and not charge.cued and self.doc_type == LETTER and not role("own_promise")[0].regex.match(self.reader.low, charge.actors.end):
            return
        status = "planned" if issuer and not charge.cued and self.doc_type not in ("quyết định", "nghị quyết") else "assigned"
        self._draft(
            item, charge.clause, start, end, charge.actors.names, self._supports(charge), status, charge.rule, 0.95 if charge.cued else 0.85, subject=charge.subject, cued=charge.cued
        )

    def _is_issuer(self, names: tuple[str, ...]) -> bool:
        if len(names) != 1 or not self.header.issuer:
            return False
        name, issuer = (old_tone(value).replace("ủy ban nhân dân", "ubnd") for value in (names[0], self.header.issuer))
        return (name.startswith(issuer) or issuer.startswith(name)) and len(name.split()) > 1

    def _named(self, leads: tuple[str, ...]) -> tuple[str, ...]:
        """`leads` with the addressees for a polite `Quý cơ quan`."""
        return self._addressees() or leads if len(leads) == 1 and leads[0].lower().startswith("quý ") else leads

    def _addressees(self) -> tuple[str, ...]:
        """The addressees as actors, lists expanded."""
        names: list[str] = []
        for addressee in self.header.addressees:
            actors = ActorReader(addressee, ()).read(0, len(addressee))
            names += actors.names if actors and actors.end >= len(addressee) - 1 else (addressee,)
        return tuple(dict.fromkeys(names))

    def _draft(self, item: Item, start: int, work: int, end: int, leads: tuple[str, ...], supports: tuple[str, ...], status: str, rule: str, confidence: float, *, subject: str | None = None, cued: bool = False) -> None:
        own = self._partners(work, end, leads)
        draft = Draft(item, start, work, end, self._named(leads), own or supports, status, rule, confidence, subject, cued)
        self.drafts.append(draft)
        self.pending.append(draft)

    def _of_others(self, start: int, at: int) -> bool:
        """Whether what stands at `at` is the purpose of somebody else: `để Sở A phối hợp …`, `gửi Sở A … để phối hợp …`."""
        low = self.reader.low
        clause = max(low.rfind("; ", start, at), low.rfind(". ", start, at), start)
        purpose = max(low.rfind("để ", clause, at), low.rfind("nhằm ", clause, at))
        if purpose < 0:
            return False
        follows = low.index(" ", purpose) + 1
        return (follows < at and self.reader.heads(follows)) or (follows == at and "gửi " in low[clause:purpose])

    def _supports(self, charge: Charge) -> tuple[str, ...]:
        return self._partners(charge.work, charge.end, charge.actors.names)

    def _partners(self, start: int, end: int, leads: tuple[str, ...]) -> tuple[str, ...]:
        """Those named after `phối hợp với`, `cùng` in the work."""
        names: list[str] = []
        at = start
        for match in role("support")[0].regex.finditer(self.reader.low, start, end):
            if match.start() < at or self._of_others(start, match.start()):
                continue
            actors = self.reader.read(match.end(), end)
            if actors is None:
                continue
            at = actors.end
            names += [name for name in actors.names if name not in leads]
        return tuple(dict.fromkeys(names))


def _action(work: str) -> str:
    """What is to be done, on one line, without a contact person in brackets."""
    spans = [match.span() for match in role("contact")[0].regex.finditer(lower(work))]
    for start, end in reversed(spans):
        work = work[:start] + work[end:]
    return squeeze(work)


def _tasks(text: Text, drafts: list[Draft], *, sections: Sequence[Section], citations: Sequence[Citation], times: Times, issuer: str | None) -> tuple[Task, ...]:
    parents = {section.id: section for section in sections}
    counts: dict[str, int] = {}
    made = []
    for draft in drafts:
        place = draft.item.section.id if draft.item.section else "0"
        counts[place] = counts.get(place, 0) + 1
        path: list[str] = []
        section = draft.item.section
        while section is not None:
            path.insert(0, section.label)
            section = parents.get(section.parent) if section.parent else None
        deadline = times.within(draft.work, draft.end) or (times.stated(*draft.time_line) if draft.time_line else None)
        if draft.time_cell:
            deadline = times.stated(draft.time_cell.start, draft.time_cell.end)
        made.append(
            Task(
                id=f"{place}/{counts[place]}",
                start=draft.start,
                end=draft.end,
                rule=draft.rule,
                text=text.content[draft.start : draft.end],
                action=_action(text.content[draft.work : draft.end]),
                status="planned" if draft.status == "planned" else "assigned",
                leads=draft.leads,
                supports=draft.supports,
                deadline=deadline,
                section=tuple(path),
                assigner=None if draft.status == "planned" else draft.subject or issuer,
                citations=tuple(index for index, citation in enumerate(citations) if draft.start <= citation.start < draft.end),
                confidence=draft.confidence,
                page=text.page_at(draft.start),
            )
        )
    return tuple(made)
