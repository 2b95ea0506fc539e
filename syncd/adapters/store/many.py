"""Execute one statement for many rows, and ask for many rows at once, at the driver's price.

SQLAlchemy prepares each row, and each item of an IN list, in Python: that costs more than
SQLite needs to store or find it. Here a statement is compiled once, the driver gets plain
tuples, and a list of any length is one parameter. Nothing here knows a table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from syncd.adapters.store.jsontext import dumps

Row = Mapping[str, Any]
_Rows = Callable[[Sequence[Row]], Sequence[tuple[Any, ...]]]
_ITEMS = "b_items"


def run_many(connection: Connection, statement: Executable, rows: Sequence[Row]) -> int:
    """Execute for all rows at once; nothing at all when there are none. All rows name the
    same parameters. The statement should be one that lives long: what it compiles to is kept.
    Returns how many rows of the table were touched."""
    if not rows:
        return 0
    if not connection.dialect.positional:
        return connection.execute(statement, rows).rowcount
    text, prepare = _compiled(statement, tuple(rows[0]), connection.dialect)
    return connection.exec_driver_sql(text, prepare(rows)).rowcount


@lru_cache(maxsize=128)
def _compiled(statement: Any, names: tuple[str, ...], dialect: Dialect) -> tuple[str, _Rows]:
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=names)
    fixed = {name: value for name, value in compiled.params.items() if name not in names}
    order = compiled.positiontup or []
    columns = [(name, compiled.binds[name].type.bind_processor(dialect)) for name in order]

    def prepare(rows: Sequence[Row]) -> Sequence[tuple[Any, ...]]:
        cells = (
            [fixed[name]] * len(rows) if name in fixed else _column(rows, name, step)
            for name, step in columns
        )
        return list(zip(*cells, strict=True))

    return str(compiled), prepare


def _column(rows: Sequence[Row], name: str, step: Callable[[Any], Any] | None) -> list[Any]:
    """What the rows hold under this name, as the driver takes it. Many columns say the same
    in all rows of a batch: now, or nothing."""
    cells = list(map(itemgetter(name), rows))
    if step is None:
        return cells
    if cells.count(cells[0]) == len(cells):
        return [step(cells[0])] * len(cells)
    return list(map(step, cells))


class _Items(FunctionElement[str]):
    """The items of a list of texts that is given as one parameter, JSON."""

    inherit_cache = True


@compiles(_Items)
def _items(element: _Items, compiler: SQLCompiler, **how: Any) -> str:
    parameter = compiler.process(element.clauses, **how)
    return f"(SELECT value FROM json_each({parameter}))"  # noqa: S608 - it is a placeholder


@compiles(_Items, "postgresql")
def _items_of_postgresql(element: _Items, compiler: SQLCompiler, **how: Any) -> str:
    parameter = compiler.process(element.clauses, **how)
    return f"(SELECT jsonb_array_elements_text(CAST({parameter} AS jsonb)))"


def among(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the column's text is one of those that the statement is executed with, as
    `listed` gives them. One list a statement."""
    return column.op("IN", is_comparison=True)(_Items(bindparam(_ITEMS, type_=Text)))


def listed(items: Iterable[str]) -> dict[str, str]:
    """The parameter of `among`."""
    return {_ITEMS: dumps(list(items))}
