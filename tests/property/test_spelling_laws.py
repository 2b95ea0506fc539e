"""Laws of spelling: what is written reads back as itself, in both CRMs, for every type."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from core_cases import plain_side
from hypothesis import given
from hypothesis import strategies as st

from syncd.core.denormalise import VendorValues, vendor_values
from syncd.core.ids import salesforce_id_18
from syncd.core.normalise import normalise
from syncd.domain.action import FieldWrite
from syncd.domain.mapping import CrmMap, SideMap
from syncd.domain.names import STAGE, FieldName, RecordId, System
from syncd.domain.record import Directory, Person, PropertySchema, Record, Snapshot
from syncd.domain.stage import Stage, StageLine
from syncd.domain.values import FieldSpec, FieldType, Unreadable, Value

T0 = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
STAGES = tuple(
    StageLine(stage=stage, values={"told": f"v-{stage}", "status": ""})
    for stage in Stage
    if stage is not Stage.NONE
)
PEOPLE = [
    Person(id=str(n), owner=f"rep{n}@example.com", name=f"Rep {n}", email=None, active=True)
    for n in range(3)
]
DIRECTORY = Directory(
    by_id={p.id: p for p in PEOPLE}, by_user_id={}, by_owner={p.owner: p for p in PEOPLE}
)
OPTIONS = {
    System.HUBSPOT: {"decision-maker": "decision_maker", "user": "user"},
    System.SALESFORCE: {"decision-maker": "Decision maker", "user": "User"},
}
VENDOR_TYPES = {
    FieldType.INTEGER: "double",
    FieldType.NUMBER: "double",
    FieldType.CURRENCY: "currency",
    FieldType.BOOLEAN: "boolean",
    FieldType.DATE: "date",
    FieldType.DATETIME: "datetime",
}

text = st.text(max_size=30).map(lambda x: x.strip().replace("\r\n", "\n")).filter(bool)
amount = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
option = st.sampled_from(["decision-maker", "user", "champion", "other"])
instant = st.datetimes(
    min_value=datetime(1700, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(4000, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
).map(lambda x: x.replace(microsecond=0))
VALUES: Mapping[FieldType, st.SearchStrategy[Value]] = {
    FieldType.STRING: text,
    FieldType.TEXT: text,
    FieldType.INTEGER: st.integers(min_value=-(10**15), max_value=10**15),
    FieldType.NUMBER: amount,
    FieldType.CURRENCY: amount,
    FieldType.BOOLEAN: st.booleans(),
    FieldType.DATE: st.dates(min_value=date(1700, 1, 1), max_value=date(4000, 12, 31)),
    FieldType.DATETIME: instant,
    FieldType.PICKLIST: option,
    FieldType.MULTI_PICKLIST: st.sets(option, min_size=1).map(lambda x: tuple(sorted(x))),
    FieldType.EMAIL: st.emails().map(str.lower),
    FieldType.OWNER: st.sampled_from([p.owner for p in PEOPLE]),
}
typed_value = st.sampled_from(FieldType).flatmap(lambda x: st.tuples(st.just(x), VALUES[x]))
any_value = st.one_of(
    st.none(),
    text,
    st.text(max_size=5),
    st.integers(),
    st.decimals(allow_nan=False),
    st.booleans(),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([UTC])),
    st.lists(st.text(max_size=3), max_size=3).map(tuple),
)
raw_value = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=25),
    st.sampled_from(["1e999", "NaN", "-", "2026-02-30", "99999999999999", "T", ";", "@"]),
    st.dictionaries(st.text(max_size=3), st.none(), max_size=2),
)


zones = st.integers(min_value=-12, max_value=14)


def field_name(kind: FieldType) -> FieldName:
    return FieldName(f"a_{kind}")


def side(system: System) -> SideMap:
    return plain_side(system, STAGES)


CRM = CrmMap(
    sides={system: side(system) for system in System},
    fields={
        field_name(kind): FieldSpec(
            name=field_name(kind),
            type=kind,
            properties=dict.fromkeys(System, kind.value),
            options=OPTIONS if "picklist" in kind.value else {},
        )
        for kind in FieldType
    },
    marks={},
    name=(),
    company=None,
    source=None,
)
SCHEMA = {
    name: PropertySchema(name=name, label=name, type=vendor_type, writable=True)
    for name, vendor_type in [
        ("told", "string"),
        ("status", "string"),
        *((kind.value, VENDOR_TYPES.get(kind, "string")) for kind in FieldType),
    ]
}


def written(field: FieldName, value: Value, system: System) -> VendorValues:
    write = FieldWrite(field=field, seen=None, value=value, rule="law")
    return vendor_values([write], crm_map=CRM, system=system, directory=DIRECTORY, schema=SCHEMA)


def read_back(properties: Mapping[str, object], system: System) -> Snapshot:
    """The record after a write: each vendor gives back what it was given."""
    record = Record(
        system=system,
        kind="lead",
        id=RecordId("1"),
        properties={**dict.fromkeys(SCHEMA), "status": "left over", **properties},
        created_at=T0,
        modified_at=T0,
    )
    return normalise(record, CRM, DIRECTORY)


@pytest.mark.parametrize("system", System)
@given(typed=typed_value)
def test_a_value_written_reads_back_as_itself(
    system: System, typed: tuple[FieldType, Value]
) -> None:
    kind, value = typed
    out = written(field_name(kind), value, system)
    assert out.findings == ()
    assert read_back(out.properties, system).values[field_name(kind)] == value


@pytest.mark.parametrize("system", System)
@given(kind=st.sampled_from(FieldType), raw=raw_value)
def test_what_one_crm_shows_reaches_the_other_and_comes_back_as_it_was_or_is_a_finding(
    system: System, kind: FieldType, raw: object
) -> None:
    """Nothing ever ping-pongs: what was carried over reads the same on both sides."""
    name = field_name(kind)
    seen = read_back({kind.value: raw}, system).values[name]
    if isinstance(seen, Unreadable):
        return
    there = written(name, seen, system.other)
    if not there.fields:
        assert len(there.findings) == 1
        return
    arrived = read_back(there.properties, system.other).values[name]
    assert arrived == seen
    back = written(name, seen, system)
    assert back.findings or read_back(back.properties, system).values[name] == seen


@given(millis=st.integers(min_value=0, max_value=4_102_444_800_000))
def test_an_instant_in_milliseconds_is_the_same_to_the_second_in_both_crms(millis: int) -> None:
    name = field_name(FieldType.DATETIME)
    seen = read_back({"datetime": str(millis)}, System.HUBSPOT).values[name]
    assert not isinstance(seen, Unreadable)
    there = written(name, seen, System.SALESFORCE)
    assert read_back(there.properties, System.SALESFORCE).values[name] == seen


@given(day=st.dates(min_value=date(1971, 1, 1), max_value=date(2200, 1, 1)), hours=zones)
def test_a_day_is_the_same_day_wherever_it_is_looked_at(day: date, hours: int) -> None:
    """An instant that is midnight elsewhere is no day; the day itself has no zone."""
    name = field_name(FieldType.DATE)
    midnight = datetime(day.year, day.month, day.day, tzinfo=timezone(timedelta(hours=hours)))
    millis = str(int(midnight.timestamp()) * 1000)
    seen = read_back({"date": millis}, System.HUBSPOT).values[name]
    assert seen == day if hours == 0 else isinstance(seen, Unreadable)
    there = written(name, day, System.SALESFORCE)
    assert there.properties == {"date": day.isoformat()}


@pytest.mark.parametrize("system", System)
@given(kind=st.sampled_from(FieldType), value=any_value)
def test_any_value_at_all_is_written_without_loss_or_not_at_all(
    system: System, kind: FieldType, value: Value
) -> None:
    out = written(field_name(kind), value, system)
    if out.fields:
        assert read_back(out.properties, system).values[field_name(kind)] == value
    else:
        assert (len(out.findings), out.properties) == (1, {})


@pytest.mark.parametrize("system", System)
@pytest.mark.parametrize("line", STAGES)
def test_a_stage_written_over_anything_reads_back_as_itself(
    system: System, line: StageLine
) -> None:
    out = written(STAGE, line.stage, system)
    assert read_back(out.properties, system).values[STAGE] is line.stage


@pytest.mark.parametrize("system", System)
@given(kind=st.sampled_from(FieldType), raw=raw_value)
def test_no_vendor_value_is_too_odd_to_be_read_or_reported(
    system: System, kind: FieldType, raw: object
) -> None:
    snapshot = read_back({kind.value: raw, "told": "v-lead", "status": ""}, system)
    seen = snapshot.values[field_name(kind)]
    assert isinstance(seen, Unreadable) == (len(snapshot.findings) == 1)


@given(number=amount)
def test_hubspots_text_and_salesforces_number_come_to_the_same(number: Decimal) -> None:
    name = field_name(FieldType.CURRENCY)
    in_hubspot = read_back({"currency": str(number)}, System.HUBSPOT).values[name]
    in_salesforce = read_back({"currency": float(number)}, System.SALESFORCE).values[name]
    assert in_hubspot == in_salesforce == number


@given(day=st.dates(min_value=date(1970, 1, 1)))
def test_a_date_and_its_midnight_in_milliseconds_are_the_same(day: date) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    name = field_name(FieldType.DATE)
    assert read_back({"date": str(int(midnight) * 1000)}, System.HUBSPOT).values[name] == day


letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


@given(short=st.text(alphabet=letters, min_size=15, max_size=15), upper=st.booleans())
def test_a_long_id_outlives_the_loss_of_its_case(short: str, upper: bool) -> None:
    long = salesforce_id_18(short)
    assert long is not None
    assert long[:15] == short
    assert salesforce_id_18(long.upper() if upper else long.lower()) == long
