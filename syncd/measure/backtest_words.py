"""The numbers a leader needs, each with what it counts: the same words on every page.

Words only; `backtest` counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from syncd.measure.assess.leads import called
from syncd.measure.backtest import Backtest
from syncd.measure.outcomes import Outcome
from syncd.measure.rates import Contrast
from syncd.measure.shares import Interval, Rate
from syncd.measure.tally import Tally

AS_OF_NOW = "†"
"""Stands beside everything that rests on values of today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """`value` is the number, `detail` what stands beside it, `means` what it counts."""

    title: str
    value: str
    detail: str
    means: str


def numbers(found: Backtest) -> tuple[Number, ...]:
    """The five."""
    return (_stopped(found), _won(found), _let_through(found), _conversion(found), _rate(found))


def _stopped(found: Backtest) -> Number:
    stopped, unknown = found.sides.failing, found.sides.unknown
    apart = f"; of {_leads(unknown.leads)} it cannot be told" if unknown.leads else ""
    return Number(
        title="Would have been stopped",
        value=f"{stopped.leads:,} of {_leads(found.sides.leads)}",
        detail=f"{percent(Rate(stopped.leads, found.sides.leads).share)}{apart}",
        means=(
            f"Leads that certainly fail the gate to {called(found.stage)} as they were when "
            "moved, of all leads counted. Where a value that decides it cannot be read, nothing "
            "is stopped."
        ),
    )


def _won(found: Backtest) -> Number:
    stopped = found.sides.failing
    return Number(
        title="Stopped, though they won",
        value=_leads(stopped.won),
        detail=f"{_worth(stopped)}{percent(stopped.win_rate.share)} of the stopped",
        means=(
            "Of the leads that would have been stopped: those won within "
            f"{found.span.days} days of their move."
        ),
    )


def _worth(tally: Tally) -> str:
    if not tally.won:
        return ""
    if tally.unpriced == tally.won:
        return "of unknown amount; "
    missing = f", {tally.unpriced:,} of them without an amount" if tally.unpriced else ""
    return f"worth {money(tally.worth)}{missing}; "


def _let_through(found: Backtest) -> Number:
    through = found.sides.passing
    kinds = (Outcome.LOST, Outcome.REJECTED, Outcome.RECYCLED)
    each = ", ".join(f"{through.standing[x]:,} {x}" for x in kinds)
    share = percent(Rate(through.gone, through.leads).share)
    return Number(
        title="Let through, though lost, rejected or recycled",
        value=_leads(through.gone),
        detail=f"{each}; {share} of the {through.leads:,} let through",
        means=(
            f"Of the leads that certainly pass: those lost, rejected or recycled within "
            f"{found.span.days} days. Leads still undecided then are not among them."
        ),
    )


def _conversion(found: Backtest) -> Number:
    return Number(
        title="Conversion: conforming beside stopped",
        value=_beside(found.sides.conversions),
        detail=_detail(found.sides.conversions),
        means=(
            f"Leads that sales worked to a decision (won or lost) within {found.span.days} days, "
            "of all conforming leads, and of all that would have been stopped."
        ),
    )


def _rate(found: Backtest) -> Number:
    return Number(
        title="Win rate: conforming beside stopped",
        value=_beside(found.sides.win_rates),
        detail=_detail(found.sides.win_rates),
        means=(
            f"Leads won within {found.span.days} days, of all conforming leads, and of all that "
            "would have been stopped: lost, rejected, recycled and undecided ones included."
        ),
    )


def _beside(rates: Contrast) -> str:
    return f"{percent(rates.met.share)} beside {percent(rates.unmet.share)}"


def _detail(rates: Contrast) -> str:
    sizes = f"n = {rates.met.n:,} and {rates.unmet.n:,}"
    if not rates.is_enough:
        return f"{sizes}: too few to say"
    each = f"{percent_between(rates.met.interval)} and {percent_between(rates.unmet.interval)}"
    between = f"{points(rates.difference)} points ({points_between(rates.difference_interval)})"
    return f"{between}; each by itself {each}; 95 % intervals; {sizes}"


def population(found: Backtest) -> Iterator[str]:
    """Which leads the figures are about, and which are left out: one sentence each."""
    days, besides = found.span.days, found.besides
    yield (
        f"{found.sides.leads:,} of {_leads(besides.read)} count: each was moved at least {days} "
        f"days before {found.known_until:%Y-%m-%d}, the last day of which the leads tell, and is "
        f"taken for what became of it within {days} days of its own move."
    )
    young = sum(besides.young.values())
    if young:
        won = besides.young[Outcome.WON]
        yield (
            f"{_leads(young)} younger than that left out of every rate, whatever their outcome "
            f"({won:,} won already): the first to be decided are not like the rest."
        )
    undecided = _undecided(found)
    if undecided:
        late = f", {besides.won_late:,} of them won later" if besides.won_late else ""
        yield f"{_leads(undecided)} undecided after {days} days: not won, and not lost{late}."
    if besides.undated:
        yield (f"{besides.undated:,} won without a date of it: taken as won within {days} days.")


def cautions(found: Backtest) -> Iterator[str]:
    """What was refused, marked or missing: one sentence each."""
    for field, why in found.leaks.refused.items():
        yield (
            f"{field} is refused as evidence: {why}. What asks for it was left out of the gate "
            f"and the score. --force-field {field} counts it all the same."
        )
    for field, why in found.leaks.forced.items():
        yield f"{field} counts because it was forced, though it is {why}."
    for line in found.ledger:
        if line.is_too_good and not line.forced:
            rates = line.win_rates
            yield (
                f"{line.rule} is too good to be true ({with_n(rates.met)} won if met, "
                f"{with_n(rates.unmet)} if not): ask when what it looks at is written. If it "
                "changes with the outcome, it says nothing."
            )
    for name in found.doubtful_segments:
        yield (
            f"Variant {name} is told by a field that is known only after the outcome: its figures "
            "say nothing."
        )
    if found.missing:
        yield (
            f"Not among these leads: {', '.join(found.missing)}. What asks for them is unknown "
            "for every lead."
        )
    if found.as_of_now:
        yield (
            f"{AS_OF_NOW} as of now: {', '.join(found.as_of_now)}. These values are of the day of "
            "the export, not of the move. What was filled in since flatters the standard."
        )
    yield from found.notes


def _undecided(found: Backtest) -> int:
    return sum(x.standing[Outcome.OPEN] for x in found.sides.tallies.values())


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def points(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:+.1f}"


def points_between(interval: Interval | None) -> str:
    return "–" if interval is None else f"{points(interval.low)} to {points(interval.high)}"


def times(lift: float | None) -> str:
    return "–" if lift is None else f"×{lift:.2f}"


def times_between(interval: Interval | None) -> str:
    return "–" if interval is None else f"{interval.low:.2f}–{interval.high:.2f}"


def with_n(rate: Rate) -> str:
    return f"{percent(rate.share)} of {rate.n:,}"


def percent_between(interval: Interval | None) -> str:
    return "–" if interval is None else f"{100 * interval.low:.1f}–{100 * interval.high:.1f} %"


def money(amount: float) -> str:
    return f"{amount:,.0f}"


def _leads(number: int) -> str:
    return f"{number:,} lead{'' if number == 1 else 's'}"
