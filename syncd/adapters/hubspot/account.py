"""Which portal answers."""

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.errors import TransientError


def read_account(client: HubSpotClient) -> str:
    """The portal id (Hub ID), in digits. Any token may ask for it."""
    portal = client.get(paths.ACCOUNT).body.get("portalId")
    if portal is None:
        raise TransientError("HubSpot's account details have no portalId")
    return str(portal)
