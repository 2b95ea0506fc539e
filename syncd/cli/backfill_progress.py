"""How far a backfill is, on the terminal: one bar a CRM with its rate and the time left."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from syncd.domain.names import System
from syncd.jobs import backfill
from syncd.jobs.backfill import Told


@contextmanager
def scanning(console: Console) -> Iterator[Told]:
    """Where to tell how far it is; the bars stand still when the block ends."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    tasks: dict[System, TaskID] = {}
    with Progress(*columns, console=console, speed_estimate_period=60) as bars:

        def told(progress: backfill.Progress) -> None:
            system, mark = progress.system, progress.mark
            if progress.anew:
                console.print(f"{system.label} no longer has the results: reading it anew")
            if system not in tasks:
                tasks[system] = bars.add_task(system.label, completed=mark.seen)
            total = mark.seen if mark.done else mark.total
            bars.update(tasks[system], completed=mark.seen, total=total)

        yield told


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f} records/s" if task.speed else "")
