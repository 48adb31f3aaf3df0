"""Options that the commands for researchers share, and which documents they choose."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Annotated, Any

import typer


class Form(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


Formatted = Annotated[
    Form | None,
    typer.Option("--format", "-f", help="Default: table on a terminal, json (one document) elsewhere.", show_default=False),
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="Rows on a page.")]
Page = Annotated[int, typer.Option("--page", min=1, help="Which page.")]
Asked = dict[str, Any]


def _several(option: str, text: str) -> Any:
    return Annotated[list[str] | None, typer.Option(option, metavar="TEXT", help=text, show_default=False)]


def _day(option: str, text: str) -> Any:
    return Annotated[str | None, typer.Option(option, metavar="DAY", help=text, show_default=False)]


CHOICES: dict[str, Any] = {
    "doc_type": _several("--type", "Kind of document: 'kế hoạch', ke hoach or KH. This and the others can be given several times."),
    "issuer": _several("--issuer", "Words of the issuer's name, or its id."),
    "level": _several("--level", "Of the issuer: central, provincial, district or commune."),
    "province": _several("--province", "Name or id of the province it comes from."),
    "year": _several("--year", "Year of issue."),
    "cited": _several("--cited", "Number or key of a document that it cites."),
    "lead": _several("--lead", "Words of the name of who leads a task in it."),
    "status": _several("--status", "It has tasks of this status: assigned or planned."),
    "origin": _several("--origin", "Of its text: text_layer, ocr, mixed, markup or plain."),
    "first_day": _day("--from", "Issued on this day or later: 2024-03-15 or 15/3/2024."),
    "last_day": _day("--to", "Issued on this day or earlier."),
}


def choosing_documents(*, without: tuple[str, ...] = ()) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command the options that choose documents; it gets them as `asked`, for `docparse.choose`."""
    names = [name for name in CHOICES if name not in without]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(command, eval_str=True)

        @wraps(command)
        def with_choices(**values: Any) -> None:
            given = {name: values.pop(name) for name in names}
            command(**values, asked={name: value for name, value in given.items() if value})

        kept = [parameter for name, parameter in own.parameters.items() if name != "asked"]
        added = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=CHOICES[name]) for name in names]
        with_choices.__signature__ = own.replace(parameters=[*kept, *added])  # type: ignore[attr-defined]
        return with_choices

    return decorate
