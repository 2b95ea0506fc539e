"""Bring the rows that numbers are made of in step with what was committed, in batches.

At the end of each cycle as many as it may take; whoever reads the rows counts what is left.
Nothing is decided here, and nothing written but these rows.
"""

from collections.abc import Callable

import structlog

from syncd.errors import StoreError
from syncd.fact_ports import Counted, FactBook, Uncounted
from syncd.measure.rounds import CountedBy, LeadRows, rows_of

log = structlog.get_logger()

AT_ONCE = 250
EACH_CYCLE = 2_000
"""So many leads are counted at most in one cycle: about a second's work."""


def count(
    book: FactBook,
    by: CountedBy,
    *,
    most: int | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """All that is uncounted, at most so many leads; returns how many they were."""
    book.count_by(by.fields)
    done = 0
    while (most is None or done < most) and not stopping():
        waiting = book.uncounted(AT_ONCE)
        if not waiting:
            break
        book.counted([_counted(x, by) for x in waiting])
        done += len(waiting)
    return done


def count_some(book: FactBook, by: CountedBy, *, stopping: Callable[[], bool]) -> None:
    """As many as one cycle may. All else of it is done by now, so that what cannot be counted
    must not fail it."""
    try:
        count(book, by, most=EACH_CYCLE, stopping=stopping)
    except StoreError:
        raise
    except Exception:
        log.exception("leads_not_counted")


def _counted(lead: Uncounted, by: CountedBy) -> Counted:
    return Counted(lead_id=lead.lead_id, mark=lead.mark, rows=_rows(lead, by))


def _rows(lead: Uncounted, by: CountedBy) -> LeadRows | None:
    """One that makes us crash has none until it changes, and the next one is counted."""
    try:
        return rows_of(lead.story, by) if lead.story else None
    except Exception:
        log.exception("lead_not_counted", lead=lead.lead_id)
        return None
