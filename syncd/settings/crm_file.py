"""The shape of config/crm.yaml: how to reach both CRMs and Slack, and how they spell things.

Shape, words and examples only; `crm_build` makes the domain's CrmMap of it. Holds no
secret: those come from the environment (`secrets`).
"""

from pydantic import Field

from syncd.domain.mapping import Mark
from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.domain.values import ConflictRule, Direction, FieldType
from syncd.settings.connection_file import ConnectionsPart
from syncd.settings.dashboard_file import DashboardPart
from syncd.settings.durations import PositiveTime
from syncd.settings.part import Part
from syncd.settings.scalars import (
    Address,
    CanonicalName,
    Flag,
    HubspotName,
    SalesforceName,
    Text,
)
from syncd.settings.side_file import HubspotSidePart, SalesforceSidePart
from syncd.settings.store_file import StorePart


class OptionPart(Part):
    """One picklist value as each CRM spells it."""

    salesforce: Text | None = Field(
        default=None, description="Salesforce's spelling.", examples=["Decision maker"]
    )
    hubspot: Text | None = Field(
        default=None, description="HubSpot's internal value.", examples=["decision_maker"]
    )


class FieldPart(Part):
    """One field of a lead."""

    type: FieldType = Field(description="What it holds.", examples=["integer"])
    salesforce: SalesforceName | None = Field(
        default=None,
        description="The Salesforce field; a dotted path is read only.",
        examples=["NumberOfEmployees"],
    )
    contact: SalesforceName | None = Field(
        default=None,
        description=(
            "The Contact's field once a lead is converted; a dotted path is read only. Left out: "
            "where Salesforce itself puts a standard field. A custom field without it is "
            "followed no more."
        ),
        examples=["Account.NumberOfEmployees"],
    )
    hubspot: HubspotName | None = Field(
        default=None, description="The HubSpot property.", examples=["employees"]
    )
    direction: Direction = Field(
        default=Direction.NONE,
        description="Which way a change travels; `none` only reads the field.",
        examples=["both"],
    )
    conflict: ConflictRule = Field(
        default=ConflictRule.ASK,
        description="Who wins when both sides changed it differently.",
        examples=["latest"],
    )
    clears: Flag = Field(
        default=False, description="Whether an emptied value empties the other.", examples=[False]
    )
    options: dict[Text, OptionPart] = Field(
        default={},
        description="A picklist's values by canonical name, as each CRM spells them.",
        examples=[{"champion": {"salesforce": "Champion", "hubspot": "champion"}}],
    )


class MarkPart(Part):
    """A field only syncd writes."""

    salesforce: SalesforceName | None = Field(
        default=None, description="The Salesforce field.", examples=["Syncd_Verdict__c"]
    )
    contact: SalesforceName | None = Field(
        default=None,
        description="The Contact's field, for converted leads. Left out: not written there.",
        examples=["Syncd_Verdict__c"],
    )
    hubspot: HubspotName | None = Field(
        default=None, description="The HubSpot property.", examples=["syncd_verdict"]
    )


class ShownPart(Part):
    """Which fields people know a lead by."""

    name: tuple[CanonicalName, ...] = Field(
        default=(), description="The person's name.", examples=[["first_name", "last_name"]]
    )
    company: CanonicalName | None = Field(
        default=None, description="The company.", examples=["company"]
    )
    source: CanonicalName | None = Field(
        default=None, description="Where the lead came from.", examples=["source"]
    )


class WebPart(Part):
    """Where /healthz, /readyz and /metrics answer."""

    address: Address = Field(
        default="127.0.0.1:8321",
        description="Host and port to listen on.",
        examples=["127.0.0.1:8321"],
    )


class CrmFile(Part):
    """How to reach both CRMs and Slack, and how each spells stages and fields."""

    connections: ConnectionsPart = Field(
        description="Where the services are.",
        examples=[
            {
                "salesforce": {"domain": "example.my"},
                "hubspot": {"portal_id": 12345678},
                "slack": {"channels": {"revops": "#revops"}},
            }
        ],
    )
    poll_every: PositiveTime = Field(
        default="20s",
        validate_default=True,
        description="How often both CRMs are asked for changes.",
        examples=["20s"],
    )
    reconcile_every: PositiveTime = Field(
        default="1 day",
        validate_default=True,
        description="How often every linked lead is read again, whatever polling has shown.",
        examples=["1 day"],
    )
    create_in: dict[System, Stage] = Field(
        default={},
        description=(
            "The CRMs in which a lead's missing record is made, and the stage from which on. "
            "Left out: no record is ever made."
        ),
        examples=[{"salesforce": "mql"}],
    )
    propose_by: tuple[CanonicalName, ...] = Field(
        default=(),
        description="Fields that, all alike, propose that two leads are one: `syncd links`.",
        examples=[["company", "phone"]],
    )
    salesforce: SalesforceSidePart = Field(
        description="Leads in Salesforce.",
        examples=[{"stages": [{"stage": "sql", "values": {"Status": "Sales Qualified"}}]}],
    )
    hubspot: HubspotSidePart = Field(
        description="Leads in HubSpot.",
        examples=[
            {"stages": [{"stage": "sql", "values": {"lifecyclestage": "salesqualifiedlead"}}]}
        ],
    )
    fields: dict[CanonicalName, FieldPart] = Field(
        description="The field map, by the names standard.yaml uses. `owner` must be there.",
        examples=[
            {"owner": {"type": "owner", "salesforce": "OwnerId", "hubspot": "hubspot_owner_id"}}
        ],
    )
    marks: dict[Mark, MarkPart] = Field(
        default={},
        description="The fields in which syncd explains itself; one left out is not written.",
        examples=[{"verdict": {"salesforce": "Syncd_Verdict__c", "hubspot": "syncd_verdict"}}],
    )
    shown: ShownPart = Field(
        default={},
        validate_default=True,
        description="Which fields people know a lead by, in messages.",
        examples=[{"name": ["first_name", "last_name"], "company": "company"}],
    )
    store: StorePart = Field(
        default={},
        validate_default=True,
        description="The store.",
        examples=[{"path": "syncd.db"}],
    )
    web: WebPart = Field(
        default={},
        validate_default=True,
        description="The health and metrics address.",
        examples=[{"address": "127.0.0.1:8321"}],
    )
    dashboard: DashboardPart = Field(
        default={},
        validate_default=True,
        description="Where the dashboard is served, and for whom.",
        examples=[{"address": "127.0.0.1:8322"}],
    )
