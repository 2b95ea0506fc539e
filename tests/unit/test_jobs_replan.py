"""New settings between two cycles: what they make of the deadlines that were told."""

from dataclasses import replace
from datetime import date, timedelta

from core_cases import BERLIN, EVERYBODY, NOW, POLICY, clock
from fakes import House, add_person, house

from syncd.domain.alert import AlertKind
from syncd.domain.calendar import BusinessHours
from syncd.domain.policy import Policy
from syncd.domain.stage import Stage
from syncd.jobs.cycle import run_cycle

HOUR = timedelta(hours=1)
TOMORROW = date(2026, 3, 4)
CLOSED = replace(
    EVERYBODY,
    calendar=replace(BERLIN, closed={**BERLIN.closed, TOMORROW: "a day off"}, version="c2"),
    accept_within=BusinessHours(12 * HOUR),
)
LONG = replace(EVERYBODY, accept_within=BusinessHours(12 * HOUR))


def with_rules(made: House, rules: Policy) -> House:
    pair = replace(made.pair, rules=replace(made.pair.rules, policy=rules))
    return replace(made, pair=pair)


def offered(people: int = 1) -> House:
    made = house(rules=replace(POLICY, segments=(LONG,)))
    for number in range(1, people + 1):
        add_person(made, number=number)
    made.cycles(2, minutes=1)
    for number in range(1, people + 1):
        made.hs.move(f"10{number}", Stage.MQL)
    made.cycles(2, minutes=1)
    return made


def test_a_closed_day_puts_off_every_open_deadline_and_is_told_once() -> None:
    made = offered(people=3)
    before = clock(made.lead().handoff).due_at

    changed = with_rules(made, replace(POLICY, segments=(CLOSED,)))
    changed.cycles(3, minutes=1)

    assert clock(changed.lead().handoff).due_at == before + timedelta(days=1)
    told = [x for _, sent in made.slack.sent for x in sent if x.alert.kind is AlertKind.REPLANNED]
    assert [x.alert.title for x in told] == ["Other deadlines for 3 open handoffs"]
    assert "replanned" in [x.facts.get("step") for x in changed.story().audit]
    assert changed.lead().id in made.store.due(before + timedelta(days=1), 9)


def test_a_new_policy_that_promises_the_same_says_nothing() -> None:
    made = offered()
    before = made.lead().handoff

    changed = with_rules(made, replace(POLICY, segments=(LONG,), contested_after=9))
    changed.cycles(2, minutes=1)

    assert changed.lead().handoff == before
    assert AlertKind.REPLANNED not in made.slack.kinds()


def test_stopped_on_the_way_it_begins_anew() -> None:
    made = offered()
    changed = with_rules(made, replace(POLICY, segments=(CLOSED,)))

    stopped = run_cycle(changed.pair, changed.recent, now=NOW + HOUR, stopping=lambda: True)
    changed.cycle(minutes=1)

    assert stopped.leads == 0
    assert AlertKind.REPLANNED in made.slack.kinds()
