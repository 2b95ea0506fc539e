"""Who calls a lead once marketing has offered it, how soon, and whether anybody answers.

Habits of people, nothing else: what a call means for a promise is none of it. What is done about
a lead follows from its address alone, so that the rest of its story stays what it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.sandbox.people.desk import Desk, Script, play

Deed = Callable[[Desk], None]
NO_ANSWER = "73a0d17f-1163-4015-bdd5-ec830791da20"
"""The id of that outcome in every portal."""
_CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
_IN_SALESFORCE = 0.35
"""So many calls are noted there; the others where they were made, in HubSpot."""
_OUT_OF_HAND = frozenset({"", "Nurture", "Disqualified"})


# --- what people do -----------------------------------------------------------------------


def call(desk: Desk) -> None:
    if desk.random.random() < _IN_SALESFORCE:
        desk.setting.world.salesforce.log_call(desk.lead_id, "Call", desk.rep.salesforce)
    else:
        desk.rep.hubspot.log_call(desk.contact_id, "Call", hs_call_disposition=_CONNECTED)


def call_in_vain(desk: Desk) -> None:
    if desk.random.random() < _IN_SALESFORCE:
        org, result = desk.setting.world.salesforce, "No answer"
        org.log_call(desk.lead_id, "Call", desk.rep.salesforce, result)
    else:
        desk.rep.hubspot.log_call(desk.contact_id, "Call", hs_call_disposition=NO_ANSWER)


def mail(desk: Desk) -> None:
    desk.rep.hubspot.log_email(desk.contact_id, "Your question")


# --- and how soon -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Try:
    """After so many hours at work, at least and at most."""

    least: float
    most: float
    deed: Deed


Habits = Sequence[tuple[int, tuple[Try, ...]]]
"""What people do for a lead, with how often they do."""
USUAL: Habits = (
    (12, (Try(0.1, 0.1, call),)),
    (26, (Try(0.15, 0.8, call),)),
    (22, (Try(0.8, 3, call),)),
    (6, (Try(6, 12, call),)),
    (8, (Try(0.1, 2, mail),)),
    (7, (Try(0.3, 3, call_in_vain),)),
    (9, (Try(0.1, 1, call_in_vain), Try(0.8, 4, call))),
    (10, ()),
)
NEGLECTED: Habits = ((3, (Try(0.3, 3, call_in_vain),)), (1, (Try(6, 12, call),)), (8, ()))
"""Where nobody takes the lead on."""


def follow_up(desk: Desk, habits: Habits = USUAL) -> None:
    """From now on, beside whatever else becomes of the lead."""
    random = Random(f"calls to {desk.prospect.email}")
    tries = random.choices([x for _, x in habits], [weight for weight, _ in habits])[0]
    play(desk.setting.world, _contacts(replace(desk, random=random), tries))


def _contacts(desk: Desk, tries: tuple[Try, ...]) -> Script:
    for one in tries:
        yield desk.work(one.least, one.most, in_hubspot=True)
        if _is_at_hand(desk):
            one.deed(desk)


def _is_at_hand(desk: Desk) -> bool:
    """There is such a lead, and sales is still at it."""
    is_there = desk.setting.world.hubspot.tables[CONTACT].live(desk.contact_id) is not None
    return is_there and desk.status not in _OUT_OF_HAND
