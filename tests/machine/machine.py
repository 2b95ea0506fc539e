"""The two-CRM machine: hypothesis chooses what people, the weather and admins do, in any order.

Each step is a deed; the laws are asked once all has come to rest. A script that breaks a law
is shown as a list that `play` takes.
"""

from contextlib import ExitStack
from typing import ClassVar

from deeds_life import Convert, Delete, Erase, MergeContacts, MergeConverted, MergeLeads, Undelete
from deeds_people import STAGES, Arrive, Connector, Edit, EditBoth, Move, MoveEmail, Touch
from deeds_world import (
    STORMS,
    Brake,
    Configure,
    Cycle,
    IndexDelay,
    Kill,
    Lock,
    Resolve,
    Restart,
    Storm,
)
from hands import Deed, Value
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from model_map import BY_NAME, HS, SF, Flow
from play import Game, game
from streets import Streets

from syncd.sandbox.journal import System

who = st.integers(0, 3)
sides = st.sampled_from([SF, HS])
names = st.sampled_from(sorted(BY_NAME))
delays = st.sampled_from([0, 0, 0, 45, 299])
spans = st.sampled_from([1, 20, 20, 60, 150])


class Broken(AssertionError):
    """Laws that a script breaks."""

    def __init__(self, script: list[Deed], words: list[str]) -> None:
        deeds = "".join(f"    {deed},\n" for deed in script)
        super().__init__("\n".join([*words, "script = [", deeds + "]"]))
        self.script = script
        self.words = words


class Machine(RuleBasedStateMachine):
    """One town; its streets are shared by all."""

    streets: ClassVar[Streets]

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self._game: Game | None = None

    def do(self, deed: Deed) -> None:
        assert self._game is not None
        self._game.do(deed)

    @initialize(apart=st.booleans())
    def begin(self, apart: bool) -> None:
        self._game = self._stack.enter_context(game(self.streets))
        for deed in (Arrive(), Arrive(apart=apart), Cycle()):
            self.do(deed)

    # -- people

    @rule(where=st.sampled_from(["both", "salesforce", "hubspot"]), apart=st.booleans())
    def somebody_arrives(self, where: str, apart: bool) -> None:
        self.do(Arrive(where=where, apart=apart))

    @rule(who=who, side=sides, field=names, value=st.sampled_from(Value), late=delays)
    def somebody_edits(self, who: int, side: System, field: str, value: Value, late: int) -> None:
        self.do(Edit(who=who, side=side, field=field, value=value, late=late))

    @rule(who=who, side=sides, field=names)
    def somebody_edits_plainly(self, who: int, side: System, field: str) -> None:
        self.do(Edit(who=who, side=side, field=field))

    @rule(who=who, field=names, first=sides, apart=st.sampled_from([0, 1, 90]), same=st.booleans())
    def two_people_edit(self, who: int, field: str, first: System, apart: int, same: bool) -> None:
        self.do(EditBoth(who=who, field=field, first=first, apart=apart, same=same))

    @rule(who=who, side=sides, stage=st.sampled_from(STAGES))
    def somebody_moves_it(self, who: int, side: System, stage: str) -> None:
        self.do(Move(who=who, side=side, stage=stage))

    @rule(who=who, deal=st.booleans(), into=st.none() | who)
    def somebody_converts(self, who: int, deal: bool, into: int | None) -> None:
        self.do(Convert(who=who, deal=deal, into=into))

    @rule(who=who, other=who, anew=st.booleans())
    def somebody_merges_contacts(self, who: int, other: int, anew: bool) -> None:
        self.do(MergeContacts(who=who, other=other, anew=anew))

    @rule(who=who, other=who)
    def somebody_merges_converted_leads(self, who: int, other: int) -> None:
        self.do(MergeConverted(who=who, other=other))

    @rule(who=who, other=who)
    def an_address_moves(self, who: int, other: int) -> None:
        self.do(MoveEmail(who=who, other=other))

    @rule(who=who, other=who)
    def somebody_merges_leads(self, who: int, other: int) -> None:
        self.do(MergeLeads(who=who, other=other))

    @rule(who=who, side=sides)
    def somebody_deletes(self, who: int, side: System) -> None:
        self.do(Delete(who=who, side=side))

    @rule(who=who, side=sides)
    def somebody_undeletes(self, who: int, side: System) -> None:
        self.do(Undelete(who=who, side=side))

    @rule(who=who)
    def somebody_demands_to_be_forgotten(self, who: int) -> None:
        self.do(Erase(who=who))

    @rule(who=who, side=sides)
    def an_automation_touches(self, who: int, side: System) -> None:
        self.do(Touch(who=who, side=side))

    @rule(who=who, field=names)
    def the_connector_copies(self, who: int, field: str) -> None:
        self.do(Connector(who=who, field=field))

    # -- the weather

    @rule(kind=st.sampled_from(sorted(STORMS)), times=st.integers(1, 3))
    def a_storm_comes(self, kind: str, times: int) -> None:
        self.do(Storm(kind=kind, times=times))

    @rule(who=who)
    def somebody_locks_a_row(self, who: int) -> None:
        self.do(Lock(who=who))

    @rule(seconds=st.sampled_from([0, 5, 30]))
    def the_index_lags(self, seconds: int) -> None:
        self.do(IndexDelay(seconds=seconds))

    # -- syncd

    @rule(after=spans)
    def a_cycle(self, after: int) -> None:
        self.do(Cycle(after=after))

    @rule(after=spans)
    def another_cycle(self, after: int) -> None:
        self.do(Cycle(after=after))

    @rule(after=spans)
    def one_more_cycle(self, after: int) -> None:
        self.do(Cycle(after=after))

    @rule(down_for=st.sampled_from([0, 0, 600]))
    def a_restart(self, down_for: int) -> None:
        self.do(Restart(down_for=down_for))

    @rule(writes=st.integers(1, 8))
    def a_death(self, writes: int) -> None:
        self.do(Kill(writes=writes))

    @rule(field=names, rule=st.sampled_from(["salesforce", "hubspot", "latest", "ask"]))
    def an_admin_changes_a_rule(self, field: str, rule: str) -> None:
        self.do(Configure(field=field, rule=rule))

    @rule(field=names, flow=st.sampled_from(Flow))
    def an_admin_changes_a_direction(self, field: str, flow: Flow) -> None:
        self.do(Configure(field=field, flow=flow))

    @rule(who=who, take=sides)
    def somebody_resolves(self, who: int, take: System) -> None:
        self.do(Resolve(who=who, field="country", take=take))

    @rule(records=st.sampled_from([0, 2, 2000]))
    def an_admin_sets_the_brake(self, records: int) -> None:
        self.do(Brake(records=records))

    # -- the end

    def teardown(self) -> None:
        with self._stack:
            if self._game is None:
                return
            self._game.rest()
            if words := self._game.violations():
                note("\n".join(words))
                raise Broken(self._game.script, words)
