"""What reps and managers read: each message whole, as it would be laid out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import (
    BERLIN,
    COMPANY,
    EMPLOYEES,
    ENGAGED,
    EVERYBODY,
    JANE,
    LEAD,
    MOVE,
    NAMES,
    NOW,
    POLICY,
    SCORING,
    clock,
    context,
    gate,
    handoff,
    lead,
    planned,
    standard,
    transition,
    unsigned,
)

from syncd.core import alerting, alerting_handoffs, alerting_rungs
from syncd.core.alert_parts import mark_of
from syncd.core.alert_words import mover, name_of, stage_words
from syncd.core.alerting_outcomes import outcome
from syncd.core.context import Context
from syncd.core.handoff import Due, give
from syncd.core.judge import Case
from syncd.domain.alert import Act, Alert, AlertKind, Link
from syncd.domain.ending import Ending, Road
from syncd.domain.handoff import Change, HandoffState, Proof, Rung
from syncd.domain.lead import Contest
from syncd.domain.names import FieldName
from syncd.domain.policy import Mode
from syncd.domain.stage import SOMEBODY, Actor, ActorKind, Stage
from syncd.domain.values import Seen, Unreadable
from syncd.domain.verdict import Verdict

STANDARD = standard(gate("employees-50-plus", "budget-confirmed", "need-stated"), scoring=SCORING)
CTX = context(STANDARD)
SHORT: dict[FieldName, Seen] = {
    EMPLOYEES: 12,
    FieldName("budget_confirmed"): Unreadable(why="HubSpot refuses to show it"),
    FieldName("need"): "a new CRM",
    FieldName("last_engaged_at"): NOW,
}
LINKS = (
    Link(label="Open in Salesforce", url="https://salesforce.example/00Q1"),
    Link(label="Open in HubSpot", url="https://hubspot.example/101"),
)
FLOW = Actor(kind=ActorKind.AUTOMATION, label="Lead router")


def verdicts(ctx: Context = CTX) -> tuple[Verdict, ...]:
    case = Case(transition=MOVE, lead_id=LEAD, cycle=1, values=SHORT, now=NOW)
    return (ctx.judge.judge(Stage.SQL, case),)


def test_a_blocked_move_tells_its_mover_what_is_missing_and_how_to_go_on() -> None:
    sent = alerting.blocked_alert(lead(), verdicts(), transition(), CTX)

    assert (sent.key, sent.lead_id) == ("alert:blocked:t-1", LEAD)
    assert sent.alert == Alert(
        kind=AlertKind.BLOCKED,
        at=NOW,
        title="Jane Doe (Acme) is not SQL yet: 2 things missing",
        summary="Jane Doe (Acme): moved back, 2 things missing for SQL",
        why=(
            "Rita Rep moved it from MQL to SQL in Salesforce.",
            "The company has at least 50 employees: seen 12, needed at least 50. "
            "Look the headcount up and fill in Employees.",
            "The budget is confirmed: cannot tell, because budget confirmed cannot be read: "
            "HubSpot refuses to show it. Fix budget-confirmed.",
        ),
        next_step=(
            "syncd moved it back. Fill in what is missing, then move it to "
            'SQL ("sql") again. '
            "The Head of Sales can grant an exception."
        ),
        facts=(("Score", "40 (warm)"), ("Standard", "2026-03")),
        links=LINKS,
        to="rep@corp.example",
        acts=(Act.ASK_WAIVER, Act.NOT_USEFUL),
    )


def test_the_note_on_a_blocked_record_says_the_same_and_carries_its_mark() -> None:
    note = alerting.blocked_note(lead(), verdicts(), transition(), CTX)

    assert (note.key, note.record_id, note.record_kind) == ("note:t-1", "00Q1", "Lead")
    assert note.title == "Not SQL yet: 2 things missing"
    assert note.lines == (
        "Rita Rep moved it from MQL to SQL in Salesforce. syncd moved it back, because:",
        "• The company has at least 50 employees: seen 12, needed at least 50. "
        "Look the headcount up and fill in Employees.",
        "• The budget is confirmed: cannot tell, because budget confirmed cannot be read: "
        "HubSpot refuses to show it. Fix budget-confirmed.",
        'Once this is filled in, move it to SQL ("sql") again.',
        "The Head of Sales can grant an exception.",
        f"Standard 2026-03 · reference {note.mark}",
    )


def test_a_notes_mark_is_one_short_word_of_its_move() -> None:
    mark = mark_of(MOVE)

    assert mark == mark_of(MOVE)
    assert mark.isalnum()
    assert len(mark) == 15


def test_a_flagged_move_stays_and_asks_to_complete_the_record() -> None:
    alert = alerting.flagged_alert(lead(), verdicts(), transition(), CTX).alert

    assert alert.title == "Jane Doe (Acme) went to SQL with 2 things missing"
    assert alert.next_step.startswith("It stays where it is. Please complete the record.")
    assert (alert.kind, alert.to) == (AlertKind.FLAGGED, "rep@corp.example")


def test_a_flag_that_would_be_a_block_says_why_it_is_none() -> None:
    ctx = context(unsigned(STANDARD))

    alert = alerting.flagged_alert(lead(), verdicts(), transition(), ctx).alert

    assert ("Not blocked because", "the standard is unsigned or past its review") in alert.facts


def test_a_plain_flag_gives_no_such_reason() -> None:
    policy = replace(POLICY, modes={Stage.SQL: Mode.FLAG})

    alert = alerting.flagged_alert(
        lead(), verdicts(), transition(), replace(CTX, policy=policy)
    ).alert

    assert [label for label, _ in alert.facts] == ["Score", "Standard"]


def test_a_move_that_cannot_be_undone_goes_to_the_manager_with_the_reason() -> None:
    alert = alerting.escalated_alert(
        lead(), verdicts(), transition(), "the lead is converted", CTX
    ).alert

    assert alert.to == "manager@corp.example"
    assert alert.why[1] == "It cannot be moved back: the lead is converted."
    assert alert.next_step.startswith("Decide with Rita Rep whether it goes on as it is.")


def test_whoever_was_refused_hears_that_the_lead_qualifies_now() -> None:
    sent = alerting.qualifies_alert(lead(), (), transition(), CTX)

    assert sent.key == "alert:qualifies:t-1"
    assert sent.alert.title == "Jane Doe (Acme) meets the SQL standard now"
    assert sent.alert.to == "rep@corp.example"


def test_a_contested_lead_names_the_other_writer_and_how_to_release_it() -> None:
    contest = Contest(since=NOW, to_stage=Stage.SQL, actor=FLOW, times=3)

    alert = alerting.contested_alert(lead(), contest, transition(actor=FLOW), CTX).alert

    assert alert.title == (
        "Jane Doe (Acme) is contested: moved back 3 times, and moved to SQL again"
    )
    assert alert.why[0] == "An automation (Lead router) keeps moving it to SQL in Salesforce."
    assert "`syncd release 00Q1`" in alert.next_step


def test_two_crms_that_moved_a_lead_differently_ask_a_person() -> None:
    alert = alerting.stage_conflict_alert(lead(), transition(actor=FLOW), CTX).alert

    assert alert.why == (
        "An automation (Lead router) moved it from MQL to SQL in Salesforce.",
        "HubSpot moved it elsewhere.",
    )


NURTURED = Ending(road=Road.NURTURE, stage=Stage.NURTURE, why="not accepted in time")


def due(rung: Rung, *, late: bool = False) -> Due:
    return Due(clock=clock(handoff()), rung=rung, at=planned(handoff(), rung), late=late)


def test_a_handoff_tells_the_receiver_all_they_need_to_act() -> None:
    sent = alerting_handoffs.handoff_alert(lead(), handoff(), verdicts(), CTX)

    assert sent.key == "alert:handoff:handoff:t-0"
    assert sent.alert.title == "New MQL for sales: Jane Doe (Acme)"
    assert sent.alert.facts == (
        ("Source", "Webinar"),
        ("Score", "40 (warm)"),
        ("Owner", "rep@corp.example"),
        ("Accept by", "Tue 3 Mar 17:00 (Europe/Berlin)"),
    )
    assert sent.alert.next_step == (
        "Accept or reject it by Tue 3 Mar 17:00 (Europe/Berlin). "
        'In the CRM, SAL ("sal") accepts it; '
        'Nurture ("nurture") or Disqualified ("disqualified") gives it back.'
    )
    assert sent.alert.acts == (
        Act.ACCEPT,
        Act.REJECT,
        Act.SNOOZE,
        Act.ASK_WAIVER,
        Act.NOT_USEFUL,
    )
    assert (sent.alert.subject, sent.alert.thread) == (handoff().id, handoff().id)


def test_a_lead_of_somebody_who_is_away_goes_to_the_manager_who_reads_why() -> None:
    away = {"rep@corp.example": frozenset({NOW.date()})}
    ctx = replace(CTX, policy=replace(CTX.policy, away=away))

    alert = alerting_handoffs.handoff_alert(lead(), handoff(), (), ctx).alert

    assert alert.to == "manager@corp.example"
    assert alert.why[0] == (
        "rep@corp.example is away, and the clock stands still: whom else could it go to?"
    )


def test_a_handoff_says_what_the_lead_did_last() -> None:
    engaged = lead({**JANE, ENGAGED: NOW - timedelta(days=2)})

    alert = alerting_handoffs.handoff_alert(engaged, handoff(), verdicts(), CTX).alert

    assert alert.facts[2] == (
        "Latest behaviour",
        "engagement, 1 Mar 2026 12:00 UTC (2 days ago)",
    )


def test_a_team_is_told_of_its_handoffs_in_its_own_time() -> None:
    abroad = replace(EVERYBODY, calendar=replace(BERLIN, time_zone="Asia/Kathmandu"))
    others = replace(EVERYBODY, name="others")
    ctx = replace(CTX, policy=replace(CTX.policy, segments=(abroad, others)))

    alert = alerting_handoffs.handoff_alert(lead(), handoff(), (), ctx).alert

    assert alert.facts[-1] == ("Accept by", "Tue 3 Mar 21:45 (Asia/Kathmandu)")
    assert alert.summary == "Jane Doe (Acme): accept by Tue 3 Mar 21:45 (Asia/Kathmandu)"


def test_a_handoff_lists_rules_met_before_what_is_missing() -> None:
    alert = alerting_handoffs.handoff_alert(lead(), handoff(), verdicts(), CTX).alert

    assert alert.why == (
        "✓ The need is written down",
        "Missing: The company has at least 50 employees: seen 12, needed at least 50. "
        "Look the headcount up and fill in Employees.",
        "Missing: The budget is confirmed: cannot tell, because budget confirmed cannot be read: "
        "HubSpot refuses to show it. Fix budget-confirmed.",
    )


def test_a_handoff_nobody_owns_goes_to_the_manager_and_a_later_round_says_so() -> None:
    alert = alerting_handoffs.handoff_alert(lead(cycle=2), handoff(owner=None), (), CTX).alert

    assert alert.to == "manager@corp.example"
    assert ("Owner", "nobody yet") in alert.facts
    assert ("Round", "2") in alert.facts


def test_a_lead_without_a_known_source_says_so() -> None:
    alert = alerting_handoffs.handoff_alert(lead({}), handoff(), (), CTX).alert

    assert ("Source", "not known") in alert.facts


def test_a_warning_says_how_long_is_left() -> None:
    ctx = replace(CTX, now=NOW + timedelta(hours=3))

    alert = alerting_rungs.warning_alert(lead(), handoff(), due(Rung.WARN), ctx).alert

    assert alert.title == "Jane Doe (Acme) is waiting to be accepted: due in 1 hour"
    assert alert.why == (
        "It became an MQL Tue 3 Mar 13:00 (Europe/Berlin).",
        "Nobody has reached the lead yet.",
    )
    assert alert.to == "rep@corp.example"


def test_an_offer_and_a_warning_say_by_when_they_are_wanted() -> None:
    offer = alerting_handoffs.handoff_alert(lead(), handoff(), (), CTX).alert
    warning = alerting_rungs.warning_alert(lead(), handoff(), due(Rung.WARN), CTX).alert

    assert offer.wanted_by == warning.wanted_by == NOW + timedelta(hours=4)


@pytest.mark.parametrize(
    ("to", "says"),
    [
        (HandoffState.QUALIFIED, "Qualified by rep@corp.example, Tue 3 Mar 13:00 (Europe/Berlin)"),
        (
            HandoffState.REJECTED,
            "Rejected by rep@corp.example, Tue 3 Mar 13:00 (Europe/Berlin) (no budget)",
        ),
    ],
)
def test_what_became_of_it_says_why_where_that_is_news(to: HandoffState, says: str) -> None:
    how = Change(to=to, at=NOW, seen_at=NOW, by="rep@corp.example", proof=Proof.RECORD)

    assert {x.status for x in outcome(handoff(), how, CTX, because="no budget")} == {says}


@pytest.mark.parametrize(("proof", "acted"), [(Proof.SLACK, True), (Proof.CLOCK, False)])
def test_what_merely_ran_out_is_not_said_to_be_acted_on(proof: Proof, acted: bool) -> None:
    how = Change(to=HandoffState.EXPIRED, at=NOW, seen_at=NOW, by="somebody", proof=proof)

    updates = list(outcome(handoff(), how, CTX, because=""))

    assert updates
    assert {x.acted for x in updates} == {acted}


def test_a_warning_that_comes_at_the_last_moment_says_now() -> None:
    ctx = replace(CTX, now=NOW + timedelta(hours=4))

    assert alerting_rungs.warning_alert(
        lead(), handoff(), due(Rung.WARN), ctx
    ).alert.title.endswith("due now")


def test_a_breach_goes_to_the_manager_and_says_when_the_lead_is_recycled() -> None:
    ctx = replace(CTX, now=NOW + timedelta(hours=4, minutes=5))
    touched = replace(handoff(), first_touch_at=NOW)

    alert = alerting_rungs.breach_alert(lead(), touched, due(Rung.BREACH), ctx).alert

    assert alert.title == "Jane Doe (Acme) was not accepted in time"
    assert alert.why == ("Acceptance was due by Tue 3 Mar 17:00 (Europe/Berlin).",)
    assert "Otherwise it is recycled Wed 4 Mar 17:00 (Europe/Berlin)." in alert.next_step
    assert alert.to == "manager@corp.example"


@pytest.mark.parametrize(
    ("assigned_after", "words"),
    [
        (None, "Nobody was assigned to it."),
        (
            timedelta(hours=1),
            "Of the time so far, 1 hour went by before somebody had it, 2 hours since.",
        ),
    ],
)
def test_a_breach_says_whose_delay_it_was(assigned_after: timedelta | None, words: str) -> None:
    late, now = handoff(owner=None), NOW + timedelta(hours=3)
    if assigned_after:
        shown = Change(
            to=HandoffState.ASSIGNED,
            at=NOW + assigned_after,
            seen_at=now,
            by="somebody",
            proof=Proof.RECORD,
            owner="rep@corp.example",
        )
        late = give(late, shown, policy=POLICY)

    alert = alerting_rungs.breach_alert(lead(), late, due(Rung.BREACH), replace(CTX, now=now))

    assert words in alert.alert.why


def test_a_breach_found_after_downtime_says_that_it_comes_late() -> None:
    ctx = replace(CTX, now=NOW + timedelta(days=1))

    why = alerting_rungs.breach_alert(lead(), handoff(), due(Rung.BREACH, late=True), ctx).alert.why

    assert why[-1] == "This comes late: syncd could not read both CRMs in time."


def test_a_recycled_lead_tells_its_owner_why_and_when_it_may_return() -> None:
    gone = replace(lead(), recycles=1, cool_off_until=NOW + timedelta(days=30))

    alert = alerting_rungs.recycled_alert(gone, handoff(), due(Rung.RECYCLE), NURTURED, CTX).alert

    assert alert.title == "Jane Doe (Acme) went back to Nurture"
    assert alert.why == (
        "Acceptance was due by Tue 3 Mar 17:00 (Europe/Berlin).",
        "Nobody has reached the lead yet.",
    )
    assert alert.facts == (
        ("Reason", "not accepted in time"),
        ("Times recycled", "1"),
        ("MQL again from", "Thu 2 Apr 14:00 (Europe/Berlin)"),
    )
    assert alert.to == "rep@corp.example"


def test_a_recycle_without_a_cool_off_names_no_date() -> None:
    late = due(Rung.RECYCLE, late=True)

    alert = alerting_rungs.recycled_alert(lead(), handoff(), late, NURTURED, CTX).alert

    assert [label for label, _ in alert.facts] == ["Reason", "Times recycled"]
    assert alert.why[-1].startswith("This comes late")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (JANE, "Jane Doe (Acme)"),
        ({NAMES[1]: "Doe"}, "Doe"),
        ({COMPANY: "Acme"}, "Acme"),
        ({NAMES[0]: Unreadable(why="?")}, "Salesforce 00Q1"),
    ],
)
def test_a_person_is_called_by_what_is_known_of_them(
    values: dict[FieldName, Seen], name: str
) -> None:
    assert name_of(lead(values), CTX.crm) == name


def test_a_lead_whose_records_are_gone_still_has_a_name_and_no_links() -> None:
    gone = replace(lead(), sides={x: replace(s, gone="deleted") for x, s in lead().sides.items()})

    alert = alerting.qualifies_alert(gone, (), transition(), CTX).alert

    assert alert.title.startswith("A lead that is gone")
    assert alert.links == ()


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        (SOMEBODY, "somebody"),
        (Actor(kind=ActorKind.PERSON, owner="rep@corp.example"), "rep@corp.example"),
        (Actor(kind=ActorKind.PERSON), "Somebody"),
        (Actor(kind=ActorKind.AUTOMATION), "An automation"),
    ],
)
def test_a_mover_is_named_as_well_as_known(actor: Actor, words: str) -> None:
    assert mover(actor) == words


def test_stages_are_written_as_people_write_them() -> None:
    assert [stage_words(x) for x in (Stage.SAL, Stage.NURTURE, Stage.NONE)] == [
        "SAL",
        "Nurture",
        "no stage",
    ]
