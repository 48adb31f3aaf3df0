"""The body that a notice of conclusions is about: the one that the meeting was held with."""

from __future__ import annotations

import re

from docparse.find.task_actors import ActorReader
from docparse.find.task_charges import role
from docparse.find.words import old_tone


def met_body(title: str, content: str) -> tuple[str, ...]:
    """The body that a meeting was held with, by the title of the notice: its tasks are for this body where nobody else is named.

    A territory is called as in `content`, the text of the notice: `Tỉnh` where that stands for its name.

    >>> title = "Kết luận của Chủ tịch UBND tỉnh tại buổi làm việc với lãnh đạo huyện Sơn Hà về đầu tư công"
    >>> met_body(title, "1. Rà soát quy hoạch"), met_body(title, "1. Rà soát quy hoạch của Huyện.")
    (('huyện Sơn Hà',), ('Huyện',))
    """
    low = old_tone(title)
    met = role("met")[0].regex.search(low)
    if met is None:
        return ()
    place = role("met_place")[0].regex.match(title, met.end())
    if place:
        short = place["unit"].capitalize()
        return (short,) if re.search(rf"\b[a-zà-ỹđ]+ {short}\b(?! [^\W\d_a-zà-ỹđ])", content) else (place[0],)
    actors = ActorReader(title, ()).read(met.end(), len(title))
    return actors.names if actors else ()
