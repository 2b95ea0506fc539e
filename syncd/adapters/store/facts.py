"""Read what is measured out of the store, as tables.

The only module of the store that loads polars: the daemon counts without it. Rows are read
as they stand; who wants the newest counts first (`jobs.count`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from sqlalchemy import BigInteger, Connection, Select, Table, func, select, type_coerce

from syncd.adapters.store.database import Database
from syncd.adapters.store.store import SqlStore
from syncd.adapters.store.tables import Instant
from syncd.adapters.store.tables_facts import LISTS, fact_gone, move_fact, round_fact
from syncd.measure.facts import MOVES, ROUNDS, SPEND, Dimension, Facts

_AT_ONCE = 10_000
_PIECES = 32
"""A table lies in memory in so many at most: each costs whoever counts, putting them together
takes as much memory again."""
_TEAM, _SEQ = Dimension.TEAM.value, "seq"


def read_facts(
    store: SqlStore, teams: Mapping[str, str], spend: pl.DataFrame | None = None
) -> Facts:
    """All of it. `teams` tells the team of each owner who is in one."""
    cache = FactsCache(store, teams, spend)
    return cache.facts()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """`seq` is the highest that is in it."""

    rounds: pl.DataFrame
    moves: pl.DataFrame
    gone: frozenset[str]
    seq: int


class FactsCache:
    """The facts as they were read last. Reading again brings only what was counted since.
    One thread at a time."""

    def __init__(
        self, store: SqlStore, teams: Mapping[str, str], spend: pl.DataFrame | None = None
    ) -> None:
        self._database = store._database  # noqa: SLF001 - a part of the store, kept apart for polars
        self._teams = teams
        self._spend = pl.DataFrame(schema=SPEND) if spend is None else spend
        self._seq = 0
        self._facts = Facts(
            rounds=pl.DataFrame(schema=ROUNDS), moves=pl.DataFrame(schema=MOVES), spend=self._spend
        )

    def facts(self) -> Facts:
        """As they stand now."""
        news = _read(self._database, self._seq)
        if news.seq > self._seq:
            self._facts = self._joined(news)
            self._seq = news.seq
        return self._facts

    def _joined(self, news: _Rows) -> Facts:
        """All rows of a lead are written at once, so those known of it make room."""
        changed = [*news.gone, *news.rounds["lead_id"].unique()]
        return Facts(
            rounds=_with(self._with_team(news.rounds), self._facts.rounds, but=changed),
            moves=_with(self._with_team(news.moves), self._facts.moves, but=changed),
            spend=self._spend,
        )

    def _with_team(self, frame: pl.DataFrame) -> pl.DataFrame:
        team = pl.col(Dimension.OWNER.value).replace_strict(
            dict(self._teams), default=None, return_dtype=pl.String()
        )
        names = ROUNDS if "offered_at" in frame.columns else MOVES
        return frame.with_columns(team.alias(_TEAM)).select(*names)


def _with(fresh: pl.DataFrame, known: pl.DataFrame, *, but: list[str]) -> pl.DataFrame:
    """What is new, and of what was known that of other leads."""
    gone = pl.Series(but, dtype=pl.String()).implode()
    joined = pl.concat([known.filter(~known["lead_id"].is_in(gone)), fresh])
    return joined.rechunk() if joined.n_chunks() > _PIECES else joined


def _read(database: Database, after: int) -> _Rows:
    """One consistent view."""
    with database.reading() as connection:
        rounds = _frame(connection, round_fact, ROUNDS, after)
        moves = _frame(connection, move_fact, MOVES, after)
        gone = connection.execute(select(fact_gone).where(fact_gone.c.seq > after)).all()
        tables = (round_fact, fact_gone)
        seqs = [connection.scalar(select(func.max(x.c.seq))) or 0 for x in tables]
    return _Rows(
        rounds=rounds, moves=moves, gone=frozenset(x.lead_id for x in gone), seq=max(after, *seqs)
    )


def _frame(
    connection: Connection, table: Table, schema: Mapping[str, pl.DataType], after: int
) -> pl.DataFrame:
    names = [x for x in schema if x != _TEAM]
    query = _query(table, names, after)
    parts = [_part(rows, names, schema) for rows in _portions(connection, query)]
    empty = pl.DataFrame(schema={x: schema[x] for x in names})
    return pl.concat(parts) if parts else empty


def _query(table: Table, names: list[str], after: int) -> Select[tuple[object, ...]]:
    """Instants come as the numbers they are stored as."""
    columns = [
        type_coerce(table.c[x], BigInteger).label(x)
        if isinstance(table.c[x].type, Instant)
        else table.c[x]
        for x in names
    ]
    query = select(*columns)
    return query.where(table.c[_SEQ] > after) if after else query


def _portions(
    connection: Connection, query: Select[tuple[object, ...]]
) -> Iterator[Sequence[tuple[object, ...]]]:
    """As the driver has them: rows of SQLAlchemy's own cost more than reading them does. It must
    not be asked to stream: then it keeps the first one to itself."""
    result = connection.execute(query)
    assert result.cursor is not None, "it is a query"
    while rows := result.cursor.fetchmany(_AT_ONCE):
        yield rows
    result.close()


def _part(
    rows: Sequence[tuple[object, ...]], names: list[str], schema: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    columns = zip(names, zip(*rows, strict=True), strict=True)
    return pl.DataFrame([_series(name, cells, schema[name]) for name, cells in columns])


def _series(name: str, cells: tuple[object, ...], kind: pl.DataType) -> pl.Series:
    if name in LISTS:
        return pl.Series(name, cells, pl.String()).str.json_decode(kind)
    if isinstance(kind, pl.Datetime):
        return pl.Series(name, cells, pl.Int64()).cast(kind)
    if kind == pl.Boolean:
        return pl.Series(name, cells).cast(kind)
    return pl.Series(name, cells, kind)
