"""`syncd assess` on pairs of CRMs that are broken in different ways: it names what was broken in
each, and nothing that was not."""

import shutil
from pathlib import Path

import pytest
from assess_breaks import (
    HOUSE,
    PEOPLE,
    STORIES,
    by_workflow,
    converted_to_nothing,
    gone_owner,
    late_calls,
    mass_update,
    never_in_hubspot,
    never_in_salesforce,
    no_accepted_stage,
    no_answer_for_a_fortnight,
    no_budget_in_hubspot,
    no_history,
    no_reason,
    no_source,
    nobody_calls,
    nobodys,
    one_try,
    overdue_deals,
    owners_apart,
    reason_on_one_side,
    rejected_on_one_side,
    robots_call,
    stages_apart,
    straight_to_conversion,
    twice,
    values_apart,
    wins_without_amount,
    won_on_one_side,
    zones_apart,
)
from assess_town import PROMISES, Town, build, gaps
from cli_office import Office, office

from syncd.app_assess import Address
from syncd.measure.assess.examine import assess
from syncd.measure.assess.finding import CannotSee, Sound
from syncd.sandbox.hubspot.apps import ALL_SCOPES, DEFAULT_TOKEN, PrivateApp


def _bare(made: Office) -> Address:
    """Nothing is configured: all there is are credentials and two addresses."""
    shutil.rmtree(made.config)
    return Address(salesforce=made.fronts.salesforce_url, hubspot=made.fronts.hubspot_url)


def test_where_nothing_is_broken_every_check_finds_so(tmp_path: Path) -> None:
    with office(tmp_path, changes=PROMISES) as made:
        town = build(made)
        town.past()
        town.today()

        found = assess(town.seen())

    assert [x.check.id for x in found.results if not isinstance(x.answer, Sound)] == []


@pytest.mark.slow
def test_of_a_sound_pair_without_configuration_only_that_is_named(tmp_path: Path) -> None:
    with office(tmp_path) as made:
        town = build(made)
        town.past()
        town.today()

        assert gaps(town.seen(_bare(made))) == {
            "definition-written",
            "definition-held-to",
            "sla-promised",
        }


@pytest.mark.slow
def test_people_who_do_not_do_what_was_agreed(tmp_path: Path) -> None:
    with office(tmp_path, changes=PROMISES) as made:
        town = build(made)
        town.past()
        no_answer_for_a_fortnight(town)
        late_calls(town)
        for broken in (nobody_calls, one_try, robots_call, no_reason, straight_to_conversion):
            broken(town)
        by_workflow(town)
        nobodys(town)
        town.today()
        gone_owner(town)

        assert gaps(town.seen()) == PEOPLE


def test_two_crms_that_tell_two_stories(tmp_path: Path) -> None:
    with office(tmp_path, changes=PROMISES) as made:
        town = build(made)
        town.past()
        _two_stories(town)
        town.today()

        assert gaps(town.seen()) == STORIES


def _two_stories(town: Town) -> None:
    for broken in (stages_apart, rejected_on_one_side, reason_on_one_side, won_on_one_side):
        broken(town)
    for broken in (never_in_hubspot, twice, values_apart, owners_apart, zones_apart):
        broken(town)


@pytest.mark.slow
def test_a_house_in_which_nothing_was_ever_agreed(tmp_path: Path) -> None:
    with office(tmp_path) as made:
        town = build(made)
        no_history(town)
        town.past()
        overdue_deals(town)
        never_in_salesforce(town)
        for broken in (wins_without_amount, mass_update, converted_to_nothing, no_source):
            broken(town)
        town.today()
        no_accepted_stage(town)
        no_budget_in_hubspot(town)

        assert gaps(town.seen(_bare(made))) == HOUSE


def test_nothing_is_written_to_either_crm(tmp_path: Path) -> None:
    with office(tmp_path) as made:
        town = build(made)
        town.talked()
        before = len(made.world.journal)

        town.seen()

        assert len(made.world.journal) == before


def test_what_may_not_be_read_is_said_and_not_taken_for_sound(tmp_path: Path) -> None:
    with office(tmp_path) as made:
        town = build(made)
        person, rep = town.talked()
        with made.world.lock:
            rep.hands.create_deal({"dealname": "Deal", "amount": "5"}, [person.hs])
        scopes = tuple(x for x in ALL_SCOPES if x != "crm.objects.deals.read")
        made.world.hubspot.apps.install(DEFAULT_TOKEN, PrivateApp(scopes=scopes))

        found = {x.check.id: x.answer for x in assess(town.seen()).results}

    answer = found["reporting-amounts"]
    assert isinstance(answer, CannotSee)
    assert answer.why.startswith("deals cannot be read (HubSpot")
