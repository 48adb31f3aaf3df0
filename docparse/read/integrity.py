"""What the mathematics of a signature say: do the bytes fit, when was it made, what was changed in the file since."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection
from typing import NamedTuple

from asn1crypto import cms
from pyhanko.pdf_utils.generic import parse_pdf_date
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, StandardDiffPolicy, SuspiciousModification
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    extract_self_reported_ts,
    extract_tst_data_iter,
    validate_sig_integrity,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from docparse.record import LaterChange

VIETNAM = dt.timezone(dt.timedelta(hours=7))
SAME_CLOCK = dt.timedelta(hours=1)  # between the two times of a signature; far less than the seven hours from Vietnam to UTC
TIME_STAMP = "/DocTimeStamp"
# Signing tools free object numbers that were never used, which pyHanko's own policy takes for an attack.
POLICY = StandardDiffPolicy(DEFAULT_DIFF_POLICY.global_rules, DEFAULT_DIFF_POLICY.form_rule, reject_object_freeing=False)


class SigningTime(NamedTuple):
    """When a signature says it was made; `as_utc` tells that the tool gave the local time for UTC, which is set right here."""

    time: dt.datetime | None
    as_utc: bool = False


def is_intact(signature: EmbeddedPdfSignature) -> bool:
    """Is the signed part of the file as it was signed, and signed with the key of the certificate? Raises anything on damaged bytes."""
    if signature.sig_object_type == TIME_STAMP:
        return _token_fits(signature.signed_data, signature.compute_digest)
    fits, valid = validate_sig_integrity(signature.signer_info, signature.signer_cert, "data", signature.compute_digest())
    return fits and valid


def stamped_time(signature: EmbeddedPdfSignature) -> dt.datetime | None:
    """The time that a time-stamping authority attests for the signature, None without time stamp. Raises ValueError if none fits."""
    if signature.sig_object_type == TIME_STAMP:
        return _token_time(signature.signed_data)
    tokens = list(extract_tst_data_iter(signature.signer_info, signed=False))
    value = signature.signer_info["signature"].native
    for token in tokens:
        if _token_fits(token, lambda algorithm: hashlib.new(algorithm, value).digest()):
            return _token_time(token)
    if tokens:
        raise ValueError("the time stamp is of another signature")
    return None


def _token_fits(token: cms.SignedData, digest: Callable[[str], bytes]) -> bool:
    """Is this time stamp of what has this digest, and as its authority signed it?"""
    content = token["encap_content_info"]["content"]
    imprint = content.parsed["message_imprint"]
    if imprint["hashed_message"].native != digest(imprint["hash_algorithm"]["algorithm"].native):
        return False
    signer = extract_signer_info(token)
    hashed = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
    fits, valid = validate_sig_integrity(signer, extract_certs_for_validation(token).signer_cert, "tst_info", hashed)
    return fits and valid


def _token_time(token: cms.SignedData) -> dt.datetime:
    time: dt.datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return time


def signing_time(signature: EmbeddedPdfSignature) -> SigningTime:
    """The time of signing by the signer's own clock, with its offset (Vietnam's where the file gives none). Raises anything on damaged bytes.

    It stands in the signed attributes, always as UTC, or in the signature dictionary (`/M`), with the zone. Common tools of Vietnamese
    offices write the local time as UTC: where both agree but for the zone, the zone of the dictionary holds.
    """
    if signature.sig_object_type == TIME_STAMP:
        return SigningTime(_token_time(signature.signed_data))
    signed = extract_self_reported_ts(signature.signer_info)
    stated = parse_pdf_date(str(signature.sig_object["/M"]), strict=False) if "/M" in signature.sig_object else None
    if stated and stated.tzinfo is None:
        stated = stated.replace(tzinfo=VIETNAM)
    if signed is None or stated is None:
        return SigningTime(signed or stated)
    same_clock = abs(signed.replace(tzinfo=None) - stated.replace(tzinfo=None)) < SAME_CLOCK
    if same_clock and signed.utcoffset() != stated.utcoffset():
        return SigningTime(signed.replace(tzinfo=stated.tzinfo), as_utc=True)
    return SigningTime(signed.astimezone(stated.tzinfo))


class History:
    """What each later version of a file changed; `signature_fields` are the names of fields whose filling is a signature."""

    def __init__(self, reader: PdfFileReader, signature_fields: Collection[str]) -> None:
        self._reader = reader
        self._signature_fields = set(signature_fields)
        self._steps: dict[int, LaterChange] = {}

    def since(self, revision: int) -> LaterChange:
        """What was changed after `revision`, at most. Raises anything on damaged bytes."""
        kinds = {self._step(later) for later in range(revision + 1, self._reader.total_revisions)}
        order: tuple[LaterChange, ...] = ("content", "form", "signatures")
        return next((kind for kind in order if kind in kinds), "none")

    def _step(self, revision: int) -> LaterChange:
        if revision not in self._steps:
            self._steps[revision] = self._compare(revision)
        return self._steps[revision]

    def _compare(self, revision: int) -> LaterChange:
        before, after = map(self._reader.get_historical_resolver, (revision - 1, revision))
        try:
            found = POLICY.apply(before, after)
        except SuspiciousModification:
            return "content"
        if found.modification_level > ModificationLevel.FORM_FILLING:
            return "content"
        return "form" if found.changed_form_fields - self._signature_fields else "signatures"
