"""The shape of one CRM's side of config/crm.yaml: how records and stages look there.

Shape, words and examples only; `crm_build` and `stage_lines` make the domain's objects of it.
"""

from pydantic import Field

from syncd.domain.stage import Stage
from syncd.settings.durations import ElapsedTime
from syncd.settings.part import Part
from syncd.settings.scalars import (
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


class AnySidePart(Part):
    """What both CRMs are asked alike."""

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
        description="The share of the CRM's daily API calls that syncd may use.",
        examples=["30%"],
    )


class SalesforceSidePart(AnySidePart):
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
    lost_reason: SalesforceName | None = Field(
        default=None,
        description=(
            "The field of an opportunity that tells why it was lost, for reports. Salesforce has "
            "none of its own."
        ),
        examples=["Loss_Reason__c"],
    )
    stages: tuple[StageLinePart, ...] = Field(
        min_length=1,
        description="How Salesforce spells each stage.",
        examples=[[{"stage": "sql", "values": {"Status": "Sales Qualified"}}]],
    )


class HubspotSidePart(AnySidePart):
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
    lost_reason: HubspotName | None = Field(
        default="closed_lost_reason",
        description="The property of a deal that tells why it was lost, for reports.",
        examples=["closed_lost_reason"],
    )
    stages: tuple[StageLinePart, ...] = Field(
        min_length=1,
        description="How HubSpot spells each stage.",
        examples=[[{"stage": "sql", "values": {"lifecyclestage": "salesqualifiedlead"}}]],
    )
