"""Clauses that charge somebody: who, from where to where the work is told, and by which frame."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from docparse.find.task_actors import ActorReader, Actors
from docparse.find.task_words import role, words
from docparse.find.task_work import begins_work

CLAUSE = re.compile(r"[.;:](?=\s|\Z)\s*|\((?=\w)|\s[+]\s")
COMMA = re.compile(r",\s+")
REMARK = re.compile(r"\([^().;:]{0,200}\),\s")
LABEL = re.compile(r"\((?:[ivx]{1,4}|\d|[a-e])\)\s*")
CLOSING = re.compile(r"[.;]\s+(?=trên đây là|trân trọng (?:báo cáo|cảm ơn|đề nghị))")
PASSIVE = re.compile(r"\s*(?:cần|phải|cần phải|sẽ)\s+được\s")
THEN = " thì "
JOINED = ("và ", "hoặc ")  # what goes on with a name or a noun, no work
GROUNDS = ("thực hiện ", "căn cứ ", "để ", "nhằm ")
TROUBLE = "vướng mắc "
OWN_WHERE_LED = ("đề xuất", "ủy quyền", "uỷ quyền")  # what those do who are charged already
MOST_COMMAS = 8
MOST_CUES = 12
MOST_BEFORE_PARTNERS = 14  # words
REACH = 600  # characters before a cue or actor that say what it is


@dataclass(frozen=True, slots=True)
class Charge:
    """A clause that gives work to somebody.

    `clause` is where the clause begins, `actors` who is charged, `work` and `end` the range of the work. `cued` says that a word such as
    `giao` or `đề nghị` gives it; `subject` names who gives it, where the clause says so. `rule` is the frame.
    """

    clause: int
    actors: Actors
    work: int
    end: int
    cued: bool
    rule: str
    subject: str | None = None


@cache
def _cue() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{rule.pattern})" for rule in role("cue")))


@cache
def cue_rule(text: str) -> str:
    """The id of the cue rule that matches `text`."""
    return next(rule.id for rule in role("cue") if rule.regex.match(text))


def find_charges(reader: ActorReader, start: int, end: int, *, led: bool, telling: bool, named: bool = False) -> list[Charge]:
    """The charges in the block `start` to `end`, in order, each with the work up to the next one.

    `led`: the block stands under somebody who is charged with it already. `telling`: the passage tells what was and how matters stand, so
    that only a clause which plainly charges counts; `named`: and only if it names a body.
    """
    found: list[Charge] = []
    at = start
    for clause, clause_end in _clauses(reader, start, end):
        if clause < at:
            continue
        charge = _cued(reader, clause, clause_end, end, led=led or bool(found))
        if charge is None and reader.flat[clause - 1 : clause] != "(":
            charge = _uncued(reader, clause, clause_end, end, telling=telling, named=named, first=clause == start)
        if charge and not (found and _anaphoric(reader, charge)):
            found.append(charge)
            at = charge.work
            if reader.flat[clause - 1 : clause] == "(":
                at = max(reader.flat.find(")", charge.work, end), at)
    return _with_ends(reader, found)


def _anaphoric(reader: ActorReader, charge: Charge) -> bool:
    """Whether the clause only says what those charged before do in a case (`Trường hợp …, các đơn vị …`)."""
    name = charge.actors.names[0]
    return (
        not charge.cued
        and len(charge.actors.names) == 1
        and name.startswith(("các ", "đơn vị"))
        and len(name.split()) <= 3
        and reader.low.startswith(("trường hợp", "nếu"), charge.clause)
    )


def _clauses(reader: ActorReader, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for sign in CLAUSE.finditer(reader.flat, start, end):
        if sign[0].startswith(":") and _lists_partners(reader, max(begin, sign.start() - REACH), sign.start(), end):
            continue
        if sign[0] == "(" and words("preludes").end(reader.low, begin) is not None and REMARK.match(reader.flat, sign.start(), end):
            continue
        yield begin, sign.start()
        begin = sign.end()
    yield begin, end


def _lists_partners(reader: ActorReader, start: int, colon: int, end: int) -> bool:
    """Whether a list of partners goes on after the colon (`phối hợp với các cơ quan: A, B và C …`)."""
    for match in role("support")[0].regex.finditer(reader.low, start, colon):
        partners = reader.read(match.end(), end)
        if partners and partners.start < colon < partners.end - 1:
            return True
    return False


def _cued(reader: ActorReader, clause: int, clause_end: int, end: int, *, led: bool) -> Charge | None:
    """A charge by `giao`, `yêu cầu`, `đề nghị` … in the clause."""
    for cue in islice(_cue().finditer(reader.low, clause, clause_end), MOST_CUES):
        near = max(clause, cue.start() - REACH)
        known = reader.heads(cue.end())
        if not (known or _any_plural(reader, cue)) or not _gives(reader, cue, near):
            continue
        if led and cue[0].startswith(OWN_WHERE_LED):
            continue
        giver = _giver(reader, near, cue.start())
        if cue[0].startswith("chỉ thị") and giver is None:
            continue
        named = cue[0].startswith("giao ") and reader.names_body(cue.end())
        if led and not (cue.start() == clause or giver or named or _introduced(reader, near, cue.start())):
            continue
        actors = reader.read(cue.end(), end) if known else reader.read_partner(cue.end(), end)
        if (
            actors is None
            or actors.ending == "telling"
            or not (known or actors.ending == "work")
            or (actors.ending in ("joining", "stop") and not _goes_on(reader, actors, end))
        ):
            continue
        return Charge(clause, actors, _work(reader, actors.end, end), end, True, cue_rule(cue[0]), giver.names[0] if giver else None)
    return None


def _any_plural(reader: ActorReader, cue: re.Match[str]) -> bool:
    return not cue[0].startswith("đề xuất") and words("plurals").end(reader.low, cue.end()) is not None


def _gives(reader: ActorReader, cue: re.Match[str], near: int) -> bool:
    """Whether the cue word gives work here: it tells of no earlier letter, stands in no quotation and goes on with no list of verbs."""
    before = reader.low[near : cue.start()]
    if role("not_cue")[0].regex.search(before[-40:]) or _in_quotes(reader, near, cue.start()):
        return False
    if role("past")[0].regex.search(before) and not (before.startswith(GROUNDS) and _giver(reader, near, cue.start())):
        return False
    if not before.rstrip().endswith(",") or (_introduced(reader, near, cue.start()) and before.count(",") == 1):
        return True
    parts = list(_parts(reader, near, cue.start()))
    troubled = role("trouble")[0].regex.match(before) is not None and not any(map(reader.heads, parts))
    if words("preludes").end(reader.low, parts[-1]) is not None or troubled:
        return True
    return not _work_before(reader, near, cue.start())


def _introduced(reader: ActorReader, clause: int, cue: int) -> bool:
    """Whether only a phrase of time, ground or condition stands before the cue."""
    if words("connectives").end(reader.low, clause) == cue - 1:
        return True
    if not reader.low[clause:cue].rstrip().endswith((",", ":", " thì")):
        return False
    return any(words("preludes").end(reader.low, start) is not None for start in _parts(reader, clause, cue))


def _parts(reader: ActorReader, clause: int, cue: int) -> Iterator[int]:
    """Where the parts between commas begin that stand before the cue."""
    yield clause
    yield from (comma.end() for comma in COMMA.finditer(reader.low, clause, cue - 1))


def _giver(reader: ActorReader, clause: int, cue: int) -> Actors | None:
    """Who gives the work: the actor right before the cue, at the start of the clause or after a comma."""
    if cue == clause or reader.flat[clause:cue].rstrip().endswith((",", "(", ":")):
        return None
    comma = max(reader.flat.rfind(", ", clause, cue) + 2, clause)
    for at in dict.fromkeys((comma, clause)):
        giver = reader.read(at, cue) if reader.heads(at) else None
        if giver and giver.end >= cue - 1:
            return giver
    return None


def _in_quotes(reader: ActorReader, clause: int, cue: int) -> bool:
    opened = reader.flat.rfind("“", max(clause - 400, 0), cue)
    return (
        opened >= 0
        and reader.flat.find("”", opened, cue) < 0
        and not any(word in reader.low[max(opened - 40, 0) : opened] for word in ("ý kiến", "chỉ đạo", "kết luận"))
    )


def _work_before(reader: ActorReader, clause: int, cue: int) -> bool:
    """Whether the cue only goes on with a list of verbs (`hướng dẫn, yêu cầu …`)."""
    comma = reader.low.rfind(",", clause, cue)
    before = reader.low[max(clause, comma - 16) : comma].split()
    return any(words("work").end(" ".join(before[-count:]), 0) == len(" ".join(before[-count:])) for count in (1, 2) if len(before) >= count)


def _goes_on(reader: ActorReader, actors: Actors, end: int) -> bool:
    """Whether work is told after a phrase of time, place or ground that follows the actors."""
    comma = COMMA.search(reader.low, actors.end, min(end, actors.end + 400))
    return comma is not None and words("work").end(reader.low, comma.end()) is not None


def _uncued(reader: ActorReader, clause: int, clause_end: int, end: int, *, telling: bool, named: bool, first: bool) -> Charge | None:
    """A charge by an actor at the start of the clause, or after a phrase of time, ground or condition, with its verb."""
    for at in _subjects(reader, clause, clause_end):
        actors = reader.read(at, end) or reader.read_subject(at, clause_end)
        if actors is None or PASSIVE.match(reader.low, actors.end):
            continue
        colon = actors.ending == "colon" and (first or at != clause) and begins_work(reader, _work(reader, actors.end, end))
        inserted = None if colon or actors.ending == "work" else reader.inserted_duty(actors, end)
        if not colon and actors.ending != "work" and inserted is None:
            continue
        if _in_quotes(reader, clause, at):
            return None
        if not _reports(reader, clause, at, actors.end):
            duty = inserted is not None or words("plain_charge").end(reader.low, _after(reader, actors.end)) is not None
            plain = duty or words("ahead").end(reader.low, clause) is not None
            if (telling and not plain) or (named and not reader.names_body(at)) or not (duty or reader.stands_out(at) or reader.flat[at].isupper()):
                return None
        work = _work(reader, inserted or actors.end, end)
        if _told(reader, clause, at) or reader.low.startswith(JOINED, work):
            return None
        return Charge(clause, actors, work, end, False, "task.frame.colon" if colon else "task.frame.actor")
    return None


def _told(reader: ActorReader, clause: int, at: int) -> bool:
    """Whether the sentence tells what was before the actor at `at`, or what others have done in the clauses before."""
    sentence = reader.low.rfind(". ", max(at - REACH, 0), clause)
    before = role("retold")[0].regex.search(reader.low[sentence + 1 : clause]) if sentence >= 0 else None
    return before is not None or role("past")[0].regex.search(reader.low[max(clause, at - REACH) : at]) is not None


def _reports(reader: ActorReader, clause: int, at: int, end: int) -> bool:
    """Whether the clause has the actor at `at` report difficulties."""
    return role("trouble")[0].regex.match(reader.low, clause, at) is not None and words("report").end(reader.low, _after(reader, end)) is not None


def _subjects(reader: ActorReader, clause: int, clause_end: int) -> Iterator[int]:
    """Where the actor of a clause can stand: at its start, or after a phrase of time, ground, condition or topic."""
    if reader.stands_out(clause):
        if reader.flat[max(clause - 2, 0)] != ";" or reader.flat[clause].isupper():
            yield clause
        return
    if reader.read_subject(clause, clause_end):
        yield clause
    direct = words("connectives").end(reader.low, clause)
    about = words("about").end(reader.low, clause)
    if direct is not None and reader.stands_out(_after(reader, direct)):
        yield _after(reader, direct)
    if about is not None and (actors := reader.read(about + 1, clause_end + 1)) and actors.ending == "colon":
        yield about + 1
    if direct is not None or words("preludes").end(reader.low, clause) is not None:
        yield from _after_commas(reader, clause, clause_end)


def _after_commas(reader: ActorReader, clause: int, clause_end: int) -> Iterator[int]:
    """Actors after the commas of a clause, up to the first verb: then those charged above are meant."""
    trouble = reader.low.find(TROUBLE, clause, min(clause_end, clause + REACH))
    if trouble >= 0 and reader.stands_out(trouble + len(TROUBLE)):
        yield trouble + len(TROUBLE)
    then = reader.low.find(THEN, clause, min(clause_end, clause + REACH))
    follows = then + len(THEN) if then >= 0 and reader.heads(then + len(THEN)) else clause_end
    for comma in islice(COMMA.finditer(reader.low, clause, follows), MOST_COMMAS):
        if reader.heads(comma.end()):
            yield comma.end()
        elif words("preludes").end(reader.low, comma.end()) is not None or words("conditions").end(reader.low, clause) is not None:
            continue
        elif words("work").end(reader.low, comma.end()) is not None:
            return
    if follows < clause_end:
        yield follows


def _after(reader: ActorReader, at: int) -> int:
    while reader.flat[at : at + 1] in (" ", ",", ":", ";", ")"):
        at += 1
    return at


def _work(reader: ActorReader, at: int, end: int) -> int:
    """Where the work begins after the actor phrase that ends at `at`."""
    at = _after(reader, at)
    label = LABEL.match(reader.low, at, end)
    at = label.end() if label else at
    duty = words("duty").end(reader.low, at)
    return min(_after(reader, duty) if duty is not None else at, end)


def _with_ends(reader: ActorReader, found: list[Charge]) -> list[Charge]:
    merged: list[Charge] = []
    for charge in found:
        if merged and merged[-1].actors.names == charge.actors.names:
            continue
        if merged:
            merged[-1] = replace(merged[-1], end=charge.clause)
        merged.append(charge)
    return [replace(charge, end=trimmed(reader, charge.work, charge.end)) for charge in merged]


def trimmed(reader: ActorReader, start: int, end: int) -> int:
    """`end` without a closing sentence that a lost break joined to the work, trailing space, dashes and opening brackets."""
    closing = CLOSING.search(reader.low, start, end)
    end = closing.start() + 1 if closing else end
    while end > start and reader.flat[end - 1] in " ,;:(“-–+":
        end -= 1
    return end


def find_partners(reader: ActorReader, start: int, end: int, *, leads: tuple[str, ...]) -> tuple[str, ...]:
    """Those named after `phối hợp với`, `cùng` in the work from `start` to `end`, without the leads themselves."""
    names: list[str] = []
    at = start
    for match in role("support")[0].regex.finditer(reader.low, start, end):
        if match.start() < at or _of_others(reader, max(start, match.start() - REACH), match.start()):
            continue
        actors = reader.read(match.end(), end) or (reader.read_partner(match.end(), end) if _names_partner(reader, match) else None)
        if actors:
            at = actors.end
            names += [name for name in actors.names if name not in leads]
    return tuple(dict.fromkeys(names))


def only_partners(reader: ActorReader, start: int, end: int) -> bool:
    """Whether the work from `start` to `end` only says with whom, and on what ground, something is done.

    >>> reader = ActorReader("Chủ trì, phối hợp với Sở Tài chính và các đơn vị liên quan:", ())
    >>> only_partners(reader, 0, len(reader.flat))
    True
    """
    support = role("support")[0].regex.search(reader.low, start, end)
    partners = reader.read(support.end(), end) if support else None
    if support is None or partners is None or len(reader.low[start : support.start()].split()) > MOST_BEFORE_PARTNERS:
        return False
    rest = reader.low[partners.end : end].strip(" ,:;")
    return not rest or rest.startswith("căn cứ")


def _names_partner(reader: ActorReader, match: re.Match[str]) -> bool:
    """Whether a partner of whatever kind must follow: after `với`, or where the next words open a collective."""
    together = match[0].rstrip().endswith("với") and not match[0].startswith(("kết hợp", "liên kết"))
    return together or match["with"] is not None or words("plurals").end(reader.low, match.end()) is not None


def _of_others(reader: ActorReader, start: int, at: int) -> bool:
    """Whether what stands at `at` is the purpose of somebody else: `để Sở A phối hợp …`, `gửi Sở A … để phối hợp …`."""
    low = reader.low
    clause = max(low.rfind("; ", start, at), low.rfind(". ", start, at), start)
    purpose = max(low.rfind("để ", clause, at), low.rfind("nhằm ", clause, at))
    if purpose < 0:
        return False
    follows = low.index(" ", purpose) + 1
    return (follows < at and reader.heads(follows)) or (follows == at and "gửi " in low[clause:purpose])
