"""The store in memory: for tests, simulations and trying things out.

It implements `store_ports.Store` with the same promises as the one on disk (one contract suite
runs against both) but for surviving the process. Several stores may share one `Memory`,
as several processes share one database.
"""

from syncd.adapters.memory.archive import MemoryArchive
from syncd.adapters.memory.book import MemoryBook
from syncd.adapters.memory.counting import MemoryCounting
from syncd.adapters.memory.leads import MemoryLeads
from syncd.adapters.memory.lease import MemoryLease
from syncd.adapters.memory.orders import MemoryOrders, MemoryPreviews
from syncd.adapters.memory.outbox import MemoryOutbox


class MemoryStore(
    MemoryLeads,
    MemoryOutbox,
    MemoryBook,
    MemoryOrders,
    MemoryPreviews,
    MemoryArchive,
    MemoryCounting,
    MemoryLease,
):
    """Implements `store_ports.Store`."""

    def close(self) -> None:
        """Nothing is held open."""
