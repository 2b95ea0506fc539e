"""What of the numbers somebody asks for, read from an address; and addresses made of it.

Strict: an address with anything unknown in it is refused with words. What passes is values to
compare with, never code: it goes to polars as literals, and to no database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from syncd.domain.targets import Targets
from syncd.measure.facts import Dimension
from syncd.measure.period import month_of, period_of
from syncd.measure.scope import Scope

LONGEST_VALUE = 200
MOST_VALUES = 50
LONGEST_ID = 200
BY = "by"
PERIOD = "period"
KNOWN = (PERIOD, BY, *(x.value for x in Dimension))


class BadAddress(ValueError):
    """Why an address is refused, for the person who typed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What no address says: until when leads are followed, where a day begins, what is wanted."""

    now: datetime
    time_zone: str
    targets: Targets


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`only` holds sorted values by dimension: two spellings of one view are equal."""

    period: str
    scope: Scope
    by: Dimension | None

    def query(self, **changes: str | None) -> str:
        """This view's address, with other parameters beside it or in place of its own."""
        pairs: dict[str, str | tuple[str, ...] | None] = {
            PERIOD: self.period,
            **{x.value: values for x, values in self.scope.only.items()},
            BY: self.by.value if self.by else None,
            **changes,
        }
        return urlencode([(k, v) for k, v in pairs.items() if v is not None], doseq=True)

    def split(self, by: Dimension | None) -> "Asked":
        return replace(self, by=by)


def asked_of(
    pairs: Sequence[tuple[str, str]],
    *,
    of: Frame,
    also: Sequence[str] = (),
) -> Asked:
    """What the query asks for; `also` are parameters that others read. BadAddress says what is
    wrong. An empty value means all, as a form sends it."""
    given = _by_name(pairs, (*KNOWN, *also))
    period = _single(given, PERIOD) or month_of(of.now, of.time_zone)
    try:
        named = period_of(period, of.time_zone)
    except ValueError as error:
        raise BadAddress(str(error)) from error
    return Asked(
        period=period,
        scope=Scope(
            start=named.start,
            end=named.end,
            label=named.label,
            time_zone=of.time_zone,
            now=of.now,
            targets=of.targets,
            only={x: tuple(sorted(given[x.value])) for x in Dimension if given.get(x.value)},
        ),
        by=_dimension(_single(given, BY)),
    )


def is_id(text: str) -> bool:
    """Whether it can be one. No database is asked for a text that it cannot hold."""
    return 0 < len(text) <= LONGEST_ID and text.isprintable()


def _by_name(pairs: Sequence[tuple[str, str]], known: Sequence[str]) -> Mapping[str, set[str]]:
    given: dict[str, set[str]] = {}
    for name, value in pairs:
        if name not in known:
            raise BadAddress(f"{name[:40]!r} is no filter; there are {', '.join(known)}")
        if len(value) > LONGEST_VALUE:
            raise BadAddress(f"{name}: a value is longer than {LONGEST_VALUE} characters")
        if value:
            given.setdefault(name, set()).add(value)
        if len(given.get(name, ())) > MOST_VALUES:
            raise BadAddress(f"{name}: more than {MOST_VALUES} values at once")
    return given


def _single(given: Mapping[str, set[str]], name: str) -> str:
    values = given.get(name, set())
    if len(values) > 1:
        raise BadAddress(f"{name} is given more than once")
    return next(iter(values), "")


def _dimension(text: str) -> Dimension | None:
    if not text:
        return None
    try:
        return Dimension(text)
    except ValueError:
        known = ", ".join(Dimension)
        raise BadAddress(f"{text[:40]!r} is nothing to split by; there are {known}") from None
