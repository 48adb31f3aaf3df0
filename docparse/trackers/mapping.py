"""The file that says which trackers there are and whose tasks go where (`trackers.toml`).

```toml
site = "https://van-ban.example.vn"        # where docparse serve answers; links lead there

[targets.theo-doi]                         # docparse tasks push --to theo-doi
kind = "redmine"
url = "https://redmine.example.vn"
project = "chung"                          # for tasks of agencies that are not listed

[targets.theo-doi.agencies]
"Sở Tài chính" = { project = "so-tai-chinh", assignee = "an.nguyen" }
```

Passwords and tokens are not in it: `docparse.trackers.secrets`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from docparse.errors import TrackerError
from docparse.words import lower, old_tone, squeeze

Kind = Literal["caldav", "redmine", "jira", "gitlab", "github", "openproject", "webhook"]
Chosen = TypeVar("Chosen", bound="Part")
PLACE = AliasChoices("place", "project", "calendar", "repository")


class Part(BaseModel):
    """A part of the file; a name that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Assignment(Part):
    """Where the tasks of an agency go: a project (calendar, repository) and who gets them, as the tracker names people."""

    place: str | None = Field(default=None, min_length=1, validation_alias=PLACE)
    assignee: str | None = None


class TargetSettings(Part):
    """A tracker. What is particular to a kind stands in `options`, which its module reads.

    `seconds`: time-out of a request; `per_second`: most requests in a second; `min_confidence`: tasks below it go to the review list;
    `template`: a Jinja file for the notes; `parents`: an item for each document above its tasks.
    """

    kind: Kind
    url: str
    user: str | None = None
    place: str | None = Field(default=None, min_length=1, validation_alias=PLACE)
    agencies: dict[str, Assignment] = {}
    options: dict[str, str | int | bool | dict[str, str]] = {}
    seconds: float = Field(default=30.0, gt=0, le=600)
    per_second: float = Field(default=20.0, gt=0, le=1000)
    min_confidence: float = Field(default=0.7, ge=0, le=1)
    template: Path | None = None
    parents: bool = True
    plain_http: bool = False

    def assignment(self, names: Iterable[str]) -> Assignment | None:
        """Where the tasks of an agency go that has these names (its id, its full name, as written), the most exact first."""
        listed = {_plain(name): found for name, found in self.agencies.items()}
        return next((listed[plain] for plain in map(_plain, names) if plain in listed), None)


class Trackers(Part):
    """The whole file."""

    site: str | None = None
    targets: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")], TargetSettings] = {}


def _plain(name: str) -> str:
    return lower(old_tone(squeeze(name)))


def read_trackers(path: Path) -> Trackers:
    """The file of trackers. Raises TrackerError with what is wrong in it."""
    hint = "docs/trackers.md says what stands in it."
    try:
        found = Trackers.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise TrackerError(str(path), f"cannot be opened ({error.strerror})", hint=f"It names the trackers; {hint}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TrackerError(str(path), f"is no TOML file ({error})", hint=hint) from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, row['loc']))}: {row['msg']}" for row in error.errors())
        raise TrackerError(str(path), f"describes trackers wrongly ({problems})", hint=hint) from error
    return found.model_copy(update={"targets": {name: _anchored(target, path) for name, target in found.targets.items()}})


def _anchored(target: TargetSettings, path: Path) -> TargetSettings:
    """A template is named relative to the file that names it."""
    return target.model_copy(update={"template": path.parent / target.template}) if target.template else target


def find_target(trackers: Trackers, name: str, path: Path) -> TargetSettings:
    """The target of a name. Raises TrackerError with the names that there are."""
    if name not in trackers.targets:
        there = ", ".join(trackers.targets) or "none"
        raise TrackerError(name, f"is no target in {path} (there: {there})", hint="docs/trackers.md says how to add one.")
    return trackers.targets[name]


def options_of(model: type[Chosen], name: str, settings: TargetSettings) -> Chosen:
    """The options of a kind of tracker. Raises TrackerError with what is wrong and what there is."""
    try:
        return model.model_validate(settings.options)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, row['loc']))}: {row['msg']}" for row in error.errors())
        there = ", ".join(model.model_fields) or "none"
        raise TrackerError(name, f"has wrong options ({wrong})", hint=f"{settings.kind} knows these: {there}.") from error
