"""What became of one lead, told from stages, deals and syncd's own handoff."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core_cases import handoff

from syncd.domain.deal import Deal
from syncd.domain.handoff import HandoffState
from syncd.domain.stage import Actor, ActorKind, Stage, StageStep
from syncd.measure.lead_outcome import Fate, fate_of, moved_at
from syncd.measure.outcomes import Outcome

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)
REP, SYNCD = Actor(kind=ActorKind.PERSON), Actor(kind=ActorKind.SYNCD)


def steps(*stages: Stage, by: Actor = REP) -> tuple[StageStep, ...]:
    """One a day."""
    return tuple(StageStep(at=START + n * DAY, stage=x, actor=by) for n, x in enumerate(stages))


def deal(*, won: bool = False, closed: bool = True, day: int = 9, amount: float = 100) -> Deal:
    return Deal(id="d", is_closed=closed, is_won=won, amount=amount, closes_at=START + day * DAY)


def fate(*stages: Stage, deals: tuple[Deal, ...] = ()) -> Fate:
    return fate_of([steps(*stages)], deals, None, moved=START)


def test_the_first_entry_into_sales_on_either_side_is_the_move() -> None:
    hubspot = steps(Stage.LEAD, Stage.MQL, Stage.SQL)
    salesforce = steps(Stage.LEAD, Stage.LEAD, Stage.LEAD, Stage.SQL)

    assert moved_at([salesforce, hubspot]) == START + 2 * DAY


def test_a_stage_beyond_is_an_entry_too() -> None:
    assert moved_at([steps(Stage.MQL, Stage.OPPORTUNITY)]) == START + DAY


def test_a_move_that_syncd_took_back_was_none() -> None:
    refused = steps(Stage.MQL, Stage.SQL)
    back = StageStep(at=START + 2 * DAY, stage=Stage.MQL, actor=SYNCD)
    again = StageStep(at=START + 5 * DAY, stage=Stage.SQL, actor=REP)

    assert moved_at([(*refused, back)]) is None
    assert moved_at([(*refused, back, again)]) == START + 5 * DAY


def test_who_never_came_to_sales_has_no_move() -> None:
    assert moved_at([steps(Stage.LEAD, Stage.MQL, Stage.SAL), ()]) is None


def test_one_won_deal_makes_it_won_and_all_won_amounts_count() -> None:
    found = fate(Stage.SQL, deals=(deal(won=True, day=9), deal(won=True, day=4), deal()))

    assert found == Fate(outcome=Outcome.WON, decided_at=START + 4 * DAY, amount=200)


def test_a_customer_without_a_deal_is_won_when_it_became_one() -> None:
    assert fate(Stage.SQL, Stage.CUSTOMER).decided_at == START + DAY


def test_a_closing_day_before_the_move_is_taken_for_the_move() -> None:
    assert fate(Stage.SQL, deals=(deal(won=True, day=-3),)).decided_at == START


def test_while_a_deal_is_open_nothing_is_lost() -> None:
    assert fate(Stage.SQL, deals=(deal(), deal(closed=False))).outcome is Outcome.OPEN


def test_deals_that_were_all_closed_and_none_won_are_a_loss() -> None:
    found = fate(Stage.SQL, Stage.NURTURE, deals=(deal(day=2), deal(day=7)))

    assert found == Fate(outcome=Outcome.LOST, decided_at=START + 7 * DAY)


def test_back_from_sales_is_recycled_and_out_is_rejected() -> None:
    back = Fate(outcome=Outcome.RECYCLED, decided_at=START + DAY)
    out = Fate(outcome=Outcome.REJECTED, decided_at=START + DAY)

    assert fate(Stage.SQL, Stage.NURTURE) == back
    assert fate(Stage.SQL, Stage.DISQUALIFIED) == out


def test_how_it_fell_out_of_sales_last_is_what_became_of_it() -> None:
    found = fate(Stage.SQL, Stage.DISQUALIFIED, Stage.SQL, Stage.NURTURE)

    assert found == Fate(outcome=Outcome.RECYCLED, decided_at=START + 3 * DAY)


def test_who_came_back_to_sales_is_open_again() -> None:
    assert fate(Stage.SQL, Stage.NURTURE, Stage.SQL).outcome is Outcome.OPEN


def test_a_rejection_that_syncd_knows_of_says_more_than_the_stage() -> None:
    closed = START + 3 * DAY
    given_back = replace(handoff(), state=HandoffState.REJECTED, closed_at=closed)
    path = [steps(Stage.SQL, Stage.NURTURE)]

    found = fate_of(path, (), given_back, moved=START)

    assert found == Fate(outcome=Outcome.REJECTED, decided_at=closed)


def test_a_handoff_closed_before_the_move_says_nothing_of_it() -> None:
    before = replace(handoff(), state=HandoffState.REJECTED, closed_at=START - DAY)

    assert fate_of([steps(Stage.SQL)], (), before, moved=START).outcome is Outcome.OPEN
