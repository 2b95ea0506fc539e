"""Ask both CRMs when, and by whom, fields that both sides changed got their values.

Once a side for all records of a batch, and not at all where nothing clashes.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from syncd.core.context import Context
from syncd.core.edits import contested, edits_of
from syncd.domain.lead import Lead, Side
from syncd.domain.names import FieldName, LeadId, System
from syncd.domain.record import Edit
from syncd.domain.values import FieldSpec
from syncd.jobs.blind import asking
from syncd.jobs.linking import Linked
from syncd.jobs.pair import Pair

LeadEdits = Mapping[LeadId, Mapping[System, Mapping[FieldName, Edit]]]

_DOUBT = timedelta(days=1)
"""How much later than an edit the lead may have been seen first: clocks differ, commits lag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contest:
    lead: Lead
    specs: tuple[FieldSpec, ...]


def fetch_edits(pair: Pair, linked: Linked, ctx: Context) -> LeadEdits:
    """By lead and side. Raises SideDown when a CRM fails while its history is asked for."""
    contests = _contests(linked, ctx)
    found: dict[LeadId, dict[System, Mapping[FieldName, Edit]]] = defaultdict(dict)
    for system in pair.crms if contests else ():
        with asking(system):
            for lead_id, edits in _of_side(pair, system, contests, ctx).items():
                found[lead_id][system] = edits
    return found


def _contests(linked: Linked, ctx: Context) -> list[_Contest]:
    contests = []
    for lead_id, snapshots in linked.snapshots.items():
        specs, lead = contested(linked.leads[lead_id], snapshots, ctx.crm)
        if specs:
            contests.append(_Contest(lead=lead, specs=specs))
    return contests


def _of_side(
    pair: Pair, system: System, contests: Sequence[_Contest], ctx: Context
) -> dict[LeadId, dict[FieldName, Edit]]:
    crm, sides = pair.crms[system], {x.lead.id: x.lead.sides[system] for x in contests}
    histories = crm.history(
        {side.record_id for side in sides.values()},
        min(x.lead.first_seen_at for x in contests) - _DOUBT,
        _paths(sides, contests, ctx),
    )
    directory = crm.directory()
    return {
        x.lead.id: edits_of(
            histories.get(sides[x.lead.id].record_id, ()),
            sides[x.lead.id],
            x.specs,
            ctx.crm,
            directory,
        )
        for x in contests
    }


def _paths(
    sides: Mapping[LeadId, Side], contests: Sequence[_Contest], ctx: Context
) -> frozenset[str]:
    """Where the contested fields stand on these records."""
    paths = (
        ctx.crm.sides[side.system].path_of(spec, side.seen.kind)
        for x in contests
        for spec, side in ((spec, sides[x.lead.id]) for spec in x.specs)
    )
    return frozenset(path for path in paths if path)
