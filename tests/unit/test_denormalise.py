"""From canonical values to a vendor's write: lossless or not at all."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from core_cases import plain_side

from syncd.core.denormalise import VendorValues, vendor_values
from syncd.domain.action import FieldWrite
from syncd.domain.mapping import CrmMap
from syncd.domain.names import OWNER, STAGE, FieldName, System
from syncd.domain.record import Directory, FieldFinding, Person, PropertySchema
from syncd.domain.stage import Stage, StageLine
from syncd.domain.values import FieldSpec, FieldType, Value

FIELD = FieldName("x")
HUBSPOT, SALESFORCE = System.HUBSPOT, System.SALESFORCE
STAGES = (
    StageLine(stage=Stage.CUSTOMER, values={"told": "customer"}, read_only=True),
    StageLine(stage=Stage.SQL, values={"told": "sql", "status": "", "box": "true"}),
    StageLine(stage=Stage.MQL, values={"told": "unlisted"}),
    StageLine(stage=Stage.NURTURE, values={"Account.Rating": "cold"}),
)
TOLD = PropertySchema(
    name="told", label="Told", type="string", writable=True, options=frozenset({"sql", "customer"})
)


def person(person_id: str, owner: str, *, active: bool = True, is_queue: bool = False) -> Person:
    return Person(
        id=person_id, owner=owner, name=owner, email=None, active=active, is_queue=is_queue
    )


PEOPLE = [
    person("11", "anna@example.com"),
    person("12", "gone@example.com", active=False),
    person("00G1", "queue:Inbound", is_queue=True),
]
DIRECTORY = Directory(
    by_id={p.id: p for p in PEOPLE}, by_user_id={}, by_owner={p.owner: p for p in PEOPLE}
)


def accepts(
    kind: str = "string",
    *,
    name: str = "x",
    writable: bool = True,
    options: frozenset[str] | None = None,
    max_length: int | None = None,
) -> PropertySchema:
    return PropertySchema(
        name=name,
        label=name,
        type=kind,
        writable=writable,
        options=options,
        max_length=max_length,
    )


def crm_map(*specs: FieldSpec) -> CrmMap:
    sides = {system: plain_side(system, STAGES) for system in System}
    fields = {spec.name: spec for spec in specs}
    return CrmMap(sides=sides, fields=fields, marks={}, name=(), company=None, source=None)


def spec(kind: FieldType, *, name: FieldName = FIELD, path: str = "x") -> FieldSpec:
    options = {
        HUBSPOT: {"decision-maker": "decision_maker", "twin": "same", "double": "same"},
        SALESFORCE: {"decision-maker": "Decision maker"},
    }
    return FieldSpec(name=name, type=kind, properties=dict.fromkeys(System, path), options=options)


def write(value: Value, field: FieldName = FIELD) -> FieldWrite:
    return FieldWrite(field=field, seen=None, value=value, rule="test")


def spelled(
    kind: FieldType,
    value: Value,
    *,
    system: System = HUBSPOT,
    property_schema: PropertySchema | None = None,
) -> VendorValues:
    return vendor_values(
        [write(value)],
        crm_map=crm_map(spec(kind)),
        system=system,
        directory=DIRECTORY,
        schema={"x": property_schema or accepts()},
    )


def stage_written(
    stage: Value,
    *,
    system: System = HUBSPOT,
    box: PropertySchema | None = None,
) -> VendorValues:
    schema = {
        "told": TOLD,
        "status": accepts(name="status"),
        "box": box or accepts("bool", name="box"),
    }
    return vendor_values(
        [write(stage, STAGE)],
        crm_map=crm_map(),
        system=system,
        directory=DIRECTORY,
        schema=schema,
    )


def refusal(written: VendorValues) -> str:
    """What would fit, of a write of which nothing came."""
    (finding,) = written.findings
    assert (written.properties, written.fields) == ({}, ())
    return finding.fits


AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "vendor_type", "value", "in_hubspot", "in_salesforce"),
    [
        (FieldType.STRING, "string", "Acme", "Acme", "Acme"),
        (FieldType.STRING, "string", None, None, None),
        (FieldType.INTEGER, "number", 50, "50", 50),
        (FieldType.INTEGER, "int", 50, "50", 50),
        (FieldType.NUMBER, "number", 5, "5", 5),
        (FieldType.NUMBER, "double", Decimal("0.5"), "0.5", 0.5),
        (FieldType.CURRENCY, "currency", Decimal("1E+3"), "1000", 1000),
        (FieldType.BOOLEAN, "boolean", False, "false", False),
        (FieldType.DATE, "date", date(2026, 3, 2), "2026-03-02", "2026-03-02"),
        (FieldType.DATETIME, "datetime", AT, "2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z"),
        (FieldType.PICKLIST, "picklist", "decision-maker", "decision_maker", "Decision maker"),
        (
            FieldType.MULTI_PICKLIST,
            "multipicklist",
            ("decision-maker", "user"),
            "decision_maker;user",
            "Decision maker;user",
        ),
        (FieldType.EMAIL, "email", "jo@example.com", "jo@example.com", "jo@example.com"),
        (FieldType.OWNER, "reference", "anna@example.com", "11", "11"),
    ],
)
def test_each_vendor_gets_its_own_spelling(
    kind: FieldType, vendor_type: str, value: Value, in_hubspot: object, in_salesforce: object
) -> None:
    schema = accepts(vendor_type)
    hubspot = spelled(kind, value, system=HUBSPOT, property_schema=schema)
    salesforce = spelled(kind, value, system=SALESFORCE, property_schema=schema)
    assert (hubspot.properties, hubspot.fields) == ({"x": in_hubspot}, (FIELD,))
    assert (salesforce.properties, salesforce.fields) == ({"x": in_salesforce}, (FIELD,))
    assert type(salesforce.properties["x"]) is type(in_salesforce)


@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [
        (FieldType.INTEGER, "50", "a whole number"),
        (FieldType.INTEGER, True, "a whole number"),
        (FieldType.NUMBER, Decimal("NaN"), "a number"),
        (FieldType.BOOLEAN, 1, "true or false"),
        (FieldType.DATE, AT, "a date"),
        (FieldType.DATETIME, datetime(2026, 3, 2), "a date and time with its zone"),  # noqa: DTZ001 - the naive instant is the case
        (FieldType.MULTI_PICKLIST, "user", "options without a semicolon in them"),
        (FieldType.STRING, 5, "a text"),
    ],
)
def test_a_value_of_another_type_is_a_finding(kind: FieldType, value: Value, fits: str) -> None:
    assert refusal(spelled(kind, value)) == fits


@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [
        (FieldType.STRING, " Acme", "a text that HubSpot keeps unchanged"),
        (FieldType.STRING, "", "a text that HubSpot keeps unchanged"),
        (FieldType.EMAIL, "Jo@example.com", "an email address that HubSpot keeps unchanged"),
        (FieldType.PICKLIST, "double", "one option that HubSpot keeps unchanged"),
        (
            FieldType.MULTI_PICKLIST,
            ("a;b",),
            "options without a semicolon in them that HubSpot keeps unchanged",
        ),
        (
            FieldType.DATETIME,
            AT.replace(microsecond=5),
            "a date and time with its zone that HubSpot keeps unchanged",
        ),
    ],
)
def test_a_value_that_would_read_back_changed_is_a_finding(
    kind: FieldType, value: Value, fits: str
) -> None:
    assert refusal(spelled(kind, value)) == fits


def test_an_amount_json_cannot_carry_exactly_is_a_finding() -> None:
    amount = Decimal("1234567890123456.789")
    written = spelled(
        FieldType.CURRENCY, amount, system=SALESFORCE, property_schema=accepts("currency")
    )
    assert refusal(written) == "an amount that Salesforce keeps unchanged"


def test_a_text_too_long_is_a_finding_and_never_cut() -> None:
    written = spelled(FieldType.TEXT, "x" * 256, property_schema=accepts(max_length=255))
    assert refusal(written) == "at most 255 characters"


def test_a_text_of_exactly_the_greatest_length_is_written() -> None:
    written = spelled(FieldType.TEXT, "x" * 255, property_schema=accepts(max_length=255))
    assert written.properties == {"x": "x" * 255}


def test_an_option_the_vendor_does_not_have_is_a_finding_with_those_it_has() -> None:
    schema = accepts("enumeration", options=frozenset({"champion", "user"}))
    written = spelled(FieldType.PICKLIST, "decision-maker", property_schema=schema)
    assert written.findings == (
        FieldFinding(
            field=FIELD, system=HUBSPOT, seen="decision-maker", fits="one of champion or user"
        ),
    )


def test_of_many_options_only_some_are_named() -> None:
    schema = accepts("enumeration", options=frozenset(f"o{n:02}" for n in range(20)))
    fits = refusal(spelled(FieldType.PICKLIST, "user", property_schema=schema))
    assert fits.startswith("one of o00, o01")
    assert fits.endswith("o11 or 8 more")


def test_each_of_several_options_must_be_one_the_vendor_has() -> None:
    schema = accepts("multipicklist", options=frozenset({"a", "b"}))
    assert spelled(FieldType.MULTI_PICKLIST, ("a", "b"), property_schema=schema).findings == ()
    assert spelled(FieldType.MULTI_PICKLIST, ("a", "c"), property_schema=schema).findings != ()


def test_a_boolean_fits_a_hubspot_property_with_the_options_true_and_false() -> None:
    schema = accepts("enumeration", options=frozenset({"true", "false"}))
    assert spelled(FieldType.BOOLEAN, True, property_schema=schema).properties == {"x": "true"}


@pytest.mark.parametrize(
    ("kind", "value", "vendor_type", "system"),
    [
        (FieldType.STRING, "many", "number", HUBSPOT),
        (FieldType.DATE, date(2026, 3, 2), "datetime", HUBSPOT),
        (FieldType.NUMBER, Decimal("0.5"), "int", SALESFORCE),
        (FieldType.INTEGER, 5, "string", SALESFORCE),
    ],
)
def test_a_type_the_property_does_not_take_is_a_finding(
    kind: FieldType, value: Value, vendor_type: str, system: System
) -> None:
    written = spelled(kind, value, system=system, property_schema=accepts(vendor_type))
    assert refusal(written) == f"a value of type {vendor_type}"


def test_a_hubspot_text_property_takes_a_number_as_text() -> None:
    assert spelled(FieldType.INTEGER, 5).properties == {"x": "5"}


def test_a_salesforce_check_box_cannot_be_emptied() -> None:
    box = accepts("boolean")
    written = spelled(FieldType.BOOLEAN, None, system=SALESFORCE, property_schema=box)
    assert refusal(written) == "true or false"


def owned(owner: Value, system: System) -> VendorValues:
    schema = accepts("enumeration", options=frozenset())  # HubSpot lists no owners as options
    return spelled(FieldType.OWNER, owner, system=system, property_schema=schema)


def test_an_owner_is_not_looked_for_among_the_options() -> None:
    assert owned("anna@example.com", HUBSPOT).properties == {"x": "11"}


def test_a_queue_is_an_owner_in_salesforce() -> None:
    assert owned("queue:Inbound", SALESFORCE).properties == {"x": "00G1"}


def test_hubspot_can_have_no_owner() -> None:
    assert owned(None, HUBSPOT).properties == {"x": None}


@pytest.mark.parametrize(
    ("owner", "system", "fits"),
    [
        (
            "nobody@example.com",
            HUBSPOT,
            "an owner who exists in HubSpot; one with another address there is named under "
            "hubspot.owners in crm.yaml",
        ),
        ("gone@example.com", HUBSPOT, "an owner who is active in HubSpot"),
        ("queue:Inbound", HUBSPOT, "a person: HubSpot has no queues"),
        ("queue:Other", HUBSPOT, "a person: HubSpot has no queues"),
        (None, SALESFORCE, "an owner: Salesforce has no lead without"),
        (
            5,
            SALESFORCE,
            "an owner who exists in Salesforce; one with another address there is named under "
            "salesforce.owners in crm.yaml",
        ),
    ],
)
def test_an_owner_the_side_cannot_have_is_a_finding(
    owner: Value, system: System, fits: str
) -> None:
    assert refusal(owned(owner, system)) == fits


def test_a_stage_writes_every_value_its_line_names() -> None:
    written = stage_written(Stage.SQL)
    assert written.properties == {"told": "sql", "status": None, "box": "true"}
    assert written.fields == (STAGE,)


def test_a_stage_told_by_a_salesforce_check_box_is_written_as_json() -> None:
    written = stage_written(Stage.SQL, system=SALESFORCE, box=accepts("boolean", name="box"))
    assert written.properties["box"] is True


@pytest.mark.parametrize("stage", [Stage.CUSTOMER, Stage.NONE, "sql"])
def test_a_stage_without_a_writable_line_is_a_finding(stage: Value) -> None:
    assert refusal(stage_written(stage)) == "a stage that can be written in HubSpot"


def test_a_stage_whose_value_the_vendor_does_not_have_is_a_finding() -> None:
    assert refusal(stage_written(Stage.MQL)) == "one of customer or sql"


def test_half_a_stage_is_never_written() -> None:
    written = stage_written(Stage.SQL, box=accepts("bool", name="box", writable=False))
    assert refusal(written) == "a property syncd may write: box is read-only in HubSpot"


def test_a_stage_told_by_another_record_cannot_be_written() -> None:
    assert refusal(stage_written(Stage.NURTURE)) == (
        "a property of the record itself: Account.Rating belongs to another"
    )


def written_with(
    field: FieldSpec, schema: Mapping[str, PropertySchema], *fields: FieldName
) -> VendorValues:
    return vendor_values(
        [write("v", name) for name in fields],
        crm_map=crm_map(field),
        system=HUBSPOT,
        directory=DIRECTORY,
        schema=schema,
    )


def test_a_property_the_vendor_does_not_have_is_a_finding() -> None:
    written = written_with(spec(FieldType.STRING), {}, FIELD)
    assert refusal(written) == "a property x, which HubSpot does not have"


def test_a_relationship_is_read_only() -> None:
    field = spec(FieldType.STRING, path="Account.Name")
    written = written_with(field, {"Account.Name": accepts(name="Account.Name")}, FIELD)
    assert refusal(written) == "a property of the record itself: Account.Name belongs to another"


@pytest.mark.parametrize("unmapped", [OWNER, FieldName("y")])
def test_a_field_that_is_not_mapped_there_is_a_finding(unmapped: FieldName) -> None:
    lone = FieldSpec(
        name=FieldName("y"), type=FieldType.STRING, properties={SALESFORCE: "y"}, options={}
    )
    written = written_with(lone, {"y": accepts(name="y")}, unmapped)
    assert refusal(written) == "a field that is mapped to HubSpot"


def test_one_bad_field_does_not_stop_the_others() -> None:
    written = written_with(spec(FieldType.STRING), {"x": accepts()}, FieldName("y"), FIELD)
    assert (written.properties, written.fields) == ({"x": "v"}, (FIELD,))
    assert [finding.field for finding in written.findings] == ["y"]


# --- converted records -------------------------------------------------------------------


def to_contact(path: str | None, value: Value = "CEO", field: FieldName = FIELD) -> VendorValues:
    """Written to the Contact a lead became, where the field is kept under `path`."""
    plain = crm_map(replace(spec(FieldType.STRING), converted=path))
    side = replace(
        plain.sides[SALESFORCE], converted_kind="Contact", converted_path="ConvertedContact"
    )
    return vendor_values(
        [write(value, field)],
        crm_map=replace(plain, sides={**plain.sides, SALESFORCE: side}),
        system=SALESFORCE,
        directory=DIRECTORY,
        schema={"ConvertedContact.Title": accepts(name="Title"), "told": TOLD},
        kind="Contact",
    )


def test_a_contacts_field_is_written_by_its_name_there() -> None:
    assert to_contact("Title").properties == {"Title": "CEO"}


@pytest.mark.parametrize(
    ("path", "fits"),
    [(None, "mapped to the Contact"), ("Account.Name", "belongs to another")],
)
def test_what_a_contact_does_not_have_itself_is_never_written(path: str | None, fits: str) -> None:
    values = to_contact(path)

    assert (values.properties, values.fields) == ({}, ())
    assert fits in values.findings[0].fits


def test_a_contact_has_no_stage_to_write() -> None:
    values = to_contact("Title", Stage.SQL, STAGE)

    assert values.properties == {}
    assert values.findings[0].fits == "a stage that can be written in Salesforce"
