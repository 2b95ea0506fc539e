"""Break the measuring on purpose, one defect at a time: the recount must notice each.

As in `test_planted_defects`, a module's attribute is put aside for the time of one count. All
counts are of one week; what is stored is counted anew under each defect.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pkgutil import resolve_name
from typing import Any

import polars as pl
import pytest
from recount.compare import differences
from recount.week import Week, a_week
from test_planted_defects import broken

pytestmark = pytest.mark.slow
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def week() -> Iterator[Week]:
    with a_week(leads=60, seed=1) as one:
        yield one


def wrong(week: Week, *, by: str | None = None) -> set[str]:
    """Tables that disagree with what happened: of all the week, of its first days, and of a part
    of it that begins with the very moment of an offer."""
    now = replace(week, facts=week.recounted())
    periods = [
        (week.start, week.end + 24 * HOUR),
        (week.start, week.start + 48 * HOUR),
        (_an_offer(week), week.end - HOUR),
    ]
    return {
        line.split("/")[0]
        for start, end in periods
        for line in differences(now, start, end, by=by, zone="America/New_York")
    }


def _an_offer(week: Week) -> datetime:
    return min(x.offered_at for told in week.told for x in told.offers)


def broken_rows(path: str, instead: object, week: Week) -> set[str]:
    with broken(path, instead):
        return wrong(week)


def test_counting_without_a_defect_is_right(week: Week) -> None:
    assert wrong(week) == set()


def test_moves_that_were_taken_back_are_not_counted(week: Week) -> None:
    found = broken_rows("syncd.measure.counted_moves._blocked", lambda _: {}, week)

    assert {"funnel", "moves"} <= found


def test_a_comeback_is_no_second_lead(week: Week) -> None:
    apart = resolve_name("syncd.measure.people._apart")

    def each_round(rounds: pl.DataFrame) -> Any:
        name = pl.col("lead_id") + pl.col("cycle").cast(pl.String)
        return apart(rounds.with_columns(lead_id=name))

    found = broken_rows("syncd.measure.people._apart", each_round, week)

    assert "lead-funnel" in found


def test_every_round_is_its_own(week: Week) -> None:
    found = broken_rows("syncd.measure.rounds.round_at", lambda *_: 1, week)

    assert "rounds" in found


def test_a_word_accepts(week: Week) -> None:
    found = broken_rows("syncd.measure.rounds._accept", lambda *_: None, week)

    assert "funnel" in found


def test_new_leads_come_in(week: Week) -> None:
    found = broken_rows("syncd.measure.rounds.beginning", lambda _: None, week)

    assert "lead-funnel" in found


def test_the_stages_that_were_jumped_over_are_reached(week: Week) -> None:
    def to_the_letter(a_round: Any, move: Any) -> None:
        a_round.reached.setdefault(move.to_stage, move.at)
        a_round.by.setdefault(move.to_stage, move)

    found = broken_rows("syncd.measure.rounds._reach", to_the_letter, week)

    assert "funnel" in found


def test_nights_are_no_business_time(week: Week) -> None:
    def by_the_wall(start: Any, end: Any, _: Any) -> int | None:
        return None if start is None or end is None else int((end - start).total_seconds())

    found = broken_rows("syncd.measure.round_handoff._between", by_the_wall, week)

    assert "speed" in found


def test_a_promise_missed_by_the_first_owner_stays_missed(week: Week) -> None:
    found = broken_rows("syncd.measure.round_handoff._is_missed", lambda _: False, week)

    assert "promises" in found


def test_an_exception_is_told_apart(week: Week) -> None:
    treated = resolve_name("syncd.measure.judged_moves._treatment")

    def all_alike(*args: Any) -> Any:
        found = treated(*args)
        return type(found).CONFORMING if found.value == "waived" else found

    found = broken_rows("syncd.measure.judged_moves._treatment", all_alike, week)

    assert {"moves", "waivers-by-person"} <= found


def test_a_deal_that_both_crms_know_counts_once(week: Week) -> None:
    def of_both(sides: Any) -> Any:
        return [deal for side in sides for deal in (*side, *side)]

    found = broken_rows("syncd.measure.rounds.best_told", of_both, week)

    assert "revenue" in found


def test_a_won_deal_is_a_customer_from_when_it_was_won(week: Week) -> None:
    found = broken_rows("syncd.measure.rounds._tells_of_win", lambda x: "customer" in x, week)

    assert "arrivals" in found or "stage-time" in found


def test_a_converted_lead_was_qualified(week: Week) -> None:
    found = broken_rows("syncd.measure.rounds._ended", lambda *_: {}, week)

    assert "handoff-ends" in found


def test_a_period_is_without_its_end(week: Week) -> None:
    def one_day_late(self: Any, column: str) -> pl.Expr:
        return pl.col(column).is_between(self.start, self.end, closed="right")

    found = broken_rows("syncd.measure.scope.Scope.within", one_day_late, week)

    assert "answers" in found


def test_what_is_unknown_is_left_out_of_no_split(week: Week) -> None:
    def known_only(self: Any, facts: Any, scope: Any, by: Any) -> Any:
        rows = self.frame(facts).filter(scope.chosen() & self.population(scope))
        if by is None:
            return rows.with_columns(_row=pl.lit("all"))
        return rows.filter(pl.col(by.value).is_not_null()).with_columns(_row=pl.col(by.value))

    with broken("syncd.measure.sheet.Sheet._rows", known_only):
        found = wrong(week, by="team")

    assert "funnel" in found


def test_too_few_are_not_told(week: Week) -> None:
    found = broken_rows("syncd.measure.cells.ENOUGH", 1, week)

    assert "losses" in found


def test_the_higher_percentile_lies_between_two_values(week: Week) -> None:
    counted = resolve_name("syncd.measure.cells._percentile")

    def next_best(values: Any, percent: int) -> Any:
        return counted(values, min(99, percent + 1) if percent != 50 else 50)

    found = broken_rows("syncd.measure.cells._percentile", next_best, week)

    assert "stage-time" in found or "speed" in found


def test_rules_that_were_not_needed_were_asked(week: Week) -> None:
    def as_found(rule: str) -> pl.Expr:
        return pl.col(f"met:{rule}")

    found = broken_rows("syncd.measure.rule_measures._not_in_the_way", as_found, week)

    assert found == {"rules"}
