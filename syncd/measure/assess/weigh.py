"""Turn counts into answers, all checks alike: when few say nothing, and when some are a gap.

Neither is a benchmark: `FEW`, the same as in reports, keeps an accident from being told as a
habit, and `TOLERATED` the one odd record of a hundred from being told at all. The figures are
shown beside each answer.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from syncd.core.value_words import counted
from syncd.measure.assess.finding import Answer, CannotSee, Cost, Gap, Sound
from syncd.measure.assess.leads import Is, is_decided, is_won, named, worth
from syncd.measure.assess.sight import LeadSight, Reading, Sight
from syncd.measure.cells import ENOUGH
from syncd.measure.rates import Contrast
from syncd.measure.shares import Rate

FEW, TOLERATED = ENOUGH, 0.05
_SHOWN = 3
_CATCH_ALL = ("other", "misc", "unknown", "n/a", "none")
_PLAIN_FROM = 100
"""From so many on a share is told without its interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`of` are the leads looked at, called `whom` (plural); those for which `wrong` holds are
    said to `show`. `example` names one of them: by its name and record, where nothing else
    tells more."""

    of: Sequence[LeadSight]
    whom: str
    wrong: Is
    show: str
    example: Callable[[LeadSight], str] = named


def share_of(asked: Asked) -> Answer:
    """A gap where more of them than can be an accident are wrong."""
    hit = [x for x in asked.of if asked.wrong(x)]
    answer = share(Rate(len(hit), len(asked.of)), asked.whom, asked.show)
    return with_examples(answer, map(asked.example, hit))


def share_with_cost(sight: Sight, asked: Asked) -> Answer:
    """As `share_of`, with what it costs where enough of both kinds have been decided."""
    answer = share_of(asked)
    return replace(answer, cost=_cost(sight, asked)) if isinstance(answer, Gap) else answer


def share(rate: Rate, whom: str, show: str) -> Answer:
    """Of those that were looked at, called `whom`, the hits are said to `show`."""
    if not rate.n:
        return CannotSee(f"there are no {whom}")
    says = f"{rate.hits:,} of {rate.n:,} {whom}"
    if rate.n < FEW:
        return CannotSee(f"{says} {show}: too few to say")
    says = f"{says} ({_percent(rate)}) {show}"
    return Gap(says=says, rate=rate) if rate.hits > TOLERATED * rate.n else Sound(says)


def with_examples(answer: Answer, examples: Iterable[str]) -> Answer:
    """The first few of a gap, each once."""
    if not isinstance(answer, Gap):
        return answer
    return replace(answer, examples=tuple(dict.fromkeys(examples))[:_SHOWN])


def says_something(given: Sequence[str], whom: str) -> Answer:
    """Of reasons: neither mostly a catch-all, nor one and the same for everything."""
    empty = [x for x in given if x.strip().lower().startswith(_CATCH_ALL)]
    answer = share(Rate(len(empty), len(given)), whom, "say nothing (“other” and the like)")
    if isinstance(answer, CannotSee) or 2 * len(empty) > len(given):
        return answer
    if len(set(given)) == 1:
        return Gap(says=f"all {len(given):,} {whom} are the same: {given[0]}")
    return Sound(f"{len(set(given)):,} different ones among {len(given):,} {whom}")


def commonest(found: Iterable[str]) -> list[str]:
    """What is found most often first, with how often."""
    return [f"{name}: {count:,}" for name, count in Counter(found).most_common(_SHOWN)]


def _percent(rate: Rate) -> str:
    share, reach = rate.share, rate.interval
    assert share is not None, "there is something to take a share of"
    assert reach is not None, "as there is a share"
    if rate.n >= _PLAIN_FROM:
        return f"{100 * share:.1f} %"
    return f"{100 * share:.1f} %, interval {100 * reach.low:.1f} to {100 * reach.high:.1f} %"


def _cost(sight: Sight, asked: Asked) -> Cost | None:
    """None unless the others won surely more often (95 %), and what is won is known. It is the
    difference in wins, for those already decided: nothing is foretold."""
    if any(Reading.DEALS in x.refused for x in sight.places.values()):
        return None
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
        f"at {each:,.0f} a won lead on average. That they go together does not prove that "
        "one makes the other"
    )
    return Cost(len(wrong) * difference * each, how)


def _wins(leads: Sequence[LeadSight]) -> Rate:
    return Rate(sum(map(is_won, leads)), len(leads))


def mean_worth(sight: Sight) -> float | None:
    """What a won lead brought on average, where at least `FEW` tell."""
    known = [amount for x in sight.leads if (amount := worth(x)) is not None]
    return sum(known) / len(known) if len(known) >= FEW else None
