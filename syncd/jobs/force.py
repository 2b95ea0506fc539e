"""Tell that the standard is not in force, for as long as that is so.

Costs a look into the store only while it is.
"""

from syncd.core.alerting_standard import unsigned_alert
from syncd.core.context import Context
from syncd.core.troubles import first_key
from syncd.domain.action import SendAlert
from syncd.jobs.pair import Pair


def not_in_force(pair: Pair, ctx: Context) -> tuple[SendAlert, ...]:
    """The first alert of what keeps gates from blocking now, if anything does."""
    if ctx.may_block():
        return ()
    spells = [first_key(message.key) for message in pair.store.troubles()]
    alert = unsigned_alert(ctx, spells)
    return (alert,) if alert else ()
