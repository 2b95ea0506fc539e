"""How a lead began: made while syncd watched, or there before.

Pure. Of a lead that was there before nobody saw when it came to its stage, only that it stood
there; of one that was made in sight, that is when its record was made.
"""

from dataclasses import dataclass
from datetime import datetime

from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import RecordId, System
from syncd.domain.stage import Stage
from syncd.measure.lead_story import LeadStory


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """It stood at this stage without having moved there, and was first seen then. `made_at` is
    None where any record was there before."""

    stage: Stage
    seen_at: datetime
    made_at: datetime | None


def beginning(story: LeadStory) -> Beginning | None:
    """None where nothing tells. Records that joined it later do not."""
    seen = [x for x in story.audit if x.kind is AuditKind.FIRST_SIGHT]
    if not seen:
        return None
    seen_at = min(x.at for x in seen)
    first = [x for x in seen if x.at == seen_at]
    in_sight = all(x.facts["born"] == "true" for x in first)
    return Beginning(
        stage=max((_stood(x, story) for x in first), key=lambda x: x.rank),
        seen_at=seen_at,
        made_at=min(_made_at(x, story) for x in first) if in_sight else None,
    )


def _stood(entry: AuditEntry, story: LeadStory) -> Stage:
    """A stage that a gate guards was moved to, from none: that move counts by itself, and
    whoever makes it is a lead at least."""
    stage, record = Stage(entry.facts["stage"]), entry.facts["record"]
    moved = any(x.record_id == record and x.from_stage is Stage.NONE for x in story.transitions)
    return Stage.LEAD if moved and stage.rank > Stage.LEAD.rank else stage


def _made_at(entry: AuditEntry, story: LeadStory) -> datetime:
    """As the record says, also as what it has become: a converted one says when it was made. One
    that was merged into a younger one was there when it was seen first."""
    side = story.lead.sides.get(System(entry.facts["system"]))
    if side is None or RecordId(entry.facts["record"]) not in (side.record_id, *side.former):
        return entry.at
    return min(side.seen.created_at, entry.at)
