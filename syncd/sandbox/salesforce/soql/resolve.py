"""Names in a query held against the schema: from a path to a way of reading it from a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from syncd.sandbox.salesforce.schema import Field, ObjectType, Type
from syncd.sandbox.salesforce.shown import attributes
from syncd.sandbox.salesforce.soql.terms import Path
from syncd.sandbox.salesforce.soql.trouble import trouble
from syncd.sandbox.salesforce.store import Store
from syncd.sandbox.salesforce.table import Row

Get = Callable[[Row], Any]

_NAME_FIELDS: Mapping[str, Field] = {
    name.lower(): Field(name=name, label=name, type=Type.STRING, length=121)
    for name in ("Name", "FirstName", "LastName", "Type")
} | {"id": Field(name="Id", label="Id", type=Type.ID, length=18)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A resolved path: the look-ups to follow, then the field to read."""

    links: tuple[Field, ...]
    field: Field
    get: Get


class Resolver:
    """Resolves the paths of one query."""

    def __init__(self, store: Store, kind: ObjectType, text: str) -> None:
        self._store = store
        self._kind = kind
        self._text = text

    def column(self, path: Path) -> Column:
        """Raises Refused INVALID_FIELD for a name the schema does not have."""
        parts = list(path.parts)
        if len(parts) > 1 and parts[0].lower() == self._kind.name.lower():
            del parts[0]  # Lead.Name FROM Lead
        links: list[Field] = []
        kind: ObjectType | None = self._kind
        for part in parts[:-1]:
            link = kind.by_relationship.get(part.lower()) if kind else None
            if link is None:
                raise self._unknown_relation(part, path)
            links.append(link)
            kind = self._target(link)
        field = kind.field(parts[-1]) if kind else _NAME_FIELDS.get(parts[-1].lower())
        if field is None:
            raise self._unknown_field(parts[-1], kind, path)
        return Column(links=tuple(links), field=field, get=self._getter(links, field))

    def follow(self, row: Row, link: Field) -> Row | None:
        return self._store.row(row.get(link.name) or "")

    def _target(self, link: Field) -> ObjectType | None:
        """The object a look-up leads to; None for a polymorphic one, which shows names only."""
        if len(link.refers_to) != 1:
            return None
        return self._store.table(link.refers_to[0]).kind

    def _getter(self, links: list[Field], field: Field) -> Get:
        name = field.name
        if not links:
            return lambda row: row.get(name)
        polymorphic = len(links[-1].refers_to) > 1

        def get(row: Row) -> Any:
            found: Row | None = row
            for link in links:
                found = self.follow(found, link) if found is not None else None
            if found is None:
                return None
            if polymorphic and name == "Type":
                return self._kind_shown(found)
            return found.get(name)

        return get

    def attributes(self, link: Field, parent: Row, version: str) -> Mapping[str, str]:
        """A parent's `attributes`; a polymorphic look-up calls every parent a Name."""
        told = attributes(self._store.table_holding(parent).kind.name, parent["Id"], version)
        return {**told, "type": "Name"} if len(link.refers_to) > 1 else told

    def _kind_shown(self, row: Row) -> str:
        """What `Owner.Type` and `Who.Type` say."""
        name = self._store.table_holding(row).kind.name
        return "Queue" if name == "Group" else name

    def _unknown_field(self, name: str, kind: ObjectType | None, path: Path) -> Exception:
        entity = kind.name if kind else "Name"
        return trouble(
            "INVALID_FIELD",
            f"No such column '{name}' on entity '{entity}'. If you are attempting to use a custom "
            "field, be sure to append the '__c' after the custom field name. Please reference your "
            "WSDL or the describe call for the appropriate names.",
            self._text,
            path.at,
        )

    def _unknown_relation(self, name: str, path: Path) -> Exception:
        return trouble(
            "INVALID_FIELD",
            f"Didn't understand relationship '{name}' in field path. If you are attempting to use "
            "a custom relationship, be sure to append the '__r' after the custom relationship "
            "name. Please reference your WSDL or the describe call for the appropriate names.",
            self._text,
            path.at,
        )
