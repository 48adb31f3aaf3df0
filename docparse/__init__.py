"""Vietnamese administrative documents into structured records.

    record = docparse.parse("119-KH-BDT.pdf")
    record.header.number, record.tasks[0].leads

    corpus = docparse.open_corpus("corpus.db")
    corpus.search("phan bo von").hits[0].document.title

Importing the package loads nothing heavy: names are looked up when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docparse.pipeline import parse_file as parse
    from docparse.record import Record
    from docparse.research import open_corpus
    from docparse.settings import Settings

__all__ = ["Record", "Settings", "__version__", "open_corpus", "parse"]
__version__ = "0.1.0"

_HOMES = {
    "parse": ("docparse.pipeline", "parse_file"),
    "open_corpus": ("docparse.research", "open_corpus"),
    "Record": ("docparse.record", "Record"),
    "Settings": ("docparse.settings", "Settings"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'docparse' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
