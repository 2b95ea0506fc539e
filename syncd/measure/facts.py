"""What is measured, as two tables: the rounds of leads, and their judged moves.

A round is one lead's one pass through the funnel (`cycle`): a recycled lead has several, each
of them counted once. Both tables are rollups of the audit, kept in step with it; every number
is made of them alone, and opens to their (lead, cycle). No values of persons are in them, but
for what was said as a lead was turned down (`objection`) or let pass (`waived_why`). The rows
of somebody who is erased go at once: numbers of the past are less by that lead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from syncd.measure.treatment import Treatment as Treatment

INSTANT = pl.Datetime("us", "UTC")
_WORDS = pl.List(pl.String())


class Dimension(StrEnum):
    """What numbers are split and filtered by: columns of both tables."""

    SEGMENT = "segment"
    SOURCE = "source"
    CAMPAIGN = "campaign"
    OWNER = "owner"
    TEAM = "team"
    STANDARD = "standard"


ROUNDS: Mapping[str, pl.DataType] = {
    "lead_id": pl.String(),
    "cycle": pl.Int32(),
    # Dimensions, null where unknown. `segment` is the handoff's, `owner` the last who had it in
    # this round, `standard` the version that judged its last move.
    **{dimension.value: pl.String() for dimension in Dimension},
    # When it first reached each stage in this round; null where it did not, or nobody saw it: a
    # lead that was known at a stage from the start has no date of it, also if it left and came
    # back in that round; one that was made while syncd watched has that of its record. A move
    # that syncd took back does not count, nor one that waits in its grace, or was undone in it; a
    # stage that was jumped over was reached with the next. Where no stage tells of it, a lead
    # reached opportunity when its first deal was made, and customer when one was won.
    "lead_at": INSTANT,
    "mql_at": INSTANT,
    "sal_at": INSTANT,
    "sql_at": INSTANT,
    "opportunity_at": INSTANT,
    "customer_at": INSTANT,
    # The handoff of this round, null without one.
    "offered_at": INSTANT,
    "assigned_at": INSTANT,
    "accepted_at": INSTANT,
    "attempted_at": INSTANT,
    "touched_at": INSTANT,
    "closed_at": INSTANT,
    "state": pl.String(),  # HandoffState
    "reason": pl.String(),  # id of the rejection's reason
    "missing": _WORDS,  # fields said to be missing when it was rejected
    "objection": pl.String(),
    "wakes_at": INSTANT,  # a rejected lead that sleeps
    # Each promise: by when (null: nothing promised), and whether it was missed (null: running).
    # Of several owners the first who missed it counts, else the last. Of one that was called off
    # before its time nothing is told.
    **{f"{clock}_due_at": INSTANT for clock in ("assign", "accept", "touch", "dispose")},
    **{f"{clock}_missed": pl.Boolean() for clock in ("assign", "accept", "touch", "dispose")},
    # Delays in seconds of the team's business time: until it had an owner (the system's), from
    # then until it was accepted, and until somebody was in touch (the owner's).
    "assign_business_s": pl.Int64(),
    "accept_business_s": pl.Int64(),
    "touch_business_s": pl.Int64(),
    # The score and band when it became MQL and SQL.
    "mql_score": pl.Float64(),
    "mql_band": pl.String(),
    "sql_score": pl.Float64(),
    "sql_band": pl.String(),
    # What came of it: deals of one CRM, in the round in which they were made. `lost_at`: every
    # deal closed, none won. Amounts in the CRM's own currency.
    "won_at": INSTANT,
    "lost_at": INSTANT,
    "lost_reason": pl.String(),
    "won_amount": pl.Float64(),
    "open_amount": pl.Float64(),
    # Whether marketing had a hand in it. Sourced: marketing's CRM (HubSpot) had a record of the
    # person before, or when, sales' CRM did. Influenced: in this round it was an MQL before its
    # first deal was made, or stood there when it was first seen before that; without a deal, that
    # it was an MQL at all.
    "sourced": pl.Boolean(),
    "influenced": pl.Boolean(),
}
"""One row of each lead's round."""

MOVES: Mapping[str, pl.DataType] = {
    "lead_id": pl.String(),
    "cycle": pl.Int32(),
    **{dimension.value: pl.String() for dimension in Dimension},
    "at": INSTANT,
    "gate": pl.String(),  # Stage
    "treatment": pl.String(),  # Treatment
    "unmet": _WORDS,  # ids of the rules that were unmet or unknown, waived ones too
    "met": _WORDS,
    "score": pl.Float64(),
    "band": pl.String(),
    "variant": pl.String(),
    "moved_by": pl.String(),  # ActorKind
    # Who let it pass and why, as written in the waiver; of several waivers the latest.
    "waived_by": pl.String(),
    "waived_why": pl.String(),
}
"""One row of each move that a gate judged, with the last verdict on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`rounds` and `moves` have exactly the columns named here. `spend` has source (text),
    month (first day, a date) and amount; empty where no spend is known."""

    rounds: pl.DataFrame
    moves: pl.DataFrame
    spend: pl.DataFrame


SPEND: Mapping[str, pl.DataType] = {
    "source": pl.String(),
    "month": pl.Date(),
    "amount": pl.Float64(),
}
