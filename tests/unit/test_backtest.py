"""What a backtest leaves out, marks and names first, on leads made by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from core_cases import EMPLOYEES, SCORING, gate, standard
from variant_cases import variant

from syncd.domain.names import FieldName
from syncd.domain.stage import Stage
from syncd.domain.standard import EVERYBODY, BandName, FieldTest, Present, Standard
from syncd.errors import PermanentError
from syncd.measure.backtest import Backtest, Question, backtest
from syncd.measure.column_names import SCORE
from syncd.measure.judging import Columns
from syncd.measure.outcomes import SEGMENT, AsOf, Leads
from syncd.measure.score_curve import ScoreCounts
from syncd.measure.shares import Rate
from syncd.measure.standing import STANDING
from syncd.measure.stopped import IN_TIME, TOO_LATE, UNMET, WHEN, Largest

NOW = datetime(2026, 3, 3, tzinfo=UTC)
DAY = timedelta(days=1)
INVOICE = FieldName("invoice")
SIZED = standard(gate("employees-50-plus"))


def leads(outcomes: Sequence[str], *, moved: datetime, decided: Sequence[datetime]) -> Leads:
    """Winners have an invoice, and nobody else."""
    many = len(outcomes)
    instant = pl.Datetime("us", "UTC")
    frame = pl.DataFrame(
        {
            "_lead": [str(n) for n in range(many)],
            "_name": ["somebody"] * many,
            "_moved_at": pl.Series([moved] * many, dtype=instant),
            "_decided_at": pl.Series(decided, dtype=instant),
            "_outcome": outcomes,
            "_amount": pl.Series([None] * many, dtype=pl.Float64),
            "_overridden": [False] * many,
            "_source": ["web"] * many,
            EMPLOYEES: [60] * many,
            INVOICE: ["R1" if x == "won" else None for x in outcomes],
        }
    )
    as_of = {EMPLOYEES: AsOf.THEN, INVOICE: AsOf.THEN}
    return Leads(as_of=as_of, batches=lambda: iter([frame]), source="the box")


def measured(of: Leads, by: Standard = SIZED, *forced: FieldName) -> Backtest:
    span = timedelta(days=30)
    question = Question(standard=by, stage=Stage.SQL, span=span, now=NOW, forced=forced)
    return backtest(of, question, lambda _: None)


def test_a_closing_day_ahead_of_today_gives_no_lead_the_time_it_has_not_had() -> None:
    young = leads(["won", "open"], moved=NOW - 10 * DAY, decided=[NOW + 900 * DAY] * 2)

    with pytest.raises(PermanentError, match="none of 2 leads was moved 30 days or more"):
        measured(young)


@pytest.mark.parametrize("forced", [(), (INVOICE,)])
def test_a_variant_told_by_what_only_winners_have_says_nothing_even_if_forced(
    forced: tuple[FieldName, ...],
) -> None:
    buyers = variant("buyers", FieldTest(INVOICE, Present()), SIZED.gates[Stage.SQL])
    moved = NOW - 90 * DAY
    old = leads(["won", "lost"] * 20, moved=moved, decided=[NOW - 80 * DAY, NOW] * 20)

    found = measured(old, replace(SIZED, variants=(buyers,)), *forced)

    assert found.doubtful_segments == ("buyers",)


def test_of_stopped_winners_those_that_count_are_named_before_larger_ones_that_do_not() -> None:
    winners = pl.DataFrame(
        {
            "lead": ["late", "small", "large"],
            "name": ["x"] * 3,
            "amount": [900.0, 10.0, 20.0],
            "source": ["web"] * 3,
            "segment": [EVERYBODY] * 3,
            "moved_at": [NOW] * 3,
            "decided_at": [NOW] * 3,
            WHEN: [TOO_LATE, IN_TIME, IN_TIME],
            UNMET: ["a"] * 3,
        }
    )
    largest = Largest()

    largest.add(winners)

    assert [x.lead for x in largest.winners()] == ["large", "small", "late"]


def test_leads_without_a_score_reach_no_threshold_and_are_told_apart() -> None:
    scored = replace(standard(gate(score=BandName.WARM), scoring=SCORING))
    judged = pl.DataFrame(
        {
            SEGMENT: [EVERYBODY] * 3,
            SCORE: [40.0, 10.0, None],
            STANDING: ["won", "lost", "won"],
        }
    )
    counts = ScoreCounts(Columns(scored))

    counts.add(judged)

    (curve,) = counts.curves()
    assert curve.unscored == 1
    assert [(x.threshold, x.volume, x.win_rate) for x in curve.steps] == [
        (10, Rate(2, 2), Rate(1, 2)),
        (40, Rate(1, 2), Rate(1, 1)),
    ]
    assert curve.bands[BandName.WARM] == Decimal(30)
