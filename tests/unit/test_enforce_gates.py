"""What is judged, and what each mode does about it: DESIGN section 5."""

from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import NOW, REP, unsigned
from decide_cases import (
    AT_ONCE,
    GATES,
    HUBSPOT,
    MARKETER,
    MARKS,
    MINUTE,
    SALESFORCE,
    THE_MAP,
    TITLE,
    WORKFLOW,
    alert,
    alerts,
    audit,
    context,
    delivered,
    is_quiet,
    known,
    look,
    marks,
    notes,
    policy,
    records,
    shows,
    side,
    writes,
)

from syncd.core.context import Context
from syncd.domain.action import WriteKind
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.lead import Lead
from syncd.domain.mapping import Mark
from syncd.domain.names import STAGE, System
from syncd.domain.policy import Mode
from syncd.domain.stage import SOMEBODY, Actor, Stage
from syncd.domain.standard import Standard
from syncd.domain.values import Unreadable
from syncd.domain.verdict import Result

NOW_BLOCKS = context(rules=AT_ONCE)


def enforcing(mode: Mode) -> Context:
    return context(rules=policy(mql=mode, sql=mode, grace=timedelta()))


def lacking(stage: Stage = Stage.MQL) -> Lead:
    """A lead without a confirmed budget, so not an SQL."""
    return known(stage, budget_confirmed=False)


# --- what is judged ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "gates"),
    [
        (Stage.LEAD, Stage.MQL, [Stage.MQL]),
        (Stage.MQL, Stage.SQL, [Stage.SQL]),
        (Stage.LEAD, Stage.SQL, [Stage.MQL, Stage.SQL]),
        (Stage.LEAD, Stage.OPPORTUNITY, [Stage.MQL, Stage.SQL]),
        (Stage.NURTURE, Stage.SAL, [Stage.MQL]),
        (Stage.SAL, Stage.OPPORTUNITY, [Stage.SQL]),
        (Stage.MQL, Stage.SAL, []),
        (Stage.SQL, Stage.OPPORTUNITY, []),
        (Stage.SQL, Stage.MQL, []),
        (Stage.SQL, Stage.NURTURE, []),
    ],
)
def test_a_gate_judges_a_move_that_enters_or_jumps_over_its_stage(
    start: Stage, end: Stage, gates: list[Stage]
) -> None:
    before = known(start)

    found = look(before, shows(before, HUBSPOT, end))

    assert [x.gate for x in found.verdicts] == gates


@pytest.mark.parametrize("system", System)
@pytest.mark.parametrize("by", [REP, MARKETER, WORKFLOW, SOMEBODY, None])
def test_a_move_is_judged_whoever_moved_and_on_whichever_side(
    system: System, by: Actor | None
) -> None:
    before = lacking()

    found = look(before, shows(before, system, Stage.SQL, by=by), ctx=NOW_BLOCKS)

    assert writes(found, system) == {STAGE: Stage.MQL}


def test_marketing_is_held_to_mql_exactly_as_sales_is_held_to_sql() -> None:
    before = known(employees=10)

    found = look(before, shows(before, HUBSPOT, Stage.MQL, by=MARKETER), ctx=NOW_BLOCKS)

    assert writes(found, HUBSPOT) == {STAGE: Stage.LEAD}
    assert alerts(found) == [AlertKind.BLOCKED]


def test_only_the_current_stage_is_enforced_steps_left_behind_are_recorded() -> None:
    before = known(budget_confirmed=False)
    jumped = look(before, shows(before, SALESFORCE, Stage.SQL)).lead

    found = look(
        jumped,
        shows(jumped, SALESFORCE, Stage.NURTURE, at=NOW + MINUTE),
        ctx=context(NOW + MINUTE, rules=AT_ONCE),
    )

    assert records(found, WriteKind.REVERT) == ()
    assert found.lead.stage is Stage.NURTURE
    assert len(found.transitions) == 1


def test_the_values_seen_together_with_the_move_are_judged() -> None:
    before = lacking()

    found = look(
        before, shows(before, SALESFORCE, Stage.SQL, budget_confirmed=True), ctx=NOW_BLOCKS
    )

    assert [x.result for x in found.verdicts] == [Result.PASSES]
    assert found.lead.stage is Stage.SQL


# --- passing -----------------------------------------------------------------------------


def test_a_passing_move_becomes_the_leads_stage_and_travels() -> None:
    before = known(Stage.SAL)

    found = look(before, shows(before, SALESFORCE, Stage.SQL))

    (write,) = records(found, WriteKind.PROPAGATE)
    assert (write.system, write.writes[0].seen, write.writes[0].value) == (
        HUBSPOT,
        Stage.SAL,
        Stage.SQL,
    )
    assert write.cause == found.transitions[0].id
    assert (found.lead.stage, found.lead.nonconforming) == (Stage.SQL, False)
    assert alerts(found) == []


def test_a_conforming_move_is_never_reverted() -> None:
    before = known(Stage.SAL)
    settled = delivered(look(before, shows(before, SALESFORCE, Stage.SQL)))

    later = context(NOW + timedelta(days=1), rules=AT_ONCE)

    emptied = shows(settled, SALESFORCE, at=NOW + timedelta(hours=9), budget_confirmed=None)
    assert records(look(settled, emptied, ctx=later), WriteKind.REVERT) == ()


def test_the_verdict_is_written_on_both_records() -> None:
    before = known(Stage.SAL)

    found = look(before, shows(before, SALESFORCE, Stage.SQL))

    for system in System:
        assert marks(found, system)[MARKS[Mark.VERDICT]] == "meets the SQL standard"
        assert marks(found, system)[MARKS[Mark.STANDARD]] == GATES.version


def test_syncds_own_moves_are_never_gated_and_count_once() -> None:
    before = lacking()
    settled = delivered(
        look(before, shows(before, SALESFORCE, Stage.SQL), ctx=enforcing(Mode.FLAG))
    )

    found = look(
        settled,
        shows(settled, HUBSPOT, at=NOW + MINUTE),
        ctx=context(NOW + 2 * MINUTE, rules=AT_ONCE),
    )

    assert is_quiet(found)


# --- unknown -----------------------------------------------------------------------------


def test_only_a_certain_failure_blocks() -> None:
    doubt = Unreadable("hidden")
    before = known(Stage.SAL, budget_confirmed=doubt)

    found = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=NOW_BLOCKS)

    assert [x.result for x in found.verdicts] == [Result.UNKNOWN]
    assert (found.lead.stage, alerts(found)) == (Stage.SQL, [])
    assert marks(found, HUBSPOT)[MARKS[Mark.VERDICT]] == "SQL standard: cannot tell yet"


# --- modes -------------------------------------------------------------------------------


def test_observe_records_the_verdict_and_touches_nothing() -> None:
    before = lacking()

    found = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=enforcing(Mode.OBSERVE))

    assert [x.result for x in found.verdicts] == [Result.FAILS]
    assert (alerts(found), notes(found)) == ([], [])
    assert marks(found, SALESFORCE) == marks(found, HUBSPOT) == {}
    assert writes(found, HUBSPOT) == {STAGE: Stage.SQL}
    assert found.lead.nonconforming


def test_a_gate_without_a_mode_observes() -> None:
    before = lacking()
    silent = replace(policy(grace=timedelta()), modes={})

    found = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=context(rules=silent))

    assert (alerts(found), found.lead.stage) == ([], Stage.SQL)


def test_flag_makes_the_move_the_baseline_marks_it_alerts_and_lets_it_travel() -> None:
    before = lacking()

    found = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=enforcing(Mode.FLAG))

    assert found.lead.sides[SALESFORCE].baseline[STAGE] is Stage.SQL
    assert writes(found, HUBSPOT) == {STAGE: Stage.SQL}
    assert found.lead.nonconforming
    assert (alerts(found), audit(found)) == ([AlertKind.FLAGGED], [AuditKind.FLAGGED])
    assert marks(found, SALESFORCE)[MARKS[Mark.VERDICT]] == "does not meet the SQL standard"
    assert notes(found) == []


def test_a_flagged_lead_that_moves_on_conforming_is_no_longer_marked() -> None:
    before = lacking()
    flagged = delivered(
        look(before, shows(before, SALESFORCE, Stage.SQL), ctx=enforcing(Mode.FLAG))
    )

    found = look(flagged, shows(flagged, SALESFORCE, Stage.SAL, at=NOW + 2 * MINUTE))

    assert not found.lead.nonconforming


def test_block_moves_the_departing_side_back_and_explains_it_where_it_was_made() -> None:
    before = lacking()

    found = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=NOW_BLOCKS)

    (revert,) = records(found, WriteKind.REVERT)
    assert (revert.system, revert.writes[0].seen, revert.writes[0].value) == (
        SALESFORCE,
        Stage.SQL,
        Stage.MQL,
    )
    assert writes(found, HUBSPOT) == {}
    assert (found.lead.stage, found.lead.sides[SALESFORCE].baseline[STAGE]) == (
        Stage.MQL,
        Stage.MQL,
    )
    assert [x.record_id for x in notes(found)] == ["00Q1"]
    assert AuditKind.REFUSED in audit(found)


def test_the_mover_is_told_what_is_missing_and_who_can_waive() -> None:
    before = lacking()

    found = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=NOW_BLOCKS)

    said = alert(found, AlertKind.BLOCKED).alert
    assert said.to == REP.owner
    assert any("budget is confirmed" in line for line in said.why)
    assert "Head of Sales" in said.next_step
    assert notes(found)[0].mark in notes(found)[0].lines[-1]


def test_the_explanation_goes_into_the_syncd_fields_on_every_side() -> None:
    before = lacking()

    found = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=NOW_BLOCKS)

    for system in System:
        assert marks(found, system)[MARKS[Mark.VERDICT]] == "does not meet the SQL standard"
        assert "budget is confirmed" in str(marks(found, system)[MARKS[Mark.FINDINGS]])


def test_the_strictest_mode_of_the_gates_that_fail_counts() -> None:
    before = known(employees=10, budget_confirmed=False)
    mixed = context(rules=policy(mql=Mode.OBSERVE, sql=Mode.BLOCK, grace=timedelta()))

    found = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=mixed)

    assert alerts(found) == [AlertKind.BLOCKED]


def test_the_mode_of_a_gate_that_passes_does_not_count() -> None:
    before = known(employees=10)
    mixed = context(rules=policy(mql=Mode.FLAG, sql=Mode.BLOCK, grace=timedelta()))

    found = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=mixed)

    assert alerts(found)[0] is AlertKind.FLAGGED
    assert records(found, WriteKind.REVERT) == ()


@pytest.mark.parametrize(
    "weak",
    [unsigned(GATES), replace(GATES, review_by=NOW.date() - timedelta(days=1))],
    ids=["unsigned", "past review"],
)
def test_unsigned_or_past_review_caps_the_mode_at_flag(weak: Standard) -> None:
    before = lacking()
    ctx = replace(NOW_BLOCKS, standard=weak)

    found = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=ctx)

    assert alerts(found) == [AlertKind.FLAGGED]
    assert records(found, WriteKind.REVERT) == ()


# --- what cannot be moved back -----------------------------------------------------------


def _with(lead: Lead, system: System, **record: str) -> Lead:
    target = lead.sides[system]
    seen = replace(target.seen, **record)  # type: ignore[arg-type]  # `fixed` or `locked`
    return replace(lead, sides={**lead.sides, system: replace(target, seen=seen)})


@pytest.mark.parametrize("system", System)
@pytest.mark.parametrize("why", ["fixed", "locked"])
def test_what_cannot_be_moved_back_is_never_fought_but_flagged_and_escalated(
    system: System, why: str
) -> None:
    before = _with(lacking(), system, **{why: "it has an open deal"})

    found = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=NOW_BLOCKS)

    assert records(found, WriteKind.REVERT) == ()
    assert (alerts(found), notes(found)) == ([AlertKind.ESCALATED], [])
    assert (found.lead.stage, found.lead.nonconforming) == (Stage.SQL, True)
    assert alert(found, AlertKind.ESCALATED).alert.to == "manager@corp.example"


def test_a_conversion_is_escalated_and_travels_but_the_converted_lead_takes_no_write() -> None:
    before = lacking()
    converted = shows(before, SALESFORCE, Stage.OPPORTUNITY)
    locked = replace(converted.snapshot, fixed="converted", locked="converted")

    found = look(before, replace(converted, snapshot=locked), ctx=NOW_BLOCKS)

    assert alerts(found) == [AlertKind.ESCALATED]
    assert writes(found, HUBSPOT) == {STAGE: Stage.OPPORTUNITY}
    assert writes(found, SALESFORCE) == marks(found, SALESFORCE) == {}


def test_a_move_out_of_a_stage_the_crm_cannot_be_told_is_escalated() -> None:
    """The side would have to be restored to `opportunity`, which only a conversion makes."""
    stage = Stage.OPPORTUNITY
    before = known(stage, side(SALESFORCE, stage), side(HUBSPOT, stage))
    top = replace(
        GATES, gates={Stage.CUSTOMER: replace(GATES.gates[Stage.SQL], stage=Stage.CUSTOMER)}
    )
    ctx = context(gates=top, rules=replace(AT_ONCE, modes={Stage.CUSTOMER: Mode.BLOCK}))

    found = look(before, shows(before, SALESFORCE, Stage.CUSTOMER, budget_confirmed=False), ctx=ctx)

    assert alerts(found) == [AlertKind.ESCALATED]
    assert AuditKind.DISAGREEMENT in audit(found)  # HubSpot cannot be told `customer`


# --- marks -------------------------------------------------------------------------------


def test_a_missing_syncd_field_is_skipped() -> None:
    before = known(Stage.SAL)
    ctx = context()
    fewer = replace(THE_MAP, marks={Mark.STANDARD: MARKS[Mark.STANDARD], Mark.VERDICT: TITLE})
    doubtful = shows(
        before, SALESFORCE, Stage.SQL, also={MARKS[Mark.STANDARD]: Unreadable("no such")}
    )

    found = look(before, doubtful, ctx=replace(ctx, crm=fewer))

    assert marks(found, SALESFORCE) == {TITLE: "meets the SQL standard"}
    assert MARKS[Mark.STANDARD] in marks(found, HUBSPOT)


def test_marks_that_are_shown_already_are_not_written_again() -> None:
    before = known(Stage.SAL)
    settled = delivered(look(before, shows(before, SALESFORCE, Stage.SQL)))
    back = look(settled, shows(settled, SALESFORCE, Stage.SAL, at=NOW + 2 * MINUTE))
    down = delivered(back, at=NOW + 3 * MINUTE)

    found = look(down, shows(down, SALESFORCE, Stage.SQL, at=NOW + 4 * MINUTE))

    assert [x.gate for x in found.verdicts] == [Stage.SQL]
    assert marks(found, SALESFORCE) == {}
