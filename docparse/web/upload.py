"""Trying the parser on an uploaded file: in a process of its own with limits, and nothing of it stays."""

from __future__ import annotations

import re
import tempfile
import threading
from functools import partial
from pathlib import Path

from docparse.errors import EmptyFile, UnsupportedFile, printable
from docparse.ingest.pool import Done, Lost, Pool
from docparse.read import media_type
from docparse.record import Record
from docparse.settings import Settings
from docparse.web.errors import STATUSES, Refused
from docparse.web.settings import WebSettings
from docparse.web.upload_work import Refusal, Upload, UploadParser

PAGES = 300
CHARACTERS = 2_000_000
NAME_CHARACTERS = 150
FOLDER = re.compile(r".*[/\\]", re.DOTALL)
ELSEWHERE = "Parse it with docparse parse on your own machine."
LOST = {
    "timeout": ("upload_time", "takes too long to parse here", ELSEWHERE),
    "memory": ("upload_memory", "needs too much memory to parse here", ELSEWHERE),
    "crash": ("upload_crash", "cannot be parsed", "Please report this with the file."),
}


class Uploads:
    """Parses uploads, a few at a time."""

    def __init__(self, settings: WebSettings, parser: Settings | None = None) -> None:
        self._settings = settings
        limits = {"max_bytes": settings.max_upload_bytes, "max_pages": PAGES, "max_characters": CHARACTERS, "ocr_jobs": 1, "allow_network": False}
        self._parser = (parser or Settings()).model_copy(update=limits)
        self._room = threading.BoundedSemaphore(settings.uploads_at_once)

    def parse(self, data: bytes, filename: str) -> Record:
        """The record of a file. Raises Refused where it is no document, is too large, takes too much, or where there is no room."""
        filename = tidy(filename)
        if len(data) > self._settings.max_upload_bytes:
            raise Refused(413, "too_large", f"{filename}: is larger than {self._settings.max_upload_bytes:,} bytes.")
        if not data:
            raise Refused.of(EmptyFile(filename))
        if media_type(data) is None:
            raise Refused.of(UnsupportedFile(filename))
        if not self._room.acquire(blocking=False):
            raise Refused(503, "busy", "Other files are being parsed.", "Try again in a minute.", headers={"Retry-After": "60"})
        try:
            with tempfile.TemporaryDirectory(prefix="docparse-upload-", ignore_cleanup_errors=True) as folder:
                path = Path(folder) / "document"
                path.write_bytes(data)
                return self._parse(Upload(path, filename))
        finally:
            self._room.release()

    def _parse(self, task: Upload) -> Record:
        make, settings = partial(UploadParser, self._parser), self._settings
        preload = ("docparse.web.upload_work",)
        with Pool(make, workers=1, timeout=settings.upload_seconds, memory=settings.upload_memory, preload=preload) as pool:
            pool.submit(task)
            while pool.running:
                for end in pool.wait(1.0):
                    return _record(end)
        raise AssertionError("a task ends, or is lost")


def _record(end: Done | Lost) -> Record:
    if isinstance(end, Lost):
        code, reason, hint = LOST[end.reason]
        raise Refused(422, code, f"{end.task.filename}: {reason}.", hint)
    if isinstance(end.result, Refusal):
        raise Refused(STATUSES.get(end.result.code, 422), end.result.code, end.result.message, end.result.hint)
    record: Record = end.result
    return record


def tidy(filename: str) -> str:
    r"""A name for messages and the record: without folders and control characters, not long. No file gets it.

    >>> tidy("../../etc/passwd"), tidy("C:\\ke hoach\\47.pdf"), tidy("")
    ('passwd', '47.pdf', 'document')
    """
    return printable(FOLDER.sub("", filename))[-NAME_CHARACTERS:] or "document"
