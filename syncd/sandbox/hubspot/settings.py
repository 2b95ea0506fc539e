"""What an account's administrator, or a test, may set about a portal."""

from dataclasses import dataclass
from datetime import timedelta

from syncd.sandbox.hubspot.lifecycle import Backward


@dataclass(slots=True, kw_only=True)
class Limits:
    """Request limits on the world's clock; off, nothing is refused but all is still counted."""

    enabled: bool = True
    burst: int = 190  # per app and rolling ten seconds, search exempt
    search_per_second: int = 5  # per account
    daily: int = 650_000  # per account, until midnight in its time zone
    retry_after: int | None = None  # undocumented on 429, sometimes there
    named_policy: bool = True  # whether a 429 says `policyName`; older ones do not


@dataclass(slots=True, kw_only=True)
class PortalSettings:
    """Mutable on purpose: a test changes them in the middle of a story."""

    portal_id: int = 12_345_678
    time_zone: str = "US/Eastern"
    index_delay: timedelta = timedelta(seconds=5)  # until a search sees a change
    backward: Backward = Backward.IGNORE
    default_stage: str = "lead"  # what a contact created without one gets; "" for none
    deal_created_makes_opportunity: bool = False
    deal_won_makes_customer: bool = False
    company_stage_flows_to_contacts: bool = False
    merge_makes_new_record: bool = False
    search_body_limit: int | None = None  # documented as 3,000 characters, seldom enforced
