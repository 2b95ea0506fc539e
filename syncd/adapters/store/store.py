"""The store on SQL: all roles on one database."""

from syncd.adapters.store.archive import SqlArchive
from syncd.adapters.store.audits import SqlAudit
from syncd.adapters.store.commits import SqlCommits
from syncd.adapters.store.counting import SqlCounting
from syncd.adapters.store.database import open_database
from syncd.adapters.store.deals import SqlDeals
from syncd.adapters.store.leads import SqlLeads
from syncd.adapters.store.leases import SqlLease
from syncd.adapters.store.messages import SqlMessageBook, SqlMessages
from syncd.adapters.store.orders import SqlOrders, SqlPlans
from syncd.adapters.store.outbox import SqlOutbox
from syncd.adapters.store.previews import SqlPreviews
from syncd.adapters.store.progress import SqlProgress
from syncd.adapters.store.schema import migrate, must_be_current
from syncd.adapters.store.stage_writes import SqlStageWrites
from syncd.store_ports import StorePlace


class SqlStore(
    SqlLeads,
    SqlCommits,
    SqlProgress,
    SqlOutbox,
    SqlMessages,
    SqlMessageBook,
    SqlOrders,
    SqlPlans,
    SqlPreviews,
    SqlArchive,
    SqlStageWrites,
    SqlAudit,
    SqlLease,
    SqlCounting,
    SqlDeals,
):
    """Implements `store_ports.Store`."""

    def close(self) -> None:
        """Let go of all connections."""
        self._database.engine.dispose()


def open_store(place: StorePlace, *, read_only: bool = False) -> SqlStore:
    """The store at this place, its schema brought up to date.

    Read-only it changes nothing, also while a daemon writes. StoreError says what to do
    when it cannot be used.
    """
    database = open_database(place, read_only=read_only)
    try:
        (must_be_current if read_only else migrate)(database)
    except BaseException:
        database.engine.dispose()
        raise
    return SqlStore(database)
