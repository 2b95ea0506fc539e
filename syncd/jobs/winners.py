"""Read the winner of a merge together with its loser, where nobody knows the winner yet.

Which of the two a page tells first must not decide whether the winner takes the loser's place
or becomes a lead of its own. Nearly always there is nothing to ask.
"""

from collections.abc import Sequence

from syncd.domain.names import RecordId, System
from syncd.domain.record import Record
from syncd.jobs.blind import asking
from syncd.jobs.pair import Pair


def with_winners(pair: Pair, records: Sequence[Record]) -> tuple[Record, ...]:
    """The records, and those they were merged into. Raises SideDown."""
    found = list(records)
    for system, crm in pair.crms.items():
        if wanted := _unread(pair, system, [r for r in records if r.system is system]):
            with asking(system):
                found += crm.read(wanted).values()
    return tuple(found)


def _unread(pair: Pair, system: System, records: Sequence[Record]) -> set[RecordId]:
    """Winners of records that are known, neither read with them nor known themselves."""
    here = {r.id for r in records}
    merges = [(r.id, r.merged_into) for r in records if r.merged_into and r.merged_into not in here]
    if not merges:
        return set()
    known = pair.store.find(system, {x for merge in merges for x in merge})
    return {winner for loser, winner in merges if loser in known and winner not in known}
