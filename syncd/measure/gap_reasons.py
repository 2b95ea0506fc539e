"""Why only one of the two CRMs counts a record: one reason each, the first that holds.

Pure: the evidence is gathered before. What nothing explains is said to be unexplained; no
reason is ever guessed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncd.core.erasing import winner_of
from syncd.core.views import stage_seen
from syncd.domain.action import WriteKind
from syncd.domain.decision import Parked
from syncd.domain.lead import Lead, Pending, Side
from syncd.domain.mapping import CrmMap
from syncd.domain.names import STAGE, RecordId, System
from syncd.domain.stage import Stage
from syncd.domain.stage_write import StageWrite
from syncd.domain.values import Unreadable
from syncd.measure.period import Period


class Reason(StrEnum):
    """In the order in which they are told."""

    MERGED = "merged"
    IGNORED = "ignored"
    AMBIGUOUS = "ambiguous"
    NOT_READ = "not-read"
    NOT_LINKED = "not-linked"
    DELETED = "deleted"
    REFUSED = "refused"
    IN_FLIGHT = "in-flight"
    OUTSIDE = "outside-inclusion-list"
    TIME_ZONE = "time-zone"
    OTHER_PERIOD = "other-period"
    CONTESTED = "contested"
    IN_GRACE = "in-grace"
    HELD = "held-plan"
    BLOCKED = "blocked"
    OVERTAKEN = "overtaken"
    CONVERTED = "converted"
    STAGE_MAPPING = "stage-mapping"
    BEFORE_SYNCD = "before-syncd"
    RECYCLED = "recycled"
    JUMPED = "jumped"
    UNEXPLAINED = "unexplained"


SAYS: Mapping[Reason, str] = {
    Reason.MERGED: "Merged: a further record of a person whom the CRMs hold as one lead",
    Reason.IGNORED: "Ignored: a person said to leave the record alone",
    Reason.AMBIGUOUS: "Ambiguous: it may be of several leads and waits for a person",
    Reason.NOT_READ: "Not known to syncd: it has not read the record",
    Reason.NOT_LINKED: "Not linked, though the other CRM has a record with its address",
    Reason.DELETED: "Deleted in the other CRM",
    Reason.REFUSED: "Refused by the other CRM (picklist, validation rule, duplicate rule)",
    Reason.IN_FLIGHT: "Not written yet: on its way to the other CRM",
    Reason.OUTSIDE: "Only in this CRM: no inclusion list or rule brings it over",
    Reason.TIME_ZONE: "Same moment, another month: the CRMs' time zones differ",
    Reason.OTHER_PERIOD: "Came to the stage there in another period",
    Reason.CONTESTED: "Contested: the stage is frozen until a person releases it",
    Reason.IN_GRACE: "In grace: the move waits for the record to be completed",
    Reason.HELD: "Held: the brake stopped its writes in a plan",
    Reason.BLOCKED: "Blocked: the move did not meet the standard and was taken back",
    Reason.OVERTAKEN: "Overtaken: somebody changed it there before it was written",
    Reason.CONVERTED: "Converted there without passing the stage",
    Reason.STAGE_MAPPING: "No spelling of the stage there: the stage maps differ",
    Reason.BEFORE_SYNCD: "Stood so before syncd first saw the lead",
    Reason.RECYCLED: "Recycled since: what was taken back has no date there any more",
    Reason.JUMPED: "Jumped over there: it stands further on and never was at the stage",
    Reason.UNEXPLAINED: "Unexplained: nothing syncd knows tells why",
}
"""Each in words; of a record counted here, `there` is the other CRM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A record that only its own CRM counts, and all that is known about it.

    `period` is the one of its CRM. `there_at`: each time its lead's other record came to the
    stage, as that CRM tells; `like` are living records of the other CRM with its address,
    looked for where the lead has none there.
    """

    system: System
    record_id: RecordId
    at: datetime
    period: Period
    lead: Lead | None
    parked: Parked | None = None
    there_at: tuple[datetime, ...] = ()
    like: tuple[RecordId, ...] = ()
    writes: tuple[StageWrite, ...] = ()

    @property
    def other(self) -> Side | None:
        return self.lead.sides.get(self.system.other) if self.lead else None


Found = tuple[Reason, str]


def reason_of(case: Case, stage: Stage, crm: CrmMap) -> Found:
    """The reason, and what of this record shows it."""
    if case.parked:
        reason = Reason.IGNORED if case.parked.ignored else Reason.AMBIGUOUS
        return reason, case.parked.why
    if case.lead is None:
        return Reason.NOT_READ, _like(case)
    side = case.other
    if side is None:
        return _alone(case, case.lead)
    return _linked(case, case.lead, side, _Asked(stage=stage, crm=crm))


def _like(case: Case) -> str:
    return f"{case.system.other.label} has {', '.join(case.like)}" if case.like else ""


def _alone(case: Case, lead: Lead) -> Found:
    """The lead has no record in the other CRM."""
    there = case.system.other
    if case.like:
        return Reason.NOT_LINKED, _like(case)
    if lead.apart:
        return Reason.DELETED, f"{', '.join(lead.apart)} was set apart, or deleted for good"
    if (asked := lead.twin) and asked.system is there:
        if asked.refused:
            return Reason.REFUSED, asked.refused
        return Reason.IN_FLIGHT, f"asked for on {asked.at:%Y-%m-%d}"
    return Reason.OUTSIDE, ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    stage: Stage
    crm: CrmMap


def _linked(case: Case, lead: Lead, side: Side, asked: _Asked) -> Found:
    """The lead has, or had, a record in both CRMs."""
    looks: tuple[Callable[[], Found | None], ...] = (
        lambda: _gone(side),
        lambda: _same_moment(case),
        lambda: _held_up(case, lead, asked.stage),
        lambda: _not_written(case, side, asked.stage),
        lambda: _another_time(case),
        lambda: _not_shown(side, asked),
        lambda: _before(case, lead),
        lambda: _recycled(case, lead),
        lambda: _further(side, asked.stage),
    )
    found = (look() for look in looks)
    return next((x for x in found if x), (Reason.UNEXPLAINED, ""))


def _gone(side: Side) -> Found | None:
    if not side.gone:
        return None
    return Reason.MERGED if winner_of(side) else Reason.DELETED, side.gone


def _same_moment(case: Case) -> Found | None:
    """It came to the stage in the other CRM within what this one calls the period."""
    within = [x for x in case.there_at if case.period.start <= x < case.period.end]
    return (Reason.TIME_ZONE, _there(case, within)) if within else None


def _another_time(case: Case) -> Found | None:
    return (Reason.OTHER_PERIOD, _there(case, case.there_at)) if case.there_at else None


def _recycled(case: Case, lead: Lead) -> Found | None:
    if lead.recycled_at is None or lead.recycled_at < case.at:
        return None
    return Reason.RECYCLED, f"recycled on {lead.recycled_at:%Y-%m-%d}"


def _there(case: Case, instants: Sequence[datetime]) -> str:
    nearest = min(instants, key=lambda x: abs(x - case.at))
    return f"{case.system.other.label} has {nearest:%Y-%m-%d %H:%M} UTC"


def _held_up(case: Case, lead: Lead, stage: Stage) -> Found | None:
    if lead.contest and lead.contest.to_stage.rank >= stage.rank:
        return Reason.CONTESTED, f"moved back {lead.contest.times} times"
    if lead.held:  # whose grace is over: a held move is kept as it was
        return Reason.HELD, lead.held
    if lead.move and lead.move.to_stage.rank >= stage.rank:
        return Reason.IN_GRACE, f"until {lead.move.grace_ends:%Y-%m-%d %H:%M} UTC"
    if (no := lead.refusal) and no.to_stage.rank >= stage.rank:
        return Reason.BLOCKED, f"moved back on {no.refused_at:%Y-%m-%d}"
    taken_back = (x for x in case.writes if x.kind is WriteKind.REVERT and x.system is case.system)
    if back := next((x for x in taken_back if x.at >= case.at), None):
        return Reason.BLOCKED, f"moved back on {back.at:%Y-%m-%d}"
    return None


_CARRIES = frozenset({WriteKind.PROPAGATE, WriteKind.REAPPLY})


def _not_written(case: Case, side: Side, stage: Stage) -> Found | None:
    pending = side.pending.get(STAGE)
    if pending and _reaches(pending, stage):
        return Reason.IN_FLIGHT, f"{pending.writes} is on its way"
    tried = [
        x for x in case.writes if x.kind in _CARRIES and x.system is side.system and x.at >= case.at
    ]
    if no := next((x for x in tried if x.state == "buried"), None):
        return Reason.REFUSED, no.reason
    if late := next((x for x in tried if x.state == "cancelled"), None):
        return Reason.OVERTAKEN, late.reason
    return None


def _reaches(pending: Pending, stage: Stage) -> bool:
    return isinstance(pending.writes, Stage) and pending.writes.rank >= stage.rank


def _not_shown(side: Side, asked: _Asked) -> Found | None:
    """The other CRM cannot show the stage, or cannot be told it."""
    its_map = asked.crm.sides[side.system]
    if side.seen.locked == "converted" or side.seen.kind == its_map.converted_kind:
        return Reason.CONVERTED, f"its record there is {side.seen.kind} {side.record_id}"
    seen = side.seen.values.get(STAGE)
    if isinstance(seen, Unreadable):
        return Reason.STAGE_MAPPING, seen.why.partition(";")[0]
    if its_map.line_for(asked.stage, side.seen.kind) is None:
        return Reason.STAGE_MAPPING, f"crm.yaml has no line to write {asked.stage} there"
    return None


def _before(case: Case, lead: Lead) -> Found | None:
    if case.at >= lead.first_seen_at:
        return None
    return Reason.BEFORE_SYNCD, f"first seen {lead.first_seen_at:%Y-%m-%d %H:%M} UTC"


def _further(side: Side, stage: Stage) -> Found | None:
    shown = stage_seen(side)
    if shown is None or shown.rank <= stage.rank:
        return None
    return Reason.JUMPED, f"it is at {shown} there"
