"""What becomes of records: they are converted, merged, deleted, and come back."""

from dataclasses import dataclass

from hands import as_allowed
from model_map import HS, SF
from town import Person, Town

from syncd.sandbox.hubspot.refusals import NotFound
from syncd.sandbox.journal import System
from syncd.sandbox.salesforce.convert import convert_lead
from syncd.sandbox.salesforce.merge import merge_contacts, merge_leads


@dataclass(frozen=True, slots=True, kw_only=True)
class Convert:
    """`into`: the person whose contact the lead becomes, if theirs was converted already."""

    who: int
    deal: bool = False
    into: int | None = None

    def do(self, town: Town) -> None:
        person = town.person(self.who)
        with as_allowed(town):
            if person.lead:
                convert_lead(
                    town.world.salesforce,
                    person.lead,
                    town.rep,
                    contact_id=self._contact(town),
                    with_opportunity=self.deal,
                )

    def _contact(self, town: Town) -> str | None:
        if self.into is None:
            return None
        other = town.person(self.into)
        found = town.record_of(other)
        if not found.startswith("003") or town.dead(SF, found):
            return None
        other.mixed = town.person(self.who).mixed = True
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeLeads:
    who: int
    other: int

    def do(self, town: Town) -> None:
        winner, loser = town.person(self.who), town.person(self.other)
        with as_allowed(town):
            if winner.lead and loser.lead and winner.lead != loser.lead:
                for each in (winner, loser):
                    _require_living(town, each)
                merge_leads(town.world.salesforce, winner.lead, [loser.lead], town.rep)
                loser.lead = winner.lead
                winner.mixed = loser.mixed = True


def _require_living(town: Town, person: Person) -> None:
    if town.dead(SF, person.lead or ""):
        raise NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeContacts:
    """`anew`: the contact that remains has an id of its own, as merges of some years made."""

    who: int
    other: int
    anew: bool = False

    def do(self, town: Town) -> None:
        winner, loser = town.person(self.who), town.person(self.other)
        if not winner.contact or not loser.contact or winner.contact == loser.contact:
            return
        with as_allowed(town):
            town.world.hubspot.settings.merge_makes_new_record = self.anew
            heir = town.portal.merge(winner.contact, loser.contact)
            gone = {winner.contact, loser.contact}
            for person in town.people:
                if person.contact in gone:
                    person.contact = heir


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeConverted:
    """Two Salesforce contacts, once leads, become one."""

    who: int
    other: int

    def do(self, town: Town) -> None:
        winner, loser = (town.record_of(town.person(n)) for n in (self.who, self.other))
        if winner == loser or {winner[:3], loser[:3]} != {"003"}:
            return
        with as_allowed(town):
            if not (town.dead(SF, winner) or town.dead(SF, loser)):
                merge_contacts(town.world.salesforce, winner, [loser], town.rep)
                for number in (self.who, self.other):
                    town.person(number).mixed = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    who: int
    side: System

    def do(self, town: Town) -> None:
        person = town.person(self.who)
        with as_allowed(town):
            if self.side is SF and person.lead:
                town.world.salesforce.delete(person.lead, town.rep)
            elif self.side is HS and person.contact:
                town.portal.archive(person.contact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelete:
    who: int
    side: System

    def do(self, town: Town) -> None:
        person = town.person(self.who)
        with as_allowed(town):
            if self.side is SF and person.lead:
                row = town.world.salesforce.record(person.lead)
                if row["IsDeleted"] and not row.get("MasterRecordId"):
                    town.world.salesforce.undelete(person.lead, town.rep)
            elif person.contact and town.dead(HS, str(person.contact)) == "archived":
                town.portal.restore(person.contact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase:
    """A person demands to be forgotten: HubSpot's GDPR delete."""

    who: int

    def do(self, town: Town) -> None:
        person = town.person(self.who)
        with as_allowed(town):
            if person.contact:
                town.portal.gdpr_delete(person.contact)
                town.erased.append(str(person.contact))
