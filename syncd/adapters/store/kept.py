"""Leads lately read or stored, so that what one cycle decides and delivers is decoded once.

Only the holder of the lease keeps any: nobody else can change a lead meanwhile, and its next
commit fails once somebody could. Forgetting costs time, never correctness.
"""

from collections.abc import Iterable, Mapping

from syncd.domain.lead import Lead
from syncd.domain.names import LeadId

_MOST = 1_000


class KeptLeads:
    def __init__(self) -> None:
        self._token: int | None = None
        self._leads: dict[LeadId, Lead] = {}

    def under(self, token: int | None) -> Mapping[LeadId, Lead]:
        """What is kept under this number of the lease; nothing without a lease."""
        if token != self._token:
            self._token, self._leads = token, {}
        return self._leads

    def keep(self, leads: Iterable[Lead]) -> None:
        """The oldest ones make room."""
        if self._token is None:
            return
        for lead in leads:
            self._leads.pop(lead.id, None)
            self._leads[lead.id] = lead
        for old in list(self._leads)[: max(0, len(self._leads) - _MOST)]:
            del self._leads[old]

    def drop(self, ids: Iterable[LeadId]) -> None:
        for lead_id in ids:
            self._leads.pop(lead_id, None)

    def forget(self) -> None:
        self._leads = {}
