"""How a lead began: made while syncd watched, or there before.

Pure. Of a lead that was there before nobody saw when it came to its stage; of one that was made
in sight, that is when its record was made.
"""

from dataclasses import dataclass
from datetime import datetime

from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import RecordId, System
from syncd.domain.stage import Stage
from syncd.measure.lead_story import LeadStory


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """It was made at that instant, and stood at this stage without having moved there."""

    at: datetime
    stage: Stage


def beginning(story: LeadStory) -> Beginning | None:
    """None where any record was there before. Records that joined it later tell nothing."""
    seen = [x for x in story.audit if x.kind is AuditKind.FIRST_SIGHT]
    first = [x for x in seen if x.at == min(y.at for y in seen)]
    if not first or any(x.facts["born"] != "true" for x in first):
        return None
    stage = max((_stood(x, story) for x in first), key=lambda x: x.rank)
    if stage.rank < Stage.LEAD.rank:
        return None
    return Beginning(at=min(_made_at(x, story) for x in first), stage=stage)


def _stood(entry: AuditEntry, story: LeadStory) -> Stage:
    """A stage that a gate guards was moved to, from none: that move counts by itself, and
    whoever makes it is a lead at least."""
    stage, record = Stage(entry.facts["stage"]), entry.facts["record"]
    moved = any(x.record_id == record and x.from_stage is Stage.NONE for x in story.transitions)
    return Stage.LEAD if moved and stage.rank > Stage.LEAD.rank else stage


def _made_at(entry: AuditEntry, story: LeadStory) -> datetime:
    """As the record says; where it has become another one, when it was seen first."""
    side = story.lead.sides.get(System(entry.facts["system"]))
    if side is None or side.record_id != RecordId(entry.facts["record"]):
        return entry.at
    return min(side.seen.created_at, entry.at)
