"""docs/METRICS.md: what every number means, in the words of its definition.

Text alone, from the catalogue: `make docs` writes it, and a test tells where it is stale.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import polars as pl

from syncd.measure.catalogue import MEASURES, SECTIONS
from syncd.measure.cells import ENOUGH
from syncd.measure.facts import MOVES, ROUNDS, SPEND, Dimension, Facts
from syncd.measure.headlines import HEADLINES
from syncd.measure.scope import UNKNOWN, Scope
from syncd.measure.tables import Basis, Column, Definition, Measure

_HEAD = f"""\
# What every number means

Generated from the definitions by `make docs`; do not edit. The report, the dashboard, its JSON
and its CSV show these numbers, made once and by nothing else.

- **Cohort or period.** A *cohort* is the leads that did one thing in the period, followed until
  now. A *period* view is of what happened in the period, whenever these leads came. No table
  mixes the two.
- **Leads and rounds.** A lead is one person. Recycled and back again, it is the same lead in
  another round, and no new MQL in any count. Where rounds or handoffs are counted, it says so.
- **Every number opens to its leads**: of a share, to those of its numerator.
- **Split** by {", ".join(Dimension)}.
  What is not known is `{UNKNOWN}`: the parts always make up the whole.
- **Intervals** are of 95 %: Wilson's for shares, by rank for medians and other percentiles.
- **Too few to say**: of fewer than {ENOUGH} there is no share and no percentile, as one more would
  move it by more than ten points; for 95 in 100 it takes 20. The counts are shown.
- **Unknown** is an amount where there are deals, and none of them says how much; with no deal it
  is 0.
- **Percentiles** lie between the two nearest values, in proportion.
- **Numbers of the past can change**, and a report that is to last is kept as a file. Whoever is
  erased is taken out of every number, as nothing of them may stay: those of the past are less by
  them. What is learnt late counts when it happened, deals are told as they stand today, and the
  team of an owner is today's.
- **Months and days** are those of the time zone that is named with the period.
- **Targets** are the team's own: `targets:` in `policy.yaml`.
"""

_NOTHING = Facts(
    rounds=pl.DataFrame(schema=dict(ROUNDS)),
    moves=pl.DataFrame(schema=dict(MOVES)),
    spend=pl.DataFrame(schema=dict(SPEND)),
)
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_ANY = Scope(start=_SOME_DAY, end=_SOME_DAY, label="", time_zone="UTC", now=_SOME_DAY)
"""What a table means does not depend on what is in it."""


def page() -> str:
    """The whole page."""
    tables = (x for title in SECTIONS for x in _section(title))
    return _HEAD + "".join((*_first(), *tables))


def _first() -> Iterator[str]:
    """What stands first, and of which table it is."""
    yield "\n## What stands first in the report and on the dashboard\n\n"
    yield "| headline | table | row | number |\n|---|---|---|---|\n"
    for one in (x for each in HEADLINES.values() for x in each):
        columns = MEASURES[one.table].table(_NOTHING, _ANY).columns
        title = next(x.title for x in columns if x.id == one.column)
        yield f"| {one.title} | `{one.table}` | `{one.row}` | {title} |\n"


def _section(title: str) -> Iterator[str]:
    yield f"\n## {title}\n"
    for name in SECTIONS[title]:
        yield from _measure(MEASURES[name])


def _measure(measure: Measure) -> Iterator[str]:
    table, split = measure.table(_NOTHING, _ANY), ", ".join(measure.dimensions)
    kind = "Cohort, by when" if table.basis is Basis.COHORT else "Period, by when"
    yield f"\n### {table.title}\n\n`{table.id}`. {kind} {table.definitions[0].date}. "
    yield f"Split by {split or 'nothing: filters narrow it down'}.\n\n"
    yield "| number | what it says | counts | of | leaves out |\n|---|---|---|---|---|\n"
    common, meant = _in_all(table.definitions), {x.id: x for x in table.definitions}
    yield from (_row(title, meant[x], common) for x, title in _each_meaning(table.columns))
    said = [f"Leaves out: {x}" for x in common] + list(table.notes)
    if said:
        yield "\n" + "".join(f"- {x}\n" for x in said)


def _each_meaning(columns: tuple[Column, ...]) -> Iterator[tuple[str, str]]:
    """The id of a definition and the title of its column: once, where several share it."""
    titles: dict[str, list[str]] = {}
    for column in columns:
        titles.setdefault(column.definition, []).append(column.title)
    for meaning, named in titles.items():
        yield meaning, named[0] if len(named) == 1 else f"Each of {len(named)} months"


def _row(title: str, meant: Definition, common: tuple[str, ...]) -> str:
    left = " ".join(x for x in meant.leaves_out if x not in common)
    return f"| {' | '.join((title, meant.says, meant.numerator, meant.denominator, left))} |\n"


def _in_all(definitions: tuple[Definition, ...]) -> tuple[str, ...]:
    """What all of them leave out: said once."""
    first, *others = definitions
    return tuple(x for x in first.leaves_out if all(x in each.leaves_out for each in others))
