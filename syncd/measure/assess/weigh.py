"""Turn counts into answers, all checks alike: when few say nothing, and when some are a gap.

Neither is a benchmark: `FEW` keeps an accident from being told as a habit, and `TOLERATED` the
one odd record of a hundred from being told at all. The figures are shown beside each answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from syncd.core.value_words import counted
from syncd.measure.assess.finding import Answer, CannotSee, Cost, Gap, Sound
from syncd.measure.assess.leads import Is, is_decided, is_won, named, worth
from syncd.measure.assess.sight import LeadSight, Sight
from syncd.measure.rates import Contrast
from syncd.measure.shares import Rate

FEW, TOLERATED = 5, 0.05
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`of` are the leads looked at, called `whom` (plural); those for which `wrong` holds are
    said to `show`."""

    of: Sequence[LeadSight]
    whom: str
    wrong: Is
    show: str


def share_of(sight: Sight, asked: Asked) -> Answer:
    """A gap where more of them than can be an accident are wrong."""
    hit = [x for x in asked.of if asked.wrong(x)]
    answer = share(len(hit), len(asked.of), asked.whom, asked.show)
    if isinstance(answer, Gap):
        return replace(answer, examples=tuple(named(x, sight) for x in hit[:_SHOWN]))
    return answer


def share_with_cost(sight: Sight, asked: Asked) -> Answer:
    """As `share_of`, with what it costs where enough of both kinds have been decided."""
    answer = share_of(sight, asked)
    return replace(answer, cost=_cost(sight, asked)) if isinstance(answer, Gap) else answer


def share(hits: int, n: int, whom: str, show: str) -> Answer:
    if n < FEW:
        return CannotSee(f"there are {n:,} {whom}: too few to say")
    says = f"{hits:,} of {n:,} {whom} ({percent(hits / n)}) {show}"
    return Gap(says=says, share=hits / n) if hits > TOLERATED * n else Sound(says)


def percent(part: float) -> str:
    return f"{100 * part:.1f} %"


def _cost(sight: Sight, asked: Asked) -> Cost | None:
    """None unless the others won surely more often (95 %), and what is won is known. It is the
    difference in wins, for those already decided: nothing is foretold."""
    decided = [x for x in asked.of if is_decided(x)]
    wrong = [x for x in decided if asked.wrong(x)]
    rest = [x for x in decided if not asked.wrong(x)]
    contrast = Contrast(met=_wins(rest), unmet=_wins(wrong))
    sure, difference = contrast.difference_interval, contrast.difference
    each = mean_worth(sight)
    if not contrast.is_enough or each is None or not sure or not difference or sure.low <= 0:
        return None
    with_it, without = contrast.unmet, contrast.met
    more = f"{len(wrong) * difference:,.1f}"
    how = (
        f"of {counted(with_it.n, 'decided lead')} with this gap {with_it.hits:,} were won, of "
        f"{without.n:,} without it {without.hits:,}: at the same rate {more} more, "
        f"at {each:,.0f} a won deal on average. That they go together does not prove that "
        "one makes the other"
    )
    return Cost(len(wrong) * difference * each, how)


def _wins(leads: Sequence[LeadSight]) -> Rate:
    return Rate(sum(map(is_won, leads)), len(leads))


def mean_worth(sight: Sight) -> float | None:
    """What a won lead brought on average, where at least `FEW` tell."""
    known = [amount for x in sight.leads if (amount := worth(x)) is not None]
    return sum(known) / len(known) if len(known) >= FEW else None
