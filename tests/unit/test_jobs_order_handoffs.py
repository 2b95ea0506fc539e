"""Answers of people, carried out by the worker: from the order to the CRMs, lists and messages."""

from dataclasses import replace
from typing import Any

from answer_cases import AGREED, APPROVERS, RULES, THE_BOSS, THE_REP
from core_cases import NOW, waiver
from decide_cases import AT_ONCE
from fakes import MINUTE, House, add_person, house

from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.names import LeadId, RecordId
from syncd.domain.order import (
    AcceptHandoff,
    AnswerWaiver,
    AskWaiver,
    Order,
    RejectHandoff,
    SnoozeHandoff,
    Via,
    What,
)
from syncd.domain.stage import Stage
from syncd.errors import TransientError

CAMPAIGN = "701000000000001AAA"
LISTED = replace(
    RULES,
    grace=AT_ONCE.grace,
    recycle=replace(RULES.recycle, nurture_list="12", campaign=CAMPAIGN),
)


def offered(**values: Any) -> House:
    """An MQL offered to its owner, in both CRMs, and a nurture list in each."""
    made = house(rules=LISTED, gates=AGREED)
    made.sf.lists[CAMPAIGN], made.hs.lists["12"] = set(), set()
    add_person(made, Stage.LEAD, **values)
    made.cycle()
    made.hs.move("101", Stage.MQL)
    made.cycles(2, minutes=1)
    assert made.lead().handoff
    return made


def handoff(made: House) -> Handoff:
    found = made.lead().handoff
    assert found
    return found


def says(
    made: House, what: What, by: str = THE_REP, *, via: Via = Via.SLACK, name: str = "o-1"
) -> None:
    order = Order(id=name, what=what, by=by, placed_at=made.time.now(), via=via)
    made.store.place(order)
    made.cycles(2, minutes=1)


def accept(made: House) -> AcceptHandoff:
    return AcceptHandoff(lead_id=made.lead().id, handoff_id=handoff(made).id)


def reject(made: House, reason: str = "not-ready") -> RejectHandoff:
    return RejectHandoff(lead_id=made.lead().id, handoff_id=handoff(made).id, reason=reason)


def stages(made: House) -> tuple[object, object]:
    return made.sf.stage("00Q1"), made.hs.stage("101")


def test_accepted_in_slack_both_crms_show_it_and_no_order_is_left() -> None:
    made = offered()

    says(made, accept(made))

    assert (stages(made), made.store.waiting(), made.outbox()) == (("sal", "sal"), [], {})
    assert handoff(made).state is HandoffState.ACCEPTED


def test_an_accepted_lead_is_not_recycled() -> None:
    made = offered()
    says(made, accept(made))

    made.cycles(3, minutes=60 * 24)

    assert stages(made) == ("sal", "sal")


def test_a_click_that_slack_sends_twice_is_one_order() -> None:
    made = offered()
    what = accept(made)
    says(made, what)
    before = made.audit()

    says(made, what)

    assert made.audit() == before


def test_rejected_both_crms_show_it_and_the_lead_is_on_both_lists() -> None:
    made = offered()

    says(made, reject(made))

    assert (stages(made), made.outbox()) == (("nurture", "nurture"), {})
    assert (made.sf.lists[CAMPAIGN], made.hs.lists["12"]) == ({"00Q1"}, {"101"})
    assert (made.sf.value("00Q1", "owner__c"), made.lead().recycles) == ("00GQ", 1)
    assert [x.state for x in made.story().handoffs] == [HandoffState.REJECTED]


def test_rejected_for_good_both_crms_show_it_and_it_is_on_no_list() -> None:
    made = offered()

    says(made, reject(made, "wrong-fit"))

    assert stages(made) == ("disqualified", "disqualified")
    assert (made.sf.lists[CAMPAIGN], made.hs.lists["12"]) == (set(), set())


def test_a_rejected_lead_is_no_mql_again_inside_its_cool_off() -> None:
    made = offered()
    says(made, reject(made))

    made.hs.move("101", Stage.MQL)
    made.cycles(3, minutes=1)

    assert stages(made) == ("nurture", "nurture")
    assert AuditKind.REFUSED in made.audit()


def test_after_its_cool_off_it_is_offered_again_with_its_past() -> None:
    made = offered()
    says(made, replace(reject(made), objection="too dear"))

    made.time.sleep(31 * 24 * 60 * MINUTE)
    made.hs.move("101", Stage.MQL)
    made.cycles(2, minutes=1)

    assert handoff(made).cycle == 2
    (last,) = (x.alert for _, xs in made.slack.sent[-1:] for x in xs)
    assert any("too dear" in line for line in last.why)


def test_a_recycled_lead_that_becomes_an_sql_after_all_is_nurtured_no_more() -> None:
    made = offered()
    says(made, reject(made))
    made.time.sleep(31 * 24 * 60 * MINUTE)
    made.hs.move("101", Stage.MQL)
    made.cycles(2, minutes=1)
    before = set(made.hs.lists["12"])

    made.sf.move("00Q1", Stage.SQL)
    made.cycles(2, minutes=1)

    assert (stages(made), before, made.hs.lists["12"]) == (("sql", "sql"), {"101"}, set())
    assert made.sf.lists[CAMPAIGN] == {"00Q1"}


def test_three_rounds_and_the_lead_is_retired() -> None:
    made = offered()
    for number in range(3):
        says(made, reject(made), THE_BOSS, name=f"o-{number}")
        if made.lead().cycle <= 3:
            made.time.sleep(31 * 24 * 60 * MINUTE)
            made.hs.move("101", Stage.MQL)
            made.cycles(2, minutes=1)

    assert (stages(made), made.lead().cycle) == (("disqualified", "disqualified"), 4)
    assert made.hs.lists["12"] == set()


def test_a_snooze_is_noted_and_moves_nothing() -> None:
    made = offered()
    due = handoff(made).next_due()

    says(made, SnoozeHandoff(lead_id=made.lead().id, handoff_id=handoff(made).id))

    assert due
    assert (handoff(made).next_due() or due) > due
    assert stages(made) == ("mql", "mql")


def test_a_refused_answer_is_told_in_the_conversation_and_kept() -> None:
    made = offered()

    says(made, accept(made), "stranger@corp.example")

    assert stages(made) == ("mql", "mql")
    assert made.slack.kinds()[-1] is AlertKind.GIVEN_UP
    assert AuditKind.NOT_DONE in made.audit()
    (order,) = made.store.refused(NOW)
    assert order.refused.startswith("Only rep@corp.example")


def test_an_answer_that_was_carried_out_is_not_listed_as_refused() -> None:
    made = offered()

    says(made, accept(made))

    assert made.store.refused(NOW) == []


def test_an_answer_about_a_lead_nobody_knows_ends_quietly() -> None:
    made = offered()

    says(made, replace(accept(made), lead_id=LeadId("ld_nobody")))

    assert made.store.waiting() == []
    assert [x.refused for x in made.store.refused(NOW)] == [
        "Nothing is known of that lead any more."
    ]


# --- lists -------------------------------------------------------------------------------


def test_a_list_that_cannot_be_reached_is_tried_again() -> None:
    made = offered()
    made.hs.fails["enlist"] = TransientError("not now")
    says(made, reject(made))
    before = set(made.hs.lists["12"])

    del made.hs.fails["enlist"]
    made.cycles(2, minutes=61)

    assert (before, made.hs.lists["12"], made.outbox()) == (set(), {"101"}, {})


def test_a_list_that_does_not_exist_is_given_up_and_told() -> None:
    made = offered()
    del made.hs.lists["12"]

    says(made, reject(made))

    assert made.outbox() == {"buried": 1}
    assert AlertKind.GIVEN_UP in made.slack.kinds()
    assert stages(made) == ("nurture", "nurture")


def test_nobody_is_put_on_a_list_before_the_stage_was_written() -> None:
    made = offered()
    made.hs.fails["update"] = TransientError("not now")

    says(made, reject(made))

    assert made.hs.lists["12"] == set()
    del made.hs.fails["update"]
    made.cycles(3, minutes=61)
    assert (made.hs.stage("101"), made.hs.lists["12"]) == ("nurture", {RecordId("101")})


# --- waivers -----------------------------------------------------------------------------


def refused() -> House:
    """Accepted, and then kept from SQL for a budget nobody confirmed."""
    made = offered(budget_confirmed__c=False)
    says(made, accept(made), name="o-0")
    made.sf.move("00Q1", Stage.SQL)
    made.cycles(2, minutes=1)
    assert stages(made) == ("sal", "sal")
    return made


def ask(made: House) -> AskWaiver:
    wanted = waiver("budget-confirmed", expires_at=NOW + 30 * 24 * 60 * MINUTE)
    return AskWaiver(waiver=replace(wanted, lead_id=made.lead().id))


def test_a_waiver_that_is_granted_lets_the_lead_qualify() -> None:
    made = refused()
    says(made, ask(made))
    says(
        made,
        AnswerWaiver(lead_id=made.lead().id, asked="w-1", granted=True),
        APPROVERS[0],
        name="o-2",
    )

    kinds = made.slack.kinds()
    assert [x for x in kinds if x in (AlertKind.WAIVER_ASKED, AlertKind.WAIVER_ANSWERED)] == [
        AlertKind.WAIVER_ASKED,
        AlertKind.WAIVER_ANSWERED,
    ]
    assert AlertKind.QUALIFIES in kinds
    made.sf.move("00Q1", Stage.SQL)
    made.cycles(2, minutes=1)
    assert stages(made) == ("sql", "sql")


def test_a_waiver_that_is_refused_changes_nothing() -> None:
    made = refused()
    says(made, ask(made))

    says(
        made,
        AnswerWaiver(lead_id=made.lead().id, asked="w-1", granted=False),
        APPROVERS[0],
        name="o-2",
    )

    assert (made.lead().asked, made.lead().waivers) == ((), ())
    made.sf.move("00Q1", Stage.SQL)
    made.cycles(2, minutes=1)
    assert stages(made) == ("sal", "sal")
