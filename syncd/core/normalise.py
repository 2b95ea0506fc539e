"""Turn a vendor record into a snapshot: the same words and types whichever CRM it is from.

A value that cannot be told becomes Unreadable and a finding; it is never taken for empty.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from syncd.core.ids import salesforce_id_18
from syncd.core.spelling import FITS, Reader, misread, read_email, read_raw, reader
from syncd.core.stages import (
    NOTHING,
    as_text,
    property_of,
    spelled,
    spellings,
    stage_reader,
    stage_texts,
)
from syncd.core.value_words import cut
from syncd.domain.mapping import CrmMap, SideMap
from syncd.domain.names import STAGE, FieldName, LeadId, RecordId, System
from syncd.domain.record import Directory, FieldFinding, Record, Snapshot
from syncd.domain.stage import Stage
from syncd.domain.values import FieldSpec, FieldType, Seen, Unreadable


def normalise(record: Record, crm_map: CrmMap, directory: Directory) -> Snapshot:
    """The record in canonical form, with a finding for every value that is not what its
    field or stage line expects. A property the vendor did not return is unreadable
    without a finding: it is the schema's fault, not the record's. A field that records of
    this kind do not have is absent."""
    return normaliser(crm_map, record.system, directory)(record)


def normaliser(
    crm_map: CrmMap, system: System, directory: Directory
) -> Callable[[Record], Snapshot]:
    """As `normalise`, for many records of one CRM: what is the same for all of a kind is worked
    out once."""

    @cache
    def form(kind: str) -> _Form:
        return _form(crm_map, crm_map.sides[system], kind, directory)

    return lambda record: _snapshot(record, form(record.kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How records of one kind are read: each field with the path it stands under."""

    side: SideMap
    names: tuple[FieldName, ...]
    fields: tuple[tuple[FieldSpec, FieldName, str, Reader], ...]
    stage: Callable[[Mapping[str, object]], Stage | Unreadable]
    email: str
    email_field: FieldName | None
    is_converted: bool


def _form(crm_map: CrmMap, side: SideMap, kind: str, directory: Directory) -> _Form:
    system = side.system
    email = _email_path(side, kind, crm_map)
    fields = tuple(
        (spec, spec.name, path, reader(spec, system, directory))
        for spec in crm_map.fields.values()
        if system in spec.properties and (path := side.path_of(spec, kind)) is not None
    )
    emails = (spec for spec, _, path, _ in fields if path == email)
    return _Form(
        side=side,
        names=tuple(name for _, name, _, _ in fields),
        fields=fields,
        stage=stage_reader(side.stages),
        email=email,
        email_field=next((s.name for s in emails if s.type is FieldType.EMAIL), None),
        is_converted=kind == side.converted_kind,
    )


def _email_path(side: SideMap, kind: str, crm_map: CrmMap) -> str:
    """Where a record of this kind has its address: a converted lead's own is out of date."""
    if kind != side.converted_kind:
        return side.email
    specs = (s for s in crm_map.fields.values() if s.properties.get(side.system) == side.email)
    paths = (side.path_of(spec, kind) for spec in specs)
    return next((path for path in paths if path), side.email)


def _snapshot(record: Record, form: _Form) -> Snapshot:
    system, side, properties = record.system, form.side, record.properties
    values, findings = _read_fields(record, form)
    values[STAGE] = stage = form.stage(properties)
    if isinstance(stage, Unreadable) and not record.deleted:
        findings.append(_stage_finding(record, side))
    return Snapshot(
        system=system,
        record_id=record.id,
        kind=record.kind,
        created_at=record.created_at,
        modified_at=record.modified_at,
        values=values,
        emails=_emails(properties, form, values),
        lead_id=LeadId(_text(properties, side.external_id)) or None,
        other_id=_other_id(_text(properties, side.other_id), system),
        fixed=_fixed(record, side) or record.locked or _converted(form),
        locked=record.locked,
        deleted=record.deleted,
        merged_into=record.merged_into,
        former=record.former,
        findings=tuple(findings),
    )


def _read_fields(record: Record, form: _Form) -> tuple[dict[FieldName, Seen], list[FieldFinding]]:
    system, properties = record.system, record.properties
    values: dict[FieldName, Seen] = dict.fromkeys(form.names)
    findings: list[FieldFinding] = []
    for spec, name, path, read in form.fields:
        raw: object = None
        try:
            raw = properties[path] if path in properties else property_of(properties, path)
            if raw is not None and raw != "":
                values[name] = read_raw(raw, read)
        except KeyError:
            values[name] = Unreadable(why=f"not readable in {system.label}")
        except (ValueError, ArithmeticError):
            values[name] = misread(spec, system)
            seen = cut(as_text(raw))
            findings.append(
                FieldFinding(field=name, system=system, seen=seen, fits=FITS[spec.type])
            )
    return values, findings


def _stage_finding(record: Record, side: SideMap) -> FieldFinding:
    return FieldFinding(
        field=STAGE,
        system=record.system,
        seen=spelled(stage_texts(record.properties, side.stages)),
        fits=spellings(side.stages),
    )


def _text(properties: Mapping[str, object], path: str | None) -> str:
    """A property as text; empty when it is not used or cannot be read."""
    if path is None:
        return ""
    try:
        return as_text(property_of(properties, path))
    except KeyError:
        return ""


def _other_id(text: str, system: System) -> RecordId | None:
    """The native connector's word for the record in the other CRM. What is no id is none:
    it may only ever join records, so doubt joins nothing."""
    if not text:
        return None
    return salesforce_id_18(text) if system is System.HUBSPOT else RecordId(text)


def _emails(
    properties: Mapping[str, object], form: _Form, values: Mapping[FieldName, Seen]
) -> tuple[str, ...]:
    """Every address to match by, the first one first, which may be a field that was read."""
    extra = _text(properties, form.side.extra_emails)
    if form.email_field and not extra:
        email = values[form.email_field]
        return (email,) if isinstance(email, str) else ()
    found: dict[str, None] = {}
    for text in (_text(properties, form.email), *extra.split(";")):
        try:
            if text:
                found[read_email(text)] = None
        except ValueError:
            continue
    return tuple(found)


def _fixed(record: Record, side: SideMap) -> str | None:
    """Why the stage cannot be moved back. Not being able to tell is a reason, too."""
    for path, words in side.fixed_when.items():
        try:
            text = as_text(property_of(record.properties, path))
        except KeyError:
            return f"{path} cannot be read, so it may be that {words}"
        if text not in NOTHING:
            return words
    return None


def _converted(form: _Form) -> str | None:
    return "the lead is converted" if form.is_converted else None
