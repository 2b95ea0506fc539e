"""Write a lead, in which nearly every value stands four times, each value once.

What a CRM showed last is nearly what was settled there, and the two CRMs show nearly the
same. So all values are written of the first side alone; each further mapping is the list
of how it differs from the one before it: `[]` not at all, `[{field: value}]` in these
fields, `[{...}, [field]]` that it lacks these besides. A store of schema 0002 or older
has whole mappings: they are read as well.
"""

from collections.abc import Mapping
from typing import Any

from syncd.adapters.store.codec import Parts
from syncd.adapters.store.field_values import pack_values, unpack_values
from syncd.adapters.store.jsontext import dumps, loads
from syncd.domain.lead import Lead, Side
from syncd.domain.names import System
from syncd.domain.record import Snapshot
from syncd.domain.values import Seen

_LEAD: Parts[Lead] = Parts(Lead, "sides")
_SIDE: Parts[Side] = Parts(Side, "seen", "baseline")
_SEEN: Parts[Snapshot] = Parts(Snapshot, "values")
_Values = Mapping[Any, Any]
_NOTHING: _Values = {}


class LeadCodec:
    """A `Codec` of leads."""

    def encode(self, lead: Lead) -> str:
        doc = _LEAD.pack(lead)
        doc["sides"] = _pack_sides(lead.sides)
        return dumps(doc)

    def decode(self, text: str) -> Lead:
        doc = loads(text)
        doc["sides"] = _unpack_sides(doc["sides"])
        return _LEAD.unpack(doc)


def _pack_sides(sides: Mapping[System, Side]) -> dict[str, Any]:
    docs, like = {}, _NOTHING
    for system, side in sides.items():
        seen = side.seen
        doc, shown = _SIDE.pack(side), _SEEN.pack(seen)
        shown["values"] = _packed(seen.values, like)
        doc["seen"], doc["baseline"] = shown, _packed(side.baseline, seen.values)
        docs[system._value_], like = doc, seen.values
    return docs


def _unpack_sides(docs: dict[str, Any]) -> dict[System, Side]:
    sides, like = {}, _NOTHING
    for system, doc in docs.items():
        shown = doc["seen"]
        shown["values"] = like = _unpacked(shown["values"], like)
        doc["seen"], doc["baseline"] = _SEEN.unpack(shown), _unpacked(doc["baseline"], like)
        sides[_SYSTEM[system]] = _SIDE.unpack(doc)
    return sides


_SYSTEM: Mapping[str, System] = {system.value: system for system in System}


def _packed(values: Mapping[Any, Seen], like: _Values) -> Any:
    """What equals counts as the same, as it does wherever values are compared."""
    if values is like or values == like:
        return []
    if not like:
        return pack_values(values)
    changes = {n: value for n, value in values.items() if like.get(n, like) != value}
    if like.keys() <= values.keys():
        return [pack_values(changes)] if changes else []
    return [pack_values(changes), [name for name in like if name not in values]]


def _unpacked(doc: Any, like: _Values) -> _Values:
    """Mappings that do not differ are one and the same: nobody changes them."""
    match doc:
        case []:
            return like
        case [changes]:
            return {**like, **unpack_values(changes)}
        case [changes, lacking]:
            whole = {**like, **unpack_values(changes)}
            return {name: value for name, value in whole.items() if name not in lacking}
        case _:
            return unpack_values(doc)
