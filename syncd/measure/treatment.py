"""What became of a move that a gate judged.

Apart from the tables it stands in, because the daemon counts without them.
"""

from enum import StrEnum


class Treatment(StrEnum):
    """Waived: it passed by an exception alone. Observed: it failed, or it could not be told
    whether it does, and was recorded only. Blocked: syncd took it back, all of it, also where
    another gate on its way was passed; or it is frozen, or waits for a person to choose."""

    CONFORMING = "conforming"
    WAIVED = "waived"
    BLOCKED = "blocked"
    FLAGGED = "flagged"
    OBSERVED = "observed"
