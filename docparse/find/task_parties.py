"""Who writes a document and to whom, as the leads of tasks that name nobody."""

from __future__ import annotations

import re

from docparse.find.task_actors import ActorReader
from docparse.record import Header
from docparse.words import old_tone

HYPHEN = re.compile(r"\s*-\s*")


class Parties:
    """The issuer and the addressees of a letterhead.

    >>> parties = Parties(Header(issuer="Ủy ban nhân dân tỉnh Sơn Hà", addressees=("Sở Y tế, Sở Nội vụ",)))
    >>> parties.are_issuer(("UBND tỉnh",)), parties.known(("Quý cơ quan",))
    (True, ('Sở Y tế', 'Sở Nội vụ'))
    """

    def __init__(self, header: Header) -> None:
        self._header = header

    def are_issuer(self, names: tuple[str, ...]) -> bool:
        """Whether `names` is the issuer alone, by its whole name or its beginning."""
        if len(names) != 1 or not self._header.issuer:
            return False
        name, issuer = (HYPHEN.sub("-", old_tone(value).replace("ủy ban nhân dân", "ubnd")) for value in (names[0], self._header.issuer))
        return (name.startswith(issuer) or issuer.startswith(name)) and len(name.split()) > 1

    def known(self, leads: tuple[str, ...]) -> tuple[str, ...]:
        """`leads`, or the addressees where they are only called `Quý cơ quan`."""
        polite = len(leads) == 1 and leads[0].lower().startswith("quý ")
        return (self.addressees() or leads) if polite else leads

    def addressees(self) -> tuple[str, ...]:
        """The addressees as actors, lists expanded."""
        names: list[str] = []
        for addressee in self._header.addressees:
            actors = ActorReader(addressee, ()).read(0, len(addressee))
            names += actors.names if actors and actors.end >= len(addressee) - 1 else (addressee,)
        return tuple(dict.fromkeys(names))
