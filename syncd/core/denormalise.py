"""Spell canonical values for one CRM, as a write takes them. Lossless or not at all.

What the CRM would refuse, or would not keep as it is, becomes a finding and is left out;
nothing is ever cut to fit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from syncd.core.refusal import refusal, text_refusal
from syncd.core.spelling import Misfit, VendorValue, spell_value
from syncd.core.value_words import plain
from syncd.domain.action import FieldWrite
from syncd.domain.copies import swift
from syncd.domain.mapping import CrmMap
from syncd.domain.names import STAGE, FieldName, System
from syncd.domain.record import Directory, FieldFinding, PropertySchema, Schema
from syncd.domain.stage import Stage
from syncd.domain.values import FieldSpec, Value


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class VendorValues:
    """`properties` are ready for a RecordWrite and write exactly `fields`; every other
    field asked for has a finding."""

    properties: Mapping[str, VendorValue]
    fields: tuple[FieldName, ...]
    findings: tuple[FieldFinding, ...]


def vendor_values(
    writes: Sequence[FieldWrite],
    *,
    crm_map: CrmMap,
    system: System,
    directory: Directory,
    schema: Schema,
    kind: str | None = None,
) -> VendorValues:
    """Each write in the vendor's spelling, or a finding saying what would fit. `kind` is the
    record's (None: what the CRM calls a lead)."""
    spell = speller(crm_map=crm_map, system=system, directory=directory, schema=schema)
    return spell(writes, kind or crm_map.sides[system].kind)


Speller = Callable[[Sequence[FieldWrite], str], VendorValues]
"""Spells the writes to one record of a kind."""


def speller(*, crm_map: CrmMap, system: System, directory: Directory, schema: Schema) -> Speller:
    """As `vendor_values`, for many records of one CRM."""

    @cache
    def of_kind(kind: str) -> _Speller:
        return _Speller(
            crm_map=crm_map, system=system, kind=kind, directory=directory, schema=schema
        )

    return lambda writes, kind: of_kind(kind).spell_all(writes)


def _finding(write: FieldWrite, system: System, fits: str) -> FieldFinding:
    return FieldFinding(field=write.field, system=system, seen=plain(write.value), fits=fits)


_Taker = tuple[FieldSpec, PropertySchema]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speller:
    """One side, as spelling a write needs to know it. `takers` are those found so far: which
    field it is, and the property that takes it."""

    crm_map: CrmMap
    system: System
    kind: str
    directory: Directory
    schema: Schema
    takers: dict[FieldName, _Taker | Misfit] = field(default_factory=dict, init=False)

    def spell_all(self, writes: Sequence[FieldWrite]) -> VendorValues:
        properties: dict[str, VendorValue] = {}
        fields: list[FieldName] = []
        findings: list[FieldFinding] = []
        for write in writes:
            spelling = self.spell(write)
            if isinstance(spelling, Misfit):
                findings.append(_finding(write, self.system, spelling.fits))
                continue
            properties |= spelling
            fields.append(write.field)
        return VendorValues(properties=properties, fields=tuple(fields), findings=tuple(findings))

    def spell(self, write: FieldWrite) -> Mapping[str, VendorValue] | Misfit:
        if write.field == STAGE:
            return self._stage(write.value)
        return self._field(write)

    def _field(self, write: FieldWrite) -> Mapping[str, VendorValue] | Misfit:
        taker = self.takers.get(write.field)
        if taker is None:
            taker = self.takers[write.field] = self._taker(write.field)
        if isinstance(taker, Misfit):
            return taker
        spec, accepts = taker
        value = spell_value(write.value, spec, self.system, self.directory)
        if isinstance(value, Misfit):
            return value
        refused = refusal(write.value, value, spec.type, accepts, self.system)
        return refused or {accepts.name: value}

    def _taker(self, name: FieldName) -> _Taker | Misfit:
        spec = self.crm_map.fields.get(name)
        if spec is None or self.system not in spec.properties:
            return Misfit(f"a field that is mapped to {self.system.label}")
        path = self.crm_map.sides[self.system].path_of(spec, self.kind)
        if path is None:
            return Misfit(f"a field that is mapped to the {self.kind}")
        accepts = self._writable(path)
        return accepts if isinstance(accepts, Misfit) else (spec, accepts)

    def _stage(self, value: Value) -> Mapping[str, VendorValue] | Misfit:
        """Every value the stage's line names, or nothing: half a line is another stage."""
        side = self.crm_map.sides[self.system]
        line = side.line_for(value, self.kind) if isinstance(value, Stage) else None
        if line is None:
            return Misfit(f"a stage that can be written in {self.system.label}")
        properties: dict[str, VendorValue] = {}
        for path, text in line.values.items():
            accepts = self._writable(path)
            if isinstance(accepts, Misfit):
                return accepts
            if refused := text_refusal(text, accepts):
                return refused
            properties[path] = self._stage_value(text, accepts)
        return properties

    def _stage_value(self, text: str, accepts: PropertySchema) -> VendorValue:
        """Lines are text; a Salesforce check box wants JSON."""
        if self.system is System.SALESFORCE and accepts.type == "boolean":
            return text == "true"
        return text or None

    def _writable(self, path: str) -> PropertySchema | Misfit:
        """What takes a write to this path. The property's own name has no dot: one of the
        converted record is known under its path and written by its name."""
        if "." in self._own(path):
            return Misfit(f"a property of the record itself: {path} belongs to another")
        accepts = self.schema.get(path)
        if accepts is None:
            return Misfit(f"a property {path}, which {self.system.label} does not have")
        if not accepts.writable:
            return Misfit(f"a property syncd may write: {path} is read-only in {self.system.label}")
        return accepts

    def _own(self, path: str) -> str:
        """The path as the record itself would name it."""
        side = self.crm_map.sides[self.system]
        is_converted = self.kind == side.converted_kind
        return path.removeprefix(f"{side.converted_path}.") if is_converted else path
