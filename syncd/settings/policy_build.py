"""Make the domain's Policy of config/policy.yaml, checking it against the other files.

Every problem is added to the file; the result counts only when there are none.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from syncd.domain.action import WriteKind
from syncd.domain.calendar import Calendar
from syncd.domain.policy import AlertPolicy, HandoffPolicy, Limit, Policy, RecyclePolicy
from syncd.domain.stage import Stage
from syncd.settings.calendar_build import build_calendar
from syncd.settings.fitting import Fitted
from syncd.settings.policy_file import AlertsPart, HandoffPart, LimitPart, PolicyFile, RecyclePart
from syncd.settings.problem import Path, did_you_mean

_LOWEST = [stage.value for stage in Stage if stage.rank == 0 and stage is not Stage.NONE]
_BEFORE_GATES = [*_LOWEST, Stage.LEAD.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What policy.yaml may name of the other files; None where that file cannot be read.

    `unwritable` maps a stage to the sides that have no line to write it with.
    """

    gates: Collection[str] | None
    channels: Mapping[str, str] | None
    unwritable: Mapping[Stage, str]


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
        return Policy(
            modes=model.modes,
            grace=model.grace,
            reapply=model.reapply,
            contested_after=model.contested_after,
            refusal_memory=model.refusal_memory,
            entry_stage=model.entry_stage,
            enforce_from=model.enforce_from,
            handoff=self._handoff(model.handoff),
            recycle=self._recycle(model.recycle),
            brake=self._brake(),
            alerts=self._alerts(model.alerts),
            waivable_by=model.waivable_by,
        )

    def _gates_exist(self) -> None:
        gates = self.elsewhere.gates
        for stage in self.model.modes:
            if gates is not None and stage not in gates:
                what = f'no gate "{stage}" stands in standard.yaml'
                next_step = f"add the gate there, or name one of {', '.join(sorted(gates))}"
                self.file.fault(("modes", stage.value), what, next_step, on_key=True)

    def _writable(self, path: Path, stage: Stage) -> None:
        sides = self.elsewhere.unwritable.get(stage)
        if sides:
            what = f'"{stage}" cannot be written to {sides}'
            self.file.fault(path, what, f"add a stage line for {stage} in crm.yaml")

    def _handoff(self, part: HandoffPart) -> HandoffPolicy:
        return HandoffPolicy(
            accept_within=part.accept_within,
            warn_at=part.warn_at,
            expire_after=part.expire_after,
            calendar=self._calendar(part),
        )

    def _calendar(self, part: HandoffPart) -> Calendar:
        """The calendar of the handoff; all of them are checked."""
        calendars = {
            name: build_calendar(name, item, self.file)
            for name, item in self.model.calendars.items()
        }
        written = self.file.source.names("calendars")
        if part.calendar not in calendars and part.calendar not in written:
            what = f'unknown calendar "{part.calendar}"'
            self.file.fault(part.at("calendar"), what, did_you_mean(part.calendar, written))
        return calendars.get(part.calendar) or _ALWAYS_SHUT

    def _recycle(self, part: RecyclePart) -> RecyclePolicy:
        if part.to_stage not in _LOWEST:
            what = f'recycling to "{part.to_stage}" would not take the lead back'
            self.file.fault(part.at("to_stage"), what, f"use one of {', '.join(_LOWEST)}")
        self._writable(part.at("to_stage"), part.to_stage)
        return RecyclePolicy(
            to_stage=part.to_stage,
            owner=self._owner(part),
            reason=part.reason,
            cool_off=part.cool_off,
            most_cycles=part.most_cycles,
        )

    def _owner(self, part: RecyclePart) -> str | None:
        if part.owner and part.queue:
            what = "owner and queue stand side by side"
            self.file.fault(part.at("queue"), what, "keep one of them", on_key=True)
        if part.owner and "@" not in part.owner:
            what = f'"{part.owner}" is not an email address'
            self.file.fault(part.at("owner"), what, "write a person's address, or use queue")
        if part.queue:
            return f"queue:{part.queue}"
        return part.owner.lower() if part.owner else None

    def _brake(self) -> dict[WriteKind, Limit]:
        """One limit for every class: what is not named keeps to the default."""
        brake = self.model.brake
        chosen: dict[WriteKind, LimitPart | None] = {
            WriteKind.PROPAGATE: brake.propagate,
            WriteKind.REVERT: brake.revert,
            WriteKind.RECYCLE: brake.recycle,
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

    def _alerts(self, part: AlertsPart) -> AlertPolicy:
        if part.manager and "@" not in part.manager:
            what = f'"{part.manager}" is not an email address'
            self.file.fault(part.at("manager"), what, "write the address used in Slack")
        return AlertPolicy(
            channel=self._channel(part.at("channel"), part.channel),
            routes={
                kind: self._channel(part.at("routes", kind.value), name)
                for kind, name in part.routes.items()
            },
            manager=part.manager.lower() if part.manager else None,
            group_from=part.group_from,
        )

    def _channel(self, path: Path, name: str) -> str:
        channels = self.elsewhere.channels
        if channels is None:
            return name
        if name not in channels:
            what = f'unknown channel "{name}"'
            advice = did_you_mean(
                name, channels, otherwise="add it to connections.slack.channels in crm.yaml"
            )
            self.file.fault(path, what, advice)
        return channels.get(name, name)


_ALWAYS_SHUT = Calendar(name="", time_zone="UTC", hours={}, closed={}, version="")
"""Stands in for a calendar that was reported as unknown; never leaves this file's caller."""
