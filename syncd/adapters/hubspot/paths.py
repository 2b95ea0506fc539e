"""Every HubSpot URL, in one place: the vendor retires these paths in 2027.

The dated successors are `/crm/objects/2026-09/...`, `/crm/associations/2026-09/...`
and so on; whoever moves there changes this file.
"""

CONTACTS = "/crm/v3/objects/contacts"
CONTACTS_SEARCH = "/crm/v3/objects/contacts/search"
CONTACTS_READ = "/crm/v3/objects/contacts/batch/read"
CONTACTS_UPDATE = "/crm/v3/objects/contacts/batch/update"
CONTACTS_UPSERT = "/crm/v3/objects/contacts/batch/upsert"
CONTACT_PROPERTIES = "/crm/v3/properties/contacts"
CONTACT_PROPERTY = "/crm/v3/properties/contacts/{name}"
CONTACT_PROPERTIES_CREATE = "/crm/v3/properties/contacts/batch/create"
CONTACT_GROUPS = "/crm/v3/properties/contacts/groups"
CONTACT_GROUP = "/crm/v3/properties/contacts/groups/{name}"

NOTES_CREATE = "/crm/v3/objects/notes/batch/create"

LISTS = "/crm/v3/lists"
LIST_OF_CONTACTS = "/crm/v3/lists/object-type-id/0-1/name/{name}"
LIST = "/crm/v3/lists/{list_id}"
LIST_MEMBERS = "/crm/v3/lists/{list_id}/memberships/add-and-remove"

FLOWS = "/automation/v4/flows"
FLOWS_READ = "/automation/v4/flows/batch/read"

OWNERS = "/crm/v3/owners/"
ACCOUNT = "/account-info/v3/details"
TOKEN_INFO = "/oauth/v2/private-apps/get/access-token-info"  # noqa: S105 - a path, no token


def read_of(plural: str) -> str:
    """Objects of this kind by id."""
    return f"/crm/v3/objects/{plural}/batch/read"


def of_contacts(plural: str) -> str:
    """The ids of the objects of this kind that are associated with contacts."""
    return f"/crm/v4/associations/contacts/{plural}/batch/read"
