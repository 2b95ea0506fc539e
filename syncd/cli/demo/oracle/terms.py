"""What sales promised for a lead, and who gets one that nobody takes on. Restated by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from syncd.cli.demo.oracle.calendar import add_hours
from syncd.cli.demo.oracle.fields import HUBSPOT, SALESFORCE
from syncd.cli.demo.oracle.trails import Person
from syncd.sandbox.journal import System
from syncd.sandbox.world import World

HEIRS = ("hanna.lind@example.com", "omar.haddad@example.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """In business hours; all but the first two count from the deadline."""

    warn_at: float
    accept_within: float
    escalate_after: float
    pass_on_after: float | None
    expire_after: float


EVERYBODY = Terms(warn_at=3, accept_within=4, escalate_after=2, pass_on_after=None, expire_after=4)
DEMO_REQUEST = Terms(
    warn_at=0.5, accept_within=1, escalate_after=0.5, pass_on_after=2, expire_after=6
)


@dataclass(slots=True, kw_only=True)
class Handoff:
    """`since` is when the owner got it; `breached_in` and `escalated_in` are looks. An accepted
    one is missed no more."""

    since: datetime
    terms: Terms
    warned: bool = False
    breached_in: int | None = None
    escalated_in: int | None = None
    accepted: bool = False

    @property
    def warn(self) -> datetime:
        return add_hours(self.since, self.terms.warn_at)

    @property
    def due(self) -> datetime:
        return add_hours(self.since, self.terms.accept_within)

    @property
    def escalates(self) -> datetime:
        return add_hours(self.due, self.terms.escalate_after)

    @property
    def passed_on(self) -> datetime | None:
        after = self.terms.pass_on_after
        return None if after is None else add_hours(self.due, after)

    @property
    def expires(self) -> datetime:
        return add_hours(self.due, self.terms.expire_after)


def terms_for(person: Person, at: datetime) -> Terms:
    """Somebody who asked for a demo is not kept waiting."""
    source = person.sides[SALESFORCE].before(at).get("LeadSource")
    return DEMO_REQUEST if source == "Demo Request" else EVERYBODY


def heir_of(person: Person, at: datetime, world: World) -> Mapping[System, str]:
    """The first who does not have the lead, as the owner in either CRM."""
    users = {row.get("Email"): str(row["Id"]) for row in world.salesforce.rows("User")}
    owner = person.sides[SALESFORCE].before(at)["OwnerId"]
    heir = next(email for email in HEIRS if users[email] != owner)
    contact_owner = next(x for x in world.hubspot.owners if x.email == heir)
    return {SALESFORCE: users[heir], HUBSPOT: str(contact_owner.id)}
