"""The closing block: recipients and signers."""

from __future__ import annotations

from dataclasses import dataclass

from docparse.record import Signer
from docparse.text import Text


@dataclass(frozen=True, slots=True)
class Closing:
    """The block that ends the (first) document: its range, start == end == len(content) where there is none."""

    start: int
    end: int
    signers: tuple[Signer, ...] = ()
    recipients: tuple[str, ...] = ()


def find_closing(text: Text) -> Closing:
    return Closing(len(text.content), len(text.content))
