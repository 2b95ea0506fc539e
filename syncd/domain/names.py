"""The names everything else is spelled with: ids and the two systems."""

from enum import StrEnum
from typing import NewType

LeadId = NewType("LeadId", str)
"""One person in the funnel, across both CRMs; made by syncd, never shown to reps."""
RecordId = NewType("RecordId", str)
"""A record's id in its own CRM (Salesforce: the 18-character form)."""
FieldName = NewType("FieldName", str)
"""A field's canonical name, as config/crm.yaml spells it."""
RuleId = NewType("RuleId", str)
TransitionId = NewType("TransitionId", str)
HandoffId = NewType("HandoffId", str)
PlanId = NewType("PlanId", str)
ActionKey = NewType("ActionKey", str)
"""The idempotency key of one effect: the same decision gives the same key."""

STAGE = FieldName("stage")
"""The field whose merge is guarded by gates; its values are `Stage` members."""
OWNER = FieldName("owner")
"""The field that holds who works the lead; its values are canonical owners."""


class System(StrEnum):
    SALESFORCE = "salesforce"
    HUBSPOT = "hubspot"

    @property
    def label(self) -> str:
        """The vendor's name as people write it."""
        return {"salesforce": "Salesforce", "hubspot": "HubSpot"}[self.value]

    @property
    def other(self) -> "System":
        return System.HUBSPOT if self is System.SALESFORCE else System.SALESFORCE


SYSTEMS = tuple(System)
"""Both, in their fixed order: for what is done of every lead, as walking or counting the members
of an enum takes many times as long."""
