"""Whether the store can be used, has room, and is sound."""

from collections.abc import Iterator

from syncd.core.doctor import ailments
from syncd.core.doctor.facts import Facts, StoreFacts, Unseen
from syncd.core.doctor.finding import Finding

LEAST_FREE = 1_000_000_000
MOST_LOG = 512_000_000
_WAL = "wal"


def store_findings(facts: Facts) -> Iterator[Finding]:
    store = facts.store
    if isinstance(store, Unseen):
        yield ailments.STORE_UNUSABLE.found(store.why, "crm.yaml: store")
        return
    if not store.is_writable:
        how = f"Give syncd's user a directory of its own to write in, for {store.place}."
        what = f"{store.place} cannot be written"
        yield ailments.STORE_NOT_WRITABLE.found(what, "crm.yaml: store", how=how)
    yield from _condition(store)
    yield from _room(store)


def _condition(store: StoreFacts) -> Iterator[Finding]:
    if store.damage:
        yield ailments.STORE_DAMAGED.found(f"{store.place}: {store.damage}", "store")
    elif store.schema is not None and store.schema != store.newest:
        what = f"{store.place} has schema {store.schema}, this syncd makes {store.newest}"
        yield ailments.STORE_SCHEMA_OLD.found(what, "store")
    if store.journal not in (None, _WAL):
        what = f"{store.place} is in journal mode {store.journal}"
        yield ailments.STORE_JOURNAL.found(what, "store")


def _room(store: StoreFacts) -> Iterator[Finding]:
    if store.free is not None and store.free < LEAST_FREE:
        what = f"{store.free // 1_000_000:,} MB are left beside {store.place}"
        yield ailments.STORE_SPACE.found(what, "this machine")
    if store.log is not None and store.log > MOST_LOG:
        what = f"the write-ahead log of {store.place} is {store.log // 1_000_000:,} MB"
        yield ailments.STORE_LOG.found(what, "this machine", place=store.place)
