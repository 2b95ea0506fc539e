"""What may still be written, and what a read-back proves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from core_cases import NOW
from decide_cases import (
    AT_ONCE,
    DAY,
    HUBSPOT,
    MARKETER,
    MARKS,
    MINUTE,
    SALESFORCE,
    TITLE,
    context,
    known,
    look,
    records,
    shows,
)

from syncd.core.settle import call_off, give_up, lose, settle, still_due
from syncd.domain.action import WriteKind, WriteRecord
from syncd.domain.audit import AuditKind
from syncd.domain.lead import Lead
from syncd.domain.mapping import Mark
from syncd.domain.names import STAGE, FieldName, RecordId
from syncd.domain.record import Edit
from syncd.domain.stage import ActorKind, Evidence, Stage
from syncd.domain.values import Seen, Unreadable

Case = tuple[Lead, WriteRecord]


def retitled() -> Case:
    """`title` CFO → CEO is on its way to Salesforce."""
    before = known(title="CFO")
    found = look(before, shows(before, HUBSPOT, title="CEO"))
    return found.lead, records(found)[0]


def moved() -> Case:
    """`stage` mql → sal is on its way to Salesforce."""
    before = known(Stage.MQL)
    found = look(before, shows(before, HUBSPOT, Stage.SAL, by=MARKETER))
    return found.lead, records(found)[0]


def reverted() -> Case:
    """`stage` sql → mql is on its way in Salesforce."""
    before = known(Stage.MQL, budget_confirmed=False)
    found = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=context(rules=AT_ONCE))
    return found.lead, records(found, WriteKind.REVERT)[0]


def sorted_out(case: Case, **values: Any) -> Sequence[list[FieldName]]:
    """Fields that are wanted, landed and overtaken when the target shows these values."""
    lead, action = case
    due = still_due(action, lead, shows(lead, action.system, at=NOW, **values).snapshot)
    return [[w.field for w in part] for part in (due.wanted, due.landed, due.overtaken)]


def test_an_overwriting_tells_when_and_by_whom_both_values_were_entered() -> None:
    lead, action = retitled()
    was, came = Edit(at=NOW - DAY, by="Rita Rep"), Edit(at=NOW - MINUTE)
    write = replace(action.writes[0], was=was, came=came)

    settlement = settle(action, lead, (write,), shown=lead.sides[SALESFORCE].seen, now=NOW)

    (told,) = settlement.audit
    assert told.facts["was_at"] == was.at.isoformat()
    assert (told.personal["was_by"], told.facts["came_at"]) == ("Rita Rep", came.at.isoformat())
    assert "Rita Rep" not in told.facts.values()
    assert "came_by" not in told.personal


def test_a_target_that_still_shows_what_the_decision_saw_is_written() -> None:
    assert sorted_out(retitled(), title="CFO") == [[TITLE], [], []]


def test_a_target_that_shows_the_value_already_is_not_written_again() -> None:
    assert sorted_out(retitled(), title="CEO") == [[], [TITLE], []]


@pytest.mark.parametrize("value", ["COO", None, Unreadable("hidden")])
def test_a_target_that_shows_anything_else_is_never_written_over(value: Seen) -> None:
    assert sorted_out(retitled(), title=value) == [[], [], [TITLE]]


def test_what_our_write_replaced_is_an_edit_once_the_write_was_there() -> None:
    lead, action = retitled()
    side = lead.sides[SALESFORCE]
    pending = {TITLE: replace(side.pending[TITLE], written_at=NOW - MINUTE)}
    lead = replace(lead, sides={**lead.sides, SALESFORCE: replace(side, pending=pending)})

    assert sorted_out((lead, action), title="CFO") == [[], [], [TITLE]]


@pytest.mark.parametrize("half_way", [Stage.MQL, Stage.NONE])
def test_a_stage_found_cleared_is_written_on(half_way: Stage) -> None:
    assert sorted_out(moved(), stage=half_way) == [[STAGE], [], []]


def test_a_write_another_one_took_the_place_of_is_no_longer_wanted() -> None:
    lead, action = retitled()
    newer = look(lead, shows(lead, HUBSPOT, at=NOW + MINUTE, title="CTO"))

    assert sorted_out((newer.lead, action), title="CFO") == [[], [], []]
    assert sorted_out((newer.lead, records(newer)[0]), title="CEO") == [[TITLE], [], []]


def test_a_record_found_missing_is_gone_since_then() -> None:
    lead, action = retitled()

    side = lose(action, lead, now=NOW).sides[SALESFORCE]

    assert (side.gone, side.gone_at) == ("deleted", NOW)


def test_nothing_is_written_to_a_record_that_is_gone_or_was_replaced() -> None:
    lead, action = retitled()
    target = lead.sides[SALESFORCE]
    gone = replace(lead, sides={**lead.sides, SALESFORCE: replace(target, gone="deleted")})
    other = replace(target, record_id=RecordId("00Q9"))
    elsewhere = replace(lead, sides={**lead.sides, SALESFORCE: other})

    for case in (gone, elsewhere, replace(lead, sides={})):
        due = still_due(action, case, target.seen)
        assert (due.wanted, due.landed, due.overtaken) == ((), (), ())


def test_a_mark_is_written_whatever_is_there() -> None:
    before = known(Stage.SAL)
    found = look(before, shows(before, SALESFORCE, Stage.SQL))
    marking, name = records(found, WriteKind.MARK)[0], MARKS[Mark.VERDICT]
    scribbled = shows(found.lead, SALESFORCE, also={name: "scribble"}).snapshot

    due = still_due(marking, found.lead, scribbled)

    assert name in [w.field for w in due.wanted]


def test_an_older_mark_that_leaves_late_never_replaces_a_newer_one() -> None:
    name = MARKS[Mark.VERDICT]
    before = known(Stage.MQL, **{name: "meets the SQL standard"}, budget_confirmed=False)
    refused = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=context(rules=AT_ONCE))
    older = records(refused, WriteKind.MARK)[0]
    back = settled_of((refused.lead, records(refused, WriteKind.REVERT)[0]))
    again = shows(back, SALESFORCE, Stage.SQL, at=NOW + DAY, budget_confirmed=True)

    newer = look(back, again, ctx=context(NOW + DAY))

    due = still_due(older, newer.lead, again.snapshot)
    assert name in [w.field for w in older.writes]
    assert name not in [w.field for w in due.wanted]


# --- settling ----------------------------------------------------------------------------


def settled_of(case: Case, *, made: bool = True, minutes: int = 1) -> Lead:
    lead, action = case
    at = NOW + minutes * MINUTE
    shown = replace(lead.sides[action.system].seen, modified_at=at)
    return settle(action, lead, action.writes, shown=shown, now=at, made=made).lead


def test_what_was_written_becomes_the_baseline_stamped_with_the_vendors_time() -> None:
    target = settled_of(retitled()).sides[SALESFORCE]

    assert target.baseline[TITLE] == target.seen.values[TITLE] == "CEO"
    assert target.settled_at[TITLE] == NOW + MINUTE
    assert not target.pending


def test_every_overwritten_value_is_in_the_audit_with_the_rule_that_chose() -> None:
    lead, action = retitled()

    found = settle(action, lead, action.writes, shown=lead.sides[SALESFORCE].seen, now=NOW + MINUTE)

    (entry,) = found.audit
    assert (entry.kind, entry.personal) == (AuditKind.OVERWRITE, {"was": "CFO", "is": "CEO"})
    assert entry.facts["rule"] == "changed in HubSpot"
    assert entry.facts["field"] == TITLE


def test_our_own_move_is_recorded_once_with_the_move_that_caused_it() -> None:
    lead, action = moved()

    (found,) = settle(
        action, lead, action.writes, shown=lead.sides[SALESFORCE].seen, now=NOW
    ).transitions

    assert (found.from_stage, found.to_stage) == (Stage.MQL, Stage.SAL)
    assert (found.actor.kind, found.evidence) == (ActorKind.SYNCD, Evidence.WRITTEN)
    assert found.cause == action.cause


def test_what_somebody_else_had_put_there_already_is_neither_our_move_nor_overwritten() -> None:
    lead, action = moved()
    shown = lead.sides[SALESFORCE].seen

    found = settle(action, lead, action.writes, shown=shown, now=NOW, made=False)

    assert (found.transitions, found.audit) == ((), ())
    assert found.lead.sides[SALESFORCE].baseline[STAGE] is Stage.SAL


def test_a_write_that_changed_nothing_is_no_move() -> None:
    before = known(Stage.LEAD)
    lead = look(before, shows(before, HUBSPOT, Stage.MQL, by=MARKETER)).lead
    back = look(lead, shows(lead, HUBSPOT, Stage.LEAD, at=NOW + MINUTE, by=MARKETER))
    action = next(x for x in records(back) if x.kind is WriteKind.PROPAGATE)

    found = settle(
        action, back.lead, action.writes, shown=back.lead.sides[SALESFORCE].seen, now=NOW
    )

    assert (action.writes[0].seen, action.writes[0].value) == (Stage.LEAD, Stage.LEAD)
    assert found.transitions == ()


def test_marks_are_settled_without_a_baseline_and_without_audit() -> None:
    before = known(Stage.SAL)
    found = look(before, shows(before, SALESFORCE, Stage.SQL))
    action = records(found, WriteKind.MARK)[0]

    result = settle(
        action, found.lead, action.writes, shown=found.lead.sides[action.system].seen, now=NOW
    )

    assert (result.audit, result.transitions) == ((), ())
    target = result.lead.sides[action.system]
    assert target.seen.values[MARKS[Mark.VERDICT]] == "meets the SQL standard"
    assert target.baseline == found.lead.sides[action.system].baseline


# --- what does not come about ------------------------------------------------------------


def test_a_write_called_off_is_no_longer_in_flight() -> None:
    lead, action = retitled()

    found = call_off(action, lead, action.writes)

    assert not found.sides[SALESFORCE].pending
    assert found.sides[SALESFORCE].baseline[TITLE] == "CFO"


def test_calling_off_an_old_write_leaves_the_newer_one_alone() -> None:
    lead, action = retitled()
    newer = look(lead, shows(lead, HUBSPOT, at=NOW + MINUTE, title="CTO")).lead

    assert call_off(action, newer, action.writes) == newer
    assert give_up(action, newer, action.writes) == newer


def test_calling_off_what_the_lead_no_longer_has_changes_nothing() -> None:
    lead, action = retitled()
    alone = replace(lead, sides={HUBSPOT: lead.sides[HUBSPOT]})

    assert call_off(action, alone, action.writes) == alone
    assert give_up(action, alone, action.writes) == alone


def test_a_revert_given_up_leaves_the_side_as_it_is_and_is_not_decided_again() -> None:
    lead, action = reverted()

    found = give_up(action, lead, action.writes)

    target = found.sides[SALESFORCE]
    assert STAGE not in target.pending
    assert target.baseline[STAGE] is Stage.SQL
    again = look(found, ctx=context(NOW + MINUTE, rules=AT_ONCE))
    assert records(again, WriteKind.REVERT) == ()


def test_an_edit_nobody_decided_on_yet_survives_giving_up() -> None:
    lead, action = retitled()
    edited = shows(lead, SALESFORCE, at=NOW + MINUTE, title="COO").snapshot
    target = replace(lead.sides[SALESFORCE], seen=edited)
    lead = replace(lead, sides={**lead.sides, SALESFORCE: target})

    found = look(give_up(action, lead, action.writes), now=NOW + DAY)

    assert [w.value for x in records(found) for w in x.writes] == ["COO"]


def test_a_change_given_up_is_sent_again_only_when_it_changes_again() -> None:
    lead, action = retitled()
    rest = give_up(action, lead, action.writes)

    quiet = look(rest, shows(rest, SALESFORCE, at=NOW + MINUTE), now=NOW + MINUTE)
    found = look(rest, shows(rest, HUBSPOT, at=NOW + MINUTE, title="CTO"))

    assert records(quiet) == ()
    assert [w.value for x in records(found) for w in x.writes] == ["CTO"]
