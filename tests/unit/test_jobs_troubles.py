"""Troubles from the first message to the word that they are over, through whole cycles."""

from datetime import timedelta

from fakes import House, linked
from held_case import held

from syncd.core.alerting_ops import config_alert
from syncd.domain.alert import AlertKind
from syncd.domain.message import Silence
from syncd.domain.order import ApplyPlan, Order
from syncd.errors import PermanentError, TransientError
from syncd.jobs.cycle import run_cycle

DAY = 24 * 60


def blind() -> House:
    made = linked()
    made.sf.fails["poll"] = TransientError("no answer")
    made.cycles(5)
    return made


def statuses(made: House) -> list[tuple[str, str]]:
    return [(posted.ts, status) for posted, _, status in made.slack.updates]


def test_a_crm_that_is_read_again_changes_the_message_that_said_it_was_not() -> None:
    made = blind()
    made.sf.fails.clear()

    made.cycles(3)

    assert made.slack.kinds() == [AlertKind.BLIND]
    ((ts, status),) = statuses(made)
    assert ts == "1.000000"
    assert status.startswith("Resolved Tue 3 Mar ")
    assert made.store.troubles() == []


def test_while_it_lasts_it_is_told_again_once_a_day() -> None:
    made = blind()

    made.cycles(25, minutes=60)
    after_a_day = len(made.slack.sent)
    made.cycles(25, minutes=60)
    made.sf.fails.clear()
    made.cycle()

    assert (after_a_day, len(made.slack.sent)) == (2, 3)
    assert [ts for ts, _ in statuses(made)] == ["1.000000", "2.000000", "3.000000"]


def test_a_plan_that_waits_is_told_again_with_all_that_it_holds_by_then() -> None:
    made = held()

    made.cycle(minutes=DAY + 1)

    first, second = [alerts[0].alert for _, alerts in made.slack.sent]
    assert (first.kind, second.kind) == (AlertKind.HELD_PLAN, AlertKind.HELD_PLAN)
    assert second.title == "Held: revert writes to 6 leads"


def test_a_trouble_that_was_silenced_is_told_once_nobody_silences_it_any_more() -> None:
    made = held()
    began = made.time.now()
    made.store.silence(
        Silence(
            id="s-1",
            by="ops",
            reason="importing",
            placed_at=began,
            expires_at=began + timedelta(hours=49),
            kind=AlertKind.HELD_PLAN,
        )
    )
    made.cycles(2, minutes=DAY)
    silenced = len(made.slack.sent)

    made.cycles(2, minutes=DAY)

    assert (silenced, len(made.slack.sent)) == (1, 3)


def test_a_trouble_that_slack_would_not_take_is_told_once_it_does() -> None:
    made = linked()
    made.sf.fails["poll"] = TransientError("no answer")
    made.slack.fails = PermanentError("the channel is archived")
    made.cycles(5)
    made.slack.fails = None

    made.cycle(minutes=DAY)

    assert made.slack.kinds().count(AlertKind.BLIND) == 1


def test_a_plan_that_was_applied_is_marked_in_its_message() -> None:
    made = held()
    (plan,) = made.store.open_plans()
    what = ApplyPlan(plan_id=plan.id)
    made.store.place(Order(id="o-1", what=what, by="ops", placed_at=made.time.now()))

    made.cycles(3, minutes=1)

    assert [ts for ts, _ in statuses(made)] == ["1.000000"]
    (marked,) = [x for x in made.store.latest(99) if x.kind is AlertKind.HELD_PLAN]
    assert marked.acted


def test_mistakes_in_the_configuration_are_told_once_and_marked_when_corrected() -> None:
    made = linked()
    mistakes = (config_alert(["policy.yaml:1:1: no"], now=made.time.now()),)
    for _ in range(3):
        made.time.sleep(timedelta(minutes=5))
        run_cycle(made.pair, made.recent, now=made.time.now(), mistakes=mistakes)
    told = made.slack.kinds()

    made.cycle()

    assert told == [AlertKind.CONFIG]
    assert [ts for ts, _ in statuses(made)] == ["1.000000"]


def test_a_mistake_that_was_corrected_and_made_again_is_told_again_the_same_day() -> None:
    made = linked()
    mistakes = (config_alert(["policy.yaml:1:1: no"], now=made.time.now()),)
    for wrong in (True, True, False, True, False, True, True):
        made.time.sleep(timedelta(minutes=5))
        run_cycle(made.pair, made.recent, now=made.time.now(), mistakes=mistakes if wrong else ())

    assert made.slack.kinds() == [AlertKind.CONFIG] * 3
    assert [ts for ts, _ in statuses(made)] == ["1.000000", "2.000000"]
