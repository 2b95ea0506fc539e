"""The CRM map: how canonical fields and stages are spelled in each CRM.

Built from config/crm.yaml by `settings`; read by normalise, detect and decide.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from syncd.domain.names import STAGE, FieldName, RecordId, System
from syncd.domain.stage import Stage, StageLine
from syncd.domain.values import FieldSpec

Spellings = Mapping[System, Mapping[FieldName, str]]
"""A digest of how each field is spelled on each side: as long as it stays, so do readings."""


class Mark(StrEnum):
    """The fields syncd alone writes, so that people see why a record is where it is."""

    VERDICT = "verdict"
    FINDINGS = "findings"
    STANDARD = "standard"
    RECYCLES = "recycles"
    RECYCLE_REASON = "recycle_reason"
    WAIVED = "waived"
    WAIVED_UNTIL = "waived_until"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideMap:
    """What syncd must know of one CRM to read and write its leads.

    `stages` are tried in order. `email` and `extra_emails` are properties matched by;
    `external_id` the property that holds our LeadId and `other_id` the native
    connector's property with the other CRM's record id (None: not used).
    `fixed_when` maps a property to words: any value there but empty, "0" or "false"
    means the stage cannot be moved back, because of those words.
    `record_url` has {id}. Reads overlap the last window by `overlap`. `converted_kind` is
    what a record becomes on conversion, read through `converted_path`; its stage cannot be
    written. `owners` spells owners whose addresses differ between the CRMs: vendor's address
    to canonical owner. `share` (0..1) is the part of the daily calls syncd may use.
    `lost_reason` is where a deal tells why it was lost.
    """

    system: System
    kind: str
    stages: tuple[StageLine, ...]
    email: str
    extra_emails: str | None
    external_id: str | None
    other_id: str | None
    fixed_when: Mapping[str, str]
    record_url: str
    overlap: timedelta
    converted_kind: str | None = None
    converted_path: str = ""
    owners: Mapping[str, str] = field(default_factory=dict)
    share: float = 0.3
    lost_reason: str | None = None

    def line_for(self, stage: Stage, kind: str | None = None) -> StageLine | None:
        """The line written for a stage: its first writable one. None for a converted record."""
        if kind is not None and kind == self.converted_kind:
            return None
        return next((x for x in self.stages if x.stage is stage and not x.read_only), None)

    def path_of(self, spec: FieldSpec, kind: str) -> str | None:
        """Where a record of this kind keeps the field, as records are read; None: nowhere."""
        if kind == self.converted_kind:
            return f"{self.converted_path}.{spec.converted}" if spec.converted else None
        return spec.properties.get(self.system)

    def link(self, record_id: RecordId) -> str:
        return self.record_url.format(id=record_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmMap:
    """`fields` is the whole typed field map but for STAGE: it holds OWNER, and the syncd
    fields that `marks` names. `name`, `company` and `source` are fields shown to people.
    `create_in` are the CRMs in which a missing record is made, and from which stage on.
    `propose_by` are fields that together suggest, and no more, that two leads are one."""

    sides: Mapping[System, SideMap]
    fields: Mapping[FieldName, FieldSpec]
    marks: Mapping[Mark, FieldName]
    name: tuple[FieldName, ...]
    company: FieldName | None
    source: FieldName | None
    create_in: Mapping[System, Stage] = field(default_factory=dict)
    propose_by: tuple[FieldName, ...] = ()

    def properties(self, system: System) -> tuple[str, ...]:
        """Every vendor property read on this side, sorted."""
        side = self.sides[system]
        wanted = {p for line in side.stages for p in line.values}
        wanted |= {s.properties[system] for s in self.fields.values() if system in s.properties}
        if side.converted_kind:
            paths = (side.path_of(s, side.converted_kind) for s in self.fields.values())
            wanted |= {path for path in paths if path}
        wanted |= {side.email, *side.fixed_when}
        wanted |= {p for p in (side.extra_emails, side.external_id, side.other_id) if p}
        return tuple(sorted(wanted))

    def properties_of(self, fields: Collection[FieldName], system: System) -> frozenset[str]:
        """Where records of this side show these fields, whatever kind they are of."""
        side = self.sides[system]
        specs = [self.fields[name] for name in fields if name in self.fields]
        kinds = (side.kind, side.converted_kind or side.kind)
        paths = {side.path_of(spec, kind) for spec in specs for kind in kinds}
        stage = self.stage_properties(system) if STAGE in fields else ()
        return frozenset({*stage, *(path for path in paths if path)})

    def stage_properties(self, system: System) -> tuple[str, ...]:
        """The properties that tell the stage on this side, sorted."""
        return tuple(sorted({p for line in self.sides[system].stages for p in line.values}))
