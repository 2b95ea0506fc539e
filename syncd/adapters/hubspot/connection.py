"""What is needed to reach one HubSpot portal. Holds settings, opens nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from syncd.adapters.transport.governor import Allowance
from syncd.adapters.transport.session import Timeouts

BURST = Allowance(calls=97, span=timedelta(seconds=10))
SEARCHES = Allowance(calls=5, span=timedelta(seconds=1.1))


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSpotConnection:
    """`access_token` is a private app's token or a service key.

    `app_id` is the id under which the portal's history lists our own writes; a private
    app's is asked for when None, a service key's must be given.
    `allowance` holds until HubSpot's first answer tells the app's own: the least there is,
    100 calls in 10 s on Free and Starter, a little lowered. `search_allowance`, 5 a second
    for all of the account, is never told.
    """

    access_token: str = field(repr=False)
    base_url: str = "https://api.hubapi.com"
    app_id: str | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)
    allowance: Allowance = BURST
    search_allowance: Allowance = SEARCHES


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """What is read of a contact: the properties, and those of them that tell its stage.
    `external_id` is the property with our own id, whose values must be unique. `owners` are
    people whose address here is not the one they are known by; `lost_reason` is the property of
    a deal that tells why it was lost."""

    kind: str
    properties: Collection[str]
    stage_properties: Collection[str]
    external_id: str | None = None
    owners: Mapping[str, str] = field(default_factory=dict)
    lost_reason: str | None = None
