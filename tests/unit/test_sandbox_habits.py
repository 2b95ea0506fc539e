"""What people of the box do besides moving leads: they call, and their deals come to an end."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from syncd.sandbox.hubspot.kinds import CALL, CONTACT, DEAL, EMAIL, Kind
from syncd.sandbox.people.cast import hire
from syncd.sandbox.people.clicking import Clicks
from syncd.sandbox.people.closing import close_deals
from syncd.sandbox.people.contacting import NO_ANSWER
from syncd.sandbox.people.desk import Setting
from syncd.sandbox.people.scenario import prepare
from syncd.sandbox.world import World


@pytest.fixture(scope="module")
def week() -> World:
    """With nobody between the two CRMs."""
    scenario = prepare(leads=150, seed=1)
    scenario.world.advance_to(scenario.end)
    return scenario.world


def told(week: World, kind: Kind, name: str) -> Iterator[str]:
    for record in week.hubspot.tables[kind].records.values():
        yield record.values.get(name, "")


def test_reps_call_and_mail_some_in_either_crm_and_not_everybody_answers(week: World) -> None:
    outcomes = list(told(week, CALL, "hs_call_disposition"))
    results = {row.get("CallDisposition") for row in week.salesforce.rows("Task")}

    leads = len(list(week.salesforce.rows("Lead")))
    assert 0 < outcomes.count(NO_ANSWER) < len(outcomes) < leads
    assert results == {None, "No answer"}
    assert any(told(week, EMAIL, "hs_email_subject"))


def test_deals_are_won_and_lost_for_several_reasons_and_some_stay_open() -> None:
    world = World()
    cast = hire(world)
    setting = Setting(world=world, cast=cast, clicks=Clicks(world), start=world.now())
    for number in range(40):
        rep = cast.reps[number % 2]
        rep.hubspot.create_contact(
            {
                "email": f"{number}@x.example",
                "lifecyclestage": "salesqualifiedlead",
                "hubspot_owner_id": rep.hubspot_owner_id,
            }
        )
    close_deals(setting)

    world.advance(timedelta(days=4))

    stages, reasons = (set(told(world, DEAL, x)) for x in ("dealstage", "closed_lost_reason"))
    assert stages == {"closedwon", "closedlost", "qualifiedtobuy"}
    assert len(reasons - {""}) > 1


def test_some_leads_came_by_a_campaign_and_others_by_none(week: World) -> None:
    campaigns = list(told(week, CONTACT, "utm_campaign"))

    assert len(set(campaigns) - {""}) > 2
    assert "" in campaigns
