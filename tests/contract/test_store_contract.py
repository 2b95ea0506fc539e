"""One suite for every implementation of `store_ports.Store`.

To add a database, name in `SHELVES` what makes a new one.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pytest
from store_values import (
    ANNA,
    BERT,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    SECOND,
    alert,
    contest,
    creation,
    dispute,
    entry,
    handoff,
    lead,
    move,
    note,
    order,
    parked,
    plan,
    scan_mark,
    side,
    transition,
    verdict,
    write,
)

from syncd.adapters.memory.role import Memory
from syncd.adapters.memory.store import MemoryStore
from syncd.adapters.store.store import open_store
from syncd.commit import Buried, Cancelled, Commit, OutboxRow, Postponed, Sent, Settled, Waiting
from syncd.core.erasing import DELETED, VANISHED
from syncd.core.kept_previews import KEEP_CHARACTERS, KEEP_PREVIEWS
from syncd.domain.action import WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.decision import Parked, PlanState
from syncd.domain.handoff import HandoffState
from syncd.domain.lead import Lost
from syncd.domain.names import ActionKey, FieldName, LeadId, PlanId, RecordId, System
from syncd.domain.order import Health, RepairField, SideStatus
from syncd.domain.preview import PlannedAction, PlannedLead, Preview
from syncd.domain.stage import Stage
from syncd.errors import ConflictError, LeaseLost
from syncd.store_ports import Store, StoreUrl

SALESFORCE, HUBSPOT = System.SALESFORCE, System.HUBSPOT


class ClosableStore(Store, Protocol):
    def close(self) -> None: ...


Shelf = Callable[[], ClosableStore]
"""Opens one more store on the same contents, as another process would."""


def memory_shelf(_request: pytest.FixtureRequest) -> Shelf:
    memory = Memory()
    return lambda: MemoryStore(memory)


def sqlite_shelf(request: pytest.FixtureRequest) -> Shelf:
    directory: Path = request.getfixturevalue("tmp_path")
    return lambda: open_store(directory / "syncd.db")


def postgresql_shelf(request: pytest.FixtureRequest) -> Shelf:
    database: StoreUrl = request.getfixturevalue("new_database")()
    return lambda: open_store(database)


SHELVES: Mapping[str, Callable[[pytest.FixtureRequest], Shelf]] = {
    "memory": memory_shelf,
    "sqlite": sqlite_shelf,
    "postgresql": postgresql_shelf,
}


@pytest.fixture(params=list(SHELVES))
def open_another(request: pytest.FixtureRequest) -> Iterator[Shelf]:
    shelf = SHELVES[request.param](request)
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(shelf()))


@pytest.fixture
def store(open_another: Shelf) -> ClosableStore:
    opened = open_another()
    assert opened.acquire(holder="worker-1", now=NOW, span=HOUR)
    return opened


def commit(store: Store, *, now: datetime = NOW, **work: Any) -> None:
    store.commit(Commit(now=now, **work))


def claim(
    store: Store, *, now: datetime = NOW, limit: int = 100, held: Collection[System] = ()
) -> list[OutboxRow]:
    return list(store.claim(now=now, until=now + 5 * MINUTE, limit=limit, held=held))


def keys(rows: list[OutboxRow]) -> list[str]:
    return [row.action.key for row in rows]


# --- leads -------------------------------------------------------------------------------


def test_a_lead_comes_back_as_it_was_saved(store: Store) -> None:
    anna = lead(ANNA, side(HUBSPOT, "1", "anna@example.com"), side(SALESFORCE, "00Q1"))

    commit(store, leads=(anna,))

    assert store.load([ANNA, BERT]) == {ANNA: anna}


def test_saving_again_overwrites_the_whole_lead(store: Store) -> None:
    commit(store, leads=(replace(lead(ANNA), recycles=1, contest=contest()),))

    commit(store, leads=(lead(ANNA),))

    assert store.load([ANNA]) == {ANNA: lead(ANNA)}
    assert store.status(NOW).contested == ()


def test_records_are_found_by_their_side(store: Store) -> None:
    commit(store, leads=(lead(ANNA, side(HUBSPOT, "1"), side(SALESFORCE, "2")),))

    found = store.find(HUBSPOT, [RecordId("1"), RecordId("2")])

    assert found == {"1": ANNA}


def test_a_link_ends_when_the_lead_no_longer_has_the_record(store: Store) -> None:
    commit(store, leads=(lead(ANNA, side(HUBSPOT, "1"), side(SALESFORCE, "2")),))

    commit(store, leads=(lead(ANNA, side(HUBSPOT, "3")),))

    assert store.find(SALESFORCE, [RecordId("2")]) == {}
    assert store.find(HUBSPOT, [RecordId("1"), RecordId("3")]) == {"3": ANNA}


def test_a_record_may_pass_from_one_lead_to_another_in_one_commit(store: Store) -> None:
    commit(store, leads=(lead(ANNA, side(HUBSPOT, "1")), lead(BERT, side(HUBSPOT, "2"))))

    commit(store, leads=(lead(ANNA, side(HUBSPOT, "2")), lead(BERT, side(HUBSPOT, "1"))))

    assert store.find(HUBSPOT, [RecordId("1"), RecordId("2")]) == {"1": BERT, "2": ANNA}


def test_a_record_of_two_leads_is_refused_and_nothing_is_stored(store: Store) -> None:
    commit(store, leads=(lead(ANNA, side(HUBSPOT, "1")),))

    with pytest.raises(ConflictError):
        commit(
            store,
            leads=(lead(BERT, side(HUBSPOT, "1")),),
            transitions=(transition("t-1"),),
            audit=(entry(),),
            watermarks={HUBSPOT: NOW},
        )

    assert store.load([BERT]) == {}
    assert store.watermarks() == {}
    assert store.verify().rows == 0


def test_a_record_is_found_by_the_ids_it_had_before(store: Store) -> None:
    converted = replace(side(SALESFORCE, "0035e00001AbCdEEAV"), former=(RecordId("00Q1"),))

    commit(store, leads=(lead(ANNA, converted),))

    found = store.find(SALESFORCE, [RecordId("00Q1"), RecordId("0035e00001AbCdEEAV")])
    assert found == {"00Q1": ANNA, "0035e00001AbCdEEAV": ANNA}
    assert store.look_up("00Q1") == [ANNA]


def test_a_merged_record_passes_to_the_lead_that_carries_on_for_it(store: Store) -> None:
    commit(store, leads=(lead(ANNA, side(HUBSPOT, "1")), lead(BERT, side(HUBSPOT, "2"))))
    winner = replace(side(HUBSPOT, "1"), former=(RecordId("2"),))

    commit(store, leads=(lead(ANNA, winner),), dissolved={BERT: ANNA})

    assert store.find(HUBSPOT, [RecordId("1"), RecordId("2")]) == {"1": ANNA, "2": ANNA}


def test_a_former_id_the_lead_no_longer_knows_is_nobodys(store: Store) -> None:
    commit(store, leads=(lead(ANNA, replace(side(HUBSPOT, "1"), former=(RecordId("2"),))),))

    commit(store, leads=(lead(ANNA, side(HUBSPOT, "1")), lead(BERT, side(HUBSPOT, "2"))))

    assert store.find(HUBSPOT, [RecordId("1"), RecordId("2")]) == {"1": ANNA, "2": BERT}


def test_a_disputed_field_comes_back_as_it_was(store: Store) -> None:
    anna = replace(lead(ANNA), disputes={FieldName("company"): dispute()}, apart=(RecordId("9"),))

    commit(store, leads=(anna,))

    stored = store.load([ANNA])[ANNA]
    assert stored == anna
    assert {type(x) for x in stored.disputes[FieldName("company")].values} == {System}


def test_leads_are_found_by_every_address_they_have(store: Store) -> None:
    shared = side(HUBSPOT, "1", "a@example.com", "both@example.com")
    commit(store, leads=(lead(ANNA, shared), lead(BERT, side(HUBSPOT, "2", "both@example.com"))))

    found = store.with_email(["a@example.com", "both@example.com", "none@example.com"])

    assert found == {"a@example.com": {ANNA}, "both@example.com": {ANNA, BERT}}


def test_an_address_that_changed_finds_nobody_any_more(store: Store) -> None:
    commit(store, leads=(lead(ANNA, side(HUBSPOT, "1", "old@example.com")),))

    commit(store, leads=(lead(ANNA, side(HUBSPOT, "1", "new@example.com")),))

    found = store.with_email(["old@example.com", "new@example.com"])
    assert found == {"new@example.com": {ANNA}}


def test_a_united_lead_answers_to_both_ids(store: Store) -> None:
    commit(store, leads=(lead(ANNA, side(HUBSPOT, "1")), lead(BERT, side(SALESFORCE, "2"))))
    united = lead(ANNA, side(HUBSPOT, "1"), side(SALESFORCE, "2"))

    commit(store, leads=(united,), dissolved={BERT: ANNA})

    assert store.load([BERT]) == {BERT: united}
    assert store.find(SALESFORCE, [RecordId("2")]) == {"2": ANNA}


def test_a_lead_united_twice_answers_with_the_last_one(store: Store) -> None:
    last = LeadId("lead-last")
    commit(store, leads=(lead(ANNA), lead(BERT), lead(last)))
    commit(store, dissolved={BERT: ANNA})

    commit(store, dissolved={ANNA: last})

    assert {x: found.id for x, found in store.load([ANNA, BERT]).items()} == {
        ANNA: last,
        BERT: last,
    }


def test_many_leads_are_loaded_at_once(store: Store) -> None:
    ids = [LeadId(f"lead-{n}") for n in range(1200)]
    commit(store, leads=tuple(lead(x) for x in ids))

    assert store.load(ids).keys() == set(ids)
    assert len(store.find(HUBSPOT, [RecordId(f"hs-{x}") for x in ids])) == 1200


def test_a_walk_over_all_leads_meets_each_once_in_the_order_of_their_ids(store: Store) -> None:
    ids = sorted(LeadId(f"lead-{n}") for n in range(7))
    commit(store, leads=tuple(lead(x) for x in reversed(ids)))

    first = store.after(None, 4)
    rest = store.after(first[-1].id, 4)

    assert [x.id for x in (*first, *rest)] == ids
    assert first[0] == lead(ids[0])
    assert store.after(ids[-1], 4) == []


# --- due ---------------------------------------------------------------------------------


def test_leads_with_a_lost_record_are_walked_over_by_how_it_was_lost(store: Store) -> None:
    deleted = replace(side(HUBSPOT, "1"), gone=DELETED)
    vanished = replace(side(SALESFORCE, "2"), gone=VANISHED)
    anna, bert = lead(ANNA, deleted), lead(BERT, vanished)
    carl = lead(LeadId("lead-carl"), replace(vanished, record_id=RecordId("3")))
    commit(store, leads=(carl, bert, anna, lead(LeadId("lead-dora"), side(HUBSPOT, "4"))))

    first = store.lost(Lost.VANISHED, None, 1)

    assert (first, store.lost(Lost.VANISHED, BERT, 9)) == ([bert], [carl])
    assert store.lost(Lost.DELETED, None, 9) == [anna]


def test_leads_with_an_open_handoff_are_walked_over(store: Store) -> None:
    anna, bert = lead(ANNA, handoff=handoff("h-1")), lead(BERT, handoff=handoff("h-2", BERT))
    over = handoff("h-3", LeadId("lead-carl"), HandoffState.EXPIRED)
    commit(store, leads=(bert, anna, lead(LeadId("lead-carl"))), closed=(over,))

    first = store.offered(None, 1)

    assert (first, store.offered(ANNA, 9), store.offered(BERT, 9)) == ([anna], [bert], [])


def test_a_lead_whose_record_is_there_again_is_lost_no_more(store: Store) -> None:
    commit(store, leads=(lead(ANNA, replace(side(HUBSPOT, "1"), gone=VANISHED)),))

    commit(store, leads=(lead(ANNA, side(HUBSPOT, "1")),))

    assert store.lost(Lost.VANISHED, None, 9) == []


def test_due_leads_come_oldest_first_and_no_earlier_than_due(store: Store) -> None:
    carl = LeadId("lead-carl")
    due = {ANNA: NOW, BERT: NOW - MINUTE, carl: NOW + SECOND}
    commit(store, leads=(lead(ANNA), lead(BERT), lead(carl)), due=due)

    assert store.due(NOW, 10) == [BERT, ANNA]
    assert store.due(NOW, 1) == [BERT]


def test_a_lead_saved_without_a_word_on_when_keeps_its_due_instant(store: Store) -> None:
    commit(store, leads=(lead(ANNA),), due={ANNA: NOW})

    commit(store, leads=(lead(ANNA),))

    assert store.due(NOW, 10) == [ANNA]


def test_a_lead_that_wants_nothing_more_is_not_due(store: Store) -> None:
    commit(store, leads=(lead(ANNA),), due={ANNA: NOW})

    commit(store, leads=(lead(ANNA),), due={ANNA: None})

    assert store.due(NOW + DAY, 10) == []


# --- handoffs ----------------------------------------------------------------------------


def test_an_open_handoff_is_counted_until_it_closes(store: Store) -> None:
    commit(store, leads=(lead(ANNA, handoff=handoff("h-1")),))
    was_open = store.status(NOW).open_handoffs

    commit(store, leads=(lead(ANNA, handoff=handoff("h-1", state=HandoffState.QUALIFIED)),))

    assert (was_open, store.status(NOW).open_handoffs) == (1, 0)


def test_a_new_handoff_takes_the_place_of_an_open_one(store: Store) -> None:
    commit(store, leads=(lead(ANNA, handoff=handoff("h-1")),))

    commit(store, leads=(lead(ANNA, handoff=handoff("h-2")),))

    assert store.status(NOW).open_handoffs == 1


def test_one_handoff_may_close_and_the_next_open_in_one_commit(store: Store) -> None:
    commit(store, leads=(lead(ANNA, handoff=handoff("h-1")),))

    commit(
        store,
        leads=(lead(ANNA, handoff=handoff("h-2")),),
        closed=(handoff("h-1", state=HandoffState.EXPIRED),),
    )

    assert store.status(NOW).open_handoffs == 1


def test_a_handoff_the_lead_no_longer_speaks_of_is_closed(store: Store) -> None:
    commit(store, leads=(lead(ANNA, handoff=handoff("h-1")),))

    commit(store, leads=(lead(ANNA),))

    assert store.status(NOW).open_handoffs == 0


def test_the_handoff_of_a_dissolved_lead_is_closed(store: Store) -> None:
    commit(store, leads=(lead(ANNA), lead(BERT, handoff=handoff("h-1", BERT))))

    commit(store, dissolved={BERT: ANNA})

    assert store.status(NOW).open_handoffs == 0


# --- what happened -----------------------------------------------------------------------


def test_a_transition_is_stored_once_and_stays_as_it_was(store: Store) -> None:
    first = transition("t-1")
    commit(store, leads=(lead(ANNA),), transitions=(first,))

    commit(store, transitions=(replace(first, seen_at=NOW + DAY), transition("t-2")))

    story = store.story(ANNA)
    assert story
    assert story.transitions == (first, transition("t-2"))


def test_a_verdict_is_stored_once_per_judging(store: Store) -> None:
    first, later = verdict("t-1"), verdict("t-1", at=NOW + MINUTE)
    commit(store, leads=(lead(ANNA),), verdicts=(first,))

    commit(store, verdicts=(verdict("t-1", seen="another"), later))

    story = store.story(ANNA)
    assert story
    assert story.verdicts == (first, later)


def test_a_story_is_told_oldest_first_and_of_one_lead_only(store: Store) -> None:
    commit(
        store,
        leads=(lead(ANNA), lead(BERT)),
        transitions=(
            transition("t-2", at=NOW + MINUTE),
            transition("t-1"),
            transition("t-3", BERT),
        ),
        audit=(entry(AuditKind.TRANSITION), entry(lead_id=BERT), entry(AuditKind.VERDICT)),
        actions=(write("w-1"), write("w-2", BERT, record="hs-2"), note("n-1")),
    )

    story = store.story(ANNA)

    assert story
    assert [x.id for x in story.transitions] == ["t-1", "t-2"]
    assert [x.kind for x in story.audit] == [AuditKind.TRANSITION, AuditKind.VERDICT]
    assert story.outbox == (
        (write("w-1"), "pending", "", NOW),
        (note("n-1"), "pending", "", NOW),
    )


def test_a_story_holds_handoffs_that_ended_and_the_open_one(store: Store) -> None:
    ended = handoff("h-1", state=HandoffState.EXPIRED)
    ended = replace(ended, closed_at=NOW + HOUR, opened_at=NOW - DAY)
    commit(store, leads=(lead(ANNA, handoff=handoff("h-1")),))
    commit(store, leads=(lead(ANNA, handoff=handoff("h-2")),), closed=(ended,))

    story = store.story(ANNA)

    assert story
    assert story.handoffs == (ended, handoff("h-2"))


def test_a_story_says_of_a_handoff_that_was_superseded_that_it_was(store: Store) -> None:
    commit(store, leads=(lead(ANNA, handoff=handoff("h-1")),))
    commit(store, leads=(lead(ANNA),))

    story = store.story(ANNA)

    assert story
    assert [x.state for x in story.handoffs] == [HandoffState.SUPERSEDED]


def test_a_story_holds_what_happened_to_the_leads_it_was_united_from(store: Store) -> None:
    commit(store, leads=(lead(ANNA), lead(BERT)), transitions=(transition("t-1", BERT),))
    commit(
        store,
        dissolved={BERT: ANNA},
        audit=(entry(AuditKind.LINKED, BERT, personal={"email": "bert@example.com"}),),
    )

    story = store.story(BERT)

    assert story
    assert (story.lead.id, [x.id for x in story.transitions]) == (ANNA, ["t-1"])
    assert [x.personal for x in story.audit] == [{"email": "bert@example.com"}]


def test_an_unknown_lead_has_no_story(store: Store) -> None:
    assert store.story(ANNA) is None


# --- outbox ------------------------------------------------------------------------------


def test_an_action_is_claimed_as_it_was_decided(store: Store) -> None:
    commit(store, actions=(write("w-1"),))

    assert claim(store, now=NOW + MINUTE) == [
        OutboxRow(action=write("w-1"), attempts=0, created_at=NOW)
    ]


def test_an_action_already_stored_is_claimed_as_it_was_stored_first(store: Store) -> None:
    commit(store, actions=(write("w-1"),))

    commit(store, actions=(write("w-1", value=Stage.CUSTOMER),))

    assert [row.action for row in claim(store)] == [write("w-1")]


def test_what_became_of_actions_is_told_of_each(store: Store) -> None:
    commit(store, actions=tuple(write(f"w-{n}", record=f"hs-{n}") for n in range(5)))
    keys = [row.action.key for row in claim(store)]

    commit(
        store,
        outbox=(
            Settled(key=keys[0]),
            Settled(key=keys[1]),
            Postponed(key=keys[2], until=NOW + HOUR, reason="busy"),
            Postponed(key=keys[3], until=NOW + 2 * HOUR, reason="busy"),
            Settled(key=keys[4]),
        ),
    )

    assert [row.action.key for row in claim(store, now=NOW + HOUR)] == [keys[2]]
    assert [row.action.key for row in claim(store, now=NOW + 2 * HOUR)] == [keys[2], keys[3]]


def test_a_claimed_action_is_claimed_by_nobody_else_until_its_time_is_over(store: Store) -> None:
    commit(store, actions=(write("w-1"),))
    claim(store)

    assert claim(store, now=NOW + 5 * MINUTE - SECOND) == []
    assert [row.attempts for row in claim(store, now=NOW + 5 * MINUTE)] == [1]


def test_what_a_dead_worker_had_claimed_is_due_at_once(store: Store, open_another: Shelf) -> None:
    commit(store, actions=(write("w-1"),))
    claim(store)
    successor = open_another()

    assert successor.acquire(holder="worker-1", now=NOW, span=HOUR)

    assert [row.attempts for row in claim(successor)] == [1]


def test_the_same_action_is_stored_once_even_after_it_was_done(store: Store) -> None:
    commit(store, actions=(write("w-1"),))
    claim(store)
    commit(store, outbox=(Settled(key=ActionKey("w-1")),))

    commit(store, actions=(write("w-1", value="another"),))

    assert claim(store, now=NOW + DAY) == []


def test_actions_come_oldest_first_up_to_the_limit(store: Store) -> None:
    commit(store, actions=(write("w-2", record="2"),))
    commit(store, now=NOW + SECOND, actions=(write("w-1", record="1"), alert("a-1")))

    assert keys(claim(store, now=NOW + MINUTE, limit=2)) == ["w-2", "w-1"]
    assert keys(claim(store, now=NOW + MINUTE)) == ["a-1"]


def test_effects_on_one_record_stay_in_order(store: Store) -> None:
    commit(store, actions=(write("w-1"), note("n-1"), write("w-2"), write("w-3", record="hs-2")))

    assert keys(claim(store)) == ["w-1", "n-1", "w-2", "w-3"]


def test_a_postponed_effect_holds_back_later_ones_of_its_record(store: Store) -> None:
    commit(store, actions=(write("w-1"), write("w-2")))
    claim(store)
    later = NOW + HOUR
    commit(store, outbox=(Postponed(key=ActionKey("w-1"), until=later, reason="busy"),))

    assert claim(store, now=later - SECOND) == []
    assert [r.action.key for r in claim(store, now=later)] == ["w-1", "w-2"]


def test_an_effect_that_only_waits_was_not_attempted_and_knows_why(store: Store) -> None:
    commit(store, actions=(write("w-1"),))
    claim(store)
    later = NOW + HOUR
    commit(store, outbox=(Waiting(key=ActionKey("w-1"), until=later, reason="no company"),))

    (row,) = claim(store, now=later)

    assert (row.attempts, row.reason) == (0, "no company")
    assert claim(store, now=later) == []


def test_an_effect_that_was_sent_is_due_later_and_holds_back_nothing(store: Store) -> None:
    commit(store, actions=(write("w-1"), write("w-2")))
    later = NOW + HOUR
    commit(store, outbox=(Sent(key=ActionKey("w-1"), until=later),))

    assert keys(claim(store, now=later - SECOND)) == ["w-2"]
    assert "w-1" in keys(claim(store, now=later))


def test_a_row_says_whether_the_crm_took_its_last_attempt(store: Store) -> None:
    commit(store, actions=(write("w-1"), write("w-2")))
    commit(store, outbox=(Sent(key=ActionKey("w-1"), until=NOW),))

    assert {row.action.key: row.sent for row in claim(store)} == {"w-1": True, "w-2": False}


def test_what_was_sent_stays_sent_when_the_worker_dies(store: Store, open_another: Shelf) -> None:
    commit(store, actions=(write("w-1"),))
    commit(store, outbox=(Sent(key=ActionKey("w-1"), until=NOW + HOUR),))
    store.release()

    after = open_another()
    after.acquire(holder="another", now=NOW, span=HOUR)

    assert keys(claim(after)) == []
    assert after.status(NOW).outbox == {"sent": 1}


@pytest.mark.parametrize("end", [Buried, Cancelled])
def test_an_effect_that_ended_lets_the_next_one_of_its_record_go(
    store: Store, end: type[Buried | Cancelled]
) -> None:
    commit(store, actions=(write("w-1"), write("w-2")))

    commit(store, outbox=(end(key=ActionKey("w-1"), reason="refused"),))

    assert keys(claim(store)) == ["w-2"]


def test_alerts_do_not_wait_for_one_another(store: Store) -> None:
    commit(store, actions=(alert("a-1"), alert("a-2", ANNA)))

    assert keys(claim(store)) == ["a-1", "a-2"]


def test_an_effect_that_is_finished_stays_finished(store: Store) -> None:
    commit(store, leads=(lead(ANNA),), actions=(write("w-1"),))
    commit(store, outbox=(Cancelled(key=ActionKey("w-1"), reason="a person was faster"),))

    commit(store, outbox=(Postponed(key=ActionKey("w-1"), until=NOW, reason="late"),))

    story = store.story(ANNA)
    assert story
    assert [row[1:3] for row in story.outbox] == [("cancelled", "a person was faster")]
    assert claim(store) == []


def test_a_finished_effect_is_emptied_after_some_days_and_not_done_again(store: Store) -> None:
    commit(store, leads=(lead(ANNA),), actions=(write("w-1"), write("w-2")))
    commit(store, outbox=(Settled(key=ActionKey("w-1")),))
    long_after = NOW + 15 * DAY

    commit(store, now=long_after, outbox=(Settled(key=ActionKey("w-2")),))

    commit(store, now=long_after, actions=(write("w-1"),))
    story = store.story(ANNA)
    assert story
    assert [row[0].key for row in story.outbox] == ["w-2"]
    assert claim(store, now=long_after) == []


def test_the_brake_counts_leads_not_writes(store: Store) -> None:
    commit(store, now=NOW - MINUTE, actions=(write("old", BERT),))
    commit(
        store,
        actions=(
            write("w-1"),
            write("w-2", record="sf-1"),
            write("w-3", BERT),
            write("w-4", kind=WriteKind.REVERT),
            note("n-1"),
            alert("a-1", BERT),
        ),
    )

    assert store.spent(NOW) == {WriteKind.PROPAGATE: 2, WriteKind.REVERT: 1}
    assert store.asked_for(NOW) == {WriteKind.PROPAGATE: 3, WriteKind.REVERT: 1}


def test_the_brake_counts_records_to_be_made(store: Store) -> None:
    commit(store, actions=(creation("c-1"), creation("c-2", BERT), alert("a-1")))

    assert store.spent(NOW) == {WriteKind.CREATE: 2}


def test_a_record_to_be_made_waits_behind_nothing(store: Store) -> None:
    commit(store, actions=(creation("c-1"), creation("c-2", BERT)))

    assert [row.action for row in claim(store)] == [creation("c-1"), creation("c-2", BERT)]


@pytest.mark.parametrize("kind", [WriteKind.SYNC, WriteKind.REPAIR])
def test_writes_that_can_wait_are_not_claimed_while_their_crm_is_held(
    store: Store, kind: WriteKind
) -> None:
    commit(store, actions=(write("w-1", kind=kind),))

    assert claim(store, held=(HUBSPOT,)) == []
    assert keys(claim(store, held=(SALESFORCE,))) == ["w-1"]


def test_a_record_to_be_made_waits_while_any_crm_is_held(store: Store) -> None:
    commit(store, actions=(creation("c-1"),))

    assert claim(store, held=(HUBSPOT,)) == []
    assert keys(claim(store)) == ["c-1"]


def test_only_rows_of_the_leads_that_are_named_are_claimed_and_those_of_no_lead(
    store: Store,
) -> None:
    both = (write("w-1"), write("w-2", BERT, record="hs-2"))
    commit(store, leads=(lead(ANNA), lead(BERT)), actions=(*both, alert("a-1")))

    some = store.claim(now=NOW, until=NOW + HOUR, limit=9, held=(SALESFORCE,), leads={BERT})

    assert keys([*some]) == ["w-2", "a-1"]
    assert keys(claim(store)) == ["w-1"]


def test_nothing_essential_waits_behind_held_writes(store: Store) -> None:
    many = tuple(write(f"s-{n}", record=str(n), kind=WriteKind.SYNC) for n in range(3))
    commit(store, actions=(*many, write("w-1", record="0"), note("n-1", record="1"), alert("a-1")))

    assert keys(claim(store, held=(HUBSPOT,), limit=3)) == ["w-1", "n-1", "a-1"]


def test_the_brake_knows_how_many_leads_are_linked(store: Store) -> None:
    commit(store, leads=(lead(ANNA, side(HUBSPOT, "1"), side(SALESFORCE, "2")), lead(BERT)))

    assert store.linked() == 1


# --- orders and plans --------------------------------------------------------------------


def test_orders_wait_until_they_are_done(store: Store, open_another: Shelf) -> None:
    open_another().place(order("o-2", at=NOW + SECOND))
    open_another().place(order("o-1"))
    placed = list(store.waiting())

    commit(store, orders_done=("o-1",))

    assert [x.id for x in placed] == ["o-1", "o-2"]
    assert store.waiting() == [order("o-2", at=NOW + SECOND)]


def test_an_order_placed_again_is_not_done_again(store: Store) -> None:
    store.place(order("o-1"))
    commit(store, orders_done=("o-1",))

    store.place(order("o-1"))

    assert store.waiting() == []


def test_an_order_done_long_ago_is_forgotten_with_all_that_was_said_in_it(store: Store) -> None:
    store.place(order("o-1"))
    commit(store, orders_done=("o-1",))
    store.place(order("o-2"))
    commit(store, orders_done=("o-2",), now=NOW + 91 * DAY)

    store.place(order("o-1"))

    assert store.waiting() == [order("o-1")]


def test_an_order_done_in_parts_waits_as_it_now_is(store: Store) -> None:
    what = RepairField(field=FieldName("company"), take=HUBSPOT)
    store.place(replace(order("o-1"), what=what))
    half_done = replace(order("o-1"), what=replace(what, after=ANNA))

    commit(store, orders=(half_done,))

    assert store.waiting() == [half_done]


def test_what_was_refused_lately_is_told_apart_from_what_was_done(store: Store) -> None:
    for name, at in (("o-1", NOW - SECOND), ("o-2", NOW), ("o-3", NOW), ("o-4", NOW)):
        store.place(order(name, at=at))
    old, refused = (
        replace(order(name, at=at), refused="too late")
        for name, at in (("o-1", NOW - SECOND), ("o-2", NOW))
    )

    commit(store, orders=(old, refused), orders_done=("o-1", "o-2", "o-3"))

    assert store.refused(NOW) == [refused]


def test_an_order_that_was_never_placed_is_not_made_by_saving_it(store: Store) -> None:
    commit(store, orders=(order("o-1"),))

    assert store.waiting() == []


CARL = LeadId("lead-carl")


def test_what_joins_a_plan_takes_the_place_of_what_is_there_of_its_lead(store: Store) -> None:
    commit(store, plans=(plan("p-1", ANNA, BERT),))
    applied = replace(plan("p-1", ANNA).leads[0], result="applied")
    joining = replace(plan("p-1", CARL), leads=(*plan("p-1", CARL).leads, applied), reason="other")

    commit(store, plans=(joining,))

    expected = replace(joining, leads=(applied, *plan("p-1", BERT, CARL).leads))
    assert store.plan(PlanId("p-1")) == expected
    assert store.open_plans() == [expected]


def test_a_standing_plan_is_asked_for_some_leads(store: Store) -> None:
    approved = plan("p-2", BERT, state=PlanState.APPROVED)
    done = plan("p-3", ANNA, state=PlanState.DONE)
    commit(store, plans=(plan("p-1", ANNA, BERT), approved, done))

    assert store.standing([ANNA]) == [plan("p-1", ANNA), replace(approved, leads=())]
    assert [x.leads for x in store.standing(())] == [(), ()]


def test_a_plan_is_walked_in_the_order_of_its_leads(store: Store) -> None:
    commit(store, plans=(plan("p-1", BERT, CARL, ANNA),))

    first = store.parts(PlanId("p-1"), None, 2)

    assert [x.lead_id for x in first] == [ANNA, BERT]
    assert [x.lead_id for x in store.parts(PlanId("p-1"), BERT, 2)] == [CARL]
    assert store.parts(PlanId("p-2"), None, 2) == []


def test_a_plan_that_is_done_is_no_longer_open(store: Store) -> None:
    commit(store, plans=(plan("p-1", ANNA), plan("p-2", BERT)))

    commit(store, plans=(plan("p-1", ANNA, state=PlanState.DONE),))

    assert [x.id for x in store.open_plans()] == ["p-2"]
    assert store.status(NOW).held_plans == ("p-2",)
    assert store.plan(PlanId("p-3")) is None


# --- the archive -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "lead-anna",
        "lead-bert",
        "1501",
        "00Q5e00001AbCdEEAV",
        "00Q5e00001AbCdE",
        "00q5e00001abcdeeav",
        " Anna@Example.com ",
    ],
)
def test_a_lead_is_looked_up_by_anything_it_is_known_by(store: Store, text: str) -> None:
    anna = lead(
        ANNA, side(HUBSPOT, "1501", "anna@example.com"), side(SALESFORCE, "00Q5e00001AbCdEEAV")
    )
    commit(store, leads=(anna, lead(BERT)))
    commit(store, dissolved={BERT: ANNA})

    assert store.look_up(text) == [ANNA]


def test_nothing_is_looked_up_for_a_stranger(store: Store) -> None:
    commit(store, leads=(lead(ANNA),))

    assert store.look_up("nobody@example.com") == []


def test_the_status_counts_what_wants_attention(store: Store) -> None:
    anna = replace(
        lead(ANNA, side(HUBSPOT, "1"), side(SALESFORCE, "2")),
        contest=contest(),
        move=move(),
        disputes={FieldName("company"): dispute()},
    )
    parked = Parked(
        system=HUBSPOT, record_id=RecordId("9"), why="two match", candidates=(ANNA,), since=NOW
    )
    commit(
        store,
        leads=(anna, lead(BERT)),
        parked=(parked,),
        actions=(write("w-1"), write("w-2", record="2"), write("w-3", record="3"), alert("a-1")),
    )
    commit(
        store,
        outbox=(
            Buried(key=ActionKey("w-1"), reason="REQUIRED_FIELD_MISSING"),
            Settled(key=ActionKey("w-2")),
        ),
    )
    claim(store, limit=1)

    status = store.status(NOW + MINUTE)

    assert (status.leads, status.linked, status.in_grace, status.parked) == (2, 1, 1, 1)
    assert (status.contested, status.disputes) == ((ANNA,), 1)
    assert status.outbox == {"claimed": 1, "pending": 1, "buried": 1}
    assert status.oldest_due == NOW
    assert status.given_up == (("w-1", "REQUIRED_FIELD_MISSING"),)


def test_leads_with_a_field_in_dispute_are_told_the_longest_open_first(store: Store) -> None:
    long_open = {FieldName("title"): replace(dispute(), since=NOW - DAY)}
    anna = replace(lead(ANNA), disputes={FieldName("company"): dispute()})
    bert = replace(lead(BERT), disputes={**anna.disputes, **long_open})
    commit(store, leads=(anna, bert, lead(LeadId("lead-carl"))))

    assert store.disputed() == [bert, anna]


def test_a_lead_whose_dispute_is_settled_is_told_no_more(store: Store) -> None:
    anna = replace(lead(ANNA), disputes={FieldName("company"): dispute()})
    commit(store, leads=(anna,))

    commit(store, leads=(replace(anna, disputes={}),))

    assert store.disputed() == []
    assert store.status(NOW).disputes == 0


def test_nothing_is_due_before_its_time(store: Store) -> None:
    commit(store, actions=(write("w-1"),))
    claim(store)

    assert store.status(NOW + MINUTE).oldest_due is None


def test_a_record_stays_parked_since_it_was_first_parked(store: Store) -> None:
    first = Parked(
        system=HUBSPOT, record_id=RecordId("9"), why="two match", candidates=(ANNA,), since=NOW
    )
    commit(store, parked=(first,))

    commit(store, parked=(replace(first, why="three match", since=NOW + DAY),))

    assert store.parked() == [replace(first, why="three match")]


def test_a_record_that_was_matched_is_no_longer_parked(store: Store) -> None:
    parked = Parked(system=HUBSPOT, record_id=RecordId("9"), why="x", candidates=(), since=NOW)
    commit(store, parked=(parked,))

    commit(store, unparked=((HUBSPOT, RecordId("9")),))

    assert store.parked() == []


def test_a_record_a_person_left_alone_stays_so_when_it_is_parked_again(store: Store) -> None:
    commit(store, parked=(replace(parked("8"), ignored=True), parked("9")))

    commit(store, parked=(parked("8"), parked("9")))

    ids = [RecordId("7"), RecordId("8"), RecordId("9")]
    assert store.ignored(HUBSPOT, ids) == {"8"}
    assert store.ignored(SALESFORCE, ids) == frozenset()
    assert [x.ignored for x in store.parked()] == [True, False]
    assert store.status(NOW).parked == 1


def test_the_parked_ones_of_some_records_are_told_whether_they_wait_or_are_left_alone(
    store: Store,
) -> None:
    commit(store, parked=(replace(parked("8"), ignored=True), parked("9"), parked("10")))

    ids = [RecordId("7"), RecordId("8"), RecordId("9")]

    assert store.set_aside(HUBSPOT, ids) == {"8", "9"}
    assert store.set_aside(SALESFORCE, ids) == frozenset()


def test_a_lead_is_in_doubt_while_a_record_that_may_be_its_own_waits(store: Store) -> None:
    commit(
        store,
        parked=(
            replace(parked("8"), candidates=(ANNA,)),
            replace(parked("9"), candidates=(BERT,), ignored=True),
        ),
    )

    assert store.in_doubt([ANNA, BERT]) == {ANNA}
    assert store.in_doubt([BERT]) == frozenset()
    assert [store.in_doubt([ANNA], [x]) == {ANNA} for x in System].count(True) == 1


def test_a_parked_record_may_be_left_alone_later(store: Store) -> None:
    commit(store, parked=(parked("9"),))

    commit(store, parked=(replace(parked("9"), ignored=True, since=NOW + DAY),))

    assert store.parked() == [replace(parked("9"), ignored=True)]


def test_a_record_that_is_linked_after_all_is_no_longer_left_alone(store: Store) -> None:
    commit(store, parked=(replace(parked("9"), ignored=True),))

    commit(store, unparked=((HUBSPOT, RecordId("9")),))

    assert store.ignored(HUBSPOT, [RecordId("9")]) == frozenset()


def test_scans_are_kept_apart_per_system(store: Store, open_another: Shelf) -> None:
    commit(store, scans={HUBSPOT: scan_mark("100"), SALESFORCE: scan_mark("a")})

    commit(store, scans={SALESFORCE: replace(scan_mark("b"), done=True)})

    assert open_another().scans() == {
        HUBSPOT: scan_mark("100"),
        SALESFORCE: replace(scan_mark("b"), done=True),
    }


def test_a_round_of_reconciliation_is_continued_until_it_is_complete(store: Store) -> None:
    never = store.sweep()
    commit(store, sweep=ANNA)
    commit(store)
    running = store.sweep()

    commit(store, sweep=LeadId(""))

    assert (never, running, store.sweep()) == (None, ANNA, None)


def test_the_spellings_of_the_map_are_kept_until_there_are_others(store: Store) -> None:
    never = store.spellings()
    commit(store, spellings={HUBSPOT: {FieldName("title"): "old"}, SALESFORCE: {}})
    latest = {HUBSPOT: {FieldName("title"): "a1"}, SALESFORCE: {FieldName("title"): "b2"}}
    commit(store, spellings=latest)
    commit(store)

    assert (never, store.spellings()) == ({}, latest)


def test_watermarks_and_sides_are_kept_apart_per_system(store: Store) -> None:
    blind = SideStatus(
        read_through=None,
        health=Health.BLIND,
        reason="401",
        calls_used=None,
        calls_allowed=None,
        connector={FieldName("title"): NOW},
    )
    seeing = replace(blind, read_through=NOW, health=Health.OK, reason="", calls_used=3)
    commit(store, watermarks={HUBSPOT: NOW}, sides={HUBSPOT: blind, SALESFORCE: seeing})

    first = store.sides()
    commit(store, watermarks={SALESFORCE: NOW + SECOND}, sides={HUBSPOT: seeing})

    assert first == {HUBSPOT: blind, SALESFORCE: seeing}
    assert store.watermarks() == {HUBSPOT: NOW, SALESFORCE: NOW + SECOND}
    assert store.sides() == {HUBSPOT: seeing, SALESFORCE: seeing}


def test_the_first_start_is_remembered(store: Store, open_another: Shelf) -> None:
    before = store.first_start()
    first = store.start(NOW)

    again = open_another().start(NOW + DAY)

    assert (before, first, again) == (None, NOW, NOW)
    assert store.first_start() == NOW


# --- audit and erasure -------------------------------------------------------------------


def test_the_chain_holds_over_many_commits(store: Store) -> None:
    commit(store, audit=(entry(personal={"email": "anna@example.com"}), entry(lead_id=None)))
    commit(store, audit=(entry(personal={"phone": "1"}),))

    report = store.verify()

    assert (report.rows, report.broken_at) == (3, None)


def test_an_entry_comes_back_with_its_personal_values(store: Store) -> None:
    written = entry(AuditKind.OVERWRITE, personal={"phone": "+49 123", "name": "half \ud83d"})

    commit(store, leads=(lead(ANNA),), audit=(written,))

    story = store.story(ANNA)
    assert story
    assert story.audit == (written,)


def test_personal_values_of_nobody_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="no lead"):
        commit(store, leads=(lead(ANNA),), audit=(entry(lead_id=None, personal={"a": "b"}),))

    assert store.load([ANNA]) == {}


def test_p10_an_erased_person_is_gone_and_the_chain_still_holds(store: Store) -> None:
    anna = lead(ANNA, side(HUBSPOT, "1", "anna@example.com"), handoff=handoff("h-1"))
    commit(
        store,
        leads=(anna, lead(BERT)),
        due={ANNA: NOW},
        transitions=(transition("t-1"),),
        verdicts=(verdict("t-1"),),
        actions=(write("w-1"), write("w-2", BERT)),
        audit=(entry(personal={"email": "anna@example.com"}),),
        plans=(plan("p-1", ANNA, BERT),),
    )
    store.place(order("o-1"))

    commit(store, erased=(ANNA,))

    assert store.load([ANNA, BERT]).keys() == {BERT}
    assert store.with_email(["anna@example.com"]) == {}
    assert store.find(HUBSPOT, [RecordId("1")]) == {}
    assert keys(claim(store)) == ["w-2"]
    assert [x.lead_id for p in store.open_plans() for x in p.leads] == [BERT]
    assert (store.waiting(), store.due(NOW, 9), store.story(ANNA)) == ([], [], None)
    assert (store.status(NOW).open_handoffs, store.verify().broken_at) == (0, None)


def test_p10_erasing_a_person_erases_the_leads_united_into_it(store: Store) -> None:
    commit(
        store,
        leads=(lead(ANNA), lead(BERT)),
        audit=(entry(lead_id=BERT, personal={"email": "bert@example.com"}),),
    )
    commit(store, dissolved={BERT: ANNA})

    commit(store, erased=(BERT,))

    commit(store, leads=(lead(BERT),))
    story = store.story(BERT)
    assert story
    assert [x.personal for x in story.audit] == [{}]
    assert store.load([ANNA]) == {}


def test_p9_values_nobody_may_read_any_more_do_not_break_the_chain(store: Store) -> None:
    commit(store, audit=(entry(personal={"email": "anna@example.com"}), entry()))

    commit(store, erased=(ANNA,))
    commit(store, audit=(entry(lead_id=BERT, personal={"email": "bert@example.com"}),))

    assert (store.verify().rows, store.verify().broken_at) == (3, None)


# --- the lease ---------------------------------------------------------------------------


def test_only_one_worker_holds_the_lease(store: Store, open_another: Shelf) -> None:
    other = open_another()

    assert not other.acquire(holder="worker-2", now=NOW + HOUR - SECOND, span=HOUR)
    assert other.acquire(holder="worker-2", now=NOW + HOUR, span=HOUR)


def test_a_worker_without_a_lease_stores_and_claims_nothing(open_another: Shelf) -> None:
    store = open_another()

    with pytest.raises(LeaseLost):
        commit(store, leads=(lead(ANNA),))
    with pytest.raises(LeaseLost):
        claim(store)

    assert store.load([ANNA]) == {}


def test_a_worker_that_lost_its_lease_stores_nothing_even_when_it_is_free_again(
    store: Store, open_another: Shelf
) -> None:
    other = open_another()
    other.acquire(holder="worker-2", now=NOW + HOUR, span=HOUR)
    other.release()

    with pytest.raises(LeaseLost):
        commit(store, leads=(lead(ANNA),))
    with pytest.raises(LeaseLost):
        store.renew(now=NOW, span=HOUR)

    assert other.load([ANNA]) == {}


def test_whether_the_lease_is_held_can_be_asked_without_a_change(
    store: Store, open_another: Shelf
) -> None:
    store.must_hold()

    open_another().acquire(holder="worker-2", now=NOW + HOUR, span=HOUR)

    with pytest.raises(LeaseLost):
        store.must_hold()


def test_an_expired_lease_nobody_took_is_still_good(store: Store) -> None:
    commit(store, now=NOW + DAY, leads=(lead(ANNA),))

    assert store.acquire(holder="worker-1", now=NOW + DAY, span=HOUR)


def test_a_renewed_lease_lasts_from_then_on(store: Store, open_another: Shelf) -> None:
    store.renew(now=NOW + HOUR, span=HOUR)

    other = open_another()
    assert not other.acquire(holder="worker-2", now=NOW + HOUR + MINUTE, span=HOUR)


def test_a_released_lease_is_free_at_once(store: Store, open_another: Shelf) -> None:
    store.release()

    assert open_another().acquire(holder="worker-2", now=NOW, span=HOUR)


def test_a_worker_that_was_killed_takes_its_lease_again_and_fences_its_ghost(
    store: Store, open_another: Shelf
) -> None:
    again = open_another()

    assert again.acquire(holder="worker-1", now=NOW + SECOND, span=HOUR)
    with pytest.raises(LeaseLost):
        commit(store, leads=(lead(ANNA),))


def test_releasing_a_lease_that_was_lost_takes_it_from_nobody(
    store: Store, open_another: Shelf
) -> None:
    other = open_another()
    other.acquire(holder="worker-2", now=NOW + HOUR, span=HOUR)

    store.release()

    commit(other, leads=(lead(ANNA),))
    assert other.load([ANNA])


# --- across processes --------------------------------------------------------------------


def test_what_one_store_commits_another_reads(store: Store, open_another: Shelf) -> None:
    commit(
        store,
        leads=(lead(ANNA),),
        due={ANNA: NOW},
        watermarks={HUBSPOT: datetime(2026, 1, 1, tzinfo=UTC)},
    )

    other = open_another()

    assert other.load([ANNA]) == {ANNA: lead(ANNA)}
    assert other.due(NOW, 1) == [ANNA]
    assert other.watermarks() == {HUBSPOT: datetime(2026, 1, 1, tzinfo=UTC)}


# --- previews --------------------------------------------------------------------------------


def preview(number: int, says: str = "carry over") -> Preview:
    action = PlannedAction(digest="d", what="sync", reason="field title", says=says)
    return Preview(
        checksum=f"{number:020}",
        made_at=NOW + number * SECOND,
        config="digest",
        leads=(PlannedLead(lead_id=ANNA, actions=(action,)),),
    )


def test_a_preview_is_kept_without_the_lease_and_found_by_its_checksum(store: Store) -> None:
    store.keep(preview(1))
    store.keep(preview(1))

    assert store.preview(preview(1).checksum) == preview(1)
    assert store.preview("0" * 20) is None


def test_only_the_last_previews_are_kept(store: Store) -> None:
    for number in range(1, KEEP_PREVIEWS + 3):
        store.keep(preview(number))

    kept = [n for n in range(1, KEEP_PREVIEWS + 3) if store.preview(preview(n).checksum)]

    assert kept == list(range(3, KEEP_PREVIEWS + 3))


def test_a_large_preview_takes_the_room_of_the_older_ones(store: Store) -> None:
    store.keep(preview(1))

    store.keep(preview(2, says="x" * KEEP_CHARACTERS))

    assert store.preview(preview(1).checksum) is None
    assert store.preview(preview(2).checksum)
