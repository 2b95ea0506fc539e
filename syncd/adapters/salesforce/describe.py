"""The lead's properties, from describe."""

from collections.abc import Iterable, Mapping
from typing import Any

from syncd.adapters.salesforce.api import Api, part_of
from syncd.domain.record import PropertySchema, Schema


def fetch_schema(api: Api, *, kind: str, paths: Iterable[str]) -> Schema:
    """Every field the integration user sees; and of `paths`, those that lead through one of its
    relationships, as read-only properties whose far end is not looked at."""
    what = f"Salesforce describe of {kind}"
    reply = api.get(f"{api.root}/sobjects/{kind}/describe", what=what)
    fields: list[Mapping[str, Any]] = part_of(reply.body, "fields", what)
    relations = {f.get("relationshipName") for f in fields}
    return {f["name"]: _property(f) for f in fields} | {
        path: PropertySchema(name=path, label=path, type="relationship", writable=False)
        for path in paths
        if "." in path and path.partition(".")[0] in relations
    }


def _property(field: Mapping[str, Any]) -> PropertySchema:
    return PropertySchema(
        name=field["name"],
        label=field["label"],
        type=field["type"],
        writable=field["updateable"],
        options=_options(field),
        max_length=field.get("length") or None,
    )


def _options(field: Mapping[str, Any]) -> frozenset[str] | None:
    """Only a restricted picklist refuses other values; Status is not one by default."""
    if not field.get("restrictedPicklist"):
        return None
    return frozenset(v["value"] for v in field["picklistValues"] if v["active"])
