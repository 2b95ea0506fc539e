"""What becomes of a lead: the usual ways, good and bad, one function each.

A story is a script for one desk. It knows what people intend, never what anybody's
standard says of it; what the record shows decides how they go on.
"""

from collections.abc import Generator
from datetime import datetime

from syncd.sandbox.people import contacting, facts
from syncd.sandbox.people.desk import WINDOW, Desk, Script

Part = Generator[datetime, None, None]

NEW = "Open"
OFFERED = "Marketing Qualified"
WORKING = "Working"
QUALIFIED = "Sales Qualified"


# --- parts of stories ---------------------------------------------------------------------


def offered(desk: Desk, habits: contacting.Habits = contacting.USUAL) -> Part:
    """Marketing thinks that sales should have it, and sales calls as it does."""
    desk.arrive()
    yield desk.work(0.2, 1.2, in_hubspot=True)
    desk.set_stage(OFFERED)
    contacting.follow_up(desk, habits)


def accepted(desk: Desk, least: float = 0.5, most: float = 2.4) -> Part:
    """The rep takes it on, if it is there to be taken."""
    yield from offered(desk)
    yield desk.work(least, most)
    if desk.status == OFFERED:
        desk.set_status(WORKING)


def researched(desk: Desk) -> Part:
    """The rep finds everything out and writes it down, in the CRM at hand."""
    yield desk.work(0.4, 1.5)
    if not desk.status:
        return
    known = facts.everything(desk.random, desk.now)
    if desk.random.random() < 0.3 and not _hubspot_is_down(desk):
        desk.note_in_hubspot(known)
    else:
        desk.note_in_salesforce(known)


def _hubspot_is_down(desk: Desk) -> bool:
    """Down, or about to be: what is typed in the last minutes before nobody could read."""
    return any(x.start - WINDOW <= desk.now <= x.end for x in desk.setting.outages)


def hurried(desk: Desk) -> Generator[datetime, None, dict[str, object]]:
    """The rep writes half of it down and moves on; returns the other half."""
    yield desk.work(0.4, 1.2)
    first, rest = facts.split(desk.random, facts.everything(desk.random, desk.now))
    if desk.status == WORKING:
        desk.note_in_salesforce(first)
    yield desk.work(0.4, 1.0)
    if desk.status == WORKING:
        desk.set_status(QUALIFIED)
    return rest


# --- the good ones ------------------------------------------------------------------------


def by_the_book(desk: Desk) -> Script:
    yield from accepted(desk)
    yield from researched(desk)
    yield desk.work(0.4, 1.5)
    if desk.status == WORKING:
        desk.set_status(QUALIFIED)


def late_commit(desk: Desk) -> Script:
    """By the book, but Salesforce takes its time over the last save."""
    yield from accepted(desk)
    yield from researched(desk)
    yield desk.late(desk.work(0.5, 1.5))
    if desk.status == WORKING:
        desk.set_status(QUALIFIED, late=True)


def worked_in_hubspot(desk: Desk) -> Script:
    yield from accepted(desk)
    yield from researched(desk)
    yield desk.work(0.5, 1.5, in_hubspot=True)
    if desk.contact_shows(WORKING):
        desk.set_stage(QUALIFIED, by=desk.rep)


def demo_given(desk: Desk) -> Script:
    """Marketing notes a demo in HubSpot; the rep has the rest."""
    yield from accepted(desk)
    yield desk.work(0.4, 1.0, in_hubspot=True)
    desk.note_in_hubspot({"demo_attended_on": desk.now.date()}, by=desk.marketer)
    yield from researched(desk)
    yield desk.work(0.4, 1.0)
    if desk.status == WORKING:
        desk.set_status(QUALIFIED)


def straight_to_sql(desk: Desk) -> Script:
    """Known so well that the rep skips a stage, with everything written down."""
    yield from offered(desk)
    yield desk.work(0.4, 0.9)
    if desk.status == OFFERED:
        desk.note_in_salesforce(facts.everything(desk.random, desk.now))
    yield desk.work(0.4, 0.9)
    if desk.status == OFFERED:
        desk.set_status(QUALIFIED)


def won_over(desk: Desk) -> Script:
    """By the book up to the conversion."""
    yield from by_the_book(desk)
    yield desk.work(0.6, 1.5)
    if desk.status == QUALIFIED:
        desk.convert()


# --- in time or not -----------------------------------------------------------------------


def never_ready(desk: Desk) -> Script:
    """Stays a lead."""
    desk.arrive()
    yield desk.work(0.5, 1.0)


def slow(desk: Desk) -> Script:
    yield from accepted(desk, 3.3, 3.7)


def late(desk: Desk) -> Script:
    yield from accepted(desk, 4.4, 7.4)


def ignored(desk: Desk) -> Script:
    yield from offered(desk, contacting.NEGLECTED)


def boomerang(desk: Desk) -> Script:
    """Ignored, offered again much too soon, and half of them buy after all."""
    yield from offered(desk, contacting.NEGLECTED)
    yield desk.work(10, 11, in_hubspot=True)
    if not desk.contact_shows("Nurture"):
        return
    desk.set_stage(OFFERED)
    contacting.follow_up(desk)
    yield desk.work(0.5, 1.5)
    if desk.status == OFFERED:
        desk.set_status(WORKING)
    yield from researched(desk)
    yield desk.work(0.4, 1.5)
    if desk.status == WORKING and desk.random.random() < 0.5:
        desk.set_status(QUALIFIED)
        yield from _bought(desk)


def _bought(desk: Desk) -> Part:
    """At once, with the deal in HubSpot."""
    yield desk.work(0.3, 0.8, in_hubspot=True)
    if desk.status != QUALIFIED:
        return
    worth = {"dealname": desk.prospect.company, "amount": "36000"}
    deal = desk.rep.hubspot.create_deal(worth, [desk.contact_id])
    yield desk.work(0.3, 0.8, in_hubspot=True)
    desk.rep.hubspot.win_deal(deal)


def turned_down(desk: Desk) -> Script:
    yield from offered(desk)
    yield desk.work(0.5, 2.4)
    if desk.status == OFFERED:
        desk.set_status(desk.random.choice(("Disqualified", "Nurture")))


# --- skipping and jumping -----------------------------------------------------------------


def completed_in_time(desk: Desk) -> Script:
    """Skips fields, and remembers them a few minutes later."""
    yield from accepted(desk)
    rest = yield from hurried(desk)
    if desk.status == QUALIFIED:
        yield desk.minutes(4)
        desk.note_in_salesforce(rest)


def repents(desk: Desk) -> Script:
    """Skips fields, finds the lead moved back, completes it and moves it again.

    Nothing is moved back while HubSpot is down, so the rep finds it after that."""
    yield from accepted(desk)
    rest = yield from hurried(desk)
    yield desk.work(0.6, 1.0, in_hubspot=True)
    if desk.status:
        desk.note_in_salesforce(rest)
    yield desk.work(0.4, 0.7)
    if desk.status == WORKING:
        desk.set_status(QUALIFIED)


def gives_up(desk: Desk) -> Script:
    yield from accepted(desk)
    yield from hurried(desk)


def stubborn(desk: Desk) -> Script:
    """Makes the same move over and over."""
    yield from accepted(desk)
    yield from hurried(desk)
    for _ in range(4):
        yield desk.work(0.5, 0.6)
        if desk.status == WORKING:
            desk.set_status(QUALIFIED)


def jumps(desk: Desk) -> Script:
    """From a fresh lead straight to the end, with next to nothing known."""
    desk.arrive()
    yield desk.work(0.3, 1.5)
    if desk.status == NEW:
        desk.set_status(QUALIFIED)


def jumps_from_offer(desk: Desk) -> Script:
    """The owner tries to skip a stage: taken on, but not there yet."""
    yield from offered(desk)
    yield desk.work(0.5, 2.4)
    if desk.status == OFFERED:
        desk.set_status(QUALIFIED)


def jumps_in_hubspot(desk: Desk) -> Script:
    desk.arrive()
    yield desk.work(0.3, 1.0, in_hubspot=True)
    if desk.contact_shows(NEW):
        desk.set_stage(QUALIFIED)


def converts_early(desk: Desk) -> Script:
    yield from accepted(desk)
    yield desk.work(0.5, 1.2)
    if desk.status == WORKING:
        desk.convert()


def opens_a_deal(desk: Desk) -> Script:
    """A deal in HubSpot before anybody asked about money, and then the stage for it."""
    yield from accepted(desk)
    yield desk.work(0.4, 0.8, in_hubspot=True)
    if desk.contact_shows(WORKING):
        desk.rep.hubspot.create_deal({"dealname": desk.prospect.company}, [desk.contact_id])
    yield desk.work(0.5, 1.0, in_hubspot=True)
    if desk.contact_shows(WORKING):
        desk.set_stage(QUALIFIED, by=desk.rep)
