"""The fewest calls with which changed leads could be brought from one CRM to the other.

Arithmetic of the vendors' own batch sizes, knowing nothing of syncd: what changed is read,
the other side is written, and each written record is looked at once.
"""

from dataclasses import dataclass
from math import ceil

SEARCH_PAGE = 200
HUBSPOT_BATCH = 100
QUERY_PAGE = 2_000
COLLECTION = 200
AN_IDLE_POLL = 1
ALLOWED = 1.2
"""How much more than the minimum may be used."""


@dataclass(frozen=True, slots=True)
class Minimum:
    """`parts` says what the calls are, in words."""

    calls: int
    parts: str


def minimum(leads: int, changed_in: str) -> Minimum:
    """For one field of each lead, changed in this CRM within one cycle."""
    parts = _from_hubspot(leads) if changed_in == "hubspot" else _from_salesforce(leads)
    words = " + ".join(f"{count} {what}" for what, count in parts.items())
    return Minimum(sum(parts.values()), words)


def _from_hubspot(leads: int) -> dict[str, int]:
    return {
        "search": ceil(leads / SEARCH_PAGE),
        "write": ceil(leads / COLLECTION),
        "read-back": ceil(leads / QUERY_PAGE),
        "idle poll": AN_IDLE_POLL,
    }


def _from_salesforce(leads: int) -> dict[str, int]:
    return {
        "query": ceil(leads / QUERY_PAGE),
        "write": ceil(leads / HUBSPOT_BATCH),
        "read": ceil(leads / HUBSPOT_BATCH),
        "idle poll": AN_IDLE_POLL,
    }
