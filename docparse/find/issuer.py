"""Who issued the document: the agency lines of the letterhead, else what the text itself states."""

from __future__ import annotations

import re
from collections import Counter

from docparse.find.casing import Body, is_name, mostly_capitals, ordinary_case
from docparse.find.closing import Closing
from docparse.find.sheet import Sheet, fold, rules_of
from docparse.find.words import old_tone
from docparse.record import Mark
from docparse.text import Span

SESSION = re.compile(r"\n\s*(?:kh[oó][aá]|khoá|kỳ họp|nhiệm kỳ)\b", re.IGNORECASE)
PLACE = re.compile(r"((?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|đặc khu)\s+)([a-zà-ỹđ]+(?:\s+[a-zà-ỹđ]+){0,3})\Z")
WRAPPED = re.compile(r"\A\n(?!\s*(?:KT|TL|TUQ|Q)[./])[A-ZĐÀ-Ỹ]+(?=\n)")
NO_NAME = re.compile(r"[\d=%;:(\[]|\.\Z|.{80}")
LETTERS = re.compile(r"[^\W\d_]")
JOINT = re.compile(r"[/-](?:ttlt|nqlt|hdlt|khlt|qclt|ctlt|ttlb|lt)\b|lien tich|qcph|ctph")
SELF_REFERENCE_REACH = 12_000
HEADS = {"chủ tịch": ("ubnd", "ủy ban", "uỷ ban", "hội đồng", "hđnd"), "giám đốc": ("sở", "trung tâm", "bệnh viện", "công ty"), "bộ trưởng": ("bộ",),
         "trưởng ban": ("ban",), "cục trưởng": ("cục",), "tổng cục trưởng": ("tổng cục",), "chánh văn phòng": ("văn phòng",)}  # fmt: skip


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
        begun = " ".join(sheet.folded[names[-1].start : names[-1].end].split()) if names else ""
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
    names = [_with_place(ordinary_case(sheet.printed(span).replace("\\", " "), body).strip(" -–,;.*_…")) for span in spans]
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
    printed = " ".join(SESSION.split(sheet.printed(span))[0].split())
    position = rules["header.position"].regex.match(fold(printed))
    rest = printed[position.end() :].strip() if position else printed
    agency = rules["header.agency"].regex.match(fold(rest))
    name = rest if agency and not fold(rest).startswith("chinh phu") else printed
    if not agency and not position:
        return None
    return _with_place(ordinary_case(name.upper(), body)), Mark(start=span.start, end=span.end, rule="header.authority")


def stated_issuer(content: str, closing: Closing) -> tuple[str, Mark] | None:
    """The agency that the signature block or the body states as the writer, where there is no letterhead."""
    rules = rules_of("header")
    block = content[closing.start : closing.end]
    for match in rules_of("closing")["closing.authority"].regex.finditer(fold(block)):
        start, end = match.span("rest")
        if match["mark"] in ("tm", "t/m") and rules["header.agency"].regex.match(match["rest"]) and mostly_capitals(block[start:end]):
            if not rules["header.position"].regex.match(fold(block[end:].lstrip())):
                end = next((line.end() + end for line in WRAPPED.finditer(block[end : end + 40])), end)
            return ordinary_case(block[start:end], Body(content)), Mark(
                start=closing.start + start, end=closing.start + end, rule="closing.authority"
            )
    titles = {title.lower() for signer in closing.signers for title in (signer.on_behalf_of, signer.position) if title}
    wanted = tuple(head for title in titles for head in HEADS.get(title, ()))
    rule = rules["header.self_reference"]
    names: dict[str, re.Match[str]] = {}
    counts: Counter[str] = Counter()
    for match in rule.regex.finditer(content, 0, min(closing.start, SELF_REFERENCE_REACH)):
        name = " ".join(match["agency"].split())
        if not wanted or name.lower().startswith(wanted):
            counts[name] += 1
            names.setdefault(name, match)
    if not counts:
        return None
    name, count = counts.most_common(1)[0]
    if not closing.signers and count == 1:
        return None
    return name, Mark(start=names[name].start("agency"), end=names[name].end("agency"), rule=rule.id)
