"""What a lead's fields held at an instant, as two CRMs with different histories tell it."""

from datetime import timedelta

from core_cases import COMPANY, CRM, NOW, side

from syncd.domain.names import System
from syncd.domain.record import Directory, PropertyChange
from syncd.domain.values import Value
from syncd.measure.outcomes import AsOf
from syncd.measure.values_then import Told, Tracking, values_then

S, H = System.SALESFORCE, System.HUBSPOT
DAY = timedelta(days=1)
NOBODY = Directory(by_id={}, by_user_id={}, by_owner={})


def change(days: int, value: str, before: str | None = None) -> PropertyChange:
    """Of the company, so many days after the move."""
    return PropertyChange(
        name=f"{COMPANY}__c",
        value=value,
        before=before,
        at=NOW + days * DAY,
        actor_id="u1",
        by_person=True,
        by_syncd=False,
    )


def company_then(**sides: tuple[Value, list[PropertyChange]]) -> tuple[object, AsOf]:
    """By side its value of today, and its changes."""
    tracking = Tracking()
    told = {
        System(name): Told(snapshot=side(System(name), {COMPANY: today}).seen, changes=changes)
        for name, (today, changes) in sides.items()
    }
    found = values_then(told, CRM, dict.fromkeys(System, NOBODY), tracking, at=NOW)
    return found.get(COMPANY), tracking.as_of(COMPANY)


def test_a_history_tells_what_was_there_before_it_changed() -> None:
    assert company_then(salesforce=("new", [change(1, "new", "old")])) == ("old", AsOf.THEN)


def test_a_change_kept_without_its_value_leaves_the_value_of_today_marked_so() -> None:
    """Of long texts Salesforce keeps only that they changed."""
    unsaid = [change(-9, "", ""), change(1, "", "")]

    assert company_then(salesforce=("a long text", unsaid)) == ("a long text", AsOf.NOW)


def test_what_one_crm_got_later_and_the_other_had_then_was_there() -> None:
    copied, had = [change(1, "a CRM")], [change(-1, "a CRM", "")]

    found = company_then(hubspot=("a CRM", copied), salesforce=("a CRM", had))

    assert found == ("a CRM", AsOf.THEN)


def test_a_value_of_today_does_not_stand_for_one_that_history_says_was_not_there() -> None:
    later = [change(1, "a CRM")]

    assert company_then(hubspot=("a CRM", later), salesforce=("a CRM", [])) == (None, AsOf.THEN)
