"""System validation: does a value fit its field, and what is it in row form?

Pure but for the look-up of referenced records, which the caller passes in.
Messages and codes are those orgs send; labels, not API names, where they do so.
"""

import math
import re
from collections.abc import Callable
from typing import Any

from syncd.sandbox.salesforce.errors import Problem, Refused, Unparsable, refusal
from syncd.sandbox.salesforce.ids import canonical
from syncd.sandbox.salesforce.schema import (
    INT_DIGITS,
    NUMBER_DECIMALS,
    NUMERIC,
    TEXTUAL,
    Field,
    ObjectType,
    Type,
)
from syncd.sandbox.salesforce.stamps import parse_day, parse_instant

KindOf = Callable[[str], str | None]  # record id → its object's name, if the record exists

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def field_to_write(kind: ObjectType, name: str, *, creating: bool) -> Field:
    """The field a client may write; raises Refused INVALID_FIELD or …_FOR_INSERT_UPDATE."""
    field = kind.field(name)
    if field is None:
        message = f"No such column '{name}' on sobject of type {kind.name}"
        raise Refused(Problem(code="INVALID_FIELD", message=message))
    if field.createable if creating else field.updateable:
        return field
    raise refusal(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        f"Unable to create/update fields: {field.name}. Please check the security settings of "
        "this field and verify that it is read/write for your profile or permission set.",
        field.name,
    )


def row_value(field: Field, given: Any, kind_of: KindOf) -> Any:
    """The value in row form (None for blank); raises Refused when the field cannot hold it."""
    if given is None:
        return False if field.type is Type.BOOLEAN else None
    if field.type in TEXTUAL:
        return _text(field, given)
    if field.type in NUMERIC:
        return _number(field, given)
    if field.type is Type.BOOLEAN:
        return _boolean(field, given)
    if field.type is Type.REFERENCE:
        return _reference(field, given, kind_of)
    return _moment(field, given)


def missing(kind: ObjectType, row: dict[str, Any]) -> tuple[str, ...]:
    """Required fields that the row leaves blank."""
    return tuple(
        name
        for name, field in kind.fields.items()
        if field.createable and not field.nillable and row.get(name) is None
    )


def _text(field: Field, given: Any) -> str | None:
    if not isinstance(given, str):
        raise _unreadable(field, given)
    value = given.strip()
    if not value:
        return None
    if len(value) > field.length:
        raise refusal(
            "STRING_TOO_LONG",
            f"{field.label}: data value too large: {value} (max length={field.length})",
            field.name,
        )
    if field.restricted and value not in field.values:
        raise refusal(
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"{field.label}: bad value for restricted picklist field: {value}",
            field.name,
        )
    if field.type is Type.EMAIL and not _EMAIL.fullmatch(value):
        raise refusal(
            "INVALID_EMAIL_ADDRESS",
            f"{field.label}: invalid email address: {value}",
            field.name,
        )
    return value


def _number(field: Field, given: Any) -> int | float:
    if isinstance(given, bool):
        raise _unreadable(field, given)
    try:
        number = float(given)
    except (TypeError, ValueError, OverflowError):
        raise _unreadable(field, given) from None
    if not math.isfinite(number):
        raise _unreadable(field, given)
    if field.type is not Type.INT:
        return round(number, NUMBER_DECIMALS)
    if not number.is_integer():
        raise _unreadable(field, given)
    if abs(number) >= 10**INT_DIGITS:
        message = f"{field.label}: value outside of valid range on numeric field: {given}"
        raise refusal("NUMBER_OUTSIDE_VALID_RANGE", message, field.name)
    return int(number)


def _boolean(field: Field, given: Any) -> bool:
    if isinstance(given, bool):
        return given
    if given in ("true", "false"):
        return bool(given == "true")
    raise _unreadable(field, given)


def _reference(field: Field, given: Any, kind_of: KindOf) -> str | None:
    if given == "":
        return None
    record_id = canonical(given) if isinstance(given, str) else None
    if record_id is None:
        raise refusal(
            "MALFORMED_ID",
            f"{field.label}: id value of incorrect type: {given}",
            field.name,
        )
    if kind_of(record_id) not in field.refers_to:
        raise refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", field.name)
    return record_id


def _moment(field: Field, given: Any) -> str | None:
    if given == "":
        return None
    parse = parse_day if field.type is Type.DATE else parse_instant
    moment = parse(given) if isinstance(given, str) else None
    if moment is None:
        raise _unreadable(field, given)
    return moment


def _unreadable(field: Field, given: Any) -> Unparsable:
    told = _JSON_NAMES.get(type(given), "START_OBJECT")
    message = (
        f"Cannot deserialize instance of {field.type} from {told} value {given} "
        "or request may be missing a required field"
    )
    return Unparsable(Problem(code="JSON_PARSER_ERROR", message=message))


_JSON_NAMES = {
    str: "VALUE_STRING",
    int: "VALUE_NUMBER_INT",
    float: "VALUE_NUMBER_FLOAT",
    bool: "VALUE_TRUE",
    list: "START_ARRAY",
}
