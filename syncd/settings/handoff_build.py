"""Make the domain's segments of the handoffs in config/policy.yaml: who promises what.

Every problem is added to the file; the result counts only when there are none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from syncd.core.business_time import add, opens
from syncd.domain.calendar import Calendar, Span
from syncd.domain.policy import Ladder, Segment
from syncd.settings.condition_build import ConditionBuilder
from syncd.settings.fitting import Fitted
from syncd.settings.handoff_file import HandoffPart, LadderPart
from syncd.settings.policy_file import PolicyFile
from syncd.settings.problem import did_you_mean

_STEPS: Mapping[str, str] = {
    "escalate_after": "the manager is told",
    "reassign_after": "somebody else gets it",
    "recycle_after": "it is recycled",
}
_MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
_WEEK = tuple(_MONDAY + timedelta(hours=hour) for hour in range(0, 7 * 24, 3))
"""Deadlines to try a ladder with: what is in order on a Monday need not be on a Friday."""
_ALWAYS_SHUT = Calendar(name="", time_zone="UTC", hours={}, closed={}, version="")
"""Stands in for a calendar that was reported as unknown; never leaves this file's caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentBuilder:
    """Builds the segments in the order in which they are asked; `manager` is the one of the
    alerts, told where a handoff names nobody."""

    file: Fitted[PolicyFile]
    calendars: Mapping[str, Calendar]
    conditions: ConditionBuilder
    manager: str | None

    def build(self, handoffs: Mapping[str, HandoffPart]) -> tuple[Segment, ...]:
        self._last_takes_the_rest(handoffs)
        return tuple(self._segment(name, part) for name, part in handoffs.items())

    def _last_takes_the_rest(self, handoffs: Mapping[str, HandoffPart]) -> None:
        """Exactly the last has no condition: no lead is forgotten, none is out of reach."""
        *above, last = handoffs.values()
        for part, below in zip(above, list(handoffs)[1:], strict=True):
            if part.when is None:
                what = f'it takes every lead, and none ever comes to "{below}" below it'
                self.file.lacks(part.at(), what, "move it to the end, or add when")
        if last.when is not None and all(part.when for part in above):
            what = "the last handoff has a condition, and other leads would have none"
            self.file.fault(last.at("when"), what, "add one without when below it", on_key=True)

    def _segment(self, name: str, part: HandoffPart) -> Segment:
        calendar = self._calendar(part)
        return Segment(
            name=name,
            when=self.conditions.build(part.when) if part.when else None,
            calendar=calendar,
            assign_within=part.assign_within,
            accept_within=part.accept_within,
            touch_within=part.touch_within,
            dispose_within=part.disposition_within,
            accept_needs=part.accept_needs,
            manager=part.manager,
            ladder=self._ladder(part, calendar),
        )

    def _calendar(self, part: HandoffPart) -> Calendar:
        written = self.file.source.names("calendars")
        if part.calendar not in written:
            what = f'unknown calendar "{part.calendar}"'
            self.file.fault(part.at("calendar"), what, did_you_mean(part.calendar, written))
        return self.calendars.get(part.calendar) or _ALWAYS_SHUT

    def _ladder(self, part: HandoffPart, calendar: Calendar) -> Ladder:
        ladder = part.ladder
        self._somebody_is_told(part)
        self._somebody_gets_it(ladder)
        if opens(calendar):
            self._in_order(ladder, calendar)
        return Ladder(
            warn_at=ladder.warn_at,
            escalate_after=ladder.escalate_after,
            reassign_after=ladder.reassign_after,
            reassign_to=ladder.reassign_to,
            recycle_after=ladder.recycle_after,
        )

    def _somebody_is_told(self, part: HandoffPart) -> None:
        if part.ladder.escalate_after and not (part.manager or self.manager):
            path = part.ladder.at("escalate_after")
            what = "no manager is named, here or under alerts"
            self.file.fault(path, what, "add manager to this handoff", on_key=True)

    def _somebody_gets_it(self, ladder: LadderPart) -> None:
        if ladder.reassign_after and not ladder.reassign_to:
            what = "nobody is named to get the lead then"
            next_step = "add reassign_to: [ann@example.com]"
            self.file.fault(ladder.at("reassign_after"), what, next_step, on_key=True)
        if ladder.reassign_to and not ladder.reassign_after:
            what = "it is not said when they get the lead"
            next_step = "add reassign_after: 2 business hours"
            self.file.fault(ladder.at("reassign_to"), what, next_step, on_key=True)
        for number, name in enumerate(ladder.reassign_to):
            if name in ladder.reassign_to[:number]:
                path = ladder.at("reassign_to", number)
                self.file.fault(path, f'"{name}" is named twice', "keep it once", bare=True)

    def _in_order(self, ladder: LadderPart, calendar: Calendar) -> None:
        for (above, first), (below, second) in pairwise(_steps(ladder)):
            deadline = _overtaken(first, second, calendar)
            if deadline:
                when = f"{deadline.astimezone(ZoneInfo(calendar.time_zone)):%A %H:%M}"
                what = f"after a deadline on {when}, {_STEPS[below]} before {_STEPS[above]}"
                next_step = f"let {below} be no earlier than {above}"
                self.file.fault(ladder.at(below), what, next_step)


def _steps(ladder: LadderPart) -> Iterable[tuple[str, Span]]:
    steps = (
        ("escalate_after", ladder.escalate_after),
        ("reassign_after", ladder.reassign_after),
        ("recycle_after", ladder.recycle_after),
    )
    return ((name, span) for name, span in steps if span is not None)


def _overtaken(first: Span, second: Span, calendar: Calendar) -> datetime | None:
    """A deadline after which the second span would be over before the first."""
    tried = _WEEK[:1] if type(first) is type(second) else _WEEK
    for deadline in tried:
        if add(second, deadline, calendar) < add(first, deadline, calendar):
            return deadline
    return None
