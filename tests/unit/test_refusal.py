"""What a CRM would refuse or change, said beforehand with what would fit."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from syncd.adapters.salesforce.describe import _property
from syncd.core.refusal import refusal
from syncd.core.spelling import Misfit
from syncd.domain.names import System
from syncd.domain.record import PropertySchema
from syncd.domain.values import FieldType, Value

HUBSPOT, SALESFORCE = System.HUBSPOT, System.SALESFORCE


def accepts(kind: str = "string", **limits: int | bool) -> PropertySchema:
    whole, decimals = limits.get("whole_digits"), limits.get("decimals")
    return PropertySchema(
        name="x",
        label="x",
        type=kind,
        writable=True,
        whole_digits=None if whole is None else int(whole),
        decimals=None if decimals is None else int(decimals),
        required=bool(limits.get("required")),
    )


AMOUNT = accepts("currency", whole_digits=16, decimals=2)
COUNT = accepts("int", whole_digits=8)


def of_number(value: int | Decimal, there: PropertySchema) -> Misfit | None:
    kind = FieldType.INTEGER if there.type == "int" else FieldType.CURRENCY
    return refusal(value, float(value), kind, there, SALESFORCE)


@pytest.mark.parametrize(
    "value", [0, 12, Decimal("0.01"), Decimal("-1.50"), Decimal("9999999999999999.99"), -(10**15)]
)
def test_a_number_within_its_digits_fits(value: int | Decimal) -> None:
    assert of_number(value, AMOUNT) is None


@pytest.mark.parametrize("value", [Decimal("0.001"), Decimal("19.999")])
def test_a_number_that_would_be_rounded_is_refused(value: Decimal) -> None:
    assert of_number(value, AMOUNT) == Misfit("a number with at most 2 decimals")


@pytest.mark.parametrize("value", [10**8, -(10**8)])
def test_a_number_with_too_many_digits_is_refused(value: int) -> None:
    assert of_number(value, COUNT) == Misfit("a number below 100,000,000")
    assert of_number(value - 1 if value > 0 else value + 1, COUNT) is None


def test_zeros_after_the_point_are_no_decimals() -> None:
    assert of_number(Decimal("7.000"), AMOUNT) is None


@pytest.mark.parametrize(
    ("kind", "value", "spelled", "there"),
    [
        (FieldType.DATETIME, datetime(2026, 3, 2, tzinfo=UTC), "2026-03-02T00:00:00Z", "date"),
        (FieldType.DATE, date(2026, 3, 2), "2026-03-02", "datetime"),
        (FieldType.NUMBER, Decimal("1.5"), 1.5, "int"),
        (FieldType.STRING, "7", "7", "double"),
    ],
)
def test_a_value_of_another_type_is_never_bent_to_fit(
    kind: FieldType, value: Value, spelled: str | float, there: str
) -> None:
    found = refusal(value, spelled, kind, accepts(there), SALESFORCE)

    assert found == Misfit(f"a value of type {there}")


@pytest.mark.parametrize("address", ["jane@localhost", "jane@x.", "jane,joe@x.example", "a@b..c"])
@pytest.mark.parametrize("system", System)
def test_an_address_the_vendors_do_not_take_is_refused(system: System, address: str) -> None:
    found = refusal(address, address, FieldType.EMAIL, accepts("email"), system)

    assert found == Misfit("an email address such as name@example.com")


@pytest.mark.parametrize("year", [1699, 4001])
def test_salesforce_keeps_no_date_far_from_ours(year: int) -> None:
    day = date(year, 6, 1)

    there = refusal(day, day.isoformat(), FieldType.DATE, accepts("date"), SALESFORCE)

    assert there == Misfit("a date from 1700 to 4000")
    assert refusal(day, day.isoformat(), FieldType.DATE, accepts("date"), HUBSPOT) is None


def test_what_is_required_is_never_cleared() -> None:
    found = refusal(None, None, FieldType.STRING, accepts(required=True), SALESFORCE)

    assert found == Misfit("a value: it must not be empty there")


def described(**said: object) -> PropertySchema:
    field = {"name": "x", "label": "x", "updateable": True, "createable": True, "nillable": True}
    return _property({**field, "defaultedOnCreate": False, "length": 0, **said})


def test_describe_tells_the_digits_of_each_kind_of_number() -> None:
    amount = described(type="currency", precision=18, scale=2, digits=0)
    count = described(type="int", precision=0, scale=0, digits=8)
    text = described(type="string", precision=0, scale=0, digits=0)

    assert (amount.whole_digits, amount.decimals) == (16, 2)
    assert (count.whole_digits, count.decimals) == (8, None)
    assert (text.whole_digits, text.decimals) == (None, None)
