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
from syncd.settings.durations import ElapsedTime, PositiveTime
from syncd.settings.part import Part
from syncd.settings.scalars import (
    Address,
    CanonicalName,
    Flag,
    HubspotName,
    SalesforceName,
    Share,
    Text,
    VendorValue,
)


class StageLinePart(Part):
    """One way a CRM spells a stage. Lines are tried in order; the first that fits wins."""

    stage: Stage = Field(description="The stage.", examples=["sql"])
    values: dict[Text, VendorValue] = Field(
        min_length=1,
        description=(
            'Properties and the values that tell this stage; "" means empty. A property that '
            "is not named may hold anything. Writing the stage writes all of them."
        ),
        examples=[{"Status": "Sales Qualified"}],
    )
    read_only: Flag = Field(
        default=False,
        description="The CRM alone can cause this (a conversion, a won deal).",
        examples=[True],
    )


class SalesforceSidePart(Part):
    """What a Salesforce lead looks like."""

    email: SalesforceName = Field(
        default="Email", description="The field matched by.", examples=["Email"]
    )
    extra_emails: SalesforceName | None = Field(
        default=None,
        description="A field with further addresses, separated by semicolons.",
        examples=["Other_Emails__c"],
    )
    external_id: SalesforceName | None = Field(
        default=None,
        description="A unique text field that keeps syncd's own id.",
        examples=["Syncd_Id__c"],
    )
    other_id: SalesforceName | None = Field(
        default=None,
        description="The field in which the native connector keeps the HubSpot id.",
        examples=["HubSpot_Contact_Id__c"],
    )
    fixed_when: dict[SalesforceName, Text] = Field(
        default={},
        description="Fields that, when set, forbid moving the stage back, and why in words.",
        examples=[{"IsConverted": "the lead is converted"}],
    )
    record_url: Text | None = Field(
        default=None,
        description="A record's web address, with {id}. Left out: made from the domain.",
        examples=["https://example.lightning.force.com/lightning/r/Lead/{id}/view"],
    )
    overlap: ElapsedTime = Field(
        default="2 minutes",
        validate_default=True,
        description="How far each read reaches back, for changes that become visible late.",
        examples=["2 minutes"],
    )
    owners: dict[Text, Text] = Field(
        default={},
        description=(
            "People whose address here is not the one they have in the other CRM: the address "
            "here, and the one they are known by."
        ),
        examples=[{"kim.rep@old.example.com": "kim@example.com"}],
    )
    api_share: Share = Field(
        default="30%",
        validate_default=True,
        description="The share of Salesforce's daily API calls that syncd may use.",
        examples=["30%"],
    )
    stages: tuple[StageLinePart, ...] = Field(
        min_length=1,
        description="How Salesforce spells each stage.",
        examples=[[{"stage": "sql", "values": {"Status": "Sales Qualified"}}]],
    )


class HubspotSidePart(Part):
    """What a HubSpot contact looks like."""

    email: HubspotName = Field(
        default="email", description="The property matched by.", examples=["email"]
    )
    extra_emails: HubspotName | None = Field(
        default="hs_additional_emails",
        description="A property with further addresses, separated by semicolons.",
        examples=["hs_additional_emails"],
    )
    external_id: HubspotName | None = Field(
        default=None, description="A property that keeps syncd's own id.", examples=["syncd_id"]
    )
    other_id: HubspotName | None = Field(
        default=None,
        description="The property in which the native connector keeps the Salesforce id.",
        examples=["salesforceleadid"],
    )
    fixed_when: dict[HubspotName, Text] = Field(
        default={},
        description="Properties that, when set, forbid moving the stage back, and why in words.",
        examples=[{"num_associated_deals": "the contact has a deal"}],
    )
    record_url: Text | None = Field(
        default=None,
        description="A record's web address, with {id}. Left out: made from portal_id.",
        examples=["https://app-eu1.hubspot.com/contacts/12345678/record/0-1/{id}"],
    )
    overlap: ElapsedTime = Field(
        default="2 minutes",
        validate_default=True,
        description="How far each read reaches back: the search index lags behind.",
        examples=["2 minutes"],
    )
    owners: dict[Text, Text] = Field(
        default={},
        description=(
            "People whose address here is not the one they have in the other CRM: the address "
            "here, and the one they are known by."
        ),
        examples=[{"kim.rep@old.example.com": "kim@example.com"}],
    )
    api_share: Share = Field(
        default="30%",
        validate_default=True,
        description="The share of HubSpot's daily API calls that syncd may use.",
        examples=["30%"],
    )
    stages: tuple[StageLinePart, ...] = Field(
        min_length=1,
        description="How HubSpot spells each stage.",
        examples=[[{"stage": "sql", "values": {"lifecyclestage": "salesqualifiedlead"}}]],
    )


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


class StorePart(Part):
    """Where syncd keeps what it knows."""

    path: Text = Field(
        default="syncd.db",
        description=(
            "The SQLite file. A relative path lies in $STATE_DIRECTORY (systemd sets it), else "
            "in the working directory."
        ),
        examples=["syncd.db"],
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
