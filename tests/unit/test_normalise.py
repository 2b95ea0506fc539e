"""From a vendor's record to a snapshot, in both vendors' spellings."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from core_cases import plain_side

from syncd.core.normalise import normalise, normaliser
from syncd.domain.mapping import CrmMap, SideMap
from syncd.domain.names import OWNER, STAGE, FieldName, RecordId, System
from syncd.domain.record import Directory, FieldFinding, Person, Record, Snapshot
from syncd.domain.stage import Stage, StageLine
from syncd.domain.values import FieldSpec, FieldType, Unreadable

T0 = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SF_OWNER = "0055f000001abcDAAQ"
FIELD = FieldName("x")
STAGES = (
    StageLine(stage=Stage.SQL, values={"told": "sql"}),
    StageLine(stage=Stage.LEAD, values={"told": "lead"}),
)


def person(person_id: str, owner: str, *, active: bool = True) -> Person:
    return Person(id=person_id, owner=owner, name=owner, email=None, active=active)


PEOPLE = [
    person("11", "anna@example.com"),
    person("12", "gone@example.com", active=False),
    person(SF_OWNER, "anna@example.com"),
]
DIRECTORY = Directory(by_id={p.id: p for p in PEOPLE}, by_user_id={}, by_owner={})


def side(system: System) -> SideMap:
    return SideMap(
        system=system,
        kind="lead",
        stages=STAGES,
        email="email",
        extra_emails="more",
        external_id="ours",
        other_id="theirs",
        fixed_when={"deals": "it has a deal", "Deal.Open": "its deal is open"},
        record_url="{id}",
        overlap=timedelta(),
    )


def spec(kind: FieldType, name: FieldName = FIELD, path: str = "x") -> FieldSpec:
    options = {
        System.HUBSPOT: {"decision-maker": "decision_maker"},
        System.SALESFORCE: {"decision-maker": "Decision maker"},
    }
    properties = dict.fromkeys(System, path)
    return FieldSpec(name=name, type=kind, properties=properties, options=options)


def crm_map(*specs: FieldSpec) -> CrmMap:
    return CrmMap(
        sides={system: side(system) for system in System},
        fields={x.name: x for x in specs},
        marks={},
        name=(),
        company=None,
        source=None,
    )


def record(
    properties: Mapping[str, object],
    *,
    system: System = System.HUBSPOT,
    locked: str | None = None,
    deleted: bool = False,
) -> Record:
    basic = {"told": "lead", "deals": None, "Deal": None}
    return Record(
        system=system,
        kind="contact",
        id=RecordId("51"),
        properties=properties if deleted else {**basic, **properties},
        created_at=T0,
        modified_at=T0 + timedelta(hours=1),
        locked=locked,
        deleted=deleted,
    )


def shown(kind: FieldType, raw: object, system: System = System.HUBSPOT) -> Snapshot:
    return normalise(record({"x": raw}, system=system), crm_map(spec(kind)), DIRECTORY)


def looked_at(**properties: object) -> Snapshot:
    return normalise(record(properties), crm_map(), DIRECTORY)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (FieldType.STRING, "  Acme ", "Acme"),
        (FieldType.STRING, "", None),
        (FieldType.STRING, None, None),
        (FieldType.TEXT, "one\r\ntwo\n", "one\ntwo"),
        (FieldType.STRING, 5, "5"),
        (FieldType.INTEGER, "50", 50),
        (FieldType.INTEGER, "50.0", 50),
        (FieldType.INTEGER, 50.0, 50),
        (FieldType.INTEGER, "1e3", 1000),
        (FieldType.NUMBER, "0.10", Decimal("0.1")),
        (FieldType.NUMBER, 1e-7, Decimal("0.0000001")),
        (FieldType.CURRENCY, 23.5, Decimal("23.5")),
        (FieldType.CURRENCY, "2300.00", Decimal(2300)),
        (FieldType.BOOLEAN, "true", True),
        (FieldType.BOOLEAN, "False", False),
        (FieldType.BOOLEAN, False, False),
        (FieldType.DATE, "2026-03-02", date(2026, 3, 2)),
        (FieldType.DATE, "1772409600000", date(2026, 3, 2)),
        (FieldType.DATE, "2026-03-02T00:00:00Z", date(2026, 3, 2)),
        (FieldType.DATETIME, "2026-03-02T08:00:00.123Z", T0),
        (FieldType.DATETIME, "2026-03-02T09:00:00.000+0100", T0),
        (FieldType.DATETIME, "1772438400000", T0),
        (FieldType.DATETIME, 1772438400123, T0),
        (FieldType.DATETIME, "-1", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (FieldType.PICKLIST, "decision_maker", "decision-maker"),
        (FieldType.PICKLIST, "champion", "champion"),
        (FieldType.MULTI_PICKLIST, "user; decision_maker;user;", ("decision-maker", "user")),
        (FieldType.MULTI_PICKLIST, ";", None),
        (FieldType.EMAIL, " Jo@Example.COM", "jo@example.com"),
        (FieldType.OWNER, "11", "anna@example.com"),
        (FieldType.OWNER, "12", "gone@example.com"),
        (FieldType.OWNER, None, None),
    ],
)
def test_every_spelling_of_a_value_comes_to_one(
    kind: FieldType, raw: object, value: object
) -> None:
    snapshot = shown(kind, raw)
    assert (snapshot.values[FIELD], snapshot.findings) == (value, ())
    assert type(snapshot.values[FIELD]) is type(value)


@pytest.mark.parametrize(
    ("kind", "raw", "fits"),
    [
        (FieldType.INTEGER, "50.5", "a whole number"),
        (FieldType.INTEGER, "about 50", "a whole number"),
        (FieldType.INTEGER, "1,000", "a whole number"),
        (FieldType.INTEGER, True, "a whole number"),
        (FieldType.NUMBER, "1e999", "a number"),
        (FieldType.NUMBER, "NaN", "a number"),
        (FieldType.NUMBER, "1" * 40, "a number"),
        (FieldType.BOOLEAN, "1", "true or false"),
        (FieldType.DATE, "02.03.2026", "a date"),
        (FieldType.DATE, "2026-03-02T08:00:00Z", "a date"),
        (FieldType.DATETIME, "2026-03-02T08:00:00", "a date and time with its zone"),
        (FieldType.DATETIME, "999999999999999", "a date and time with its zone"),
        (FieldType.DATETIME, "soon", "a date and time with its zone"),
        (FieldType.EMAIL, "n/a", "an email address"),
        (FieldType.EMAIL, "a\x00b@x.example", "an email address"),
        (FieldType.OWNER, "99", "an owner syncd knows there"),
        (FieldType.STRING, {"city": "Berlin"}, "a text"),
    ],
)
def test_a_value_of_another_type_is_unreadable_and_a_finding(
    kind: FieldType, raw: object, fits: str
) -> None:
    snapshot = shown(kind, raw)
    (finding,) = snapshot.findings
    assert snapshot.values[FIELD] == Unreadable(why=f"what HubSpot shows is not {fits}")
    assert (finding.field, finding.system, finding.fits) == (FIELD, System.HUBSPOT, fits)


def test_a_finding_shows_the_value_seen_cut_short() -> None:
    (finding,) = shown(FieldType.INTEGER, "many " * 100).findings
    assert finding.seen.startswith("many many")
    assert len(finding.seen) == 80


def test_a_property_the_vendor_did_not_return_is_unreadable_not_empty() -> None:
    snapshot = normalise(record({}), crm_map(spec(FieldType.STRING)), DIRECTORY)
    assert snapshot.values[FIELD] == Unreadable(why="not readable in HubSpot")
    assert snapshot.findings == ()


def test_a_field_the_side_does_not_have_is_left_out() -> None:
    lone = FieldSpec(
        name=FIELD, type=FieldType.STRING, properties={System.SALESFORCE: "x"}, options={}
    )
    assert FIELD not in normalise(record({"x": "1"}), crm_map(lone), DIRECTORY).values


def test_a_dotted_path_is_read_through_the_relationship() -> None:
    snapshot = normalise(
        record({"Account": {"Name": "Acme"}}),
        crm_map(spec(FieldType.STRING, path="Account.Name")),
        DIRECTORY,
    )
    assert snapshot.values[FIELD] == "Acme"


@pytest.mark.parametrize("owner_id", [SF_OWNER, SF_OWNER[:15]])
def test_a_salesforce_owner_is_found_by_the_long_and_the_short_id(owner_id: str) -> None:
    specs = crm_map(spec(FieldType.OWNER, OWNER))
    snapshot = normalise(record({"x": owner_id}, system=System.SALESFORCE), specs, DIRECTORY)
    assert snapshot.values[OWNER] == "anna@example.com"


def test_of_two_options_the_vendor_spells_alike_the_first_is_read() -> None:
    options = {System.HUBSPOT: {"user": "user", "end-user": "user"}}
    role = replace(spec(FieldType.PICKLIST), options=options)

    assert normalise(record({"x": "user"}), crm_map(role), DIRECTORY).values[FIELD] == "user"


def test_the_stage_stands_under_its_own_name() -> None:
    assert looked_at(told="sql").values[STAGE] is Stage.SQL


def test_a_stage_no_line_knows_is_a_finding() -> None:
    snapshot = looked_at(told="other")
    assert isinstance(snapshot.values[STAGE], Unreadable)
    assert snapshot.findings == (
        FieldFinding(
            field=STAGE,
            system=System.HUBSPOT,
            seen='told "other"',
            fits='sql (told "sql"); lead (told "lead")',
        ),
    )


def test_a_deleted_record_that_tells_nothing_is_no_finding() -> None:
    snapshot = normalise(record({}, deleted=True), crm_map(spec(FieldType.STRING)), DIRECTORY)
    assert (snapshot.deleted, snapshot.findings) == (True, ())


def test_all_addresses_are_kept_the_first_one_first_and_each_once() -> None:
    snapshot = looked_at(email="Jo@Example.com", more="a@x.com; jo@example.com;n/a;")
    assert snapshot.emails == ("jo@example.com", "a@x.com")


def test_ids_of_ours_and_of_the_other_crm_are_read() -> None:
    snapshot = looked_at(ours="ld_1", theirs="00Q5f000009abcD")
    assert (snapshot.lead_id, snapshot.other_id) == ("ld_1", "00Q5f000009abcDEAQ")


def test_an_empty_id_is_none() -> None:
    snapshot = looked_at(ours="", theirs=None)
    assert (snapshot.lead_id, snapshot.other_id) == (None, None)


def test_a_connector_id_that_is_none_of_salesforces_joins_nothing() -> None:
    assert looked_at(theirs="see notes").other_id is None


def test_on_salesforce_the_other_id_is_hubspots() -> None:
    raw = record({"theirs": "51"}, system=System.SALESFORCE)
    assert normalise(raw, crm_map(), DIRECTORY).other_id == "51"


def test_ids_that_are_not_used_are_not_looked_for() -> None:
    plain = plain_side(System.HUBSPOT, STAGES)
    lone = CrmMap(
        sides={System.HUBSPOT: plain}, fields={}, marks={}, name=(), company=None, source=None
    )
    snapshot = normalise(record({"ours": "ld_1", "theirs": "x"}), lone, DIRECTORY)
    assert (snapshot.lead_id, snapshot.other_id, snapshot.emails) == (None, None, ())


@pytest.mark.parametrize("count", [None, "", "0", 0.0, False, "false"])
def test_a_stage_is_free_while_nothing_stands_where_it_would_be_fixed(count: object) -> None:
    assert looked_at(deals=count).fixed is None


def test_a_stage_is_fixed_because_of_the_words_configured() -> None:
    assert looked_at(deals="2").fixed == "it has a deal"


def test_a_stage_is_fixed_by_a_related_record() -> None:
    assert looked_at(Deal={"Open": True}).fixed == "its deal is open"


def test_a_stage_that_may_be_fixed_is_taken_for_fixed() -> None:
    assert (
        looked_at(Deal={}).fixed == "Deal.Open cannot be read, so it may be that its deal is open"
    )


def test_a_locked_record_is_fixed_for_the_same_reason() -> None:
    snapshot = normalise(record({"deals": "0"}, locked="it is converted"), crm_map(), DIRECTORY)
    assert (snapshot.fixed, snapshot.locked) == ("it is converted", "it is converted")


def test_the_words_configured_come_before_the_vendors() -> None:
    snapshot = normalise(record({"deals": "2"}, locked="it is converted"), crm_map(), DIRECTORY)
    assert (snapshot.fixed, snapshot.locked) == ("it has a deal", "it is converted")


def test_stamps_and_id_are_handed_on() -> None:
    snapshot = looked_at()
    assert (snapshot.record_id, snapshot.kind) == ("51", "contact")
    assert (snapshot.created_at, snapshot.modified_at) == (T0, T0 + timedelta(hours=1))


# --- converted records -------------------------------------------------------------------


def contact_snapshot(*specs: FieldSpec) -> Snapshot:
    """A lead that became a contact, with another address and title there."""
    plain = crm_map(*specs)
    side_map = replace(
        plain.sides[System.SALESFORCE], converted_kind="Contact", converted_path="ConvertedContact"
    )
    there = {"Title": "CEO", "Email": "new@x.example", "Account": {"Name": "Acme"}}
    properties = {"x": "CFO", "email": "old@x.example", "ConvertedContact": there}
    row = record(properties, system=System.SALESFORCE)
    return normalise(
        replace(row, kind="Contact", former=(RecordId("00Q1"),)),
        replace(plain, sides={**plain.sides, System.SALESFORCE: side_map}),
        DIRECTORY,
    )


@pytest.mark.parametrize(("path", "seen"), [("Title", "CEO"), ("Account.Name", "Acme")])
def test_a_converted_record_is_read_as_the_contact_has_it(path: str, seen: str) -> None:
    snapshot = contact_snapshot(replace(spec(FieldType.STRING), converted=path))

    assert snapshot.values[FIELD] == seen
    assert snapshot.former == ("00Q1",)


def test_a_field_a_contact_does_not_have_is_absent() -> None:
    assert FIELD not in contact_snapshot(spec(FieldType.STRING)).values


def test_the_stage_of_a_converted_record_is_told_by_its_lead_and_stays() -> None:
    snapshot = contact_snapshot()

    assert (snapshot.values[STAGE], snapshot.fixed) == (Stage.LEAD, "the lead is converted")
    assert snapshot.locked is None


def test_the_address_of_a_converted_record_is_the_contacts() -> None:
    address = replace(spec(FieldType.EMAIL, path="email"), converted="Email")

    assert contact_snapshot(address).emails == ("new@x.example",)


def test_a_lead_and_the_contact_another_one_became_are_each_read_their_own_way() -> None:
    side_map = replace(side(System.SALESFORCE), converted_kind="Contact", converted_path="Now")
    field = replace(spec(FieldType.STRING), converted="Title")
    both = replace(crm_map(field), sides={System.SALESFORCE: side_map})
    lead = record({"x": "CFO", "Now": {"Title": "CEO"}}, system=System.SALESFORCE)
    read = normaliser(both, System.SALESFORCE, DIRECTORY)

    seen = [read(x).values[FIELD] for x in (lead, replace(lead, kind="Contact"), lead)]

    assert seen == ["CFO", "CEO", "CFO"]
