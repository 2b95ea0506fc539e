"""What people are told at once, for their eyes only, when they have acted. Words alone."""

from collections.abc import Mapping

from syncd.domain.alert import Act

_NOTED: Mapping[Act, str] = {
    Act.ACCEPT: "you accept this lead",
    Act.REJECT: "you reject this lead",
    Act.SNOOZE: "a snooze, the only one this lead gets",
    Act.ASK_WAIVER: "you ask for a waiver",
    Act.APPROVE: "you approve this waiver",
    Act.REFUSE: "you refuse this waiver",
    Act.NOT_USEFUL: "this message was not useful. Thank you",
}
_FOLLOWS = "syncd carries it out with its next cycle, if you may, and says so here."

UNKNOWN = (
    "syncd does not know you: your profile in this workspace shows it no email address, or you "
    "are of another workspace. Say it in the CRM, or ask an admin to use the command line."
)
NO_REASONS = (
    "The standard names no reasons for a rejection, so there is no form: move the lead in the "
    "CRM instead."
)
NO_GATES = "The standard has no gate, so there is nothing to make an exception from."
BUG = "a bug in syncd, see its log"
GONE = "syncd does not have this lead any more."
OLD_BUTTON = "syncd does not know this button any more: use that of a newer message, or the CRM."


def noted(act: Act) -> str:
    said = f"Noted: {_NOTED[act]}."
    return said if act is Act.NOT_USEFUL else f"{said} {_FOLLOWS}"


def noted_already(act: Act) -> str:
    return f"It is noted already: {_NOTED[act]}."


def not_noted(why: str) -> str:
    return f"This could not be noted, and nothing was changed: {why}. Please try again."
