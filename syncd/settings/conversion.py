"""Which field of the Contact carries on for a Lead's field when the lead is converted.

Salesforce's own mapping of standard fields; the rest is said in crm.yaml (`contact:`),
for an org's admin maps custom fields as they like.
"""

from collections.abc import Mapping

CONVERTED_KIND = "Contact"
CONVERTED_PATH = "ConvertedContact"
"""The relationship by which a Lead's row shows its Contact."""

STANDARD: Mapping[str, str] = {
    **{
        name: name
        for name in (
            "Salutation",
            "FirstName",
            "LastName",
            "Title",
            "Email",
            "Phone",
            "MobilePhone",
            "Fax",
            "Description",
            "LeadSource",
            "OwnerId",
        )
    },
    **{
        name: f"Mailing{name}"
        for name in ("Street", "City", "State", "PostalCode", "Country", "StateCode", "CountryCode")
    },
    "Company": "Account.Name",
    "NumberOfEmployees": "Account.NumberOfEmployees",
    "AnnualRevenue": "Account.AnnualRevenue",
    "Industry": "Account.Industry",
    "Website": "Account.Website",
}
"""Lead field to Contact field; a dotted one belongs to the account and is read only."""
