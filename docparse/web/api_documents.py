"""One document: what it says, cites and repeats, its corrections; and trying the parser on a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, UploadFile
from fastapi import Query as Parameter
from pydantic import BaseModel, ConfigDict, Field

from docparse.errors import MissingEntry
from docparse.query import citations, documents, graphs, passages
from docparse.query.search import Line
from docparse.record import Header, Record, Relation, Section, Signature, Signer, Source
from docparse.review import store as review
from docparse.review.corrections import Action, Correction, Kind
from docparse.web.parameters import DocumentId, Limit, Offset
from docparse.web.security import ReadCorpus, Reviewer, WriteCorpus

router = APIRouter()

Steps = Annotated[int, Parameter(ge=1, le=4, description="Steps from the document.")]
Words = Annotated[str, Field(max_length=5_000, pattern=r"^[^\x00]*$")]


@dataclass(frozen=True, slots=True)
class Summary:
    """A document without its text, findings and pages, which `/record` has."""

    document: Line
    sha256: str
    source: Source
    header: Header
    signers: tuple[Signer, ...]
    recipients: tuple[str, ...]
    signatures: tuple[Signature, ...]
    sections: tuple[Section, ...]
    links: tuple[documents.CitationLink, ...]
    cited_by: int
    duplicates: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Cites:
    """A link with the document it leads to."""

    link: citations.Link
    cited: citations.Cited


@dataclass(frozen=True, slots=True)
class CitedBy:
    """A link with the document it comes from."""

    link: citations.Link
    citing: Line


@dataclass(frozen=True, slots=True)
class Similar:
    """A document with the share (0 to 1) of the text that it has too."""

    document: Line
    share: float


class NewCorrection(BaseModel):
    """What to correct: `docs/research.md` describes kinds and fields."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    action: Action
    start: int | None = Field(default=None, ge=0, le=2**31 - 1, description="where the finding begins in the text")
    end: int | None = Field(default=None, ge=0, le=2**31 - 1)
    quote: Words | None = Field(default=None, description="the text of the finding")
    field: Words | None = Field(default=None, description="what to set")
    value: Any = Field(default=None, description="the new value, or a finding to add")
    seen: Any = Field(default=None, description="the value before: refused if it was changed since")
    note: Words | None = None


@router.get("/documents/{document_id}", tags=["documents"])
def document(corpus: ReadCorpus, document_id: DocumentId) -> Summary:
    """A document with the corrections of reviewers."""
    found = documents.document(corpus, document_id)
    record = found.record
    return Summary(
        document=found.line,
        sha256=record.document_id,
        source=record.source,
        header=record.header,
        signers=record.signers,
        recipients=record.recipients,
        signatures=record.signatures,
        sections=record.sections,
        links=found.links,
        cited_by=citations.count_citing(corpus, document_id),
        duplicates=found.duplicates,
    )


@router.get("/documents/{document_id}/record", tags=["documents"])
def record(
    corpus: ReadCorpus, document_id: DocumentId, parsed: Annotated[bool, Parameter(description="As the parser gave it, without corrections.")] = False
) -> Record:
    """The whole record: text, pages, findings."""
    found = documents.document(corpus, document_id)
    return found.parsed if parsed else found.record


@router.get("/documents/{document_id}/citations", tags=["citations"])
def cites(corpus: ReadCorpus, document_id: DocumentId) -> list[Cites]:
    """What the document cites, by relation."""
    return [Cites(link, cited) for link, cited in citations.cites(corpus, document_id)]


@router.get("/documents/{document_id}/cited-by", tags=["citations"])
def cited_by(corpus: ReadCorpus, document_id: DocumentId, limit: Limit = 50, offset: Offset = 0) -> list[CitedBy]:
    """What cites the document, newest first."""
    return [CitedBy(link, line) for link, line in citations.cited_by(corpus, document_id, limit=limit, offset=offset)]


@router.get("/documents/{document_id}/similar", tags=["documents"])
def similar(corpus: ReadCorpus, document_id: DocumentId, limit: Limit = 10) -> list[Similar]:
    """Documents that share most of the text of this one."""
    return [Similar(line, share) for line, share in passages.similar(corpus, document_id, limit=limit)]


@router.get("/documents/{document_id}/compare/{other_id}", tags=["documents"])
def compare(corpus: ReadCorpus, document_id: DocumentId, other_id: DocumentId) -> passages.Comparison:
    """Paragraph by paragraph, what the document repeats of another one."""
    return passages.compare(corpus, document_id, other_id)


@router.get("/graph/{document_id}", tags=["citations"])
def graph(corpus: ReadCorpus, document_id: DocumentId, depth: Steps = 1, limit: Limit = 60) -> graphs.Graph:
    """The document with what it cites and what cites it."""
    return graphs.neighbourhood(corpus, document_id, depth=depth, limit=limit)


@router.get("/graph/{document_id}/chain", tags=["citations"])
def chain(corpus: ReadCorpus, document_id: DocumentId, relation: Relation = "basis", depth: Steps = 4) -> graphs.Graph:
    """The basis of the basis and so on, or another relation."""
    return graphs.chains(corpus, document_id, relation=relation, depth=depth)


@router.get("/documents/{document_id}/corrections", tags=["review"])
def corrections(corpus: ReadCorpus, document_id: DocumentId) -> tuple[Correction, ...]:
    """All corrections of the document, withdrawn ones too."""
    return review.corrections_of(corpus, document_id)


@router.post("/documents/{document_id}/corrections", tags=["review"], status_code=201)
def correct(corpus: WriteCorpus, reviewer: Reviewer, document_id: DocumentId, wanted: NewCorrection) -> Correction:
    """Correct a value of the document."""
    given = wanted.model_dump(exclude={"kind", "action"}, exclude_unset=True)
    return review.correct(corpus, document_id, wanted.kind, wanted.action, author=reviewer.name, **given)


@router.delete("/documents/{document_id}/corrections/{correction_id}", tags=["review"])
def withdraw(corpus: WriteCorpus, reviewer: Reviewer, document_id: DocumentId, correction_id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> Correction:
    """Take a correction back; it stays in the list."""
    if all(correction.id != correction_id for correction in review.corrections_of(corpus, document_id)):
        raise MissingEntry(f"correction {correction_id}", "is not one of this document")
    return review.withdraw(corpus, correction_id, author=reviewer.name)


@router.post("/parse", tags=["parser"])
def parse(request: Request, file: UploadFile) -> Record:
    """The record of a file (PDF, DOCX, DOC, plain text), which is not stored."""
    parsed: Record = request.app.state.uploads.parse(file.file.read(), file.filename or "")
    return parsed
