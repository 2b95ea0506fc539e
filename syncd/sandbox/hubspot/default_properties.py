"""The properties a fresh portal has: HubSpot's own, and the custom ones of the example set-up.

Only data. A portal may add to these, change them and take them away.
"""

from dataclasses import replace

from syncd.sandbox.hubspot.kinds import (
    CALL,
    COMPANY,
    CONTACT,
    DEAL,
    EMAIL,
    ENGAGEMENTS,
    LEAD,
    MEETING,
    NOTE,
    TASK,
    Kind,
)
from syncd.sandbox.hubspot.properties import Option, Property

LIFECYCLE = (
    ("subscriber", "Subscriber"),
    ("lead", "Lead"),
    ("marketingqualifiedlead", "Marketing Qualified Lead"),
    ("salesqualifiedlead", "Sales Qualified Lead"),
    ("opportunity", "Opportunity"),
    ("customer", "Customer"),
    ("evangelist", "Evangelist"),
    ("other", "Other"),
)
_LEAD_STATUS = (
    ("NEW", "New"),
    ("OPEN", "Open"),
    ("IN_PROGRESS", "In Progress"),
    ("OPEN_DEAL", "Open Deal"),
    ("UNQUALIFIED", "Unqualified"),
    ("ATTEMPTED_TO_CONTACT", "Attempted to Contact"),
    ("CONNECTED", "Connected"),
    ("BAD_TIMING", "Bad Timing"),
)
_SOURCES = (
    ("ORGANIC_SEARCH", "Organic Search"),
    ("PAID_SEARCH", "Paid Search"),
    ("EMAIL_MARKETING", "Email Marketing"),
    ("SOCIAL_MEDIA", "Organic Social"),
    ("REFERRALS", "Referrals"),
    ("OTHER_CAMPAIGNS", "Other Campaigns"),
    ("DIRECT_TRAFFIC", "Direct Traffic"),
    ("OFFLINE", "Offline Sources"),
    ("PAID_SOCIAL", "Paid Social"),
)
_BUYING_ROLES = (
    ("decision_maker", "Decision maker"),
    ("champion", "Champion"),
    ("influencer", "Influencer"),
    ("user", "User"),
)
_YES_NO = (("true", "Yes"), ("false", "No"))
_TASK_STATUS = (
    ("NOT_STARTED", "Not started"),
    ("WAITING", "Waiting"),
    ("IN_PROGRESS", "In progress"),
    ("COMPLETED", "Completed"),
    ("DEFERRED", "Deferred"),
)


def defaults_of(kind: Kind) -> dict[str, Property]:
    """The definitions of a fresh portal for one kind of object, by name."""
    definitions = [*_common(kind), *_OWN.get(kind.name, ())]
    if kind in ENGAGEMENTS:
        definitions += _ENGAGEMENT
    return {definition.name: definition for definition in definitions}


def _options(pairs: tuple[tuple[str, str], ...]) -> tuple[Option, ...]:
    return tuple(
        Option(value=value, label=label, display_order=order)
        for order, (value, label) in enumerate(pairs)
    )


def _standard(name: str, label: str, kind: str = "string", field_type: str = "text") -> Property:
    return Property(name=name, label=label, type=kind, field_type=field_type, hubspot_defined=True)


def _choice(name: str, label: str, pairs: tuple[tuple[str, str], ...]) -> Property:
    return Property(
        name=name,
        label=label,
        type="enumeration",
        field_type="select",
        options=_options(pairs),
        hubspot_defined=True,
    )


def _computed(name: str, label: str, kind: str = "string", *, hidden: bool = False) -> Property:
    return Property(
        name=name,
        label=label,
        type=kind,
        field_type="date" if kind == "datetime" else "text",
        read_only=True,
        hidden=hidden,
        form_field=False,
        hubspot_defined=True,
    )


def _custom(
    name: str,
    label: str,
    kind: str = "string",
    field_type: str = "text",
    pairs: tuple[tuple[str, str], ...] = (),
) -> Property:
    return Property(
        name=name, label=label, type=kind, field_type=field_type, options=_options(pairs)
    )


def _owner() -> Property:
    return Property(
        name="hubspot_owner_id",
        label="Owner",
        type="enumeration",
        field_type="select",
        external_options=True,
        hubspot_defined=True,
    )


def _common(kind: Kind) -> list[Property]:
    return [
        _computed(kind.created, "Create Date", "datetime"),
        _computed(kind.modified, "Last Modified Date", "datetime"),
        _computed("hs_object_id", "Record ID", "number"),
        _computed("hs_merged_object_ids", "Merged record IDs"),
        _computed("hs_object_source", "Record creation source", hidden=True),
        _computed("hs_object_source_id", "Record creation source ID", hidden=True),
        _computed("hs_object_source_label", "Record source"),
        _computed("hubspot_owner_assigneddate", "Owner Assigned Date", "datetime"),
        _owner(),
    ]


def _became(stage: str, label: str) -> Property:
    return _computed(f"hs_lifecyclestage_{stage}_date", f"Became a {label} Date", "datetime")


_CONTACT = (
    _standard("email", "Email"),
    _standard("firstname", "First Name"),
    _standard("lastname", "Last Name"),
    _standard("company", "Company Name"),
    _standard("jobtitle", "Job Title"),
    _standard("phone", "Phone Number", "string", "phonenumber"),
    _standard("mobilephone", "Mobile Phone Number", "string", "phonenumber"),
    _standard("website", "Website URL"),
    _standard("country", "Country/Region"),
    _standard("hs_additional_emails", "Additional email addresses"),
    Property(
        name="lifecyclestage",
        label="Lifecycle Stage",
        type="enumeration",
        field_type="radio",
        options=_options(LIFECYCLE),
        hubspot_defined=True,
    ),
    _choice("hs_lead_status", "Lead Status", _LEAD_STATUS),
    _choice("hs_analytics_source", "Original Traffic Source", _SOURCES),
    *(_became(stage, label) for stage, label in LIFECYCLE),
    _computed("num_associated_deals", "Number of Associated Deals", "number"),
    _computed("notes_last_contacted", "Last Contacted", "datetime"),
    _computed("notes_last_updated", "Last Activity Date", "datetime"),
    _computed("num_notes", "Number of Sales Activities", "number"),
    _computed("num_contacted_notes", "Number of times contacted", "number"),
    _computed("hs_first_outreach_date", "First outreach date", "datetime", hidden=True),
    _computed("hs_sa_first_engagement_date", "First engagement date", "datetime"),
    _computed("hs_sa_first_engagement_object_type", "First engagement type"),
    _computed("hs_is_unworked", "Contact unworked", "string", hidden=True),
    _computed("hs_is_contact", "Is a contact", "string", hidden=True),
    _computed("hs_email_domain", "Email Domain"),
    _computed("hs_full_name_or_email", "Full name or email", hidden=True),
    _computed("hs_all_contact_vids", "Merged record IDs (all)", hidden=True),
    _computed("hs_pipeline", "Pipeline", hidden=True),
    _computed("hs_lastmodifieddate", "Object last modified", "datetime", hidden=True),
    # The native connector's own; a portal without it does not have them.
    _standard("salesforceleadid", "Salesforce Lead ID"),
    _standard("salesforcecontactid", "Salesforce Contact ID"),
    _custom("utm_campaign", "UTM campaign"),
    _custom("employees", "Employees", "number", "number"),
    _custom("budget_confirmed", "Budget confirmed", "enumeration", "booleancheckbox", _YES_NO),
    _custom("budget_amount", "Budget amount", "number", "number"),
    _custom("buying_role", "Buying role", "enumeration", "select", _BUYING_ROLES),
    _custom("need", "Need"),
    _custom("purchase_timeline", "Purchase timeline", "date", "date"),
    _custom("demo_attended_on", "Demo attended on", "date", "date"),
    _custom("last_engaged_at", "Last engaged at", "datetime", "date"),
    replace(_custom("syncd_id", "syncd id"), unique=True),
    _custom("syncd_verdict", "syncd verdict"),
    _custom("syncd_findings", "syncd findings", "string", "textarea"),
    _custom("syncd_standard", "syncd standard"),
    _custom("syncd_recycles", "syncd recycles", "number", "number"),
    _custom("syncd_recycle_reason", "syncd recycle reason"),
)
_COMPANY = (
    _standard("name", "Company name"),
    _standard("domain", "Company Domain Name"),
    _standard("numberofemployees", "Number of Employees", "number", "number"),
    _standard("industry", "Industry"),
    _standard("country", "Country/Region"),
    Property(
        name="lifecyclestage",
        label="Lifecycle Stage",
        type="enumeration",
        field_type="radio",
        options=_options(LIFECYCLE),
        hubspot_defined=True,
    ),
)
_DEAL = (
    _standard("dealname", "Deal Name"),
    _standard("amount", "Amount", "number", "number"),
    _standard("amount_in_home_currency", "Amount in company currency", "number", "number"),
    _standard("closedate", "Close Date", "datetime", "date"),
    Property(
        name="pipeline",
        label="Pipeline",
        type="enumeration",
        field_type="select",
        external_options=True,
        hubspot_defined=True,
        form_field=False,
    ),
    Property(
        name="dealstage",
        label="Deal Stage",
        type="enumeration",
        field_type="radio",
        external_options=True,
        hubspot_defined=True,
        form_field=False,
    ),
    _standard("closed_lost_reason", "Closed Lost Reason", "string", "textarea"),
    _computed("hs_is_closed", "Is Deal Closed?"),
    _computed("hs_is_closed_won", "Is Closed Won"),
    _computed("hs_is_closed_lost", "Is Closed Lost"),
)
_LEAD = (
    _standard("hs_lead_name", "Lead Name"),
    _standard("hs_lead_type", "Lead Type"),
    _standard("hs_lead_label", "Lead Label"),
    _standard("hs_pipeline", "Lead Pipeline"),
    _standard("hs_pipeline_stage", "Lead Stage"),
)
_ENGAGEMENT = (
    _standard("hs_timestamp", "Activity date", "datetime", "date"),
    _computed("hs_created_by_user_id", "Created by user id", "number"),
)
_NOTE = (_standard("hs_note_body", "Note body", "string", "html"),)
_TASK = (
    _standard("hs_task_subject", "Task title"),
    _standard("hs_task_body", "Task notes", "string", "html"),
    _choice("hs_task_status", "Task status", _TASK_STATUS),
    _computed("hs_task_completion_date", "Completed at", "datetime"),
    _standard("hs_task_priority", "Priority"),
    _standard("hs_task_type", "Task type"),
)
_CALL = (
    _standard("hs_call_title", "Call title"),
    _standard("hs_call_body", "Call notes", "string", "html"),
    _standard("hs_call_direction", "Call direction"),
    _standard("hs_call_disposition", "Call outcome"),
    _standard("hs_call_status", "Call status"),
    _standard("hs_call_duration", "Call duration", "number", "number"),
)
_MEETING = (
    _standard("hs_meeting_title", "Meeting name"),
    _standard("hs_meeting_body", "Meeting description", "string", "html"),
    _standard("hs_meeting_outcome", "Meeting outcome"),
    _standard("hs_meeting_start_time", "Meeting start time", "datetime", "date"),
    _standard("hs_meeting_end_time", "Meeting end time", "datetime", "date"),
)
_EMAIL = (
    _standard("hs_email_subject", "Email subject"),
    _standard("hs_email_text", "Email body", "string", "textarea"),
    _standard("hs_email_direction", "Email direction"),
    _standard("hs_email_status", "Email send status"),
    _standard("hs_email_from_email", "Email from address"),
    _standard("hs_sequence_id", "Sequence id"),
)
_OWN: dict[str, tuple[Property, ...]] = {
    CONTACT.name: _CONTACT,
    COMPANY.name: _COMPANY,
    DEAL.name: _DEAL,
    LEAD.name: _LEAD,
    NOTE.name: _NOTE,
    TASK.name: _TASK,
    CALL.name: _CALL,
    MEETING.name: _MEETING,
    EMAIL.name: _EMAIL,
}
