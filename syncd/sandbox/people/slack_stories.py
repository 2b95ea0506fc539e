"""What becomes of a lead that is settled in Slack: taken, given back, or argued for."""

from datetime import timedelta

from syncd.sandbox.people import facts
from syncd.sandbox.people.desk import Desk, Script
from syncd.sandbox.people.stories import QUALIFIED, WORKING, accepted, offered, researched

_SMALL_BUDGET = 8_000
_SPRING = timedelta(days=75)
_A_MONTH = timedelta(days=30)


def taken_in_slack(desk: Desk) -> Script:
    """By the book, but the rep accepts where the message is."""
    yield from offered(desk)
    yield desk.work(0.5, 2.4)
    desk.click("accept")
    yield from researched(desk)
    yield desk.work(0.4, 1.5)
    if desk.status == WORKING:
        desk.set_status(QUALIFIED)


def given_back_in_slack(desk: Desk) -> Script:
    """The rep says why it is not for sales, and when it may come back."""
    yield from offered(desk)
    yield desk.work(0.5, 2.4)
    desk.click(
        "reject",
        form={
            "reason": "bad-timing",
            "missing": ["budget_amount", "purchase_timeline"],
            "objection": "The budget is decided in spring",
            "note": "Friendly; wants to hear from us in February.",
            "until": (desk.now + _SPRING).date().isoformat(),
        },
    )


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
