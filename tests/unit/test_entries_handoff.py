"""Audit entries of handoffs, rounds and waivers in words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from answer_cases import (
    ACCEPT,
    APPROVERS,
    ASK,
    REJECT,
    SNOOZE,
    THE_REP,
    offered,
    says,
    told,
)
from core_cases import LEAD, NOW
from decide_cases import HUBSPOT, SALESFORCE, known, look, shows

from syncd.cli.entries import entry_words
from syncd.cli.local import Local
from syncd.core.draft import Draft
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import Decision
from syncd.domain.names import FieldName
from syncd.domain.order import AnswerWaiver, Via
from syncd.domain.stage import Stage

LOCAL = Local("Europe/Berlin")
VP = APPROVERS[0]


def words(found: Draft | Decision) -> list[str]:
    """What happened, entry by entry, with what stands below each."""
    told_of = (entry_words(entry, {}, LOCAL) for entry in found.audit)
    return [" | ".join((head, *below)) for head, below in told_of]


def noted(kind: AuditKind, **facts: str) -> str:
    entry = AuditEntry(at=NOW, kind=kind, lead_id=LEAD, facts=facts, personal={})
    head, below = entry_words(entry, {}, LOCAL)
    return " | ".join((head, *below))


def test_an_offer_tells_for_whom_and_until_when() -> None:
    before = known(Stage.LEAD)

    found = look(before, shows(before, HUBSPOT, Stage.MQL))

    assert words(found) == ["Offered to sales, as “everybody” | acceptance by Tue 3 Mar 17:00"]


def test_an_acceptance_tells_by_whom_and_where() -> None:
    assert words(says(offered(), ACCEPT)) == [f"Accepted by {THE_REP} | said in Slack"]


def test_a_snooze_tells_by_whom_and_until_when_there_is_time_now() -> None:
    found = words(says(offered(), SNOOZE, "root", via=Via.COMMAND))

    assert found == ["Snoozed by root | said on the command line | acceptance by Wed 4 Mar 11:00"]


def test_a_rejection_tells_everything_that_was_said_and_where_it_leads() -> None:
    what = replace(
        REJECT, missing=(FieldName("budget_confirmed"),), objection="too dear", note="call in May"
    )

    assert words(says(offered(), what)) == [
        f"{THE_REP} rejected it in Slack: not-ready | missing at handoff: budget confirmed"
        " | objection: too dear | note: call in May",
        f"Handoff rejected by {THE_REP} | not ready to buy | said in Slack",
        "Recycled: round 1 is over",
    ]


def test_a_rejection_until_a_day_tells_the_day() -> None:
    what = replace(REJECT, reason="bad-timing", until=date(2026, 6, 1))

    assert "until 2026-06-01" in words(says(offered(), what))[0]


def test_the_other_roads_are_told_apart() -> None:
    out = says(offered(), replace(REJECT, reason="wrong-fit"))
    retired = says(replace(offered(), cycle=3), REJECT)

    assert words(out)[-1] == "Out, at Disqualified: round 1 is over"
    assert words(retired)[-1] == "Retired to Disqualified: round 3 was the last"


def test_a_rejection_in_the_crm_needs_no_words_of_ours() -> None:
    found = look(offered(), shows(offered(), SALESFORCE, Stage.NURTURE), ctx=told())

    assert words(found)[0] == f"Handoff rejected by {THE_REP} | moved to nurture"


def test_a_new_owner_is_told() -> None:
    found = look(offered(), shows(offered(), SALESFORCE, owner="new@corp.example"), ctx=told())

    assert words(found) == ["It has another owner | acceptance by Tue 3 Mar 17:00"]


def test_what_was_not_done_says_why() -> None:
    (said,) = words(says(offered(), ACCEPT, "stranger@corp.example"))

    assert said.startswith("Not done: accept, asked by stranger@corp.example | Only ")


def test_a_waiver_asked_for_and_answered_is_told_with_both_people() -> None:
    asking = says(offered(), ASK)
    answer = AnswerWaiver(lead_id=LEAD, asked="w-1", granted=True)
    what = "budget-confirmed at the SQL gate until Wed 4 Mar 13:00"

    granted, refused = (
        says(asking.lead, replace(answer, granted=granted), VP) for granted in (True, False)
    )

    reason = "reason: a partner vouches for them"
    assert words(asking) == [f"{THE_REP} asked to waive {what} | {reason}"]
    assert words(granted) == [f"{VP} waived {what} | {reason} | asked for by {THE_REP}"]
    assert words(refused) == [f"{VP} refused to waive {what} | asked for by {THE_REP}"]


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        (
            AuditKind.HANDOFF,
            {"state": "open", "due": NOW.isoformat(), "expires": NOW.isoformat()},
            "Offered to sales: to be accepted by Tue 3 Mar 13:00"
            " | otherwise recycled at Tue 3 Mar 13:00",
        ),
        (
            AuditKind.HANDOFF,
            {"state": "expired", "because": "late"},
            "Handoff expired | late",
        ),
        (AuditKind.HANDOFF, {"state": "opened", "proof": "record"}, "Nobody has it any more"),
        (
            AuditKind.HANDOFF,
            {"state": "assigned", "proof": "clock", "ref": "accept"},
            "Passed on by syncd to the next owner",
        ),
        (
            AuditKind.HANDOFF,
            {"state": "assigned", "step": "replanned", "touch_by": NOW.isoformat()},
            "Deadlines counted again: the calendar, days off or the promise changed"
            " | first touch by Tue 3 Mar 13:00",
        ),
        (
            AuditKind.RECYCLED,
            {"cycle": "1", "late": "true"},
            "Recycled: round 1 is over | later than promised: it could not be judged in time",
        ),
    ],
    ids=["an old offer", "an end", "no owner", "passed on", "counted again", "an old recycle"],
)
def test_other_entries(kind: AuditKind, facts: dict[str, str], said: str) -> None:
    assert noted(kind, **facts) == said


def test_a_breach_tells_what_was_due_and_when_it_came_after_all() -> None:
    facts = {"step": "breached", "clock": "accept", "was_due": NOW.isoformat()}
    came = (NOW + timedelta(minutes=30)).isoformat()

    answered = noted(AuditKind.HANDOFF, **facts, answered=came)

    assert answered == "Breach: acceptance was due by Tue 3 Mar 13:00 | it came Tue 3 Mar 13:30"
    assert noted(AuditKind.HANDOFF, **facts, answered="") == answered.partition(" |")[0]
