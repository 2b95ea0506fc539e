"""A deal that came of a lead: Salesforce's opportunity, HubSpot's deal."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """`amount` is in the account's currency where the CRM converts it (HubSpot), else in that of
    the deal; None where unknown. `closes_at` is when it was closed, or is meant to be; Salesforce
    tells the day alone: its last second in UTC. `made_at` is when the record was made, and
    `lost_reason` why it was lost, in the CRM's own words; "" where it does not tell."""

    id: str
    is_closed: bool
    is_won: bool
    amount: float | None
    closes_at: datetime | None
    made_at: datetime | None = None
    lost_reason: str = ""
