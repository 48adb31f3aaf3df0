"""Where a task stands, as people say it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from docparse.query.tasks import TaskLine


def place_in_words(line: TaskLine) -> str:
    """Section and page of a task.

    >>> place_in_words(line)  # doctest: +SKIP
    'mục II.3.a, trang 4'
    """
    return ", ".join(filter(None, (section_in_words(line.section), f"trang {line.page}")))


def section_in_words(path: Sequence[str]) -> str:
    """The address of a section, its labels given from the outermost; one that the next repeats is left out.

    >>> section_in_words(("II", "2", "2.1", "a")), section_in_words(("Điều 5", "1", "a")), section_in_words(("Điều 1", "III", "2"))
    ('mục II.2.1.a', 'Điều 5, khoản 1, điểm a', 'Điều 1, mục III.2')
    """
    labels = [label for label, following in pairwise([*path, ""]) if not following.startswith(f"{label}.")]
    named, rest = [label for label in labels if " " in label], [label for label in labels if " " not in label]
    if named and named[-1].startswith("Điều") and rest and rest[0].isdigit():
        return ", ".join([*named, f"khoản {rest[0]}", *(f"điểm {label}" for label in rest[1:])])
    return ", ".join([*named, f"mục {'.'.join(rest)}"] if rest else named)
