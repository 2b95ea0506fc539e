"""Records that belong together, and what a change to one does to the other.

Engagements mark the contact they reached, deals are counted on theirs, and
stages flow from companies and deals to contacts where the account says so.
"""

from collections.abc import Iterable, Mapping

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.hubspot import calculated
from syncd.sandbox.hubspot.associations import Web, labels_of
from syncd.sandbox.hubspot.kinds import COMPANY, CONTACT, DEAL, ENGAGEMENTS, Kind
from syncd.sandbox.hubspot.ledger import Ledger
from syncd.sandbox.hubspot.lifecycle import STAGE, is_backward
from syncd.sandbox.hubspot.properties import Option
from syncd.sandbox.hubspot.record import Record
from syncd.sandbox.hubspot.refusals import BadRequest
from syncd.sandbox.hubspot.settings import PortalSettings
from syncd.sandbox.hubspot.source import PORTAL
from syncd.sandbox.hubspot.stamps import parse_instant
from syncd.sandbox.journal import ASSOCIATED, Journal, Origin

End = tuple[Kind, int]


def require_associable(one: Kind, other: Kind) -> None:
    """Raises BadRequest for kinds between which there is no association type."""
    if not labels_of(one, other):
        raise BadRequest(f"{one.name} cannot be associated with {other.name}")


class Linked(Ledger):
    """Tables with links between their records."""

    def __init__(self, clock: WorldClock, journal: Journal) -> None:
        super().__init__(clock, journal)
        self.settings = PortalSettings()
        self.web = Web()

    def stages(self, kind: Kind = CONTACT) -> tuple[Option, ...]:
        """The lifecycle stages as the account has them now."""
        definition = self.tables[kind].properties.get(STAGE)
        return definition.options if definition else ()

    def associate(self, one: End, other: End, origin: Origin, types: Iterable[int] = ()) -> None:
        """Link two live records; a contact's first company becomes its primary one."""
        require_associable(one[0], other[0])
        chosen = set(types) or self._as_first_company(one, other)
        if self.web.link(one, other, chosen):
            self._feel_link(one, other)
            self._feel_link(other, one)
            self._tell(self.find(*one), ASSOCIATED, None, f"{other[0].name}:{other[1]}", origin)

    def dissociate(self, one: End, other: End) -> None:
        if self.web.unlink(one, other):
            self._count_deals(one)
            self._count_deals(other)

    def _commit(self, record: Record, values: Mapping[str, str], origin: Origin) -> None:
        """Write a record, and let its stage flow to those linked to it."""
        changes = self._write(record, values, origin)
        if record.kind is DEAL and "dealstage" in changes:
            self._feel_stage(record, changes["dealstage"])
        flows = self.settings.company_stage_flows_to_contacts
        if record.kind is COMPANY and changes.get(STAGE) and flows:
            self._move_contacts(record, changes[STAGE], "company")

    def _cut_links(self, end: End) -> None:
        for kind, other, _ in self.web.neighbours(*end):
            self.web.unlink(end, (kind, other))

    def _count_deals(self, end: End) -> None:
        contact = self.tables[CONTACT].live(end[1]) if end[0] is CONTACT else None
        if contact is not None:
            deals = len(self.web.links(*end, DEAL))
            self._calculate(contact, {"num_associated_deals": str(deals)})

    def _as_first_company(self, one: End, other: End) -> set[int]:
        if {one[0], other[0]} != {CONTACT, COMPANY}:
            return set()
        contact = one if one[0] is CONTACT else other
        return set() if self.web.links(*contact, COMPANY) else {1, 2}

    def _feel_link(self, end: End, other: End) -> None:
        """What a new link to `other` does to a contact."""
        if end[0] is not CONTACT:
            return
        if other[0] in ENGAGEMENTS:
            self._feel_engagement(self.find(*end), self.find(*other))
        if other[0] is DEAL:
            self._count_deals(end)
            if self.settings.deal_created_makes_opportunity:
                self._move_forward(self.find(*end), "opportunity", "deal")

    def _feel_engagement(self, contact: Record, engagement: Record) -> None:
        now = self.now_ms()
        happened = parse_instant(engagement.values["hs_timestamp"])
        changes = calculated.touched(
            engagement.kind, contact.values, happened=now if happened is None else happened, now=now
        )
        self._calculate(contact, changes)

    def _feel_stage(self, deal: Record, stage: str) -> None:
        """What HubSpot works out of the stage a deal has come to."""
        won, lost = stage == "closedwon", stage == "closedlost"
        told = {
            "hs_is_closed": won or lost,
            "hs_is_closed_won": won,
            "hs_is_closed_lost": lost,
        }
        self._calculate(deal, {name: "true" if x else "false" for name, x in told.items()})
        if won and self.settings.deal_won_makes_customer:
            self._move_contacts(deal, "customer", "deal")

    def _move_contacts(self, record: Record, stage: str, via: str) -> None:
        for contact_id in list(self.web.links(record.kind, record.id, CONTACT)):
            contact = self.tables[CONTACT].live(contact_id)
            if contact is not None:
                self._move_forward(contact, stage, via)

    def _move_forward(self, contact: Record, stage: str, via: str) -> None:
        before = contact.values.get(STAGE, "")
        if before != stage and not is_backward(self.stages(), before, stage):
            self._commit(contact, {STAGE: stage}, Origin(PORTAL, via))
