"""Fields that the API made and nobody was given the right to see yet.

As far as the sandbox goes there is one user whose rights count, the integration user: a field
that is opened to them is there for everybody.
"""

from collections.abc import Iterator
from dataclasses import replace

from syncd.sandbox.salesforce.errors import refusal
from syncd.sandbox.salesforce.saving import Save
from syncd.sandbox.salesforce.schema import Field
from syncd.sandbox.salesforce.store import Store

GRANTING = frozenset({"FieldPermissions", "PermissionSetAssignment"})
"""The objects whose rows give rights to fields."""

Closed = tuple[str, Field]  # the object, and its field


class ClosedFields:
    def __init__(self) -> None:
        self._fields: dict[tuple[str, str], Field] = {}

    def put(self, object_name: str, field: Field) -> None:
        self._fields[object_name, field.name] = field

    def holds(self, object_name: str, name: str) -> bool:
        return (object_name, name) in self._fields

    def check(self, save: Save, store: Store) -> None:
        """Raise Refused for a right to a field that there is not."""
        if save.kind.name != "FieldPermissions":
            return
        object_name, _, name = save.after["Field"].partition(".")
        if not self.holds(object_name, name) and name not in store.table(object_name).kind.fields:
            raise refusal(
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                f"Field Name: bad value for restricted picklist field: {save.after['Field']}",
                "Field",
            )

    def all(self) -> list[Closed]:
        return [(object_name, field) for (object_name, _), field in self._fields.items()]

    def opened_to(self, user_id: str, store: Store) -> Iterator[Closed]:
        """Those the user has been given by now, as writable as they were given; they are no
        longer closed."""
        assigned = store.table("PermissionSetAssignment").rows()
        sets = {x["PermissionSetId"] for x in assigned if x["AssigneeId"] == user_id}
        for grant in [*store.table("FieldPermissions").rows()]:
            place = (grant["SobjectType"], grant["Field"].partition(".")[2])
            if grant["ParentId"] in sets and grant["PermissionsRead"] and place in self._fields:
                edit = grant["PermissionsEdit"]
                field = self._fields.pop(place)
                yield place[0], replace(field, createable=edit, updateable=edit)
