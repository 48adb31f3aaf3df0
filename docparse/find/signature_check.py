"""Do the signatures say the same as the page? Disagreements become problems, what the page does not say is filled from the stamps."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from docparse.find.letterhead import clean_number, find_date, find_number
from docparse.find.relations import plain_agency
from docparse.find.sheet import Sheet, fold, rules_of
from docparse.find.signature_roles import Stamp, is_issuer, is_person, is_recognised, nearly_same, read_stamp, same_organisation, same_person
from docparse.record import Header, Mark, Problem, Signature, Signer
from docparse.text import Text

RULE = "signature.appearance"
LETTERHEAD = 2_500  # characters
# A document goes out when it is signed or on the next working day (Nghị định 30/2020/NĐ-CP, Điều 18); the longest holidays last nine days.
LONGEST_DELAY = dt.timedelta(days=14)
SHOWN_TIME_TOLERANCE = dt.timedelta(days=1)  # appearances show days and hours in the zone of the tool
VIETNAM = dt.timezone(dt.timedelta(hours=7))


def check_signatures(text: Text, *, header: Header, signers: Sequence[Signer], signatures: Sequence[Signature]) -> tuple[Header, tuple[Problem, ...]]:
    """The header, filled from the stamps where the page is silent, and a problem `signature_mismatch` for each disagreement.

    A parent agency, an office that publishes, a deputy and a signing day some days from the date of issue are no disagreement.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.3, II.4, II.7, II.8.
    """
    stamps = [(signature, stamp) for signature in signatures if signature.role in ("number", "date") and (stamp := read_stamp(text, signature))]
    header = _filled(text, header, stamps, signatures)
    found = [
        *_check_stamps(header, stamps),
        *_check_mentions(text, header, stamps),
        *_check_shown_number(header, signatures),
        *_check_names(header, signers, signatures, text),
        *_check_times(header, signatures),
    ]
    return header, tuple(dict.fromkeys(found))


def _mismatch(signature: Signature, message: str) -> Problem:
    return Problem(code="signature_mismatch", message=f"{signature.field}: {message}", page=signature.page)


def _filled(text: Text, header: Header, stamps: Sequence[tuple[Signature, Stamp]], signatures: Sequence[Signature]) -> Header:
    """The header with number and date from stamps; the mark of such a value is the printed rest of it, an empty range where there is none."""
    values: dict[str, object] = {}
    marks = dict(header.marks)
    sheet = Sheet(text.content[:LETTERHEAD])
    if header.number is None and (number := _stamped_number(sheet, stamps, signatures)):
        values["number"], marks["number"] = number
    if header.date is None and (date := _stamped_date(sheet, stamps)):
        values["date"], marks["date"] = date
    return header.model_copy(update={**values, "marks": marks}) if values else header


def _stamped_number(sheet: Sheet, stamps: Sequence[tuple[Signature, Stamp]], signatures: Sequence[Signature]) -> tuple[str, Mark] | None:
    for signature in signatures:
        if shown := _shown_number(signature):
            return shown, Mark(start=0, end=0, rule=RULE)
    printed = find_number(sheet, len(sheet.folded))
    value = next((stamp.value for signature, stamp in stamps if stamp.part == "number" and signature.page == 1), None)
    if value is None or printed.number or not printed.symbol or printed.number_mark is None:
        return None
    return clean_number(value, printed.symbol), _mark(printed.number_mark)


def _stamped_date(sheet: Sheet, stamps: Sequence[tuple[Signature, Stamp]]) -> tuple[dt.date, Mark] | None:
    """The printed date with its blank day or month filled in."""
    stamped = {stamp.part: stamp.value for signature, stamp in stamps if stamp.part != "number" and signature.page == 1}
    printed = find_date(sheet, len(sheet.folded))
    if not stamped or printed.date_mark is None:
        return None
    match = rules_of("header")[printed.date_mark.rule].regex.match(fold(sheet.original), printed.date_mark.start)
    parts = {part: (match[part] or "").strip() for part in ("day", "month", "year")} if match else {}
    try:
        return dt.date(*(int((parts | stamped)[part]) for part in ("year", "month", "day"))), _mark(printed.date_mark)
    except (KeyError, ValueError):
        return None


def _mark(printed: Mark) -> Mark:
    return Mark(start=printed.start, end=printed.end, rule=RULE)


def _shown_number(signature: Signature) -> str | None:
    """Number and notation that the appearance shows, as an annex in a file of its own does."""
    for line in (signature.appearance or "").splitlines():
        match = rules_of("signatures")["signature.document_number"].regex.match(fold(line))
        if match:
            return clean_number(match["digits"], line[slice(*match.span("rest"))])
    return None


def _check_shown_number(header: Header, signatures: Sequence[Signature]) -> Iterator[Problem]:
    for signature in signatures:
        shown = _shown_number(signature)
        if shown and header.number and fold(shown) != fold(header.number):
            yield _mismatch(signature, f"the signature shows the number {shown}, the page has {header.number}")


def _check_stamps(header: Header, stamps: Sequence[tuple[Signature, Stamp]]) -> Iterator[Problem]:
    digits = re.match(r"\d+[a-zđ]?", fold(header.number or ""))
    date = header.date
    for signature, stamp in stamps:
        if stamp.part == "number":
            if digits and digits[0].lstrip("0") != fold(stamp.value).lstrip("0"):
                yield _mismatch(signature, f"the stamped number is {stamp.value}, the page has {header.number}")
        elif date and stamp.value.isdigit():
            stated = {"day": date.day, "month": date.month}[stamp.part]
            if int(stamp.value) != stated:
                yield _mismatch(signature, f"the stamped {stamp.part} is {stamp.value}, the page is dated {date}")


def _check_mentions(text: Text, header: Header, stamps: Sequence[tuple[Signature, Stamp]]) -> Iterator[Problem]:
    """Where the page itself says what its number is (`Kèm theo Kế hoạch số …`): same notation, same day, but another number than the stamp."""
    stamped = next((signature for signature, stamp in stamps if stamp.part == "number"), None)
    own = re.match(r"(?P<digits>\d+[a-zđ]?)(?P<symbol>\D.*)", fold(header.number or ""))
    if stamped is None or own is None or header.date is None:
        return
    folded = fold(text.content)
    for match in re.finditer(rf"(?<![\w/.-])(?P<digits>\d{{1,6}}[a-zđ]?)\s?{re.escape(own['symbol'])}(?![\w/-])", folded):
        day = rules_of("signatures")["signature.dated"].regex.match(folded, match.end())
        same_day = day and [int(day[part]) for part in ("year", "month", "day")] == [header.date.year, header.date.month, header.date.day]
        if same_day and match["digits"].lstrip("0") != own["digits"].lstrip("0"):
            printed = text.content[match.start() : match.end()]
            message = f"{stamped.field}: the stamped number is {header.number}, the page also says {printed} of the same day"
            page = text.page_at(match.start())
            yield Problem(code="signature_mismatch", message=message, page=page, start=match.start(), end=match.end())


def _check_names(header: Header, signers: Sequence[Signer], signatures: Sequence[Signature], text: Text) -> Iterator[Problem]:
    names = [signer.name for signer in signers if signer.name]
    for signature in signatures:
        if signature.signer is None:
            continue
        known = any(same_person(signature.signer, name) or (is_recognised(text) and nearly_same(signature.signer, name)) for name in names)
        if signature.role == "leader" and names and not known:
            yield _mismatch(signature, f"the certificate names {signature.signer}, the page is signed by {', '.join(names)}")
        if signature.role == "agency" and header.issuer and not is_person(signature.signer) and not _belongs(signature, header, signatures, text):
            yield _mismatch(signature, f"the certificate names {signature.signer}, the page is issued by {header.issuer}")
        shown = _shown_signer(signature)
        if shown and not (same_person(shown, signature.signer) or same_organisation(shown, signature.signer)):
            yield _mismatch(signature, f"the appearance names {shown}, the certificate {signature.signer}")


def _belongs(seal: Signature, header: Header, signatures: Sequence[Signature], text: Text) -> bool:
    """Is the seal of the issuer, of the agency above it, of the leader's own, or of one that the letterhead or the signature block names?

    Councils and steering committees have no seal and use that of an agency.
    """
    name = str(seal.signer)
    if is_issuer(name, header, text):
        return True
    leaders = [str(signature.organization) for signature in signatures if signature.role == "leader" and signature.organization]
    if any(same_organisation(name, part) for leader in leaders for part in leader.split(", ")):
        return True
    head = max((mark.end for mark in header.marks.values()), default=0)
    return plain_agency(name) in plain_agency(text.content[:head])


def _shown_signer(signature: Signature) -> str | None:
    """Whom the appearance names behind `Ký bởi:`, over line breaks."""
    rules = rules_of("signatures")
    lines = (signature.appearance or "").splitlines()
    for index, line in enumerate(lines):
        if match := rules["signature.signed_by"].regex.match(fold(line)):
            rest = []
            for following in lines[index + 1 :]:
                if rules["signature.label"].regex.search(fold(following)):
                    break
                rest.append(following.strip())
            return " ".join([line[match.start("value") :].strip(), *rest])
    return None


def _check_times(header: Header, signatures: Sequence[Signature]) -> Iterator[Problem]:
    for signature in signatures:
        if signature.signing_time is None:
            continue
        day = signature.signing_time.astimezone(VIETNAM).date()
        shown = _shown_day(signature)
        if shown and abs(shown - day) > SHOWN_TIME_TOLERANCE:
            yield _mismatch(signature, f"the appearance says signed on {shown}, the signature on {day}")
        if header.date and signature.role in ("leader", "agency"):
            late = day - header.date > LONGEST_DELAY and not _is_copy(signature)
            if late or header.date - day > LONGEST_DELAY:
                yield _mismatch(signature, f"signed on {day}, the page is dated {header.date}")


def _is_copy(signature: Signature) -> bool:
    """A seal that says in words who signed certifies an electronic copy, made at any later time."""
    return signature.role == "agency" and signature.appearance is not None


def _shown_day(signature: Signature) -> dt.date | None:
    match = rules_of("signatures")["signature.time"].regex.search(fold(" ".join((signature.appearance or "").split())))
    try:
        if match and match["iso"]:
            return dt.date.fromisoformat(match["iso"])
        return dt.date(*(int(match[part]) for part in ("year", "month", "day"))) if match else None
    except ValueError:
        return None
