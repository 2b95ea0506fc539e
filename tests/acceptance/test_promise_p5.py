"""P5: a crash at any instant needs no repair and loses nothing committed. (Real processes are
killed in tests/fault; here every port fails at every call in turn.)"""

import pytest
from decide_cases import AT_ONCE
from fakes import House, linked

from syncd.domain.alert import AlertKind
from syncd.domain.stage import Evidence, Stage


class Killed(BaseException):
    """Like a SIGKILL: nobody catches it."""


def story_of(made: House) -> tuple[object, ...]:
    """What must be the same, killed or not. A message may be doubled, once per kill."""
    own = sorted(
        (x.system, x.to_stage) for x in made.story().transitions if x.evidence is Evidence.WRITTEN
    )
    return made.sf.stage("00Q1"), made.hs.stage("101"), len(made.sf.notes), own


def block() -> House:
    made = linked(Stage.MQL, rules=AT_ONCE, budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    made.hs.edit("101", title__c="CEO")
    return made


@pytest.mark.parametrize("method", ["poll", "history", "directory", "read", "update", "add_notes"])
@pytest.mark.parametrize("side", ["sf", "hs"])
def test_p5_killed_at_any_call_the_next_cycle_finishes_the_work(method: str, side: str) -> None:
    undisturbed = block()
    undisturbed.cycles(8)
    made = block()
    crm = made.sf if side == "sf" else made.hs
    crm.fails[method] = Killed()  # type: ignore[assignment]  # no error of ours, on purpose
    try:
        made.cycle(minutes=5)
    except Killed:
        made.recent.forget()
    crm.fails.clear()

    made.cycles(8)

    assert story_of(made) == story_of(undisturbed)
    assert made.outbox() == {}
    assert made.slack.kinds().count(AlertKind.BLOCKED) == 1


def test_p5_killed_right_after_a_write_it_is_not_repeated_and_recorded_once() -> None:
    made = block()
    made.sf.lost = True
    made.sf.fails["lost"] = Killed()  # type: ignore[assignment]  # no error of ours, on purpose
    with pytest.raises(Killed):
        made.cycle(minutes=5)
    made.sf.fails.clear()
    written = made.sf.calls["update"]

    made.cycles(8)

    undisturbed = block()
    undisturbed.cycles(9)
    assert story_of(made) == story_of(undisturbed)
    assert made.sf.calls["update"] - written <= 2
