"""Whatever is merged, converted, deleted and read in whatever pages, each id is one lead's and
the cycle goes on."""

from dataclasses import replace
from typing import Any

from decide_cases import SALESFORCE
from fakes import FakeCrm, House, add_person, house
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.names import RecordId, System
from syncd.domain.record import Record

PEOPLE = 3

who = st.integers(0, 5)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("time"), st.sampled_from([1, 61]), st.integers(1, 3)),
        st.tuples(st.just("convert"), who, who),
        st.tuples(
            st.sampled_from(["merge", "carry on"]), st.tuples(st.sampled_from(System), who), who
        ),
        st.tuples(st.just("delete"), st.sampled_from(System), who),
        st.tuples(st.just("restore"), st.sampled_from(System), who),
        st.tuples(st.just("has"), st.tuples(st.sampled_from(System), who), who),
    ),
    min_size=3,
    max_size=20,
)


def live(made: House, what: str, one: Any, two: Any) -> None:
    match what:
        case "time":
            for side in (made.sf, made.hs):
                side.page_size = two
                side.records = dict(reversed(side.records.items()))
            made.cycle(minutes=one)
        case "convert":
            convert(made, one, two)
        case "merge" | "carry on":
            merge(made, crm(made, one[0]), what, one[1], two)
        case "has":
            if record := nth(crm(made, one[0]), one[1]):
                crm(made, one[0]).edit(record.id, email=f"person{two}@x.example")
        case _:
            bury(made, crm(made, one), what, two)


def crm(made: House, system: System) -> FakeCrm:
    return made.sf if system is SALESFORCE else made.hs


def nth(side: FakeCrm, number: int) -> Record | None:
    living = [side.records[x] for x in sorted(side.records) if not side.records[x].deleted]
    return living[number % len(living)] if living else None


def put(made: House, side: FakeCrm, record: Record, **changes: Any) -> None:
    now = replace(record, modified_at=made.time.now(), **changes)
    side.records[now.id] = now


def convert(made: House, number: int, contact: int) -> None:
    """A lead becomes a contact, maybe one that others became before."""
    lead = nth(made.sf, number)
    if lead is None or lead.kind == "Contact":
        return
    heir = RecordId(f"003-{contact}")
    before = made.sf.records.get(heir)
    former = dict.fromkeys((*(before.former if before else ()), lead.id))
    put(made, made.sf, lead, deleted=True, merged_into=heir)
    put(made, made.sf, lead, id=heir, kind="Contact", former=tuple(former))


def merge(made: House, side: FakeCrm, how: str, winner: int, loser: int) -> None:
    """The loser tells of its winner, or the winner of those it carries on for."""
    one, two = nth(side, winner), nth(side, loser)
    if one is None or two is None or one.id == two.id:
        return
    if how == "merge":
        put(made, side, two, deleted=True, merged_into=one.id)
        put(made, side, one)
    else:
        del side.records[two.id]
        put(made, side, one, former=(*one.former, two.id, *two.former))


def bury(made: House, side: FakeCrm, what: str, number: int) -> None:
    deleted = [x for x in side.records.values() if x.deleted and not x.merged_into]
    record = nth(side, number) if what == "delete" else next(iter(deleted), None)
    if record is not None:
        put(made, side, record, deleted=what == "delete")


@settings(max_examples=200, deadline=None)
@given(story=steps)
def test_an_id_is_never_two_leads_and_no_cycle_stops(story: list[tuple[str, Any, Any]]) -> None:
    made = house()
    for number in range(PEOPLE):
        add_person(made, number=number, at=made.time.now())

    for what, one, two in story:
        live(made, what, one, two)
    made.cycles(2, minutes=61)

    ids = [
        (side.system, record)
        for lead in made.store.after(None, 100)
        for side in lead.sides.values()
        for record in (side.record_id, *side.former)
    ]
    assert len(ids) == len(set(ids))
    assert not [x for x in made.store.parked() if "bug" in x.why]
