"""What becomes of a lead when two people, two CRMs or a program get in each other's way."""

from dataclasses import replace
from datetime import timedelta

from syncd.sandbox.faults import Fault, Kind
from syncd.sandbox.journal import Entry, System
from syncd.sandbox.people import facts
from syncd.sandbox.people.desk import Desk, Script, play
from syncd.sandbox.people.stories import OFFERED, QUALIFIED, WORKING, accepted, offered
from syncd.sandbox.salesforce.merge import merge_leads
from syncd.sandbox.world import World

_FIGHTS_BACK_AFTER = timedelta(seconds=100)
_SAVES = r"^PATCH /services/data/v[\d.]+/composite/sobjects$"


def fast_track(desk: Desk) -> Script:
    """A flow keeps the lead qualified, whatever anybody does about it."""
    yield from accepted(desk)
    yield desk.work(0.5, 1.0)
    if desk.status == WORKING:
        desk.setting.world.automation(lambda world, entry: _insist(desk, world, entry))
        desk.set_status(QUALIFIED)


def _insist(desk: Desk, world: World, entry: Entry) -> None:
    away = entry.record_id == desk.lead_id and entry.field == "Status"
    if away and entry.before == QUALIFIED:
        flow, salesforce = desk.setting.cast.flow, world.salesforce
        edit = {"Status": QUALIFIED}
        world.after(
            _FIGHTS_BACK_AFTER, lambda: salesforce.edit(desk.lead_id, edit, flow, via="rule")
        )


def imported(desk: Desk) -> Script:
    """A list is loaded straight into the last stage, with nothing to show for it."""
    desk.arrive(QUALIFIED, contact_status="Open")
    yield desk.work(0.5, 1.0)


def imported_complete(desk: Desk) -> Script:
    """Loaded straight into the last stage, and rightly so."""
    desk.arrive(QUALIFIED, contact_status="Open")
    known = facts.everything(desk.random, desk.now)
    desk.note_in_salesforce(known)
    desk.note_in_hubspot(known)
    yield desk.work(0.5, 1.0)


def agreed_on(desk: Desk) -> Script:
    """Rep and marketer make the same good move at the same time."""
    desk.arrive()
    yield desk.work(0.3, 1.0, in_hubspot=True)
    first, second = desk.together()
    yield first
    desk.set_stage(OFFERED)
    yield second
    desk.set_status(OFFERED)
    yield desk.work(0.5, 2.0)
    if desk.status == OFFERED:
        desk.set_status(WORKING)


def agreed_too_early(desk: Desk) -> Script:
    """Rep and marketer make the same move, with little known, at the same time."""
    yield from accepted(desk)
    yield desk.work(0.5, 1.0, in_hubspot=True)
    first, second = desk.together()
    yield first
    if desk.status == WORKING and desk.contact_shows(WORKING):
        desk.set_status(QUALIFIED)
        yield second
        desk.set_stage(QUALIFIED)


def at_odds(desk: Desk) -> Script:
    """The rep accepts what the marketer takes back: whoever is last has it."""
    yield from offered(desk)
    yield desk.work(0.6, 1.5, in_hubspot=True)
    first, second = desk.together()
    yield first
    if desk.status == OFFERED and desk.contact_shows(OFFERED):
        desk.set_status(WORKING)
        yield second
        desk.set_stage("Disqualified")


def both_type(desk: Desk) -> Script:
    """One field, two people, two answers."""
    desk.arrive()
    yield desk.work(0.3, 2.0, in_hubspot=True)
    field, values = desk.random.choice(
        (
            ("phone", ("+1 646 555 0101", "+1 646 555 0102")),
            ("title", ("Chief Buyer", "Buying Director")),
            ("employees", (desk.prospect.employees + 11, desk.prospect.employees + 22)),
        )
    )
    first, second = desk.together()
    yield first
    desk.note_in_salesforce({field: values[0]})
    yield second
    desk.note_in_hubspot({field: values[1]})


def overtakes(desk: Desk) -> Script:
    """Salesforce fails just when a number is to be saved, and the rep types another one."""
    desk.arrive()
    yield desk.work(0.3, 2.0, in_hubspot=True)
    desk.note_in_hubspot({"phone": "+1 646 555 0103"}, by=desk.marketer)
    failing = Fault.from_json({"match": _SAVES, "kind": Kind.STATUS, "status": 503})
    desk.setting.world.faults[System.SALESFORCE].arm(failing)
    yield desk.together()[0]
    desk.note_in_salesforce({"phone": "+1 646 555 0104"})


def blanked(desk: Desk) -> Script:
    """Somebody empties a field in HubSpot that Salesforce still knows."""
    desk.arrive()
    yield desk.work(0.3, 2.0, in_hubspot=True)
    desk.note_in_hubspot({"title": None}, by=desk.marketer)


def merged(desk: Desk) -> Script:
    """The same person twice, and the rep makes one record of the two."""
    twin = replace(desk.prospect, email=f"private.{desk.prospect.email}")
    other = replace(desk, prospect=twin)
    desk.arrive()
    play(desk.setting.world, _never_moves(other))
    yield desk.work(1.0, 2.0)
    org = desk.setting.world.salesforce
    merge_leads(org, desk.lead_id, [other.lead_id], desk.rep.salesforce)


def _never_moves(desk: Desk) -> Script:
    desk.arrive()
    yield desk.work(0.5, 1.0)


def deleted(desk: Desk) -> Script:
    desk.arrive()
    yield desk.work(1.0, 3.0)
    desk.setting.world.salesforce.delete(desk.lead_id, desk.rep.salesforce)


def tidied(desk: Desk) -> Script:
    """Left in its stage; people correct what they come across, in either CRM."""
    yield desk.work(0.3, 3.0)
    desk.note_in_salesforce({"phone": f"+1 718 555 {desk.random.randrange(10_000):04d}"})
    yield desk.work(0.5, 3.0, in_hubspot=True)
    desk.note_in_hubspot({"title": "Director"}, by=desk.marketer)
    yield desk.work(0.5, 3.0)
    desk.note_in_salesforce({"employees": desk.prospect.employees + 7})
