"""Gold files: what a correct reading of a document is, as people write it down. `docs/annotation.md` defines every value."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from docparse.errors import GoldError
from docparse.record import Authority, Relation, TaskStatus


def _plain(value: str) -> str:
    if value != unicodedata.normalize("NFC", value):
        raise ValueError("is not NFC")
    if re.search(r"\s\s|[\n\t]", value):
        raise ValueError("has white space that is not folded to single spaces")
    return value


def _day(value: str) -> str:
    dt.date.fromisoformat(value)
    return value


String = Annotated[str, AfterValidator(_plain)]
Number = Annotated[str, AfterValidator(_plain), StringConstraints(pattern=r"^\S+$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$"), AfterValidator(_day)]
PartialDay = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d\d){0,2}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GoldHeader(_Strict):
    """The letterhead; every key must be there, null where the document does not say."""

    doc_type: String | None
    number: Number | None
    issuer: String | None
    parent_issuer: String | None
    place: String | None
    date: Day | None
    title: String | None
    addressees: list[String]


class GoldSigner(_Strict):
    """A person in the signature block."""

    name: String | None
    position: String | None
    authority: Authority | None
    on_behalf_of: String | None


class GoldSection(_Strict):
    """A numbered unit: `depth` from 1, `head` the first ten words after the label."""

    label: String
    depth: int = Field(ge=1)
    head: String


class GoldCitation(_Strict):
    """A mention of another document; it has a number, a title or a date."""

    text: String
    doc_type: String | None
    number: Number | None
    date: PartialDay | None
    issuer: String | None
    title: String | None
    provisions: list[dict[str, String]]
    relation: Relation

    @model_validator(mode="after")
    def _identified(self) -> Self:
        if not (self.number or self.title or self.date):
            raise ValueError("has no number, title or date")
        return self


class GoldDate(_Strict):
    """A time expression with its bounds, both inclusive."""

    text: String
    first_day: Day
    last_day: Day

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.first_day > self.last_day:
            raise ValueError("ends before it starts")
        return self


class GoldAgency(_Strict):
    """A distinct form of an organisation's name; `name` is null where it is the same."""

    text: String
    name: String | None


class GoldDeadline(_Strict):
    """The time for doing a task: days or a recurrence."""

    first_day: Day | None
    last_day: Day | None
    recurrence: String | None

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not (self.first_day or self.last_day or self.recurrence):
            raise ValueError("is empty: write null instead")
        return self


class GoldTask(_Strict):
    """Something an actor is to do; `section` holds labels from the outermost."""

    action: String
    status: TaskStatus
    leads: list[String]
    supports: list[String]
    deadline: GoldDeadline | None
    section: list[String]


class GoldDocument(_Strict):
    """One annotated document; `input` names its file."""

    id: String
    input: String
    header: GoldHeader
    signers: list[GoldSigner]
    recipients: list[String]
    sections: list[GoldSection]
    citations: list[GoldCitation]
    dates: list[GoldDate]
    agencies: list[GoldAgency]
    tasks: list[GoldTask]
    notes: String | None


def load_gold(path: Path) -> GoldDocument:
    """Read and check one gold file. Raises GoldError that lists every deviation with its place."""
    try:
        return GoldDocument.model_validate_json(path.read_bytes())
    except OSError as error:
        raise GoldError(str(path), f"cannot be read ({error.strerror})") from error
    except ValidationError as error:
        places = (f"{'.'.join(map(str, row['loc']))}: {row['msg']}" for row in error.errors(include_url=False))
        raise GoldError(str(path), f"is no valid gold file ({'; '.join(places)})") from error


def find_input(gold_file: Path, name: str) -> Path | None:
    """The document that a gold file describes: beside it, in `inputs/` below it or in `documents/` beside its folder; None if nowhere."""
    folder = gold_file.parent
    places = (folder / name, folder / "inputs" / name, folder.parent / "documents" / name)
    return next((place for place in places if place.is_file()), None)
