"""What a job hands over to be decided. It holds facts and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from syncd.domain.decision import Observation
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, System
from syncd.domain.record import Activity


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Leads to decide, with what was seen of each. `activities` are known of the leads that are
    in it: all since the handoff opened."""

    leads: Mapping[LeadId, Lead]
    seen: Mapping[LeadId, Mapping[System, Observation]] = field(default_factory=dict)
    activities: Mapping[LeadId, Sequence[Activity]] = field(default_factory=dict)
