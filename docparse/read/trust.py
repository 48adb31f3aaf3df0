"""Does the certificate of a signature lead to a root that the settings name?"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from asn1crypto import x509
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator import errors as chain_errors

from docparse.errors import SettingsError
from docparse.settings import Settings

CERTIFICATE_SUFFIXES = {".pem", ".crt", ".cer", ".der"}
REASONS = (
    (chain_errors.RevokedError, "certificate_revoked"),
    (chain_errors.ExpiredError, "certificate_expired"),
    (chain_errors.NotYetValidError, "certificate_not_yet_valid"),
    (chain_errors.DisallowedAlgorithmError, "weak_chain"),
    (chain_errors.PathBuildingError, "unknown_issuer"),
)


class Trust(NamedTuple):
    """Whether a chain of certificates is trusted, and the code of the reason if it is not or nobody can say."""

    trusted: bool | None
    problem: str | None = None


def check_chain(certificate: x509.Certificate, others: Sequence[x509.Certificate], *, moment: dt.datetime | None, settings: Settings) -> Trust:
    """Is `certificate` trusted at `moment` (now if None), the time of signing: certificates expire long before documents do.

    `others` are the certificates that came with the signature. Without roots in the settings nobody can say. With `allow_network`, whether
    it was revoked is asked for; an issuer that does not answer leaves it trusted. Raises SettingsError for roots that cannot be read.
    """
    if settings.trust_roots is None:
        return Trust(None, "no_trust_roots")
    roots = load_roots(settings.trust_roots)
    context = ValidationContext(trust_roots=list(roots), other_certs=others, moment=moment, allow_fetching=settings.allow_network)
    validator = CertificateValidator(certificate, intermediate_certs=others, validation_context=context)
    try:
        # in a thread of its own: the caller may run in an event loop, as notebooks do
        with ThreadPoolExecutor(max_workers=1) as pool:
            pool.submit(asyncio.run, validator.async_validate_path()).result()
    except Exception as error:
        return Trust(False, next((code for kind, code in REASONS if isinstance(error, kind)), "invalid_chain"))
    return Trust(True)


@lru_cache(maxsize=8)
def load_roots(path: Path) -> tuple[x509.Certificate, ...]:
    """The certificates in a file or a folder. Raises SettingsError if a file holds none or the folder is empty."""
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in CERTIFICATE_SUFFIXES) if path.is_dir() else [path]
    roots: list[x509.Certificate] = []
    for file in files:
        try:
            found = list(load_certs_from_pemder_data(file.read_bytes()))
            hollow = not found or any(certificate.serial_number is None for certificate in found)
        except (OSError, ValueError, TypeError) as error:
            raise SettingsError(str(file), "cannot be read as a certificate", hint="DOCPARSE_TRUST_ROOTS takes PEM and DER certificates.") from error
        if hollow:
            raise SettingsError(str(file), "holds no certificate", hint="DOCPARSE_TRUST_ROOTS takes PEM and DER certificates.")
        roots += found
    if not roots:
        raise SettingsError(
            str(path), "holds no certificate", hint=f"A folder is searched for files that end in {', '.join(sorted(CERTIFICATE_SUFFIXES))}."
        )
    return tuple(roots)
