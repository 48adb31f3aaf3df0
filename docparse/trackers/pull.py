"""What became of tasks, from the tracker back into the corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docparse.store.corpus import Corpus
from docparse.trackers.items import Target
from docparse.trackers.ledger import Receipt, receipts_of, write
from docparse.trackers.mapping import TargetSettings
from docparse.trackers.push import hear, read_there


@dataclass(frozen=True, slots=True)
class Pulled:
    """`heard`: receipts whose progress changed; `missing`: those whose items are not in the tracker any more; `total`: all that were sent."""

    heard: Sequence[Receipt]
    missing: Sequence[Receipt]
    total: int
    readable: bool = True


def pull(corpus: Corpus, target: Target, *, name: str, settings: TargetSettings, write_down: bool = True) -> Pulled:
    """Read which tasks are open, under way, done or cancelled and since when, and keep it in the corpus, unless told not to."""
    receipts = [receipt for receipt in receipts_of(corpus, name) if receipt.state == "sent" and receipt.task_id]
    there = read_there(target, settings, receipts)
    if there is None:
        return Pulled((), (), len(receipts), readable=False)
    heard = hear(receipts, there)
    if write_down:
        write(corpus, heard)
    return Pulled(heard, [receipt for receipt in receipts if receipt.key not in there], len(receipts))
