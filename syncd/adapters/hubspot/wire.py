"""One request to HubSpot through hubspot-api-client, answered raw.

One API client object is kept for everything: the SDK opens a new connection pool on
each attribute access, its generated models cost ten times the CPU of raw JSON, and each
of its packages has exception classes of its own. No retries and no classifying here.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from hubspot.crm.contacts import ApiClient, Configuration
from urllib3 import Timeout
from urllib3.util.retry import Retry

from syncd.adapters.hubspot.connection import HubSpotConnection
from syncd.adapters.transport.answer import Answer
from syncd.adapters.transport.overlap import LANES
from syncd.adapters.transport.session import require_safe

_USER_AGENT = "syncd (hubspot-api-client-python)"
_BEARER = ("oauth2",)


class Wire(ApiClient):  # type: ignore[misc]  # the SDK ships no types
    """The SDK's client, handing on every answer as it came, whatever its status."""

    def __init__(self, connection: HubSpotConnection) -> None:
        """ConfigError when the base URL would carry the token in the clear."""
        require_safe(connection.base_url)
        super().__init__(configuration=_configuration(connection))
        self.user_agent = _USER_AGENT
        self.set_default_header("Accept", "application/json")
        self.set_default_header("Accept-Encoding", "gzip")
        timeouts = connection.timeouts
        self._timeout = Timeout(connect=timeouts.connect, read=timeouts.read)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Exactly one request. Raises whatever the network below the SDK raises."""
        answer: Answer = self.call_api(
            path,
            method,
            query_params=list((query or {}).items()),
            body=body,
            auth_settings=_BEARER,
            _preload_content=False,
        )
        return answer

    def sanitize_for_serialization(self, obj: Any) -> Any:
        """As it is: what we send is JSON already, and looking for the SDK's models in it costs
        more than everything else about a batch."""
        return obj

    def request(self, method: str, url: str, **options: Any) -> Answer:
        """Into the SDK's own pool. The layer it has in between encodes at ten times the price,
        and makes errors of bad statuses, whose bodies it takes for UTF-8 even where they are not.
        """
        body = options["body"]
        response = self.rest_client.pool_manager.request(
            method,
            url,
            fields=options["query_params"] or None,
            body=None if body is None else orjson.dumps(body),
            headers={"Content-Type": "application/json", **options["headers"]},
            timeout=self._timeout,
        )
        return Answer(
            status=response.status, headers=dict(response.headers.items()), body=response.data
        )


def _configuration(connection: HubSpotConnection) -> Any:
    configuration = Configuration(host=connection.base_url.rstrip("/"))
    configuration.access_token = connection.access_token
    configuration.connection_pool_maxsize = LANES
    configuration.retries = Retry(
        0, redirect=0, raise_on_redirect=False, respect_retry_after_header=False
    )
    return configuration
