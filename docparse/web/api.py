"""The JSON API: the questions of `docparse.query` over HTTP, described by OpenAPI at /api/v1/openapi.json."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from docparse.web import api_documents, api_questions

DESCRIPTION = """Search, read and compare the documents of a corpus.

Reading needs nothing, or an account where the site is so set; correcting needs an API token of a reviewer: `Authorization: Bearer …`
(`docparse account token add` makes one). Errors are JSON: a stable `code`, a `message`, a `hint` what to do next."""


class Error(BaseModel):
    """What an answer with a status of 400 and above holds."""

    code: str = Field(description="stable")
    message: str = Field(description="for people")
    hint: str = Field(description="what to do next; may be empty")


ANSWERS = {
    400: "The request cannot be understood: the search, the address.",
    401: "An account is needed, or the API token has ended.",
    403: "The role does not suffice, or the request comes from another site.",
    404: "There is no such entry.",
    408: "The request took too long to arrive.",
    409: "Somebody else is changing the same thing now.",
    413: "The request is too large.",
    414: "The address is too long.",
    415: "The file is not of a type that docparse reads.",
    422: "A parameter is out of bounds, or the file or correction does not fit.",
    429: "Too many tries.",
    503: "It took too long, or there is no room now.",
}
RESPONSES: dict[int | str, dict[str, Any]] = {status: {"model": Error, "description": told} for status, told in ANSWERS.items()}

router = APIRouter(prefix="/api/v1", responses=RESPONSES)
router.include_router(api_questions.router)
router.include_router(api_documents.router)
