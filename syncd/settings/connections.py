"""Where the services are, once configuration is known to be sound. Values only, no secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class SalesforceAuth(StrEnum):
    """How syncd signs in to Salesforce."""

    CLIENT_CREDENTIALS = "client-credentials"
    JWT = "jwt"


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesforceConnection:
    """`domain` is the login host without `.salesforce.com`; `base_url` a stand-in that takes
    every request instead, or None."""

    domain: str
    auth: SalesforceAuth
    base_url: str | None
    api_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HubspotConnection:
    """`app_id` is the id of syncd's own writes in HubSpot's history, where known."""

    base_url: str
    portal_id: str
    app_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackConnection:
    """`channels` maps the names policy uses to Slack's channel names or ids."""

    base_url: str
    channels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    salesforce: SalesforceConnection
    hubspot: HubspotConnection
    slack: SlackConnection
