"""The kinds of CRM object the portal knows, and the names each goes by in a URL."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`defaults` are the properties a read returns when it names none."""

    name: str
    plural: str
    type_id: str
    defaults: tuple[str, ...]
    created: str = "createdate"
    modified: str = "hs_lastmodifieddate"

    @property
    def always(self) -> tuple[str, str, str]:
        """What every read returns, whatever it asks for."""
        return (self.created, self.modified, "hs_object_id")


def _engagement(name: str, plural: str, type_id: str) -> Kind:
    return Kind(
        name=name,
        plural=plural,
        type_id=type_id,
        created="hs_createdate",
        defaults=("hs_timestamp",),
    )


# Contacts alone are stamped in `lastmodifieddate`; their hidden `hs_lastmodifieddate` stays empty.
CONTACT = Kind(
    name="contact",
    plural="contacts",
    type_id="0-1",
    modified="lastmodifieddate",
    defaults=("firstname", "lastname", "email"),
)
COMPANY = Kind(name="company", plural="companies", type_id="0-2", defaults=("name", "domain"))
DEAL = Kind(
    name="deal",
    plural="deals",
    type_id="0-3",
    defaults=("dealname", "amount", "closedate", "pipeline", "dealstage"),
)
LEAD = Kind(
    name="lead",
    plural="leads",
    type_id="0-136",
    created="hs_createdate",
    defaults=("hs_lead_name",),
)
NOTE = _engagement("note", "notes", "0-46")
TASK = _engagement("task", "tasks", "0-27")
CALL = _engagement("call", "calls", "0-48")
MEETING = _engagement("meeting", "meetings", "0-47")
EMAIL = _engagement("email", "emails", "0-49")

KINDS = (CONTACT, COMPANY, DEAL, LEAD, NOTE, TASK, CALL, MEETING, EMAIL)
CONTACTED = frozenset({CALL, MEETING, EMAIL})  # engagements that reach the person; notes do not
ENGAGEMENTS = CONTACTED | {NOTE, TASK}

_BY_NAME = {alias: kind for kind in KINDS for alias in (kind.name, kind.plural, kind.type_id)}


def infer(text: str) -> Kind | None:
    """The kind a URL segment means; None for butterflies."""
    return _BY_NAME.get(text.lower())
