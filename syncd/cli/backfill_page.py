"""The report of a backfill for the terminal. Ids and counts only, no value of a record."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.console import RenderableType
from rich.table import Table

from syncd.core.survey import FieldStanding, StagePair, Standing, Survey
from syncd.core.value_words import counted
from syncd.domain.decision import Parked
from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.domain.values import Direction

_FLOWS = {
    Direction.BOTH: "both ways",
    Direction.TO_SALESFORCE: "to Salesforce",
    Direction.TO_HUBSPOT: "to HubSpot",
    Direction.NONE: "not at all",
}


_COUNTS = {"agree": 5, "differ": 6, "only Salesforce": 10, "only HubSpot": 7, "do not fit": 7}
"""The columns of `Standing`, and how wide each must be for its longest word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """How the two CRMs compare. `connector` says of each field that is left to the native
    connector which line to change; CRMs `unfinished` were not read to the end yet."""

    survey: Survey
    parked: tuple[Parked, ...]
    ignored: tuple[Parked, ...]
    unfinished: tuple[System, ...]
    connector: tuple[str, ...]


def page(
    found: Findings, *, as_of: datetime | None, enforce_from: datetime | None
) -> Iterator[RenderableType]:
    """`as_of` is None right after the scan itself, which wrote nothing."""
    if as_of:
        yield f"As of now ({as_of:%Y-%m-%d %H:%M} UTC), going by what syncd has read:\n"
    if found.unfinished:
        names = " and ".join(system.label for system in found.unfinished)
        yield f"{names}: not read to the end yet, so this is not the whole; run it again\n"
    yield _people(found)
    for why, count in Counter(x.why for x in found.parked).most_common():
        yield f"  {count:,} parked: {why}"
    if enforce_from:
        at = f"{enforce_from:%Y-%m-%d %H:%M} UTC"
        yield f"  not counted is what was made or moved since {at}: `syncd run` judges it"
    yield from _fields(found.survey.fields)
    yield from _connector(found.connector)
    yield from _stages(found.survey.stages)
    yield from _unreadable(found.survey)
    yield ""
    if as_of is None:
        yield "Nothing was written to either CRM."
    yield from _next_steps(found)


def _people(found: Findings) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    table.add_row("linked, in both CRMs", f"{found.survey.linked:,}")
    for system in System:
        table.add_row(f"only in {system.label}", f"{found.survey.only[system]:,}")
    table.add_row("ambiguous, parked", f"{len(found.parked):,}")
    if found.ignored:
        table.add_row("ignored, as a person said", f"{len(found.ignored):,}")
    return table


def _fields(fields: Iterable[FieldStanding]) -> Iterator[RenderableType]:
    table = Table(
        title="Fields", title_justify="left", box=None, pad_edge=False, padding=(0, 1, 0, 0)
    )
    table.add_column("field", no_wrap=True)
    table.add_column("flows", no_wrap=True)
    for name, width in _COUNTS.items():
        table.add_column(name, justify="right", min_width=width)
    for one in sorted(fields, key=lambda x: -x.disagreeing):
        counts = (f"{one.leads.get(how, 0):,}" for how in Standing)
        table.add_row(one.field, _FLOWS[one.flows], *counts)
    yield ""
    yield table


def _connector(left: Sequence[str]) -> Iterator[str]:
    if left:
        yield "\nThe native connector writes these too; syncd leaves them to it until you change:"
        yield from (f"  {line}" for line in left)


def _stages(pairs: Sequence[StagePair]) -> Iterator[RenderableType]:
    yield ""
    if not pairs:
        yield "Stages: the CRMs agree on every linked lead."
        return
    table = Table("Salesforce", "HubSpot", title="Stages that differ", title_justify="left")
    table.box = None
    table.add_column("leads", justify="right")
    table.add_column("cannot both be true", justify="right")
    table.add_column("for example", overflow="fold")
    for pair in pairs:
        impossible = f"{pair.impossible:,}" if pair.impossible else ""
        names = (_stage(pair.salesforce), _stage(pair.hubspot))
        table.add_row(*names, f"{pair.leads:,}", impossible, pair.examples[0])
    yield table


def _stage(stage: Stage | None) -> str:
    return "(no line tells it)" if stage is None else stage.value


def _unreadable(found: Survey) -> Iterator[str]:
    for system, fields in found.unreadable.items():
        if fields:
            told = ", ".join(f"{name} {count:,}" for name, count in fields.items())
            yield f"\nValues in {system.label} that do not fit their field: {told}"


def _next_steps(found: Findings) -> Iterator[str]:
    """What an admin does with all this."""
    if found.parked:
        yield f"`syncd links` shows {counted(len(found.parked), 'parked record')} and settles them."
    if any(one.disagreeing for one in found.survey.fields):
        yield (
            "Standing disagreements stay as they are until somebody edits the field; "
            "`syncd backfill --apply FIELD=CRM` repairs one field for good."
        )
    yield "When this is as you expect, `syncd run` goes on from here."
