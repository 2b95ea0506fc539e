"""Everything that is measured, in the order of the report.

Nothing is counted here. Whoever shows numbers takes them from here, so that a report, a page
and a file cannot disagree.
"""

from collections.abc import Mapping

from syncd.measure import (
    answering,
    arrivals,
    funnel,
    money_measures,
    move_measures,
    outcome_measures,
    promises_kept,
    reason_measures,
    rule_measures,
    speed,
    spend,
    stage_time,
)
from syncd.measure.tables import Measure

_SECTIONS: Mapping[str, tuple[Measure, ...]] = {
    "Funnel": (
        funnel.MQL_FUNNEL,
        funnel.CONVERSION_BY_MONTH,
        funnel.LEAD_FUNNEL,
        funnel.ROUNDS,
        arrivals.ARRIVALS,
        arrivals.ARRIVALS_BY_MONTH,
        stage_time.STAGE_TIME,
    ),
    "Offers and answers": (answering.ANSWERS, answering.ENDS),
    "Speed to lead": (speed.SPEED, speed.BANDS, speed.SPEED_BY_MONTH),
    "Promises": (promises_kept.PROMISES, promises_kept.PROMISES_BY_MONTH),
    "Moves and the standard": (
        move_measures.MOVES_JUDGED,
        rule_measures.RULES_UNMET,
        move_measures.WAIVERS_BY_PERSON,
        move_measures.WAIVERS_BY_REASON,
        outcome_measures.STANDARDS,
    ),
    "Reasons": (
        reason_measures.REJECTIONS,
        reason_measures.REJECTIONS_BY_MONTH,
        reason_measures.MISSING,
        reason_measures.OBJECTIONS,
        reason_measures.OBJECTIONS_BY_MONTH,
        reason_measures.LOSSES,
        reason_measures.LOSSES_BY_MONTH,
    ),
    "Outcomes": (
        outcome_measures.BANDS_MQL,
        outcome_measures.BANDS_SQL,
        outcome_measures.RECYCLED,
        money_measures.WINS,
        money_measures.CYCLES,
    ),
    "Money": (money_measures.PIPELINE, money_measures.REVENUE, spend.COST),
}

MEASURES: Mapping[str, Measure] = {x.id: x for each in _SECTIONS.values() for x in each}
LEDGER = (rule_measures.RULES_UNMET.id,)
"""The ids of those that tell what the standard's rules came to."""
SECTIONS: Mapping[str, tuple[str, ...]] = {
    title: tuple(x.id for x in each) for title, each in _SECTIONS.items()
}
"""The ids of the measures by the title they stand under."""
