"""Which docparse parsed a document: its version with a digest of its code, its rules and the settings that change records."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from docparse import __version__
from docparse.settings import Settings

PACKAGE = Path(__file__).parent
PARTS = ("record.py", "text.py", "words.py", "pipeline.py", "read", "find", "lexicon", "model")
SETTINGS = {"model", "max_pages", "max_characters", "ocr", "ocr_engine", "trust_roots", "allow_network"}


def parser_version(settings: Settings) -> str:
    """The identity of the parser, equal for those that give equal records.

    >>> parser_version(Settings()) == parser_version(Settings()) != parser_version(Settings(ocr=False))
    True
    """
    chosen = settings.model_dump_json(include=SETTINGS)
    return f"{__version__}+{hashlib.sha256((_code() + _model(settings) + chosen).encode()).hexdigest()[:12]}"


def _model(settings: Settings) -> str:
    if settings.model == "off":
        return ""
    from docparse.model.load import model_digest

    return model_digest(settings.model)


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for part in PARTS:
        path = PACKAGE / part
        for file in sorted(path.rglob("*.*")) if path.is_dir() else [path]:
            if file.suffix in {".py", ".toml", ".csv"}:
                digest.update(f"{file.relative_to(PACKAGE)}\n".encode() + file.read_bytes())
    return digest.hexdigest()
