"""Each check of an assessment, with the one thing it looks for planted into what was seen of a
sound pair: it is named, and nothing else is."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from assess_hands import SF, place
from assess_plants import ALSO, HARMLESS, NAMED_TOO, PLANTED, UNTOLD
from assess_town import PROMISES, build, gaps
from cli_office import office

from syncd.core.doctor.facts import Unseen
from syncd.measure.assess.examine import CHECKS, assess
from syncd.measure.assess.finding import CannotSee
from syncd.measure.assess.sight import Reading, Sight


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sight]:
    with office(tmp_path_factory.mktemp("town"), changes=PROMISES) as made:
        town = build(made)
        town.past()
        town.today()
        yield town.seen()


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_planted_is_named_and_nothing_else(name: str, sound: Sight) -> None:
    found = gaps(PLANTED[name](sound))

    assert name in found
    assert found <= {name} | ALSO.get(name, set())


@pytest.mark.parametrize("name", UNTOLD)
def test_what_there_is_nothing_to_tell_by_is_said_not_to_be_seen(name: str, sound: Sight) -> None:
    found = {x.check.id: x.answer for x in assess(UNTOLD[name](sound)).results}
    assert isinstance(found[name], CannotSee)


@pytest.mark.parametrize("name", NAMED_TOO)
def test_what_was_planted_in_another_way_is_named_too(name: str, sound: Sight) -> None:
    assert gaps(NAMED_TOO[name](sound)) == {name}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_like_it_is_not_named(name: str, sound: Sight) -> None:
    assert gaps(HARMLESS[name](sound)) == set()


def test_what_cannot_be_seen_is_neither_sound_nor_a_gap(sound: Sight) -> None:
    no = Unseen("no right")
    refused = dict.fromkeys(Reading, "refused")
    blind = place(SF, login=no, tracked=no, rules=no, refused=refused)(sound)

    found = {x.check.id: x.answer for x in assess(blind).results}

    for name in (
        "reporting-stage-history",
        "sla-touched",
        "reporting-amounts",
        "reporting-time-zones",
    ):
        assert isinstance(found[name], CannotSee)
    assert not assess(blind).gaps


def test_no_check_raises_where_there_is_nothing_to_see(sound: Sight) -> None:
    empty = replace(sound, leads=(), standard=None, policy=None, judged={})

    found = assess(empty)

    assert len(found.results) == len(CHECKS)
    assert {x.check.id for x in found.gaps} == {
        "definition-written",
        "definition-held-to",
        "sla-promised",
    }


def test_every_check_has_something_planted_for_it() -> None:
    assert {x.id for x in CHECKS} == PLANTED.keys()
