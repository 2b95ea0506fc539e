"""Whatever people, outages, deaths and edits hypothesis strings together around three handoffs, the
laws hold once all is calm again. What breaks is shrunk to the few steps that matter."""

import tempfile
from pathlib import Path

import pytest
from handoff_case import Case
from handoff_days import may_follow, rest
from handoff_deeds import DEEDS, offer, shows
from handoff_laws import broken_laws
from handoff_town import HOUR, MINUTE, Town
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

_WHO = st.integers(0, 2)
_DEEDS = ("give", "accept", "accept", "reject", "snooze", "touch", "qualify", "convert")
_SPAN = st.sampled_from((5, 30, 60, 120, 240, 360, 1_080, 2_880))


class HandoffMachine(RuleBasedStateMachine):
    """Every step ends with a cycle, unless syncd is down."""

    @initialize(seed=st.integers(0, 999))
    def begin(self, seed: int) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="syncd-handoffs-")
        self.town = Town(Path(self.folder.name) / "syncd.db", seed, leads=3)
        self.town.cycle()
        self.town.house.time.sleep(MINUTE)

    @rule(minutes=_SPAN)
    def time_passes(self, minutes: int) -> None:
        self.town.house.time.sleep(minutes * MINUTE)
        self.town.cycle()

    @rule(who=_WHO)
    def offer(self, who: int) -> None:
        case = self.town.cases[who]
        if not case.turns:
            offer(self.town, case)

    @rule(who=_WHO, what=st.sampled_from(_DEEDS))
    def act(self, who: int, what: str) -> None:
        case = self.town.cases[who]
        if case.turns and what in may_follow(self.town, case):
            DEEDS[what](self.town, case)
            self.town.house.time.sleep(MINUTE)

    @rule(who=_WHO)
    def delete(self, who: int) -> None:
        """Whatever was done with it before."""
        case: Case = self.town.cases[who]
        if case.turns and shows(self.town, case) in ("mql", "sal"):
            DEEDS["delete"](self.town, case)

    @rule(effects=st.integers(1, 8), down=st.sampled_from((0, 1, 30)))
    def die(self, effects: int, down: int) -> None:
        self.town.cycle(dies_after=effects)
        self.town.house.time.sleep(down * HOUR)

    @rule()
    def outage(self) -> None:
        self.town.toggle_outage()

    @rule()
    def lose_an_answer(self) -> None:
        self.town.post.loses_next = True

    @precondition(lambda self: len(self.town.calendars) < 4)
    @rule()
    def edit_the_calendar(self) -> None:
        self.town.edit_calendar()

    def teardown(self) -> None:
        if not hasattr(self, "town"):
            return
        rest(self.town)
        found = broken_laws(self.town)
        self.town.close()
        self.folder.cleanup()
        assert found == []


def test_a_few_stories_of_handoffs_end_as_they_should() -> None:
    run_state_machine_as_test(
        HandoffMachine, settings=settings(max_examples=8, stateful_step_count=40)
    )


@pytest.mark.slow
def test_many_stories_of_handoffs_end_as_they_should() -> None:
    run_state_machine_as_test(
        HandoffMachine, settings=settings(max_examples=300, stateful_step_count=60)
    )
