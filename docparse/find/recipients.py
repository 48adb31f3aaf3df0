"""The list behind `Nơi nhận:`."""

from __future__ import annotations

import re

from docparse.find.sheet import fold, rules_of
from docparse.words import squeeze

BULLET = re.compile(r"\s*[-–—•+*~·»][-–—•+*~·»\s]*(?=\S)")
INLINE_BULLET = re.compile(r"(?<=[;,.])\s*[-–—•]\s+(?=\S)|(?<=[;.])\s*[-–—](?=[A-ZĐ])|(?<=[)])\s+[-–—]\s+(?=[A-ZĐ])")
TERMINATED = re.compile(r"[;.]\s*\Z")
EDGE = re.compile(r"\A[\s|_•+*–—-]+|[\s;:.,/|_*\\–-]+\Z")


class Recipients:
    """Collects the items line by line; `open` while the list can go on, `filed` once its last item (`Lưu: …`) has begun.

    >>> recipients = Recipients()
    >>> for line in ["- Như trên;", "- Các sở, ban,", "ngành;", "- Lưu: VT."]:
    ...     recipients.add(line)
    >>> recipients.items, recipients.open
    (('Như trên', 'Các sở, ban, ngành', 'Lưu: VT'), False)
    """

    def __init__(self, *, scanned: bool = False) -> None:
        """`scanned`: the list was recognised, so that bullets may be lost."""
        self._items: list[str] = []
        self._bullet = ""
        self._scanned = scanned
        self.filed = False

    @property
    def items(self) -> tuple[str, ...]:
        """The items so far, without bullets and end marks."""
        bare = (EDGE.sub("", squeeze(item)) for item in self._items)
        return tuple(item for item in bare if re.search(r"\w", item))

    @property
    def open(self) -> bool:
        """Whether the next line without a bullet can still belong to the list."""
        return not (self.filed and self.complete)

    @property
    def complete(self) -> bool:
        """Whether the last item ends with an end mark."""
        return bool(self._items and TERMINATED.search(self._items[-1]))

    def begins_item(self, printed: str) -> bool:
        """Whether a line begins a new item: by its bullet, or because it is the filing note."""
        return bool(BULLET.match(printed) or rules_of("closing")["closing.filing"].regex.match(fold(printed)))

    def goes_on(self, printed: str) -> bool:
        """Whether a line without a bullet can be the next of the list."""
        if not self._items:
            return True
        last = self._items[-1]
        if self.filed:
            return self.open and bool(
                re.search(r"[,:(&–-]\s*\Z", last) or last.count("(") > last.count(")") or printed[:1].islower() or printed[:1] in "(&"
            )
        return self.open

    def add(self, printed: str) -> None:
        """Take one line of the list."""
        for number, part in enumerate(INLINE_BULLET.split(printed)):
            mark = BULLET.match(part)
            bullet = mark[0].strip() if mark else "-" if number else ""
            text = part[mark.end() :] if mark else part
            filing = bool(rules_of("closing")["closing.filing"].regex.match(fold(text)))
            below = not filing and bool(self._items) and (self._is_lower(bullet) or self._heads_list(self._items[-1]))
            own_line = bool(self._items) and not bullet and (self._scanned or not self._bullet) and TERMINATED.search(self._items[-1])
            if not self._items or ((bullet or filing or own_line) and not below):
                self._items.append(text)
            else:
                self._items[-1] += " " + (part.strip() if self._is_lower(bullet) else text)
            self._bullet = self._bullet or bullet
            self.filed |= filing

    @staticmethod
    def _heads_list(item: str) -> bool:
        """Whether an item goes on with parts of its own (`VP UBND tỉnh:`); a colon behind a whole one was read for its semicolon."""
        folded = fold(item.rstrip())
        return folded.endswith(":") and not (folded.endswith("):") or folded.startswith("nhu "))

    def _is_lower(self, bullet: str) -> bool:
        """Whether a bullet marks a part of an item (`+` in a list of dashes)."""
        return bullet == "+" and self._bullet not in ("", "+")

    def reopen(self) -> None:
        """Go on behind the filing note: a second list with a label of its own follows."""
        self.filed = False
