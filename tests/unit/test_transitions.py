"""From a history to moves: promise P1, exactly once and always under the same id."""

from datetime import timedelta

from core_cases import LEAD, NOW, REP
from decide_cases import HUBSPOT, MINUTE, OURSELVES, SALESFORCE, WORKFLOW, side

from syncd.core.transitions import coalesced_move, moves_in_history, transition_id
from syncd.domain.names import RecordId
from syncd.domain.stage import SOMEBODY, Actor, Evidence, Stage, StageStep, Transition

SHOWN = side(SALESFORCE, Stage.SQL).seen


def step(stage: Stage | None, minutes: float = 0, by: Actor = REP) -> StageStep:
    return StageStep(at=NOW + minutes * MINUTE, stage=stage, actor=by)


def moves(*steps: StageStep, since: float = 0, known: Stage = Stage.LEAD) -> tuple[Transition, ...]:
    return moves_in_history(
        LEAD, SHOWN, steps, since=NOW + since * MINUTE, known=known, now=NOW + timedelta(hours=1)
    )


def path(found: tuple[Transition, ...]) -> list[tuple[Stage, Stage]]:
    return [(x.from_stage, x.to_stage) for x in found]


def test_every_step_since_the_last_known_one_is_a_move() -> None:
    found = moves(step(Stage.MQL), step(Stage.SAL, 1), step(Stage.SQL, 2))

    assert path(found) == [
        (Stage.LEAD, Stage.MQL),
        (Stage.MQL, Stage.SAL),
        (Stage.SAL, Stage.SQL),
    ]


def test_a_move_tells_when_who_and_on_which_side() -> None:
    (found,) = moves(step(Stage.MQL, 3, WORKFLOW))

    assert (found.at, found.actor, found.system) == (NOW + 3 * MINUTE, WORKFLOW, SALESFORCE)
    assert (found.evidence, found.lead_id, found.cause) == (Evidence.HISTORY, LEAD, None)


def test_earlier_steps_only_tell_where_the_next_one_starts() -> None:
    found = moves(step(Stage.LEAD, -9), step(Stage.MQL, -5), step(Stage.SQL, 1))

    assert path(found) == [(Stage.MQL, Stage.SQL)]


def test_a_history_that_begins_no_earlier_starts_from_the_known_stage() -> None:
    assert path(moves(step(Stage.SQL), known=Stage.SAL)) == [(Stage.SAL, Stage.SQL)]


def test_our_own_steps_are_no_moves_but_later_ones_start_there() -> None:
    found = moves(step(Stage.SQL), step(Stage.LEAD, 1, OURSELVES), step(Stage.SQL, 2))

    assert path(found) == [(Stage.LEAD, Stage.SQL), (Stage.LEAD, Stage.SQL)]
    assert [x.at for x in found] == [NOW, NOW + 2 * MINUTE]


def test_steps_no_line_tells_are_passed_over_and_the_last_known_stage_stays_the_from() -> None:
    found = moves(step(Stage.MQL), step(None, 1), step(Stage.SQL, 2))

    assert path(found) == [(Stage.LEAD, Stage.MQL), (Stage.MQL, Stage.SQL)]


def test_a_step_to_the_same_stage_is_no_move() -> None:
    assert path(moves(step(Stage.LEAD), step(Stage.MQL, 1))) == [(Stage.LEAD, Stage.MQL)]


def test_equal_moves_within_one_instant_are_told_apart() -> None:
    there, back = step(Stage.MQL), step(Stage.LEAD)

    found = moves(there, back, there, back)

    assert len({x.id for x in found}) == 4


def test_the_same_step_read_twice_is_the_same_transition() -> None:
    first = moves(step(Stage.MQL), step(Stage.SQL, 1))

    again = moves(step(Stage.LEAD, -9), step(Stage.MQL), step(Stage.SQL, 1), since=1)

    assert again == first[1:]


def test_ids_are_made_of_what_happened() -> None:
    def made(at: float = 0, to: Stage = Stage.SQL, nth: int = 0, record: str = "1") -> str:
        return transition_id(
            HUBSPOT, RecordId(record), at=NOW + at * MINUTE, move=(Stage.MQL, to), nth=nth
        )

    assert made() == made()
    assert len({made(), made(at=1), made(to=Stage.SAL), made(nth=1), made(record="2")}) == 5


def test_without_history_the_difference_is_a_move_by_somebody_marked_coalesced() -> None:
    found = coalesced_move(LEAD, SHOWN, move=(Stage.LEAD, Stage.SQL), now=NOW)

    assert (found.evidence, found.actor) == (Evidence.COALESCED, SOMEBODY)
    assert (found.from_stage, found.to_stage, found.at) == (
        Stage.LEAD,
        Stage.SQL,
        SHOWN.modified_at,
    )
