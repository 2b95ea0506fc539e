"""Short ways to say what a field is, so that the catalogue reads as a list.

Constructors only: no object and no list of fields lives here.
"""

from collections.abc import Iterable

from syncd.sandbox.salesforce.schema import Field, Type


def text(name: str, label: str, length: int = 255, *, required: bool = False) -> Field:
    return Field(name=name, label=label, type=Type.STRING, length=length, nillable=not required)


def kind(name: str, label: str, of: Type, length: int = 0) -> Field:
    return Field(name=name, label=label, type=of, length=length)


def choice(
    name: str,
    label: str,
    values: Iterable[str],
    *,
    default: str | None = None,
    strict: bool = False,
) -> Field:
    return Field(
        name=name,
        label=label,
        type=Type.PICKLIST,
        length=255,
        values=tuple(values),
        default=default,
        nillable=default is None,
        restricted=strict,
    )


def link(name: str, label: str, *targets: str, required: bool = False) -> Field:
    """A lookup a client may write; its relationship is its name without "Id"."""
    return Field(
        name=name,
        label=label,
        type=Type.REFERENCE,
        length=18,
        refers_to=targets,
        relationship=name.removesuffix("Id"),
        nillable=not required,
    )


def flag(name: str, label: str) -> Field:
    return Field(name=name, label=label, type=Type.BOOLEAN, default=False, nillable=False)


def derived(name: str, label: str, of: Type, length: int = 0) -> Field:
    """A field only the org itself writes."""
    return Field(
        name=name,
        label=label,
        type=of,
        length=length,
        createable=False,
        updateable=False,
        default=False if of is Type.BOOLEAN else None,
    )


def derived_link(name: str, label: str, *targets: str) -> Field:
    return Field(
        name=name,
        label=label,
        type=Type.REFERENCE,
        length=18,
        refers_to=targets,
        relationship=name.removesuffix("Id"),
        createable=False,
        updateable=False,
    )


def owner(*targets: str) -> Field:
    """Always set: the org gives a record to whoever creates it."""
    return link("OwnerId", "Owner ID", *targets)
