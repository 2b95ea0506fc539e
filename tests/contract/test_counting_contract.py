"""What every store promises whoever counts: a lead that changed is uncounted until its rows are
of what is stored, and its rows go with it."""

from dataclasses import replace
from typing import Any

import pytest
from store_values import ANNA, BERT, HOUR, NOW, entry, handoff, lead, side, transition, verdict
from test_store_contract import ClosableStore, Shelf, commit, open_another, store

from syncd.commit import Commit
from syncd.domain.audit import AuditKind
from syncd.domain.deal import Deal
from syncd.domain.handoff import HandoffState
from syncd.domain.lead import Lead, Pending
from syncd.domain.names import OWNER, ActionKey, FieldName, LeadId, System
from syncd.domain.stage import Stage
from syncd.fact_ports import Counted, Uncounted
from syncd.measure.rounds import LeadRows
from syncd.store_ports import Store

__all__ = ["open_another", "store"]  # fixtures

FIELDS = (OWNER, FieldName("source"))
NO_ROWS = LeadRows(rounds=({"lead_id": ANNA, "cycle": 1},), moves=())
SALESFORCE, HUBSPOT = System.SALESFORCE, System.HUBSPOT


def waiting(store: Store) -> dict[LeadId, Uncounted]:
    return {x.lead_id: x for x in store.uncounted(100)}


def all_counted(store: Store) -> None:
    found = store.uncounted(100)
    store.counted([of(x) for x in found])


def of(x: Uncounted) -> Counted:
    rows = replace(NO_ROWS, rounds=({"lead_id": x.lead_id, "cycle": 1},))
    return Counted(lead_id=x.lead_id, mark=x.mark, rows=rows if x.story else None)


@pytest.fixture
def settled(store: ClosableStore) -> ClosableStore:
    """Two leads, counted."""
    store.count_by(FIELDS)
    commit(store, leads=(lead(ANNA), lead(BERT)))
    all_counted(store)
    return store


def with_value(name: str, value: str) -> Lead:
    anna = lead(ANNA)
    shown = anna.sides[HUBSPOT]
    values = {**shown.seen.values, FieldName(name): value}
    return replace(anna, sides={HUBSPOT: replace(shown, seen=replace(shown.seen, values=values))})


def test_a_new_lead_is_uncounted_with_all_that_is_told_of_it(store: ClosableStore) -> None:
    said = entry(AuditKind.RECYCLED)
    commit(
        store,
        leads=(lead(ANNA, handoff=handoff("h-1")),),
        transitions=(transition("t-1"),),
        verdicts=(verdict("t-1"),),
        audit=(said, entry(AuditKind.LINKED)),
    )

    story = waiting(store)[ANNA].story

    assert story is not None
    assert story.lead.id == ANNA
    assert [x.id for x in story.transitions] == ["t-1"]
    assert [x.transition for x in story.verdicts] == ["t-1"]
    assert [x.id for x in story.handoffs] == ["h-1"]
    assert [x.kind for x in story.audit] == [AuditKind.RECYCLED]


def test_what_was_counted_is_uncounted_no_more(settled: ClosableStore) -> None:
    assert waiting(settled) == {}


@pytest.mark.parametrize(
    "work",
    [
        {"transitions": (transition("t-2"),)},
        {"verdicts": (verdict("t-2"),)},
        {"closed": (handoff("h-2"),)},
        {"leads": (replace(lead(ANNA), stage=Stage.SQL),)},
        {"leads": (lead(ANNA, handoff=handoff("h-1")),)},
        {"leads": (with_value("source", "Webinar"),)},
        {"audit": (entry(AuditKind.REFUSED),)},
    ],
    ids=lambda work: next(iter(work)),
)
def test_whatever_rows_are_made_of_makes_a_lead_uncounted(
    settled: ClosableStore, work: dict[str, Any]
) -> None:
    commit(settled, **work)

    assert set(waiting(settled)) == {ANNA}


def test_a_lead_that_changed_while_it_was_counted_stays_uncounted(settled: ClosableStore) -> None:
    commit(settled, transitions=(transition("t-2"),))
    (before,) = settled.uncounted(1)
    commit(settled, transitions=(transition("t-3"),))

    settled.counted([of(before)])

    assert set(waiting(settled)) == {ANNA}


def test_a_lead_that_became_part_of_another_is_counted_with_it(settled: ClosableStore) -> None:
    commit(settled, transitions=(transition("t-2"),))
    all_counted(settled)

    commit(settled, dissolved={ANNA: BERT})

    found = waiting(settled)
    assert found[ANNA].story is None
    kept = found[BERT].story
    assert kept is not None
    assert [x.id for x in kept.transitions] == ["t-2"]


def test_the_open_handoff_of_a_lead_that_became_part_of_another_is_told_as_given_up(
    settled: ClosableStore,
) -> None:
    opened = replace(handoff("h-1"), lead_id=BERT)
    commit(settled, leads=(lead(BERT, handoff=opened),))

    commit(settled, dissolved={BERT: ANNA})

    story = waiting(settled)[ANNA].story
    assert story is not None
    (told,) = story.handoffs
    assert (told.id, told.state) == ("h-1", HandoffState.SUPERSEDED)
    assert told.closed_at is not None


def test_an_erased_lead_has_nothing_to_count(settled: ClosableStore) -> None:
    commit(settled, erased=(ANNA,))

    assert waiting(settled)[ANNA].story is None
    all_counted(settled)
    assert waiting(settled) == {}


def test_all_are_counted_anew_once_they_are_counted_by_other_values(
    settled: ClosableStore, open_another: Shelf
) -> None:
    settled.count_by((OWNER, FieldName("origin")))
    again = waiting(settled)
    all_counted(settled)

    open_another().count_by((OWNER, FieldName("origin")))

    assert set(again) == {ANNA, BERT}
    assert waiting(settled) == {}


def deal(number: int = 1, **facts: Any) -> Deal:
    told: dict[str, Any] = {"is_closed": False, "is_won": False, "amount": 12.5}
    told |= {"closes_at": NOW, "made_at": NOW - HOUR, "lost_reason": "price"}
    return Deal(id=f"d-{number}", **(told | facts))


def test_deals_are_told_with_the_lead_and_kept_until_others_are(settled: ClosableStore) -> None:
    first = settled.save_deals({ANNA: {HUBSPOT: (deal(1), deal(2)), SALESFORCE: ()}})
    all_counted(settled)
    again = settled.save_deals({ANNA: {HUBSPOT: (deal(2), deal(1)), SALESFORCE: ()}})
    unchanged = waiting(settled)

    third = settled.save_deals({ANNA: {HUBSPOT: (deal(2, is_closed=True),)}})

    assert (first, again, third) == (1, 0, 1)
    assert unchanged == {}
    story = waiting(settled)[ANNA].story
    assert story is not None
    assert {x: y for x, y in story.deals.items() if y} == {HUBSPOT: (deal(2, is_closed=True),)}


def test_leads_that_share_a_deal_are_counted_anew_together(settled: ClosableStore) -> None:
    settled.save_deals({ANNA: {HUBSPOT: (deal(1), deal(2))}})
    all_counted(settled)
    settled.save_deals({BERT: {HUBSPOT: (deal(1),), SALESFORCE: (deal(2),)}})
    shared = waiting(settled)
    all_counted(settled)
    settled.save_deals({BERT: {HUBSPOT: ()}})
    parted = waiting(settled)

    for found, times in ((shared, 2), (parted, 1)):
        assert set(found) == {ANNA, BERT}
        story = found[ANNA].story
        assert story is not None
        assert story.shared.get((HUBSPOT, "d-1"), 1) == times
        assert story.shared.get((HUBSPOT, "d-2"), 1) == 1


@pytest.mark.parametrize("work", [{"erased": (BERT,)}, {"dissolved": {BERT: LeadId("c")}}])
def test_whoever_shared_a_deal_with_a_lead_that_is_no_more_is_counted_anew(
    settled: ClosableStore, work: dict[str, Any]
) -> None:
    commit(settled, leads=(lead(LeadId("c"), side(HUBSPOT, "hs-c")),))
    settled.save_deals({x: {HUBSPOT: (deal(1),)} for x in (ANNA, BERT)})
    all_counted(settled)

    commit(settled, **work)

    story = waiting(settled)[ANNA].story
    assert story is not None
    assert story.shared.get((HUBSPOT, "d-1"), 1) == 1


def test_deals_of_a_lead_that_is_not_there_are_not_kept(settled: ClosableStore) -> None:
    assert settled.save_deals({LeadId("nobody"): {HUBSPOT: (deal(),)}}) == 0


def test_deals_are_read_of_leads_that_sales_has_or_that_may_still_buy(
    store: ClosableStore,
) -> None:
    at = {"a": Stage.SQL, "b": Stage.MQL, "c": Stage.CUSTOMER, "d": Stage.NURTURE}
    records = {x: side(HUBSPOT, f"hs-{x}") for x in at}
    leads = [replace(lead(LeadId(x), records[x]), stage=stage) for x, stage in at.items()]
    commit(store, leads=tuple(leads))
    store.save_deals({LeadId("d"): {HUBSPOT: (deal(),)}, LeadId("b"): {HUBSPOT: ()}})

    assert [x.id for x in store.selling(None, 9)] == ["a", "c", "d"]
    assert [x.id for x in store.selling(None, 2)] == ["a", "c"]
    assert [x.id for x in store.selling(LeadId("c"), 2)] == ["d"]


@pytest.mark.parametrize("text", ["nul\0", "half\ud800"])
def test_a_text_no_database_takes_keeps_nobody_from_being_counted(
    settled: ClosableStore, text: str
) -> None:
    lost = deal(lost_reason=text)
    saved = [settled.save_deals({ANNA: {HUBSPOT: (lost,)}}) for _ in range(2)]
    (found,) = settled.uncounted(9)

    rows = replace(NO_ROWS, rounds=({"lead_id": ANNA, "cycle": 1, "source": text},))
    settled.counted([Counted(lead_id=ANNA, mark=found.mark, rows=rows)])

    assert saved == [1, 0]
    assert waiting(settled) == {}


def test_a_value_that_was_on_its_way_and_is_not_any_more_makes_a_lead_uncounted(
    settled: ClosableStore,
) -> None:
    anna = lead(ANNA)
    shown = anna.sides[HUBSPOT]
    writing = Pending(key=ActionKey("w-1"), replaces=("Referral",), writes="Webinar")
    asked = replace(shown, pending={FieldName("source"): writing})
    commit(settled, leads=(replace(anna, sides={HUBSPOT: asked}),))
    marked = set(waiting(settled))
    all_counted(settled)

    commit(settled, leads=(anna,))

    assert marked == set(waiting(settled)) == {ANNA}


def test_counting_needs_no_lease(open_another: Shelf) -> None:
    worker = open_another()
    assert worker.acquire(holder="worker", now=NOW, span=HOUR)
    worker.commit(Commit(now=NOW, leads=(lead(ANNA),)))

    all_counted(open_another())

    assert waiting(worker) == {}
