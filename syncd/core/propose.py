"""Suggest which leads may be one person: those whose values of some fields all match.

Only ever a suggestion for a person to look at. Nothing is linked by it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from syncd.core.value_words import field_words, listed
from syncd.core.views import known_value, living
from syncd.domain.lead import Lead
from syncd.domain.names import FieldName, LeadId, RecordId, System

_DIGEST_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Leads with one record each, in both CRMs, that look like one person."""

    leads: tuple[LeadId, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lone:
    """What is kept of a lead while the others are looked at: bounded however many there are."""

    lead_id: LeadId
    system: System
    record_id: RecordId
    apart: tuple[RecordId, ...]


def proposals(leads: Iterable[Lead], fields: Sequence[FieldName]) -> Iterator[Proposal]:
    """Leads that live in one CRM each and agree on all of these fields."""
    if not fields:
        return
    alike: dict[bytes, list[_Lone]] = defaultdict(list)
    for lead in leads:
        sides, mark = living(lead), _mark(lead, fields)
        if len(sides) == 1 and mark is not None:
            lone = _Lone(
                lead_id=lead.id,
                system=sides[0].system,
                record_id=sides[0].record_id,
                apart=lead.apart,
            )
            alike[mark].append(lone)
    why = f"the same {listed((field_words(x) for x in fields), 'and')}"
    for group in alike.values():
        if found := _possible(group):
            yield Proposal(leads=found, why=why)


def _possible(group: Sequence[_Lone]) -> tuple[LeadId, ...]:
    """Those of a group that could be linked with another one of it."""
    return tuple(
        one.lead_id
        for one in group
        if any(one.system is not two.system and not _apart(one, two) for two in group)
    )


def _apart(one: _Lone, two: _Lone) -> bool:
    return two.record_id in one.apart or one.record_id in two.apart


def _mark(lead: Lead, fields: Sequence[FieldName]) -> bytes | None:
    """The same for the same values, however they are written; None when one is missing."""
    values = [_plain(known_value(lead, name)) for name in fields]
    if not all(values):
        return None
    text = "\x1f".join(values)
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest()


def _plain(value: object) -> str:
    """Letters and digits alone, in one case; so that +1 (555) 010 is 1555010."""
    text = "" if value is None else str(value)
    return "".join(x for x in text.casefold() if x.isalnum())
