"""Which org answers."""

from syncd.adapters.salesforce.api import Api, part_of
from syncd.core.ids import salesforce_id_18


def fetch_account(api: Api) -> str:
    """The organisation id. It is new after a sandbox refresh, and so are all record ids."""
    what = "Salesforce userinfo"
    told = str(
        part_of(api.get("/services/oauth2/userinfo", what=what).body, "organization_id", what)
    )
    return salesforce_id_18(told) or told
