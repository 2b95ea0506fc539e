"""What becomes of a lead that is settled in Slack: taken, given back, or argued for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from syncd.sandbox.people import facts
from syncd.sandbox.people.desk import Desk, Script
from syncd.sandbox.people.stories import QUALIFIED, WORKING, Part, accepted, offered, researched
from syncd.sandbox.slack.forms import Values

_DEMO_REQUEST = "Demo Request"
_GIVEN_BACK: Sequence[Values] = (
    {
        "reason": "bad-timing",
        "missing": ["budget_amount", "purchase_timeline"],
        "objection": "The budget is decided in spring",
        "note": "Friendly; wants to hear from us in February.",
    },
    {
        "reason": "bad-timing",
        "missing": ["purchase_timeline"],
        "objection": "They have a contract until summer",
        "note": "Asked to be called before it runs out.",
    },
    {
        "reason": "not-ready",
        "missing": ["need"],
        "objection": "They only wanted the price list",
        "note": "Comparing, for a paper.",
    },
    {"reason": "no-answer", "note": "Three calls and two mails."},
    {"reason": "wrong-fit", "objection": "They want to resell it", "note": "An agency."},
)
_LOOKS = 16
_SMALL_BUDGET = 8_000
_SPRING = timedelta(days=75)
_A_MONTH = timedelta(days=30)


def taken_in_slack(desk: Desk) -> Script:
    """By the book, but the rep accepts where the message is."""
    yield from offered(desk)
    yield desk.work(0.5, 2.4)
    yield from _taken_and_worked(desk)


def _taken_and_worked(desk: Desk) -> Part:
    desk.click("accept")
    yield from researched(desk)
    yield desk.work(0.4, 1.5)
    if desk.status == WORKING:
        desk.set_status(QUALIFIED)


def demo_wanted(desk: Desk) -> Script:
    """Somebody asked for a demo, and the rep is quick."""
    desk.prospect = replace(desk.prospect, source=_DEMO_REQUEST)
    yield from offered(desk)
    yield desk.work(0.2, 0.6)
    yield from _taken_and_worked(desk)


def demo_forgotten(desk: Desk) -> Script:
    """Somebody asked for a demo, and the rep looks at nothing all day. Whoever finds the lead
    among their own after that takes it."""
    desk.prospect = replace(desk.prospect, source=_DEMO_REQUEST)
    yield from offered(desk)
    for _ in range(_LOOKS):
        yield desk.work(0.3, 0.5)
        if desk.owner is not desk.rep:
            desk.rep = desk.owner
            yield from _taken_and_worked(desk)
            return


def given_back_in_slack(desk: Desk) -> Script:
    """The rep says why it is not for sales, and if only not yet, when it may come back."""
    yield from offered(desk)
    yield desk.work(0.5, 2.4)
    form = dict(desk.random.choice(_GIVEN_BACK))
    if form["reason"] == "bad-timing":
        form["until"] = (desk.now + _SPRING).date().isoformat()
    desk.click("reject", form=form)


def argued_for(desk: Desk) -> Script:
    """One rule short of the gate: the rep asks for an exception, and is granted it."""
    yield from accepted(desk)
    yield desk.work(0.4, 1.0)
    if desk.status != WORKING:
        return
    known = facts.everything(desk.random, desk.now) | {"budget_amount": _SMALL_BUDGET}
    desk.note_in_salesforce(known)
    yield desk.work(0.4, 0.8)
    if desk.status != WORKING:
        return
    desk.set_status(QUALIFIED)
    yield desk.work(0.5, 0.7)
    desk.click(
        "ask-waiver",
        form={
            "rules": ["sql:budget-at-least-10k"],
            "reason": "Pilot for one plant; the group has eleven more",
            "until": (desk.now + _A_MONTH).date().isoformat(),
        },
    )
    yield desk.work(0.4, 0.6)
    desk.click("approve", by=desk.setting.cast.approver)
    yield desk.work(0.4, 0.6)
    if desk.status == WORKING:
        desk.set_status(QUALIFIED)
