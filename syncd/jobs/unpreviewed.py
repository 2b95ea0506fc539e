"""Tell that a gate which is to block only flags, for as long as that is so.

Costs a look into the store only while it is.
"""

from syncd.core.alerting_previews import unpreviewed_alert
from syncd.core.context import Context
from syncd.core.troubles import first_key
from syncd.domain.action import SendAlert
from syncd.jobs.pair import Pair


def unlooked_at(pair: Pair, ctx: Context) -> tuple[SendAlert, ...]:
    """The first alert about gates that nobody looked at, if there are any."""
    if not ctx.policy.unpreviewed:
        return ()
    alert = unpreviewed_alert(ctx, [first_key(x.key) for x in pair.store.troubles()])
    return (alert,) if alert else ()
