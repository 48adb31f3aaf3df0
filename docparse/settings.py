"""Settings: frozen, passed to what needs them, never global. Environment variables `DOCPARSE_<NAME>` override the defaults."""

from __future__ import annotations

from pydantic import Field
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
