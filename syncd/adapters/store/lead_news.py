"""Tell what a lead about to be saved has in common with itself as it is stored.

Most saves change values alone, and values stand in the lead's document alone: what is
known to be as it was needs neither be looked up nor written. Each function must look at
all that `lead_rows` makes its rows of.
"""

from operator import attrgetter

from syncd.domain.lead import Lead, Side

_COLUMNS = attrgetter("stage", "cycle", "contest", "move", "disputes")
_GONE = attrgetter("gone")


def has_columns_of(x: Lead, stored: Lead | None) -> bool:
    """Whether its own row says the same, but for the document and the due instant."""
    return (
        stored is not None
        and _COLUMNS(x) == _COLUMNS(stored)
        and list(map(_GONE, x.sides.values())) == list(map(_GONE, stored.sides.values()))
    )


def has_parts_of(x: Lead, stored: Lead | None) -> bool:
    """Whether its links, its addresses and its handoff are the same."""
    if stored is None or x.handoff != stored.handoff or x.sides.keys() != stored.sides.keys():
        return False
    for system, side in x.sides.items():
        was = stored.sides[system]
        if side is not was and not _is_found_as(side, was):
            return False
    return True


def _is_found_as(side: Side, stored: Side) -> bool:
    return (
        side.record_id == stored.record_id
        and side.former == stored.former
        and side.seen.emails == stored.seen.emails
    )
