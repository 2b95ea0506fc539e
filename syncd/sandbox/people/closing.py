"""What becomes of deals: for some leads that sales calls qualified one is made in HubSpot, those
of converted leads are in Salesforce, and on some days they are won or lost, or stay open.

Nobody's stage is moved here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.kinds import CONTACT, DEAL
from syncd.sandbox.hubspot.portal import Portal
from syncd.sandbox.journal import Actor, ActorKind
from syncd.sandbox.people.desk import Setting

_MADE = (6.5, 31.5, 74.5)
_DECIDED = (8.0, 33.0, 73.0, 81.0)
"""Hours since the week began, then to the middle of five minutes."""
_MIDDLE = timedelta(seconds=150)
_REASONS = ("Too expensive", "No budget this year", "Bought from somebody else")
_AMOUNTS = range(12_000, 90_000, 5_500)
_STAGES = ("Closed Won", "Closed Lost", "Prospecting", "Closed Won")


def close_deals(setting: Setting) -> None:
    """Scheduled before the week begins."""
    closing = _Closing(setting=setting)
    for deed, hours in ((closing.make, _MADE), (closing.decide, _DECIDED)):
        for each in hours:
            instant = setting.window(setting.start + timedelta(hours=each)) + _MIDDLE
            setting.world.at(instant, deed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Closing:
    setting: Setting

    def make(self) -> None:
        """For some of those that sales has qualified and nobody has converted, in HubSpot."""
        for contact in self._qualified():
            if contact % 5 < 3 and not self._portal.web.links(CONTACT, contact, DEAL):
                values = {
                    "dealname": self._portal.contact(contact).get("company", ""),
                    "amount": str(_amount(contact)),
                    "pipeline": "default",
                    "dealstage": "qualifiedtobuy",
                }
                self._hands(contact).create_deal(values, [contact])

    def decide(self) -> None:
        """Each deal by its number; one that stays open is asked about again."""
        rows = self.setting.world.salesforce.rows("Opportunity")
        for number, row in enumerate(rows):
            day = self.setting.world.now().date() - timedelta(days=1)
            is_young = date.fromisoformat(str(row["CreatedDate"])[:10]) > day
            if row["StageName"] == "Prospecting" and not is_young:
                self._decide_opportunity(str(row["Id"]), number, str(row["OwnerId"]), day)
        for deal, contact in self._open_deals():
            self._decide_deal(deal, self._hands(contact))

    def _decide_opportunity(self, record_id: str, number: int, owner_id: str, day: date) -> None:
        """Signed, or called off, the day before."""
        values = {"StageName": _STAGES[number % 4], "Amount": _amount(number)}
        rep = Actor(kind=ActorKind.PERSON, id=owner_id, name="")
        self.setting.world.salesforce.edit(record_id, {**values, "CloseDate": day.isoformat()}, rep)

    def _decide_deal(self, deal: int, owner: Hands) -> None:
        if deal % 3 == 0:
            owner.win_deal(deal, amount=str(_amount(deal)))
        elif deal % 3 == 1:
            owner.lose_deal(deal, _REASONS[deal // 3 % len(_REASONS)])

    def _open_deals(self) -> Iterator[tuple[int, int]]:
        """With the contact of each."""
        for deal, record in self._portal.tables[DEAL].records.items():
            if not record.values.get("closedate"):
                yield deal, next(iter(self._portal.web.links(DEAL, deal, CONTACT)))

    def _qualified(self) -> Iterator[int]:
        table = self._portal.tables[CONTACT]
        for contact in table.records:
            record = table.live(contact)
            if record and record.values.get("lifecyclestage") == "salesqualifiedlead":
                yield contact

    def _hands(self, contact: int) -> Hands:
        """Of whoever has the lead."""
        number = self._portal.contact(contact)["hubspot_owner_id"]
        owner = next(x for x in self._portal.owners if str(x.id) == number)
        return Hands(self._portal, owner.actor)

    @property
    def _portal(self) -> Portal:
        return self.setting.world.hubspot


def _amount(number: int) -> int:
    return _AMOUNTS[number % len(_AMOUNTS)]
