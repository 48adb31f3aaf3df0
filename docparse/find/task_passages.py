"""Reading the items of a document in order: headings and lead-ins say who is charged, the items under them what is to be done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from docparse.find.task_actors import ActorReader
from docparse.find.task_assignees import assignee
from docparse.find.task_charges import Charge, find_charges, find_partners, only_partners, trimmed
from docparse.find.task_drafts import Draft
from docparse.find.task_items import PLAIN, Item
from docparse.find.task_meetings import met_body
from docparse.find.task_parties import Parties
from docparse.find.task_scopes import SAME, Kind, Scope, Scopes, heading_kind
from docparse.find.task_words import role, words
from docparse.find.task_work import begins_work, carries_out, is_formula, tells_work
from docparse.record import Header
from docparse.text import Span
from docparse.words import old_tone, squeeze

OWN_PLANS = ("kế hoạch", "chương trình", "phương án", "đề án")
PLANS = (*OWN_PLANS, "báo cáo")
TELLING = ("báo cáo", "tờ trình")
LETTER = "công văn"
NOTICE = "thông báo"
NORMATIVE = ("luật", "bộ luật", "pháp lệnh", "nghị định", "thông tư", "thông tư liên tịch", "quy chế", "quy định", "hợp đồng")
DECISIONS = ("quyết định", "nghị quyết")
ANOTHER_DOCUMENT = re.compile(
    r"(?:KẾ HOẠCH|CHƯƠNG TRÌNH|BÁO CÁO|ĐỀ ÁN|PHƯƠNG ÁN|QUY CHẾ|QUY ĐỊNH|QUYẾT ĐỊNH|TỜ TRÌNH|THÔNG BÁO|CÔNG ĐIỆN|CHỈ THỊ|HƯỚNG DẪN)(?=\s*(?:\n|\Z))"
)
STATED_TIME = re.compile(r"thời gian[^.;]{0,40}(?:nêu )?trên(?!\w)")
TOPIC = re.compile(r"[^.:;,()]{3,40}:\s+")
NEW_TOPIC = re.compile(r"về [^.:;,()]{3,60}[.:]?")
SENTENCE = re.compile(r"\.\s+")
LIST_OF_WORK = re.compile(r"(?:nhiệm vụ|công việc|công tác|trách nhiệm|giải pháp|nội dung)\s[^.;]{0,40}\Z")
SHORTEST_BEFORE_LIST = 8  # words of work before a list of things
NEAR_COLON = 80  # characters before a colon that say what is listed
BULLETS = " -–+•*."
OWN_WORK = 22  # words: a lead-in with as many of its own is a task besides its items
LONGEST_TITLE = 300  # characters
PURPOSE = ("để ", "nhằm ")
NO_WORK = ("telling", "aims", "none")
SHORTEST = 3  # words of an item
SHORTEST_CHARGE = 4  # words of the work after a lead
LINES = ("line_lead", "line_support", "line_time", "line_other")


class PassageReader:
    """Reads items into drafts. `scopes` are open at the item that is read; `_pending` waits for lines that state lead or time."""

    def __init__(self, reader: ActorReader, header: Header, items: Sequence[Item], content: str) -> None:
        self.reader, self.header, self.items = reader, header, [item for item in items if not item.block.cell]
        self.drafts: list[Draft] = []
        self.annexed: set[str] = set()
        self._scopes = Scopes()
        self._parties = Parties(header)
        self._content = content
        self._doc_type = header.doc_type or ""
        self._planning = self._doc_type in PLANS or self._issues_plan(header)
        self._met = met_body(header.title or "", content) if self._doc_type == NOTICE else ()
        self._pending: list[Draft] = []
        self._lined = self._proposed = False
        self._stated: Span | None = None
        self._before: Item | None = None
        self._last = self.items[-1].block.start if self.items and self.items[-1].level % 10 == PLAIN else -1

    def _issues_plan(self, header: Header) -> bool:
        return self._doc_type in DECISIONS and role("plan_title")[0].regex.match(old_tone(header.title or "")) is not None

    def read(self) -> None:
        """Read all items in order."""
        for item, after in zip(self.items, [*self.items[1:], None], strict=False):
            self._read(item, after)
            self._before = item

    def _read(self, item: Item, after: Item | None) -> None:
        body = item.block.body
        while body < item.block.end and self.reader.flat[body] in BULLETS:
            body += 1
        whole, body = body, self._after_topic(body, item.block.end)
        low = self.reader.low[body : item.block.end].rstrip()
        if not low or self._begins_document(item):
            return
        self._proposed = role("topic")[0].regex.match(self.reader.low[whole : whole + 60]) is not None
        if item.section and role("annexed")[0].regex.match(low):
            self.annexed |= {item.section.id, item.section.parent or item.section.id}
        self._scopes.enter(item)
        if not item.labelled and NEW_TOPIC.fullmatch(low):
            self._scopes.turn()
        if item.block.start == self._last and words("closings").end(self.reader.low, body) is not None:
            self._scopes.clear()
        if self._scopes.rules() or self._states(item, low):
            return
        if self._lined:
            self._pending, self._lined = [], False
        if item.labelled:
            self._pending = [draft for draft in self._pending if draft.level < item.level]
        if (after and item.labelled and self._is_detail(after) and not low.endswith(":")) or not self._heads(item, body, low):
            self._works(item, body)
        elif role("powers")[0].regex.search(low):
            self._scopes.grant(item.level)

    def _is_detail(self, item: Item) -> bool:
        """Whether the item states time, place or participants of the work in the heading above it."""
        return role("detail")[0].regex.match(self.reader.low, item.block.body, item.block.end) is not None

    def _after_topic(self, body: int, end: int) -> int:
        """Where the item goes on after a word such as `Nhiệm vụ:`, `Giải pháp khắc phục:`."""
        match = role("topic")[0].regex.match(self.reader.low[body : min(end, body + 60)])
        if match:
            return body + match.end() if body + match.end() < end else body
        label = TOPIC.match(self.reader.low, body, end)
        if label is None or begins_work(self.reader, body) or self.reader.heads(body) or role("detail")[0].regex.match(self.reader.low, body):
            return body
        if heading_kind(label[0]) in NO_WORK:
            return body
        return label.end() if begins_work(self.reader, label.end()) else body

    def _begins_document(self, item: Item) -> bool:
        """Whether the type of another document stands here on a line of its own, such as a plan issued with a decision."""
        title = None if item.block.mark else ANOTHER_DOCUMENT.match(self._content, item.block.start, item.block.end)
        if title is None:
            return False
        self._doc_type = title[0].lower()
        self._planning = self._doc_type in PLANS
        self._scopes.clear()
        return True

    def _states(self, item: Item, low: str) -> bool:
        """Whether the item only states lead, partners or time of the items before it."""
        for name in LINES:
            for rule in role(name):
                match = rule.regex.match(low)
                if match:
                    self._lined = True
                    value = Span(item.block.end - len(low) + match.end(), item.block.end)
                    self._stated = value if name == "line_time" else self._stated
                    for draft in self._pending:
                        self._state(draft, name, value)
                    return True
        return False

    def _state(self, draft: Draft, name: str, value: Span) -> None:
        if name == "line_time":
            draft.time_line = value
            return
        actors = self.reader.read(value.start, value.end)
        names = actors.names if actors else (squeeze(self.reader.flat[value.start : value.end]).rstrip(" .;"),)
        if names == ("",):
            return
        if name == "line_support":
            draft.supports = tuple(dict.fromkeys((*draft.supports, *names)))
        elif name == "line_lead":
            draft.leads = draft.leads if draft.cued else names
            draft.status = "assigned"

    def _heads(self, item: Item, body: int, low: str) -> bool:
        """Whether the item only heads those after it; what it says of them is noted."""
        colon = low.endswith(":")
        if not (item.heads or colon):
            return False
        if colon and item.labelled and role("lists_things")[0].regex.search(low):
            self._scopes.push(Scope(item.level, "telling", inclusive=not item.heads))
            return True
        named = assignee(self.reader, item, body)
        if named:
            self._scopes.push(named)
            return True
        listed = item.lists and ". " not in low and self._scopes.kind() == "plan"
        title = item.labelled and len(low) < LONGEST_TITLE and (colon or listed or not low.endswith((".", ";")))
        charges = self._charges(item, body) if colon or not title else []
        if charges and colon:
            self._lead_in(item, charges)
            return True
        if title or (colon and item.level % 10 != PLAIN):
            self._title(item, body, low)
            return True
        if colon:
            if role("enumerates")[0].regex.search(low) or role("lists_things")[0].regex.search(low):
                self._scopes.push(Scope(item.level, "telling", inclusive=not item.heads))
                return True
            bare = low.rstrip(" :").endswith(("yêu cầu", "đề nghị"))
            self._scopes.push(Scope(item.level, "open", leads=self._parties.addressees() if bare else (), inclusive=not item.heads))
        return colon

    def _title(self, item: Item, body: int, low: str) -> None:
        """Note what a heading makes of the items under it."""
        kind = heading_kind(low) if item.labelled and not low.startswith(PURPOSE) else None
        scope = self._scopes.charged()
        if kind == "rules" and self._doc_type not in (*DECISIONS, *NORMATIVE):
            kind = "telling"
        if kind == "none" and scope and low.startswith("yêu cầu"):
            kind = "open"
        if kind == "plan" and self._scopes.kind() == "proposal":
            kind = "proposal"
        elif kind == "plan" and (scope or not self._planning or (self._doc_type in DECISIONS and role("contents")[0].regex.match(low))):
            kind = "open"
        if kind:
            self._scopes.push(Scope(item.level, kind, leads=self._met if kind == "open" and not scope else ()))
        elif scope and low.endswith(":"):
            partners = find_partners(self.reader, body, item.block.end, leads=scope.leads)
            self._scopes.push(replace(scope, level=item.level, supports=partners or scope.supports, inclusive=False))

    def _lead_in(self, item: Item, charges: list[Charge]) -> None:
        """Note whom a sentence before a list charges with its items; it is a task besides if it tells work of its own."""
        charge, low = charges[-1], self.reader.low
        work = low[charge.work : item.block.end]
        tells = role("tells")[0].regex.match(work) is not None
        explains = self._parties.are_issuer(charge.actors.names) and not charge.cued and self._doc_type not in PLANS
        if explains and (tells or self._doc_type == LETTER or self._only_decides(charge)):
            self._scopes.push(Scope(item.level, "open", inclusive=not item.heads))
            return
        things = charge.cued and len(work.split()) >= SHORTEST_BEFORE_LIST and self._lists_things(work.rstrip())
        for earlier in charges if tells or things else charges[:-1]:
            self._add(item, earlier)
        if tells or things:
            self._scopes.push(Scope(item.level, "telling", inclusive=not item.heads))
            return
        last = max(charge.work, *(low.rfind(sign, charge.work, charge.end) for sign in ("; ", ". ")))
        supports = find_partners(self.reader, last, charge.end, leads=charge.actors.names)
        self._scopes.push(
            Scope(item.level, "assign", charge.actors.names, supports, inclusive=not item.heads, subject=charge.subject, rule="task.scope.lead_in")
        )
        intro = role("intro")[0].regex.search(work)
        own = work[: intro.start()] if intro else work
        names_partners = only_partners(self.reader, charge.work, charge.work + len(own))
        if len(own.split()) >= OWN_WORK and not names_partners and not role("intro_work")[0].regex.match(work):
            self._add(item, replace(charge, end=trimmed(self.reader, charge.work, charge.work + len(own))))

    def _lists_things(self, low: str) -> bool:
        """Whether the sentence, in lower case, ends with a colon before a list of things, not of work (`nộp hồ sơ gồm:`)."""
        listed = role("enumerates")[0].regex.search(low) or role("lists_things")[0].regex.search(low)
        return listed is not None and LIST_OF_WORK.search(low, max(len(low) - NEAR_COLON, 0)) is None

    def _only_decides(self, charge: Charge) -> bool:
        """Whether the issuer tells what it decides or delegates by this document."""
        decides = role("decides")[0].regex.match(self.reader.low[charge.work : charge.end]) is not None
        return decides and not charge.cued and self._doc_type not in PLANS and self._parties.are_issuer(charge.actors.names)

    def _charges(self, item: Item, body: int) -> list[Charge]:
        scope, kind = self._scopes.charged(), self._scopes.kind()
        told = kind == "telling" or (kind == "none" and self._doc_type not in PLANS) or (kind is None and item.level == PLAIN)
        told = told or (self._doc_type in TELLING and kind not in ("plan", "proposal", "assign"))
        rules = self._doc_type in NORMATIVE and kind not in ("open", "assign", "plan")
        strict = rules or (self._doc_type == LETTER and scope is None)
        return find_charges(
            self.reader,
            body,
            item.block.end,
            led=scope is not None,
            telling=(told and not self._proposed) or (strict and not item.labelled),
            named=strict,
        )

    def _works(self, item: Item, body: int) -> None:
        """Read the tasks of an item: those it gives itself, and what it tells for who is charged above it."""
        scope, kind = self._scopes.charged(), self._scopes.kind()
        if kind == "aims":
            return
        charges, end = self._charges(item, body), item.block.end
        if self._scopes.powers():
            charges, asked = [charge for charge in charges if not _asks(charge)], charges
            if asked and asked[0] not in charges and asked[0].clause == body:
                return
        if len(charges) == 1 and charges[0].cued and self._in_brackets(charges[0]):
            charges = [replace(charges[0], clause=body, work=body, end=trimmed(self.reader, body, end))]
        first = charges[0].clause if charges else end
        grounds = bool(charges) and words("preludes").end(self.reader.low, body) is not None
        if (
            not grounds
            and (not charges or len(self.reader.low[body:first].split()) >= SHORTEST)
            and tells_work(self.reader, body, first, verb_first=scope is None)
            and (not is_formula(self.reader, body, first) or (scope and item.level % 10 != PLAIN and carries_out(self.reader, body, first)))
        ):
            if scope:
                if not charges and self._continues(item, scope):
                    self.drafts[-1].end = trimmed(self.reader, body, end)
                    return
                if charges and charges[0].actors.names == scope.leads:
                    charges = charges[1:]
                    first = charges[0].clause if charges else end
                self._draft(item, body, (body, trimmed(self.reader, body, first)), scope.leads, scope.supports, scope.rule, scope.subject)
            elif (kind == "plan" or self._plans_by_default(item, kind)) and not charges and self.header.issuer:
                self._draft(item, body, (body, trimmed(self.reader, body, first)), (self.header.issuer,), (), "task.plan")
                self.drafts[-1].status = "planned"
        if not charges:
            self._reports_back(item, body, scope)
        before = len(self.drafts)
        for charge in charges:
            self._add(item, charge)
        self._share_time(self.drafts[before:])
        goes_on = len(charges) == 1 and len(self.drafts) > before and (charges[0].cued or kind not in (None, "telling"))
        if goes_on and (item.labelled or (item.level % 10 == PLAIN and scope is None and self._doc_type)):
            names = charges[0].actors.names
            self._scopes.push(Scope(item.level, "assign", names, inclusive=not item.labelled, subject=charges[0].subject, rule=SAME))

    def _share_time(self, drafts: list[Draft]) -> None:
        """Give the time that a sentence at the end of an item states to all the tasks of the item."""
        for sentence in SENTENCE.finditer(self.reader.low, drafts[-1].work, drafts[-1].end) if len(drafts) > 1 else ():
            stated = role("line_time")[0].regex.match(self.reader.low[sentence.end() : drafts[-1].end])
            for draft in drafts[:-1] if stated else ():
                draft.time_line = Span(sentence.end(), drafts[-1].end)

    def _in_brackets(self, charge: Charge) -> bool:
        flat = self.reader.flat
        return flat[charge.clause - 1] == "(" and flat.find(")", charge.clause, charge.actors.start) < 0

    def _continues(self, item: Item, scope: Scope) -> bool:
        """Whether an unmarked paragraph goes on with the marked item right before it, whose work the same actors do.

        A paragraph that begins with its own verb after a whole sentence is work of its own.
        """
        before, body = self._before, item.block.body
        return (
            before is not None
            and not (self._own_sentence(body) and self._content[before.block.end - 1] == ".")
            and not (item.block.mark or item.labelled)
            and before.block.mark is not None
            and bool(self.drafts)
            and before.block.start <= self.drafts[-1].start < before.block.end
            and self.drafts[-1].leads == self._parties.known(scope.leads)
            and self.drafts[-1].section is item.section
        )

    def _own_sentence(self, body: int) -> bool:
        """Whether a sentence with its own verb begins at `body`, not one that goes on (`Trên cơ sở đó …`)."""
        goes_on = words("connectives").end(self.reader.low, body) is not None
        return self._content[body].isupper() and begins_work(self.reader, body) and not goes_on

    def _plans_by_default(self, item: Item, kind: Kind | None) -> bool:
        """Whether the item stands in a section of a plan whose heading does not say what it is about."""
        return kind is None and self._doc_type in OWN_PLANS and item.section is not None and (item.labelled or item.level % 10 != PLAIN)

    def _reports_back(self, item: Item, body: int, scope: Scope | None) -> None:
        """A request to report difficulties that names nobody: it goes to those charged, or to the addressees."""
        request = next(role("report_back")[0].matches(self.reader.low, body, item.block.end), None)
        leads = (scope.leads if scope else self._parties.addressees()) if request else ()
        if request and leads and words("work").end(self.reader.low, request.end()) is not None:
            start = request.start("sentence")
            self._draft(item, start, (start, trimmed(self.reader, start, item.block.end)), leads, (), "task.report_back")

    def _add(self, item: Item, charge: Charge) -> None:
        """Make a draft of a charge, if it is no formula."""
        low, start, end = self.reader.low, charge.work, charge.end
        uncued_competence = not charge.cued and role("competence")[0].regex.match(low[charge.actors.end : end])
        given = charge.rule == "task.cue.order" and self.reader.names_body(charge.actors.start) and carries_out(self.reader, start, end)
        if uncued_competence or self._only_decides(charge) or (is_formula(self.reader, start, end) and not given):
            return
        sentence = low.find(". ", start, end)
        if sentence >= 0 and is_formula(self.reader, start, sentence) and role("trouble")[0].regex.match(low, sentence + 2):
            start = sentence + 2
        own = self._parties.are_issuer(charge.actors.names) and not charge.cued
        own_order = charge.cued and self._doc_type == LETTER and self._parties.are_issuer(charge.actors.names)
        promised = role("own_promise")[0].regex.match(low, charge.actors.end) is not None
        if own_order or len(low[start:end].split()) < SHORTEST_CHARGE or (own and self._doc_type == LETTER and not promised):
            return
        self._draft(item, charge.clause, (start, end), charge.actors.names, (), charge.rule, charge.subject)
        self.drafts[-1].cued, self.drafts[-1].actor = charge.cued, charge.actors.start
        self.drafts[-1].status = "planned" if own and self._doc_type not in DECISIONS else "assigned"

    def _draft(
        self,
        item: Item,
        start: int,
        work: tuple[int, int],
        leads: tuple[str, ...],
        supports: tuple[str, ...],
        rule: str,
        subject: str | None = None,
    ) -> None:
        partners = find_partners(self.reader, *work, leads=leads)
        draft = Draft(start, *work, self._parties.known(leads), partners or supports, "assigned", rule, item.section, item.level, subject)
        if self._stated and STATED_TIME.search(self.reader.low, *work):
            draft.time_line = self._stated
        self.drafts.append(draft)
        self._pending.append(draft)


def _asks(charge: Charge) -> bool:
    """Whether the charge is a request that tells nobody who makes it."""
    return charge.rule == "task.cue.request" and charge.subject is None
