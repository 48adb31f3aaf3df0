"""The body that a notice of conclusions is about: the one that the meeting was held with."""

from __future__ import annotations

from docparse.find.task_actors import ActorReader
from docparse.find.task_charges import role
from docparse.find.words import old_tone


def met_body(title: str) -> tuple[str, ...]:
    """The body that a meeting was held with, by the title of the notice: its tasks are for this body where nobody else is named.

    >>> met_body("Kết luận của Chủ tịch UBND tỉnh tại buổi làm việc với lãnh đạo huyện Sơn Hà về đầu tư công")
    ('huyện Sơn Hà',)
    """
    low = old_tone(title)
    met = role("met")[0].regex.search(low)
    if met is None:
        return ()
    place = role("met_place")[0].regex.match(title, met.end())
    if place:
        return (place[0],)
    actors = ActorReader(title, ()).read(met.end(), len(title))
    return actors.names if actors else ()
