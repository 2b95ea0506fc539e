"""Put records on lists and into campaigns. It may be repeated, so nothing is looked up first."""

from collections.abc import Collection, Sequence

import structlog

from syncd.commit import OutboxRow
from syncd.core.context import Context
from syncd.domain.action import Enlist, Failed
from syncd.domain.names import RecordId, System
from syncd.errors import AuthError, PermanentError, TransientError
from syncd.jobs.deliver_after import due_after_writes
from syncd.jobs.ledger import Ledger
from syncd.jobs.pair import Pair

log = structlog.get_logger()

ListRow = tuple[OutboxRow, Enlist]


def deliver_lists(
    pair: Pair,
    system: System,
    rows: Sequence[ListRow],
    waiting: Collection[RecordId],
    ctx: Context,
) -> None:
    """Every row ends in a commit. Records in `waiting` still wait for a write."""
    ledger = Ledger(now=ctx.now)
    due = due_after_writes(pair, rows, waiting, ledger)
    try:
        wishes = [wish for _, wish in due]
        outcomes = pair.targets[system].enlist(wishes) if wishes else {}
    except (TransientError, AuthError, PermanentError) as error:
        log.warning("lists_failed", system=system, rows=len(due), reason=str(error))
        ledger.postponed_all([row for row, _ in due], error)
        pair.store.commit(ledger.commit())
        return
    for row, wish in due:
        ledger.concluded(row, outcomes.get(wish.key, Failed(reason="no answer")))
    pair.store.commit(ledger.commit())
