"""A whole cycle over fakes: read, decide, commit, deliver, tell."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from decide_cases import AT_ONCE, HUBSPOT, SALESFORCE, policy
from fakes import MINUTE, House, add_person, house, linked

from syncd.adapters.memory.store import MemoryStore
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.handoff import HandoffState
from syncd.domain.names import STAGE, FieldName, RecordId, System
from syncd.domain.order import Health
from syncd.domain.policy import Mode
from syncd.domain.record import Activity
from syncd.domain.stage import ActorKind, Stage
from syncd.errors import AuthError, PermanentError, SyncdError, TransientError
from syncd.fact_ports import Uncounted
from syncd.jobs.read import fresh_through, read_changes
from syncd.jobs.recent import Recent
from syncd.jobs.rehearse import rehearse

DOWN = TransientError("503")


def stages(made: House) -> tuple[object, object]:
    return made.sf.stage("00Q1"), made.hs.stage("101")


def test_a_conforming_move_reaches_the_other_crm_in_the_same_cycle() -> None:
    made = linked()

    made.hs.move("101", Stage.MQL)
    made.cycle()

    assert stages(made) == ("mql", "mql")
    assert made.slack.kinds() == [AlertKind.HANDOFF]
    assert made.outbox() == {}


class Illegible(MemoryStore):
    """A store that cannot make out what is to be counted."""

    def uncounted(self, limit: int) -> Sequence[Uncounted]:
        raise ValueError("a verdict that nobody can read")


def test_a_cycle_whose_leads_cannot_be_counted_did_all_else() -> None:
    made = linked()
    store = Illegible(made.store._memory)
    store.acquire(holder="test", now=made.time.now(), span=timedelta(days=365))
    made.pair = replace(made.pair, store=store)
    made.hs.move("101", Stage.MQL)

    report = made.cycle()

    assert (report.leads, stages(made)) == (1, ("mql", "mql"))


def test_a_failing_move_is_moved_back_explained_once_and_told_once() -> None:
    made = linked(Stage.MQL, budget_confirmed__c=False)

    made.sf.move("00Q1", Stage.SQL)
    made.cycles(6)

    assert stages(made) == ("mql", "mql")
    assert len(made.sf.notes) == 1
    assert made.slack.kinds() == [AlertKind.BLOCKED]
    assert made.sf.value("00Q1", "syncd_verdict__c") == "does not meet the SQL standard"


def test_every_move_is_recorded_once_ours_with_its_cause() -> None:
    made = linked(Stage.MQL, budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)

    made.cycles(6)

    theirs, ours = sorted(made.story().transitions, key=lambda x: x.at)
    assert (theirs.from_stage, theirs.to_stage) == (Stage.MQL, Stage.SQL)
    assert (ours.from_stage, ours.to_stage) == (Stage.SQL, Stage.MQL)
    assert (ours.actor.kind, ours.cause) == (ActorKind.SYNCD, theirs.id)


def test_an_idle_cycle_writes_nothing_and_says_nothing() -> None:
    made = linked()
    made.hs.edit("101", phone__c="1")
    made.cycles(2)
    before = (made.story().audit, made.sf.calls["update"], made.hs.calls["update"])

    made.cycles(5)

    assert (made.story().audit, made.sf.calls["update"], made.hs.calls["update"]) == before


def test_edits_on_both_sides_meet() -> None:
    made = linked()

    made.hs.edit("101", phone__c="1")
    made.sf.edit("00Q1", title__c="CEO")
    made.cycle()

    assert made.sf.value("00Q1", "phone__c") == "1"
    assert made.hs.value("101", "title__c") == "CEO"


def test_while_one_crm_cannot_be_read_what_the_other_shows_of_an_open_handoff_is_decided() -> None:
    made = linked()
    made.hs.move("101", Stage.MQL)
    made.cycle(minutes=1)
    for call in ("poll", "done_with"):
        made.sf.fails[call] = TransientError("503")

    made.hs.edit("101", title__c="CEO")
    made.cycle(minutes=1)

    assert made.lead("101").sides[HUBSPOT].seen.values[FieldName("title")] == "CEO"


def test_a_handoff_that_expires_is_recycled_on_both_sides() -> None:
    made = linked()
    made.hs.move("101", Stage.MQL)

    made.cycles(96, minutes=30)

    assert stages(made) == ("nurture", "nurture")
    assert made.slack.kinds() == [
        AlertKind.HANDOFF,
        AlertKind.SLA_WARNING,
        AlertKind.SLA_BREACH,
        AlertKind.RECYCLED,
    ]
    assert made.sf.value("00Q1", "owner__c") == "00GQ"
    assert made.lead().stage is Stage.NURTURE


def test_in_observe_mode_nothing_but_the_move_itself_is_written() -> None:
    watching = policy(mql=Mode.OBSERVE, sql=Mode.OBSERVE, grace=timedelta())
    made = linked(Stage.MQL, rules=watching, budget_confirmed__c=False)

    made.sf.move("00Q1", Stage.SQL)
    made.cycle()

    assert stages(made) == ("sql", "sql")
    assert made.slack.kinds() == []
    assert made.sf.calls["update"] == 0


# --- one CRM down ------------------------------------------------------------------------


@pytest.mark.parametrize("down", System)
@pytest.mark.parametrize("error", [DOWN, AuthError("401"), PermanentError("400")])
def test_one_crm_being_down_never_stops_the_others_reading(down: System, error: SyncdError) -> None:
    made = linked()
    broken, other = (made.sf, made.hs) if down is SALESFORCE else (made.hs, made.sf)
    broken.fails["poll"] = error
    record = "101" if down is SALESFORCE else "00Q1"

    other.move(record, Stage.MQL)
    report = made.cycle()

    assert report.down.keys() == {down}
    assert made.story().transitions[0].to_stage is Stage.MQL
    status = made.store.sides()
    assert (status[down].health, status[down.other].health) == (Health.BLIND, Health.OK)
    assert status[down].reason == str(error)


def test_the_watermark_of_a_side_that_failed_does_not_move() -> None:
    made = linked()
    before = made.store.watermarks()
    made.sf.fails["poll"] = DOWN

    made.cycle(minutes=5)

    after = made.store.watermarks()
    assert after[SALESFORCE] == before[SALESFORCE]
    assert after[HUBSPOT] > before[HUBSPOT]


def test_a_side_that_fails_half_way_is_read_again_from_where_it_was() -> None:
    made = house()
    for number in range(1, 6):
        add_person(made, number=number)
    made.hs.page_size = 2
    made.hs.fails["next page"] = DOWN

    made.cycle()
    half = made.store.watermarks()
    made.hs.fails.clear()
    made.cycle(minutes=1)

    assert HUBSPOT not in half
    assert made.store.status(made.time.now()).linked == 5


@pytest.mark.parametrize("method", ["directory", "history"])
def test_a_side_that_cannot_be_asked_about_its_records_is_down_and_the_other_is_taken_in(
    method: str,
) -> None:
    made = linked()
    made.hs.fails[method] = DOWN
    made.hs.edit("101", title__c="CEO")
    made.sf.edit("00Q1", phone__c="1")

    made.cycle()
    assert made.lead().sides[SALESFORCE].seen.values[FieldName("phone")] == "1"
    made.hs.fails.clear()
    made.cycle(minutes=1)

    assert made.sf.value("00Q1", "title__c") == "CEO"
    assert made.hs.value("101", "phone__c") == "1"


def test_nothing_is_recycled_while_a_crm_is_blind_and_all_is_once_both_are_fresh() -> None:
    made = linked()
    made.hs.move("101", Stage.MQL)
    made.cycle()
    made.sf.fails["poll"] = DOWN

    made.cycles(10, minutes=12 * 60)
    assert stages(made) == ("mql", "mql")
    made.sf.fails.clear()
    made.cycles(3)

    assert stages(made) == ("nurture", "nurture")
    assert made.slack.kinds().count(AlertKind.RECYCLED) == 1


def test_a_move_whose_grace_ends_just_as_the_other_crm_falls_silent_still_waits() -> None:
    made = linked(Stage.MQL, budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    made.cycle()

    made.sf.edit("00Q1", title__c="CEO")
    made.hs.fails["poll"] = DOWN
    made.cycle(minutes=6)

    assert made.lead().move
    assert made.sf.stage("00Q1") == "sql"


def test_blindness_is_told_once_a_spell() -> None:
    made = linked()
    for _ in range(2):
        made.sf.fails["poll"] = DOWN
        made.cycles(20)
        made.sf.fails.clear()
        made.cycles(3)

    assert made.slack.kinds() == [AlertKind.BLIND] * 2


def test_a_short_hiccup_is_not_told() -> None:
    made = linked()
    made.sf.fails["poll"] = DOWN

    made.cycle(minutes=5)

    assert made.slack.kinds() == []


def test_fresh_is_the_least_read_through_and_none_while_a_side_was_never_read() -> None:
    made = linked()
    sides = made.store.sides()

    through = [x.read_through for x in sides.values() if x.read_through]
    assert fresh_through(sides, System) == min(through)
    assert fresh_through({HUBSPOT: sides[HUBSPOT]}, System) is None


def test_a_cycle_told_to_stop_begins_nothing_and_moves_no_watermark() -> None:
    made = linked()
    made.hs.move("101", Stage.MQL)
    before = made.store.watermarks()

    reading = read_changes(made.pair, Recent(), made.context(), stopping=lambda: True)

    assert (reading.records, made.store.watermarks()) == (0, before)


def test_what_the_overlap_shows_again_is_not_taken_in_again() -> None:
    made = linked()
    first = made.cycle(minutes=1)
    made.hs.edit("101", phone__c="1")
    second = made.cycle(minutes=1)

    assert first.records == 0
    assert second.records == 1


def test_records_forgotten_by_a_restart_are_taken_in_again_without_effect() -> None:
    made = linked()
    made.hs.edit("101", phone__c="1")
    made.cycles(2, minutes=1)
    story = made.story()

    made.recent.forget()
    report = made.cycle(minutes=1)

    assert report.records > 0
    assert made.story().audit == story.audit


def test_memory_of_what_was_read_is_bounded() -> None:
    made = linked()
    pages = {crm.system: next(crm.poll(None)) for crm in (made.sf, made.hs)}
    small = Recent(most=1)

    small.remember(small.news(pages))

    assert small.news(pages).records == pages[SALESFORCE].records


# --- what people see without the worker --------------------------------------------------


def test_a_rehearsal_shows_what_a_cycle_would_write_and_writes_nothing() -> None:
    made = linked(Stage.MQL, rules=AT_ONCE, budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)

    found = rehearse(made.pair, now=made.time.now())

    assert {x.action.key.split(":")[0] for x in found.rows} == {"revert", "mark", "note", "alert"}
    assert (list(found.held), found.down) == ([], ())
    assert made.sf.stage("00Q1") == "sql"


def test_a_rehearsal_names_the_crm_it_could_not_read() -> None:
    made = linked()
    made.hs.fails["poll"] = DOWN

    assert rehearse(made.pair, now=made.time.now()).down == ("HubSpot: 503",)


# --- first sight and enforce_from --------------------------------------------------------


def test_an_old_portal_is_never_touched() -> None:
    made = house(rules=AT_ONCE)
    for number in range(1, 9):
        add_person(made, Stage.SQL, number=number, budget_confirmed__c=False, employees__c=1)

    made.cycles(4)

    assert (made.sf.calls["update"], made.hs.calls["update"]) == (0, 0)
    assert made.slack.sent == []
    assert made.audit().count(AuditKind.FIRST_SIGHT) == 2


def test_a_deleted_record_ends_what_was_under_way_to_it() -> None:
    made = linked()
    made.sf.fails["update"] = DOWN
    made.hs.edit("101", title__c="CEO")
    made.cycle()

    made.sf.delete("00Q1")
    made.cycles(3)

    assert made.outbox() == {}
    assert made.lead("101").sides[SALESFORCE].gone


def test_a_handoff_that_was_qualified_is_closed_in_the_store() -> None:
    made = linked()
    made.hs.move("101", Stage.MQL)
    made.cycle()

    made.sf.move("00Q1", Stage.SQL)
    made.cycle(minutes=5)

    assert made.store.status(made.time.now()).open_handoffs == 0
    assert made.lead().handoff is None
    assert AuditKind.HANDOFF in made.audit()
    assert HandoffState.QUALIFIED in [
        x.facts.get("state") for x in made.story().audit if x.kind is AuditKind.HANDOFF
    ]


def test_touches_of_open_handoffs_are_taken_in() -> None:
    made = linked()
    made.hs.move("101", Stage.MQL)
    made.cycle()
    call = Activity(
        system=SALESFORCE,
        id="t1",
        record_id=RecordId("00Q1"),
        kind="call",
        at=made.time.now() + MINUTE,
        owner_id="005R",
        by_syncd=False,
    )
    stranger = replace(call, id="t2", record_id=RecordId("00Q9"))

    made.sf.activities += [call, stranger]
    made.cycle(minutes=5)

    handoff = made.lead().handoff
    assert handoff
    assert (handoff.first_touch_at, handoff.first_touch_by) == (call.at, "rep@corp.example")
    assert made.lead().sides[HUBSPOT].baseline[STAGE] is Stage.MQL
