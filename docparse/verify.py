"""Are the signatures of a document whole? In words for people, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from docparse.record import Model, Problem, Record, Signature

Verdict = Literal["intact", "not_intact", "unsigned"]

COLUMNS = ("who", "as", "signed", "intact", "trusted", "changed since", "remarks")
ROLES = {
    "leader": "leader",
    "agency": "agency",
    "number": "number stamp",
    "date": "date stamp",
    "publisher": "publishing office",
    "timestamp": "time stamp",
    None: "",
}
INTACT = {True: "yes", False: "NO", None: "cannot be checked"}
TRUSTED = {True: "yes", False: "NO", None: "not checked"}
CHANGES = {"none": "no", "signatures": "only signed again", "form": "FORM FILLED IN", "content": "CONTENT CHANGED", None: "cannot be checked"}
REMARKS = {
    "unreadable": "the signature is damaged",
    "unverifiable": "the signature is damaged",
    "unsupported_format": "signature format is not supported",
    "weak_digest": "weak digest",
    "partial_coverage": "a part of the file is not signed",
    "damaged_file": "the file is damaged behind it",
    "bad_timestamp": "time stamp is not of this signature",
    "local_time_as_utc": "local time given as UTC",
    "unknown_issuer": "issuer of the certificate is not among the trust roots",
    "certificate_expired": "certificate had expired",
    "certificate_not_yet_valid": "certificate was not valid yet",
    "certificate_revoked": "certificate was revoked",
    "weak_chain": "certificate is signed with a weak algorithm",
    "invalid_chain": "certificate is not from the issuer that it names",
}
IN_TABLE = {"signature_broken", "signed_then_changed", "signed_in_part"}  # problems that the table shows already
TITLES: dict[Verdict, str] = {"intact": "intact", "not_intact": "NOT INTACT", "unsigned": "no signature"}


class Verification(Model):
    """What verifying one file gave: a verdict, its signatures and the problems with them."""

    file: str
    verdict: Verdict
    signatures: tuple[Signature, ...]
    problems: tuple[Problem, ...]


def is_whole(signature: Signature) -> bool:
    """Do the bytes fit, was nothing but signatures added since, and is the certificate trusted as far as roots were given?"""
    return signature.intact is True and signature.changed_after in ("none", "signatures") and signature.trusted is not False


def build_verification(path: Path, record: Record) -> Verification:
    """The verdict on a document: `intact` only if it is signed and each signature is whole."""
    problems = tuple(problem for problem in record.problems if problem.code.startswith("sign"))
    whole = all(map(is_whole, record.signatures)) and not any(problem.code == "signatures_unreadable" for problem in problems)
    verdict: Verdict = "not_intact" if not whole else "intact" if record.signatures else "unsigned"
    return Verification(file=str(path), verdict=verdict, signatures=record.signatures, problems=problems)


def signature_row(signature: Signature) -> tuple[str, ...]:
    """A signature as a row under `COLUMNS`."""
    who = "\n".join(part for part in (signature.signer or f"field {signature.field}", signature.organization) if part)
    time = signature.signing_time.strftime("%Y-%m-%d %H:%M %z").replace("+0700", "").strip() if signature.signing_time else ""
    remarks = [REMARKS[code] for code in signature.problems if code in REMARKS]
    return (
        who,
        ROLES[signature.role],
        time + ("\ntime-stamped" if signature.timestamped else ""),
        INTACT[signature.intact],
        TRUSTED[signature.trusted],
        CHANGES[signature.changed_after],
        "; ".join(remarks),
    )


def print_verification(verification: Verification) -> None:
    """The verdict and a table of the signatures on standard output."""
    console = Console(soft_wrap=False)
    good = verification.verdict == "intact"
    console.print(Styled.assemble(f"{verification.file}: ", (TITLES[verification.verdict], "bold green" if good else "bold red")), soft_wrap=True)
    if verification.signatures:
        table = Table(box=SIMPLE_HEAD, header_style="cyan", pad_edge=False)
        for column in COLUMNS:
            table.add_column(column, overflow="fold")
        for signature in verification.signatures:
            table.add_row(*map(Styled, signature_row(signature)))
        console.print(table)
    for problem in verification.problems:
        if problem.code not in IN_TABLE:
            console.print(Styled(f"  {problem.message}"), soft_wrap=True)


def to_json(verifications: Sequence[Verification], *, several: bool) -> str:
    """One JSON object for one file, an array for several."""
    rows = [verification.model_dump(mode="json") for verification in verifications]
    return json.dumps(rows if several or len(rows) != 1 else rows[0], ensure_ascii=False, indent=1)
