"""Who and what wrote a property value, as HubSpot's history tells it."""

from dataclasses import dataclass

from syncd.sandbox.journal import Actor, ActorKind, Origin

CONNECTOR = Actor(kind=ActorKind.SYSTEM, id="salesforce", name="Salesforce Connector")
PORTAL = Actor(kind=ActorKind.SYSTEM, id="hubspot", name="HubSpot")

UI = "ui"
API = "api"
BULK = "bulk"

_BY_VIA: dict[str, tuple[str, str | None]] = {
    "connector": ("SALESFORCE", "Salesforce Connector"),
    "import": ("IMPORT", None),
    "form": ("FORM", None),
    BULK: ("CRM_UI_BULK_ACTION", None),
    "merge": ("MERGE_OBJECTS", None),
    "company": ("COMPANIES", None),  # a company's stage flowing to its contacts
    "deal": ("DEALS", None),  # a deal's stage moving its contacts'
}
_BY_ACTOR = {
    ActorKind.PERSON: "CRM_UI",
    ActorKind.API: "INTEGRATION",
    ActorKind.AUTOMATION: "AUTOMATION_PLATFORM",
    ActorKind.SYSTEM: "CALCULATED",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`id` is null for the portal itself; `user_id` is a user's id, never an owner's."""

    type: str
    id: str | None
    user_id: int | None


CALCULATED = Source(type="CALCULATED", id=None, user_id=None)


def source_of(origin: Origin) -> Source:
    actor = origin.actor
    source_type, source_id = _BY_VIA.get(origin.via, (_BY_ACTOR[actor.kind], None))
    person = actor.kind is ActorKind.PERSON
    return Source(
        type=source_type,
        id=source_id or _source_id(actor),
        user_id=int(actor.id) if person and actor.id.isdigit() else None,
    )


def by_hand(origin: Origin) -> bool:
    """A person in HubSpot's own pages, who may move a stage in any direction."""
    return origin.via in (UI, BULK) and origin.actor.kind is ActorKind.PERSON


def _source_id(actor: Actor) -> str | None:
    match actor.kind:
        case ActorKind.PERSON:
            return f"userId:{actor.id}"
        case ActorKind.AUTOMATION:
            return f"enrollmentId:{actor.id};actionExecutionIndex:0"
        case ActorKind.API:
            return actor.id
        case ActorKind.SYSTEM:
            return None
