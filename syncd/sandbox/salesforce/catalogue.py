"""The objects a fresh sandbox org has, standard fields first, then those made for syncd.

Lengths and flags follow the recorded describe of Lead (v59); everything is
ordinary data of the org and may be changed by tests.
"""

from dataclasses import replace

from syncd.sandbox.salesforce.fields import (
    choice,
    derived,
    derived_link,
    flag,
    kind,
    link,
    owner,
    text,
)
from syncd.sandbox.salesforce.schema import Field, ObjectType, Type, fields_by_name

LEAD_STATUSES = (
    "Open",
    "Marketing Qualified",
    "Working",
    "Sales Qualified",
    "Nurture",
    "Disqualified",
    "Converted",
)
CONVERTED_STATUSES = frozenset({"Converted"})
STAGES = ("Prospecting", "Qualification", "Proposal", "Negotiation", "Closed Won", "Closed Lost")
SOURCES = (
    "Web",
    "Demo Request",
    "Phone Inquiry",
    "Partner Referral",
    "Purchased List",
    "Event",
    "Other",
)
TASK_STATUSES = ("Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred")
TASK_SUBTYPES = ("Task", "Email", "ListEmail", "Cadence", "Call", "LinkedIn")
INDUSTRIES = ("Banking", "Education", "Energy", "Healthcare", "Manufacturing", "Technology")
ROLES = ("Decision maker", "Champion", "Influencer", "User")


SYSTEM = (
    derived("Id", "Record ID", Type.ID, 18),
    derived("IsDeleted", "Deleted", Type.BOOLEAN),
    derived("CreatedDate", "Created Date", Type.DATETIME),
    derived_link("CreatedById", "Created By ID", "User"),
    derived("LastModifiedDate", "Last Modified Date", Type.DATETIME),
    derived_link("LastModifiedById", "Last Modified By ID", "User"),
    derived("SystemModstamp", "System Modstamp", Type.DATETIME),
)

PERSON = (
    text("LastName", "Last Name", 80, required=True),
    text("FirstName", "First Name", 40),
    derived("Name", "Full Name", Type.STRING, 121),
    text("Title", "Title", 128),
    kind("Phone", "Phone", Type.PHONE, 40),
    kind("Email", "Email", Type.EMAIL, 80),
    kind("Description", "Description", Type.TEXTAREA, 32_000),
    choice("LeadSource", "Lead Source", SOURCES),
    derived("LastActivityDate", "Last Activity", Type.DATE),
)

SYNCD = (
    flag("Budget_Confirmed__c", "Budget Confirmed"),
    kind("Budget_Amount__c", "Budget Amount", Type.CURRENCY),
    choice("Buying_Role__c", "Buying Role", ROLES, strict=True),
    text("Need__c", "Need"),
    kind("Purchase_Timeline__c", "Purchase Timeline", Type.DATE),
    kind("Demo_Attended_On__c", "Demo Attended On", Type.DATE),
    kind("Last_Engaged_At__c", "Last Engaged At", Type.DATETIME),
    Field(
        name="Syncd_Id__c",
        label="Syncd Id",
        type=Type.STRING,
        length=64,
        external_id=True,
        unique=True,
    ),
    text("Syncd_Verdict__c", "Syncd Verdict"),
    kind("Syncd_Findings__c", "Syncd Findings", Type.TEXTAREA, 32_000),
    text("Syncd_Standard__c", "Syncd Standard", 80),
    kind("Syncd_Recycles__c", "Syncd Recycles", Type.DOUBLE),
    text("Syncd_Recycle_Reason__c", "Syncd Recycle Reason"),
    text("Syncd_Waived__c", "Syncd Waived"),
    kind("Syncd_Waived_Until__c", "Syncd Waived Until", Type.DATETIME),
)

LEAD = (
    *SYSTEM,
    derived_link("MasterRecordId", "Master Record ID", "Lead"),
    *PERSON,
    text("Company", "Company", 255, required=True),
    text("City", "City", 40),
    text("State", "State/Province", 80),
    text("PostalCode", "Zip/Postal Code", 20),
    text("Country", "Country", 80),
    kind("MobilePhone", "Mobile Phone", Type.PHONE, 40),
    kind("Website", "Website", Type.URL, 255),
    choice("Status", "Status", LEAD_STATUSES, default="Open"),
    choice("Industry", "Industry", INDUSTRIES),
    choice("Rating", "Rating", ("Hot", "Warm", "Cold")),
    kind("AnnualRevenue", "Annual Revenue", Type.CURRENCY),
    kind("NumberOfEmployees", "Employees", Type.INT),
    owner("Group", "User"),
    derived("IsConverted", "Converted", Type.BOOLEAN),
    derived("ConvertedDate", "Converted Date", Type.DATE),
    derived_link("ConvertedAccountId", "Converted Account ID", "Account"),
    derived_link("ConvertedContactId", "Converted Contact ID", "Contact"),
    derived_link("ConvertedOpportunityId", "Converted Opportunity ID", "Opportunity"),
    *SYNCD,
)

CONTACT = (
    *SYSTEM,
    derived_link("MasterRecordId", "Master Record ID", "Contact"),
    link("AccountId", "Account ID", "Account"),
    *PERSON,
    text("Department", "Department", 80),
    kind("MobilePhone", "Mobile Phone", Type.PHONE, 40),
    text("MailingCountry", "Mailing Country", 80),
    owner("User"),
    *SYNCD,
)

ACCOUNT = (
    *SYSTEM,
    derived_link("MasterRecordId", "Master Record ID", "Account"),
    text("Name", "Account Name", 255, required=True),
    text("AccountNumber", "Account Number", 40),
    kind("Phone", "Account Phone", Type.PHONE, 40),
    kind("Website", "Website", Type.URL, 255),
    replace(choice("Industry", "Industry", INDUSTRIES), length=40),
    kind("NumberOfEmployees", "Employees", Type.INT),
    kind("AnnualRevenue", "Annual Revenue", Type.CURRENCY),
    text("BillingCountry", "Billing Country", 80),
    kind("BillingStreet", "Billing Street", Type.TEXTAREA, 255),
    kind("Description", "Account Description", Type.TEXTAREA, 32_000),
    owner("User"),
)

OPPORTUNITY = (
    *SYSTEM,
    link("AccountId", "Account ID", "Account"),
    link("ContactId", "Contact ID", "Contact"),
    text("Name", "Name", 120, required=True),
    Field(
        name="StageName",
        label="Stage",
        type=Type.PICKLIST,
        length=255,
        values=STAGES,
        nillable=False,
    ),
    kind("Amount", "Amount", Type.CURRENCY),
    Field(name="CloseDate", label="Close Date", type=Type.DATE, nillable=False),
    choice("LeadSource", "Lead Source", SOURCES),
    kind("Description", "Description", Type.TEXTAREA, 32_000),
    derived("IsClosed", "Closed", Type.BOOLEAN),
    derived("IsWon", "Won", Type.BOOLEAN),
    owner("User"),
)

ACTIVITY = (
    link("WhoId", "Name ID", "Contact", "Lead"),
    link("WhatId", "Related To ID", "Account", "Opportunity"),
    kind("Subject", "Subject", Type.COMBOBOX, 255),
    kind("ActivityDate", "Due Date Only", Type.DATE),
    kind("Description", "Description", Type.TEXTAREA, 32_000),
    derived("IsArchived", "Archived", Type.BOOLEAN),
)

TASK = (
    *SYSTEM,
    *ACTIVITY,
    choice("Status", "Status", TASK_STATUSES, default="Not Started"),
    choice("Priority", "Priority", ("High", "Normal", "Low"), default="Normal"),
    choice("Type", "Type", ("Call", "Email", "Meeting", "Other")),
    choice("TaskSubtype", "Task Subtype", TASK_SUBTYPES, default="Task", strict=True),
    text("CallDisposition", "Call Result"),
    choice("CallType", "Call Type", ("Internal", "Inbound", "Outbound"), strict=True),
    derived("IsClosed", "Closed", Type.BOOLEAN),
    derived("CompletedDateTime", "Completed Date/Time", Type.DATETIME),
    owner("Group", "User"),
)

EVENT = (
    *SYSTEM,
    *ACTIVITY,
    Field(name="ActivityDateTime", label="Due Date Time", type=Type.DATETIME, nillable=False),
    kind("StartDateTime", "Start Date Time", Type.DATETIME),
    kind("DurationInMinutes", "Duration", Type.INT),
    choice("Type", "Type", ("Call", "Email", "Meeting", "Other")),
    owner("User"),
)

EMAIL_MESSAGE = (
    *SYSTEM,
    link("ActivityId", "Activity ID", "Task"),
    link("RelatedToId", "Related To ID", "Account", "Opportunity"),
    text("Subject", "Subject", 3_000),
    kind("FromAddress", "From Address", Type.EMAIL, 1_000),
    kind("ToAddress", "To Address", Type.TEXTAREA, 4_000),
    flag("Incoming", "Is Incoming"),
    choice("Status", "Status", ("0", "1", "2", "3", "4", "5"), default="3", strict=True),
    kind("MessageDate", "Message Date", Type.DATETIME),
    flag("IsBounced", "Is Bounced"),
)

USER = (
    *SYSTEM,
    text("FirstName", "First Name", 40),
    text("LastName", "Last Name", 80, required=True),
    derived("Name", "Full Name", Type.STRING, 121),
    text("Username", "Username", 80, required=True),
    kind("Email", "Email", Type.EMAIL, 128),
    flag("IsActive", "Active"),
    derived("UserType", "User Type", Type.STRING, 40),
)

GROUP = (
    *SYSTEM,
    text("Name", "Name", 40, required=True),
    text("DeveloperName", "Developer Name", 80),
    choice("Type", "Type", ("Regular", "Queue", "Role"), strict=True),
    kind("Email", "Email", Type.EMAIL, 255),
)

PERMISSION_SET = (
    *SYSTEM,
    replace(text("Name", "Permission Set Name", 80, required=True), unique=True),
    text("Label", "Permission Set Label", 80, required=True),
    text("Description", "Description", 255),
)

FIELD_PERMISSIONS = (
    *SYSTEM,
    link("ParentId", "Parent ID", "PermissionSet", required=True),
    text("SobjectType", "Sobject Type Name", 40, required=True),
    text("Field", "Field Name", 255, required=True),
    flag("PermissionsRead", "Read Field"),
    flag("PermissionsEdit", "Edit Field"),
)

PERMISSION_SET_ASSIGNMENT = (
    *SYSTEM,
    link("PermissionSetId", "Permission Set ID", "PermissionSet", required=True),
    link("AssigneeId", "Assignee ID", "User", required=True),
)

CAMPAIGN = (
    *SYSTEM,
    text("Name", "Name", 80, required=True),
    flag("IsActive", "Active"),
    choice("Status", "Status", ("Planned", "In Progress", "Completed", "Aborted")),
    choice("Type", "Type", ("Email", "Webinar", "Conference", "Other")),
    owner("User"),
)

CAMPAIGN_MEMBER = (
    *SYSTEM,
    link("CampaignId", "Campaign ID", "Campaign", required=True),
    link("LeadId", "Lead ID", "Lead"),
    link("ContactId", "Contact ID", "Contact"),
    choice("Status", "Status", ("Sent", "Responded"), default="Sent"),
    derived("HasResponded", "Responded", Type.BOOLEAN),
)

LEAD_STATUS = (
    *SYSTEM,
    text("MasterLabel", "Master Label"),
    text("ApiName", "API Name"),
    kind("SortOrder", "Sort Order", Type.INT),
    flag("IsDefault", "Default"),
    flag("IsConverted", "Converted"),
)

ORGANIZATION = (
    *SYSTEM,
    text("Name", "Name", 80),
    text("OrganizationType", "Edition", 40),
    text("InstanceName", "Instance Name", 5),
    flag("IsSandbox", "Is Sandbox"),
)


def _history(parent: str, parent_field: str) -> tuple[Field, ...]:
    return (
        derived("Id", "History ID", Type.ID, 18),
        derived("IsDeleted", "Deleted", Type.BOOLEAN),
        derived_link(parent_field, f"{parent} ID", parent),
        derived_link("CreatedById", "Created By ID", "User"),
        derived("CreatedDate", "Created Date", Type.DATETIME),
        derived("Field", "Changed Field", Type.STRING, 255),
        derived("DataType", "Datatype", Type.STRING, 40),
        *(
            Field(
                name=name,
                label=label,
                type=Type.ANY,
                length=255,
                createable=False,
                updateable=False,
                filterable=False,
            )
            for name, label in (("OldValue", "Old Value"), ("NewValue", "New Value"))
        ),
    )


def object_types() -> tuple[ObjectType, ...]:
    """All objects of a fresh org."""
    plain = (
        ("Contact", "Contact", "003", CONTACT),
        ("Account", "Account", "001", ACCOUNT),
        ("Task", "Task", "00T", TASK),
        ("Event", "Event", "00U", EVENT),
        ("EmailMessage", "Email Message", "02s", EMAIL_MESSAGE),
        ("User", "User", "005", USER),
        ("Group", "Group", "00G", GROUP),
        ("Campaign", "Campaign", "701", CAMPAIGN),
        ("CampaignMember", "Campaign Member", "00v", CAMPAIGN_MEMBER),
        ("PermissionSet", "Permission Set", "0PS", PERMISSION_SET),
        ("FieldPermissions", "Field Permissions", "01k", FIELD_PERMISSIONS),
        (
            "PermissionSetAssignment",
            "Permission Set Assignment",
            "0Pa",
            PERMISSION_SET_ASSIGNMENT,
        ),
        ("LeadStatus", "Lead Status Value", "01J", LEAD_STATUS),
        ("Organization", "Organization", "00D", ORGANIZATION),
    )
    return (
        ObjectType(
            name="Lead",
            label="Lead",
            prefix="00Q",
            fields=fields_by_name(LEAD),
            history="LeadHistory",
            tracked=frozenset({"Status", "OwnerId"}),
        ),
        ObjectType(
            name="Opportunity",
            label="Opportunity",
            prefix="006",
            fields=fields_by_name(OPPORTUNITY),
            history="OpportunityFieldHistory",
            tracked=frozenset({"StageName"}),
        ),
        *(
            ObjectType(name=name, label=label, prefix=prefix, fields=fields_by_name(fields))
            for name, label, prefix, fields in plain
        ),
        _history_type("LeadHistory", "Lead", "017"),
        _history_type("OpportunityFieldHistory", "Opportunity", "018"),
    )


def _history_type(name: str, parent: str, prefix: str) -> ObjectType:
    return ObjectType(
        name=name,
        label=f"{parent} History",
        prefix=prefix,
        fields=fields_by_name(_history(parent, f"{parent}Id")),
        cursor="CreatedDate",
        writable=False,
    )
