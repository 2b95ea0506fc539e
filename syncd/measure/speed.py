"""How fast leads are taken up: the system's delay and the owner's, never mixed.

Business time is the team's, counted on the calendar when the rounds were made; plain time is
that of the clock on the wall, nights and weekends included.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from syncd.measure.answering import (
    ACTIVITIES,
    ANSWERABLE,
    EACH_ROUND,
    IS_OPEN,
    IS_OVER,
    NOT_SETTLED_OTHERWISE,
    OFFERED,
    TOUCHED,
    every_round,
    offered,
)
from syncd.measure.cells import Cell, Percentile, Share
from syncd.measure.lines import each_month, fixed, trend
from syncd.measure.scope import Scope
from syncd.measure.sheet import Heading, Line, Sheet
from syncd.measure.tables import Basis, Unit

MINUTE, HOUR = 60, 3600
WORKING_DAY = 8 * HOUR
"""What is called a business day where calendars differ: eight hours in which one is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """In seconds, of business time and of plain time; null where there was no such delay."""

    label: str
    business: pl.Expr
    raw: pl.Expr


def _between(start: str, end: str) -> pl.Expr:
    return (pl.col(end) - pl.col(start)).dt.total_seconds().clip(lower_bound=0)


def _while(column: str, instant: str) -> pl.Expr:
    """Business time is told only where the instant it ran up to is known."""
    return pl.when(pl.col(instant).is_not_null()).then(pl.col(column))


_ASSIGN = _while("assign_business_s", "assigned_at")
_TOUCH = _while("touch_business_s", "touched_at")
_TOUCH_BY_OWNER = pl.when(pl.col("touched_at") >= pl.col("assigned_at")).then(_TOUCH)
"""Where there was an owner by then; before that, the calendars cannot be added up."""

DELAYS: Mapping[str, Delay] = {
    "system": Delay(
        label="System: from the offer until it had an owner",
        business=_ASSIGN,
        raw=_between("offered_at", "assigned_at"),
    ),
    "accept": Delay(
        label="Owner: from then until accepted",
        business=_while("accept_business_s", "accepted_at"),
        raw=_between("assigned_at", "accepted_at"),
    ),
    "touch": Delay(
        label="Owner: from then until the first contact",
        business=_TOUCH,
        raw=_between("assigned_at", "touched_at"),
    ),
    "whole": Delay(
        label="Together: from the offer to the first contact",
        business=_ASSIGN + _TOUCH_BY_OWNER,
        raw=_between("offered_at", "touched_at"),
    ),
}
_PERCENTS = (50, 90, 95)
_NO_OWNER = (
    "Handoffs in which that has not happened, and in the owner's delay those that nobody owned."
)
_UNOWNED = "Handoffs with a contact while nobody owned the lead, in business time."

_SAYS = {50: "Half", 90: "90 in 100", 95: "95 in 100"}


def _percentile(percent: int, unit: Unit) -> Heading:
    name = "median" if percent == 50 else f"p{percent}"
    time = "plain time" if unit is Unit.SECONDS else "business time"
    return Heading(
        id=name if unit is Unit.BUSINESS_SECONDS else f"{name}-raw",
        title=f"{'Median' if percent == 50 else _SAYS[percent]}, {time}",
        unit=unit,
        says=f"{_SAYS[percent]} of them took this long or less, in {time}.",
        numerator="Handoffs in which both ends of the delay are known.",
        leaves_out=(_NO_OWNER,),
    )


def _delay(one: Delay) -> Mapping[str, Cell]:
    business = {_percentile(x, Unit.BUSINESS_SECONDS).id: x for x in _PERCENTS}
    raw = {_percentile(x, Unit.SECONDS).id: x for x in _PERCENTS}
    return {x: Percentile(of=one.business, percent=p) for x, p in business.items()} | {
        x: Percentile(of=one.raw, percent=p) for x, p in raw.items()
    }


SPEED = Sheet(
    id="speed",
    title="How fast leads are taken up",
    basis=Basis.COHORT,
    date=OFFERED,
    frame=every_round,
    population=offered,
    headings=tuple(
        _percentile(x, unit) for unit in (Unit.BUSINESS_SECONDS, Unit.SECONDS) for x in _PERCENTS
    ),
    lines=fixed(*(Line(key=x, label=one.label, cells=_delay(one)) for x, one in DELAYS.items())),
    notes=(
        EACH_ROUND,
        ACTIVITIES,
        "The system's delay is routing, and not the owner's fault; neither is ever added to the "
        "other except in the last line.",
        "What took no time, or was done before there was an owner, counts as 0 in the owner's "
        "delay; together it is then told in plain time only.",
    ),
)


# --- bands --------------------------------------------------------------------------------------

_BANDS = ("Under 5 minutes", "Under 1 hour", "Under 1 business day", "Later")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ruler:
    """A delay, and where its bands end."""

    heading: Heading
    delay: pl.Expr
    ends: tuple[int, ...]


def _band_heading(key: str, title: str, what: str) -> Heading:
    return Heading(
        id=key,
        title=title,
        unit=Unit.SHARE,
        says=f"Of the leads that were offered, with how many it took so long {what}.",
        numerator="Handoffs whose delay lies in the band: at least the end of the band above, "
        "and less than its own.",
        denominator="All handoffs offered in the period, contacted or not.",
        leaves_out=(_UNOWNED,),
    )


_RULERS = (
    _Ruler(
        heading=_band_heading(
            "business", "Together, business time", "from the offer to the first contact"
        ),
        delay=DELAYS["whole"].business,
        ends=(5 * MINUTE, HOUR, WORKING_DAY),
    ),
    _Ruler(
        heading=_band_heading(
            "owner", "Owner alone, business time", "from having an owner to the first contact"
        ),
        delay=_TOUCH_BY_OWNER,
        ends=(5 * MINUTE, HOUR, WORKING_DAY),
    ),
    _Ruler(
        heading=_band_heading("raw", "Together, plain time", "from the offer to the first contact"),
        delay=DELAYS["whole"].raw,
        ends=(5 * MINUTE, HOUR, 24 * HOUR),
    ),
)


def _in_band(ruler: _Ruler, number: int) -> pl.Expr:
    above = ruler.delay >= ruler.ends[number - 1] if number else pl.lit(value=True)
    below = ruler.delay < ruler.ends[number] if number < len(ruler.ends) else pl.lit(value=True)
    return TOUCHED & ruler.delay.is_not_null() & above & below


def _banded(which: Mapping[str, pl.Expr]) -> Mapping[str, Cell]:
    known = {x.heading.id: ~TOUCHED | x.delay.is_not_null() for x in _RULERS}
    return {x: Share(who=who, of=known[x]) for x, who in which.items()}


def _bands() -> Iterator[Line]:
    for number, label in enumerate(_BANDS):
        cells = _banded({x.heading.id: _in_band(x, number) for x in _RULERS})
        yield Line(key=f"band-{number + 1}", label=label, cells=cells)
    never = _banded({x.heading.id: ~TOUCHED & IS_OVER for x in _RULERS})
    yield Line(key="never", label="Never", cells=never)
    waiting = _banded({x.heading.id: ~TOUCHED & IS_OPEN for x in _RULERS})
    yield Line(key="waiting", label="Still waiting", cells=waiting)


BANDS = Sheet(
    id="speed-bands",
    title="How long until the first contact",
    basis=Basis.COHORT,
    date=OFFERED,
    frame=every_round,
    population=lambda scope: offered(scope) & ANSWERABLE,
    headings=tuple(x.heading for x in _RULERS),
    lines=fixed(*_bands()),
    leaves_out=(NOT_SETTLED_OTHERWISE,),
    notes=(
        EACH_ROUND,
        ACTIVITIES,
        "A business day is eight hours of business time; in plain time it is 24 hours.",
        "Never: the handoff is over without a contact. Still waiting: it is open without one.",
    ),
)


# --- trend --------------------------------------------------------------------------------------

_MONTHLY = {
    "system": ("Until it had an owner", DELAYS["system"].business),
    "accept": ("Owner until accepted", DELAYS["accept"].business),
    "touch": ("Owner until contact", DELAYS["touch"].business),
}


def _monthly_heading(key: str, percent: int) -> Heading:
    label = _MONTHLY[key][0]
    return Heading(
        id=f"{key}-{'median' if percent == 50 else f'p{percent}'}",
        title=f"{label}, {'median' if percent == 50 else _SAYS[percent]}",
        unit=Unit.BUSINESS_SECONDS,
        says=f"{_SAYS[percent]} of the month's handoffs took this long or less, in business time.",
        numerator="Handoffs offered in the month in which both ends of the delay are known.",
        leaves_out=(_NO_OWNER,),
    )


_UNTOUCHED = Heading(
    id="untouched",
    title="Never contacted",
    unit=Unit.SHARE,
    says="How many of the month's handoffs were over without anybody having been in touch.",
    numerator="Handoffs offered in the month that are over without a contact.",
    denominator="Handoffs offered in the month that are over.",
    leaves_out=(NOT_SETTLED_OTHERWISE,),
)


def _month(month: Scope) -> Mapping[str, Cell]:
    mine = offered(month)
    cells: dict[str, Cell] = {
        _monthly_heading(key, percent).id: Percentile(of=pl.when(mine).then(x), percent=percent)
        for key, (_, x) in _MONTHLY.items()
        for percent in (50, 90)
    }
    return cells | {"untouched": Share(who=~TOUCHED, of=mine & IS_OVER)}


SPEED_BY_MONTH = Sheet(
    id="speed-by-month",
    title="How fast leads are taken up, month by month",
    basis=Basis.COHORT,
    date=OFFERED,
    frame=every_round,
    population=lambda scope: offered(trend(scope)),
    headings=(*(_monthly_heading(x, p) for x in _MONTHLY for p in (50, 90)), _UNTOUCHED),
    lines=each_month(_month),
    dimensions=(),
    notes=(EACH_ROUND, ACTIVITIES),
)
