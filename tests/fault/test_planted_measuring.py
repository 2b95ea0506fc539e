"""Break the measuring on purpose, one defect at a time: the recount must notice each.

As in `test_planted_defects`, a module's attribute is put aside for the time of one count. All
counts are of one week; what is stored is counted anew under each defect.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pkgutil import resolve_name
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from recount.asked import Key
from recount.compare import Ask, counted, held_against
from recount.rows import Happened, happened
from recount.tally import Counted
from recount.week import Week, a_week
from test_planted_defects import broken

pytestmark = pytest.mark.slow
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def week() -> Iterator[Week]:
    """Over the end of a month."""
    with a_week(leads=60, seed=1, monday=date(2026, 11, 30)) as one:
        yield one


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """Tells which tables disagree with what happened, of which there is one truth for each
    question."""

    week: Week
    happened: Happened
    known: dict[tuple[datetime, str | None], Mapping[Key, Counted]] = field(default_factory=dict)

    def wrong(self, *, by: str | None = None) -> set[str]:
        """Of all the week, of its first days, of a part of it that begins with the very moment of
        an offer, and of a month."""
        now = replace(self.week, facts=self.week.recounted())
        asks = [Ask(start=start, end=end, by=by) for start, end in self._periods()]
        return {
            number.key[0]
            for ask in asks
            for number in held_against(self._truth(ask), now, ask)
            if not number.is_same
        }

    def _truth(self, ask: Ask) -> Mapping[Key, Counted]:
        key = (ask.end, ask.by)
        if key not in self.known:
            self.known[key] = counted(self.week, self.happened, ask)
        return self.known[key]

    def under(self, path: str, instead: object, *, by: str | None = None) -> set[str]:
        """With this attribute of a module put aside."""
        with broken(path, instead):
            return self.wrong(by=by)

    def _periods(self) -> Iterator[tuple[datetime, datetime]]:
        week, zone = self.week, ZoneInfo("America/New_York")
        offered = min(x.offered_at for told in week.told for x in told.offers)
        yield week.start, week.end + 24 * HOUR
        yield week.start, week.start + 48 * HOUR
        yield offered, week.end - HOUR
        first, after = datetime(2026, 11, 1, tzinfo=zone), datetime(2026, 12, 1, tzinfo=zone)
        yield first.astimezone(UTC), after.astimezone(UTC)


@pytest.fixture(scope="module")
def recount(week: Week) -> Recount:
    return Recount(week=week, happened=happened(week))


def test_counting_without_a_defect_is_right(recount: Recount) -> None:
    assert recount.wrong() == set()


def test_moves_that_were_taken_back_are_not_counted(recount: Recount) -> None:
    found = recount.under("syncd.measure.counted_moves._blocked", lambda _: {})

    assert {"funnel", "moves"} <= found


def test_a_comeback_is_no_second_lead(recount: Recount) -> None:
    apart = resolve_name("syncd.measure.people._apart")

    def each_round(rounds: pl.DataFrame) -> Any:
        name = pl.col("lead_id") + pl.col("cycle").cast(pl.String)
        return apart(rounds.with_columns(lead_id=name))

    found = recount.under("syncd.measure.people._apart", each_round)

    assert "lead-funnel" in found


def test_every_round_is_its_own(recount: Recount) -> None:
    found = recount.under("syncd.measure.rounds.round_at", lambda *_: 1)

    assert "rounds" in found


def test_a_word_accepts(recount: Recount) -> None:
    found = recount.under("syncd.measure.rounds._accept", lambda *_: None)

    assert "funnel" in found


def test_new_leads_come_in(recount: Recount) -> None:
    found = recount.under("syncd.measure.rounds.beginning", lambda _: None)

    assert "lead-funnel" in found


def test_the_stages_that_were_jumped_over_are_reached(recount: Recount) -> None:
    def to_the_letter(a_round: Any, move: Any) -> None:
        a_round.reached.setdefault(move.to_stage, move.at)
        a_round.by.setdefault(move.to_stage, move)

    found = recount.under("syncd.measure.rounds._reach", to_the_letter)

    assert "funnel" in found


def test_nights_are_no_business_time(recount: Recount) -> None:
    def by_the_wall(start: Any, end: Any, _: Any) -> int | None:
        return None if start is None or end is None else int((end - start).total_seconds())

    found = recount.under("syncd.measure.round_handoff._between", by_the_wall)

    assert "speed" in found


def test_a_promise_missed_by_the_first_owner_stays_missed(recount: Recount) -> None:
    found = recount.under("syncd.measure.round_handoff._is_missed", lambda _: False)

    assert "promises" in found


def test_an_exception_is_told_apart(recount: Recount) -> None:
    treated = resolve_name("syncd.measure.judged_moves._treatment")

    def all_alike(*args: Any) -> Any:
        found = treated(*args)
        return type(found).CONFORMING if found.value == "waived" else found

    found = recount.under("syncd.measure.judged_moves._treatment", all_alike)

    assert {"moves", "waivers-by-person"} <= found


def test_a_deal_that_both_crms_know_counts_once(recount: Recount) -> None:
    def of_both(sides: Any) -> Any:
        return [deal for side in sides for deal in (*side, *side)]

    found = recount.under("syncd.measure.rounds.best_told", of_both)

    assert "revenue" in found


def test_who_has_won_a_deal_is_a_customer(recount: Recount) -> None:
    found = recount.under("syncd.measure.rounds.first_won", lambda _: None)

    assert {"arrivals", "stage-time"} <= found


def test_a_converted_lead_was_qualified(recount: Recount) -> None:
    found = recount.under("syncd.measure.rounds._ended", lambda *_: {})

    assert "handoff-ends" in found


def test_a_period_is_without_its_end(recount: Recount) -> None:
    def one_day_late(self: Any, column: str) -> pl.Expr:
        return pl.col(column).is_between(self.start, self.end, closed="right")

    found = recount.under("syncd.measure.scope.Scope.within", one_day_late)

    assert "answers" in found


def test_what_is_unknown_is_left_out_of_no_split(recount: Recount) -> None:
    def known_only(self: Any, facts: Any, scope: Any, by: Any) -> Any:
        rows = self.frame(facts).filter(scope.chosen() & self.population(scope))
        if by is None:
            return rows.with_columns(_row=pl.lit("all"))
        return rows.filter(pl.col(by.value).is_not_null()).with_columns(_row=pl.col(by.value))

    found = recount.under("syncd.measure.sheet.Sheet._rows", known_only, by="team")

    assert "funnel" in found


def test_too_few_are_not_told(recount: Recount) -> None:
    found = recount.under("syncd.measure.cells.ENOUGH", 1)

    assert "losses" in found


def test_the_higher_percentile_lies_between_two_values(recount: Recount) -> None:
    counted = resolve_name("syncd.measure.cells._percentile")

    def next_best(values: Any, percent: int) -> Any:
        return counted(values, min(99, percent + 1) if percent != 50 else 50)

    found = recount.under("syncd.measure.cells._percentile", next_best)

    assert "stage-time" in found or "speed" in found


def test_rules_that_were_not_needed_were_asked(recount: Recount) -> None:
    found = recount.under("syncd.measure.rule_measures._asked_of_all", lambda _, asked: asked)

    assert found == {"rules"}


def test_a_month_ends_where_the_team_is(recount: Recount) -> None:
    found = recount.under("syncd.measure.lines.ZoneInfo", lambda _: ZoneInfo("Asia/Tokyo"))

    assert {"arrivals-by-month", "speed-by-month"} <= found


def test_what_was_spent_in_another_month_is_not_spent_on_these_leads(recount: Recount) -> None:
    spent = resolve_name("syncd.measure.spend._spent")

    def in_any_month(facts: Any, scope: Any) -> Any:
        year = datetime(2026, 1, 1, tzinfo=UTC) + 5 * HOUR
        return spent(facts, replace(scope, start=year)) if spent(facts, scope) else {}

    assert recount.under("syncd.measure.spend._spent", in_any_month) == {"cost"}


def test_what_a_month_cost_is_not_told_of_a_part_of_it(recount: Recount) -> None:
    assert recount.under("syncd.measure.spend._begins_month", lambda _: True) == {"cost"}


def test_the_campaign_is_told_by_the_field_that_is_called_so(recount: Recount) -> None:
    found = recount.under("syncd.measure.rounds.CAMPAIGN", "company", by="campaign")

    assert "funnel" in found


def test_a_call_that_nobody_answered_is_no_contact(recount: Recount) -> None:
    cells = resolve_name("syncd.measure.round_handoff._instants")

    def any_call(handoff: Any) -> Any:
        found = dict(cells(handoff))
        return {**found, "touched_at": found["touched_at"] or found["attempted_at"]}

    found = recount.under("syncd.measure.round_handoff._instants", any_call)

    assert {"answers", "handoff-ends", "speed-bands"} <= found


def test_a_deal_is_of_the_round_in_which_it_was_made(recount: Recount) -> None:
    def the_first(deals: Any, starts: Any) -> Any:
        return {starts[0].cycle: list(deals)}

    found = recount.under("syncd.measure.rounds.deals_by_round", the_first)

    assert "recycled" in found or "rounds" in found
