"""The lifecycle stage: forward only, and silently so.

HubSpot answers 200 to a backward move and keeps the stage; only clearing it in
one request and setting it in the next goes back. People in HubSpot's own pages
may move it anywhere.
"""

from collections.abc import Sequence
from enum import StrEnum

from syncd.sandbox.hubspot.properties import Option

STAGE = "lifecyclestage"


class Backward(StrEnum):
    """What becomes of a backward move that did not clear the stage first."""

    IGNORE = "ignore"  # what the real portal does
    ERROR = "error400"
    ALLOW = "allow"


def is_backward(options: Sequence[Option], before: str, after: str) -> bool:
    """Whether a move goes down the order of the options; from or to nothing never does."""
    order = {
        option.value: place
        for place, option in enumerate(sorted(options, key=lambda option: option.display_order))
    }
    if before not in order or after not in order:
        return False
    return order[after] < order[before]


def furthest(options: Sequence[Option], stages: Sequence[str]) -> str:
    """The last of the given stages in the order of the options; empty if none is given."""
    best = ""
    for stage in stages:
        if stage and not (best and is_backward(options, best, stage)):
            best = stage
    return best
