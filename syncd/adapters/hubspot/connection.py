"""What is needed to reach one HubSpot portal. Holds settings, opens nothing."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from syncd.adapters.transport.governor import Allowance
from syncd.adapters.transport.session import Timeouts

BURST = Allowance(calls=180, span=timedelta(seconds=10))
SEARCHES = Allowance(calls=4, span=timedelta(seconds=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSpotConnection:
    """`access_token` is a private app's token or a service key.

    `app_id` is the id under which the portal's history lists our own writes; a private
    app's is asked for when None, a service key's must be given.
    `allowance` is the app's burst allowance a little lowered: 190 calls in 10 s, but 100
    on Free and Starter. `search_allowance` likewise: 5 a second, shared by the account.
    """

    access_token: str = field(repr=False)
    base_url: str = "https://api.hubapi.com"
    app_id: str | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)
    allowance: Allowance = BURST
    search_allowance: Allowance = SEARCHES


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """What is read of a contact: the properties, and those of them that tell its stage."""

    kind: str
    properties: Collection[str]
    stage_properties: Collection[str]
