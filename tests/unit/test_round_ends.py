"""How a round ended where no single move tells: a word in Slack, a conversion, a deal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from core_cases import CRM, LEAD, NOW, POLICY, handoff, lead, transition
from decide_cases import DAY, HOUR

from syncd.core.handoff import by_syncd, changed, close
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.deal import Deal
from syncd.domain.handoff import Change, Handoff, HandoffState, Proof
from syncd.domain.names import System, TransitionId
from syncd.domain.stage import Stage, Transition
from syncd.measure.lead_story import LeadStory
from syncd.measure.rounds import CountedBy, rows_of

BY = CountedBy(policy=POLICY, crm=CRM)
Row = Mapping[str, Any]


def rounds(story: LeadStory) -> Sequence[Row]:
    return rows_of(story, BY).rounds


def move(number: int, start: Stage, to: Stage, at: datetime) -> Transition:
    made = replace(transition(at=at), id=TransitionId(f"t-{number}"), seen_at=at)
    return replace(made, from_stage=start, to_stage=to)


MQL = move(1, Stage.LEAD, Stage.MQL, NOW)


def out_of_reach(at: datetime) -> Handoff:
    return close(handoff(), by_syncd(HandoffState.SUPERSEDED, at=at), because="converted")


def won(made_at: datetime, closes_at: datetime) -> Deal:
    return Deal(
        id="006", is_closed=True, is_won=True, amount=9.0, closes_at=closes_at, made_at=made_at
    )


def test_a_lead_that_is_accepted_in_slack_is_accepted_from_then_on_though_nobody_moved_it() -> None:
    at = NOW + HOUR
    said = Change(to=HandoffState.ACCEPTED, at=at, seen_at=at, by="rep", proof=Proof.SLACK)
    taken = changed(handoff(), said)

    (row,) = rounds(LeadStory(lead=lead(), transitions=(MQL,), handoffs=(taken,)))

    assert (row["mql_at"], row["sal_at"], row["sql_at"]) == (NOW, NOW + HOUR, None)


def test_a_lead_that_is_converted_before_it_is_told_to_be_sql_was_qualified() -> None:
    converted = move(2, Stage.MQL, Stage.OPPORTUNITY, NOW + HOUR)

    (row,) = rounds(
        LeadStory(lead=lead(), transitions=(MQL, converted), handoffs=(out_of_reach(NOW + HOUR),))
    )

    assert (row["state"], row["sql_at"]) == (HandoffState.QUALIFIED, NOW + HOUR)


def test_a_lead_that_was_out_of_reach_and_is_qualified_later_was_settled_otherwise() -> None:
    later = move(2, Stage.MQL, Stage.SQL, NOW + DAY)

    (row,) = rounds(
        LeadStory(lead=lead(), transitions=(MQL, later), handoffs=(out_of_reach(NOW + HOUR),))
    )

    assert row["state"] == HandoffState.SUPERSEDED


def test_a_conversion_that_shows_its_deal_as_won_tells_not_when_that_was() -> None:
    converted = move(2, Stage.MQL, Stage.CUSTOMER, NOW + HOUR)
    deals = {System.HUBSPOT: (won(NOW + HOUR, NOW + 3 * DAY),)}

    (row,) = rounds(LeadStory(lead=lead(), transitions=(MQL, converted), deals=deals))

    assert row["opportunity_at"] == NOW + HOUR
    assert row["customer_at"] == row["won_at"] == NOW + 3 * DAY


def test_a_customer_by_a_move_of_its_own_is_one_from_then_on() -> None:
    steps = (
        MQL,
        move(2, Stage.MQL, Stage.OPPORTUNITY, NOW + HOUR),
        move(3, Stage.OPPORTUNITY, Stage.CUSTOMER, NOW + DAY),
    )
    deals = {System.HUBSPOT: (won(NOW + HOUR, NOW + 3 * DAY),)}

    (row,) = rounds(LeadStory(lead=lead(), transitions=steps, deals=deals))

    assert (row["customer_at"], row["won_at"]) == (NOW + DAY, NOW + 3 * DAY)


def test_a_deal_is_of_the_round_that_had_begun_when_it_was_made() -> None:
    recycled = AuditEntry(
        kind=AuditKind.RECYCLED, at=NOW + DAY, lead_id=LEAD, facts={"cycle": "1"}, personal={}
    )
    again = move(2, Stage.NURTURE, Stage.MQL, NOW + 20 * DAY)
    deals = {System.HUBSPOT: (won(NOW + 21 * DAY, NOW + 22 * DAY),)}

    first, second = rounds(
        LeadStory(lead=lead(cycle=2), transitions=(MQL, again), audit=(recycled,), deals=deals)
    )

    assert (first["won_at"], first["opportunity_at"]) == (None, None)
    assert (second["mql_at"], second["won_at"]) == (NOW + 20 * DAY, NOW + 22 * DAY)
