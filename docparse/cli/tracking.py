"""What `docparse tasks push`, `pull` and `review` print."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console, RenderableType
from rich.progress import Progress
from rich.table import Table

from docparse.cli import answers
from docparse.cli.common import complain
from docparse.cli.options import Form
from docparse.frames import Table as Rows
from docparse.trackers.ledger import Held
from docparse.trackers.plan import WHOLE, Change, Conflict
from docparse.trackers.pull import Pulled
from docparse.trackers.push import OnChange, Outcome, Planned

COLUMNS = ("change", "title", "place", "due", "assignee", "fields", "conflicts", "url", "key")
KINDS = ("create", "update", "gone", "conflict", "unchanged")
SHOWN = 200  # rows of a table
LONGEST = 60  # characters of a value in a table


def print_plan(planned: Planned, form: Form) -> None:
    """What a run would do."""
    _print(planned, form, {"counts": dict(planned.counts())})


def print_outcome(name: str, planned: Planned, outcome: Outcome, form: Form) -> None:
    """What a run did; what failed, why, and what to do on standard error."""
    failed = [{"key": change.item.key, "title": change.item.fields["title"], "error": error} for change, error in outcome.failed]
    if form is Form.TABLE:
        typer.echo(f"{name}: {_counts(outcome.done)}")
        _say_of_conflicts(planned.changes)
        _say_of_rest(planned)
    else:
        _print(planned, form, {"counts": dict(outcome.done), "failed": failed, "left": outcome.left})
    for failure in failed:
        complain(f"{failure['title']}: {failure['error']}")
    if outcome.stopped:
        complain(str(outcome.stopped))
        complain(f"{_many(outcome.left, 'change')} left; the same command goes on.")


def print_pulled(name: str, pulled: Pulled, form: Form) -> None:
    """What became of the tasks."""
    rows = [(receipt.progress, receipt.done_on, receipt.action, receipt.url) for receipt in pulled.heard]
    columns = ("progress", "done_on", "task", "url")
    if form is Form.TABLE:
        if rows:
            answers.print_table(_table("", columns, [tuple(str(value or "") for value in row) for row in rows]))
        typer.echo(f"{name}: {len(rows):,} of {_many(pulled.total, 'task')} changed")
    elif form is Form.CSV:
        answers.print_csv(Rows(columns, tuple(rows)))
    else:
        answers.print_json({"changed": Rows(columns, tuple(rows)), "missing": [receipt.action for receipt in pulled.missing], "total": pulled.total})
    if not pulled.readable:
        complain(f"{name}: cannot be read; it only gets what is sent.")
    if pulled.missing:
        complain(f"{_many(len(pulled.missing), 'item')} not there any more: somebody deleted what is missing, and it is not made again.")


def listed_held(rows: Iterable[Held]) -> RenderableType:
    """The review list."""
    columns = ("confidence", "task", "document", "page", "target")
    return _table("", columns, [(f"{row.confidence:.0%}", row.action, str(row.document_id), str(row.page), row.target) for row in rows])


@contextmanager
def progress(planned: Planned) -> Iterator[OnChange | None]:
    """A bar on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("sending", total=len(planned.changes))
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print(planned: Planned, form: Form, more: dict[str, Any]) -> None:
    changes = [change for change in planned.changes if change.kind != "unchanged"]
    if form is Form.TABLE:
        answers.print_table(*_tables(changes))
        typer.echo(_counts(planned.counts()))
        _say_of_rest(planned)
    elif form is Form.CSV:
        answers.print_csv(Rows(COLUMNS, tuple(map(_row, changes))))
    else:
        held = [receipt.action for receipt in planned.held]
        answers.print_json({"changes": Rows(COLUMNS, tuple(map(_row, changes))), "held": held, "unmapped": planned.unmapped, **more})


def _row(change: Change) -> tuple[Any, ...]:
    fields = change.item.fields
    conflicts = {conflict.field: {"sent": conflict.sent, "there": conflict.there, "here": conflict.here} for conflict in change.conflicts}
    sent = sorted(change.send or {})
    return (
        change.kind,
        fields.get("title"),
        change.item.place,
        fields.get("due"),
        fields.get("assignee"),
        sent,
        conflicts,
        change.remote.url if change.remote else None,
        change.item.key,
    )


def _tables(changes: Sequence[Change]) -> Iterator[RenderableType]:
    rows = []
    for change in changes[:SHOWN]:
        fields = change.item.fields
        what = ", ".join(sorted(change.send or {})) if change.kind == "update" else ""
        said = "\n".join(filter(None, (what, *map(_conflict, change.conflicts))))
        rows.append((change.kind, str(fields.get("title") or ""), change.item.place, str(fields.get("due") or ""), said))
    if rows:
        yield _table("", ("change", "task", "place", "due", "fields"), rows)
    if len(changes) > SHOWN:
        yield f"and {len(changes) - SHOWN:,} more; --format json has all"


def _conflict(conflict: Conflict) -> str:
    if conflict.field == WHOLE:
        return "deleted in the tracker; not made again"
    return f"{conflict.field}: there {_short(conflict.there)}, here {_short(conflict.here)}"


def _say_of_conflicts(changes: Sequence[Change]) -> None:
    if conflicting := [change for change in changes if change.conflicts]:
        answers.print_table(*_tables(conflicting))
        complain(f"{_many(len(conflicting), 'item')} changed in the tracker and here; what stands in the tracker stays.")


def _say_of_rest(planned: Planned) -> None:
    if planned.held:
        complain(f"{_many(len(planned.held), 'task')} not sent, for want of certainty, until reviewed (docparse tasks review).")
    if planned.unmapped:
        named = "; ".join(f"{name or 'without a lead'} ({count:,})" for name, count in planned.unmapped.most_common(20))
        more = f" and {len(planned.unmapped) - 20:,} more" if len(planned.unmapped) > 20 else ""
        complain(f"in the default place, because the file of trackers does not name them: {named}{more}")


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[kind]:,} {kind}" for kind in KINDS if counts.get(kind)) or "nothing to do"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _short(value: object) -> str:
    text = "; ".join(value) if isinstance(value, tuple) else str(value)
    return repr(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> RenderableType:
    table = Table(*columns, title=title or None, box=None, padding=(0, 2, 0, 0))
    for row in rows:
        table.add_row(*row)
    return table
