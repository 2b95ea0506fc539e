"""What `syncd links` prints: parked records, proposals, what was not created, what is ignored.

Layout only; every line that asks for something names the command that does it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from syncd.cli.wording import lead_name
from syncd.core.erasing import vanished_of
from syncd.core.propose import Proposal
from syncd.core.value_words import counted
from syncd.core.views import living
from syncd.domain.decision import Parked
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, System
from syncd.settings.load import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """`not_created` are leads whose missing record the CRM may have already, `vanished` those
    with one that is not shown any more, too many at once to have been erased."""

    parked: tuple[Parked, ...]
    ignored: tuple[Parked, ...]
    proposals: tuple[Proposal, ...]
    not_created: tuple[Lead, ...]
    vanished: tuple[Lead, ...] = ()


def as_json_of(found: Listing) -> Mapping[str, object]:
    return {
        "parked": found.parked,
        "proposals": found.proposals,
        "not_created": [
            {"lead": lead.id, "records": _records(lead), "twin": lead.twin}
            for lead in found.not_created
        ],
        "vanished": [
            {"lead": lead.id, "system": system, "record": lead.sides[system].record_id}
            for lead in found.vanished
            for system in vanished_of(lead)
        ],
        "ignored": found.ignored,
    }


def page(found: Listing, leads: Mapping[LeadId, Lead], settings: Settings) -> Iterator[str]:
    yield from _section("Parked", "record", [_parked(x, leads, settings) for x in found.parked])
    yield from _section(
        "Proposed", "pair", [_proposed(x, leads, settings) for x in found.proposals]
    )
    refused = [_not_created(x, settings) for x in found.not_created]
    yield from _section("Not created", "lead", refused)
    vanished = [_vanished(x, s) for x in found.vanished for s in vanished_of(x)]
    yield from _section("Vanished, perhaps only hidden from syncd's user", "record", vanished)
    yield from _section("Ignored", "record", [_ignored(x, settings) for x in found.ignored])
    if not any((found.parked, found.proposals, found.not_created, vanished, found.ignored)):
        yield "Every record read so far is linked or stands alone. Nothing is in doubt."


def _section(title: str, noun: str, entries: Sequence[Iterable[str]]) -> Iterator[str]:
    if not entries:
        return
    yield f"{title}: {counted(len(entries), noun)}"
    for entry in entries:
        yield from (f"  {line}" for line in entry)


def _parked(x: Parked, leads: Mapping[LeadId, Lead], settings: Settings) -> Iterator[str]:
    yield f"{_record(x, settings)}, since {x.since:%Y-%m-%d %H:%M} UTC"
    yield f"  {x.why}"
    for candidate in x.candidates:
        yield f"  candidate: {_name(candidate, leads, settings)}"
    first = x.candidates[0] if x.candidates else "LEAD"
    yield f"  syncd links link {first} {x.system} {x.record_id}"
    yield f"  syncd links ignore {x.system} {x.record_id}"


def _proposed(x: Proposal, leads: Mapping[LeadId, Lead], settings: Settings) -> Iterator[str]:
    yield f"{x.why}: perhaps one person"
    for lead_id in x.leads:
        yield f"  {_name(lead_id, leads, settings)}"
    known = [leads[lead_id] for lead_id in x.leads if lead_id in leads]
    one, two = _pair(known)
    if one and two:
        (side,) = living(two)
        yield f"  syncd links link {one.id} {side.system} {side.record_id}"


def _pair(leads: Sequence[Lead]) -> tuple[Lead | None, Lead | None]:
    """The first lead, and the first of the other CRM."""
    if not leads:
        return None, None
    first, *rest = leads
    here = {side.system for side in living(first)}
    return first, next((x for x in rest if {s.system for s in living(x)} != here), None)


def _not_created(lead: Lead, settings: Settings) -> Iterator[str]:
    if lead.twin is None:
        return
    system = lead.twin.system
    yield f"{lead_name(lead, settings)}  ({lead.id})"
    yield f"  not created in {system.label}: {lead.twin.refused}"
    for record in lead.twin.like:
        yield f"  perhaps {settings.crm.sides[system].link(record)}"
        yield f"  syncd links link {lead.id} {system} {record}"


def _vanished(lead: Lead, system: System) -> Iterator[str]:
    side = lead.sides[system]
    yield f"{system.label} {side.record_id}  ({lead.id})"
    yield f"  syncd links forget {system} {side.record_id}    if its person was erased"


def _ignored(x: Parked, settings: Settings) -> Iterator[str]:
    yield f"{_record(x, settings)}: {x.why}"


def _record(x: Parked, settings: Settings) -> str:
    link = settings.crm.sides[x.system].link(x.record_id)
    return f"{x.system.label} {x.record_id}  {link}"


def _name(lead_id: LeadId, leads: Mapping[LeadId, Lead], settings: Settings) -> str:
    lead = leads.get(lead_id)
    if lead is None:
        return f"a lead that is gone  ({lead_id})"
    return f"{lead_name(lead, settings)}  ({', '.join(_records(lead))}; {lead.id})"


def _records(lead: Lead) -> list[str]:
    return [f"{side.system.label} {side.record_id}" for side in living(lead)]
