"""The twelve months up to the period's last one, counted once more in pandas."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from recount import funnel_counts, word_counts
from recount.asked import Asked, Key, overall
from recount.tally import Counted

_BY_STEP = {"sal": "mql", "sql": "sal", "opportunity": "sql", "customer": "opportunity"}


def months(asked: Asked) -> Mapping[Key, Counted]:
    """What is told of months in which nothing happened is counted once."""
    found: dict[Key, Counted] = {}
    of_nothing: dict[tuple[str, str], Counted] = {}
    for name, month in _each(asked):
        if _is_silent(month):
            of_nothing = of_nothing or _of(month)
            found |= {(table, name, column): x for (table, column), x in of_nothing.items()}
            continue
        found |= {(table, name, column): x for (table, column), x in _of(month).items()}
        found |= {(table, row, name): x for (table, row), x in _words(month).items()}
    said = {(table, row) for table, row, _ in found if table in _WORDS}
    names = [name for name, _ in _each(asked)]
    nothing = {(table, row, name): Counted(0, 0) for table, row in said for name in names}
    return nothing | found


def _each(asked: Asked) -> Iterator[tuple[str, Asked]]:
    zone = ZoneInfo(asked.zone)
    last = (asked.end - timedelta(seconds=1)).astimezone(zone)
    for period in pd.period_range(end=f"{last:%Y-%m}", periods=12, freq="M"):
        after = period + 1
        start = datetime(period.year, period.month, 1, tzinfo=zone)
        end = datetime(after.year, after.month, 1, tzinfo=zone)
        yield str(period), replace(asked, start=start, end=end)


def _is_silent(month: Asked) -> bool:
    instants = [x for x in month.rounds.columns if x.endswith("_at")]
    return not any(month.within(x)(month.rounds).any() for x in instants)


def _of(month: Asked) -> dict[tuple[str, str], Counted]:
    all_sheets = [
        *funnel_counts.funnels(month),
        *funnel_counts.rounds(month),
        *funnel_counts.handoffs(month),
        *funnel_counts.promises(month),
    ]
    told = {key: x for sheet in all_sheets for key, x in overall(sheet).items()}
    found = {("conversion-by-month", "mqls"): told["funnel", "mql", "leads"]}
    for stage in _BY_STEP:
        found["conversion-by-month", stage] = told["funnel", stage, "step"]
    for stage in ("lead", "mql", "sal", "sql", "opportunity", "customer"):
        found["arrivals-by-month", stage] = told["arrivals", stage, "first"]
    for delay in ("system", "accept", "touch"):
        for name in ("median", "p90"):
            found["speed-by-month", f"{delay}-{name}"] = told["speed", delay, name]
    found["speed-by-month", "untouched"] = told["handoff-ends", "over", "untouched"]
    for clock in ("assign", "accept", "touch", "dispose"):
        found["promises-by-month", clock] = told["promises", clock, "kept"]
    return found


_WORDS = ("rejections-by-month", "objections-by-month", "losses-by-month")


def _words(month: Asked) -> dict[tuple[str, str], Counted]:
    return {
        (f"{sheet.id}-by-month", row): x
        for sheet in word_counts.reasons(month)
        if f"{sheet.id}-by-month" in _WORDS
        for (_, row, column), x in overall(sheet).items()
        if column == "leads"
    }
