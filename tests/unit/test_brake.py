from dataclasses import replace

import pytest
from core_cases import EMPLOYEES, MOVE, NOW, lead

from syncd.core.brake import allowed, brake, counted, digest, kind_of, part_of, says
from syncd.domain.action import CreateRecord, FieldWrite, WriteKind, WriteRecord
from syncd.domain.decision import Braked, Decision, HeldLead, Plan, PlanState
from syncd.domain.names import STAGE, ActionKey, FieldName, LeadId, PlanId, RecordId, System
from syncd.domain.policy import Limit
from syncd.domain.stage import Stage

LIMITS = {kind: Limit(records=3, percent=0) for kind in WriteKind}
BACK = FieldWrite(field=STAGE, seen=Stage.SQL, value=Stage.MQL, rule="refused move")
SIZE = FieldWrite(field=EMPLOYEES, seen=12, value=60, rule="travel")


def write(kind: WriteKind, *writes: FieldWrite, lead_id: str = "lead-0") -> WriteRecord:
    return WriteRecord(
        key=ActionKey(f"{kind}:{lead_id}"),
        kind=kind,
        lead_id=LeadId(lead_id),
        system=System.SALESFORCE,
        record_id=RecordId("00Q1"),
        record_kind="Lead",
        writes=writes or (BACK,),
        cause=MOVE,
    )


def decision(number: int, *kinds: WriteKind) -> Decision:
    lead_id = LeadId(f"lead-{number}")
    known = replace(lead(), id=lead_id)
    actions = tuple(write(kind, lead_id=lead_id) for kind in kinds)
    return Decision(lead=known, observed=known, actions=actions)


def batch(count: int, kind: WriteKind = WriteKind.REVERT) -> list[Decision]:
    return [decision(n, kind) for n in range(count)]


def plan(*held: HeldLead, state: PlanState = PlanState.OPEN) -> Plan:
    return Plan(
        id=PlanId("p-1"), kind=WriteKind.REVERT, state=state, opened_at=NOW, reason="", leads=held
    )


def braked(decisions: list[Decision], *, spent: int = 0, plans: tuple[Plan, ...] = ()) -> Braked:
    return brake(
        decisions,
        spent={WriteKind.REVERT: spent},
        open_plans=plans,
        limits=LIMITS,
        linked=100,
    )


@pytest.mark.parametrize(("count", "spent"), [(3, 0), (1, 2), (0, 9)])
def test_a_batch_within_the_hours_limit_goes(count: int, spent: int) -> None:
    found = braked(batch(count), spent=spent)

    assert (len(found.go), found.held) == (count, {})


@pytest.mark.parametrize(("count", "spent"), [(4, 0), (2, 2), (1, 3)])
def test_one_lead_too_many_holds_all_of_the_batch_with_that_class(count: int, spent: int) -> None:
    decisions = batch(count)

    found = braked(decisions, spent=spent)

    assert (found.go, found.held) == ((), {WriteKind.REVERT: tuple(decisions)})


def test_other_classes_go_on() -> None:
    other = decision(9, WriteKind.SYNC)

    assert braked([*batch(4), other]).go == (other,)


def test_a_lead_counts_once_however_many_of_its_records_are_written() -> None:
    twice = replace(decision(0), actions=(write(WriteKind.REVERT), write(WriteKind.REVERT, SIZE)))

    assert braked([twice, *batch(2)]).held == {}


def test_a_share_of_the_linked_leads_counts_where_it_is_more() -> None:
    limit = Limit(records=10, percent=2.5)

    assert (allowed(limit, 100), allowed(limit, 1_000)) == (10, 25)


def test_a_class_without_a_limit_may_do_nothing() -> None:
    found = brake(batch(1), spent={}, open_plans=(), limits={}, linked=1_000)

    assert found.go == ()


def test_marks_alone_are_never_held() -> None:
    decisions = batch(50, WriteKind.MARK)

    assert braked(decisions).go == tuple(decisions)


def test_marks_are_held_with_the_move_they_explain() -> None:
    decisions = [decision(n, WriteKind.REVERT, WriteKind.MARK) for n in range(4)]

    assert braked(decisions).held == {WriteKind.REVERT: tuple(decisions)}


def test_a_decision_without_writes_goes() -> None:
    silent = decision(9)

    assert silent in braked([silent, *batch(4)]).go


def test_while_a_plan_is_open_more_of_its_class_joins_it() -> None:
    decisions = batch(1)

    found = braked(decisions, plans=(plan(),))

    assert found.held == {WriteKind.REVERT: tuple(decisions)}


def test_a_plan_that_is_done_holds_nothing() -> None:
    assert braked(batch(1), plans=(plan(state=PlanState.DONE),)).held == {}


def approved(one: Decision, its_digest: str | None = None) -> Plan:
    held = HeldLead(lead_id=one.lead.id, digest=its_digest or digest(one.actions), says=())
    return plan(held, state=PlanState.APPROVED)


def test_an_approved_lead_passes_though_the_hour_is_spent() -> None:
    one = decision(0, WriteKind.REVERT)

    assert braked([one], spent=99, plans=(approved(one),)).go == (one,)


def test_approved_leads_do_not_use_up_what_others_may_do() -> None:
    one = decision(7, WriteKind.REVERT)

    assert braked([one, *batch(3)], plans=(approved(one),)).held == {}


def test_an_approved_lead_whose_actions_changed_is_braked_like_any_other() -> None:
    one = decision(0, WriteKind.REVERT)

    found = braked([one], spent=3, plans=(approved(one, "another"),))

    assert found.held == {WriteKind.REVERT: (one,)}


def test_a_decision_stopped_twice_is_held_once() -> None:
    decisions = [decision(n, WriteKind.REVERT, WriteKind.SYNC) for n in range(4)]

    assert braked(decisions).held == {WriteKind.REVERT: tuple(decisions)}


def test_a_digest_does_not_know_keys_causes_or_order() -> None:
    one, two = write(WriteKind.REVERT), write(WriteKind.SYNC, SIZE)

    again = (two, replace(one, key=ActionKey("other"), cause=None))

    assert digest((one, two)) == digest(again)


def test_a_digest_leaves_out_what_only_syncd_writes() -> None:
    words = FieldWrite(
        field=FieldName("syncd_findings"), seen=None, value="12 days ago", rule="", guarded=False
    )

    with_mark = (write(WriteKind.REVERT), write(WriteKind.MARK, words))

    assert digest(with_mark) == digest((write(WriteKind.REVERT),))


@pytest.mark.parametrize(
    "other",
    [
        write(WriteKind.RECYCLE),
        write(WriteKind.REVERT, SIZE),
        write(WriteKind.REVERT, replace(BACK, value=Stage.LEAD)),
        write(WriteKind.REVERT, replace(BACK, seen=Stage.OPPORTUNITY)),
        replace(write(WriteKind.REVERT), record_id=RecordId("00Q2")),
    ],
    ids=["class", "field", "value", "value seen", "record"],
)
def test_a_digest_tells_different_writes_apart(other: WriteRecord) -> None:
    assert digest((write(WriteKind.REVERT),)) != digest((other,))


def test_a_write_is_told_by_stages_and_field_names_and_no_other_value() -> None:
    words = says(write(WriteKind.REVERT, BACK, SIZE))

    assert words == "Salesforce Lead 00Q1: move back (stage from sql to mql, employees)"


# --- records to make ---------------------------------------------------------------------


def creation(number: int = 0, company: str = "Acme") -> CreateRecord:
    return CreateRecord(
        key=ActionKey(f"create:salesforce:lead-{number}"),
        lead_id=LeadId(f"lead-{number}"),
        system=System.SALESFORCE,
        record_kind="Lead",
        email="jane@x.example",
        values={FieldName("company"): company, FieldName("first_name"): "Jane"},
        stage=Stage.MQL,
    )


def creating(number: int) -> Decision:
    return replace(decision(number), actions=(creation(number),))


@pytest.mark.parametrize(("limit", "held"), [(3, False), (2, True)])
def test_records_to_make_are_a_class_of_their_own(limit: int, held: bool) -> None:
    outcome = brake(
        [creating(number) for number in range(3)],
        spent={},
        open_plans=(),
        limits={WriteKind.CREATE: Limit(records=limit, percent=0)},
        linked=0,
    )

    assert (WriteKind.CREATE in outcome.withheld) is held


def test_what_a_record_would_hold_is_part_of_what_was_approved() -> None:
    assert digest([creation()]) == digest([creation()])
    assert digest([creation()]) != digest([creation(company="Other")])


def test_a_record_to_make_is_told_without_its_values() -> None:
    assert says(creation()) == (
        "Salesforce Lead for lead lead-0: create (stage mql, email, company, first name)"
    )


@pytest.mark.parametrize("kind", [WriteKind.SYNC, WriteKind.CREATE, WriteKind.REPAIR])
def test_of_a_class_that_moves_no_stage_only_the_writes_are_held(kind: WriteKind) -> None:
    decisions = [decision(n, kind, WriteKind.REVERT) for n in range(3)]

    found = brake(decisions, spent={kind: 1}, open_plans=(), limits=LIMITS, linked=100)

    assert (found.held, found.withheld) == ({}, {kind: tuple(decisions)})
    left = [[kind_of(x) for x in counted(d.actions)] for d in found.go]
    assert left == [[WriteKind.REVERT]] * 3


def test_a_move_that_is_held_holds_all_else_of_its_lead() -> None:
    decisions = [decision(n, WriteKind.SYNC, WriteKind.REVERT) for n in range(4)]

    found = brake(decisions, spent={}, open_plans=(), limits=LIMITS, linked=100)

    assert (found.held, found.withheld) == ({WriteKind.REVERT: tuple(decisions)}, {})


def test_approving_held_writes_lets_those_go_and_not_the_lead_with_them() -> None:
    one = decision(0, WriteKind.SYNC, WriteKind.REVERT)
    part = HeldLead(
        lead_id=one.lead.id, digest=digest(part_of(one.actions, WriteKind.SYNC)), says=()
    )
    synced = replace(plan(part, state=PlanState.APPROVED), kind=WriteKind.SYNC)

    alone = brake(
        [decision(0, WriteKind.SYNC)], spent={}, open_plans=(synced,), limits={}, linked=0
    )
    both = brake([one], spent={}, open_plans=(synced,), limits={}, linked=0)

    assert [[x.result for x in p.leads] for p in alone.applied] == [["applied"]]
    assert (both.go, both.applied) == ((), ())
