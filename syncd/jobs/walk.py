"""A walk over all stored leads, a few at a time, whatever else is written meanwhile."""

from collections.abc import Iterator

from syncd.domain.lead import Lead
from syncd.store_ports import LeadStore

_AT_ONCE = 500


def every_lead(store: LeadStore) -> Iterator[Lead]:
    last = None
    while leads := store.after(last, _AT_ONCE):
        yield from leads
        last = leads[-1].id
