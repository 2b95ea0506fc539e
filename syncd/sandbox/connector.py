"""The two vendors' own connector: a third writer that mirrors fields between a lead and its
contact, in its own time and without asking anybody.

    connect(world, fields=DEMO_FIELDS, delay=timedelta(minutes=5))

What it writes in HubSpot stands in the history as `SALESFORCE`; in Salesforce it is one more
user of the API. It copies the value there is once its time has come, whoever set it, and
drops in silence what the other side refuses.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.sandbox.hubspot.properties import Property, text_of
from syncd.sandbox.hubspot.record import Record
from syncd.sandbox.hubspot.refusals import BadRequest, Duplicate, NotFound, NotValid
from syncd.sandbox.hubspot.source import CONNECTOR
from syncd.sandbox.journal import CONVERTED, CREATED, Entry, Origin, System
from syncd.sandbox.salesforce.errors import Refused
from syncd.sandbox.salesforce.schema import Type
from syncd.sandbox.salesforce.table import Row
from syncd.sandbox.world import World

VIA = "connector"
_SYNC_ERRORS = (NotValid, Duplicate, NotFound, BadRequest, Refused)
"""They are listed on a page of the connector's that nobody reads."""
_OWN = (
    Property(name="salesforceleadid", label="Salesforce Lead ID", hubspot_defined=True),
    Property(name="salesforcecontactid", label="Salesforce Contact ID", hubspot_defined=True),
    Property(
        name="salesforcelastsynctime",
        label="Last Salesforce Sync Time",
        type="datetime",
        field_type="date",
        hubspot_defined=True,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """One mapped field. `values` spells Salesforce's picklist in HubSpot's words; a value not
    in it stays where it is. One-way is "always use Salesforce"."""

    salesforce: str
    hubspot: str
    two_way: bool = True
    values: Mapping[str, str] = field(default_factory=dict)

    def in_hubspot(self, value: Any) -> str | None:
        return self.values.get(str(value)) if self.values else text_of(value)

    def in_salesforce(self, text: str) -> str | None:
        if not self.values:
            return text
        return next((ours for ours, theirs in self.values.items() if theirs == text), None)


DEMO_FIELDS = (
    Mirrored(salesforce="Title", hubspot="jobtitle"),
    Mirrored(salesforce="Phone", hubspot="phone"),
)


def connect(
    world: World, fields: Iterable[Mirrored], *, delay: timedelta = timedelta(minutes=5)
) -> "Connector":
    """Install the connector in both CRMs. It mirrors what changes from now on."""
    with world.lock:
        for definition in _OWN:
            world.hubspot.define(definition)
        made = Connector(world, tuple(fields), delay)
    world.automation(made.wake)
    return made


class Connector:
    def __init__(self, world: World, fields: tuple[Mirrored, ...], delay: timedelta) -> None:
        self._world = world
        self._fields = fields
        self._delay = delay
        self._user = world.salesforce.add_user("HubSpot Integration", "hi@hs.example", api=True)

    def wake(self, world: World, entry: Entry) -> None:
        """Somebody else changed something: look at it in a while."""
        if entry.actor in (CONNECTOR, self._user):
            return
        if entry.system is System.SALESFORCE and entry.object == "Lead":
            wanted = self._of_lead(entry)
            if wanted or entry.field in (CREATED, CONVERTED):
                world.after(self._delay, lambda: self._to_hubspot(entry.record_id, wanted))
        if entry.system is System.HUBSPOT and entry.object == CONTACT.name:
            wanted = tuple(m for m in self._fields if m.hubspot == entry.field and m.two_way)
            if wanted:
                world.after(self._delay, lambda: self._to_salesforce(int(entry.record_id), wanted))

    def _of_lead(self, entry: Entry) -> tuple[Mirrored, ...]:
        return tuple(m for m in self._fields if entry.field in (m.salesforce, CREATED))

    def _to_hubspot(self, lead_id: str, wanted: tuple[Mirrored, ...]) -> None:
        with suppress(*_SYNC_ERRORS):
            lead = self._world.salesforce.record(lead_id)
            contact = self._contact_of(lead)
            if lead["IsDeleted"] or contact is None:
                return
            values = {m.hubspot: m.in_hubspot(lead.get(m.salesforce)) for m in wanted}
            values |= {"salesforceleadid": lead_id}
            values |= {"salesforcecontactid": lead.get("ConvertedContactId")}
            told = {name: text for name, text in values.items() if text}
            if any(contact.values.get(name, "") != text for name, text in told.items()):
                self._write_contact(contact.id, told)

    def _to_salesforce(self, contact_id: int, wanted: tuple[Mirrored, ...]) -> None:
        with suppress(*_SYNC_ERRORS):
            contact = self._world.hubspot.find(CONTACT, contact_id)
            lead = self._world.salesforce.record(contact.values.get("salesforceleadid", ""))
            shown = ((m, m.in_salesforce(contact.values.get(m.hubspot, ""))) for m in wanted)
            values = {m.salesforce: self._typed(m.salesforce, text) for m, text in shown if text}
            if any(lead.get(name) != value for name, value in values.items()):
                self._world.salesforce.edit(lead["Id"], values, self._user, via=VIA)
                self._write_contact(contact.id, {})

    def _contact_of(self, lead: Row) -> Record | None:
        """By the id it left on the contact, else by the address."""
        contacts = self._world.hubspot.tables[CONTACT]
        named = (x for x in contacts.records.values() if x.values.get(_OWN[0].name) == lead["Id"])
        found = next((x.id for x in named if contacts.live(x.id)), None)
        return contacts.live(
            found or self._world.hubspot.contact_by_email(str(lead.get("Email") or "")) or 0
        )

    def _write_contact(self, contact_id: int, values: Mapping[str, str]) -> None:
        stamped = {**values, "salesforcelastsynctime": str(self._world.hubspot.now_ms())}
        self._world.hubspot.update(CONTACT, contact_id, stamped, Origin(CONNECTOR, VIA))

    def _typed(self, name: str, text: str) -> Any:
        match self._world.salesforce.store.table("Lead").kind.fields[name].type:
            case Type.BOOLEAN:
                return text == "true"
            case Type.INT:
                return int(float(text))
            case Type.DOUBLE | Type.CURRENCY | Type.PERCENT:
                return float(text)
            case _:
                return text
