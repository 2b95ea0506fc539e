"""Alerts worth reading, over whole cycles: what a channel has seen after an ordinary bad day."""

from dataclasses import replace
from datetime import timedelta

from core_cases import BERLIN
from decide_cases import AT_ONCE
from fakes import House, add_person, house

from syncd.domain.action import WriteKind
from syncd.domain.alert import AlertKind
from syncd.domain.message import MessageState, Why
from syncd.domain.policy import AlertPolicy, Limit
from syncd.domain.stage import Stage
from syncd.errors import TransientError

DOWN = TransientError("no answer")
MANY = 20
ALERTS = AlertPolicy(
    channel="#revops",
    routes={AlertKind.HANDOFF: "#sales", AlertKind.SLA_WARNING: "#sales"},
    manager="boss@corp.example",
    wait=timedelta(seconds=30),
    interval=timedelta(minutes=5),
    alone=5,
    repeat=timedelta(days=1),
)
PLENTY = dict.fromkeys(WriteKind, Limit(records=1_000, percent=0))
RULES = replace(AT_ONCE, brake={**PLENTY, WriteKind.RECYCLE: Limit(records=5, percent=0)})


def offered(count: int = MANY, alerts: AlertPolicy = ALERTS) -> House:
    """A wave of leads that became MQL at once, on a Tuesday at noon in Berlin."""
    made = house(rules=replace(RULES, alerts=alerts))
    for number in range(1, count + 1):
        add_person(made, number=number)
    made.cycle(minutes=1)
    for number in range(1, count + 1):
        made.hs.move(f"10{number}", Stage.MQL)
    made.cycles(2, minutes=1)
    return made


def seen(made: House, channel: str) -> list[tuple[AlertKind, int]]:
    """What a channel has seen: the kind of each message and how many it told of."""
    return [(x[0].alert.kind, len(x)) for where, x in made.slack.sent if where == channel]


def stages(made: House) -> set[object]:
    return {made.sf.stage(f"00Q{n}") for n in range(1, MANY + 1)}


def test_a_wave_of_handoffs_is_one_message() -> None:
    made = offered()

    assert seen(made, "#sales") == [(AlertKind.HANDOFF, MANY)]


def test_three_handoffs_are_three_messages() -> None:
    made = offered(3)

    assert seen(made, "#sales") == [(AlertKind.HANDOFF, 1)] * 3


def test_an_outage_over_all_deadlines_is_one_message_that_says_when_it_was_over() -> None:
    made = offered()
    made.sf.fails["poll"] = DOWN
    made.cycles(5, minutes=60)
    for number in range(1, MANY + 1):
        made.hs.move(f"10{number}", Stage.SAL)
    made.cycles(5, minutes=60)
    made.sf.fails.clear()

    made.cycles(5)

    assert seen(made, "#revops") == [(AlertKind.BLIND, 1)]
    assert seen(made, "#sales") == [(AlertKind.HANDOFF, MANY)]
    assert [status.split()[0] for _, _, status in made.slack.updates] == ["Resolved"]
    assert stages(made) == {"sal"}


def test_after_an_outage_missed_deadlines_are_one_plan_and_no_wave_of_breaches() -> None:
    made = offered()
    made.sf.fails["poll"] = DOWN
    made.cycles(50, minutes=60)
    made.sf.fails.clear()

    made.cycles(5)

    kinds = [kind for kind, _ in seen(made, "#revops")]
    assert kinds == [AlertKind.BLIND] * 3 + [AlertKind.HELD_PLAN]  # told again each day
    assert stages(made) == {"mql"}


def test_breaches_that_come_at_once_are_one_message() -> None:
    made = offered()

    made.cycles(22, minutes=60)

    kinds = [AlertKind.HANDOFF, AlertKind.SLA_WARNING, AlertKind.SLA_BREACH]
    assert seen(made, "#sales") == [(kind, MANY) for kind in kinds]


def test_the_night_is_quiet_and_an_offer_taken_at_night_is_never_sent() -> None:
    made = house(rules=replace(RULES, alerts=replace(ALERTS, quiet={"#sales": BERLIN})))
    for number in (1, 2):
        add_person(made, number=number)
    made.cycle()
    made.time.sleep(timedelta(hours=10))
    for number in (1, 2):
        made.hs.move(f"10{number}", Stage.MQL)
    made.cycle()
    made.hs.move("101", Stage.SAL)
    made.cycles(2)
    at_night = seen(made, "#sales")

    made.cycles(16, minutes=60)

    assert at_night == []
    assert seen(made, "#sales")[0] == (AlertKind.HANDOFF, 1)
    silent = [x for x in made.store.latest(99) if x.state is MessageState.SILENT]
    assert [x.why for x in silent if x.kind is AlertKind.HANDOFF] == [Why.SETTLED]
