"""Run a query: parse, resolve, test the candidates, sort, cut; and show rows as REST does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from syncd.sandbox.salesforce.errors import Refused
from syncd.sandbox.salesforce.schema import Field, ObjectType, Type
from syncd.sandbox.salesforce.shown import attributes
from syncd.sandbox.salesforce.soql.parser import parse
from syncd.sandbox.salesforce.soql.plan import candidates
from syncd.sandbox.salesforce.soql.predicate import compile_test
from syncd.sandbox.salesforce.soql.resolve import Column, Resolver
from syncd.sandbox.salesforce.soql.terms import Query
from syncd.sandbox.salesforce.soql.trouble import trouble
from syncd.sandbox.salesforce.store import Store
from syncd.sandbox.salesforce.table import Row, Table

Show = Callable[[Row, str], dict[str, Any]]  # (row, API version) → JSON object

_SHOWN_FALSE = {Type.BOOLEAN: False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Rows in order, and how to show one; `columns` is empty for COUNT()."""

    kind: ObjectType
    columns: tuple[Column, ...]
    rows: list[Row]
    total: int
    show: Show

    @property
    def heavy(self) -> bool:
        """Two or more custom long-text fields make the org page in smaller steps."""
        long = [c for c in self.columns if c.field.long_text and c.field.custom]
        return len(long) >= 2


def run(store: Store, text: str, *, with_deleted: bool = False) -> Result:
    """The rows a query sees now; raises Refused as the org would."""
    store.settle()
    query = parse(text)
    table = _table(store, query)
    resolver = Resolver(store, table.kind, query.text)
    columns = tuple(resolver.column(path) for path in query.fields)
    rows = _matching(query, table, resolver, with_deleted=with_deleted)
    for order in reversed(query.order):
        _sort(rows, resolver.column(order.path), order.descending, nulls_last=order.nulls_last)
    end = None if query.limit is None else query.offset + query.limit
    cut = rows[query.offset : end]
    show = _shower(table.kind, columns, resolver)
    return Result(
        kind=table.kind,
        columns=columns,
        rows=cut if columns else [],
        total=len(cut),
        show=show,
    )


def _table(store: Store, query: Query) -> Table:
    try:
        return store.table(query.object)
    except Refused:
        raise trouble(
            "INVALID_TYPE",
            f"sObject type '{query.object}' is not supported. If you are attempting to use a "
            "custom object, be sure to append the '__c' after the entity name. Please reference "
            "your WSDL or the describe call for the appropriate names.",
            query.text,
            query.object_at,
        ) from None


def _matching(query: Query, table: Table, resolver: Resolver, *, with_deleted: bool) -> list[Row]:
    found = candidates(query.where, table)
    if not with_deleted:
        found = (row for row in found if not row["IsDeleted"])
    if query.where is None:
        return list(found)
    test = compile_test(query.where, resolver, query.text)
    return [row for row in found if test(row)]


def _sort(rows: list[Row], column: Column, descending: bool, *, nulls_last: bool) -> None:
    """In place and stable, so that sorting by the last key first yields the whole order."""
    get = column.get

    def key(row: Row) -> tuple[bool, Any]:
        value = get(row)
        if value is None:
            return (nulls_last is not descending, "")
        folded = value.casefold() if isinstance(value, str) and _folds(column.field) else value
        return (nulls_last is descending, folded)

    rows.sort(key=key, reverse=descending)


def _folds(field: Field) -> bool:
    return field.type not in (Type.ID, Type.REFERENCE, Type.DATE, Type.DATETIME)


def _shower(kind: ObjectType, columns: tuple[Column, ...], resolver: Resolver) -> Show:
    plain = [(c.field.name, _SHOWN_FALSE.get(c.field.type)) for c in columns if not c.links]
    linked = [column for column in columns if column.links]

    def show(row: Row, version: str) -> dict[str, Any]:
        shown: dict[str, Any] = {"attributes": attributes(kind.name, row["Id"], version)}
        for name, blank in plain:
            shown[name] = row.get(name, blank)
        for column in linked:
            _nest(shown, row, column, (resolver, version))
        return shown

    return show


def _nest(shown: dict[str, Any], row: Row, column: Column, context: tuple[Resolver, str]) -> None:
    """Put a parent's field where REST has it: one object per look-up, null if there is none."""
    resolver, version = context
    found = row
    for link in column.links:
        name = str(link.relationship)
        parent = resolver.follow(found, link)
        if parent is None:
            shown[name] = None
            return
        blank = {"attributes": resolver.attributes(link, parent, version)}
        shown = shown.setdefault(name, blank)
        found = parent
    shown[column.field.name] = column.get(row)
