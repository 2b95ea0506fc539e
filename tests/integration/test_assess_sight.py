"""What an assessment sees of a pair of CRMs, beside what else counts the same."""

from collections import Counter
from pathlib import Path

from assess_breaks import MANY, straight_to_conversion, twice
from assess_town import PROMISES, Town, build
from cli_office import office
from world_time import WorldTime

from syncd.core.context import Context
from syncd.core.judge import Judge
from syncd.core.replay import Fate
from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.jobs.replay import replay_since
from syncd.measure.assess.sight import LOOK_BACK, Judged
from syncd.ports import Crm
from syncd.wiring import connect_crms

_PASSED = {Fate.PASSED, Fate.UNKNOWN}


def _replayed(town: Town) -> dict[Stage, Judged]:
    """As `syncd plan --since 90d` finds it."""
    source, clock = town.office.source(), WorldTime(town.office.world)
    settings, now = source.load(), town.office.world.now()
    salesforce, hubspot = connect_crms(settings, clock, source.timeouts)
    ctx = Context(
        standard=settings.standard,
        judge=Judge(settings.standard),
        policy=settings.policy,
        crm=settings.crm,
        enforce_from=now - LOOK_BACK,
        now=now,
        fresh=None,
    )
    crms: dict[System, Crm] = {System.SALESFORCE: salesforce, System.HUBSPOT: hubspot}
    fates: Counter[tuple[Stage, Fate]] = Counter()
    for one in replay_since(crms, ctx, told=lambda *_: None):
        fates.update(one.by_gate.items())
    gates = {gate for gate, _ in fates}
    return {
        gate: Judged(
            sum(fates[gate, x] for x in Fate),
            sum(fates[gate, x] for x in Fate if x not in _PASSED),
            fates[gate, Fate.UNKNOWN],
        )
        for gate in gates
    }


def test_moves_are_judged_as_a_replay_judges_them(tmp_path: Path) -> None:
    with office(tmp_path, changes=PROMISES) as made:
        town = build(made)
        town.past()
        town.wait(LOOK_BACK)  # those are too long ago
        straight_to_conversion(town)
        for _ in range(MANY):
            person, _ = town.arrive(NumberOfEmployees=3)
            town.walk(person, "mql", "sal", "sql")

        sight = town.seen()

        assert dict(sight.judged) == _replayed(town)

    assert sight.judged[Stage.MQL].moves == 2 * MANY
    assert sight.judged[Stage.SQL].failed >= MANY


def test_records_that_share_an_address_are_told_and_are_no_leads(tmp_path: Path) -> None:
    with office(tmp_path, changes=PROMISES) as made:
        town = build(made)
        twice(town)
        sight = town.seen()

    assert sight.places[System.SALESFORCE].shared == 2 * MANY
    assert sight.ambiguous == MANY
    assert all(x.doubtful and System.SALESFORCE not in x.sides for x in sight.leads)


def test_what_was_deleted_is_not_there(tmp_path: Path) -> None:
    with office(tmp_path, changes=PROMISES) as made:
        town = build(made)
        kept, _ = town.arrive()
        gone, rep = town.arrive()
        with made.world.lock:
            made.world.salesforce.delete(gone.sf, rep.user)
            rep.hands.archive(gone.hs)
        sight = town.seen()

    assert [x.sides[System.SALESFORCE].record for x in sight.leads] == [kept.sf]
