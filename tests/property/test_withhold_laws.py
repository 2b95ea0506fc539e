"""Laws of what the brake holds of a lead without holding the lead: writes wait, nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core_cases import NOW
from decide_cases import AT_ONCE, HUBSPOT, MINUTE, context, known, look, shows, side
from hypothesis import event, given
from hypothesis import strategies as st

from syncd.core.brake import HOLDS_LEAD, brake, counted, digest, kind_of, part_of
from syncd.core.context import Context
from syncd.core.repair import repair
from syncd.domain.action import WriteKind
from syncd.domain.decision import Decision
from syncd.domain.lead import Lead
from syncd.domain.names import FieldName, System
from syncd.domain.order import RepairField
from syncd.domain.policy import Limit, Policy
from syncd.domain.stage import Stage

PARTLY = frozenset((WriteKind.SYNC, WriteKind.CREATE, WriteKind.REPAIR))
LIMITS = {kind: Limit(records=9, percent=0) for kind in HOLDS_LEAD}
"""Room for every move, none for anything else."""

stages = st.sampled_from([Stage.LEAD, Stage.MQL, Stage.SAL, Stage.SQL, Stage.NURTURE])
texts = st.sampled_from([None, "A", "B"])
edits = st.fixed_dictionaries(
    {},
    optional={
        "title": texts,
        "phone": texts,
        "company": texts,
        "need": texts,
        "employees": st.sampled_from([None, 10, 60]),
        "budget_confirmed": st.booleans(),
        "owner": st.sampled_from([None, "rep@corp.example", "ann@corp.example"]),
    },
)
looks = st.dictionaries(st.sampled_from(System), st.tuples(st.none() | stages, edits))
policies = st.sampled_from([AT_ONCE, replace(AT_ONCE, grace=5 * MINUTE)])


def office(rules: Policy) -> Context:
    """Records are made in Salesforce from MQL on."""
    made = context(rules=rules)
    sides = {s: replace(x, external_id="Syncd__c") for s, x in made.crm.sides.items()}
    crm = replace(made.crm, sides=sides, create_in={System.SALESFORCE: Stage.MQL})
    return replace(made, crm=crm)


def person(stage: Stage, *, alone: bool) -> Lead:
    if not alone:
        return known(stage)
    lone = side(HUBSPOT, stage)
    return known(stage, replace(lone, seen=replace(lone.seen, emails=("jane@x.example",))))


def decided(lead: Lead, seen: Mapping[System, Any], ctx: Context) -> Decision:
    shown = [shows(lead, s, stage, **news) for s, (stage, news) in seen.items() if s in lead.sides]
    return look(lead, *shown, ctx=ctx)


def braked(decision: Decision) -> Decision:
    outcome = brake([decision], spent={}, open_plans=(), limits=LIMITS, linked=0)
    (going,) = outcome.go
    event(f"held: {sorted(outcome.withheld)}")
    return going


def waiting(decision: Decision) -> list[str]:
    return [digest(part_of(decision.actions, kind)) for kind in sorted(PARTLY)]


@given(stage=stages, alone=st.booleans(), seen=looks, rules=policies)
def test_what_is_enforced_handed_over_and_told_is_the_same_with_the_brake_and_without(
    stage: Stage, alone: bool, seen: Mapping[System, Any], rules: Policy
) -> None:
    free = decided(person(stage, alone=alone), seen, office(rules))

    going = braked(free)

    assert going.actions == tuple(
        x for x in free.actions if x not in counted(free.actions) or kind_of(x) not in PARTLY
    )
    assert (going.transitions, going.verdicts) == (free.transitions, free.verdicts)
    assert (going.closed, going.due_at) == (free.closed, free.due_at)
    assert replace(going.lead, sides={}, twin=None) == replace(free.lead, sides={}, twin=None)


@given(stage=stages, alone=st.booleans(), seen=looks, rules=policies)
def test_what_was_held_comes_up_again_as_it_was_and_nothing_else_does(
    stage: Stage, alone: bool, seen: Mapping[System, Any], rules: Policy
) -> None:
    ctx = office(rules)
    first = decided(person(stage, alone=alone), seen, ctx)
    going = braked(first)

    again = look(going.lead, ctx=ctx)

    assert waiting(again) == waiting(first)
    assert braked(again).lead == going.lead
    assert [x for x in again.audit if x in going.audit] == []


@given(stage=stages, fields=st.dictionaries(st.sampled_from(["title", "company"]), texts))
def test_a_repair_that_is_held_leaves_no_trace(stage: Stage, fields: dict[str, Any]) -> None:
    there = side(HUBSPOT, stage, **fields)
    lead = known(stage, side(System.SALESFORCE, stage, title="CEO", company="Acme"), there)
    what = RepairField(field=FieldName("title"), take=System.SALESFORCE)
    found = repair(lead, what, context(NOW), by="ops")

    event(f"repaired: {found is not None}")
    if found is not None:
        going = braked(found)

        assert (going.lead, going.actions, going.audit) == (lead, (), ())
