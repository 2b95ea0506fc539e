"""What a few fields of a record show at this moment: all that a write has to know of it.

In the words of `normalise`, which takes a whole record in. Here nothing is found fault with and
nobody is recognised: the poll that brings the record does both.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache

from syncd.core.spelling import Reader, misread, read_raw, reader
from syncd.core.stages import property_of, stage_reader
from syncd.domain.mapping import CrmMap
from syncd.domain.names import STAGE, FieldName, System
from syncd.domain.record import Directory, Record, Snapshot
from syncd.domain.values import FieldSpec, Seen, Unreadable

_Glance = Callable[[Mapping[str, object]], Seen]


def glancer(
    fields: Collection[FieldName], crm_map: CrmMap, system: System, directory: Directory
) -> Callable[[Record], Snapshot]:
    """For many records of one CRM: each with the values of these fields alone, as far as
    records of its kind have them."""

    @cache
    def glances(kind: str) -> tuple[tuple[FieldName, _Glance], ...]:
        return tuple(_glances(fields, crm_map, system, kind, directory))

    return lambda record: Snapshot(
        system=system,
        record_id=record.id,
        kind=record.kind,
        created_at=record.created_at,
        modified_at=record.modified_at,
        values={name: read(record.properties) for name, read in glances(record.kind)},
    )


def _glances(
    fields: Collection[FieldName],
    crm_map: CrmMap,
    system: System,
    kind: str,
    directory: Directory,
) -> Iterator[tuple[FieldName, _Glance]]:
    side = crm_map.sides[system]
    for name in fields:
        spec = crm_map.fields.get(name)
        if name == STAGE:
            yield name, stage_reader(side.stages)
        elif spec and system in spec.properties and (path := side.path_of(spec, kind)):
            yield name, _value_reader(spec, path, system, reader(spec, system, directory))


def _value_reader(spec: FieldSpec, path: str, system: System, read: Reader) -> _Glance:
    def value(properties: Mapping[str, object]) -> Seen:
        try:
            raw = property_of(properties, path)
            return None if raw is None else read_raw(raw, read)
        except KeyError:
            return Unreadable(why=f"not readable in {system.label}")
        except (ValueError, ArithmeticError):
            return misread(spec, system)

    return value
