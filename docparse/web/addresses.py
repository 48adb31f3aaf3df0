"""Addresses inside the site: the one of a request with values added, taken away or set."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.requests import Request

OF_THE_READER = {"lang", "theme"}  # kept in cookies, so they leave the address
OF_A_PAGE = {"offset"}  # other values begin again with the first page


@dataclass(frozen=True, slots=True)
class Address:
    """A path with its values in their order.

    >>> Address("/", (("q", "vốn"), ("year", "2024"))).without("year", "2024")
    '/?q=v%E1%BB%91n'
    """

    path: str
    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, request: Request) -> Address:
        """The address of a request, without empty values."""
        values = request.query_params.multi_items()
        return cls(quote(request.url.path), tuple((name, value) for name, value in values if value and name not in OF_THE_READER))

    def __str__(self) -> str:
        return self._to(list(self.values))

    def has(self, name: str, value: object) -> bool:
        """Whether a value is among those of a name."""
        return (name, str(value)) in self.values

    def plus(self, name: str, value: object) -> str:
        """The address with one more value."""
        return self._to([*self._first_page(), (name, str(value))])

    def without(self, name: str, value: object = None) -> str:
        """The address without a value of a name, or without the name."""
        return self._to([(key, held) for key, held in self._first_page() if key != name or (value is not None and held != str(value))])

    def set(self, path: str = "", **values: object) -> str:
        """The address with each of these names having one value (None, empty or False: no value), on another path if one is given."""
        kept = [(name, held) for name, held in (self.values if OF_A_PAGE & set(values) else self._first_page()) if name not in values]
        return self._to(kept + [(name, str(value)) for name, value in values.items() if value not in (None, "", False)], path or self.path)

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """The values for the hidden fields of a form, without those that the form asks for."""
        return [(name, value) for name, value in self._first_page() if name not in without]

    def _first_page(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.values if name not in OF_A_PAGE]

    def _to(self, values: list[tuple[str, str]], path: str = "") -> str:
        return (path or self.path) + (f"?{urlencode(values)}" if values else "")
