"""Spell canonical values for one CRM, as a write takes them. Lossless or not at all.

What the CRM would refuse, or would not keep as it is, becomes a finding and is left out;
nothing is ever cut to fit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from syncd.core.spelling import Misfit, VendorValue, spell_value
from syncd.core.value_words import listed, plain
from syncd.domain.action import FieldWrite
from syncd.domain.mapping import CrmMap
from syncd.domain.names import STAGE, FieldName, System
from syncd.domain.record import Directory, FieldFinding, PropertySchema, Schema
from syncd.domain.stage import Stage
from syncd.domain.values import FieldType, Value

_NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.CURRENCY})
_TYPED: Mapping[str, frozenset[FieldType]] = {
    "number": _NUMBERS,
    "int": frozenset({FieldType.INTEGER}),
    "long": frozenset({FieldType.INTEGER}),
    "double": _NUMBERS,
    "currency": _NUMBERS,
    "percent": _NUMBERS,
    "bool": frozenset({FieldType.BOOLEAN}),
    "boolean": frozenset({FieldType.BOOLEAN}),
    "date": frozenset({FieldType.DATE}),
    "datetime": frozenset({FieldType.DATETIME}),
}
"""Vendor types that take only fields of these types. All others hold text."""
_JSON_TYPES = _NUMBERS | {FieldType.BOOLEAN}
_MOST_OPTIONS = 12


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
) -> VendorValues:
    """Each write in the vendor's spelling, or a finding saying what would fit."""
    speller = _Speller(crm_map=crm_map, system=system, directory=directory, schema=schema)
    properties: dict[str, VendorValue] = {}
    fields: list[FieldName] = []
    findings: list[FieldFinding] = []
    for write in writes:
        spelling = speller.spell(write)
        if isinstance(spelling, Misfit):
            findings.append(_finding(write, system, spelling.fits))
            continue
        properties |= spelling
        fields.append(write.field)
    return VendorValues(properties=properties, fields=tuple(fields), findings=tuple(findings))


def _finding(write: FieldWrite, system: System, fits: str) -> FieldFinding:
    return FieldFinding(field=write.field, system=system, seen=plain(write.value), fits=fits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speller:
    """One side, as spelling a write needs to know it."""

    crm_map: CrmMap
    system: System
    directory: Directory
    schema: Schema

    def spell(self, write: FieldWrite) -> Mapping[str, VendorValue] | Misfit:
        if write.field == STAGE:
            return self._stage(write.value)
        return self._field(write)

    def _field(self, write: FieldWrite) -> Mapping[str, VendorValue] | Misfit:
        spec = self.crm_map.fields.get(write.field)
        if spec is None or self.system not in spec.properties:
            return Misfit(f"a field that is mapped to {self.system.label}")
        accepts = self._writable(spec.properties[self.system])
        if isinstance(accepts, Misfit):
            return accepts
        value = spell_value(write.value, spec, self.system, self.directory)
        if isinstance(value, Misfit):
            return value
        refusal = _refusal(value, spec.type, accepts, self.system)
        return refusal or {accepts.name: value}

    def _stage(self, value: Value) -> Mapping[str, VendorValue] | Misfit:
        """Every value the stage's line names, or nothing: half a line is another stage."""
        line = self.crm_map.sides[self.system].line_for(value) if isinstance(value, Stage) else None
        if line is None:
            return Misfit(f"a stage that can be written in {self.system.label}")
        properties: dict[str, VendorValue] = {}
        for path, text in line.values.items():
            accepts = self._writable(path)
            if isinstance(accepts, Misfit):
                return accepts
            if refusal := _text_refusal(text, accepts):
                return refusal
            properties[path] = self._stage_value(text, accepts)
        return properties

    def _stage_value(self, text: str, accepts: PropertySchema) -> VendorValue:
        """Lines are text; a Salesforce check box wants JSON."""
        if self.system is System.SALESFORCE and accepts.type == "boolean":
            return text == "true"
        return text or None

    def _writable(self, path: str) -> PropertySchema | Misfit:
        if "." in path:
            return Misfit(f"a property of the record itself: {path} belongs to another")
        accepts = self.schema.get(path)
        if accepts is None:
            return Misfit(f"a property {path}, which {self.system.label} does not have")
        if not accepts.writable:
            return Misfit(f"a property syncd may write: {path} is read-only in {self.system.label}")
        return accepts


def _refusal(
    value: VendorValue, kind: FieldType, accepts: PropertySchema, system: System
) -> Misfit | None:
    """What would make the vendor refuse this value for this property."""
    if value is None:
        return _clear_refusal(accepts, system)
    taken = _TYPED.get(accepts.type)
    if taken is not None and kind not in taken:
        return Misfit(f"a value of type {accepts.type}")
    if taken is None and system is System.SALESFORCE and kind in _JSON_TYPES:
        return Misfit(f"a value of type {accepts.type}")
    if kind is FieldType.OWNER or not isinstance(value, str):
        return None
    if kind is FieldType.MULTI_PICKLIST and accepts.options is not None:
        return _option_refusal(value.split(";"), accepts.options)
    return _text_refusal(value, accepts)


def _clear_refusal(accepts: PropertySchema, system: System) -> Misfit | None:
    """A Salesforce check box is never empty."""
    if system is System.SALESFORCE and accepts.type == "boolean":
        return Misfit("true or false")
    return None


def _text_refusal(text: str, accepts: PropertySchema) -> Misfit | None:
    if text and accepts.options is not None:
        return _option_refusal([text], accepts.options)
    if accepts.max_length is not None and len(text) > accepts.max_length:
        return Misfit(f"at most {accepts.max_length:,} characters")
    return None


def _option_refusal(chosen: Collection[str], options: frozenset[str]) -> Misfit | None:
    if options.issuperset(chosen):
        return None
    shown = sorted(options)[:_MOST_OPTIONS]
    more = [f"{len(options) - len(shown)} more"] if len(options) > len(shown) else []
    return Misfit(f"one of {listed([*shown, *more], 'or')}")
