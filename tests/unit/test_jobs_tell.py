"""What the job of telling sends, changes and stores, over the store in memory."""

from dataclasses import replace
from datetime import timedelta

import pytest
from alert_cases import BY_DAY, MINUTE, MORNING, NIGHT, NOON, POLICY, SECOND, alert, offered
from core_cases import POLICY as RULES
from decide_cases import HUBSPOT
from fakes import House, house, linked

from syncd.commit import Commit
from syncd.domain.action import Action, UpdateAlert
from syncd.domain.alert import Act, AlertKind
from syncd.domain.lead import Lead
from syncd.domain.message import Message, MessageState, Silence, Why
from syncd.domain.names import ActionKey, PlanId
from syncd.domain.order import Health, MarkAlert, Order, SideStatus
from syncd.domain.policy import AlertPolicy
from syncd.errors import AuthError, LostAnswer, PermanentError, TransientError
from syncd.jobs.deliver import deliver
from syncd.jobs.orders import carry_out_orders

DAY = timedelta(days=1)
QUIET = replace(POLICY, quiet={"#sales": BY_DAY, "#revops": BY_DAY})


def office(policy: AlertPolicy = POLICY) -> House:
    made = house(rules=replace(RULES, alerts=policy))
    made.time.sleep(NOON - made.time.now())
    return made


def make(made: House, *actions: Action) -> None:
    made.store.commit(Commit(now=made.time.now(), actions=actions))


def work(made: House, after: timedelta = timedelta()) -> None:
    """Deliver what is due, so much later."""
    made.time.sleep(after)
    deliver(made.pair, made.context(), stopping=lambda: False)


def numbers(made: House) -> list[list[str]]:
    """What each message told."""
    return [[x.alert.summary for x in alerts] for _, alerts in made.slack.sent]


def message(made: House, key: str) -> Message:
    return made.store.messages([ActionKey(key)])[ActionKey(key)]


def became(of: str, status: str = "Accepted by Ada", *, acted: bool = True) -> UpdateAlert:
    return UpdateAlert(
        key=ActionKey(f"status:{status}:{of}"),
        lead_id=None,
        alert_key=ActionKey(of),
        status=status,
        at=NOON,
        acted=acted,
    )


# --- grouping ----------------------------------------------------------------------------


def test_alerts_of_a_kind_that_come_within_the_wait_are_one_message() -> None:
    made = office()
    make(made, alert(1))
    work(made)
    make(made, alert(2))
    work(made, 20 * SECOND)
    nothing_yet = numbers(made)

    work(made, 10 * SECOND)

    assert (nothing_yet, numbers(made)) == ([], [["1", "2"]])


def test_there_is_one_message_an_interval() -> None:
    made = office()
    for number in range(20):
        make(made, alert(number))
        work(made, MINUTE)

    assert [len(x) for x in numbers(made)] == [1, 5, 5, 5]


def test_kinds_and_channels_are_gathered_apart() -> None:
    made = office()
    make(made, alert(1), alert(2, AlertKind.DRIFTED), alert(3), alert(4, AlertKind.SLA_WARNING))
    work(made)

    work(made, 30 * SECOND)

    assert sorted(numbers(made)) == [["1", "3"], ["2"], ["4"]]


def test_a_few_handoffs_keep_their_buttons_and_a_crowd_becomes_one_message() -> None:
    made = office()
    make(made, *(offered(number) for number in range(3)))
    work(made)
    make(made, *(offered(number) for number in range(3, 30)))
    work(made)

    work(made, 30 * SECOND)

    assert [len(x) for x in numbers(made)] == [1, 1, 1, 27]


# --- what is stored ----------------------------------------------------------------------


def test_the_reason_why_an_alert_waits_is_stored_with_it() -> None:
    made = office()
    make(made, alert(1, lead="ld-1"))

    work(made)

    found = message(made, "alert:twin:1")
    assert (found.state, found.why, found.until) == (
        MessageState.WAITS,
        Why.FOR_MORE,
        NOON + 30 * SECOND,
    )
    assert (found.kind, found.channel, found.lead_id) == (AlertKind.TWIN, "#revops", "ld-1")
    assert made.outbox() == {"pending": 1}


def test_of_a_sent_alert_the_message_it_is_in_is_known() -> None:
    made = office()
    make(made, alert(1), alert(2))
    work(made)

    work(made, 30 * SECOND)

    second = message(made, "alert:twin:2")
    assert (second.state, second.why, second.post) == (
        MessageState.SENT,
        Why.TOGETHER,
        "alert:twin:1",
    )
    assert not second.alone
    assert made.outbox() == {}


def test_a_silenced_alert_ends_silent_with_the_reason_of_the_silence() -> None:
    made = office()
    made.store.silence(
        Silence(id="s1", by="Ada", reason="moving", placed_at=NOON - DAY, expires_at=NOON + DAY)
    )
    make(made, alert(1))

    work(made, MINUTE)

    found = message(made, "alert:twin:1")
    assert (found.state, found.why, found.detail) == (
        MessageState.SILENT,
        Why.SILENCED,
        "Ada: moving (s1)",
    )
    assert (numbers(made), made.outbox()) == ([], {})


def test_while_a_crm_cannot_be_read_breaches_wait_and_are_told_afterwards() -> None:
    made = office()
    _sides(made, Health.BLIND)
    make(made, alert(1, AlertKind.SLA_BREACH, to="boss@corp.example"))
    work(made)
    held = message(made, "alert:sla-breach:1")
    _sides(made, Health.OK)

    work(made, MINUTE)

    assert (held.why, held.detail) == (Why.BLIND, "HubSpot")
    assert numbers(made) == [["1"]]


def test_while_a_plan_holds_its_lead_a_breach_waits_and_the_plan_is_named() -> None:
    made = linked(rules=replace(RULES, alerts=POLICY))
    lead = made.lead()
    _save(made, replace(lead, held=PlanId("plan-recycle-1")))
    make(made, alert(1, AlertKind.SLA_BREACH, lead=lead.id, to="boss@corp.example"))
    work(made)
    held = message(made, "alert:sla-breach:1")
    _save(made, lead)

    work(made, MINUTE)

    assert (held.why, held.detail) == (Why.HELD, "plan-recycle-1")
    assert numbers(made) == [["1"]]


def _save(made: House, lead: Lead) -> None:
    made.store.commit(Commit(now=made.time.now(), leads=(lead,)))


def _sides(made: House, health: Health) -> None:
    now = made.time.now()
    status = SideStatus(
        read_through=now, health=health, reason="", calls_used=None, calls_allowed=None
    )
    made.store.commit(Commit(now=now, sides={HUBSPOT: status}))


# --- night -------------------------------------------------------------------------------


def test_what_waited_for_the_morning_is_one_message_a_channel() -> None:
    made = office(QUIET)
    made.time.sleep(NIGHT - NOON)
    make(made, alert(1), alert(2, AlertKind.DRIFTED), alert(3, AlertKind.SLA_WARNING))
    work(made)
    work(made, DAY / 4)
    at_night = numbers(made)

    work(made, MORNING - made.time.now())

    assert (at_night, numbers(made)) == ([], [["1", "2"], ["3"]])
    assert message(made, "alert:drifted:2").why is Why.MORNING


# --- conversations -----------------------------------------------------------------------


def test_messages_of_a_handoff_answer_to_its_first_one() -> None:
    made = office()
    make(made, offered(1))
    work(made)
    warned = alert(2, AlertKind.SLA_WARNING, lead="ld-1", thread="ho-1")
    make(made, replace(warned, alert=replace(warned.alert, to="ada@corp.example")))

    work(made, MINUTE)

    first = message(made, "alert:handoff:1")
    (none, thread) = made.slack.threads
    assert none is None
    assert thread is not None
    assert (thread.channel_id, thread.ts) == (first.channel_id, first.ts)


@pytest.mark.parametrize(
    ("route", "answers"), [({}, True), ({AlertKind.SLA_BREACH: "#boss"}, False)]
)
def test_what_has_a_channel_of_its_own_is_told_there_and_anything_else_in_the_conversation(
    route: dict[AlertKind, str], answers: bool
) -> None:
    made = office(replace(POLICY, routes={**POLICY.routes, **route}))
    make(made, offered(1))
    work(made)
    make(made, alert(2, AlertKind.SLA_BREACH, thread="ho-1", to="boss@corp.example"))

    work(made, MINUTE)

    assert (made.slack.threads[1] is not None) == answers


def test_what_became_of_it_is_said_in_its_message() -> None:
    made = office()
    make(made, offered(1))
    work(made)
    make(made, became("alert:handoff:1"))

    work(made, MINUTE)

    ((posted, told, status),) = made.slack.updates
    assert (told.key, status, posted.ts) == ("alert:handoff:1", "Accepted by Ada", "1.000000")
    found = message(made, "alert:handoff:1")
    assert (found.outcome, found.acted) == ("Accepted by Ada", True)
    assert made.outbox() == {}


def test_no_more_messages_are_changed_at_once_than_slack_takes_in_a_minute() -> None:
    made = office(replace(POLICY, alone=99))
    make(made, *(offered(number) for number in range(60)))
    work(made)
    make(made, *(became(f"alert:handoff:{number}") for number in range(60)))

    work(made)
    at_once = len(made.slack.updates)
    work(made, MINUTE)

    assert (at_once, len(made.slack.updates), made.outbox()) == (50, 60, {})


def test_what_ends_one_answer_alone_leaves_the_others_and_the_alert_open() -> None:
    made = office()
    make(made, offered(1))
    work(made)
    make(made, replace(became("alert:handoff:1", "Snoozed by Ada"), ends=Act.ACCEPT))

    work(made, MINUTE)

    ((_, told, status),) = made.slack.updates
    assert (told.alert.acts, status) == ((Act.NOT_USEFUL,), "Snoozed by Ada")
    found = message(made, "alert:handoff:1")
    assert (found.outcome, found.acted) == ("", True)


def test_what_was_put_off_before_it_was_told_is_told_all_the_same() -> None:
    made = office(QUIET)
    made.time.sleep(NIGHT - made.time.now())
    make(made, offered(1))
    work(made)
    make(made, replace(became("alert:handoff:1", "Snoozed by Ada"), ends=Act.SNOOZE))
    work(made)

    work(made, MORNING - made.time.now())

    assert numbers(made) == [["1"]]


def test_of_what_merely_ran_out_it_is_not_said_that_somebody_acted() -> None:
    made = office()
    make(made, offered(1))
    work(made)
    make(made, became("alert:handoff:1", "Expired", acted=False))

    work(made)

    assert not message(made, "alert:handoff:1").acted


def test_an_offer_accepted_while_it_waits_is_never_sent() -> None:
    made = office(QUIET)
    made.time.sleep(NIGHT - NOON)
    make(made, offered(1))
    work(made)
    make(made, became("alert:handoff:1"))
    work(made, MINUTE)

    work(made, MORNING - made.time.now())

    found = message(made, "alert:handoff:1")
    assert (found.state, found.why, found.detail) == (
        MessageState.SILENT,
        Why.SETTLED,
        "Accepted by Ada",
    )
    assert (numbers(made), made.outbox()) == ([], {})


def test_one_among_many_in_a_message_is_noted_and_the_message_left_as_it_is() -> None:
    made = office()
    make(made, alert(1), alert(2))
    work(made)
    work(made, 30 * SECOND)
    make(made, became("alert:twin:2"))

    work(made)

    assert made.slack.updates == []
    assert message(made, "alert:twin:2").outcome == "Accepted by Ada"


def test_what_became_of_an_alert_nobody_knows_is_done_silently() -> None:
    made = office()
    make(made, became("alert:handoff:of-long-ago"))

    work(made)

    assert (made.slack.updates, made.outbox()) == ([], {})


def test_a_change_that_slack_does_not_take_is_tried_again() -> None:
    made = office()
    make(made, offered(1))
    work(made)
    make(made, became("alert:handoff:1"))
    made.slack.fails = TransientError("Slack is down")
    work(made)
    made.slack.fails = None

    work(made, 30 * MINUTE)

    assert [status for _, _, status in made.slack.updates] == ["Accepted by Ada"]


def test_a_message_that_is_gone_is_given_up_without_a_word() -> None:
    made = office()
    make(made, offered(1))
    work(made)
    make(made, became("alert:handoff:1"))
    made.slack.fails = PermanentError("message_not_found")

    work(made)

    made.slack.fails = None
    work(made, DAY)
    assert (made.outbox(), made.slack.kinds()) == ({}, [AlertKind.HANDOFF])


def test_of_several_things_that_became_of_it_the_last_word_stands() -> None:
    made = office()
    make(made, offered(1), alert(2), alert(3))
    work(made)
    work(made, 30 * SECOND)
    make(
        made,
        *(
            became(of, status)
            for status in ("a", "b")
            for of in ("alert:handoff:1", "alert:twin:2")
        ),
    )

    work(made)

    assert [status for _, _, status in made.slack.updates] == ["a", "b"]
    assert message(made, "alert:handoff:1").outcome == "b"
    assert message(made, "alert:twin:2").outcome == "b"


def test_what_is_tried_again_takes_nothing_back_that_was_said_since() -> None:
    made = office()
    make(made, offered(1))
    work(made)
    make(made, became("alert:handoff:1", "Snoozed"))
    made.slack.fails = TransientError("Slack is down")
    work(made)
    made.slack.fails = None
    make(made, replace(became("alert:handoff:1", "Accepted"), at=NOON + SECOND))
    work(made)

    work(made, 30 * MINUTE)

    assert [status for _, _, status in made.slack.updates] == ["Accepted"]
    assert (message(made, "alert:handoff:1").outcome, made.outbox()) == ("Accepted", {})


def test_the_first_who_finds_an_alert_useless_is_remembered() -> None:
    made = office()
    make(made, offered(1))
    work(made)
    for number, by in enumerate(("Bo", "Cy")):
        what = MarkAlert(alert_key=ActionKey("alert:handoff:1"))
        order = Order(id=f"o-{number}", what=what, by=by, placed_at=made.time.now())
        made.store.place(order)

    carry_out_orders(made.pair, made.context())

    assert message(made, "alert:handoff:1").not_useful_by == "Bo"
    assert made.store.waiting() == []


def test_what_nobody_knows_of_any_more_is_marked_in_vain() -> None:
    made = office()
    what = MarkAlert(alert_key=ActionKey("alert:handoff:of-long-ago"))
    made.store.place(Order(id="o-1", what=what, by="Bo", placed_at=made.time.now()))

    carry_out_orders(made.pair, made.context())

    assert made.store.waiting() == []


# --- trouble on the way ------------------------------------------------------------------


def test_a_lost_answer_doubles_nothing_and_the_message_is_known() -> None:
    made = office()
    made.slack.loses = TransientError("no answer")
    make(made, offered(1))
    work(made)
    waiting = message(made, "alert:handoff:1")

    work(made, 30 * MINUTE)

    found = message(made, "alert:handoff:1")
    assert (waiting.why, waiting.detail) == (Why.NOT_TAKEN, "no answer")
    assert (found.state, found.ts) == (MessageState.SENT, "1.000000")
    assert numbers(made) == [["1"]]


def test_what_was_settled_while_its_sending_was_in_doubt_says_so_in_its_message() -> None:
    made = office()
    made.slack.loses = TransientError("no answer")
    make(made, offered(1))
    work(made)
    make(made, became("alert:handoff:1"))
    work(made)

    work(made, 30 * MINUTE)

    assert message(made, "alert:handoff:1").state is MessageState.SENT
    assert [(x.ts, status) for x, _, status in made.slack.updates] == [
        ("1.000000", "Accepted by Ada")
    ]


def test_a_breach_sent_after_the_handoff_was_settled_offers_nothing_any_more() -> None:
    made = office(QUIET)
    made.time.sleep(NIGHT - NOON)
    make(made, alert(1, AlertKind.SLA_BREACH, acts=(Act.ACCEPT,), to="boss@corp.example"))
    work(made)
    make(made, became("alert:sla-breach:1"))
    work(made)

    work(made, MORNING - made.time.now())

    assert numbers(made) == [["1"]]
    assert [status for _, _, status in made.slack.updates] == ["Accepted by Ada"]


def webhook() -> House:
    """With a message whose answer was lost, and no way to ask for it."""
    made = office()
    made.slack.can_be_asked = False
    made.slack.loses = LostAnswer("no answer")
    make(made, offered(1))
    work(made)
    return made


def test_where_slack_cannot_be_asked_a_lost_answer_doubles_a_message_a_while_later() -> None:
    made = webhook()
    work(made, MINUTE)
    soon = numbers(made)

    work(made, 14 * MINUTE)
    work(made, 60 * MINUTE)

    assert (soon, numbers(made)) == ([["1"]], [["1"], ["1"]])
    assert message(made, "alert:handoff:1").state is MessageState.SENT


def test_what_is_in_doubt_twice_is_taken_as_told_and_that_is_told_once() -> None:
    made = webhook()
    work(made, MINUTE)
    made.slack.loses = LostAnswer("no answer")
    work(made, 14 * MINUTE)

    work(made, 60 * MINUTE)
    work(made, 60 * MINUTE)

    found = message(made, "alert:handoff:1")
    assert (found.state, found.why) == (MessageState.SENT, Why.IN_DOUBT)
    assert numbers(made) == [
        ["1"],
        ["1"],
        ["messages for #sales: Slack's answers were lost"],
    ]


def test_what_slack_did_not_take_is_tried_again_however_often_that_takes() -> None:
    made = webhook()
    made.slack.fails = TransientError("503")
    for _ in range(5):
        work(made, 60 * MINUTE)
    made.slack.fails = None

    work(made, 60 * MINUTE)

    assert numbers(made) == [["1"], ["1"]]


def test_a_group_whose_answer_was_lost_is_not_told_again() -> None:
    made = office()
    make(made, alert(1), alert(2))
    work(made)
    made.slack.loses = TransientError("no answer")
    work(made, 30 * SECOND)

    work(made, 30 * MINUTE)

    assert numbers(made) == [["1", "2"]]
    assert [message(made, f"alert:twin:{n}").alone for n in (1, 2)] == [False, False]
    assert made.outbox() == {}


def test_while_slack_cannot_be_asked_what_is_in_doubt_waits() -> None:
    made = office()
    made.slack.loses = TransientError("no answer")
    make(made, offered(1))
    work(made)
    made.slack.silent = TransientError("still no answer")

    work(made, 30 * MINUTE)

    assert message(made, "alert:handoff:1").detail == "still no answer"
    assert numbers(made) == [["1"]]


def test_what_waits_for_a_person_to_mend_slack_is_told_once_it_is_mended() -> None:
    made = office()
    made.slack.fails = AuthError("not_in_channel: invite the bot")
    make(made, offered(1), offered(2))
    work(made)
    waited = message(made, "alert:handoff:1")
    made.slack.fails = None

    work(made, 30 * MINUTE)

    assert (waited.state, waited.why) == (MessageState.WAITS, Why.NOT_TAKEN)
    assert numbers(made) == [
        ["1"],
        ["2"],
        ["messages for #sales: not_in_channel: invite the bot"],
    ]


def test_what_slack_will_never_take_ends_silent_with_its_reason() -> None:
    made = office()
    made.slack.fails = PermanentError("channel_not_found")
    make(made, offered(1))

    work(made)

    found = message(made, "alert:handoff:1")
    assert (found.state, found.why, found.detail) == (
        MessageState.SILENT,
        Why.GIVEN_UP,
        "channel_not_found",
    )


@pytest.mark.parametrize("alone", [0, 3])
def test_a_group_of_one_is_told_in_its_conversation(alone: int) -> None:
    made = office(replace(POLICY, alone=alone, wait=timedelta(), interval=timedelta()))
    make(made, offered(1))
    work(made)
    make(made, alert(2, AlertKind.SLA_WARNING, thread="ho-1"))

    work(made, MINUTE)

    assert made.slack.threads[0] is None
    assert made.slack.threads[1] is not None
