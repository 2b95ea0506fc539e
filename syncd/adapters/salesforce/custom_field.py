"""A custom field as the Metadata API wants it defined. Shapes only: nothing is sent from here."""

from collections.abc import Callable, Mapping

from syncd.core.wanted import Choice, WantedField
from syncd.domain.values import FieldType

_LONGEST_LABEL = 40
_ONE_LINE, _LONG = 255, 32_768

Metadata = dict[str, object]


def metadata_of(field: WantedField) -> Metadata:
    """The type and what else it must have."""
    assert field.type is not None  # others are not made
    return {
        "label": field.label[:_LONGEST_LABEL],
        "description": f"syncd: {field.purpose}",
        **_SHAPES[field.type](field),
    }


def value_of(choice: Choice) -> Metadata:
    """One value of a picklist's own."""
    return {"fullName": choice.value, "label": choice.label, "default": False}


def _text(field: WantedField) -> Metadata:
    if (field.length or 0) > _ONE_LINE:
        return _long_text(field)
    shape: Metadata = {"type": "Text", "length": field.length or _ONE_LINE}
    if field.unique:
        shape |= {"unique": True, "externalId": True, "caseSensitive": True}
    return shape


def _long_text(field: WantedField) -> Metadata:
    return {"type": "LongTextArea", "length": field.length or _LONG, "visibleLines": 5}


def _number(decimals: int, kind: str = "Number") -> Callable[[WantedField], Metadata]:
    return lambda _: {"type": kind, "precision": 18, "scale": decimals}


def _plain(kind: str) -> Callable[[WantedField], Metadata]:
    return lambda _: {"type": kind}


def _choice(kind: str, **more: object) -> Callable[[WantedField], Metadata]:
    def shape(field: WantedField) -> Metadata:
        values = [value_of(choice) for choice in field.choices]
        definition = {"sorted": False, "value": values}
        value_set = {"restricted": True, "valueSetDefinition": definition}
        return {"type": kind, **more, "valueSet": value_set}

    return shape


_SHAPES: Mapping[FieldType, Callable[[WantedField], Metadata]] = {
    FieldType.STRING: _text,
    FieldType.TEXT: _long_text,
    FieldType.EMAIL: _plain("Email"),
    FieldType.INTEGER: _number(0),
    FieldType.NUMBER: _number(2),
    FieldType.CURRENCY: _number(2, "Currency"),
    FieldType.BOOLEAN: lambda _: {"type": "Checkbox", "defaultValue": "false"},
    FieldType.DATE: _plain("Date"),
    FieldType.DATETIME: _plain("DateTime"),
    FieldType.PICKLIST: _choice("Picklist"),
    FieldType.MULTI_PICKLIST: _choice("MultiselectPicklist", visibleLines=4),
}
