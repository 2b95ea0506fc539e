"""Parked records are looked at again, all of them in the end; so is what a bug held up."""

from dataclasses import replace

from decide_cases import GATES, HUBSPOT
from fakes import House, house
from test_jobs_orders import BrokenJudge

from syncd.commit import Commit
from syncd.domain.decision import Parked
from syncd.domain.names import LeadId
from syncd.domain.stage import Stage
from syncd.errors import TransientError
from syncd.jobs.parked import look_again


def park(made: House, record: str) -> Parked:
    return Parked(
        system=HUBSPOT,
        record_id=made.hs.add(record, email=f"{record}@x.example"),
        why="two leads have its address",
        candidates=(LeadId("ld_1"), LeadId("ld_2")),
        since=made.time.now(),
    )


def test_a_crowd_that_stays_parked_hides_nobody_from_the_hourly_look() -> None:
    made = house()
    records = [park(made, f"a{n:04}") for n in range(1_001)]
    made.store.commit(Commit(now=made.time.now(), parked=tuple(records)))

    looked_at = [look_again(made.pair, made.recent, made.context()) for _ in range(2)]

    assert looked_at == [1_000, 1]
    assert made.store.parked() == []


def test_after_the_last_parked_record_the_first_is_looked_at_again() -> None:
    made = house()
    made.hs.fails["read"] = TransientError("503")
    made.store.commit(Commit(now=made.time.now(), parked=(park(made, "a1"),)))
    failed = look_again(made.pair, made.recent, made.context())
    made.hs.fails.clear()

    looked_at = look_again(made.pair, made.recent, made.context())

    assert (failed, looked_at) == (0, 1)


def test_a_merge_that_a_bug_held_up_is_made_good_within_hours() -> None:
    made = house()
    made.sf.add("00Q1", Stage.SAL, email="a@x.example")
    made.sf.add("00Q2", Stage.SAL, email="b@x.example")
    made.hs.add("101", Stage.SAL, email="b@x.example")
    made.cycle()
    sound = made.pair
    made.pair = replace(sound, rules=replace(sound.rules, judge=BrokenJudge(GATES)))
    made.sf.delete("00Q2", merged_into="00Q1")
    made.hs.move("101", Stage.SQL)
    made.cycle(minutes=1)
    made.pair = sound

    made.cycles(3, minutes=61)

    assert made.lead("101").id == made.lead("00Q1").id
    assert made.store.parked() == []
