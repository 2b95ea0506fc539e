"""P4: no deadline fires early, none is lost; after downtime it fires once, marked late."""

from datetime import timedelta

from core_cases import planned
from fakes import House, linked

from syncd.domain.alert import AlertKind
from syncd.domain.handoff import Rung
from syncd.domain.stage import Stage
from syncd.errors import TransientError

CLOCK = (AlertKind.SLA_WARNING, AlertKind.SLA_BREACH, AlertKind.RECYCLED)


def offered() -> House:
    made = linked()
    made.hs.move("101", Stage.MQL)
    made.cycle()
    return made


def test_p4_no_step_of_the_clock_comes_before_its_deadline_and_none_is_left_out() -> None:
    made = offered()
    handoff = made.lead().handoff
    assert handoff
    deadlines = tuple(planned(handoff, x) for x in (Rung.WARN, Rung.BREACH, Rung.RECYCLE))
    told = []

    while made.time.now() < deadlines[-1] + timedelta(hours=2):
        before = len(made.slack.sent)
        made.cycle(minutes=20)
        told += [(x[0].alert.kind, made.time.now()) for _, x in made.slack.sent[before:]]

    assert tuple(kind for kind, _ in told) == CLOCK
    assert all(at > deadline for (_, at), deadline in zip(told, deadlines, strict=True))


def test_p4_after_a_long_stop_each_step_comes_once_marked_late() -> None:
    made = offered()
    made.time.sleep(timedelta(days=9))

    made.cycles(6)

    kinds = made.slack.kinds()
    assert kinds.count(AlertKind.RECYCLED) == kinds.count(AlertKind.SLA_BREACH) == 1
    (recycled,) = (x[0].alert for _, x in made.slack.sent if x[0].alert.kind is CLOCK[-1])
    assert any("late" in line for line in recycled.why)


def test_p4_nothing_fires_on_stale_data_and_an_acceptance_found_late_still_counts() -> None:
    made = offered()
    made.sf.fails["poll"] = TransientError("503")
    made.cycles(6, minutes=8 * 60)
    quiet = made.slack.kinds()

    made.sf.move("00Q1", Stage.SAL)
    made.sf.fails.clear()
    made.cycles(3)

    assert not set(quiet) & set(CLOCK)
    assert AlertKind.RECYCLED not in made.slack.kinds()
    assert made.hs.stage("101") == "sal"
