"""Whether marketing had a hand in a lead: by the rule in words that stands beside the numbers
(`money_measures.ATTRIBUTION`). Pure."""

from collections.abc import Sequence
from datetime import datetime

from syncd.domain.deal import Deal
from syncd.domain.lead import Lead
from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.measure.beginning import Beginning
from syncd.measure.round_deals import first_made


def is_sourced(lead: Lead) -> bool:
    """Marketing's CRM knew the person first."""
    made = {x.system: x.seen.created_at for x in lead.sides.values()}
    theirs, sales = made.get(System.HUBSPOT), made.get(System.SALESFORCE)
    return theirs is not None and (sales is None or theirs <= sales)


def is_influenced(mql_at: datetime | None, unseen: Beginning | None, deals: Sequence[Deal]) -> bool:
    """It was an MQL before its first deal was made: whoever stood there when first seen was one
    by then."""
    if unseen and unseen.stage.rank >= Stage.MQL.rank:
        mql_at = unseen.seen_at
    made = first_made(deals)
    return mql_at is not None and (made is None or mql_at < made)
