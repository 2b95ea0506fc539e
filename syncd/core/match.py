"""Say which lead a record belongs to. Never guesses: doubt is Ambiguous, and a person decides.

Pure: what each clue points at is looked up by the caller and handed in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, RecordId, System
from syncd.domain.record import Snapshot


@dataclass(frozen=True, slots=True)
class Known:
    """The record belongs to this lead already."""

    lead_id: LeadId


@dataclass(frozen=True, slots=True, kw_only=True)
class Joins:
    """The record becomes this lead's side; `why` names the clue."""

    lead_id: LeadId
    why: str


@dataclass(frozen=True, slots=True)
class New:
    """Nothing points at a lead. (A deleted record is new, too: the caller leaves it out.)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unite:
    """Two leads, each with one side only, turn out to be one person."""

    keep: LeadId
    drop: LeadId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """More than one answer is possible: park the record."""

    candidates: tuple[LeadId, ...]
    why: str


Match = Known | Joins | New | Unite | Ambiguous

_EXTERNAL = "the syncd id"
_CONNECTOR = "the connector's id property"
_EMAIL = "the email address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What each clue about a record points at: the stored link, the leads of records it
    carries on for, our external id, the native connector's id property, the addresses.
    `names_unread`: the connector's id names a record that was not read yet. `doubted` are
    leads that a record of the other CRM, waiting for a person, may be of as well."""

    stored: LeadId | None = None
    by_former: frozenset[LeadId] = frozenset()
    by_external: LeadId | None = None
    by_other: LeadId | None = None
    by_email: frozenset[LeadId] = frozenset()
    names_unread: bool = False
    doubted: frozenset[LeadId] = frozenset()


def match(snapshot: Snapshot, clues: Clues, leads: Mapping[LeadId, Lead]) -> Match:
    """Clues in order of strength: the stored link, the records it carries on for, our
    external id, the native connector's id, the email addresses.

    A clue that names a lead not in `leads` (erased since) is no clue, nor is one that names
    a lead a person has set apart from this record. Clues that disagree are never weighed
    against each other.
    """
    known = _lead(clues.stored, leads)
    if snapshot.merged_into is not None:
        return _follow_winner(snapshot, known, leads)
    heirs = _known(clues.by_former, leads)
    named = [x for x in (clues.by_external, clues.by_other, *clues.by_email) if x]
    may_be = {x: y for x, y in _known(named, leads).items() if not _is_apart(y, snapshot)}
    ids = {
        _EXTERNAL: _lead(clues.by_external, may_be),
        _CONNECTOR: _lead(clues.by_other, may_be),
    }
    pointed = {clue: lead for clue, lead in ids.items() if lead is not None}
    if known is None and heirs:  # an id tells whose it is; else it is that of the oldest
        by_id = (lead for lead in pointed.values() if lead.id in heirs)
        known = next(by_id, None) or min(heirs.values(), key=_age)
    if known is not None:
        return _carry_on(known, heirs, snapshot) or _hold_to(known, pointed, snapshot.system)
    if snapshot.deleted:
        return New()
    same_email = _known(clues.by_email, may_be)
    if clues.names_unread and same_email and not pointed:
        why = f"{_CONNECTOR} names a {snapshot.system.other.label} record not read yet"
        return _ambiguous(same_email.values(), f"{why}, so {_EMAIL} alone does not decide")
    if not pointed and not clues.doubted.isdisjoint(same_email):
        why = f"another {snapshot.system.other.label} record with its address waits for a person"
        return _ambiguous(same_email.values(), f"{why}, so {_EMAIL} alone does not decide")
    return _join(pointed, same_email, snapshot.system)


def _known(ids: Iterable[LeadId], leads: Mapping[LeadId, Lead]) -> dict[LeadId, Lead]:
    return {lead.id: lead for x in ids if (lead := _lead(x, leads)) is not None}


def _is_apart(lead: Lead, snapshot: Snapshot) -> bool:
    return not {snapshot.record_id, *snapshot.former}.isdisjoint(lead.apart)


def _carry_on(known: Lead, heirs: Mapping[LeadId, Lead], snapshot: Snapshot) -> Unite | None:
    """A record that carries on for those of other leads makes one lead of them. Leads that
    each have a partner of their own stay apart, and so do those with something under way:
    the record itself is in no doubt."""
    others = (x for x in sorted(heirs.values(), key=_age) if x.id != known.id)
    found = (merged(known, other, snapshot.system) for other in others)
    first = next((x for x in found if x is not None), None)
    return first if isinstance(first, Unite) else None


def lives_on_as(lead: Lead, system: System, record_id: RecordId) -> bool:
    """Whether this is the lead's record, or what became it. An id that gave way when leads were
    united stays the lead's, and yet what becomes of it does not become of the lead's record."""
    side = lead.sides.get(system)
    return side is not None and record_id in (side.record_id, *side.seen.former)


def merged(one: Lead, two: Lead, system: System) -> Unite | Ambiguous | None:
    """What becomes of two leads whose records on this side are one by now; None where each has
    a partner of its own."""
    if _living(one, system.other) and _living(two, system.other):
        return None
    return _unite(one, two, f"their records were merged in {system.label}")


def _lead(lead_id: LeadId | None, leads: Mapping[LeadId, Lead]) -> Lead | None:
    return None if lead_id is None else leads.get(lead_id)


def _hold_to(known: Lead, pointed: Mapping[str, Lead], system: System) -> Match:
    """A stored link holds, unless an id says it is another lead's."""
    others = {clue: lead for clue, lead in pointed.items() if lead.id != known.id}
    if not others:
        return Known(known.id)
    clues = " and ".join(others)
    other, *more = {lead.id: lead for lead in others.values()}.values()
    if more:
        return _ambiguous((known, other, *more), f"by {clues} it belongs to two other leads")
    if not _is_single(known, system) or not _is_single(other, system.other):
        return _ambiguous((known, other), f"by {clues} it belongs to another lead")
    return _unite(known, other, f"by {clues} they are one person")


def _join(pointed: Mapping[str, Lead], same_email: Mapping[LeadId, Lead], system: System) -> Match:
    found = {lead.id: lead for lead in pointed.values()} or same_email
    if not found:
        return New()
    clues = " and ".join(pointed) or _EMAIL
    lead, *more = found.values()
    if more:
        return _ambiguous(found.values(), f"by {clues} it could be any of several leads")
    if same_email and lead.id not in same_email:
        why = f"by {clues} it is another lead than by {_EMAIL}"
        return _ambiguous((lead, *same_email.values()), why)
    if _living(lead, system):
        why = f"by {clues} it is a lead that already has a record in {system.label}"
        return _ambiguous((lead,), why)
    return Joins(lead_id=lead.id, why=clues)


def _follow_winner(snapshot: Snapshot, known: Lead | None, leads: Mapping[LeadId, Lead]) -> Match:
    """A merged record is the winner's. Where each had a partner in the other CRM, the loser's
    lead keeps its own partner: merging that one is a person's business."""
    winner = next((lead for lead in leads.values() if _is_winner(lead, snapshot)), None)
    if winner is None:
        return New() if known is None else Known(known.id)
    if known is None or known.id == winner.id:
        return Known(winner.id)
    if not lives_on_as(known, snapshot.system, snapshot.record_id):
        return Known(known.id)
    return merged(known, winner, snapshot.system) or Known(known.id)


def _is_winner(lead: Lead, snapshot: Snapshot) -> bool:
    side = lead.sides.get(snapshot.system)
    return side is not None and snapshot.merged_into in (side.record_id, *side.former)


def _unite(one: Lead, two: Lead, why: str) -> Unite | Ambiguous:
    """The lead seen first keeps its name, but for one that sales took on; unless something is
    under way that would be lost."""
    keep, drop = sorted((one, two), key=lambda lead: (not is_taken_on(lead), _age(lead)))
    if busy := [lead for lead in (keep, drop) if is_busy(lead)]:
        return _ambiguous((keep, drop), f"{why}, but {busy[0].id} has a handoff or a move open")
    return Unite(keep=keep.id, drop=drop.id, why=why)


def _age(lead: Lead) -> tuple[datetime, LeadId]:
    return lead.first_seen_at, lead.id


def is_busy(lead: Lead) -> bool:
    """Whether something is under way that would be lost if the lead were dropped."""
    is_offered = lead.handoff is not None and not lead.handoff.state.is_accepted
    return is_offered or lead.move is not None


def is_taken_on(lead: Lead) -> bool:
    """Whether sales works it: its handoff goes on with whatever lead it is united with."""
    return lead.handoff is not None and lead.handoff.state.is_accepted


def _is_single(lead: Lead, system: System) -> bool:
    """Whether the lead lives on this side and nowhere else."""
    return _living(lead, system) and not _living(lead, system.other)


def _living(lead: Lead, system: System) -> bool:
    side = lead.sides.get(system)
    return side is not None and side.gone is None


def _ambiguous(leads: Iterable[Lead], why: str) -> Ambiguous:
    return Ambiguous(candidates=tuple(sorted({lead.id for lead in leads})), why=why)
