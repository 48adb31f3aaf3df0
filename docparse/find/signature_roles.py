"""The role of each digital signature: leader, agency, stamp of number or date, publishing office."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from docparse.find.relations import plain_agency, same_agency
from docparse.find.sheet import fold, rules_of
from docparse.find.signers import read_name
from docparse.record import Header, Signature, SignatureRole, Signer
from docparse.text import Box, Line, Text
from docparse.words import unaccent

VALUE = re.compile(r"\d{1,6}[a-zđA-ZĐ]?|\d{1,2}[./-]\d{1,2}[./-]\d{4}")
HEAD = 1 / 3  # of the height of page 1 holds the letterhead
TOP = 1 / 8  # of the height of page 1 lies above the letterhead, where publishing offices and electronic copies are signed
MISREAD = 0.85  # of the letters that OCR got right in a name are at least this share
Part = Literal["number", "day", "month"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """A value that a signature puts into the document: the number or a part of the date."""

    part: Part
    value: str


def find_roles(text: Text, signatures: Sequence[Signature], *, header: Header, signers: Sequence[Signer]) -> tuple[Signature, ...]:
    """The signatures with their roles; None where nothing decides.

    A stamp is told by what it shows and the words before it, a person by the name in the signature block, an organisation by the issuer
    and by its place: publishing offices sign above the letterhead.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.7 and II.8, and the practice of signing tools for the rest.
    """
    reader = _Roles(text, signatures, header, signers)
    roles = [signature.role or reader.role(signature) for signature in signatures]
    return tuple(
        signature.model_copy(update={"role": "agency" if role == "leader" and reader.is_seal_of_leader(signature) else role})
        for signature, role in zip(signatures, roles, strict=True)
    )


@lru_cache(maxsize=1024)
def is_person(name: str) -> bool:
    """Is this the name of a person, not of an organisation or an office?

    >>> is_person("Đoàn Thị Hoa"), is_person("VĂN PHÒNG CHÍNH PHỦ"), is_person("Thủ tướng Chính phủ"), is_person("Cổng Thông tin điện tử")
    (True, False, False, False)
    """
    folded, rules = fold(name), rules_of("header")
    organisation = rules["header.agency"].regex.match(folded)
    if rules["header.position"].regex.match(folded) or (organisation and (" " in organisation[0] or name.isupper())):
        return False
    return read_name(name, sure=organisation is None) is not None


def same_person(one: str, other: str) -> bool:
    """Do two spellings name one person: case, accents, rank and degree aside?

    >>> same_person("TS. Nguyễn Văn Hoà", "NGUYỄN VĂN HÒA"), same_person("Nguyễn Văn An", "Nguyễn Văn Ân Bình")
    (True, False)
    """
    first, second = f" {fold(one)}", f" {fold(other)}"
    return first.endswith(second) or second.endswith(first)


def same_organisation(one: str, other: str, parent: str | None = None) -> bool:
    """Do two names denote one agency, written out or abbreviated, with or without the place?

    >>> same_organisation("ỦY BAN NHÂN DÂN TỈNH SƠN LA", "UBND tỉnh Sơn La"), same_organisation("Sở Y tế", "Sở Xây dựng")
    (True, False)
    """
    return unaccent(plain_agency(one)) == unaccent(plain_agency(other)) or same_agency(one, other, parent) or same_agency(other, one, parent)


def is_recognised(text: Text) -> bool:
    """Was the page read by OCR, so that its names may be misread?"""
    return text.origin in ("ocr", "mixed")


def nearly_same(one: str, other: str) -> bool:
    """Could one name be the other, misread by OCR?

    >>> nearly_same("UBND tỉnh Sơn La", "UBND tinh Sơn Laa"), nearly_same("Sở Y tế", "Sở Xây dựng")
    (True, False)
    """
    return SequenceMatcher(None, unaccent(plain_agency(one)), unaccent(plain_agency(other)), autojunk=False).ratio() > MISREAD


def is_issuer(name: str, header: Header, text: Text) -> bool:
    """Does `name` denote the agency that the letterhead shows, or the one above it?"""
    return any(
        same_organisation(name, issuer, header.parent_issuer) or (is_recognised(text) and nearly_same(name, issuer))
        for issuer in (header.issuer, header.parent_issuer)
        if issuer
    )


def read_stamp(text: Text, signature: Signature) -> Stamp | None:
    """What the signature stamps into the document, None if it shows no single value.

    The word before the value tells number from day; of several the one that stands where the box is. On a page without text the place in the
    letterhead tells it: the number stands left, the date right.
    """
    if signature.page is None or signature.box is None or signature.page > len(text.pages):
        return None
    value = re.sub(r"\s+", "", signature.appearance or "")
    if not VALUE.fullmatch(value):
        return None
    page, box = text.pages[signature.page - 1], Box(*signature.box)
    middle = (box.x0 + box.x1) / 2
    places = [found for line in page.lines if line.box and _overlap(line.box.top, line.box.bottom, box) for found in _places(text, line, value)]
    if places:
        return Stamp(min(places, key=lambda place: abs(place[0] - middle))[1], value)
    if page.number == 1 and page.width and page.height and box.bottom < HEAD * page.height:
        return Stamp("number" if middle < page.width / 2 else "day", value)
    return None


def _overlap(top: float, bottom: float, box: Box) -> bool:
    return top < box.bottom and box.top < bottom


def _places(text: Text, line: Line, value: str) -> list[tuple[float, Part]]:
    """Where on a line `value` stands behind a word that tells what it is: about which x, and what."""
    printed = text.content[line.start : line.end]
    folded, rules = fold(printed), rules_of("signatures")
    found: list[tuple[float, Part]] = []
    for match in re.finditer(rf"(?<!\d){re.escape(fold(value))}(?!\d)", folded):
        for part in ("number", "day", "month"):
            if line.box and rules[f"signature.{part}"].regex.search(folded, 0, match.start()):
                share = match.start() / max(len(printed), 1)
                found.append((line.box.x0 + share * (line.box.x1 - line.box.x0), part))
    return found


class _Roles:
    def __init__(self, text: Text, signatures: Sequence[Signature], header: Header, signers: Sequence[Signer]) -> None:
        self.text = text
        self.signatures = signatures
        self.header = header
        self.signers = signers

    def role(self, signature: Signature) -> SignatureRole | None:
        if signature.signer is None:
            return None
        if stamp := read_stamp(self.text, signature):
            return "number" if stamp.part == "number" else "date"
        if any(signer.name and same_person(signature.signer, signer.name) for signer in self.signers):
            return "leader"
        if is_person(signature.signer):
            return "leader" if self._signs_as_leader(signature) else None
        return self._role_of_organisation(signature)

    def _signs_as_leader(self, signature: Signature) -> bool:
        """A person who is not named on the page: over the signature block, or the only one where there is none; others initial a draft."""
        if self.signers:
            return any(self._covers_block(signature, signer) for signer in self.signers)
        persons = {other.signer for other in self.signatures if other.signer and is_person(other.signer)}
        return len(persons) == 1 and not self._above_letterhead(signature)

    def _covers_block(self, signature: Signature, signer: Signer) -> bool:
        if signature.page is None or signature.box is None or signature.page > len(self.text.pages):
            return False
        lines = [line.box for line in self.text.pages[signature.page - 1].lines if line.box and signer.start <= line.start < signer.end]
        if not lines:
            return False
        box = Box(*signature.box)
        block = Box(min(b.x0 for b in lines), min(b.top for b in lines), max(b.x1 for b in lines), max(b.bottom for b in lines))
        return _overlap(block.top, block.bottom, box) and block.x0 < box.x1 and box.x0 < block.x1

    def _above_letterhead(self, signature: Signature) -> bool:
        if signature.page != 1 or signature.box is None or not self.text.pages:
            return False
        height = self.text.pages[0].height
        return height is not None and signature.box[3] < TOP * height

    def _role_of_organisation(self, signature: Signature) -> SignatureRole | None:
        name = str(signature.signer)
        lines = fold(signature.appearance or "").splitlines()
        if any(rules_of("signatures")["signature.publisher"].regex.search(line) for line in lines):
            return "publisher"
        if is_issuer(name, self.header, self.text):
            return "agency"
        if not self._above_letterhead(signature):
            return "agency" if signature.box else None
        return self._role_above_letterhead(signature)

    def _role_above_letterhead(self, signature: Signature) -> SignatureRole | None:
        """An organisation that is not the issuer publishes; of several where the issuer did not sign, the first issues."""
        organisations = [other for other in self.signatures if other.box and other.signer and not is_person(other.signer)]
        above = [other.signer for other in organisations if self._above_letterhead(other)]
        sealed = any(not self._above_letterhead(other) or is_issuer(str(other.signer), self.header, self.text) for other in organisations)
        if not sealed and len(set(above)) > 1:
            return "agency" if above[0] == signature.signer else "publisher"
        return "publisher" if sealed or self.header.issuer else None

    def is_seal_of_leader(self, signature: Signature) -> bool:
        """A second signature with the same certificate, which covers the left of the first: the seal, put by the leader."""
        return any(
            other.certificate and other.certificate == signature.certificate and other.page == signature.page and _seals(signature.box, other.box)
            for other in self.signatures[: self.signatures.index(signature)]
        )


def _seals(box: tuple[float, float, float, float] | None, signed: tuple[float, float, float, float] | None) -> bool:
    return bool(box and signed and box[0] < signed[0] < box[2] < signed[2] and _overlap(box[1], box[3], Box(*signed)))
