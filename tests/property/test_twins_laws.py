"""Whatever fails and whatever is repeated, one lead never gets two records made for it."""

from collections import Counter
from dataclasses import replace
from typing import Any

from decide_cases import AT_ONCE, SALESFORCE
from fakes import House, house
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.names import RecordId
from syncd.domain.stage import Stage
from syncd.errors import TransientError

PEOPLE = ("101", "102")
METHODS = ("poll", "with_emails", "create", "read", "directory", "history")

people = st.sampled_from(PEOPLE)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("cycle"), st.sampled_from([1, 5, 11, 61])),
        st.tuples(st.just("fails"), st.sampled_from(METHODS)),
        st.tuples(st.just("works"), st.sampled_from(METHODS)),
        st.tuples(st.just("loses the answer"), st.none()),
        st.tuples(st.just("moves"), st.tuples(people, st.sampled_from([Stage.LEAD, Stage.MQL]))),
        st.tuples(st.just("edits"), people),
        st.tuples(st.just("deletes what was made"), people),
        st.tuples(st.just("makes one by hand"), people),
    ),
    max_size=25,
)


def office() -> House:
    """Everybody has just become an MQL, and nobody is in Salesforce yet."""
    made = house(rules=AT_ONCE)
    rules = made.pair.rules
    crm = replace(rules.crm, create_in={SALESFORCE: Stage.MQL})
    made.pair = replace(made.pair, rules=replace(rules, crm=crm))
    made.sf.fails["lost"] = TransientError("lost")
    for person in PEOPLE:
        made.hs.add(person, Stage.LEAD, email=f"{person}@x.example")
    made.cycle()
    for person in PEOPLE:
        made.hs.move(person, Stage.MQL)
    return made


def live(made: House, what: str, which: Any) -> None:
    match what:
        case "cycle":
            made.cycle(minutes=which)
        case "fails":
            made.sf.fails[which] = TransientError("down")
        case "works":
            made.sf.fails.pop(which, None)
        case "loses the answer":
            made.sf.lost = True  # and reading, which would find out, does not work either
            made.sf.fails["poll"] = TransientError("down")
        case "moves":
            made.hs.move(*which)
        case "edits":
            made.hs.edit(which, phone__c=str(made.time.now()))
        case "makes one by hand":
            if RecordId(f"00Q{which}") not in made.sf.records:
                email = f"{which}@x.example"
                made.sf.add(f"00Q{which}", Stage.LEAD, email=email, at=made.time.now())
        case _:
            for record in ours(made).get(which, []):
                made.sf.delete(record)


def ours(made: House) -> dict[str, list[RecordId]]:
    """The records syncd made, deleted ones included, by the person they are of."""
    found: dict[str, list[RecordId]] = {}
    for record_id, record in made.sf.records.items():
        if record.properties.get("syncd_id"):
            email = str(record.properties["email"])
            found.setdefault(email.partition("@")[0], []).append(record_id)
    return found


@settings(max_examples=120, deadline=None)
@given(story=steps)
def test_no_lead_has_two_records_made_for_it(story: list[tuple[str, Any]]) -> None:
    made = office()
    for what, which in story:
        live(made, what, which)

    for method in METHODS:
        made.sf.fails.pop(method, None)
    made.cycles(4, minutes=61)

    assert max(Counter({p: len(r) for p, r in ours(made).items()}).values(), default=0) <= 1
    assert made.outbox().get("buried", 0) == 0


@settings(max_examples=60, deadline=None)
@given(story=steps)
def test_a_record_made_for_a_lead_is_linked_with_it(story: list[tuple[str, Any]]) -> None:
    made = office()
    for what, which in story:
        live(made, what, which)
    for method in METHODS:
        made.sf.fails.pop(method, None)

    made.cycles(4, minutes=61)

    for person, records in ours(made).items():
        living = [x for x in records if not made.sf.records[x].deleted]
        side = made.lead(person).sides.get(SALESFORCE)
        assert not living or (side is not None and side.record_id in living)
