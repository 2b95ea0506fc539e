"""The shape of `connections` in config/crm.yaml: where the two CRMs and Slack are.

Shape, words and examples only. Holds no secret: those come from the environment.
"""

from pydantic import Field

from syncd.settings.connections import SalesforceAuth
from syncd.settings.part import Part
from syncd.settings.scalars import ApiVersion, CanonicalName, Digits, SalesforceDomain, Text
from syncd.settings.urls import BaseUrl


class SalesforceConnectionPart(Part):
    """How to reach the Salesforce org. Its secrets come from the environment."""

    domain: SalesforceDomain = Field(
        description=(
            "The org's My Domain (Setup > My Domain) without `.salesforce.com`. With `jwt` also "
            "`login`, or `test` for a sandbox."
        ),
        examples=["example.my"],
    )
    auth: SalesforceAuth = Field(
        default=SalesforceAuth.CLIENT_CREDENTIALS,
        description="How syncd signs in: `client-credentials` or `jwt`.",
        examples=["client-credentials"],
    )
    base_url: BaseUrl | None = Field(
        default=None,
        description="A stand-in that takes Salesforce's place. Leave it out for the real one.",
        examples=["http://127.0.0.1:8101"],
    )
    api_version: ApiVersion = Field(
        default="62.0", description="REST API version.", examples=["62.0"]
    )


class HubspotConnectionPart(Part):
    """How to reach the HubSpot portal. Its token comes from the environment."""

    base_url: BaseUrl = Field(
        default="https://api.hubapi.com",
        description="HubSpot's API.",
        examples=["https://api.hubapi.com"],
    )
    portal_id: Digits = Field(
        description="The account's Hub ID, for links to records.", examples=[12345678]
    )
    app_id: Digits | None = Field(
        default=None,
        description=(
            "The id under which HubSpot's history lists syncd's own writes. A private app's is "
            "found by itself; a service key's must be given."
        ),
        examples=[1234567],
    )


class SlackConnectionPart(Part):
    """How to reach Slack. Its token or webhook comes from the environment."""

    base_url: BaseUrl = Field(
        default="https://slack.com/api",
        description="Slack's API.",
        examples=["https://slack.com/api"],
    )
    channels: dict[CanonicalName, Text] = Field(
        description="Channels by the name policy.yaml uses; ids survive a renaming.",
        examples=[{"revops": "#revops", "sales": "C0123456789"}],
        min_length=1,
    )


class ConnectionsPart(Part):
    """Where the three services are. Any stand-in on this machine may take a vendor's place."""

    salesforce: SalesforceConnectionPart = Field(
        description="The Salesforce org.",
        examples=[{"domain": "example.my"}],
    )
    hubspot: HubspotConnectionPart = Field(
        description="The HubSpot portal.", examples=[{"portal_id": 12345678}]
    )
    slack: SlackConnectionPart = Field(
        description="The Slack workspace.", examples=[{"channels": {"revops": "#revops"}}]
    )
