"""Tasks that the document gives or its issuer plans."""

from __future__ import annotations

from docparse.find.closing import Closing
from docparse.record import AgencyMention, Citation, DateMention, Header, Section, Task
from docparse.text import Text


def find_tasks(
    text: Text,
    *,
    header: Header,
    closing: Closing,
    sections: tuple[Section, ...],
    citations: tuple[Citation, ...],
    dates: tuple[DateMention, ...],
    agencies: tuple[AgencyMention, ...],
) -> tuple[Task, ...]:
    return ()
