"""What people do besides the demo's own story: they call leads, and deals are won, lost or open.

Nobody's stage is moved, so that the demo's oracle holds as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.kinds import CONTACT, DEAL
from syncd.sandbox.journal import Actor, ActorKind, Origin
from syncd.sandbox.people.scenario import Scenario
from syncd.sandbox.world import World

_QUIET = timedelta(seconds=110)
_CALLS = (1.5, 3.0, 4.5, 6.0, 8.5, 30.0, 33.5, 37.0, 75.0)
"""Hours since Monday, 8:00, in New York."""
_DEALS = (6.5, 74.5)
_CLOSINGS = (8.0, 79.0)
_NO_ANSWER = "73a0d17f-1163-4015-bdd5-ec830791da20"
_ANSWERED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
_REASONS = ("Too expensive", "No budget this year")


def what_follows(scenario: Scenario) -> None:
    """Scheduled before the week begins."""
    after = _Afterwards(world=scenario.world)
    for hours, deed in (
        *((x, after.call) for x in _CALLS),
        *((x, after.make_deals) for x in _DEALS),
        *((x, after.close) for x in _CLOSINGS),
    ):
        scenario.world.at(scenario.start + timedelta(hours=hours) + _QUIET, deed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Afterwards:
    world: World

    def call(self) -> None:
        """Every other lead that marketing has offered; one call in four reaches nobody."""
        for number, contact in enumerate(self._contacts("marketingqualifiedlead")):
            if number % 2 == 0:
                how = _NO_ANSWER if number % 8 == 0 else _ANSWERED
                self._hands(contact).log_call(contact, "A call", hs_call_disposition=how)

    def make_deals(self) -> None:
        """For half of those that sales has qualified, in HubSpot."""
        for number, contact in enumerate(self._contacts("salesqualifiedlead")):
            if number % 2 == 0 and not self._has_deal(contact):
                values = {"dealname": f"Deal {contact}", "amount": str(1_000 + 250 * number)}
                self._hands(contact).create_deal(values, [contact])

    def close(self) -> None:
        """Some deals are won and some are lost, in either CRM."""
        for number, row in enumerate(self.world.salesforce.rows("Opportunity")):
            if row.get("StageName") == "Prospecting":
                self._close_opportunity(str(row["Id"]), number, str(row["OwnerId"]))
        for number, deal in enumerate(self._open_deals()):
            self._close_deal(deal, number)

    def _close_opportunity(self, record_id: str, number: int, owner_id: str) -> None:
        stage = ("Closed Won", "Closed Lost", "Prospecting")[number % 3]
        values = {"StageName": stage, "Amount": 2_000 + 500 * number}
        day = self.world.now().date() - timedelta(days=1)
        rep = Actor(kind=ActorKind.PERSON, id=owner_id, name="")
        self.world.salesforce.edit(record_id, {**values, "CloseDate": day.isoformat()}, rep)

    def _close_deal(self, deal: int, number: int) -> None:
        closes = {"closedate": self.world.now().isoformat()}
        if number % 3 == 0:
            self._update(deal, {"dealstage": "closedwon", **closes})
        elif number % 3 == 1:
            reason = _REASONS[number % 2]
            self._update(deal, {"dealstage": "closedlost", "closed_lost_reason": reason, **closes})

    def _update(self, deal: int, values: Mapping[str, str]) -> None:
        actor = next(iter(self.world.hubspot.owners)).actor
        self.world.hubspot.update(DEAL, deal, values, Origin(actor, "ui"))

    def _open_deals(self) -> list[int]:
        deals = self.world.hubspot.tables[DEAL].records
        return [x for x, deal in deals.items() if not deal.values.get("closedate")]

    def _contacts(self, stage: str) -> list[int]:
        table = self.world.hubspot.tables[CONTACT]
        live = (x for x in table.records if table.live(x) is not None)
        return [x for x in live if table.records[x].values.get("lifecyclestage") == stage]

    def _has_deal(self, contact: int) -> bool:
        return bool(self.world.hubspot.web.links(CONTACT, contact, DEAL))

    def _hands(self, contact: int) -> Hands:
        """Of whoever has the lead."""
        number = self.world.hubspot.contact(contact)["hubspot_owner_id"]
        owner = next(x for x in self.world.hubspot.owners if str(x.id) == number)
        return Hands(self.world.hubspot, owner.actor)
