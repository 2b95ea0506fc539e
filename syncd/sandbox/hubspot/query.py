"""A search as HubSpot reads it: the JSON body checked against every documented limit.

Turns a body into a Query or raises; running it is `search.py`'s part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from syncd.sandbox.hubspot.reading import is_number, objects, scalar, scalars
from syncd.sandbox.hubspot.refusals import BadRequest

PAGE = 200
DEFAULT_PAGE = 10
REACH = 10_000  # no page may end beyond this many results
GROUPS, FILTERS_EACH, FILTERS_IN_ALL = 5, 6, 18

CONFUSED = "There was a problem with the request."


class Operator(StrEnum):
    EQ = "EQ"
    NEQ = "NEQ"
    LT = "LT"
    LTE = "LTE"
    GT = "GT"
    GTE = "GTE"
    BETWEEN = "BETWEEN"
    IN = "IN"
    NOT_IN = "NOT_IN"
    HAS_PROPERTY = "HAS_PROPERTY"
    NOT_HAS_PROPERTY = "NOT_HAS_PROPERTY"
    CONTAINS_TOKEN = "CONTAINS_TOKEN"  # noqa: S105 - a word of a text
    NOT_CONTAINS_TOKEN = "NOT_CONTAINS_TOKEN"  # noqa: S105 - a word of a text


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    property: str
    operator: Operator
    value: str = ""
    high: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    property: str
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Filters of a group all hold, of the groups at least one; no groups means everything."""

    groups: tuple[tuple[Filter, ...], ...]
    sort: Sort | None
    words: str
    properties: tuple[str, ...]
    limit: int
    offset: int


def parse_query(body: Mapping[str, Any]) -> Query:
    """Raises BadRequest for what the vendor answers with 400."""
    limit, offset = _number(body, "limit", DEFAULT_PAGE), _number(body, "after", 0)
    if not 0 < limit <= PAGE:
        raise BadRequest(f"limit must be between 1 and {PAGE}")
    if offset + limit > REACH:
        raise BadRequest(f"Paging beyond {REACH:,} results is not supported")
    return Query(
        groups=_groups(objects(body, "filterGroups")),
        sort=_sort(body.get("sorts") or []),
        words=scalar(body, "query").lower(),
        properties=tuple(scalars(body, "properties")),
        limit=limit,
        offset=offset,
    )


def _number(body: Mapping[str, Any], name: str, default: int) -> int:
    """An integer, also as a string: integrations really send `"limit": "200"`."""
    text = scalar(body, name) or str(default)
    if not is_number(text):
        raise BadRequest(f"{name} must be an integer")
    return int(text)


def _groups(given: Sequence[Mapping[str, Any]]) -> tuple[tuple[Filter, ...], ...]:
    groups = tuple(tuple(map(_filter, objects(group, "filters"))) for group in given)
    if len(groups) > GROUPS:
        raise BadRequest(f"too many filter groups: {len(groups)}, at most {GROUPS}")
    if any(len(group) > FILTERS_EACH for group in groups):
        raise BadRequest(f"too many filters in a group, at most {FILTERS_EACH}")
    if sum(map(len, groups)) > FILTERS_IN_ALL:
        raise BadRequest(f"too many filters, at most {FILTERS_IN_ALL}")
    return groups


def _filter(given: Mapping[str, Any]) -> Filter:
    try:
        operator = Operator(scalar(given, "operator"))
    except ValueError as error:
        raise BadRequest(CONFUSED) from error
    return Filter(
        property=scalar(given, "propertyName"),
        operator=operator,
        value=scalar(given, "value"),
        high=scalar(given, "highValue"),
        values=tuple(scalars(given, "values")),
    )


def _sort(given: Any) -> Sort | None:
    if not isinstance(given, list) or not all(isinstance(each, str | dict) for each in given):
        raise BadRequest(CONFUSED)
    if len(given) > 1:
        raise BadRequest("only one sort is supported")
    if not given:
        return None
    sort = {"propertyName": given[0]} if isinstance(given[0], str) else given[0]
    return Sort(
        property=scalar(sort, "propertyName"),
        descending=sort.get("direction") == "DESCENDING",
    )
