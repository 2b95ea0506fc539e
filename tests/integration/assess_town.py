"""A pair of CRMs that work as they should, for `syncd assess` to find nothing in, and the leads
to break it with. Each lead walks both CRMs side by side, as a sync would have it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from cli_office import Office, Person
from world_time import WorldTime

from syncd.app_assess import Address, Told, sight_of
from syncd.domain.names import System
from syncd.measure.assess.examine import assess
from syncd.measure.assess.sight import Sight
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.sandbox.hubspot.owners import Owner
from syncd.sandbox.hubspot.properties import Option
from syncd.sandbox.journal import Actor
from syncd.sandbox.salesforce.convert import convert_lead

STEP, DAY = timedelta(minutes=10), timedelta(days=1)
REASONS = (
    "The time is not right for them",
    "They are not ready to talk to sales",
    "They are not the kind of customer we serve",
)
LOSSES = ("Too dear", "Another was chosen", "No decision")
STATUS = {
    "mql": "Marketing Qualified",
    "sal": "Working",
    "sql": "Sales Qualified",
    "nurture": "Nurture",
    "disqualified": "Disqualified",
}
_SHOWN = {
    "mql": {"lifecyclestage": "marketingqualifiedlead"},
    "sal": {"hs_lead_status": "CONNECTED"},
    "sql": {"lifecyclestage": "salesqualifiedlead"},
    "opportunity": {"lifecyclestage": "opportunity"},
    "customer": {"lifecyclestage": "customer"},
    "nurture": {"lifecyclestage": "lead", "hs_lead_status": "BAD_TIMING"},
    "disqualified": {"lifecyclestage": "lead", "hs_lead_status": "UNQUALIFIED"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rep:
    """A colleague, as each CRM knows them."""

    user: Actor
    owner: Owner
    hands: Hands


@dataclass(slots=True, kw_only=True)
class Town:
    office: Office
    reps: list[Rep] = field(default_factory=list)
    count: int = 0

    # --- what goes well

    def arrive(self, **facts: Any) -> tuple[Person, Rep]:
        """Some minutes after the last one, with all that a lead should have."""
        self.wait(STEP)
        self.count += 1
        rep = self.reps[self.count % len(self.reps)]
        given = {
            "OwnerId": rep.user.id,
            "Phone": f"+1 555 {self.count:04}",
            "Title": "CFO",
            "LeadSource": "Web",
            **facts,
        }
        person = self.office.arrive(f"lead{self.count}", **given)
        shown = {
            "phone": str(given["Phone"] or ""),
            "jobtitle": "CFO",
            "hubspot_owner_id": str(rep.owner.id),
            "hs_analytics_source": "ORGANIC_SEARCH" if given["LeadSource"] else "",
            "last_engaged_at": str(int(self.office.world.now().timestamp() * 1000)),
        }
        self.marks(person, **shown)
        self.sets(person, Last_Engaged_At__c=_stamp(self.office))
        return person, rep

    def walk(self, person: Person, *names: str) -> None:
        """Through these stages in both CRMs, some minutes each."""
        for name in names:
            self.wait(STEP)
            if name in STATUS:
                self.sets(person, Status=STATUS[name])
            if name in ("nurture", "disqualified"):
                self.marks(person, lifecyclestage="")
            self.marks(person, **_SHOWN[name])

    def learn(self, person: Person) -> None:
        """What a talk brings, in both CRMs."""
        day = (self.office.world.now() + 60 * DAY).date().isoformat()
        self.sets(
            person,
            Budget_Confirmed__c=True,
            Budget_Amount__c=25_000,
            Buying_Role__c="Decision maker",
            Need__c="One story",
            Purchase_Timeline__c=day,
            Demo_Attended_On__c=self.office.world.now().date().isoformat(),
        )
        self.marks(
            person,
            budget_confirmed="true",
            budget_amount="25000",
            buying_role="decision_maker",
            need="One story",
            purchase_timeline=day,
            demo_attended_on=self.office.world.now().date().isoformat(),
        )

    def call(self, person: Person, rep: Rep, result: str = "Connected") -> None:
        self.wait(STEP)
        with self.office.world.lock:
            self.office.world.salesforce.log_call(person.sf, "Call", rep.user, result)

    def convert(self, person: Person, rep: Rep) -> str:
        """An opportunity, and a while to close it."""
        org = self.office.world.salesforce
        self.wait(STEP)
        with self.office.world.lock:
            deal = convert_lead(org, person.sf, rep.user).opportunity_id
            soon = (self.office.world.now() + 60 * DAY).date().isoformat()
            assert deal is not None
            org.edit(deal, {"CloseDate": soon, "Amount": 5_000.0}, rep.user)
        self.marks(person, **_SHOWN["opportunity"])
        return deal

    def sell(self, person: Person, rep: Rep, *, won: bool, amount: float | None = 10_000.0) -> None:
        """Converted, and closed."""
        deal = self.convert(person, rep)
        self.wait(STEP)
        today = self.office.world.now().date().isoformat()
        closed = {"StageName": "Closed Won" if won else "Closed Lost", "CloseDate": today}
        with self.office.world.lock:
            self.office.world.salesforce.edit(deal, {**closed, "Amount": amount}, rep.user)
        if won:
            self.marks(person, **_SHOWN["customer"])

    def copy_deal(self, person: Person, rep: Rep, *, won: bool) -> None:
        """As a connector would have it in HubSpot, with why it was lost."""
        stamp = str(int(self.office.world.now().timestamp() * 1000))
        stage = {"dealstage": "closedwon" if won else "closedlost", "closedate": stamp}
        why = {} if won else {"closed_lost_reason": LOSSES[self.count % len(LOSSES)]}
        with self.office.world.lock:
            rep.hands.create_deal(
                {"dealname": "Deal", "amount": "10000", **stage, **why}, [person.hs]
            )

    def turn_down(self, person: Person, to: str, reason: str | None) -> None:
        if reason is not None:
            self.sets(person, Rejection_Reason__c=reason)
            self.marks(person, rejection_reason=reason)
        self.walk(person, to)

    # --- hands

    def sets(self, person: Person, **values: Any) -> None:
        self.office.rep_sets(person, **values)

    def marks(self, person: Person, **values: str) -> None:
        self.office.marketer_sets(person, **values)

    def wait(self, span: timedelta) -> None:
        self.office.world.advance(span)

    # --- stories

    def taken(self, *, tries: int = 1) -> tuple[Person, Rep]:
        """An MQL that was called, reached with the last try, and accepted."""
        person, rep = self.arrive()
        self.walk(person, "mql")
        for _ in range(tries - 1):
            self.call(person, rep, "No answer")
        self.call(person, rep)
        self.walk(person, "sal")
        return person, rep

    def talked(self) -> tuple[Person, Rep]:
        person, rep = self.taken()
        self.learn(person)
        self.walk(person, "sql")
        return person, rep

    def past(self) -> None:
        """Stories that are over, well told: enough of each for every check to speak."""
        for number in range(12):
            person, rep = self.talked()
            self.sell(person, rep, won=True)
            self.copy_deal(person, rep, won=True)
            person, _ = self.taken(tries=2)
            self.turn_down(person, ("nurture", "disqualified")[number % 2], REASONS[number % 3])
        for _ in range(10):
            person, rep = self.talked()
            self.sell(person, rep, won=False)
            self.copy_deal(person, rep, won=False)
        self.wait(15 * DAY)

    def today(self) -> None:
        """Stories that go on."""
        self.wait(8 * DAY)
        for _ in range(10):
            self.convert(*self.talked())
        for _ in range(10):
            self.taken()
            self.talked()
        for _ in range(4):
            self.arrive()

    def seen(self, address: Address | None = None, told: Told | None = None) -> Sight:
        self.wait(STEP)
        return sight_of(
            self.office.source(),
            address or Address(),
            clock=WorldTime(self.office.world),
            told=told or _silent,
        )


def _silent(system: System, read: int) -> None:
    del system, read


def _stamp(office: Office) -> str:
    return f"{office.world.now():%Y-%m-%dT%H:%M:%S.000+0000}"


def build(office: Office) -> Town:
    """The people, the fields, and what Salesforce is told to keep."""
    town = Town(office=office)
    org, portal = office.world.salesforce, office.world.hubspot
    for name in ("Ann", "Ben", "Cal"):
        email = f"{name.lower()}@example.com"
        owner = portal.hire(email, name, "Rep")
        user = org.add_user(f"{name} Rep", email)
        town.reps.append(Rep(user=user, owner=owner, hands=Hands(portal, owner.actor)))
    _reason_fields(office)
    return town


def _reason_fields(office: Office) -> None:
    org, portal = office.world.salesforce, office.world.hubspot
    like = org.store.table("Lead").kind.fields["Buying_Role__c"]
    org.define_field(
        "Lead",
        replace(like, name="Rejection_Reason__c", label="Rejection Reason", values=REASONS),
    )
    shape = portal.tables[CONTACT].properties["buying_role"]
    options = tuple(Option(value=x, label=x, display_order=n) for n, x in enumerate(REASONS))
    portal.define(
        replace(shape, name="rejection_reason", label="Rejection reason", options=options)
    )


def gaps(sight: Sight) -> set[str]:
    return {x.check.id for x in assess(sight).gaps}


PROMISES = {
    "accept_within: 1 business hour": "accept_within: 1 business hour\n"
    "    touch_within: 2 business hours",
    "accept_within: 4 business hours": "accept_within: 4 business hours\n"
    "    touch_within: 8 business hours",
}
"""What the example configuration leaves open: a first touch."""
