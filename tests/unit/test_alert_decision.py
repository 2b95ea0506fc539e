"""Whether an alert is sent, waits or stays silent, and the reason that is given."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from alert_cases import BY_DAY, MINUTE, MORNING, NIGHT, NOON, POLICY, SECOND, alert, offered

from syncd.core.alert_decision import (
    AlertDecision,
    Cause,
    Seen,
    Send,
    Silent,
    Wait,
    decide_alert,
)
from syncd.domain.action import SendAlert
from syncd.domain.alert import Act, AlertKind
from syncd.domain.message import RouteNews, Silence, Why
from syncd.domain.names import LeadId
from syncd.domain.policy import AlertPolicy

QUIET = replace(POLICY, quiet={"#sales": BY_DAY, "#revops": BY_DAY})
SILENCE = Silence(
    id="s1", by="Ada", reason="moving house", placed_at=NOON, expires_at=NOON + 60 * MINUTE
)


def decided(
    asked: SendAlert,
    *,
    policy: AlertPolicy = POLICY,
    now: datetime = NOON,
    made_at: datetime | None = None,
    route: RouteNews | None = None,
    crowd: int = 1,
    **seen: object,
) -> AlertDecision:
    known = Seen(
        made_at=made_at or now,
        route=route or RouteNews(),
        crowd=crowd,
        **seen,  # type: ignore[arg-type]  # each test names what it needs
    )
    return decide_alert(asked, known, policy, now)


# --- company -----------------------------------------------------------------------------


def test_an_alert_for_nobody_in_particular_waits_for_more_of_its_kind() -> None:
    assert decided(alert()) == Wait(until=NOON + 30 * SECOND, why=Why.FOR_MORE)


def test_one_that_has_waited_goes_with_those_that_came() -> None:
    assert decided(alert(), made_at=NOON - 30 * SECOND) == Send(why=Why.TOGETHER)


def test_it_joins_those_that_are_gathered_already() -> None:
    leaves = NOON + 4 * SECOND

    assert decided(alert(), route=RouteNews(leaves_at=leaves)) == Wait(
        until=leaves, why=Why.FOR_MORE
    )


@pytest.mark.parametrize(
    ("gathered_at", "wanted_by"),
    [(None, NOON + 30 * SECOND), (NOON - MINUTE, NOON + 3 * MINUTE)],
)
def test_a_crowd_holds_no_warning_back_past_its_deadline(
    gathered_at: datetime | None, wanted_by: datetime
) -> None:
    warning = alert(kind=AlertKind.SLA_WARNING, to="rep@corp.example", wanted_by=wanted_by)

    found = decided(warning, crowd=4, route=RouteNews(gathered_at=gathered_at))

    assert found == Send(why=Why.TOGETHER)


def test_a_crowd_holds_a_warning_back_while_there_is_time() -> None:
    wanted_by = NOON + 31 * SECOND
    warning = alert(kind=AlertKind.SLA_WARNING, to="rep@corp.example", wanted_by=wanted_by)

    assert isinstance(decided(warning, crowd=4), Wait)


def test_after_a_message_the_next_one_waits_for_the_interval_to_be_over() -> None:
    lately = RouteNews(gathered_at=NOON - MINUTE)

    found = decided(alert(), made_at=NOON - 40 * SECOND, route=lately)

    assert found == Wait(until=NOON + 4 * MINUTE, why=Why.INTERVAL)


def test_an_alert_for_one_person_goes_at_once_by_itself() -> None:
    assert decided(alert(to="ada@corp.example")) == Send(why=Why.ALONE)


def test_a_handoff_with_buttons_goes_at_once_by_itself() -> None:
    assert decided(offered(), crowd=3) == Send(why=Why.ALONE)


def test_a_crowd_of_handoffs_is_gathered() -> None:
    assert decided(offered(), crowd=4) == Wait(until=NOON + 30 * SECOND, why=Why.FOR_MORE)


def test_a_button_that_only_marks_an_alert_makes_no_conversation_of_it() -> None:
    assert isinstance(decided(alert(acts=(Act.NOT_USEFUL,))), Wait)


@pytest.mark.parametrize(
    "kind", [AlertKind.BLIND, AlertKind.HELD_PLAN, AlertKind.CONFIG, AlertKind.DIGEST]
)
def test_a_trouble_waits_for_no_company(kind: AlertKind) -> None:
    crowded = RouteNews(told=9, gathered_at=NOON)

    assert decided(alert(kind=kind), route=crowded, crowd=10) == Send(why=Why.AT_ONCE)


# --- night -------------------------------------------------------------------------------


def test_at_night_it_waits_for_the_morning() -> None:
    assert decided(offered(), policy=QUIET, now=NIGHT) == Wait(
        until=MORNING, why=Why.QUIET, detail='calendar "day" is closed'
    )


def test_a_weekend_is_one_night() -> None:
    friday = datetime(2026, 3, 6, 17, tzinfo=NOON.tzinfo)

    found = decided(offered(), policy=QUIET, now=friday)

    assert isinstance(found, Wait)
    assert found.until == friday + timedelta(days=2, hours=16)


def test_a_channel_without_quiet_hours_is_told_at_night() -> None:
    policy = replace(QUIET, quiet={"#revops": BY_DAY})

    assert decided(offered(), policy=policy, now=NIGHT) == Send(why=Why.ALONE)


def test_what_is_due_before_the_morning_does_not_wait_for_it() -> None:
    urgent = offered(wanted_by=NIGHT + 60 * MINUTE)

    assert decided(urgent, policy=QUIET, now=NIGHT) == Send(why=Why.ALONE)


def test_what_is_due_in_the_morning_waits() -> None:
    due = offered(wanted_by=MORNING + 60 * MINUTE)

    assert isinstance(decided(due, policy=QUIET, now=NIGHT), Wait)


def test_a_crm_that_cannot_be_read_is_told_at_night() -> None:
    assert decided(alert(kind=AlertKind.BLIND), policy=QUIET, now=NIGHT) == Send(why=Why.AT_ONCE)


def test_what_waited_for_the_morning_goes_with_all_that_did() -> None:
    found = decided(alert(), policy=QUIET, now=MORNING, made_at=NIGHT, overnight=True)

    assert found == Send(why=Why.MORNING)


def test_what_can_be_answered_keeps_its_buttons_in_the_morning() -> None:
    found = decided(offered(), policy=QUIET, now=MORNING, made_at=NIGHT, overnight=True)

    assert found == Send(why=Why.ALONE)


# --- silence and causes ------------------------------------------------------------------


def test_a_silence_names_its_author_reason_and_id() -> None:
    assert decided(alert(), silences=(SILENCE,)) == Silent(
        why=Why.SILENCED, detail="Ada: moving house (s1)"
    )


@pytest.mark.parametrize(
    "of",
    [
        {"kind": AlertKind.HANDOFF},
        {"channel": "#sales"},
        {"lead_id": LeadId("ld-2")},
        {"kind": AlertKind.TWIN, "channel": "#sales"},
        {"expires_at": NOON},
        {"placed_at": NOON + SECOND},
    ],
)
def test_a_silence_of_other_alerts_or_another_time_is_none(of: dict[str, object]) -> None:
    silence = replace(SILENCE, **of)  # type: ignore[arg-type]  # as the parameters say

    assert not isinstance(decided(alert(lead="ld-1"), silences=(silence,)), Silent)


@pytest.mark.parametrize(
    "of", [{"kind": AlertKind.TWIN}, {"channel": "#revops"}, {"lead_id": LeadId("ld-1")}]
)
def test_a_silence_goes_by_kind_channel_or_lead(of: dict[str, object]) -> None:
    silence = replace(SILENCE, **of)  # type: ignore[arg-type]  # as the parameters say

    assert isinstance(decided(alert(lead="ld-1"), silences=(silence,)), Silent)


@pytest.mark.parametrize("kind", [AlertKind.SLA_WARNING, AlertKind.SLA_BREACH])
def test_a_blind_crm_holds_back_the_deadlines_it_makes_late_and_is_named(kind: AlertKind) -> None:
    cause = Cause(why=Why.BLIND, says="Salesforce")

    assert decided(alert(kind=kind), cause=cause) == Wait(
        until=NOON + MINUTE, why=Why.BLIND, detail="Salesforce"
    )


def test_an_escalation_of_a_handoff_is_held_back_and_one_of_a_gate_is_not() -> None:
    cause = Cause(why=Why.HELD, says="plan-recycle-1")
    of_handoff = alert(kind=AlertKind.ESCALATED, thread="ho-1", to="boss@corp.example")
    of_gate = alert(kind=AlertKind.ESCALATED, to="boss@corp.example")

    assert isinstance(decided(of_handoff, cause=cause), Wait)
    assert decided(of_gate, cause=cause) == Send(why=Why.ALONE)


def test_a_blind_crm_holds_nothing_else_back() -> None:
    cause = Cause(why=Why.BLIND, says="Salesforce")

    assert decided(offered(), cause=cause) == Send(why=Why.ALONE)


# --- overtaken ---------------------------------------------------------------------------


def test_what_was_settled_before_it_was_sent_stays_silent() -> None:
    assert decided(offered(), outcome="Accepted by Ada") == Silent(
        why=Why.SETTLED, detail="Accepted by Ada"
    )


def test_a_breach_is_told_whatever_became_of_it_since() -> None:
    breach = alert(kind=AlertKind.SLA_BREACH, to="boss@corp.example")

    assert decided(breach, outcome="Accepted by Ada") == Send(why=Why.ALONE)


def test_a_warning_is_not_told_once_its_deadline_is_over() -> None:
    warning = alert(kind=AlertKind.SLA_WARNING, wanted_by=NOON - SECOND)

    assert decided(warning) == Silent(why=Why.TOO_LATE, detail="the breach is told instead")
