"""One record that crashes us keeps no other from being taken in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from decide_cases import SALESFORCE
from fakes import House, house

from syncd.domain.names import RecordId
from syncd.domain.record import Record
from syncd.errors import LeaseLost
from syncd.jobs.take_in import take_in

MANY = 12


def people(made: House, how_many: int) -> list[Record]:
    for number in range(how_many):
        made.sf.add(f"00Q{number}", email=f"p{number}@x.example")
    return list(made.sf.read([RecordId(f"00Q{n}") for n in range(how_many)]).values())


def broken(record: Record) -> Record:
    """One that no code here is made for."""
    nothing: Any = None
    return replace(record, properties=nothing)


def known(made: House, records: Sequence[Record]) -> set[RecordId]:
    return set(made.store.find(SALESFORCE, [x.id for x in records]))


def test_a_record_that_crashes_us_is_parked_and_the_others_are_taken_in() -> None:
    made = house()
    records = people(made, 5)

    decided = take_in(
        made.pair, [broken(x) if x.id == "00Q3" else x for x in records], (), made.context()
    )

    assert decided == 4
    assert known(made, records) == {"00Q0", "00Q1", "00Q2", "00Q4"}
    (parked,) = made.store.parked()
    assert (parked.record_id, parked.why) == (
        "00Q3",
        "a bug in syncd: see record_not_taken_in in the log",
    )


def test_once_it_can_be_taken_in_it_is_parked_no_longer() -> None:
    made = house()
    (record,) = people(made, 1)
    take_in(made.pair, [broken(record)], (), made.context())

    take_in(made.pair, [record], (), made.context())

    assert made.store.parked() == []
    assert known(made, [record]) == {"00Q0"}


def test_when_many_records_crash_us_the_error_is_not_hidden() -> None:
    made = house()
    records = [broken(x) for x in people(made, MANY)]

    with pytest.raises(TypeError):
        take_in(made.pair, records, (), made.context())


def test_a_few_in_a_large_batch_are_not_many() -> None:
    made = house()
    records = people(made, 20 * MANY)
    shown = [*map(broken, records[:MANY]), *records[MANY:]]

    decided = take_in(made.pair, shown, (), made.context())

    assert (decided, len(made.store.parked())) == (19 * MANY, MANY)


def test_what_is_no_fault_of_a_record_goes_on_at_once() -> None:
    made = house()
    records = people(made, 2)
    made.store.release()

    with pytest.raises(LeaseLost):
        take_in(made.pair, records, (), made.context())


def test_neither_polling_nor_the_hourly_look_is_stopped_by_a_record_that_crashes_us() -> None:
    made = house()
    records = people(made, 3)
    made.sf.records[RecordId("00Q1")] = broken(records[1])

    made.cycles(3, minutes=61)

    assert known(made, records) == {"00Q0", "00Q2"}
    assert SALESFORCE in made.store.watermarks()
    assert [x.record_id for x in made.store.parked()] == ["00Q1"]
