"""The first run over CRMs that are in use: link, baseline, remember how far it got."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from core_cases import NOW
from decide_cases import ENFORCE_FROM, HUBSPOT, LONG_AGO, SALESFORCE, TITLE
from fakes import House, add_person, house

from syncd.commit import Commit, ScanMark
from syncd.domain.audit import AuditKind
from syncd.domain.names import STAGE, RecordId, System
from syncd.domain.stage import ActorKind, Stage
from syncd.errors import LeaseLost, PermanentError, SyncdError, TransientError, WrongAccount
from syncd.jobs.backfill import Progress, backfill

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def crowd(count: int, **values: str | None) -> House:
    made = house()
    for number in range(1, count + 1):
        add_person(made, Stage.SAL, number=number, **values)
    return made


def scan(made: House, told: Callable[[Progress], None] = lambda _: None) -> None:
    backfill(made.pair, made.time, lease=HOUR, told=told, portion=2)


def moves(made: House, record: str) -> list[tuple[System, Stage]]:
    """What others did."""
    found = made.story(record).transitions
    return [(x.system, x.to_stage) for x in found if x.actor.kind is not ActorKind.SYNCD]


class Killed(Exception):
    """The process is no more."""


def enforcing_from(made: House, instant: datetime) -> None:
    made.pair = replace(made.pair, rules=replace(made.pair.rules, enforce_from=instant))


def killed_after(portions: int) -> Callable[[Progress], None]:
    left = iter(range(portions - 1))

    def told(_progress: Progress) -> None:
        if next(left, None) is None:
            raise Killed

    return told


def test_everybody_is_linked_with_what_is_there_as_baseline() -> None:
    made = crowd(3)

    scan(made)

    assert made.store.linked() == 3
    sides = made.lead("00Q2").sides
    assert {s: x.baseline[STAGE] for s, x in sides.items()} == dict.fromkeys(System, Stage.SAL)
    assert (sides[HUBSPOT].record_id, sides[HUBSPOT].why_linked != "") == ("102", True)


def test_nothing_is_written_judged_or_told() -> None:
    made = crowd(3)
    made.hs.edit("102", company__c="Other")

    scan(made)

    story = made.story("00Q2")
    assert (story.transitions, story.verdicts, story.outbox) == ((), (), ())
    assert (made.sf.calls["update"], made.hs.calls["update"], made.slack.sent) == (0, 0, [])
    assert set(made.audit("00Q2")) <= {AuditKind.FIRST_SIGHT, AuditKind.LINKED}


def test_the_next_cycle_decides_nothing_on_what_was_baselined() -> None:
    made = crowd(3)
    scan(made)

    made.cycles(2)

    assert made.sf.calls["update"] + made.hs.calls["update"] == 0
    assert made.story("00Q2").transitions == ()


def test_what_is_moved_behind_the_scan_is_a_move_for_the_first_cycle() -> None:
    made = crowd(2)
    made.time.sleep(HOUR)

    def move_one_behind(progress: Progress) -> None:
        if progress.system is HUBSPOT and progress.mark.done:
            made.hs.move("101", Stage.SQL)

    scan(made, move_one_behind)
    made.cycle(minutes=1)

    assert moves(made, "101") == [(HUBSPOT, Stage.SQL)]


@pytest.mark.parametrize("path", [(Stage.SQL,), (Stage.SQL, Stage.SAL)], ids=["away", "and back"])
def test_what_is_moved_ahead_of_the_scan_is_a_move_for_the_first_cycle(
    path: tuple[Stage, ...],
) -> None:
    made = crowd(3)
    made.sf.page_size = 2

    def move_one_ahead(progress: Progress) -> None:
        if progress.system is SALESFORCE and progress.mark.seen == 2:
            for stage in path:
                made.time.sleep(HOUR)
                made.sf.move("00Q3", stage)

    scan(made, move_one_ahead)
    assert made.story("00Q3").transitions == ()
    made.cycle(minutes=1)

    assert moves(made, "00Q3") == [(SALESFORCE, stage) for stage in path]


def test_a_move_ahead_of_the_scan_is_judged_like_any_other() -> None:
    made = crowd(1, budget_confirmed__c=None)
    made.time.sleep(HOUR)
    made.hs.move("101", Stage.SQL)

    scan(made)
    made.cycles(3)

    assert (made.sf.stage("00Q1"), made.hs.stage("101")) == ("sal", "sal")


def test_a_move_made_before_syncd_first_ran_is_none() -> None:
    made = crowd(1)
    made.time.instant = NOW - DAY
    made.hs.move("101", Stage.SQL)
    made.time.instant = NOW

    scan(made)
    made.cycle()

    assert moves(made, "101") == []


def test_a_move_from_before_enforcing_begins_is_first_sight() -> None:
    made = crowd(1)
    enforcing_from(made, NOW + DAY)
    made.time.sleep(HOUR)
    made.hs.move("101", Stage.SQL)

    scan(made)
    made.cycle()

    assert moves(made, "101") == []


def test_histories_are_asked_of_those_alone_that_changed_since_syncd_first_ran() -> None:
    made = crowd(4)
    made.sf.edit("00Q2", country__c="US")

    scan(made)

    assert (made.sf.calls["history"], made.hs.calls["history"]) == (1, 0)


def test_the_records_own_stage_is_first_sight_where_no_history_is_kept() -> None:
    made = crowd(1)
    made.sf.tracked.clear()
    made.sf.changes.clear()
    made.time.sleep(HOUR)
    made.sf.move("00Q1", Stage.SQL)

    scan(made)

    assert made.lead("00Q1").sides[SALESFORCE].baseline[STAGE] is Stage.SQL


def test_a_record_made_since_enforcing_began_is_left_to_the_first_cycle() -> None:
    made = crowd(1)
    made.sf.add("00Q9", Stage.SQL, at=ENFORCE_FROM, budget_confirmed__c=False)
    scan(made)
    assert made.store.look_up("00Q9") == []

    made.cycle()

    assert moves(made, "00Q9") == [(SALESFORCE, Stage.SQL)]


def test_watermarks_lie_where_the_scan_began_or_enforcing_did() -> None:
    made = crowd(1)

    scan(made)

    assert made.store.watermarks() == dict.fromkeys(System, ENFORCE_FROM)


def test_a_side_that_was_polled_already_goes_on_from_where_it_was() -> None:
    made = crowd(1)
    made.cycle()
    before = made.store.watermarks()
    made.time.sleep(HOUR)

    scan(made)

    assert made.store.watermarks() == before


def test_a_lead_known_already_keeps_its_baseline() -> None:
    made = crowd(1)
    made.cycle()
    made.time.sleep(HOUR)
    made.hs.move("101", Stage.SQL)

    scan(made)
    made.cycle()

    assert moves(made, "101") == [(HUBSPOT, Stage.SQL)]


def test_a_record_that_came_back_is_the_daemons_like_every_known_one() -> None:
    made = crowd(1)
    made.cycle()
    made.sf.delete("00Q1")
    made.cycle(minutes=5)
    made.time.sleep(HOUR)
    restored = replace(made.sf.records[RecordId("00Q1")], deleted=False)
    made.sf.records[RecordId("00Q1")] = restored
    made.sf.move("00Q1", Stage.SQL)
    made.time.sleep(HOUR)

    scan(made)
    made.cycle()

    assert moves(made, "00Q1") == [(SALESFORCE, Stage.SQL)]


def test_a_record_in_the_place_of_one_that_is_gone_is_linked() -> None:
    made = crowd(1)
    made.cycle()
    made.hs.delete("101")
    made.cycle(minutes=5)
    made.hs.add("201", Stage.SAL, email="person1@x.example")

    scan(made)

    assert made.lead("00Q1").sides[HUBSPOT].record_id == "201"


def test_a_field_new_in_the_map_is_learnt_of_people_known_already() -> None:
    made = crowd(1, title__c="CEO")
    whole = made.pair
    fewer = {name: spec for name, spec in whole.rules.crm.fields.items() if name != TITLE}
    crm = replace(whole.rules.crm, fields=fewer)
    made.pair = replace(whole, rules=replace(whole.rules, crm=crm))
    scan(made)
    assert TITLE not in made.lead("00Q1").sides[HUBSPOT].baseline
    made.pair = whole

    scan(made)

    sides = made.lead("00Q1").sides
    assert {s: x.baseline[TITLE] for s, x in sides.items()} == dict.fromkeys(System, "CEO")


@pytest.mark.parametrize("portions", range(1, 9))
def test_killed_anywhere_it_goes_on_without_reading_again_what_was_stored(portions: int) -> None:
    made = crowd(7)
    made.sf.page_size = made.hs.page_size = 2
    with pytest.raises(Killed):
        scan(made, killed_after(portions))
    seen = {s: mark.seen for s, mark in made.store.scans().items()}
    marks: list[Progress] = []

    scan(made, marks.append)

    assert made.store.linked() == 7
    first = marks[0]
    assert first.mark.seen > seen.get(first.system, 0) or first.mark.done
    assert {s: m.seen for s, m in made.store.scans().items()} == dict.fromkeys(System, 7)
    assert {s: m.done for s, m in made.store.scans().items()} == dict.fromkeys(System, True)


def test_a_scan_the_vendor_knows_no_more_begins_anew_and_says_so() -> None:
    made = crowd(5)
    made.sf.page_size = 2
    with pytest.raises(Killed):
        scan(made, killed_after(2))
    lost = Forgetful(made)
    marks: list[Progress] = []

    lost.scan(marks.append)

    assert made.store.linked() == 5
    assert [x.anew for x in marks].count(True) == 1
    assert made.store.scans()[SALESFORCE].seen == 5


def test_an_edit_between_a_scan_that_was_lost_and_the_next_is_read_by_the_daemon() -> None:
    made = crowd(5)
    enforcing_from(made, NOW + 60 * DAY)
    made.sf.page_size = 2
    with pytest.raises(Killed):
        scan(made, killed_after(1))
    made.time.sleep(DAY)
    made.sf.edit("00Q1", title__c="CEO")
    made.time.sleep(8 * DAY)

    Forgetful(made).scan(lambda _: None)
    made.cycles(2)

    assert made.hs.value("101", "title__c") == "CEO"


def test_an_error_that_is_no_lost_scan_is_told() -> None:
    made = crowd(1)
    made.sf.fails["scan"] = PermanentError("no such object")

    with pytest.raises(PermanentError):
        scan(made)


def test_a_crm_that_fails_leaves_what_was_stored_and_no_watermark() -> None:
    made = crowd(2)
    made.hs.fails["scan"] = TransientError("503")

    with pytest.raises(TransientError):
        scan(made)

    assert made.store.scans()[SALESFORCE].done
    assert made.store.watermarks() == {}


def test_run_again_when_it_was_done_it_reads_everything_anew() -> None:
    made = crowd(2)
    scan(made)
    add_person(made, Stage.SAL, number=3)

    scan(made)

    assert made.store.linked() == 3


def test_a_second_run_that_is_killed_goes_on_as_the_first_would() -> None:
    made = crowd(2)
    scan(made)
    add_person(made, Stage.SAL, number=3)
    with pytest.raises(Killed):
        scan(made, killed_after(1))

    scan(made)

    assert made.store.linked() == 3


def test_an_ambiguous_record_is_parked() -> None:
    made = crowd(1)
    made.hs.add("201", Stage.LEAD, email="person1@x.example")

    scan(made)

    assert [x.record_id for x in made.store.parked()] == ["201"]


def test_a_worker_that_lost_its_lease_stops() -> None:
    made = crowd(2)
    made.store.release()

    with pytest.raises(LeaseLost):
        scan(made)


def test_nothing_is_read_into_the_store_of_another_org() -> None:
    made = crowd(1)
    scan(made)
    made.sf.account_id = "org-2"
    before = made.sf.calls["scan"]

    with pytest.raises(WrongAccount):
        scan(made)

    assert made.sf.calls["scan"] == before


def test_nothing_is_read_while_a_crm_does_not_say_whose_it_is() -> None:
    made = crowd(1)
    made.hs.fails["account"] = TransientError("503")

    with pytest.raises(SyncdError):
        scan(made)

    assert made.sf.calls["scan"] + made.hs.calls["scan"] == 0


def test_progress_is_told_with_the_number_there_is() -> None:
    made = crowd(3)
    marks: list[Progress] = []

    scan(made, marks.append)

    last = [x.mark for x in marks if x.system is HUBSPOT][-1]
    assert last == ScanMark(resume=last.resume, seen=3, total=3, began=made.time.now(), done=True)


class Forgetful:
    """A Salesforce whose scan is known no more: what `resume` names is refused, once."""

    def __init__(self, made: House) -> None:
        self._made = made

    def scan(self, told: Callable[[Progress], None]) -> None:
        made = self._made
        made.sf.fails["scan"] = PermanentError("no such job")

        def heal(progress: Progress) -> None:
            if progress.anew:
                del made.sf.fails["scan"]
            told(progress)

        scan(made, heal)


def test_a_portion_that_is_seen_again_changes_nothing() -> None:
    made = crowd(3)
    scan(made)
    before = made.store.load([made.lead("00Q1").id])

    made.store.commit(forgetting(made))
    scan(made)

    assert made.store.load([made.lead("00Q1").id]) == before
    assert made.audit("00Q1").count(AuditKind.FIRST_SIGHT) == len(System)


def forgetting(made: House) -> Commit:
    marks = made.store.scans()
    fresh = {
        s: replace(m, resume=f"0 {LONG_AGO.isoformat()}", done=False) for s, m in marks.items()
    }
    return Commit(now=made.time.now(), scans=fresh)


def test_what_lies_in_the_bin_is_nobodys_record() -> None:
    made = crowd(1)
    made.hs.delete("101")

    scan(made)

    assert made.lead("00Q1").sides.keys() == {SALESFORCE}
    assert made.store.find(HUBSPOT, [RecordId("101")]) == {}
