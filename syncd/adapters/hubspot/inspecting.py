"""What only a check-up asks of a portal: the token's scopes, its zone, its lists.

Reads, and nothing else. What these facts mean is `core.doctor`'s business.
"""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.adapters.hubspot.complaint import NotThere
from syncd.core.doctor.facts import ListFacts, Login, NativeRule
from syncd.errors import AuthError, PermanentError
from syncd.ports import Clock

_STATIC = frozenset({"MANUAL", "SNAPSHOT"})


class HubSpotInspector:
    """Implements `CrmInspector`: what the token says of itself is asked once."""

    def __init__(self, client: HubSpotClient, *, token: str, clock: Clock) -> None:
        self._client = client
        self._token = token
        self._clock = clock
        self._told: Mapping[str, Any] | None = None

    def login(self) -> Login:
        reply = self._client.get(paths.ACCOUNT)
        asked_at = self._clock.now()
        app_id = self._token_says().get("appId")
        return Login(
            account=str(reply.body.get("portalId") or ""),
            server_time=reply.at,
            asked_at=asked_at,
            time_zone=str(reply.body.get("timeZone") or ""),
            app_id=None if app_id is None else str(app_id),
        )

    def granted(self) -> frozenset[str]:
        """PermanentError for a service key, which says nothing of itself."""
        scopes = self._token_says().get("scopes")
        if scopes is None:
            raise PermanentError("HubSpot does not tell the scopes of this token (a service key)")
        return frozenset(map(str, scopes))

    def tracked(self, properties: Collection[str]) -> None:
        """HubSpot keeps the history of every property."""
        del properties

    def lists(self, ids: Collection[str]) -> Mapping[str, ListFacts]:
        found = {}
        for list_id in ids:
            try:
                body = self._client.get(paths.LIST.format(list_id=quote(list_id, safe=""))).body
            except NotThere:
                continue
            told = body.get("list") or {}
            found[list_id] = ListFacts(
                name=str(told.get("name") or list_id),
                takes_members=told.get("processingType") in _STATIC,
            )
        return found

    def rules(self, prefix: str) -> tuple[NativeRule, ...]:
        """HubSpot's are clicked, and no API tells of them."""
        del prefix
        return ()

    def _token_says(self) -> Mapping[str, Any]:
        if self._told is None:
            try:
                self._told = self._client.ask(paths.TOKEN_INFO, {"tokenKey": self._token}).body
            except (AuthError, PermanentError):  # not a private app's token
                self._told = {}
        return self._told
