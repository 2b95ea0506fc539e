"""Folding what was read into what is known: first sight, echoes, late and lost records."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from core_cases import NOW, REP
from decide_cases import (
    AT_ONCE,
    BEFORE,
    DAY,
    ENFORCE_FROM,
    HUBSPOT,
    LONG_AGO,
    MARKETER,
    MINUTE,
    OURSELVES,
    SALESFORCE,
    TITLE,
    WORKFLOW,
    alerts,
    audit,
    born,
    context,
    delivered,
    is_quiet,
    known,
    look,
    nobody,
    records,
    shows,
    side,
    writes,
)

from syncd.core.observe import observe
from syncd.domain.audit import AuditKind
from syncd.domain.decision import Decision, Observation
from syncd.domain.names import STAGE, RecordId, System
from syncd.domain.stage import ActorKind, Evidence, Stage, StageStep
from syncd.domain.values import Unreadable, Value


def path(found: Decision) -> list[tuple[Stage, Stage]]:
    return [(x.from_stage, x.to_stage) for x in found.transitions]


def stages_written(found: Decision) -> dict[System, Value]:
    return {s: fields[STAGE] for s in System if STAGE in (fields := writes(found, s))}


# --- first sight -------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [Stage.LEAD, Stage.MQL, Stage.SQL, Stage.CUSTOMER])
def test_first_sight_is_not_a_move(stage: Stage) -> None:
    old = (Observation(snapshot=side(system, stage, employees=1).seen) for system in System)

    found = look(nobody(), *old)

    assert (found.transitions, found.verdicts, found.actions) == ((), (), ())
    assert found.lead.stage is stage
    assert found.lead.handoff is None
    assert {x.baseline[STAGE] for x in found.lead.sides.values()} == {stage}


def test_first_sight_lists_the_stages_the_sides_disagree_about() -> None:
    found = look(
        nobody(),
        Observation(snapshot=side(SALESFORCE, Stage.SQL).seen),
        Observation(snapshot=side(HUBSPOT, Stage.LEAD).seen),
    )

    assert audit(found).count(AuditKind.FIRST_SIGHT) == 2
    assert [x.facts["system"] for x in found.audit if x.kind is AuditKind.DISAGREEMENT] == [
        "hubspot"
    ]
    assert records(found) == ()


def test_a_lead_from_before_enforce_from_is_never_touched_however_often_it_is_seen() -> None:
    old = tuple(Observation(snapshot=side(x, Stage.SQL, employees=1).seen) for x in System)
    lead = look(nobody(), *old).lead

    again = look(lead, *(shows(lead, x, at=NOW, title="CEO") for x in System))

    assert is_quiet(again)


def test_an_old_record_with_a_history_has_made_no_move_at_first_sight() -> None:
    steps = (StageStep(at=NOW - DAY, stage=Stage.SQL, actor=REP),)
    old = Observation(snapshot=side(SALESFORCE, Stage.SQL).seen, steps=steps)

    assert look(nobody(), old).transitions == ()


def test_a_record_created_after_enforce_from_has_moved_from_none() -> None:
    found = look(nobody(), born(SALESFORCE, Stage.SQL), ctx=context(rules=AT_ONCE))

    assert path(found) == [(Stage.NONE, Stage.SQL)]
    assert {v.gate for v in found.verdicts} == {Stage.MQL, Stage.SQL}


def test_a_record_created_below_every_gate_has_not_moved() -> None:
    found = look(nobody(), born(SALESFORCE, Stage.LEAD))

    assert (path(found), found.lead.stage, records(found)) == ([], Stage.LEAD, ())


def test_an_import_straight_into_sql_is_judged_and_moved_back_to_the_entry_stage() -> None:
    straight = (born(system, Stage.SQL, budget_confirmed=False) for system in System)

    found = look(nobody(), *straight, ctx=context(rules=AT_ONCE))

    assert writes(found, SALESFORCE) == writes(found, HUBSPOT) == {STAGE: Stage.LEAD}
    assert found.lead.stage is Stage.LEAD


def test_an_import_that_meets_the_standard_stays() -> None:
    straight = (born(system, Stage.SQL) for system in System)

    found = look(nobody(), *straight, ctx=context(rules=AT_ONCE))

    assert not any(writes(found, system) for system in System)
    assert found.lead.stage is Stage.SQL


def test_a_new_record_that_moved_before_it_was_read_made_that_move() -> None:
    steps = (
        StageStep(at=NOW - 9 * MINUTE, stage=Stage.LEAD, actor=REP),
        StageStep(at=NOW - MINUTE, stage=Stage.MQL, actor=MARKETER),
    )
    created = born(HUBSPOT, Stage.MQL, at=NOW - 9 * MINUTE)

    found = look(nobody(), replace(created, steps=steps))

    assert path(found)[-1] == (Stage.LEAD, Stage.MQL)
    assert found.transitions[-1].actor == MARKETER


def test_the_new_twin_of_a_known_lead_starts_where_the_lead_stands() -> None:
    alone = known(Stage.SAL, side(SALESFORCE, Stage.SAL))

    found = look(alone, born(HUBSPOT, Stage.LEAD))

    assert writes(found, HUBSPOT) == {STAGE: Stage.SAL}
    assert found.lead.stage is Stage.SAL


def test_the_new_twin_that_stands_higher_has_moved_and_is_judged() -> None:
    alone = known(Stage.MQL, side(SALESFORCE, Stage.MQL))

    found = look(
        alone, born(HUBSPOT, Stage.SQL, budget_confirmed=False), ctx=context(rules=AT_ONCE)
    )

    assert path(found) == [(Stage.MQL, Stage.SQL)]
    assert writes(found, HUBSPOT) == {STAGE: Stage.MQL}


@pytest.mark.parametrize(
    ("there", "here", "moves", "written"),
    [
        (Stage.LEAD, Stage.NURTURE, set(), {}),
        (Stage.NONE, Stage.LEAD, set(), {HUBSPOT: Stage.LEAD}),
        (Stage.LEAD, Stage.NONE, set(), {SALESFORCE: Stage.LEAD}),
        (Stage.LEAD, Stage.MQL, {(Stage.NONE, Stage.MQL)}, {HUBSPOT: Stage.MQL}),
    ],
)
def test_of_two_new_records_it_does_not_matter_which_was_read_first(
    there: Stage,
    here: Stage,
    moves: set[tuple[Stage, Stage]],
    written: dict[System, Stage],
) -> None:
    hubspot, salesforce = born(HUBSPOT, there), born(SALESFORCE, here)

    for pages in ([hubspot, salesforce], [salesforce, hubspot]):
        first = look(nobody(), pages[0])
        second = look(first.lead, pages[1])
        assert {*path(first), *path(second)} == moves
        assert stages_written(second) == written

    together = look(nobody(), hubspot, salesforce)
    assert set(path(together)) == moves
    assert stages_written(together) == written


def test_an_old_twin_only_lists_the_disagreement() -> None:
    alone = known(Stage.SAL, side(SALESFORCE, Stage.SAL))

    found = look(alone, Observation(snapshot=side(HUBSPOT, Stage.LEAD).seen))

    assert (records(found), found.lead.stage) == ((), Stage.SAL)
    assert AuditKind.DISAGREEMENT in audit(found)


@pytest.mark.parametrize("stage", [Stage.MQL, Stage.SQL])
def test_a_twin_that_can_take_no_write_is_not_raised(stage: Stage) -> None:
    alone = known(stage, side(SALESFORCE, stage))
    twin = born(HUBSPOT, Stage.LEAD)

    found = look(alone, replace(twin, snapshot=replace(twin.snapshot, locked="archived")))

    assert records(found) == ()


def test_a_twin_in_a_crm_that_cannot_be_told_the_stage_is_not_raised() -> None:
    alone = known(Stage.CUSTOMER, side(SALESFORCE, Stage.CUSTOMER))

    assert records(look(alone, born(HUBSPOT, Stage.LEAD))) == ()


def test_what_cannot_be_read_at_first_sight_is_no_baseline() -> None:
    seen = side(HUBSPOT, title=Unreadable("hidden")).seen

    found = look(nobody(), Observation(snapshot=seen))

    assert TITLE not in found.lead.sides[HUBSPOT].baseline


# --- moves -------------------------------------------------------------------------------


def test_history_fills_in_the_steps_between_two_polls_and_who_moved() -> None:
    before = known(Stage.LEAD)
    seen = shows(before, HUBSPOT, Stage.SAL)
    steps = (
        StageStep(at=NOW - 2 * MINUTE, stage=Stage.MQL, actor=MARKETER),
        StageStep(at=NOW - MINUTE, stage=Stage.SAL, actor=WORKFLOW),
    )

    found = look(before, replace(seen, steps=steps))

    assert path(found) == [(Stage.LEAD, Stage.MQL), (Stage.MQL, Stage.SAL)]
    assert [x.actor for x in found.transitions] == [MARKETER, WORKFLOW]


def test_a_move_there_and_back_between_two_polls_is_recorded_and_changes_nothing() -> None:
    before = known(Stage.LEAD)
    steps = (
        StageStep(at=NOW - 2 * MINUTE, stage=Stage.SQL, actor=REP),
        StageStep(at=NOW - MINUTE, stage=Stage.LEAD, actor=REP),
    )

    found = look(before, replace(shows(before, HUBSPOT, Stage.LEAD), steps=steps))

    assert len(found.transitions) == 2
    assert (found.actions, found.verdicts) == ((), ())


def test_without_history_the_difference_is_recorded_marked_coalesced() -> None:
    before = known(Stage.LEAD)

    found = look(before, shows(before, HUBSPOT, Stage.SAL, by=None))

    assert [(x.evidence, x.to_stage) for x in found.transitions] == [
        (Evidence.COALESCED, Stage.SAL)
    ]


def test_a_move_is_recorded_once_however_often_it_is_seen() -> None:
    before = known(Stage.LEAD, budget_confirmed=False)
    seen = shows(before, SALESFORCE, Stage.SQL)
    waiting = look(before, seen).lead

    later = shows(waiting, SALESFORCE, at=NOW + MINUTE, title="CEO")
    again = look(waiting, replace(later, steps=seen.steps), now=NOW + MINUTE)

    assert again.transitions == ()
    assert again.lead.move == waiting.move


def test_two_moves_within_one_second_are_recorded_once_each() -> None:
    before = known(Stage.LEAD, budget_confirmed=False)
    steps = tuple(StageStep(at=NOW, stage=s, actor=REP) for s in (Stage.MQL, Stage.SQL))
    waiting = look(before, replace(shows(before, SALESFORCE, Stage.SQL), steps=steps))

    later = shows(waiting.lead, SALESFORCE, at=NOW + MINUTE, title="CEO")
    again = look(waiting.lead, replace(later, steps=steps), now=NOW + MINUTE)

    assert len(waiting.transitions) == 2
    assert again.transitions == ()


def test_a_move_already_known_without_history_is_not_recorded_again_when_history_shows_it() -> None:
    before = known(Stage.LEAD, budget_confirmed=False)
    waiting = look(before, shows(before, SALESFORCE, Stage.SQL, by=None)).lead

    later = shows(waiting, SALESFORCE, at=NOW + MINUTE, title="CEO")
    step = StageStep(at=NOW - MINUTE, stage=Stage.SQL, actor=REP)
    again = look(waiting, replace(later, steps=(step,)), now=NOW + MINUTE)

    assert again.transitions == ()


def test_our_own_move_seen_in_history_is_nobodys_move() -> None:
    before = known(Stage.LEAD)
    settled = delivered(look(before, shows(before, HUBSPOT, Stage.SAL)))
    echo = shows(settled, SALESFORCE, Stage.SAL, at=NOW + MINUTE, by=OURSELVES)

    found = look(settled, echo, now=NOW + 2 * MINUTE)

    assert is_quiet(found)


def test_a_persons_steps_just_before_our_write_are_recorded_after_it() -> None:
    before = known(Stage.LEAD)
    settled = delivered(look(before, shows(before, HUBSPOT, Stage.SAL)), at=NOW + 5 * MINUTE)
    steps = (
        StageStep(at=NOW + MINUTE, stage=Stage.NURTURE, actor=REP),
        StageStep(at=NOW + 2 * MINUTE, stage=Stage.LEAD, actor=REP),
        StageStep(at=NOW + 5 * MINUTE, stage=Stage.SAL, actor=OURSELVES),
    )
    echo = shows(settled, SALESFORCE, Stage.SAL, at=NOW + 5 * MINUTE)

    found = look(settled, replace(echo, steps=steps), now=NOW + 6 * MINUTE)

    assert [x.to_stage for x in found.transitions] == [Stage.NURTURE, Stage.LEAD]
    assert records(found) == ()


@pytest.mark.parametrize("entered", [timedelta(), timedelta(seconds=1)])
def test_the_stage_a_record_was_made_with_is_no_move_away_from_what_we_wrote_later(
    entered: timedelta,
) -> None:
    made = born(HUBSPOT, Stage.LEAD)
    first = StageStep(at=NOW - MINUTE + entered, stage=Stage.LEAD, actor=REP)
    created = replace(made, steps=(first,))
    lead = look(nobody(), created, born(SALESFORCE, Stage.LEAD)).lead
    settled = delivered(look(lead, shows(lead, SALESFORCE, Stage.MQL)))
    ours = StageStep(at=NOW + MINUTE, stage=Stage.MQL, actor=OURSELVES)
    echo = replace(shows(settled, HUBSPOT, Stage.MQL, at=NOW + MINUTE), steps=(first, ours))

    found = look(settled, echo, now=NOW + 2 * MINUTE)

    assert found.transitions == ()


def test_a_move_that_was_moved_back_is_not_recorded_again_by_a_later_read() -> None:
    before = known(Stage.LEAD, budget_confirmed=False)
    move = shows(before, SALESFORCE, Stage.SQL)
    settled = delivered(look(before, move, ctx=context(rules=AT_ONCE)))
    steps = (
        *(move.steps or ()),
        StageStep(at=NOW + MINUTE, stage=Stage.LEAD, actor=OURSELVES),
    )
    later = shows(settled, SALESFORCE, at=NOW + 2 * MINUTE, title="CEO")

    found = look(settled, replace(later, steps=steps), ctx=context(NOW + 2 * MINUTE, rules=AT_ONCE))

    assert found.transitions == ()
    assert found.lead.stage is Stage.LEAD


def test_a_write_whose_answer_was_lost_is_settled_by_the_history_that_shows_it_undone() -> None:
    before = known(Stage.LEAD, budget_confirmed=False)
    rules = AT_ONCE
    refused = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=context(rules=rules)).lead
    steps = (
        StageStep(at=NOW, stage=Stage.SQL, actor=REP),
        StageStep(at=NOW + MINUTE, stage=Stage.LEAD, actor=OURSELVES),
        StageStep(at=NOW + 2 * MINUTE, stage=Stage.SQL, actor=WORKFLOW),
    )
    undone = shows(refused, SALESFORCE, Stage.SQL, at=NOW + 2 * MINUTE)

    found = look(refused, replace(undone, steps=steps), ctx=context(NOW + 3 * MINUTE, rules=rules))

    assert [(x.to_stage, x.actor.kind) for x in found.transitions] == [
        (Stage.LEAD, ActorKind.SYNCD),
        (Stage.SQL, ActorKind.AUTOMATION),
    ]
    assert found.lead.refusal is not None
    assert found.lead.refusal.times == 2


def test_history_that_is_fresher_than_the_record_is_believed() -> None:
    before = known(Stage.LEAD)
    lagging = shows(before, HUBSPOT, at=NOW - MINUTE, title="CEO")
    steps = (StageStep(at=NOW, stage=Stage.SAL, actor=REP),)

    found = look(before, replace(lagging, steps=steps))

    assert path(found) == [(Stage.LEAD, Stage.SAL)]
    assert found.lead.stage is Stage.SAL


def test_a_stage_no_line_tells_never_travels_and_the_last_known_stage_stays_the_from() -> None:
    before = known(Stage.LEAD)
    untold = shows(before, HUBSPOT, at=NOW)
    odd = {**untold.snapshot.values, STAGE: Unreadable("no stage is spelled 99")}
    lost = look(before, replace(untold, snapshot=replace(untold.snapshot, values=odd)))

    found = look(lost.lead, shows(lost.lead, HUBSPOT, Stage.SAL, at=NOW + MINUTE))

    assert is_quiet(lost)
    assert path(found) == [(Stage.LEAD, Stage.SAL)]


# --- records that go and come ------------------------------------------------------------


def test_a_deleted_record_is_gone_once() -> None:
    before = known(title="CFO")
    in_flight = look(before, shows(before, HUBSPOT, title="CEO")).lead
    gone = shows(in_flight, SALESFORCE)
    gone = replace(gone, snapshot=replace(gone.snapshot, deleted=True))

    found = look(in_flight, gone)
    again = look(found.lead, gone)

    assert (audit(found), found.lead.sides[SALESFORCE].gone) == ([AuditKind.GONE], "deleted")
    assert is_quiet(again)


@pytest.mark.parametrize(("stamp", "since"), [(BEFORE, NOW), (NOW - MINUTE, NOW - MINUTE)])
def test_a_record_is_gone_since_its_last_stamp_or_since_that_was_noticed(
    stamp: datetime, since: datetime
) -> None:
    before = known()
    gone = shows(before, SALESFORCE, at=stamp)

    found = look(before, replace(gone, snapshot=replace(gone.snapshot, deleted=True)))

    assert found.lead.sides[SALESFORCE].gone_at == since


def test_a_merged_record_says_into_which() -> None:
    before = known()
    merged = shows(before, SALESFORCE)
    merged = replace(merged, snapshot=replace(merged.snapshot, merged_into=RecordId("00Q9")))

    found = look(before, merged)

    assert found.lead.sides[SALESFORCE].gone == "merged into 00Q9"


def test_a_record_that_comes_back_lives_on() -> None:
    before = known()
    gone = shows(before, SALESFORCE)
    lost = look(before, replace(gone, snapshot=replace(gone.snapshot, deleted=True))).lead

    found = look(lost, shows(lost, SALESFORCE, at=NOW + MINUTE, title="CEO"))

    after = found.lead.sides[SALESFORCE]
    assert (after.gone, after.gone_at) == (None, None)
    assert writes(found, HUBSPOT) == {TITLE: "CEO"}


def test_a_move_on_a_record_that_is_gone_is_withdrawn() -> None:
    before = known(Stage.LEAD, budget_confirmed=False)
    waiting = look(before, shows(before, SALESFORCE, Stage.SQL)).lead
    gone = shows(waiting, SALESFORCE, at=NOW + MINUTE)

    found = look(waiting, replace(gone, snapshot=replace(gone.snapshot, deleted=True)))

    assert (found.lead.move, records(found), alerts(found)) == (None, (), [])


def test_another_record_taking_a_lost_ones_place_is_a_first_sight() -> None:
    lost = replace(side(SALESFORCE), gone="merged into 00Q9")
    before = known(Stage.LEAD, lost, side(HUBSPOT))
    winner = replace(side(SALESFORCE, title="CEO").seen, record_id=RecordId("00Q9"))

    found = look(before, Observation(snapshot=winner))

    assert found.lead.sides[SALESFORCE].record_id == "00Q9"
    assert (audit(found), records(found)) == ([AuditKind.FIRST_SIGHT], ())


def test_what_was_observed_can_be_decided_later_with_the_same_result() -> None:
    before = known(Stage.LEAD, budget_confirmed=False)
    seen = shows(before, SALESFORCE, Stage.SQL, title="CEO")
    ctx = context(rules=AT_ONCE)
    at_once = look(before, seen, ctx=ctx)

    observed = observe(before, {SALESFORCE: seen}, ctx).draft.lead
    later = look(observed, ctx=ctx)

    assert observed == at_once.observed
    assert (later.lead, later.actions) == (at_once.lead, at_once.actions)


def test_moves_before_enforce_from_are_recorded_and_never_enforced() -> None:
    before = known(Stage.LEAD, budget_confirmed=False)
    early = replace(
        before,
        sides={
            k: replace(v, stage_since=LONG_AGO, seen=replace(v.seen, modified_at=LONG_AGO))
            for k, v in before.sides.items()
        },
    )
    move = shows(early, SALESFORCE, Stage.SQL, at=ENFORCE_FROM - MINUTE)

    found = look(early, move, ctx=context(rules=AT_ONCE))

    assert path(found) == [(Stage.LEAD, Stage.SQL)]
    assert (found.verdicts, alerts(found), found.lead.handoff) == ((), [], None)
    assert found.lead.sides[SALESFORCE].baseline[STAGE] is Stage.SQL
