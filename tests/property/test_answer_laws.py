"""Laws of answers: whatever people say, in whatever order and however often."""

from dataclasses import replace
from datetime import date, timedelta

from answer_cases import ACCEPT, APPROVERS, ASK, REASONS, REJECT, SNOOZE, THE_REP, offered, told
from core_cases import LEAD, NOW
from hypothesis import given
from hypothesis import strategies as st

from syncd.core.answers import Answer, answered
from syncd.core.decide import decide
from syncd.domain.action import WriteRecord
from syncd.domain.audit import AuditKind
from syncd.domain.order import AnswerWaiver, Order, Via

PEOPLE = st.sampled_from([THE_REP, "boss@corp.example", "stranger@corp.example", *APPROVERS])
REJECTIONS = st.builds(
    lambda reason, until, note: replace(REJECT, reason=reason, until=until, note=note),
    st.sampled_from([*REASONS, "no such reason"]),
    st.sampled_from([None, date(2026, 3, 1), date(2026, 9, 1)]),
    st.text(max_size=5),
)
VERDICTS = st.builds(
    lambda granted: AnswerWaiver(lead_id=LEAD, asked=ASK.waiver.id, granted=granted),
    st.booleans(),
)
ANSWERS: st.SearchStrategy[Answer] = st.one_of(
    st.sampled_from([ACCEPT, SNOOZE, ASK]), REJECTIONS, VERDICTS
)
SAID = st.lists(st.tuples(ANSWERS, PEOPLE, st.sampled_from(Via)), max_size=6)


def order(what: Answer, by: str, via: Via, number: int) -> Order:
    return Order(id=f"o-{number}", what=what, by=by, placed_at=NOW, via=via)


@given(SAID, st.integers(min_value=1, max_value=4))
def test_a_handoff_ends_once_at_most_and_every_end_is_a_round(
    said: list[tuple[Answer, str, Via]], cycle: int
) -> None:
    lead, ends = replace(offered(), cycle=cycle), 0
    for number, (what, by, via) in enumerate(said):
        draft = answered(lead, what, order(what, by, via, number), told())
        lead, ends = draft.lead, ends + len(draft.closed)

    assert ends <= 1
    assert (lead.cycle, len(lead.rounds)) == (cycle + ends, ends)
    assert (lead.handoff is None) == bool(ends)


@given(SAID)
def test_the_same_answer_again_changes_nothing(said: list[tuple[Answer, str, Via]]) -> None:
    lead = offered()
    for number, (what, by, via) in enumerate(said):
        placed = order(what, by, via, number)
        lead = answered(lead, what, placed, told()).lead

        again = answered(lead, what, placed, told())

        assert again.lead == lead
        assert not [x for x in again.actions if isinstance(x, WriteRecord)]


@given(SAID)
def test_what_is_not_done_changes_nothing_and_is_told(
    said: list[tuple[Answer, str, Via]],
) -> None:
    lead = offered()
    for number, (what, by, via) in enumerate(said):
        draft = answered(lead, what, order(what, by, via, number), told())
        if AuditKind.NOT_DONE in [x.kind for x in draft.audit]:
            assert draft.lead == lead
            assert len(draft.actions) == 1
        lead = draft.lead


@given(SAID)
def test_nobody_but_sales_and_approvers_changes_anything_in_slack(
    said: list[tuple[Answer, str, Via]],
) -> None:
    lead = offered()
    for number, (what, _, _) in enumerate(said):
        placed = order(what, "stranger@corp.example", Via.SLACK, number)

        assert answered(lead, what, placed, told()).lead == lead


@given(SAID)
def test_every_answer_leaves_a_lead_that_can_be_decided_and_comes_to_rest(
    said: list[tuple[Answer, str, Via]],
) -> None:
    lead = offered()
    for number, (what, by, via) in enumerate(said):
        lead = answered(lead, what, order(what, by, via, number), told()).lead

    later = told(NOW + timedelta(minutes=2), fresh=NOW)
    assert decide(decide(lead, {}, later).lead, {}, later).actions == ()
