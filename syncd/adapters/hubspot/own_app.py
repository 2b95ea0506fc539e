"""Under which app id HubSpot's history lists our own writes."""

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.adapters.hubspot.connection import HubSpotConnection
from syncd.errors import AuthError, PermanentError


class OwnApp:
    """The id given in the settings, or the one HubSpot tells of a private app's token.

    Asked for once. None when HubSpot does not say (a service key): then our own writes look
    like another integration's in the history, so the id should be given.
    """

    def __init__(self, connection: HubSpotConnection) -> None:
        self._token = connection.access_token
        self._id = connection.app_id
        self._known = connection.app_id is not None

    def id(self, client: HubSpotClient) -> str | None:
        if not self._known:
            self._id = self._ask(client)
            self._known = True
        return self._id

    def _ask(self, client: HubSpotClient) -> str | None:
        try:
            told = client.ask(paths.TOKEN_INFO, {"tokenKey": self._token}).body.get("appId")
        except (AuthError, PermanentError):  # not a private app's token; others' calls will tell
            return None
        return None if told is None else str(told)
