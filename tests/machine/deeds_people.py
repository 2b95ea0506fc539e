"""What people, and the connector, do with single records day by day."""

from dataclasses import dataclass

from hands import Value, as_allowed, enter, for_hubspot, put, raw_value
from model_map import BY_NAME, HS, SF
from town import SECOND, Person, Town

from syncd.sandbox.journal import System

_STATUS = {
    "sql": "Sales Qualified",
    "sal": "Working",
    "mql": "Marketing Qualified",
    "lead": "Open",
    "nurture": "Nurture",
    "disqualified": "Disqualified",
}


_LIFECYCLE = {
    "sql": {"lifecyclestage": "salesqualifiedlead"},
    "sal": {"lifecyclestage": "marketingqualifiedlead", "hs_lead_status": "IN_PROGRESS"},
    "mql": {"lifecyclestage": "marketingqualifiedlead", "hs_lead_status": ""},
    "lead": {"lifecyclestage": "lead", "hs_lead_status": ""},
    "nurture": {"lifecyclestage": "lead", "hs_lead_status": "BAD_TIMING"},
    "disqualified": {"lifecyclestage": "lead", "hs_lead_status": "UNQUALIFIED"},
}


STAGES = tuple(_STATUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive:
    """A new person. `where` is "both", or the one CRM that has them; `apart` records differ
    from the start."""

    where: str = "both"
    apart: bool = False

    def do(self, town: Town) -> None:
        number = len(town.people)
        name = f"p{number:02}"  # nobody's begins with another's
        email = f"{name}@acme{number}.example"
        with town.world.lock:
            lead = self._lead(town, name, email) if self.where != "hubspot" else None
            contact = self._contact(town, name, email, lead) if self.where != "salesforce" else None
        town.people.append(Person(name=name, email=email, lead=lead, contact=contact))

    def _lead(self, town: Town, name: str, email: str) -> str:
        values = {
            "FirstName": name.title(),
            "LastName": f"Surname{name}",
            "Company": f"{name} company",
            "Title": f"{name} title",
            "Phone": f"{name} phone",
            "Country": f"{name} country",
            "Need__c": f"{name} need",
            "Email": email,
            "Status": "Open",
            "OwnerId": town.rep.id,
            "NumberOfEmployees": 120,
        }
        return town.world.salesforce.create_lead(values, town.rep)

    def _contact(self, town: Town, name: str, email: str, lead: str | None) -> int:
        tail = " apart" if self.apart else ""
        values = {
            "firstname": name.title(),
            "lastname": f"Surname{name}",
            "company": f"{name} company{tail}",
            "jobtitle": f"{name} title",
            "phone": f"{name} phone{tail}",
            "country": f"{name} country",
            "need": f"{name} need",
            "email": email,
            "lifecyclestage": "lead",
            "hubspot_owner_id": str(town.marketer.id),
            "employees": "120",
            **({"salesforceleadid": lead} if lead else {}),
        }
        return town.portal.create_contact(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Somebody edits one field. `late`: seconds until the commit shows (Salesforce alone)."""

    who: int
    side: System
    field: str
    value: Value = Value.NEW
    late: int = 0

    def do(self, town: Town) -> None:
        field, person = BY_NAME[self.field], town.person(self.who)
        town.edits += 1
        raw = raw_value(field, self.side, self.value, town.edits, person)
        enter(town, person, self.side, (field, raw), late=self.late)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditBoth:
    """Two people edit the same field of one lead, one in each CRM, `apart` seconds apart."""

    who: int
    field: str
    first: System
    apart: int = 1
    same: bool = False

    def do(self, town: Town) -> None:
        field, person = BY_NAME[self.field], town.person(self.who)
        town.edits += 1
        for side in (self.first, HS if self.first is SF else SF):
            raw = raw_value(field, side, Value.NEW, town.edits, person)
            enter(town, person, side, (field, raw))
            town.world.advance(SECOND * self.apart)
            town.edits += not self.same


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Somebody moves the stage."""

    who: int
    side: System
    stage: str

    def do(self, town: Town) -> None:
        person = town.person(self.who)
        if self.side is SF:
            put(town, person, SF, {"Status": _STATUS[self.stage]}, 0)
        else:
            put(town, person, HS, _LIFECYCLE[self.stage], 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """An automation that changes nothing moves the record's stamp."""

    who: int
    side: System

    def do(self, town: Town) -> None:
        put(town, town.person(self.who), self.side, {}, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """The vendors' own connector copies one field from Salesforce to HubSpot."""

    who: int
    field: str

    def do(self, town: Town) -> None:
        field, person = BY_NAME[self.field], town.person(self.who)
        if person.lead is None or person.contact is None:
            return
        with as_allowed(town):
            if town.dead(SF, person.lead):
                return
            raw = town.world.salesforce.record(person.lead).get(field.salesforce)
            town.connector.edit(person.contact, {field.hubspot: for_hubspot(field, raw)})


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveEmail:
    """Somebody gets a new address, and the old one goes to somebody else: in both CRMs."""

    who: int
    other: int

    def do(self, town: Town) -> None:
        one, two = town.person(self.who), town.person(self.other)
        if one is two:
            return
        town.edits += 1
        old, one.email = one.email, f"new{town.edits}@acme.example"
        for person, email in ((one, one.email), (two, old)):
            put(town, person, HS, {"email": email}, 0)
            put(town, person, SF, {"Email": email}, 0)
        two.email = old
        one.mixed = two.mixed = True
