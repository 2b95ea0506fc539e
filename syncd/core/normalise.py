"""Turn a vendor record into a snapshot: the same words and types whichever CRM it is from.

A value that cannot be told becomes Unreadable and a finding; it is never taken for empty.
"""

from collections.abc import Iterator

from syncd.core.ids import salesforce_id_18
from syncd.core.spelling import FITS, read_email, read_value
from syncd.core.stages import (
    NOTHING,
    as_text,
    property_of,
    read_stage,
    spelled,
    spellings,
    stage_texts,
)
from syncd.core.value_words import cut
from syncd.domain.mapping import CrmMap, SideMap
from syncd.domain.names import STAGE, FieldName, LeadId, RecordId, System
from syncd.domain.record import Directory, FieldFinding, Record, Snapshot
from syncd.domain.values import FieldSpec, Seen, Unreadable


def normalise(record: Record, crm_map: CrmMap, directory: Directory) -> Snapshot:
    """The record in canonical form, with a finding for every value that is not what its
    field or stage line expects. A property the vendor did not return is unreadable
    without a finding: it is the schema's fault, not the record's. A field that records of
    this kind do not have is absent."""
    system, side = record.system, crm_map.sides[record.system]
    values: dict[FieldName, Seen] = {}
    findings: list[FieldFinding] = []
    for spec in crm_map.fields.values():
        path = side.path_of(spec, record.kind) if system in spec.properties else None
        if path is None:
            continue
        seen, finding = _read_field(record, spec, path, directory)
        values[spec.name] = seen
        if finding:
            findings.append(finding)
    values[STAGE] = stage = read_stage(record.properties, side.stages)
    if isinstance(stage, Unreadable) and not record.deleted:
        findings.append(_stage_finding(record, side))
    return Snapshot(
        system=system,
        record_id=record.id,
        kind=record.kind,
        created_at=record.created_at,
        modified_at=record.modified_at,
        values=values,
        emails=_emails(record, side, crm_map),
        lead_id=LeadId(_text(record, side.external_id)) or None,
        other_id=_other_id(_text(record, side.other_id), system),
        fixed=_fixed(record, side) or record.locked or _converted(record, side),
        locked=record.locked,
        deleted=record.deleted,
        merged_into=record.merged_into,
        former=record.former,
        findings=tuple(findings),
    )


def _read_field(
    record: Record, spec: FieldSpec, path: str, directory: Directory
) -> tuple[Seen, FieldFinding | None]:
    system = record.system
    try:
        raw = property_of(record.properties, path)
    except KeyError:
        return Unreadable(why=f"not readable in {system.label}"), None
    seen = read_value(raw, spec, system, directory)
    if not isinstance(seen, Unreadable):
        return seen, None
    text = cut(as_text(raw))
    return seen, FieldFinding(field=spec.name, system=system, seen=text, fits=FITS[spec.type])


def _stage_finding(record: Record, side: SideMap) -> FieldFinding:
    return FieldFinding(
        field=STAGE,
        system=record.system,
        seen=spelled(stage_texts(record.properties, side.stages)),
        fits=spellings(side.stages),
    )


def _text(record: Record, path: str | None) -> str:
    """A property as text; empty when it is not used or cannot be read."""
    if path is None:
        return ""
    try:
        return as_text(property_of(record.properties, path))
    except KeyError:
        return ""


def _other_id(text: str, system: System) -> RecordId | None:
    """The native connector's word for the record in the other CRM. What is no id is none:
    it may only ever join records, so doubt joins nothing."""
    if system.other is System.SALESFORCE:
        return salesforce_id_18(text)
    return RecordId(text) if text else None


def _emails(record: Record, side: SideMap, crm_map: CrmMap) -> tuple[str, ...]:
    """Every address to match by, the first one first."""
    return tuple(dict.fromkeys(_valid_emails(record, side, _email_path(record, side, crm_map))))


def _email_path(record: Record, side: SideMap, crm_map: CrmMap) -> str:
    """Where a record of this kind has its address: a converted lead's own is out of date."""
    if record.kind != side.converted_kind:
        return side.email
    specs = (s for s in crm_map.fields.values() if s.properties.get(side.system) == side.email)
    paths = (side.path_of(spec, record.kind) for spec in specs)
    return next((path for path in paths if path), side.email)


def _valid_emails(record: Record, side: SideMap, email: str) -> Iterator[str]:
    extra = _text(record, side.extra_emails).split(";")
    for text in filter(None, (_text(record, email), *extra)):
        try:
            yield read_email(text)
        except ValueError:
            continue


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


def _converted(record: Record, side: SideMap) -> str | None:
    return "the lead is converted" if record.kind == side.converted_kind else None
