"""The tables behind the pages, each counted once: within a minute the same view is answered from
memory. Whoever answers a request takes one `Moment` for all of it, so that everything on a page
is of the same facts and the same instant."""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock

import polars as pl

from syncd.adapters.web.filters import Asked, BadAddress
from syncd.adapters.web.views import Views
from syncd.measure.facts import Dimension, Facts
from syncd.measure.scope import UNKNOWN
from syncd.measure.table_plots import plot_of
from syncd.measure.tables import Measure, Table

_KEPT = 512
_FRESH = timedelta(minutes=1)
_MOST_CHOICES = 200
_Key = tuple[str, str, tuple[tuple[Dimension, tuple[str, ...]], ...], Dimension | None]


class Moment:
    """The facts as they were at one instant, and what was made of them so far. `at` is also until
    when leads are followed; `drawing` is held by whoever draws."""

    def __init__(
        self, facts: Facts, at: datetime, measures: Mapping[str, Measure], drawing: Lock
    ) -> None:
        self.at = at
        self._facts = facts
        self._measures = measures
        self._drawing = drawing
        self._lock = Lock()
        self._tables: OrderedDict[_Key, Table] = OrderedDict()
        self._choices: dict[Dimension, tuple[str, ...]] = {}
        self._drawings: dict[int, tuple[Table, str]] = {}

    def table(self, measure_id: str, asked: Asked) -> Table:
        """BadAddress where the measure cannot be split so."""
        measure = self._measure(measure_id, asked.by)
        key = (measure_id, asked.period, tuple(sorted(asked.scope.only.items())), asked.by)
        with self._lock:
            if (kept := self._tables.get(key)) is not None:
                self._tables.move_to_end(key)
                return kept
        made = measure.table(self._facts, asked.scope, asked.by)
        with self._lock:
            self._tables[key] = made
            if len(self._tables) > _KEPT:
                _, dropped = self._tables.popitem(last=False)
                self._drawings.pop(id(dropped), None)
        return made

    def leads(self, measure_id: str, asked: Asked, *, row: str, column: str) -> pl.DataFrame:
        """The rounds behind one number. BadAddress where the table has no such number."""
        measure = self._measure(measure_id, asked.by)
        try:
            return measure.leads(self._facts, asked.scope, row, column, asked.by)
        except ValueError as error:
            raise BadAddress(f"{measure_id} has no number {row[:40]!r}, {column[:40]!r}") from error

    def drawing(self, table: Table) -> str:
        """SVG; empty where there is nothing to compare."""
        with self._lock:
            if (kept := self._drawings.get(id(table))) is not None and kept[0] is table:
                return kept[1]
        with self._drawing:
            made = plot_of(table)
        with self._lock:
            self._drawings[id(table)] = (table, made)
        return made

    def choices(self, dimension: Dimension) -> tuple[str, ...]:
        """What can be filtered for: the values seen, those of most leads first."""
        if (known := self._choices.get(dimension)) is None:
            counted = (
                self._facts.rounds.get_column(dimension.value)
                .fill_null(UNKNOWN)
                .value_counts(sort=True)
                .head(_MOST_CHOICES)
            )
            known = tuple(counted.get_column(dimension.value).to_list())
            self._choices[dimension] = known
        return known

    def _measure(self, measure_id: str, by: Dimension | None) -> Measure:
        measure = self._measures.get(measure_id)
        if measure is None:
            raise BadAddress(f"{measure_id[:60]!r} is no table of this report")
        if by is not None and by not in measure.dimensions:
            known = ", ".join(measure.dimensions) or "nothing"
            raise BadAddress(f"{measure_id} cannot be split by {by}; it can by {known}")
        return measure


class Numbers:
    def __init__(self, views: Views) -> None:
        self._views = views
        self._lock = Lock()
        self._drawing = Lock()  # the library draws one thing at a time
        self._moment: Moment | None = None
        self._since = views.now()

    def moment(self) -> Moment:
        """Of at most a minute ago: what is looked at one after the other agrees."""
        now = self._views.now()
        with self._lock:
            if self._moment is None or not timedelta() <= now - self._since < _FRESH:
                at = self._views.read_at  # asked for first: the facts are no older
                facts, measures = self._views.facts(), self._views.measures
                self._moment, self._since = Moment(facts, at, measures, self._drawing), now
            return self._moment
