"""A frame of leads, one by one: the values that `core/judge` judges."""

from collections.abc import Iterator, Mapping

import polars as pl

from syncd.domain.names import FieldName
from syncd.domain.values import Seen, Unreadable
from syncd.measure.column_names import unreadable_column
from syncd.measure.column_tests import exactly

_UNREADABLE = Unreadable(why="its value could not be read")
_OWN = ("_", "?", "!")


def field_columns(leads: pl.DataFrame) -> list[FieldName]:
    """The columns that are fields of the standard."""
    return [FieldName(x) for x in leads.columns if not x.startswith(_OWN)]


def lead_values(leads: pl.DataFrame) -> Iterator[Mapping[FieldName, Seen]]:
    """Each row's values; a field without a column is absent."""
    fields = field_columns(leads)
    columns = (_seen(leads, x) for x in fields)
    for _, *values in zip(range(leads.height), *columns, strict=True):
        yield dict(zip(fields, values, strict=True))


def _seen(leads: pl.DataFrame, field: FieldName) -> list[Seen]:
    column = leads[field]
    values = column.to_list()
    if isinstance(column.dtype, pl.List):
        values = [None if x is None else tuple(x) for x in values]
    elif column.dtype == pl.Float64:
        values = [None if x is None else exactly(x) for x in values]
    flag = unreadable_column(field)
    if flag in leads.columns:
        flags = leads[flag].to_list()
        values = [_UNREADABLE if torn else x for x, torn in zip(values, flags, strict=True)]
    return values
