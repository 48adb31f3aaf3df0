"""Commands about tasks: docparse tasks list, export, push, pull, review."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import typer

from docparse.cli.common import INTERRUPTED, complain
from docparse.cli.corpus import CORPUS, Where
from docparse.cli.options import Asked, Formatted, Limit, Page, choosing_documents
from docparse.cli.research import research_in, say_if_empty
from docparse.errors import MissingTool

if TYPE_CHECKING:
    from docparse.research import Research
    from docparse.store.corpus import Corpus
    from docparse.trackers.mapping import TargetSettings, Trackers
    from docparse.trackers.push import Outcome
    from docparse.trackers.tracked import TrackedTask

TRACKERS = Path("trackers.toml")
Due = Literal["overdue", "soon", "later", "recurring", "none", "done"]
LIST_HELP = "Exit status: 0 answered, with nothing too; 2 wrong usage; 13 the corpus cannot be used."
PUSH_HELP = (
    "Exit status: 0 the tracker holds everything, conflicts told; 1 it refused some items; 2 wrong usage; 9 an extra is missing; "
    "13 the corpus cannot be used; 15 the tracker cannot be used, or could not be reached any more; 130 stopped with Ctrl-C. "
    "The same command goes on where it stopped."
)

Lead = Annotated[str, typer.Option("--lead", help="Words of the name of who leads (marks may be left out).", show_default=False)]
Support = Annotated[str, typer.Option("--support", help="Words of the name of who supports.", show_default=False)]
Status = Annotated[str, typer.Option("--status", help="assigned or planned.", show_default=False)]
DueOption = Annotated[Due | None, typer.Option("--due", help="overdue, soon, later, recurring, none or done.", show_default=False)]
Since = Annotated[str | None, typer.Option("--since", metavar="DAY", help="Of documents issued on this day or later.", show_default=False)]
Certain = Annotated[float | None, typer.Option("--min-confidence", min=0, max=1, help="Only tasks of this confidence or more.", show_default=False)]
Target = Annotated[str, typer.Option("--to", metavar="TARGET", help="The tracker, by its name in the file of trackers.", show_default=False)]
TrackersFile = Annotated[
    Path, typer.Option("--trackers", metavar="FILE", envvar="DOCPARSE_TRACKERS", help="The file of trackers (docs/trackers.md).")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done and change nothing, here and there.")]
OWN = ("lead", "status", "first_day", "last_day")  # options of documents that tasks have in a sense of their own


TaskForm = Literal["ics", "xlsx", "jsonl", "jira-csv", "redmine-csv"]
BY_ENDING: dict[str, TaskForm] = {".ics": "ics", ".xlsx": "xlsx", ".jsonl": "jsonl"}
tasks = typer.Typer(help="Tasks: list them, write them to files, send them to trackers and read what became of them.", no_args_is_help=True)


@tasks.command("list", epilog=LIST_HELP)
@choosing_documents(without=OWN)
def list_tasks(
    text: Annotated[str, typer.Argument(metavar="[WORDS]", help="Words of the task.", show_default=False)] = "",
    corpus: Where = CORPUS,
    lead: Lead = "",
    support: Support = "",
    due: DueOption = None,
    status: Status = "",
    since: Since = None,
    first_day: Annotated[str | None, typer.Option("--from", metavar="DAY", help="Due on this day or later.", show_default=False)] = None,
    last_day: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Due on this day or earlier.", show_default=False)] = None,
    min_confidence: Certain = None,
    today: Annotated[str | None, typer.Option("--today", metavar="DAY", help="The day for overdue and soon.", show_default=False)] = None,
    soon: Annotated[int, typer.Option("--soon", metavar="DAYS", min=1, max=3650, help="How many days soon is.")] = 30,
    limit: Limit = 50,
    page: Page = 1,
    form: Formatted = None,
    *,
    asked: Asked,
) -> None:
    """List tasks by deadline: overdue, soon, later, recurring, without one, done."""
    from docparse.choose import read_day
    from docparse.cli import answers
    from docparse.query.tasks import TaskFilters

    with research_in(corpus) as research:
        from docparse.cli import answer_tables

        research.filters(status=status or ())  # tells of a status that there is not
        wanted = TaskFilters(
            lead=lead,
            support=support,
            status=status,
            due=due,
            first_day=read_day(first_day),
            last_day=read_day(last_day),
            text=text,
            min_confidence=min_confidence or 0.0,
        )
        shared: dict[str, Any] = {"filters": research.filters(**asked, first_day=since), "today": read_day(today), "soon_days": soon}
        found = research.tasks(wanted, **shared, limit=limit, offset=(page - 1) * limit)
        answers.print_answer(found, form, lambda: answer_tables.listed_tasks(found, research.count_due(wanted, **shared)))
        say_if_empty(found.tasks, found.total, asked)


@tasks.command("export", epilog="Exit status: as for list; 9 an extra is missing; 12 the file was not written.")
@choosing_documents(without=OWN)
def export_tasks(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.", show_default=False)],
    to: Annotated[TaskForm | None, typer.Option("--to", help="Default: by the ending of FILE (.ics, .xlsx, .jsonl).", show_default=False)] = None,
    corpus: Where = CORPUS,
    lead: Lead = "",
    status: Status = "",
    due: DueOption = None,
    since: Since = None,
    min_confidence: Certain = None,
    today: Annotated[str | None, typer.Option("--today", metavar="DAY", help="The day for overdue and soon.", show_default=False)] = None,
    site: Annotated[str | None, typer.Option("--site", metavar="URL", help="Where docparse serve answers, for links.", show_default=False)] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace FILE if it is there.")] = False,
    *,
    asked: Asked,
) -> None:
    """Write tasks as a calendar (.ics), a workbook for following up (.xlsx), JSON lines, or CSV for the imports of Jira and Redmine."""
    from docparse.choose import read_day

    form = to or _form_of(file)
    with research_in(corpus) as research:
        _require_extra()
        from docparse.trackers.files.export import export

        found = _chosen(research, asked, lead=lead, status=status, due=due, since=since, min_confidence=min_confidence, today=read_day(today))
        count = export(found, form, file, today=read_day(today), site=site, overwrite=overwrite)
    typer.echo(f"{file}: {count:,} task{'' if count == 1 else 's'}")


@tasks.command("push", epilog=PUSH_HELP)
@choosing_documents(without=OWN)
def push_tasks(
    to: Target,
    corpus: Where = CORPUS,
    trackers: TrackersFile = TRACKERS,
    dry_run: DryRun = False,
    lead: Lead = "",
    status: Status = "",
    since: Since = None,
    min_confidence: Annotated[
        float | None,
        typer.Option(
            "--min-confidence", min=0, max=1, help="Less certain ones go to the review list. Default: as FILE says, 0.7.", show_default=False
        ),
    ] = None,
    form: Formatted = None,
    *,
    asked: Asked,
) -> None:
    """Send tasks to a tracker, each once: new ones are made, changed ones changed, what people changed there stays."""
    from docparse.cli import answers

    with research_in(corpus) as research:
        _require_extra()
        from docparse.cli import tracking
        from docparse.trackers.push import plan_push, push
        from docparse.trackers.targets import open_target

        file, settings = _target(trackers, to)
        chosen = _chosen(research, asked, lead=lead, status=status, since=since)
        target = open_target(to, settings)
        shared: dict[str, Any] = {"name": to, "settings": settings}
        with _receipts(research, corpus, to, dry_run=dry_run) as opened:
            planned = plan_push(opened, chosen, target, site=file.site, min_confidence=min_confidence, **shared)
            if dry_run:
                tracking.print_plan(planned, answers.chosen(form))
                return
            with tracking.progress(planned) as on_change:
                outcome = push(opened, planned, target, name=to, on_change=on_change)
        tracking.print_outcome(to, planned, outcome, answers.chosen(form))
    raise typer.Exit(_status(outcome))


@tasks.command("pull", epilog=PUSH_HELP)
def pull_tasks(
    to: Target,
    corpus: Where = CORPUS,
    trackers: TrackersFile = TRACKERS,
    dry_run: DryRun = False,
    form: Formatted = None,
) -> None:
    """Read from a tracker which tasks are under way, done or cancelled, and since when, into the corpus."""
    from docparse.cli import answers

    with research_in(corpus) as research:
        _require_extra()
        from docparse.cli import tracking
        from docparse.trackers.pull import pull
        from docparse.trackers.targets import open_target

        _, settings = _target(trackers, to)
        with _receipts(research, corpus, to, dry_run=dry_run) as opened:
            pulled = pull(opened, open_target(to, settings), name=to, settings=settings, write_down=not dry_run)
        tracking.print_pulled(to, pulled, answers.chosen(form))


@tasks.command("review", epilog=LIST_HELP)
def review_tasks(corpus: Where = CORPUS, form: Formatted = None) -> None:
    """List the tasks that were not sent because docparse is not certain of them; docparse serve has them at /review."""
    from docparse.cli import answers

    with research_in(corpus) as research:
        from docparse.cli import tracking
        from docparse.trackers.ledger import Held, held

        found = held(research.corpus)
        answers.print_answer(found, form, lambda: [tracking.listed_held(found)], kinds=[Held])
        if not found:
            complain("nothing waits for a review.")


def _require_extra() -> None:
    """Raises MissingTool without the libraries of the extra `trackers`."""
    try:
        import docparse.trackers.push  # noqa: F401
    except ImportError as error:
        raise MissingTool("docparse tasks", f"needs {error.name}", hint="Install it: pip install 'docparse[trackers]'.") from error


def _form_of(file: Path) -> TaskForm:
    form = BY_ENDING.get(file.suffix.lower())
    if form is None:
        raise typer.BadParameter(f"{file.name!r} does not say which form; give one of {', '.join(get_args(TaskForm))}", param_hint="--to")
    return form


def _chosen(
    research: Research,
    asked: Asked,
    *,
    lead: str,
    status: str,
    since: str | None,
    due: Due | None = None,
    min_confidence: float | None = None,
    today: Any = None,
) -> Iterator[TrackedTask]:
    from docparse.query.tasks import TaskFilters
    from docparse.trackers.tracked import tracked_tasks

    research.filters(status=status or ())
    wanted = TaskFilters(lead=lead, status=status, due=due, min_confidence=min_confidence or 0.0)
    return tracked_tasks(research.corpus, wanted, filters=research.filters(**asked, first_day=since), today=today)


def _target(path: Path, name: str) -> tuple[Trackers, TargetSettings]:
    from docparse.trackers.mapping import find_target, read_trackers

    trackers = read_trackers(path)
    return trackers, find_target(trackers, name, path)


@contextmanager
def _receipts(research: Research, where: str, target: str, *, dry_run: bool) -> Iterator[Corpus]:
    """The corpus of a command, to write the receipts of a target, which no other process does then; for a dry run only to read them."""
    if dry_run:
        yield research.corpus
        return
    from docparse.store.corpus import Corpus

    corpus = Corpus(where)
    try:
        with corpus.sending(target):
            yield corpus
    except KeyboardInterrupt:
        complain("stopped; the same command goes on.")
        raise typer.Exit(INTERRUPTED) from None
    finally:
        corpus.close()


def _status(outcome: Outcome) -> int:
    if outcome.stopped:
        return outcome.stopped.exit_status
    return int(bool(outcome.failed))
