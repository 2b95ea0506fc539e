"""The round that reads everything again: what it finds, what it costs, what it leaves alone."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from decide_cases import HUBSPOT
from fakes import MINUTE, House, add_person, house, linked

from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.names import RecordId, System
from syncd.errors import TransientError
from syncd.jobs.cycle import CycleReport
from syncd.jobs.recent import Recent
from syncd.jobs.sweep import Swept, sweep

A_DAY = 24 * 60
HOURS_BEFORE_A_ROUND = 13
"""After `settled`: the next hours bring the first round."""


def hides(made: House, system: System, record: str, **values: Any) -> None:
    """A change whose stamp lies where polling has looked already."""
    crm = made.hs if system is HUBSPOT else made.sf
    now, made.time.instant = made.time.instant, made.time.instant - timedelta(hours=1)
    crm.edit(record, **values)
    made.time.instant = now


def settled(**values: Any) -> House:
    """A person known for a while, so that an hour ago polling looked."""
    made = linked(**values)
    made.cycles(3, minutes=60)
    return made


def drifts(made: House, record: str = "00Q1") -> list[Mapping[str, str]]:
    audit = made.story(record).audit
    return [x.facts for x in audit if x.kind is AuditKind.DRIFTED]


def next_round(made: House) -> CycleReport:
    """A day later, as the daemon would: one cycle, then one to deliver."""
    report = made.cycle(minutes=A_DAY)
    made.cycle(minutes=1)
    return report


def test_a_planted_missed_change_is_found_put_right_and_told_once() -> None:
    made = settled()
    hides(made, HUBSPOT, "101", title__c="CEO")
    made.cycles(2)
    before = made.sf.value("00Q1", "title__c")

    report = next_round(made)

    assert (before, made.sf.value("00Q1", "title__c")) == (None, "CEO")
    assert (report.missed, report.silent) == (1, 0)
    assert [(x["drift"], x["fields"]) for x in drifts(made)] == [("missed", "title")]
    assert made.slack.kinds().count(AlertKind.DRIFTED) == 1


def test_a_formula_that_moved_no_stamp_is_found_and_alarms_nobody() -> None:
    made = settled()
    record = made.sf.records[RecordId("00Q1")]
    record.properties["title__c"] = "CEO"  # type: ignore[index]  # the fake's own dict

    report = next_round(made)

    assert made.hs.value("101", "title__c") == "CEO"
    assert (report.missed, report.silent) == (0, 1)
    assert [x["drift"] for x in drifts(made)] == ["silent"]
    assert AlertKind.DRIFTED not in made.slack.kinds()


def test_a_round_that_finds_nothing_saves_no_lead_and_only_reads() -> None:
    made = settled()
    made.cycle(minutes=HOURS_BEFORE_A_ROUND * 60)
    calls, lead = made.hs.calls.copy(), made.lead()

    report = made.cycle(minutes=120)

    assert report.swept == 1
    assert made.hs.calls - calls == {"account": 1, "directory": 1, "poll": 2, "read": 1}
    assert (made.lead(), drifts(made)) == (lead, [])


def test_a_change_the_next_poll_shows_is_left_to_it() -> None:
    made = settled()
    made.cycle(minutes=HOURS_BEFORE_A_ROUND * 60)
    made.time.sleep(120 * MINUTE)
    made.hs.edit("101", title__c="CEO")

    swept = sweep(made.pair, made.recent, made.context())

    assert swept == Swept(leads=1)
    assert drifts(made) == []


def test_a_record_polling_never_saw_is_found_by_the_second_look() -> None:
    made = settled()
    made.cycle(minutes=HOURS_BEFORE_A_ROUND * 60)
    made.hs.add("102", at=made.time.now() - timedelta(hours=3))

    report = made.cycle(minutes=120)

    assert report.missed == 1
    assert made.store.find(HUBSPOT, [RecordId("102")])


def test_a_crm_that_fails_in_the_middle_of_a_round_is_asked_again() -> None:
    made = settled()
    made.time.sleep(A_DAY * MINUTE)
    made.sf.fails["read"] = TransientError("503")

    failed = made.cycle()
    made.sf.fails.clear()
    again = made.cycle(minutes=1)

    assert (failed.swept, again.swept) == (0, 1)


def test_a_round_in_parts_looks_at_everybody_once_and_goes_on_after_a_restart() -> None:
    made = house()
    for number in range(1, 6):
        add_person(made, number=number)
    made.cycle()
    made.time.sleep(A_DAY * MINUTE)
    before = made.hs.calls["read"]

    parts = [sweep(made.pair, Recent(), made.context(), part=2).leads for _ in range(4)]

    assert parts == [2, 2, 1, 0]
    assert made.hs.calls["read"] - before == 3


def test_a_second_look_that_fails_takes_nothing_from_the_walk() -> None:
    made = settled()
    made.cycle(minutes=HOURS_BEFORE_A_ROUND * 60)
    hides(made, HUBSPOT, "101", title__c="CEO")
    made.time.sleep(120 * MINUTE)
    made.hs.fails["poll"] = TransientError("503")

    swept = sweep(made.pair, made.recent, made.context())

    assert swept == Swept(leads=1, missed=1)
    assert HUBSPOT not in made.recent.second_look


def test_nothing_is_read_again_while_a_crm_cannot_be_read() -> None:
    made = settled()
    made.sf.fails["poll"] = TransientError("503")

    report = made.cycle(minutes=A_DAY)

    assert report.swept == 0


def test_a_new_store_waits_for_its_first_round() -> None:
    made = linked()

    early = [made.cycle(minutes=60).swept for _ in range(10)]

    assert set(early) == {0}


def test_rounds_follow_one_another_so_that_a_lead_waits_no_longer_than_a_day() -> None:
    made = settled()

    looks = [made.time.now() for _ in range(72) if made.cycle(minutes=60).swept]

    gaps = [after - before for before, after in pairwise(looks)]
    assert len(looks) >= 3
    assert max(gaps) <= timedelta(days=1)


def test_parked_records_are_left_to_the_person_who_decides() -> None:
    made = settled()
    made.hs.add("103", at=made.time.now(), email="person1@x.example")
    made.cycle(minutes=10)
    parked = made.store.parked()
    made.cycle(minutes=HOURS_BEFORE_A_ROUND * 60)

    report = made.cycle(minutes=120)

    assert (report.swept, report.missed) == (1, 0)
    assert [x.record_id for x in parked] == ["103"]
    assert made.store.parked() == parked
