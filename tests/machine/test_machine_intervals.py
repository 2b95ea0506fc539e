"""How often the worker looks changes nothing in the log of moves: histories fill it in."""

from deeds_people import Arrive, Move
from deeds_world import Cycle, Wait
from hands import Deed
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from model_map import HS, SF
from play import outcome
from streets import Streets

_UNGUARDED = ("lead", "nurture", "mql", "sal", "disqualified")
_moves = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(_UNGUARDED)), max_size=10)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=_moves)
@example(moves=[(1, "sal"), (1, "lead"), (1, "sal")])  # a blank between two values tells a stage
def test_a_worker_that_looks_seldom_records_the_same_moves(
    streets: Streets, moves: list[tuple[int, str]]
) -> None:
    often = outcome(streets, story(moves, Cycle(after=60)))

    seldom = outcome(streets, story(moves, Wait(seconds=60)))

    assert seldom.moves_of_others() == often.moves_of_others()


def story(moves: list[tuple[int, str]], pause: Deed) -> list[Deed]:
    """One person is moved in Salesforce and the other one in HubSpot, never both in both."""
    told: list[Deed] = [Arrive(), Arrive(), Cycle()]
    for who, stage in moves:
        told += [Move(who=who, side=HS if who else SF, stage=stage), pause]
    return told
