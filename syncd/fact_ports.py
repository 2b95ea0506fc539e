"""What the store keeps for counting: the rows that every number is made of, in step with what is
committed, and the deals that leads came to.

None of it is fenced: rows are made of what is stored alone, so whoever reads them may bring
them up to date, also beside a worker.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from syncd.domain.deal import Deal
from syncd.domain.lead import Lead
from syncd.domain.names import FieldName, LeadId, System
from syncd.measure.lead_story import LeadStory
from syncd.measure.rounds import LeadRows

DealsOf = Mapping[LeadId, Mapping[System, tuple[Deal, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncounted:
    """A lead whose rows are behind. `story` is None when it is there no more; `mark` is another
    one once it changes again."""

    lead_id: LeadId
    mark: int
    story: LeadStory | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the rows of such a lead are now; None: it has none any more."""

    lead_id: LeadId
    mark: int
    rows: LeadRows | None


class FactBook(Protocol):
    def count_by(self, fields: tuple[FieldName, ...]) -> None:
        """These values rows are split by, besides all else they are made of. Where they are
        not those of before, every lead is uncounted."""
        ...

    def uncounted(self, limit: int) -> Sequence[Uncounted]: ...

    def counted(self, leads: Sequence[Counted]) -> None:
        """In one transaction. A lead that changed meanwhile stays uncounted."""
        ...

    def selling(self, after: LeadId | None, limit: int) -> Sequence[Lead]:
        """Leads at sql and beyond, and those with an open deal, in the order of their ids."""
        ...

    def save_deals(self, deals: DealsOf) -> int:
        """All there are of these leads in the CRMs named; a lead whose deals are not as they
        were is uncounted, and whoever shares one with it. Returns how many leads have others."""
        ...
