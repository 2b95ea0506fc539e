"""What a portal's contact properties accept, and the order of its lifecycle stages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.domain.record import PropertySchema, Schema

LIFECYCLE = "lifecyclestage"

LONGEST_TEXT = 65_536
_TEXT = "string"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactProperties:
    """`stage_order` are the lifecycle stages, lowest first, as this portal orders them;
    `fixed_options` the properties whose options only HubSpot changes."""

    schema: Schema
    stage_order: tuple[str, ...]
    fixed_options: frozenset[str]


def read_properties(client: HubSpotClient) -> ContactProperties:
    raws = client.get(paths.CONTACT_PROPERTIES).items()
    order = next((_options_in_order(raw) for raw in raws if raw["name"] == LIFECYCLE), ())
    return ContactProperties(
        schema={raw["name"]: _schema(raw) for raw in raws},
        stage_order=order,
        fixed_options=frozenset(raw["name"] for raw in raws if _has_fixed_options(raw)),
    )


def _schema(raw: Mapping[str, Any]) -> PropertySchema:
    options = _options_in_order(raw)
    metadata = raw.get("modificationMetadata") or {}
    return PropertySchema(
        name=raw["name"],
        label=str(raw.get("label") or raw["name"]),
        type=str(raw.get("type") or ""),
        writable=not (metadata.get("readOnlyValue") or raw.get("calculated")),
        options=frozenset(options) if options else None,
        max_length=LONGEST_TEXT if raw.get("type") == _TEXT else None,
        offered=options,
        unique=bool(raw.get("hasUniqueValue")),
    )


def _has_fixed_options(raw: Mapping[str, Any]) -> bool:
    """Lifecycle stages are a pipeline's since 2022, and changed in the settings."""
    metadata = raw.get("modificationMetadata") or {}
    return raw["name"] == LIFECYCLE or bool(metadata.get("readOnlyOptions"))


def _options_in_order(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Empty for free values and for options kept elsewhere (owners)."""
    options = sorted(raw.get("options") or (), key=lambda o: o.get("displayOrder") or 0)
    return tuple(str(option["value"]) for option in options)
