"""Who issued the document: the agency lines of the letterhead, else what the text itself states."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from docparse.find.casing import Body, is_name, mostly_capitals, ordinary_case
from docparse.find.closing import GLUED, Closing
from docparse.find.sheet import Sheet, fold, rules_of
from docparse.record import Mark
from docparse.text import Span
from docparse.words import old_tone, squeeze

SESSION = re.compile(r"\n\s*(?:kh[oó][aá]|khoá|kỳ họp|nhiệm kỳ)\b", re.IGNORECASE)
PLACE = re.compile(r"((?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|đặc khu)\s+)([a-zà-ỹđ]+(?:\s+[a-zà-ỹđ]+){0,3})\Z")
WRAPPED = re.compile(r"\n(?!\s*(?:KT|TL|TUQ|Q)[./]|(?:PHÓ|CHỦ TỊCH|GIÁM ĐỐC|BỘ TRƯỞNG|TRƯỞNG|HIỆU TRƯỞNG)\b)[A-ZĐÀ-Ỹ]+(?: [A-ZĐÀ-Ỹ]+){0,2}(?=\n)")
NO_NAME = re.compile(r"[\d=%;:(\[]|\.\Z|.{80}")
SPOILED_NUMBER = re.compile(r"(?=\D{0,6}\d)[^\n]{0,20}[A-ZĐ]{2}-[A-ZĐ]{2,}\Z")
LETTERS = re.compile(r"[^\W\d_]")
JOINT = re.compile(r"[/-](?:ttlt|nqlt|hdlt|khlt|qclt|ctlt|ttlb|lt)\b|lien tich|qcph|ctph")
JOINED = re.compile(r"(?:của|do|bởi|cho|với|tại|theo|gửi|và|để|được|về|từ|thuộc|gồm)\s+\Z", re.IGNORECASE)
SENDER_REACH, CAPTION_REACH, STATEMENT_REACH = 2_500, 700, 30_000  # characters
END_REACH = 1_200
ORDERS = ("chỉ thị", "thông tư", "thông tư liên tịch", "quyết định", "nghị định", "hướng dẫn")
SURE = 10  # such a statement weighs as much as ten others
STATEMENT_LENGTH = 400  # characters from the verb to `như sau`
HEADS = {
    "chủ tịch": ("ubnd", "ủy ban", "uỷ ban", "hội đồng", "hđnd"),
    "giám đốc": ("sở", "trung tâm", "bệnh viện", "công ty"),
    "bộ trưởng": ("bộ",),
    "bộ trưởng, chủ nhiệm": ("văn phòng chính phủ",),
    "thống đốc": ("ngân hàng",),
    "trưởng ban": ("ban",),
    "cục trưởng": ("cục",),
    "tổng cục trưởng": ("tổng cục",),
    "chánh văn phòng": ("văn phòng",),
}


def find_issuers(sheet: Sheet, end: int, *, mixed_case: bool) -> tuple[Span, ...]:
    """The agencies named on the lines left above `end`, from the highest to the lowest; `mixed_case`: they need not be in capitals."""
    rules = rules_of("header")
    open_name, syllable = rules["header.agency_open"].regex, rules["header.agency_syllable"].regex
    names: list[Span] = []
    for line in sheet.rest(0, end):
        printed = sheet.printed(line)
        folded = sheet.folded[line.start : line.end]
        starts = _begins_agency(printed, folded) or (not names and syllable.match(folded))
        if len(LETTERS.findall(printed)) < 3 and not starts and not (names and printed.isupper()):
            continue
        if names and SPOILED_NUMBER.match(printed):
            break
        begun = squeeze(sheet.folded[names[-1].start : names[-1].end]) if names else ""
        if begun and mostly_capitals(printed) and (not starts or open_name.fullmatch(begun) or is_name(f"{begun} {folded}")):
            names[-1] = Span(names[-1].start, line.end)
        elif starts and (mostly_capitals(printed) or (mixed_case and not (names or NO_NAME.search(printed)))):
            names += _split_pair(sheet, line)
        elif names:
            break
    return tuple(names)


def _begins_agency(printed: str, folded: str) -> bool:
    return bool(rules_of("header")["header.agency"].regex.match(folded)) and not old_tone(printed).startswith("số")


def _split_pair(sheet: Sheet, span: Span) -> list[Span]:
    match = rules_of("header")["header.agency_pair"].regex.match(sheet.folded[span.start : span.end])
    if not match:
        return [span]
    return [Span(span.start, span.start + match.end("upper")), Span(span.start + match.start("lower"), span.end)]


def name_issuers(sheet: Sheet, spans: tuple[Span, ...], symbol: str, body: Body) -> dict[str, tuple[str, Mark]]:
    """`issuer` and `parent_issuer` from the agency lines; agencies that issued the document together are one issuer."""
    names = [_with_place(ordinary_case(sheet.printed(span).replace("\\", " "), body).strip(" -–,;.*_…ˆ")) for span in spans]
    if not names:
        return {}
    whole = Mark(start=spans[-1].start, end=spans[-1].end, rule="header.agency")
    if len(names) > 1 and JOINT.search(fold(symbol)):
        return {"issuer": (" - ".join(names), Mark(start=spans[0].start, end=spans[-1].end, rule="header.agency"))}
    found = {"issuer": (names[-1], whole)}
    if len(names) > 1:
        found["parent_issuer"] = (names[-2], Mark(start=spans[-2].start, end=spans[-2].end, rule="header.agency"))
    return found


def _with_place(name: str) -> str:
    """`name` with capitals in the place that ends it, which no list need know.

    >>> _with_place("Ủy ban nhân dân xã trung sơn"), _with_place("UBND tỉnh")
    ('Ủy ban nhân dân xã Trung Sơn', 'UBND tỉnh')
    """
    return PLACE.sub(lambda match: match[1] + match[2].title(), name)


def issuer_of_authority(sheet: Sheet, span: Span, body: Body) -> tuple[str, Mark] | None:
    """The agency behind an authority line: `Bộ trưởng Bộ Y tế` gives `Bộ Y tế`, `Thủ tướng Chính phủ` stays."""
    rules = rules_of("header")
    printed = squeeze(SESSION.split(sheet.printed(span))[0])
    position = rules["header.position"].regex.match(fold(printed))
    rest = printed[position.end() :].strip() if position else printed
    agency = rules["header.agency"].regex.match(fold(rest))
    name = rest if agency and not fold(rest).startswith("chinh phu") else printed
    if not (agency or position) or re.search(r"[:;=%]", name):
        return None
    return _with_place(ordinary_case(name.upper(), body)), Mark(start=span.start, end=span.end, rule="header.authority")


def stated_issuer(content: str, header: Mapping[str, object], closing: Closing) -> tuple[str, Mark] | None:
    """The agency that the text itself states as the writer, where there is no letterhead.

    In this order: the signature for a body, the sender of a telegram, the note of an annex, a sentence whose subject is the writer.
    `header` holds the fields read so far.
    """
    return (
        _signing_body(content, closing)
        or _sender(content)
        or _issuer_in_caption(content, str(header.get("doc_type")), closing)
        or _subject_of_statement(content, str(header.get("doc_type")), closing)
        or (_who_is_told(content, closing) if header.get("doc_type") in ORDERS else None)
    )


def _signing_body(content: str, closing: Closing) -> tuple[str, Mark] | None:
    """The body in whose name is signed (`TM. ỦY BAN NHÂN DÂN`), with the place that the text names with it."""
    rules = rules_of("header")
    block = content[closing.start : closing.end]
    for match in rules_of("closing")["closing.authority"].regex.finditer(fold(block)):
        start, end = match.span("rest")
        if glued := GLUED.search(block, start, end):
            end = glued.start()
        if match["mark"] in ("tm", "t/m") and rules["header.agency"].regex.match(match["rest"]) and mostly_capitals(block[start:end]):
            if wrapped := WRAPPED.match(block, end):
                end = wrapped.end()
            name = ordinary_case(block[start:end], Body(content))
            places = Counter(squeeze(found[1]) for found in _placed(name).finditer(content, 0, closing.start))
            name = next((f"{name} {place}" for place, _ in places.most_common(1)), name)
            return name, Mark(start=closing.start + start, end=closing.start + end, rule="closing.authority")
    if any(title in ("Thủ tướng", "Thủ tướng Chính phủ") for signer in closing.signers for title in (signer.on_behalf_of, signer.position)):
        return "Thủ tướng Chính phủ", Mark(start=closing.signers[0].start, end=closing.signers[0].end, rule="closing.position")
    return None


def _placed(name: str) -> re.Pattern[str]:
    """The body `name` with the province, district or commune behind it."""
    words = r"\s+".join(map(re.escape, name.split()))
    level = r"(?:tỉnh|thành\s+phố|huyện|quận|thị\s+xã|xã|phường|đặc\s+khu)"
    return re.compile(rf"(?i:{words})\s+(?:\([^()\n]{{1,20}}\)\s+)?({level}(?:\s+[A-ZĐ]\w*){{1,4}})")


def _sender(content: str) -> tuple[str, Mark] | None:
    rule = rules_of("header")["header.dispatched"]
    match = rule.regex.search(fold(content[:SENDER_REACH]))
    if not match:
        return None
    start, end = match.span("sender")
    return name_agency(content[start:end], content, start, rule.id)


def _issuer_in_caption(content: str, doc_type: str, closing: Closing) -> tuple[str, Mark] | None:
    """The issuer that a note names on what the text, or its annex, is issued with."""
    for caption in find_captions(content):
        if caption["issuer"] and (caption.start() < CAPTION_REACH or fold(doc_type) == fold(squeeze(caption["type"]))):
            return name_agency(caption["issuer"], content, caption.start("issuer"), "header.caption")
    return None


def find_captions(content: str) -> Iterator[re.Match[str]]:
    """The notes on annexes (`(Kèm theo Quyết định số … của …)`) with their groups `type`, `digits`, `rest`, `date` and `issuer`."""
    return rules_of("header")["header.caption"].regex.finditer(content)


def name_agency(printed: str, content: str, start: int, rule: str) -> tuple[str, Mark] | None:
    """The agency in the words of an authority (`Chủ tịch UBND tỉnh` gives `UBND tỉnh`)."""
    rules = rules_of("header")
    name = squeeze(printed)
    position = rules["header.position"].regex.match(fold(name))
    rest = name[position.end() :].strip() if position else name
    if rules["header.agency"].regex.match(fold(rest)) and not fold(rest).startswith("chinh phu"):
        name = rest
    elif not rules["header.agency"].regex.match(fold(name)):
        return None
    return _with_place(ordinary_case(name, Body(content))), Mark(start=start, end=start + len(printed), rule=rule)


def _who_is_told(content: str, closing: Closing) -> tuple[str, Mark] | None:
    """The body to which difficulties are to be reported, as the last lines of an order say."""
    rule = rules_of("header")["header.report_to"]
    matches = list(rule.regex.finditer(content, max(closing.start - END_REACH, 0), closing.start))
    if not matches:
        return None
    match = matches[-1]
    return squeeze(match["agency"]), Mark(start=match.start("agency"), end=match.end("agency"), rule=rule.id)


def _subject_of_statement(content: str, doc_type: str, closing: Closing) -> tuple[str, Mark] | None:
    """The agency that orders, asks or reports in the text: where it says `như sau` or issues the document, else the one that does so most often."""
    rule = rules_of("header")["header.statement"]
    titles = {title.lower() for signer in closing.signers for title in (signer.on_behalf_of, signer.position) if title}
    wanted = tuple(head for title in titles for head in HEADS.get(title, ()))
    names: dict[str, re.Match[str]] = {}
    counts: Counter[str] = Counter()
    for match in rule.regex.finditer(content, 0, min(closing.start, STATEMENT_REACH)):
        name = squeeze(match["agency"])
        if (
            (wanted and not name.lower().startswith(wanted))
            or name.endswith((" Bộ", " Sở"))
            or JOINED.search(content, max(match.start() - 12, 0), match.start("subject"))
        ):
            continue
        names.setdefault(name, match)
        follows = fold(content[match.start("verb") : match.end() + STATEMENT_LENGTH]).partition(".")[0]
        says = squeeze(follows)
        counts[name] += SURE if "nhu sau" in says or says.startswith((f"ban hanh {fold(doc_type)}", fold(doc_type))) else 1
    if not counts:
        return None
    name, count = counts.most_common(1)[0]
    if not closing.signers and count == 1:
        return None
    match = names[name]
    return name, Mark(start=match.start("agency"), end=match.end("agency"), rule=rule.id)
