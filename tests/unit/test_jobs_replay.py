"""Moves of the past, judged by the standard of today with the values of then."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from decide_cases import AT_ONCE
from fakes import FLOW_ID, House, add_person, house

from syncd.core.replay import Fate, Replayed
from syncd.domain.names import RecordId
from syncd.domain.policy import Mode
from syncd.domain.stage import Stage
from syncd.jobs.replay import replay_since
from syncd.measure.replayed import ReplayCounts, counted_moves

DAY = timedelta(days=1)


def long_ago(**values: Any) -> House:
    """One person at MQL on both sides, of whom no worker knows."""
    made = house(rules=AT_ONCE)
    add_person(made, Stage.MQL, **values)
    return made


def replayed(made: House, span: timedelta = 90 * DAY) -> list[Replayed]:
    ctx = replace(made.context(), enforce_from=made.time.now() - span)
    return list(replay_since(made.pair.crms, ctx, told=lambda *_: None))


def test_a_move_is_judged_with_the_values_it_had_then() -> None:
    made = long_ago(budget_confirmed__c=False)
    made.sf.tracked |= {"budget_confirmed__c"}
    made.hs.tracked |= {"budget_confirmed__c"}
    made.sf.move("00Q1", Stage.SQL)
    made.time.sleep(DAY)
    for crm, record in ((made.sf, "00Q1"), (made.hs, "101")):
        crm.edit(record, budget_confirmed__c=True)
    made.time.sleep(DAY)

    (found,) = replayed(made)

    assert (found.fate, found.unmet) == (Fate.BLOCKED, ("budget-confirmed",))
    assert "budget_confirmed" not in found.of_now


def test_a_value_without_history_is_the_one_of_now_and_marked_so() -> None:
    made = long_ago(budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    made.time.sleep(DAY)
    made.sf.edit("00Q1", budget_confirmed__c=True)
    made.time.sleep(DAY)

    (found,) = replayed(made)

    assert found.fate is Fate.PASSED
    assert "budget_confirmed" in found.of_now


def test_a_change_that_history_keeps_without_its_value_leaves_the_value_of_now_in_doubt() -> None:
    """Of long texts Salesforce keeps only that they changed."""
    made = long_ago(budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    made.time.sleep(DAY)
    made.sf.edit("00Q1", budget_confirmed__c=True)
    unsaid = replace(
        made.sf.changes[RecordId("00Q1")][-1],
        name="budget_confirmed__c",
        value="",
        before="",
        at=made.time.now(),
    )
    made.sf.changes[RecordId("00Q1")].append(unsaid)
    made.time.sleep(DAY)

    (found,) = replayed(made)

    assert found.fate is Fate.PASSED
    assert "budget_confirmed" in found.of_now


def test_a_value_nobody_touched_since_the_move_is_not_in_doubt() -> None:
    made = long_ago()
    made.sf.move("00Q1", Stage.SQL)

    (found,) = replayed(made)

    assert (found.fate, found.of_now) == (Fate.PASSED, ())


def test_a_move_that_was_carried_to_the_other_side_counts_once() -> None:
    made = long_ago()
    made.sf.move("00Q1", Stage.SQL)
    made.time.sleep(timedelta(minutes=5))
    made.hs.move("101", Stage.SQL, FLOW_ID)

    (found,) = replayed(made)

    assert found.move.system is made.sf.system


def test_the_same_move_made_on_the_other_side_much_later_is_another_one() -> None:
    made = long_ago()
    made.sf.move("00Q1", Stage.SQL)
    made.time.sleep(timedelta(hours=2))
    made.hs.move("101", Stage.SQL)

    assert len(replayed(made)) == 2


def test_a_doubtful_value_of_the_other_side_does_not_count_where_this_side_had_one() -> None:
    made = long_ago()
    made.hs.tracked |= {"employees__c"}
    made.hs.edit("101", employees__c=70)
    made.hs.move("101", Stage.SQL)
    made.time.sleep(DAY)
    for crm, record in ((made.sf, "00Q1"), (made.hs, "101")):
        crm.edit(record, employees__c=80)

    (found,) = replayed(made)

    assert "employees" not in found.of_now


def test_a_move_that_no_api_takes_back_would_be_flagged() -> None:
    made = long_ago(budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    ctx = replace(made.context(), enforce_from=made.time.now() - 90 * DAY)
    side = ctx.crm.sides[made.sf.system]
    lines = tuple(replace(x, read_only=x.stage is Stage.SQL) for x in side.stages)
    sides = {**ctx.crm.sides, made.sf.system: replace(side, stages=lines)}
    ctx = replace(ctx, crm=replace(ctx.crm, sides=sides))

    (found,) = replay_since(made.pair.crms, ctx, told=lambda *_: None)

    assert found.fate is Fate.FLAGGED


def test_a_field_that_only_the_other_side_has_is_read_there_though_it_did_not_change() -> None:
    made = long_ago(budget_confirmed__c=None)
    made.hs.records[next(iter(made.hs.records))].properties["budget_confirmed__c"] = True  # type: ignore[index]  # the fake's own dict
    made.sf.move("00Q1", Stage.SQL)

    (found,) = replayed(made, span=timedelta(minutes=1))

    assert found.fate is Fate.PASSED


def test_moves_before_the_span_and_below_every_gate_do_not_count() -> None:
    made = long_ago()
    made.sf.move("00Q1", Stage.SQL)
    made.time.sleep(3 * DAY)
    made.sf.move("00Q1", Stage.LEAD)

    assert replayed(made, span=2 * DAY) == []


def test_a_record_made_straight_at_a_guarded_stage_went_through_the_gates_below_it() -> None:
    made = house(rules=AT_ONCE)
    made.time.sleep(DAY)
    made.sf.add("00Q9", Stage.SQL, at=made.time.now(), budget_confirmed__c=False)

    (found,) = replayed(made)

    assert found.fate is Fate.BLOCKED
    assert found.by_gate == {Stage.MQL: Fate.PASSED, Stage.SQL: Fate.BLOCKED}


def test_the_modes_of_the_policy_tell_what_would_have_followed() -> None:
    made = long_ago(budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    fates = []
    for mode in Mode:
        rules = replace(AT_ONCE, modes={Stage.SQL: mode}, unpreviewed=frozenset({Stage.SQL}))
        made.pair = replace(made.pair, rules=replace(made.pair.rules, policy=rules))
        fates += [x.fate for x in replayed(made)]

    assert fates == [Fate.OBSERVED, Fate.FLAGGED, Fate.BLOCKED]


def test_counts_are_by_gate_rule_side_owner_and_source() -> None:
    made = house(rules=AT_ONCE)
    for number, confirmed in enumerate((True, False, False), start=1):
        add_person(made, Stage.MQL, number=number, budget_confirmed__c=confirmed)
        made.sf.move(f"00Q{number}", Stage.SQL)

    counts = counted_moves(replayed(made), since=made.time.now())

    assert counts.by_gate == {"sql": {Fate.PASSED: 1, Fate.BLOCKED: 2}}
    assert counts.by_side == {"Salesforce": {Fate.PASSED: 1, Fate.BLOCKED: 2}}
    assert counts.by_owner == {"rep@corp.example": {Fate.PASSED: 1, Fate.BLOCKED: 2}}
    (rule,) = counts.by_rule().items()
    assert (rule[0], rule[1].unmet, rule[1].alone) == ("budget-confirmed", 2, 2)


def test_a_jump_counts_for_each_team_that_is_held_to_a_gate_on_its_way() -> None:
    made = long_ago(budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    made.time.sleep(DAY)
    made.sf.add("00Q9", Stage.SQL, at=made.time.now(), budget_confirmed__c=False)

    counts = counted_moves(replayed(made), since=made.time.now())

    assert counts.by_team == {"marketing": {Fate.PASSED: 1}, "sales": {Fate.BLOCKED: 2}}


def test_the_digest_of_counts_differs_where_they_do() -> None:
    made = long_ago(budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    moves, since = replayed(made), made.time.now()

    assert counted_moves(moves, since=since).digest() == counted_moves(moves, since=since).digest()
    assert counted_moves(moves, since=since).digest() != ReplayCounts(since=since).digest()


def test_nothing_is_written_and_calls_do_not_grow_with_the_leads() -> None:
    made = house(rules=AT_ONCE)
    for number in range(1, 41):
        add_person(made, Stage.MQL, number=number)
        made.sf.move(f"00Q{number}", Stage.SQL)

    replayed(made)

    assert made.sf.calls["update"] == made.hs.calls["update"] == 0
    assert made.sf.calls.total() + made.hs.calls.total() <= 12
