"""One tree of exceptions. Each says what is wrong with which file and what to do next; third-party errors are mapped here by readers."""

from __future__ import annotations

import re

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    r"""A text with its control characters escaped: names of files are not to command the terminal.

    >>> printable("\x1b[2Jkế hoạch")
    '\\x1b[2Jkế hoạch'
    """
    return CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


class DocparseError(Exception):
    """Base of all errors that docparse raises on purpose.

    `code` is stable, `exit_status` is what the command line ends with, `hint` says what to do next.

    >>> str(EncryptedFile("a.pdf"))
    'a.pdf: is encrypted. Remove the password (for example with qpdf --decrypt) and parse the copy.'
    """

    code = "error"
    exit_status = 1
    reason = "cannot be parsed"
    hint = ""

    def __init__(self, filename: str, reason: str | None = None, *, hint: str | None = None) -> None:
        self.filename = filename
        self.reason = reason or self.reason
        self.hint = self.hint if hint is None else hint
        super().__init__(f"{filename}: {self.reason}." + (f" {self.hint}" if self.hint else ""))


class MissingFile(DocparseError):
    """The path does not exist or cannot be opened."""

    code, exit_status = "missing_file", 3
    reason, hint = "cannot be opened", "Check the path and the permissions."


class EmptyFile(DocparseError):
    """The file has no bytes or no text at all."""

    code, exit_status = "empty_file", 4
    reason, hint = "is empty", "Ask the sender for the file again."


class EncryptedFile(DocparseError):
    """The file needs a password."""

    code, exit_status = "encrypted", 5
    reason, hint = "is encrypted", "Remove the password (for example with qpdf --decrypt) and parse the copy."


class DamagedFile(DocparseError):
    """The file is of a known format but its structure is broken."""

    code, exit_status = "damaged", 6
    reason, hint = "is damaged", "Open it in a viewer and save it again, or ask the sender for the file again."


class UnsupportedFile(DocparseError):
    """The bytes are no document that docparse reads."""

    code, exit_status = "unsupported", 7
    reason, hint = "is not a document that docparse reads", "Give a PDF, DOCX, DOC or plain text file."


class FileTooLarge(DocparseError):
    """The file is over a limit in `Settings`."""

    code, exit_status = "too_large", 8
    reason, hint = "is over the size limit", "Raise the limit in the settings (DOCPARSE_MAX_BYTES, DOCPARSE_MAX_PAGES) or split the file."


class MissingTool(DocparseError):
    """The format needs a program that is not installed."""

    code, exit_status = "missing_tool", 9
    reason, hint = "needs a program that is not installed", ""


class LexiconError(DocparseError):
    """A lexicon file is wrong; only people who edit the lexicon see this."""

    code, exit_status = "lexicon", 10
    reason = "is not a valid lexicon file"


class GoldError(DocparseError):
    """A gold file does not have the form that docs/annotation.md defines, or its document is missing."""

    code, exit_status = "gold", 11
    reason, hint = "is no valid gold file", "docs/annotation.md says what a gold file holds."


class OutputError(DocparseError):
    """A record cannot be written where it should go."""

    code, exit_status = "output", 12
    reason, hint = "exists already", "Give --overwrite or another --output folder."


class SettingsError(DocparseError):
    """A setting in the environment has a value that it cannot have."""

    code, exit_status = "settings", 2
    reason, hint = "has wrong settings", "docparse/settings.py lists them with their bounds."


class CorpusError(DocparseError):
    """The corpus cannot be opened, read or written."""

    code, exit_status = "corpus", 13
    reason, hint = "cannot be used as a corpus", "Check the path or URL, the permissions and free space."


class QueryError(DocparseError):
    """A search cannot be read, or takes too long."""

    code, exit_status = "query", 2
    reason, hint = "cannot be searched for", "docs/research.md says how a search is written."


class MissingEntry(DocparseError):
    """The corpus has no document or agency of this name, or several."""

    code, exit_status = "missing_entry", 14
    reason, hint = "is not in the corpus", "docparse search finds what is."


class CorrectionError(DocparseError):
    """A correction does not fit what it is to correct."""

    code, exit_status = "correction", 2
    reason, hint = "cannot be corrected so", ""


class AccountError(DocparseError):
    """An account cannot be made, changed or found."""

    code, exit_status = "account", 2
    reason, hint = "cannot be used as an account", ""


class TrackerError(DocparseError):
    """A tracker cannot be reached, refuses, or is described wrongly."""

    code, exit_status = "tracker", 15
    reason, hint = "cannot be used", "Nothing is lost; the same command goes on where it stopped."


class ModelError(DocparseError):
    """The trained pipeline that the settings name is not there or cannot be loaded."""

    code, exit_status = "model", 16
    reason, hint = "is no pipeline", "Unset DOCPARSE_MODEL (or give --no-model) to parse with the rules alone."
