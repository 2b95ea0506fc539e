"""A field map that changes under a store in use: nobody edited anything, so nothing travels."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from decide_cases import HUBSPOT, SALESFORCE, TITLE
from fakes import MINUTE, House, add_person, house, in_map

from syncd.domain.audit import AuditKind
from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.domain.values import FieldType
from syncd.errors import TransientError
from syncd.jobs.backfill import backfill
from syncd.jobs.cycle import run_cycle
from syncd.jobs.recent import Recent

BOTH = {SALESFORCE: "CEO", HUBSPOT: "Boss"}
DOWN = TransientError("down")
FULL = in_map()
NO_TITLE = replace(FULL, fields={n: spec for n, spec in FULL.fields.items() if n != TITLE})


def titled(**changes: Any) -> CrmMap:
    spec = replace(FULL.fields[TITLE], **changes)
    return replace(FULL, fields={**FULL.fields, TITLE: spec})


def restarted_with(made: House, crm: CrmMap) -> House:
    made.pair = replace(made.pair, rules=replace(made.pair.rules, crm=crm))
    made.recent = Recent()
    return made


def lived_with(crm: CrmMap, phone: str | None = None) -> House:
    """A person whose titles differ, known under this map for a while."""
    made = restarted_with(house(), crm)
    made.sf.add("00Q1", email="a@x.example", title__c="CEO", phone__c=phone)
    made.hs.add("101", email="a@x.example", title__c="Boss", phone__c=phone)
    made.cycle()
    made.cycles(3, minutes=60)
    return made


def titles(made: House) -> Mapping[System, object]:
    return {
        SALESFORCE: made.sf.value("00Q1", "title__c"),
        HUBSPOT: made.hs.value("101", "title__c"),
    }


def learnt(made: House) -> Mapping[System, object]:
    return {system: side.baseline.get(TITLE) for system, side in made.lead().sides.items()}


def listed(made: House) -> int:
    entries = made.story().audit
    return sum(x.kind is AuditKind.DISAGREEMENT and x.facts["field"] == TITLE for x in entries)


@pytest.mark.parametrize("order", [(SALESFORCE, HUBSPOT), (HUBSPOT, SALESFORCE)])
def test_an_edit_of_something_else_does_not_carry_a_new_field_over(
    order: tuple[System, System],
) -> None:
    made = restarted_with(lived_with(NO_TITLE), FULL)

    for system in order:
        crm, record = (made.sf, "00Q1") if system is SALESFORCE else (made.hs, "101")
        crm.edit(record, phone__c=system.value)
        made.cycles(3)

    assert titles(made) == learnt(made) == BOTH
    assert listed(made) == 1


def test_a_new_field_is_learnt_in_the_round_that_begins_at_once() -> None:
    made = restarted_with(lived_with(NO_TITLE), FULL)

    report = made.cycle(minutes=1)

    assert (report.swept, report.missed, report.silent) == (1, 0, 0)
    assert titles(made) == learnt(made) == BOTH
    assert (listed(made), AuditKind.DRIFTED in made.audit(), made.slack.kinds()) == (1, False, [])


def test_a_new_field_edited_before_the_round_has_come_by_travels_then() -> None:
    made = restarted_with(lived_with(NO_TITLE), FULL)
    made.hs.edit("101", phone__c="1")
    made.hs.fails["read"] = made.sf.fails["read"] = DOWN
    made.cycle(minutes=1)
    made.hs.edit("101", title__c="CTO")
    made.cycle(minutes=1)
    made.hs.fails.clear()
    made.sf.fails.clear()

    made.cycles(3)

    assert titles(made) == dict.fromkeys(System, "CTO")


def test_a_second_backfill_learns_a_new_field() -> None:
    made = restarted_with(lived_with(NO_TITLE), NO_TITLE)
    for _ in range(2):
        backfill(made.pair, made.time, lease=MINUTE, told=lambda _: None)
        made = restarted_with(made, FULL)

    assert titles(made) == learnt(made) == BOTH
    assert made.sf.calls["update"] == made.hs.calls["update"] == 0


@pytest.mark.parametrize(
    "before",
    [
        titled(properties={SALESFORCE: "phone__c", HUBSPOT: "title__c"}),
        titled(options={HUBSPOT: {"Chief": "Boss"}}, type=FieldType.PICKLIST),
        titled(type=FieldType.INTEGER),
    ],
)
def test_a_field_that_is_spelled_otherwise_is_learnt_anew(before: CrmMap) -> None:
    made = restarted_with(lived_with(before, phone="555"), FULL)

    made.sf.edit("00Q1", country__c="DE")
    made.cycles(3)
    made.hs.edit("101", country__c="DE")
    made.cycles(3)

    assert titles(made) == learnt(made) == BOTH
    assert made.sf.value("00Q1", "phone__c") == "555"


def test_an_edit_after_the_map_was_corrected_travels() -> None:
    made = restarted_with(lived_with(titled(type=FieldType.INTEGER)), FULL)
    made.cycles(2)

    made.hs.edit("101", title__c="CTO")
    made.cycles(3)

    assert titles(made) == dict.fromkeys(System, "CTO")


def test_a_write_on_its_way_under_the_old_spelling_is_called_off() -> None:
    old = titled(properties={SALESFORCE: "company__c", HUBSPOT: "title__c"})
    made = lived_with(old)
    made.sf.edit("00Q1", title__c=None)
    made.sf.fails["update"] = DOWN
    made.hs.edit("101", title__c="CTO")
    made.cycle(minutes=1)
    made.sf.fails.clear()

    restarted_with(made, FULL).cycles(4, minutes=60)

    assert titles(made) == {SALESFORCE: None, HUBSPOT: "CTO"}
    assert made.sf.value("00Q1", "company__c") is None
    assert not any(side.pending for side in made.lead().sides.values())


def test_a_worker_told_to_stop_while_it_forgets_decides_nothing_and_begins_anew() -> None:
    made = lived_with(titled(type=FieldType.INTEGER))
    add_person(made, number=2)
    restarted_with(made, FULL)

    stopped = run_cycle(made.pair, made.recent, now=made.time.now(), stopping=lambda: True)
    polls = made.sf.calls["poll"]
    made.cycle()

    assert (stopped.records, made.sf.calls["poll"] > polls) == (0, True)
    assert learnt(made) == BOTH


def test_a_map_that_stays_the_same_costs_no_walk_and_no_round() -> None:
    made = restarted_with(lived_with(FULL), titled(clears=True))

    report = made.cycle(minutes=1)

    assert report.swept == 0
