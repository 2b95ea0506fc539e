"""What orgs differ in, or what no public recording settles: switches for tests.

Every default is the likeliest behaviour of a current org.
"""

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(slots=True, kw_only=True)
class OrgSettings:
    """Mutable on purpose: a test changes them in the middle of a story."""

    lock_status: int = 400  # of UNABLE_TO_LOCK_ROW on a single row; some have seen 500
    upsert_match_status: int = 200  # 204 without a body before v46
    duplicate_key: str = "duplicateResut"  # the vendor's spelling, unless it was ever corrected
    early_results_status: int = 412  # bulk results asked for too early; other docs say 204
    bulk_polls: int = 2  # how often a bulk job is seen before it is seen complete
    bulk_duration: timedelta = timedelta()  # how long a bulk job takes on the world's clock
    time_zone: str = "America/New_York"  # of the integration user
    forbidden: set[str] = field(default_factory=set)
    """What the integration user may not do: Task.createable, Lead.updateable, ViewSetup."""
    bulk_kept: timedelta = timedelta(days=7)  # how long its results can be fetched
