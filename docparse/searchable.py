"""A searchable copy of a scan, by OCRmyPDF."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from docparse.errors import DamagedFile, DocparseError, EncryptedFile, MissingTool, OutputError, UnsupportedFile
from docparse.files import new_files
from docparse.pipeline import read_file
from docparse.read import PDF, media_type, read_bytes
from docparse.settings import Settings

INSTALL = "pip install 'docparse[searchable]'; apt-get install tesseract-ocr tesseract-ocr-vie"
ERRORS: dict[int, tuple[type[DocparseError], str]] = {
    2: (DamagedFile, "was not understood by OCRmyPDF"),
    3: (MissingTool, "needs a program that OCRmyPDF uses and that is not installed"),
    8: (EncryptedFile, "is encrypted"),
}


@dataclass(frozen=True, slots=True)
class SearchableCopy:
    """What was written: pages recognised of all; `unsigned` says that the digital signatures of the original do not hold for the copy."""

    path: Path
    pages: int
    recognised: int
    unsigned: bool


def make_searchable(source: Path, target: Path, *, settings: Settings, overwrite: bool = False) -> SearchableCopy:
    """Write a copy of a PDF in which the text of scanned pages can be searched and marked; the original is only read.

    Pages with a usable text layer stay as they are; a broken layer is replaced.
    Raises MissingFile, UnsupportedFile for what is no PDF, MissingTool, EncryptedFile, DamagedFile, OutputError.
    """
    data = read_file(source, settings)
    if media_type(data) != PDF:
        raise UnsupportedFile(str(source), "is no PDF", hint="A searchable copy is made of a PDF.")
    if target.resolve() == source.resolve():
        raise OutputError(str(target), "is the original, which is never changed", hint="Give another name for the copy.")
    if target.exists() and not overwrite:
        raise OutputError(str(target), hint="Give --overwrite or another name.")
    if importlib.util.find_spec("ocrmypdf") is None:
        raise MissingTool(str(source), "needs OCRmyPDF, which is not installed", hint=INSTALL)
    layers = read_bytes(data, filename=str(source), settings=settings.model_copy(update={"ocr": False}))
    flaws = {problem.page: problem.code for problem in layers.problems if problem.code in ("no_text_layer", "broken_text_layer")}
    mode = "--redo-ocr" if "broken_text_layer" in flaws.values() else "--skip-text"
    signed = b"/ByteRange" in data
    options = ["--language", "vie", "--output-type", "pdf", "--quiet", mode, *(["--invalidate-digital-signatures"] if signed else [])]
    limit = settings.ocr_seconds * max(len(layers.pages), 1)
    try:
        with new_files(target.parent, [target.name], overwrite=overwrite) as (part,):
            command = [sys.executable, "-m", "ocrmypdf", *options, str(source), str(part)]
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired as error:
        raise DamagedFile(str(source), f"was not recognised within {limit:g} seconds", hint="Raise DOCPARSE_OCR_SECONDS.") from error
    except subprocess.CalledProcessError as error:
        kind, reason = ERRORS.get(error.returncode, (OutputError, "was not made"))
        said = " ".join(error.stderr.split())[-300:]
        raise kind(str(source), reason, hint=f"OCRmyPDF says: {said}") from error
    return SearchableCopy(target, len(layers.pages), len(flaws), signed)
