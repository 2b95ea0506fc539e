"""Tell what a lead about to be saved has in common with itself as it is stored.

Most saves change values alone, and values stand in the lead's document alone: what is
known to be as it was needs neither be looked up nor written. Each function must look at
all that `lead_rows` makes its rows of.
"""

from operator import attrgetter

from syncd.domain.lead import Lead, Side

_COLUMNS = attrgetter("stage", "cycle", "contest", "move", "disputes")


def has_columns_of(x: Lead, stored: Lead | None) -> bool:
    """Whether its own row says the same, but for the document and the due instant."""
    return (
        stored is not None
        and _COLUMNS(x) == _COLUMNS(stored)
        and [side.gone for side in x.sides.values()]
        == [side.gone for side in stored.sides.values()]
    )


def has_parts_of(x: Lead, stored: Lead | None) -> bool:
    """Whether its links, its addresses and its handoff are the same."""
    if stored is None or x.handoff != stored.handoff or x.sides.keys() != stored.sides.keys():
        return False
    return all(map(_is_found_as, x.sides.values(), map(stored.sides.get, x.sides)))


def _is_found_as(side: Side, stored: Side | None) -> bool:
    return side is stored or (
        stored is not None
        and side.record_id == stored.record_id
        and side.former == stored.former
        and side.seen.emails == stored.seen.emails
    )
