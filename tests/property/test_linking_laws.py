"""Whatever becomes of people's addresses, a link once made holds, and nothing is guessed."""

from typing import Any

from fakes import FakeCrm, House, house
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.names import RecordId, System

ADDRESSES = tuple(f"{name}@x.example" for name in ("ann", "bob", "cy"))
RECORDS = {System.SALESFORCE: ("00Q1", "00Q2", "00Q3"), System.HUBSPOT: ("101", "102", "103")}

records = st.sampled_from([(system, x) for system, ids in RECORDS.items() for x in ids])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("has"), records, st.sampled_from(ADDRESSES)),
        st.tuples(st.just("edits"), records, st.sampled_from(ADDRESSES)),
        st.tuples(st.just("time"), st.none(), st.sampled_from([1, 61])),
    ),
    min_size=4,
    max_size=25,
)
Links = dict[tuple[System, RecordId], tuple[System, RecordId]]


def crm(made: House, system: System) -> FakeCrm:
    return made.sf if system is System.SALESFORCE else made.hs


def live(made: House, what: str, which: Any, value: Any) -> None:
    """A record gets an address (and is made if there is none), a value is edited, or time
    passes."""
    if what == "time":
        made.cycle(minutes=value)
        return
    system, record = which
    side = crm(made, system)
    if RecordId(record) not in side.records:
        side.add(record, email=value, at=made.time.now())
    elif what == "has":
        side.edit(record, email=value)
    else:
        side.edit(record, phone__c=value)


def links(made: House) -> Links:
    """For each record of a linked lead, the one it is linked with."""
    found: Links = {}
    for lead in made.store.after(None, 100):
        sides = [(x.system, x.record_id) for x in lead.sides.values() if not x.gone]
        if len(sides) == len(System):
            one, two = sides
            found |= {one: two, two: one}
    return found


@settings(max_examples=150, deadline=None)
@given(story=steps)
def test_a_link_holds_whoever_gets_the_address(story: list[tuple[str, Any, Any]]) -> None:
    made, known = house(), Links()
    for what, which, value in story:
        live(made, what, which, value)
        now = links(made)
        assert {record: now.get(record) for record in known} == known
        known = now


@settings(max_examples=150, deadline=None)
@given(story=steps)
def test_a_parked_record_is_nobodys_and_no_record_is_lost(
    story: list[tuple[str, Any, Any]],
) -> None:
    made = house()
    for what, which, value in story:
        live(made, what, which, value)

    made.cycles(2, minutes=61)

    parked = {(x.system, x.record_id) for x in made.store.parked()}
    held = {
        (side.system, side.record_id)
        for lead in made.store.after(None, 100)
        for side in lead.sides.values()
    }
    there = {(system, x) for system in System for x in crm(made, system).records}
    assert parked | held == there
    assert not parked & held
