"""Signed files for tests: those of the corpus, and the same ones damaged or changed. All keys are test keys."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from asn1crypto import pem
from conftest import CORPUS, ROOT
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

if str(ROOT / "scripts") not in sys.path:
    sys.path.insert(0, str(ROOT / "scripts"))

CONTENTS = re.compile(rb"/Contents <([0-9a-fA-F]{1000,})>")


@cache
def signed(name: str = "gm-ubnd-phuong") -> bytes:
    """A signed document of the corpus; the one-page invitation has four signatures: leader, number, day, seal."""
    return (CORPUS / "documents" / f"{name}.pdf").read_bytes()


def flipped(data: bytes, at: int) -> bytes:
    """`data` with one bit of one byte changed."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def contents(data: bytes, index: int) -> tuple[int, int]:
    """Where the hexadecimal digits of a signature stand, in the order of the file."""
    return list(CONTENTS.finditer(data))[index].span(1)


def updated(data: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The file with an incremental update, as a viewer saves changes."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def write_root(path: Path, *, as_pem: bool = True) -> Path:
    """The certificate of the test authority as a file."""
    from generator.sign import ISSUER, certificate

    der = certificate(ISSUER).dump()
    path.write_bytes(pem.armor("CERTIFICATE", der) if as_pem else der)
    return path
