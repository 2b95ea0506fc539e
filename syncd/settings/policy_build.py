"""Make the domain's Policy of config/policy.yaml, checking it against the other files.

Every problem is added to the file; the result counts only when there are none.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from syncd.domain.action import WriteKind
from syncd.domain.calendar import Calendar
from syncd.domain.policy import Limit, Mode, Policy, RecyclePolicy, Segment
from syncd.domain.previewed import Previewed
from syncd.domain.stage import Stage
from syncd.settings.alerts_build import AlertsBuilder
from syncd.settings.calendar_build import build_calendar
from syncd.settings.condition_build import ConditionBuilder, FieldMap
from syncd.settings.fitting import Fitted
from syncd.settings.handoff_build import SegmentBuilder
from syncd.settings.policy_file import LimitPart, PolicyFile, RecyclePart
from syncd.settings.problem import Path

_LOWEST = [stage.value for stage in Stage if stage.rank == 0 and stage is not Stage.NONE]
_BEFORE_GATES = [*_LOWEST, Stage.LEAD.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What policy.yaml may name of the other files; None where that file cannot be read.

    `unwritable` maps a stage to the sides that have no line to write it with; `behaviour` are
    all the points that behaviour can give.
    """

    gates: Collection[str] | None
    channels: Mapping[str, str] | None
    unwritable: Mapping[Stage, str]
    fields: FieldMap
    behaviour: Decimal | None


def build_policy(file: Fitted[PolicyFile], elsewhere: Elsewhere) -> Policy | None:
    """None when the file cannot be read at all."""
    return _Builder(file, file.model, elsewhere).build() if file.model else None


@dataclass(frozen=True, slots=True)
class _Builder:
    file: Fitted[PolicyFile]
    model: PolicyFile
    elsewhere: Elsewhere

    def build(self) -> Policy:
        model = self.model
        self._gates_exist()
        if model.entry_stage not in _BEFORE_GATES:
            what = f'"{model.entry_stage}" cannot be where records enter'
            self.file.fault(("entry_stage",), what, f"use one of {', '.join(_BEFORE_GATES)}")
        self._writable(("entry_stage",), model.entry_stage)
        calendars = self._calendars()
        alerts = AlertsBuilder(
            file=self.file, channels=self.elsewhere.channels, calendars=calendars
        )
        return Policy(
            modes={gate: x.mode for gate, x in model.modes.items()},
            grace=model.grace,
            reapply=model.reapply,
            contested_after=model.contested_after,
            refusal_memory=model.refusal_memory,
            entry_stage=model.entry_stage,
            enforce_from=model.enforce_from,
            recycle=self._recycle(model.recycle),
            brake=self._brake(),
            alerts=alerts.build(model.alerts),
            waivable_by=model.waivable_by,
            segments=self._segments(calendars),
            away={who: frozenset().union(*days) for who, days in model.away.items()},
            snooze=model.snooze,
            approvers=model.approvers,
            previewed=self._previews(),
            unpreviewed=self._unpreviewed(),
            targets=model.targets.targets(),
            teams=self._teams(),
        )

    def _gates_exist(self) -> None:
        gates = self.elsewhere.gates
        for stage in self.model.modes:
            if gates is not None and stage not in gates:
                what = f'no gate "{stage}" stands in standard.yaml'
                next_step = f"add the gate there, or name one of {', '.join(sorted(gates))}"
                self.file.fault(("modes", stage.value), what, next_step, on_key=True)

    def _previews(self) -> Mapping[Stage, Previewed]:
        """Those that are really of their gate."""
        for stage, x in self.model.modes.items():
            if x.previewed and x.previewed.gate is not stage:
                what = f'this checksum is of a preview of the gate "{x.previewed.gate}"'
                next_step = f'run `syncd plan`: it prints that of "{stage}"'
                self.file.fault(("modes", stage.value, "previewed"), what, next_step)
        return {stage: x.previewed for stage, x in self.model.modes.items() if x.previewed}

    def _unpreviewed(self) -> frozenset[Stage]:
        modes = self.model.modes.items()
        return frozenset(x for x, y in modes if y.mode is Mode.BLOCK and not y.previewed)

    def _writable(self, path: Path, stage: Stage) -> None:
        sides = self.elsewhere.unwritable.get(stage)
        if sides:
            what = f'"{stage}" cannot be written to {sides}'
            self.file.fault(path, what, f"add a stage line for {stage} in crm.yaml")

    def _segments(self, calendars: Mapping[str, Calendar]) -> tuple[Segment, ...]:
        builder = SegmentBuilder(
            file=self.file,
            calendars=calendars,
            conditions=ConditionBuilder(fields=self.elsewhere.fields, file=self.file),
            manager=self.model.alerts.manager,
        )
        return builder.build(self.model.handoffs)

    def _calendars(self) -> Mapping[str, Calendar]:
        """All are checked, whether anything is counted on them or not."""
        return {
            name: build_calendar(name, item, self.file)
            for name, item in self.model.calendars.items()
        }

    def _teams(self) -> Mapping[str, str]:
        """The team of each person; nobody counts twice."""
        teams: dict[str, str] = {}
        for team, people in self.model.teams.items():
            for number, person in enumerate(people):
                before = teams.setdefault(person, team)
                if before != team:
                    what = f'"{person}" is in the team "{before}" already'
                    self.file.fault(("teams", team, number), what, "keep them in one team")
        return teams

    def _recycle(self, part: RecyclePart) -> RecyclePolicy:
        self._goes_back(part.at("to_stage"), part.to_stage)
        self._goes_back(part.at("retire_to"), part.retire_to)
        self._can_requalify(part)
        return RecyclePolicy(
            to_stage=part.to_stage,
            owner=self._owner(part),
            reason=part.reason,
            cool_off=part.cool_off,
            most_cycles=part.most_cycles,
            nurture_list=part.nurture_list,
            campaign=part.campaign,
            requalify_points=part.requalify_points,
            retire_to=part.retire_to,
        )

    def _goes_back(self, path: Path, stage: Stage) -> None:
        if stage not in _LOWEST:
            what = f'recycling to "{stage}" would not take the lead back'
            self.file.fault(path, what, f"use one of {', '.join(_LOWEST)}")
        self._writable(path, stage)

    def _can_requalify(self, part: RecyclePart) -> None:
        most, asked = self.elsewhere.behaviour, part.requalify_points
        if most is not None and asked is not None and asked > most:
            what = f"behaviour gives {most} points at most in standard.yaml, never {asked}"
            path = part.at("requalify_points")
            self.file.fault(path, what, "ask for less, or give points to more behaviour there")

    def _owner(self, part: RecyclePart) -> str | None:
        if part.owner and part.queue:
            what = "owner and queue stand side by side"
            self.file.fault(part.at("queue"), what, "keep one of them", on_key=True)
        return f"queue:{part.queue}" if part.queue else part.owner

    def _brake(self) -> dict[WriteKind, Limit]:
        """One limit for every class: what is not named keeps to the default."""
        brake = self.model.brake
        chosen: dict[WriteKind, LimitPart | None] = {
            WriteKind.PROPAGATE: brake.propagate,
            WriteKind.REVERT: brake.revert,
            WriteKind.RECYCLE: brake.recycle,
            WriteKind.REASSIGN: brake.reassign,
            WriteKind.SYNC: brake.sync,
            WriteKind.CREATE: brake.create,
            WriteKind.REPAIR: brake.repair,
            WriteKind.MARK: brake.mark,
            WriteKind.REAPPLY: brake.reapply,
        }
        limits = {kind: chosen.get(kind) or brake.default for kind in WriteKind}
        return {
            kind: Limit(records=part.records, percent=part.percent) for kind, part in limits.items()
        }
