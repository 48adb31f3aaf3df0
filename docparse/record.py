"""The record: what parsing one document gives. This is the public contract of docparse.

Everything here is a value: frozen pydantic models that finders make and that exporters, the corpus and the evaluation read. Offsets are
half-open code-point ranges into `Record.text`. `docs/record.md` describes each field, `docparse schema` prints the JSON Schema.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from docparse.text import TextOrigin

if TYPE_CHECKING:
    from spacy.tokens import Doc

SCHEMA_VERSION = "1.2"

Relation = Literal["basis", "implements", "amends", "replaces", "repeals", "issues", "answers", "mentions"]
Authority = Literal["TM.", "KT.", "TL.", "TUQ.", "Q."]
Modifier = Literal["before", "after", "by"]
TaskStatus = Literal["assigned", "planned"]
SignatureRole = Literal["leader", "agency", "number", "date", "publisher", "timestamp"]
LaterChange = Literal["none", "signatures", "form", "content"]


class Model(BaseModel):
    """Base of all parts of the record: immutable, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Mark(Model):
    """Where a value stands and which rule gave it."""

    start: int
    end: int
    rule: str


class Source(Model):
    """The file that was parsed. `size` in bytes; `pages` is None where the format has none."""

    filename: str
    media_type: str
    size: int
    pages: int | None
    text_origin: TextOrigin | None


class LineBox(Model):
    """A line of the text; `box` is [x0, top, x1, bottom] in points from the top left of the page."""

    start: int
    end: int
    box: tuple[float, float, float, float] | None
    confidence: float | None


class PageText(Model):
    """A page; `width` and `height` in points.

    `origin` says where its text comes from, None for a page without text. `rotation`: degrees clockwise by which the page as the file shows
    it must be turned to be upright; size and boxes are those of the upright page.
    """

    number: int
    start: int
    end: int
    width: float | None
    height: float | None
    lines: tuple[LineBox, ...]
    origin: TextOrigin | None = None
    rotation: int = 0


class Header(Model):
    """The letterhead, title and addressees. `marks` says for each filled field (its name is the key) where it stands."""

    doc_type: str | None = None
    number: str | None = None
    issuer: str | None = None
    parent_issuer: str | None = None
    place: str | None = None
    date: dt.date | None = None
    title: str | None = None
    addressees: tuple[str, ...] = ()
    urgency: Literal["hỏa tốc", "thượng khẩn", "khẩn"] | None = None
    secrecy: Literal["tuyệt mật", "tối mật", "mật"] | None = None
    marks: dict[str, Mark] = Field(default_factory=dict)


class Signer(Mark):
    """A person in the visible signature block."""

    name: str | None
    position: str | None
    authority: Authority | None
    on_behalf_of: str | None


class Certificate(Model):
    """The signer's certificate: serial number in hex, issuer name, validity."""

    serial: str
    issuer: str
    valid_from: dt.datetime
    valid_to: dt.datetime


class Signature(Model):
    """A digital signature of a PDF. None means unknown, never no; `problems` says why, as codes (docs/record.md lists them).

    `role` is what it stands for in the document, `changed_after` what was changed in the file since, `appearance` the text that it shows.
    """

    signer: str | None
    organization: str | None
    email: str | None
    signing_time: dt.datetime | None
    field: str | None
    page: int | None
    box: tuple[float, float, float, float] | None
    covers_whole_file: bool | None
    intact: bool | None
    trusted: bool | None
    certificate: Certificate | None
    role: SignatureRole | None = None
    changed_after: LaterChange | None = None
    timestamped: bool | None = None
    digest: str | None = None
    appearance: str | None = None
    problems: tuple[str, ...] = ()


class Section(Mark):
    """A numbered unit: `start` is at its label, `end` where the next unit of its depth or above begins.

    `id` is the address from the outermost unit (`II.3.1.a`), made unique; `depth` counts from 1; `kind` names the numbering form
    (`dieu`, `roman`, `arabic`, …); `heading` is None for a numbered paragraph.
    """

    id: str
    parent: str | None
    label: str
    depth: int
    kind: str
    heading: str | None
    page: int


class Citation(Mark):
    """A mention of another document. `date` is ISO 8601 and may be a year or year-month alone (`2024`).

    `provisions` are dicts from unit name to label, outermost first (`{"Điều": "5", "Khoản": "2"}`). `resolved` is the key under which
    the corpus joins mentions and documents: `doc_type:number[:year or issuer]`. `section` is a section id. `confidence`, from 0 to 1, is
    None where the rules work alone.
    """

    text: str
    doc_type: str | None
    number: str | None
    date: str | None = None
    issuer: str | None = None
    title: str | None = None
    provisions: tuple[dict[str, str], ...] = ()
    relation: Relation = "mentions"
    section: str | None = None
    resolved: str | None = None
    confidence: float | None = None
    page: int = 1


class DateMention(Mark):
    """A time expression: `first_day` and `last_day` bound it, both inclusive; a recurrence (RFC 5545 RRULE) has no days."""

    text: str
    first_day: dt.date | None
    last_day: dt.date | None
    recurrence: str | None = None
    modifier: Modifier | None = None
    section: str | None = None
    page: int = 1


class AgencyMention(Mark):
    """A mention of an organisation. `text` is the slice, `mention` the form with an elliptic list expanded, `name` adds level and place.

    `agency_id` is the id of the authority list, None for a body that it does not hold; `collective` is true for `các sở, ngành`. `confidence`, from 0
    to 1, is None where the rules work alone.
    """

    text: str
    mention: str
    name: str
    agency_id: str | None = None
    kind: str | None = None
    level: str | None = None
    place: str | None = None
    collective: bool = False
    section: str | None = None
    confidence: float | None = None
    page: int = 1


class Deadline(Model):
    """The time for doing a task: inclusive day bounds, or a recurrence (RRULE) with the days None."""

    text: str
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    recurrence: str | None = None


class Task(Mark):
    """Something an actor is to do. `section` holds labels from the outermost; `citations` are indices into `Record.citations`.

    `text` is the slice, `action` the words that say what to do with white space folded. `confidence` runs from 0 to 1.
    """

    id: str
    text: str
    action: str
    status: TaskStatus
    leads: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    deadline: Deadline | None = None
    section: tuple[str, ...] = ()
    assigner: str | None = None
    citations: tuple[int, ...] = ()
    confidence: float = 1.0
    page: int = 1


class Problem(Model):
    """What could not be read or is doubtful: a stable `code`, a message for people, and where.

    `raw` is what recognition gave where the text corrects it (code `corrected`).
    """

    code: str
    message: str
    page: int | None = None
    start: int | None = None
    end: int | None = None
    raw: str | None = None


class Record(Model):
    """One parsed document.

    >>> Record.model_json_schema()["title"]
    'Record'
    """

    schema_version: str = SCHEMA_VERSION
    document_id: str
    source: Source
    text: str
    pages: tuple[PageText, ...] = ()
    header: Header = Header()
    signers: tuple[Signer, ...] = ()
    recipients: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    sections: tuple[Section, ...] = ()
    citations: tuple[Citation, ...] = ()
    dates: tuple[DateMention, ...] = ()
    agencies: tuple[AgencyMention, ...] = ()
    tasks: tuple[Task, ...] = ()
    problems: tuple[Problem, ...] = ()

    def to_doc(self) -> Doc:
        """The record as a spaCy `Doc` with a span group for each kind of finding, made on demand. Raises MissingTool without spaCy."""
        from docparse.spacy_doc import to_doc

        return to_doc(self)
