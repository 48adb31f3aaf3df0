"""Where the pipeline is and how it is loaded: once in a process, on one thread, and only where spaCy is installed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docparse.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language

    from docparse.find.blocks import Block
    from docparse.model.combine import Combination

NAME = "vi_docparse_sm"
OFF, AUTO = "off", "auto"
PACKAGE = Path(__file__).parent.parent
PLACES = (PACKAGE / "models" / NAME, PACKAGE.parent / "models" / NAME)
COMBINATION = "combination.json"


@dataclass(frozen=True)
class Model:
    """A loaded pipeline, and how its findings are joined with those of the rules: thresholds and calibration from `combination.json`."""

    nlp: Language
    combination: dict[str, Any]

    def look(self, content: str, blocks: Sequence[Block]) -> Combination:
        """What the model sees in a text with its paragraphs."""
        from docparse.model.combine import Combination

        return Combination.of(self, content, blocks)


def find_model(choice: str) -> Path | None:
    """The folder of the pipeline that a setting means; None where it is off, or `auto` and there is no pipeline or no spaCy.

    Raises ModelError for a folder that holds no pipeline.

    >>> find_model("off") is None
    True
    """
    if choice == OFF:
        return None
    if choice == AUTO:
        return next((place for place in PLACES if (place / "config.cfg").is_file()), None) if find_spec("spacy") else None
    folder = Path(choice)
    if not (folder / "config.cfg").is_file():
        raise ModelError(choice, "holds no pipeline (config.cfg)")
    if not find_spec("spacy"):
        raise ModelError(choice, "needs spaCy")
    return folder


def load_model(choice: str) -> Model | None:
    """The model that a setting means, None where the rules are to work alone. Raises ModelError where it cannot be loaded."""
    folder = find_model(choice)
    return _loaded(folder.resolve()) if folder else None


@cache
def _loaded(folder: Path) -> Model:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        import spacy

        import docparse.model.names
        import docparse.model.syllables
        import docparse.model.units  # noqa: F401  (they register what the config names)

        nlp = spacy.load(folder)
        combination = json.loads((folder / COMBINATION).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ModelError(str(folder), f"cannot be loaded ({type(error).__name__}: {error})") from error
    return Model(nlp, combination)


@cache
def model_digest(choice: str) -> str:
    """A digest of the files of the model, empty where the rules work alone; part of the identity of the parser."""
    folder = find_model(choice)
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")) if folder else ():
        if file.is_file() and file.suffix != ".md":
            digest.update(f"{file.relative_to(folder)}\n".encode() + file.read_bytes())  # type: ignore[arg-type]
    return digest.hexdigest() if folder else ""
