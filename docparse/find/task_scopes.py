"""Which actor the items of a passage stand under: assignee headings, lead-in sentences, parts of plans and reports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from docparse.find.task_items import Item
from docparse.find.task_words import role

SAME = "task.scope.same"
Kind = Literal["assign", "open", "plan", "none", "aims", "telling", "proposal", "rules"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a heading or lead-in says about the items after it that stand deeper than `level` (or as deep, if `inclusive`).

    `powers` says that the items tell what somebody may ask of others, too.
    """

    level: int
    kind: Kind
    leads: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    inclusive: bool = False
    subject: str | None = None
    rule: str = "task.scope"
    powers: bool = False


class Scopes:
    """The scopes that are open at an item, innermost last."""

    def __init__(self) -> None:
        self._open: list[Scope] = []

    def enter(self, item: Item) -> None:
        """Close the scopes that `item` stands outside of."""
        self._open = [scope for scope in self._open if scope.level < item.level or (scope.inclusive and scope.level == item.level)]

    def turn(self) -> None:
        """Close the scopes that only go on from a paragraph to those after it: another topic begins."""
        self._open = [scope for scope in self._open if scope.rule != SAME or not scope.inclusive]

    def clear(self) -> None:
        """Close all scopes: another document begins."""
        self._open = []

    def push(self, scope: Scope) -> None:
        """Open `scope`, in place of those as deep."""
        self._open = [open_ for open_ in self._open if open_.level < scope.level] + [scope]

    def grant(self, level: int) -> None:
        """Note that the heading at `level` is about powers."""
        if not self._open or self._open[-1].level != level:
            self.push(Scope(level, "open"))
        self._open[-1] = replace(self._open[-1], powers=True)

    def powers(self) -> bool:
        """Whether a heading about powers is open."""
        return any(scope.powers for scope in self._open)

    def charged(self) -> Scope | None:
        """The innermost scope that names who is charged, unless the passage between tells how matters stand."""
        for scope in reversed(self._open):
            if scope.leads:
                return scope
            if scope.kind in ("none", "aims", "telling"):
                return None
        return None

    def rules(self) -> bool:
        """Whether a heading is open under which all items are rules."""
        return any(scope.kind == "rules" for scope in self._open)

    def kind(self) -> Kind | None:
        """What the innermost heading makes of the passage; None outside of all scopes."""
        return next((scope.kind for scope in reversed(self._open)), None)


def heading_kind(heading: str) -> Kind | None:
    """What a section is about, by its heading in lower case: the earliest word that tells.

    >>> heading_kind("mục đích, yêu cầu"), heading_kind("phương hướng, nhiệm vụ tháng 3"), heading_kind("về nhà ở")
    ('aims', 'plan', None)
    """
    kinds: tuple[Kind, ...] = ("rules", "telling", "aims", "none", "proposal", "plan")
    matches = [(match.start(), order, kind) for order, kind in enumerate(kinds) for rule in role(kind) if (match := rule.regex.search(heading))]
    return min(matches)[2] if matches else None
