"""Finding records by a key: an external id, an e-mail address, or the id itself."""

from typing import Any

from syncd.sandbox.salesforce.errors import not_found
from syncd.sandbox.salesforce.ids import canonical
from syncd.sandbox.salesforce.schema import ObjectType, Type
from syncd.sandbox.salesforce.store import Store
from syncd.sandbox.salesforce.table import Row


def matches(store: Store, kind: ObjectType, field_name: str, value: Any) -> list[Row]:
    """Live rows by an external id, e-mail or Id; raises Refused NOT_FOUND for other fields."""
    store.settle()
    field = kind.field(field_name)
    if field is None or not (field.external_id or field.type in (Type.EMAIL, Type.ID)):
        raise not_found(
            f"Provided external ID field does not exist or is not accessible: {field_name}"
        )
    sought = str(value)
    if field.type is Type.ID:
        sought = canonical(sought) or sought
    found = store.table(kind.name).where(field.name, [sought])
    return [row for row in found if not row["IsDeleted"]]
