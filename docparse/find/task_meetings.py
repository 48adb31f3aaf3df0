"""The body that a notice of conclusions is about: the one that the meeting was held with."""

from __future__ import annotations

import re

from docparse.find.task_actors import ActorReader
from docparse.find.task_names import TERRITORY
from docparse.find.task_words import UPPER, role
from docparse.words import old_tone

PLACE = re.compile(rf"(?P<unit>(?i:{TERRITORY}))(?: [{UPPER}]\w*){{1,4}}")


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
    place = PLACE.match(title, met.end())
    if place:
        short = place["unit"].capitalize()
        called = (match.start() for match in re.finditer(rf"(?<=\w ){short}(?!\w)(?! [{UPPER}])", content))
        return (short,) if any(content[start - 2].islower() for start in called) else (place[0],)
    actors = ActorReader(title, ()).read(met.end(), len(title))
    return actors.names if actors else ()
