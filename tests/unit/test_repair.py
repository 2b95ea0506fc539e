"""Which leads a repair touches, and which it leaves alone."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from core_cases import COMPANY, NOW
from decide_cases import HUBSPOT, SALESFORCE, context, known, records, side

from syncd.core.repair import repair
from syncd.domain.lead import Dispute, Lead, Pending
from syncd.domain.names import STAGE, ActionKey, FieldName, System
from syncd.domain.order import RepairField
from syncd.domain.stage import Stage
from syncd.domain.values import Seen, Unreadable


def differing(salesforce: Seen = "Acme", hubspot: Seen = "acme") -> Lead:
    return known(Stage.LEAD, side(SALESFORCE, company=salesforce), side(HUBSPOT, company=hubspot))


def changed(lead: Lead, system: System, **changes: object) -> Lead:
    one = replace(lead.sides[system], **changes)  # type: ignore[arg-type]  # any of its fields
    return replace(lead, sides={**lead.sides, system: one})


def in_flight(lead: Lead) -> Lead:
    flight = Pending(key=ActionKey("k"), replaces=("acme",), writes="other")
    return changed(lead, HUBSPOT, pending={COMPANY: flight})


def edited(lead: Lead) -> Lead:
    return changed(lead, SALESFORCE, baseline={**lead.sides[SALESFORCE].baseline, COMPANY: "was"})


def locked(lead: Lead) -> Lead:
    return changed(lead, HUBSPOT, seen=replace(lead.sides[HUBSPOT].seen, locked="converted"))


def disputed(lead: Lead) -> Lead:
    return replace(lead, disputes={COMPANY: Dispute(since=NOW, values={})})


def test_a_field_that_differs_is_written_over_the_value_that_was_seen() -> None:
    decision = repair(differing(), RepairField(field=COMPANY, take=SALESFORCE), context(), by="ops")

    assert decision
    (write,) = (w for action in records(decision) for w in action.writes)
    assert (write.field, write.seen, write.value) == (COMPANY, "acme", "Acme")
    assert decision.lead.sides[HUBSPOT].pending.keys() == {COMPANY}


@pytest.mark.parametrize(
    "make",
    [in_flight, edited, locked, disputed],
    ids=["a write is in flight", "somebody edited it", "takes no writes", "a person is asked"],
)
def test_what_is_under_way_or_cannot_be_written_is_left(make: Callable[[Lead], Lead]) -> None:
    what = RepairField(field=COMPANY, take=SALESFORCE)

    assert repair(make(differing()), what, context(), by="ops") is None


@pytest.mark.parametrize(
    "lead",
    [
        differing("Acme", "Acme"),
        differing(None, "acme"),
        differing(Unreadable("odd"), "acme"),
        differing("Acme", Unreadable("odd")),
        known(Stage.LEAD, side(SALESFORCE, company="Acme")),
    ],
    ids=["the same", "nothing to give", "unreadable here", "unreadable there", "one side only"],
)
def test_there_may_be_nothing_to_repair(lead: Lead) -> None:
    what = RepairField(field=COMPANY, take=SALESFORCE)

    assert repair(lead, what, context(), by="ops") is None


def test_a_field_the_native_connector_moves_is_left_to_it() -> None:
    ctx = replace(context(), left_to_connector=frozenset({COMPANY}))

    assert repair(differing(), RepairField(field=COMPANY, take=SALESFORCE), ctx, by="ops") is None


def test_a_converted_record_without_the_field_is_left() -> None:
    ctx = context()
    sides = {**ctx.crm.sides}
    sides[SALESFORCE] = replace(sides[SALESFORCE], converted_kind="Contact")
    lead = differing()
    contact = replace(lead.sides[SALESFORCE].seen, kind="Contact")
    what = RepairField(field=COMPANY, take=HUBSPOT)

    found = repair(
        changed(lead, SALESFORCE, seen=contact),
        what,
        replace(ctx, crm=replace(ctx.crm, sides=sides)),
        by="ops",
    )

    assert found is None


@pytest.mark.parametrize("name", [STAGE, FieldName("no_such_field")])
def test_a_field_that_is_not_kept_in_both_is_left(name: FieldName) -> None:
    what = RepairField(field=name, take=SALESFORCE)

    assert repair(differing(), what, context(), by="ops") is None
