"""Settings: frozen, passed to what needs them, never global. Environment variables `DOCPARSE_<NAME>` override the defaults."""

from __future__ import annotations

import os

from pydantic import DirectoryPath, Field, FilePath
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Limits that protect the process, with their environment variables.

    >>> Settings(max_pages=10).max_pages
    10
    """

    model_config = SettingsConfigDict(env_prefix="DOCPARSE_", frozen=True)

    max_bytes: int = Field(default=200_000_000, gt=0, description="largest file that is read, in bytes")
    max_pages: int = Field(default=5_000, gt=0, description="most pages of one document")
    max_characters: int = Field(default=20_000_000, gt=0, description="longest reading text of one document, in code points")
    convert_seconds: float = Field(default=60.0, gt=0, description="time-out for the conversion of a .doc file, in seconds")
    ocr: bool = Field(default=True, description="are pages without usable text recognised")
    ocr_engine: str = Field(default="tesseract", description="the recogniser, by the name of its entry point in docparse.ocr_engines")
    ocr_jobs: int = Field(default_factory=lambda: os.cpu_count() or 1, gt=0, description="pages of a document that are recognised at a time")
    ocr_seconds: float = Field(default=120.0, gt=0, description="time-out for the recognition of a page, in seconds")
    trust_roots: FilePath | DirectoryPath | None = Field(
        default=None, description="root certificates (PEM or DER) that signatures are checked against: a file, or a folder of .pem, .crt, .cer, .der"
    )
    allow_network: bool = Field(default=False, description="may certificates be fetched and asked for at their issuers whether they are revoked")
    model: str = Field(
        default="off",
        description="the trained pipeline: off (on our gold the rules alone find as much, and faster), auto (the one that comes with docparse, where "
        "spaCy is installed), or a folder",
    )
