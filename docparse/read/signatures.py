"""Digital signatures of a PDF: who signed when, whether the bytes are as they were signed, what was changed since.

pyHanko reads and checks. Which role a signature has in the document is not read here but in `find/signature_roles.py`.
"""

from __future__ import annotations

import io
import logging
import unicodedata
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from docparse.errors import SettingsError
from docparse.read.appearances import Appearance, Widget, find_widget, read_appearances
from docparse.read.integrity import TIME_STAMP, History, SigningTime, is_intact, signing_time, stamped_time
from docparse.read.object_streams import cache_object_streams
from docparse.read.trust import check_chain
from docparse.record import Certificate, LaterChange, Signature
from docparse.settings import Settings
from docparse.text import ReadProblem

WEAK_DIGESTS = {"md2", "md4", "md5", "sha1"}
FORMATS = {"/adbe.pkcs7.detached", "/ETSI.CAdES.detached", "/ETSI.RFC3161"}
QUIET = logging.NullHandler()
END_OF_FILE = b"%%EOF\n"
LATER = {"form": "a form was filled in", "content": "the content was changed"}

T = TypeVar("T")


class Signatures(NamedTuple):
    """The signatures of a file in the order of signing, and what is wrong with them."""

    found: tuple[Signature, ...] = ()
    problems: tuple[ReadProblem, ...] = ()


class _Field(NamedTuple):
    name: str
    dictionary: generic.DictionaryObject


def read_signatures(data: bytes, *, settings: Settings) -> Signatures:
    """Every filled signature field of a signed PDF, whole or damaged; an empty field is no signature. The network is used only if allowed.

    Raises SettingsError if the trust roots of the settings cannot be read.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.7 and II.8: digital signatures of the leader and of the agency.
    """
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).addHandler(QUIET)
    try:
        return _read_all(data, settings)
    except SettingsError:
        raise
    except Exception as error:  # pyHanko and asn1crypto raise many kinds on damaged bytes
        problem = ReadProblem("signatures_unreadable", f"signatures cannot be read ({type(error).__name__}: {error})")
    whole_part = data[: data.rfind(END_OF_FILE) + len(END_OF_FILE)]
    before = _try(_read_all, whole_part, settings) or Signatures()
    return Signatures(tuple(map(_of_damaged_file, before.found)), (problem,))


def _of_damaged_file(signature: Signature) -> Signature:
    """A signature before the damage: what comes after it, nobody can say."""
    return signature.model_copy(update={"covers_whole_file": False, "changed_after": None, "problems": (*signature.problems, "damaged_file")})


def _read_all(data: bytes, settings: Settings) -> Signatures:
    """The signatures of a file whose structure is whole. Raises anything if it is not."""
    reader = PdfFileReader(io.BytesIO(data), strict=False)
    everything = list(enumerate_sig_fields(reader))
    fields = [_Field(name, field.get_object()) for name, value, field in everything if value is not None]
    if not fields:
        return Signatures(problems=(ReadProblem("signatures_unreadable", "signatures stand in the file, but in no field of its form"),))
    _try(cache_object_streams, reader)
    places = [_try(find_widget, reader, field.dictionary) for field in fields]
    widgets = {index: widget for index, widget in enumerate(places) if widget}
    appearances = _try(read_appearances, data, widgets) or {}
    history = History(reader, [name for name, _, _ in everything])
    read = [_read(reader, field, widgets.get(index), appearances.get(index), history, settings) for index, field in enumerate(fields)]
    ordered = tuple(signature for _, signature in sorted(read, key=lambda pair: pair[0]))
    return Signatures(ordered, tuple(filter(None, map(_problem, ordered))))


def _try(read: Callable[..., T], *arguments: object) -> T | None:
    try:
        return read(*arguments)
    except SettingsError:
        raise
    except Exception:
        return None


def _read(
    reader: PdfFileReader, field: _Field, widget: Widget | None, appearance: Appearance | None, history: History, settings: Settings
) -> tuple[float, Signature]:
    """A signature with the number of the revision that it signs; one that cannot be read comes last, with its place alone."""
    embedded = _try(EmbeddedPdfSignature, reader, field.dictionary, field.name)
    certificate = _try(lambda: embedded.signer_cert) if embedded else None
    details = _details(embedded, certificate, history, settings) if embedded and certificate else {"problems": ("unreadable",)}
    empty = dict.fromkeys(("signer", "organization", "email", "signing_time", "covers_whole_file", "intact", "trusted", "certificate"))
    signature = Signature.model_validate(
        {
            **empty,
            "field": field.name,
            "page": widget.page if widget else None,
            "box": appearance.box if appearance else None,
            "appearance": appearance.text if appearance else None,
            **details,
        }
    )
    return (embedded.signed_revision if embedded else float("inf")), signature


def _details(embedded: EmbeddedPdfSignature, certificate: x509.Certificate, history: History, settings: Settings) -> dict[str, object]:
    problems = []
    known_format = embedded.sig_object.get("/SubFilter") in FORMATS
    intact = _try(is_intact, embedded) if known_format else None
    if intact is None:
        problems.append("unverifiable" if known_format else "unsupported_format")
    if embedded.md_algorithm in WEAK_DIGESTS:
        problems.append("weak_digest")
    coverage = _try(embedded.evaluate_signature_coverage)
    changed = _changed_after(embedded, coverage, history)
    if changed is None:
        problems.append("partial_coverage")
    time = _try(signing_time, embedded) or SigningTime(None)
    if time.as_utc:
        problems.append("local_time_as_utc")
    stamped = None
    try:
        stamped = stamped_time(embedded)
    except Exception:
        problems.append("bad_timestamp")
    others = _try(lambda: embedded.other_embedded_certs) or []
    trust = check_chain(certificate, others, moment=stamped or time.time, settings=settings)
    if trust.problem:
        problems.append(trust.problem)
    return {
        **_subject(certificate),
        "signing_time": time.time,
        "covers_whole_file": None if coverage is None else coverage == SignatureCoverageLevel.ENTIRE_FILE,
        "intact": intact,
        "trusted": trust.trusted,
        "certificate": _try(_certificate, certificate),
        "role": "timestamp" if embedded.sig_object_type == TIME_STAMP else None,
        "changed_after": changed,
        "timestamped": stamped is not None,
        "digest": embedded.md_algorithm,
        "problems": tuple(problems),
    }


def _changed_after(embedded: EmbeddedPdfSignature, coverage: SignatureCoverageLevel | None, history: History) -> LaterChange | None:
    """What was changed since; None if the signature leaves out a part of what it should cover."""
    if coverage is None or coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return None
    if coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "none"
    return _try(history.since, embedded.signed_revision)


def _subject(certificate: x509.Certificate) -> dict[str, str | None]:
    """The holder: a person or an organisation, and the organisations above, the nearest first."""
    names: dict[str, object] = _try(lambda: certificate.subject.native) or {}
    email = next(iter(_all(names.get("email_address"))), None)
    if email is None:
        alternative = _try(lambda: certificate.subject_alt_name_value)
        email = next((name.native for name in alternative or () if name.name == "rfc822_name"), None)
    organization = ", ".join(dict.fromkeys([*_all(names.get("organizational_unit_name")), *_all(names.get("organization_name"))]))
    return {"signer": ", ".join(_all(names.get("common_name"))) or None, "organization": organization or None, "email": email}


def _all(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value] if value else []
    return [unicodedata.normalize("NFC", " ".join(str(each).split())) for each in values]


def _certificate(certificate: x509.Certificate) -> Certificate:
    issuer = certificate.issuer
    return Certificate(
        serial=format(certificate.serial_number, "x"),
        issuer=", ".join(_all(issuer.native.get("common_name"))) or issuer.human_friendly,
        valid_from=certificate.not_valid_before,
        valid_to=certificate.not_valid_after,
    )


def _problem(signature: Signature) -> ReadProblem | None:
    """What who reads the record must know of a signature that is not whole."""
    name = f"signature {signature.field}" + (f" of {signature.signer}" if signature.signer else "")
    if signature.intact is None:
        return ReadProblem("signature_unverified", f"{name} cannot be verified ({', '.join(signature.problems)})", signature.page)
    if not signature.intact:
        return ReadProblem("signature_broken", f"{name} does not fit the file: it was altered after signing", signature.page)
    if signature.changed_after in LATER:
        return ReadProblem("signed_then_changed", f"after {name}, {LATER[signature.changed_after]}", signature.page)
    if signature.changed_after is None:
        return ReadProblem("signed_in_part", f"{name} leaves a part of the file open to changes", signature.page)
    return None
