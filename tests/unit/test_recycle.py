"""The end of a round: where the lead goes, what is written, and what it leaves behind."""

from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import NOW, POLICY, REP, handoff, waiver
from decide_cases import DAY, HUBSPOT, MARKS, SALESFORCE, THE_MAP, context, known, side

from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.handoff import by_syncd, close
from syncd.core.recycle import back_to_marketing, end_round
from syncd.domain.action import Enlist, WriteKind, WriteRecord
from syncd.domain.audit import AuditKind
from syncd.domain.ending import Ending, Road
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.lead import Lead, WaiverAsked
from syncd.domain.mapping import Mark
from syncd.domain.names import OWNER, STAGE, FieldName, System
from syncd.domain.policy import Policy
from syncd.domain.stage import Stage
from syncd.domain.values import Value

OVER = close(handoff(), by_syncd(HandoffState.EXPIRED, at=NOW), because="on time")
WHY = POLICY.recycle.reason
LISTED = replace(
    POLICY, recycle=replace(POLICY.recycle, nurture_list="12", campaign="701000000000001AAA")
)


def back(lead: Lead, *, over: Handoff = OVER, rules: Policy = POLICY) -> Draft:
    ctx = context(rules=rules)
    ending = back_to_marketing(lead, over, ctx, why=WHY)
    return end_round(Draft(lead=lead, now=NOW), over, ending, ctx)


def out(lead: Lead, *, ctx: Context | None = None) -> Draft:
    ending = Ending(road=Road.OUT, stage=Stage.DISQUALIFIED, why="rejected by sales: wrong fit")
    return end_round(Draft(lead=lead, now=NOW), OVER, ending, ctx or context(rules=LISTED))


def written(draft: Draft, system: System) -> dict[FieldName, Value]:
    return {
        w.field: w.value
        for x in draft.actions
        if isinstance(x, WriteRecord) and x.system is system and x.kind is WriteKind.RECYCLE
        for w in x.writes
    }


def shown_marks(draft: Draft) -> dict[FieldName, Value]:
    return {
        w.field: w.value
        for x in draft.actions
        if isinstance(x, WriteRecord) and x.kind is WriteKind.MARK
        for w in x.writes
    }


def lists(draft: Draft) -> list[tuple[System, str, bool]]:
    found = (x for x in draft.actions if isinstance(x, Enlist))
    return [(x.system, x.list_id, x.leave) for x in found]


# --- back to marketing -------------------------------------------------------------------


def test_every_side_goes_back_to_nurture_with_its_queue() -> None:
    found = back(known(Stage.MQL))

    for system in System:
        assert written(found, system) == {STAGE: Stage.NURTURE, OWNER: "queue:Nurture"}


def test_the_round_is_counted_and_the_next_one_cools_off() -> None:
    found = back(known(Stage.MQL)).lead

    assert (found.stage, found.recycles, found.cycle) == (Stage.NURTURE, 1, 2)
    assert (found.recycled_at, found.cool_off_until) == (NOW, NOW + 30 * DAY)


def test_people_see_why_and_how_often() -> None:
    found = shown_marks(back(known(Stage.MQL)))

    assert found[MARKS[Mark.RECYCLE_REASON]] == WHY
    assert found[MARKS[Mark.RECYCLES]] == 1


def test_waivers_and_requests_for_them_end_with_the_round() -> None:
    given = waiver("need-stated")
    asked = WaiverAsked(id="w-2", waiver=given, asked_at=NOW)
    before = replace(known(Stage.MQL), waivers=(given,), asked=(asked,), nonconforming=True)

    found = back(before).lead

    assert (found.waivers, found.asked, found.nonconforming) == ((), (), False)


def test_whoever_gets_the_lead_next_sees_who_had_it_and_how_it_ended() -> None:
    (found,) = back(known(Stage.MQL)).lead.rounds

    assert (found.cycle, found.owner, found.why) == (1, REP.owner, WHY)
    assert (found.opened_at, found.closed_at) == (OVER.opened_at, NOW)


def test_the_last_five_rounds_are_kept() -> None:
    lead = known(Stage.MQL)
    many = replace(POLICY, recycle=replace(POLICY.recycle, most_cycles=99))
    for cycle in range(1, 8):
        lead = back(
            replace(lead, stage=Stage.MQL), over=replace(OVER, cycle=cycle), rules=many
        ).lead

    assert [x.cycle for x in lead.rounds] == [3, 4, 5, 6, 7]


def test_what_a_side_shows_already_is_not_written() -> None:
    before = known(
        Stage.MQL,
        side(HUBSPOT, Stage.NURTURE, owner="queue:Nurture"),
        side(SALESFORCE, Stage.MQL),
    )

    found = back(before)

    assert written(found, HUBSPOT) == {}
    assert written(found, SALESFORCE) != {}


def test_a_locked_side_is_left_alone_and_put_on_no_list() -> None:
    locked = side(SALESFORCE, Stage.MQL)
    locked = replace(locked, seen=replace(locked.seen, locked="approval"))
    before = known(Stage.MQL, side(HUBSPOT, Stage.MQL), locked)

    found = back(before, rules=LISTED)

    assert written(found, SALESFORCE) == {}
    assert lists(found) == [(HUBSPOT, "12", False)]


def test_a_stage_a_crm_cannot_be_told_is_a_disagreement_there() -> None:
    lines = tuple(x for x in THE_MAP.sides[HUBSPOT].stages if x.stage is not Stage.NURTURE)
    mute = replace(
        THE_MAP, sides={**THE_MAP.sides, HUBSPOT: replace(THE_MAP.sides[HUBSPOT], stages=lines)}
    )
    ctx = replace(context(), crm=mute)
    lead = known(Stage.MQL)
    ending = back_to_marketing(lead, OVER, ctx, why=WHY)

    found = end_round(Draft(lead=lead, now=NOW), OVER, ending, ctx)

    assert written(found, HUBSPOT) == {OWNER: "queue:Nurture"}
    assert AuditKind.DISAGREEMENT in [x.kind for x in found.audit]


def test_recycled_people_join_the_list_and_the_campaign() -> None:
    found = back(known(Stage.MQL), rules=LISTED)

    assert lists(found) == [
        (SALESFORCE, "701000000000001AAA", False),
        (HUBSPOT, "12", False),
    ]


def test_without_a_list_nobody_is_put_on_one() -> None:
    assert lists(back(known(Stage.MQL))) == []


# --- the last round ----------------------------------------------------------------------


def last_round() -> Lead:
    return replace(known(Stage.MQL), cycle=3, recycles=2)


def test_after_its_last_round_a_lead_is_retired() -> None:
    found = back(last_round(), rules=LISTED)

    assert (found.lead.stage, found.lead.cycle, found.lead.recycles) == (Stage.DISQUALIFIED, 4, 3)
    assert found.lead.cool_off_until is None
    assert written(found, HUBSPOT)[STAGE] == Stage.DISQUALIFIED
    assert shown_marks(found)[MARKS[Mark.RECYCLE_REASON]] == f"{WHY}; retired after 3 rounds"


def test_who_is_retired_leaves_the_list_and_stays_in_the_campaigns_history() -> None:
    assert lists(back(last_round(), rules=LISTED)) == [(HUBSPOT, "12", True)]


# --- out ---------------------------------------------------------------------------------


def test_out_is_out_on_every_side_and_no_recycle() -> None:
    found = out(known(Stage.MQL))

    assert (found.lead.stage, found.lead.cycle, found.lead.recycles) == (Stage.DISQUALIFIED, 2, 0)
    assert written(found, SALESFORCE) == {STAGE: Stage.DISQUALIFIED}


@pytest.mark.parametrize(("recycles", "left"), [(0, []), (1, [True])])
def test_only_who_was_put_on_the_list_is_taken_off(recycles: int, left: list[bool]) -> None:
    found = out(replace(known(Stage.MQL), recycles=recycles))

    assert [leave for _, _, leave in lists(found)] == left


def test_the_audit_tells_which_road_it_took() -> None:
    (entry,) = (x for x in out(known(Stage.MQL)).audit if x.kind is AuditKind.RECYCLED)

    assert (entry.facts["road"], entry.facts["cycle"]) == ("out", "1")


def test_a_sleep_ends_when_it_was_said_to() -> None:
    lead, until = known(Stage.MQL), NOW + timedelta(days=99)

    found = back_to_marketing(lead, OVER, context(), why=WHY, until=until)

    assert found.cool_off_until == until
