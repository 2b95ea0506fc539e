"""A waiver asked for, and the approvers' answer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from answer_cases import (
    APPROVERS,
    ASK,
    OPEN,
    RULES,
    THE_REP,
    alert_of,
    is_done,
    offered,
    reply,
    says,
    told,
)
from core_cases import LEAD, NOW
from decide_cases import MINUTE

from syncd.core.context import Context
from syncd.domain.action import UpdateAlert
from syncd.domain.alert import Act, AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.lead import Lead
from syncd.domain.names import RuleId
from syncd.domain.order import AnswerWaiver, AskWaiver, Via
from syncd.domain.stage import Stage

VP = APPROVERS[0]
YES = AnswerWaiver(lead_id=LEAD, asked="w-1", granted=True)
NO = replace(YES, granted=False)


def asked() -> Lead:
    return says(offered(), ASK).lead


# --- asking ------------------------------------------------------------------------------


def test_what_is_asked_for_waits_for_an_approver_and_waives_nothing_yet() -> None:
    found = asked()

    (request,) = found.asked
    assert (request.id, request.waiver.by, request.asked_at) == ("w-1", THE_REP, NOW)
    assert found.waivers == ()


def test_the_approvers_are_asked_where_they_can_answer() -> None:
    sent = alert_of(says(offered(), ASK), AlertKind.WAIVER_ASKED).alert

    assert sent.acts == (Act.APPROVE, Act.REFUSE)
    assert (sent.subject, sent.to, sent.thread) == ("w-1", VP, OPEN.id)
    assert any("a partner vouches for them" in line for line in sent.why)
    assert any("The budget is confirmed" in line for line in sent.why)
    assert dict(sent.facts)["Approvers"] == "vp@corp.example or cro@corp.example"


def test_a_request_is_for_the_round_the_lead_is_in() -> None:
    found = says(replace(offered(), cycle=2), ASK).lead

    assert [x.waiver.cycle for x in found.asked] == [2]


def test_asking_twice_is_asking_once() -> None:
    before = asked()

    again = says(before, ASK)

    assert (again.lead, again.actions, again.audit) == (before, (), ())


def test_asking_for_the_same_in_other_words_is_told_who_can_answer() -> None:
    other = AskWaiver(waiver=replace(ASK.waiver, id="w-2", reason="please"))

    found = says(asked(), other)

    assert "asked for already" in reply(found)
    assert "vp@corp.example or cro@corp.example" in reply(found)


def test_something_else_may_be_asked_for_meanwhile() -> None:
    other = AskWaiver(waiver=replace(ASK.waiver, id="w-2", rules=(RuleId("need-stated"),)))

    assert [x.id for x in says(asked(), other).lead.asked] == ["w-1", "w-2"]


@pytest.mark.parametrize(
    ("what", "ctx", "why"),
    [
        (ASK, told(rules=replace(RULES, approvers=())), "names nobody"),
        (AskWaiver(waiver=replace(ASK.waiver, gate=Stage.SAL)), told(), "no gate at sal"),
        (AskWaiver(waiver=replace(ASK.waiver, expires_at=NOW)), told(), "is over"),
    ],
    ids=["no approvers", "no such gate", "too late"],
)
def test_what_nobody_can_grant_is_not_asked(what: AskWaiver, ctx: Context, why: str) -> None:
    found = says(offered(), what, ctx=ctx)

    assert found.lead == offered()
    assert why in reply(found)


def test_a_stranger_may_not_ask() -> None:
    found = says(offered(), ASK, "stranger@corp.example")

    assert not is_done(found)


def test_who_asked_and_why_is_personal() -> None:
    (entry,) = says(offered(), ASK).audit

    assert entry.kind is AuditKind.WAIVER_ASKED
    assert entry.personal == {"by": THE_REP, "reason": "a partner vouches for them"}
    assert entry.facts["rules"] == "budget-confirmed"


# --- answering ---------------------------------------------------------------------------


def test_granted_it_is_a_waiver_in_the_approvers_name() -> None:
    found = says(asked(), YES, VP).lead

    (granted,) = found.waivers
    assert (granted.by, granted.granted_at) == (VP, NOW + MINUTE)
    assert granted.rules == (RuleId("budget-confirmed"),)
    assert found.asked == ()


def test_refused_nothing_is_waived() -> None:
    found = says(asked(), NO, VP).lead

    assert (found.waivers, found.asked) == ((), ())


@pytest.mark.parametrize(("what", "word"), [(YES, "approved"), (NO, "refused")])
def test_whoever_asked_is_told_and_the_request_says_so(what: AnswerWaiver, word: str) -> None:
    found = says(asked(), what, VP)

    sent = alert_of(found, AlertKind.WAIVER_ANSWERED).alert
    assert (sent.to, sent.thread) == (THE_REP, OPEN.id)
    assert f"Waiver {word} by {VP}" in sent.title
    (update,) = (x for x in found.actions if isinstance(x, UpdateAlert))
    assert update.alert_key == "alert:waiver-asked:w-1"
    assert update.status == f"{word.capitalize()} by {VP}"


@pytest.mark.parametrize("by", [THE_REP, "manager@corp.example", "stranger@corp.example"])
@pytest.mark.parametrize("what", [YES, NO])
def test_only_an_approver_can_answer(what: AnswerWaiver, by: str) -> None:
    before = asked()

    found = says(before, what, by)

    assert found.lead == before
    assert "Only vp@corp.example or cro@corp.example" in reply(found)


def test_revops_can_answer_on_the_command_line() -> None:
    assert says(asked(), YES, "root", via=Via.COMMAND).lead.waivers != ()


def test_granting_twice_is_granting_once() -> None:
    once = says(asked(), YES, VP).lead

    again = says(once, YES, VP)

    assert (again.lead, again.actions) == (once, ())


@pytest.mark.parametrize(("first", "second"), [(YES, NO), (NO, YES), (NO, NO)])
def test_the_first_answer_counts(first: AnswerWaiver, second: AnswerWaiver) -> None:
    once = says(asked(), first, VP).lead

    again = says(once, second, APPROVERS[1])

    assert again.lead == once
    assert "answered already" in reply(again)


def test_what_would_be_over_already_is_not_granted() -> None:
    before = asked()

    found = says(before, YES, VP, ctx=told(NOW + timedelta(days=2)))

    assert found.lead == before
    assert "ask for it again" in reply(found)


def test_a_request_ends_with_its_round() -> None:
    over = replace(asked(), asked=(), cycle=2)

    assert "its round is over" in reply(says(over, YES, VP))


def test_who_granted_it_and_who_asked_is_in_the_audit() -> None:
    (entry,) = says(asked(), YES, VP).audit

    assert entry.kind is AuditKind.WAIVED
    assert entry.personal == {
        "by": VP,
        "asked_by": THE_REP,
        "reason": "a partner vouches for them",
    }
