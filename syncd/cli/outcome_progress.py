"""How far reading outcomes is, on the terminal: one bar a CRM."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from syncd.domain.names import System
from syncd.jobs import outcomes
from syncd.jobs.outcomes import Told


@contextmanager
def outcomes_read(console: Console) -> Iterator[Told]:
    """Where to tell how far it is; the bars stand still when the block ends."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[found]:,} handed to sales"),
    )
    tasks: dict[System, TaskID] = {}
    with Progress(*columns, console=console) as bars:

        def told(progress: outcomes.Progress) -> None:
            system = progress.system
            if system not in tasks:
                tasks[system] = bars.add_task(system.label, found=0)
            bars.update(
                tasks[system],
                completed=progress.read,
                total=progress.total,
                found=progress.found,
            )

        yield told
