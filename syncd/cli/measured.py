"""What is measured, for the commands that show it: the rows of the store as tables, brought up to
date first, and the period they are asked for.

Imports tables: only from inside a command's function.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import click
import polars as pl

from syncd.adapters.store.facts import read_facts
from syncd.adapters.store.store import SqlStore
from syncd.cli.options import open_for_orders, open_for_reading
from syncd.core.value_words import listed
from syncd.jobs.count import count
from syncd.measure.facts import Dimension, Facts
from syncd.measure.period import latest_months, period_of
from syncd.measure.rounds import CountedBy
from syncd.measure.scope import UNKNOWN, Scope
from syncd.measure.spend import spend_frame
from syncd.settings.load import Settings
from syncd.settings.spend_read import read_spend

_NAMED = 5


def facts_of(settings: Settings) -> Facts:
    """As of now: what no worker has counted yet is counted here. An older store is refused: to
    look must not migrate it, perhaps under a worker of the version before."""
    open_for_reading(settings).close()
    return facts_in(open_for_orders(settings), settings)


def facts_in(store: SqlStore, settings: Settings) -> Facts:
    count(store, CountedBy(policy=settings.policy, crm=settings.crm))
    return read_facts(store, settings.policy.teams, spent(settings))


def spent(settings: Settings) -> pl.DataFrame:
    """Nothing, and said so, where the file has mistakes: a cost of a part would be wrong."""
    found = read_spend(settings.spend)
    for problem in found.problems:
        click.echo(str(problem), err=True)
    return spend_frame(found.spends)


def scope_of(
    settings: Settings, period: str | None, only: Iterable[str], *, now: datetime
) -> Scope:
    """Default: the last whole month. UsageError says what is wrong with what was typed."""
    zone = settings.policy.calendar.time_zone
    try:
        named = period_of(period or latest_months(now, zone, 2)[1], zone)
    except ValueError as error:
        raise click.UsageError(f"--period: {error}") from None
    return Scope(
        start=named.start,
        end=named.end,
        label=named.label,
        time_zone=zone,
        now=now,
        only=_only(only),
        targets=settings.policy.targets,
    )


def warn_of_unseen(facts: Facts, scope: Scope) -> None:
    """A value that no lead ever had is most likely misspelt, and its zeros say nothing."""
    for dimension, values in scope.only.items():
        column = facts.rounds.get_column(dimension.value).fill_null(UNKNOWN)
        seen = column.value_counts(sort=True).get_column(dimension.value).to_list()
        for value in values:
            if value not in seen:
                known = listed(seen[:_NAMED], "and") or "none yet"
                click.echo(
                    f'--only: no lead has {dimension} "{value}"; most have {known}', err=True
                )


def _only(typed: Iterable[str]) -> Mapping[Dimension, tuple[str, ...]]:
    """Values of one dimension are alternatives."""
    found: dict[Dimension, tuple[str, ...]] = {}
    for text in typed:
        name, equals, value = text.partition("=")
        if not equals or not value or name not in set(Dimension):
            known = ", ".join(Dimension)
            raise click.UsageError(f"--only {text}: write NAME=VALUE; there are {known}")
        dimension = Dimension(name)
        found[dimension] = (*found.get(dimension, ()), value)
    return found
