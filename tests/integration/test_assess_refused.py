"""`syncd assess` with credentials that may not read everything, and where there is next to
nothing to read: what cannot be told is said so, and nothing is made of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from assess_town import PROMISES, build
from cli_office import office

from syncd.core.doctor.facts import Unseen
from syncd.domain.deal import Deal
from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.errors import AuthError
from syncd.measure.assess.examine import CHECKS, Assessment, assess
from syncd.measure.assess.finding import Answer, CannotSee, Gap, Sound
from syncd.measure.assess.sight import Judged, Place, Reading, Sight
from syncd.sandbox.hubspot.apps import ALL_SCOPES, DEFAULT_TOKEN, PrivateApp

SF, HS = System.SALESFORCE, System.HUBSPOT
ABOUT_PEOPLE = {x.id for x in CHECKS if Reading.PEOPLE in x.needs}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sight:
    with office(tmp_path_factory.mktemp("town"), changes=PROMISES) as made:
        town = build(made)
        town.past()
        town.today()
        return town.seen()


def answers(found: Assessment) -> dict[str, Answer]:
    return {x.check.id: x.answer for x in found.results}


def unseen(found: Assessment) -> set[str]:
    return {name for name, x in answers(found).items() if isinstance(x, CannotSee)}


def refusing(sight: Sight, reading: Reading) -> Sight:
    hubspot: Place = replace(sight.places[HS], refused={reading: "status 403"})
    return replace(sight, places={**sight.places, HS: hubspot})


@pytest.mark.parametrize("reading", Reading)
def test_what_one_crm_refuses_is_told_by_each_check_that_needs_it(
    sound: Sight, reading: Reading
) -> None:
    found = answers(assess(refusing(sound, reading)))

    asked = {x.id for x in CHECKS if reading in x.needs}
    assert asked
    assert {name for name, x in found.items() if isinstance(x, CannotSee)} == asked
    assert all(
        found[x] == CannotSee(f"{reading} cannot be read (HubSpot: status 403)") for x in asked
    )


def test_a_scope_that_is_missing_blinds_some_checks_and_ends_nothing(tmp_path: Path) -> None:
    with office(tmp_path, changes=PROMISES) as made:
        town = build(made)
        town.past()
        scopes = tuple(x for x in ALL_SCOPES if x != "crm.objects.owners.read")
        made.world.hubspot.apps.install(DEFAULT_TOKEN, PrivateApp(scopes=scopes))

        found = assess(town.seen())

    assert unseen(found) >= ABOUT_PEOPLE
    assert not found.gaps


def test_without_the_contacts_themselves_it_says_which_right_is_missing(tmp_path: Path) -> None:
    with office(tmp_path) as made:
        town = build(made)
        scopes = tuple(x for x in ALL_SCOPES if x != "crm.objects.contacts.read")
        made.world.hubspot.apps.install(DEFAULT_TOKEN, PrivateApp(scopes=scopes))

        with pytest.raises(AuthError, match=r"needs crm\.objects\.contacts\.read"):
            town.seen()


def test_rights_that_end_when_all_was_read_end_nothing(tmp_path: Path) -> None:
    with office(tmp_path, changes=PROMISES) as made:
        town = build(made)
        town.past()

        def ended(system: System, read: int) -> None:
            if system is SF and read:
                made.world.hubspot.apps.revoke(DEFAULT_TOKEN)
                town.wait(timedelta(hours=2))

        found = town.seen(told=ended)

    assert found.leads
    assert isinstance(found.places[HS].login, Unseen)
    assert not assess(found).gaps


def test_of_an_empty_pair_nothing_is_said_but_what_its_setup_tells(tmp_path: Path) -> None:
    with office(tmp_path, changes=PROMISES) as made:
        found = assess(build(made).seen())

    assert not found.gaps
    assert found.total.value is None
    assert unseen(found) >= {"sla-touched", "capture-address", "definition-mqls-meet-it"}
    assert isinstance(answers(found)["definition-written"], Sound)


def test_five_leads_are_too_few_for_any_share(tmp_path: Path) -> None:
    with office(tmp_path, changes=PROMISES) as made:
        town = build(made)
        for _ in range(5):
            town.talked()
        found = assess(town.seen())

    told = answers(found)
    assert not found.gaps
    assert told["capture-phone"] == CannotSee("0 of 5 SQLs have no phone: too few to say")
    assert found.total.value is None


def test_people_who_are_in_no_funnel_change_nothing(tmp_path: Path) -> None:
    with office(tmp_path, changes=PROMISES) as made:
        town = build(made)
        town.past()
        for number in range(60):
            made.marketer.create_contact({"email": f"reader{number}@example.com"})
        town.today()

        assert not assess(town.seen()).gaps


def test_a_field_that_a_crm_does_not_show_is_not_taken_for_empty(sound: Sight) -> None:
    place = sound.places[SF]
    schema = {name: x for name, x in place.schema.items() if name != "Phone"}
    bare = tuple(
        replace(x, sides={s: replace(y, filled=y.filled - {"phone"}) for s, y in x.sides.items()})
        for x in sound.leads
    )
    hidden = replace(sound, leads=bare, places={**sound.places, SF: replace(place, schema=schema)})

    found = answers(assess(hidden))["capture-phone"]

    assert isinstance(found, CannotSee)
    assert found.why.endswith("have no phone, but Salesforce does not show it to us")


def test_moves_of_which_nobody_can_tell_are_not_taken_for_good_ones(sound: Sight) -> None:
    told = answers(assess(replace(sound, judged={Stage.MQL: Judged(100, 2, 60)})))

    answer = told["definition-mqls-meet-it"]

    assert isinstance(answer, CannotSee)
    assert "2 of 100 moves" in answer.why
    assert "of 60 nobody can tell" in answer.why


def test_nothing_is_priced_where_a_crm_does_not_show_its_deals(sound: Sight) -> None:
    dear = Deal(id="1", is_closed=True, is_won=True, amount=9.0, closes_at=sound.now)
    lost = replace(dear, is_won=False)
    model = next(x for x in sound.leads if len(x.sides) == len(System) and x.touches)
    no_phone = {s: replace(x, filled=x.filled - {"phone"}) for s, x in model.sides.items()}
    at_sql = {s: replace(x, stage=Stage.SQL) for s, x in model.sides.items()}
    crowd = (
        *(replace(model, sides=at_sql, deals={SF: (dear,)}) for _ in range(50)),
        *(
            replace(
                model,
                sides={s: replace(x, stage=Stage.SQL) for s, x in no_phone.items()},
                deals={SF: (lost,)},
            )
            for _ in range(50)
        ),
    )
    sight = replace(sound, leads=crowd)

    seen = answers(assess(sight))["capture-phone"]
    blind = answers(assess(refusing(sight, Reading.DEALS)))["capture-phone"]

    assert isinstance(seen, Gap)
    assert isinstance(blind, Gap)
    assert seen.cost
    assert seen.cost.amount == pytest.approx(50 * 9.0)
    assert blind.cost is None
