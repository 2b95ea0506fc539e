"""Whatever happened behind polling's back, after one round the store knows it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from decide_cases import HUBSPOT, SALESFORCE
from fakes import MINUTE, FakeCrm, House, add_person, house
from hypothesis import given
from hypothesis import strategies as st

from syncd.core.normalise import normalise
from syncd.domain.names import RecordId, System
from syncd.domain.record import Fate
from syncd.jobs.pair import Pair
from syncd.jobs.recent import Recent
from syncd.jobs.sweep import sweep

PEOPLE = 6
NEVER = timedelta(days=999)
Deed = Callable[[House, FakeCrm, str], None]


def hides_an_edit(made: House, crm: FakeCrm, record: str) -> None:
    """With a stamp that polling has passed already."""
    now, made.time.instant = made.time.instant, made.time.instant - timedelta(hours=1)
    crm.edit(record, phone__c="hidden")
    made.time.instant = now


def changes_a_formula(made: House, crm: FakeCrm, record: str) -> None:
    crm.records[RecordId(record)].properties["phone__c"] = "formula"  # type: ignore[index]  # a dict


def edits(made: House, crm: FakeCrm, record: str) -> None:
    crm.edit(record, phone__c="edited")


def archives(made: House, crm: FakeCrm, record: str) -> None:
    crm.hidden.add(record)


def erases(made: House, crm: FakeCrm, record: str) -> None:
    crm.records.pop(RecordId(record), None)


DEEDS: tuple[Deed, ...] = (hides_an_edit, changes_a_formula, edits, archives, erases)
deeds = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.sampled_from(System), st.integers(1, PEOPLE)), max_size=8
)


def crms(made: House) -> dict[System, FakeCrm]:
    return {HUBSPOT: made.hs, SALESFORCE: made.sf}


def sweeping_every(pair: Pair, every: timedelta) -> Pair:
    return replace(pair, rules=replace(pair.rules, reconcile_every=every))


def record_of(system: System, number: int) -> str:
    return f"10{number}" if system is HUBSPOT else f"00Q{number}"


@given(done=deeds, part=st.integers(1, PEOPLE + 1))
def test_after_a_round_the_store_knows_every_record_as_it_is(
    done: list[tuple[Deed, System, int]], part: int
) -> None:
    made = house()
    made.pair = sweeping_every(made.pair, NEVER)
    for number in range(1, PEOPLE + 1):
        add_person(made, number=number)
    made.cycle()
    made.time.sleep(2 * 60 * MINUTE)
    made.cycle()
    made.time.sleep(24 * 60 * MINUTE)
    made.cycle()
    for deed, system, number in done:
        if RecordId(record_of(system, number)) in crms(made)[system].records:
            deed(made, crms(made)[system], record_of(system, number))

    made.cycle(minutes=20)
    for _ in range(PEOPLE + 1):
        sweep(sweeping_every(made.pair, timedelta()), Recent(), made.context(), part=part)
    made.cycles(3)

    for number in range(1, PEOPLE + 1):
        _as_it_is(made, number)


def _as_it_is(made: House, number: int) -> None:
    ids = {system: RecordId(record_of(system, number)) for system in System}
    fates = {s: crms(made)[s].fates([i])[i] for s, i in ids.items()}
    known = made.store.find(HUBSPOT, [ids[HUBSPOT]])
    assert bool(known) is (Fate.ERASED not in fates.values())
    for lead in made.store.load(set(known.values())).values():
        for system, side in lead.sides.items():
            crm = crms(made)[system]
            assert bool(side.gone) is (fates[system] is Fate.BINNED)
            if not side.gone:
                shown = normalise(crm.records[ids[system]], crm.crm_map, crm.directory())
                assert side.seen.values == shown.values
