"""Bad days: API calls run low, or out. What must go on goes on, the rest waits, nothing is
lost, and people are told once."""

from datetime import timedelta
from pathlib import Path

from box import HOUR, MINUTE, Box, box

from syncd.domain.names import System
from syncd.domain.order import Health, Level, SideStatus
from syncd.sandbox.journal import ActorKind
from syncd.sandbox.journal import System as Front

NEXT_DAY = timedelta(hours=26)


def salesforce(b: Box) -> SideStatus:
    return b.worker.store.sides()[System.SALESFORCE]


def others_call(b: Box, calls: int, *, of: int) -> None:
    """Other programs use the org's allowance, and there are so many calls in all."""
    b.world.salesforce.usage.limit = of
    for _ in range(calls):
        b.world.salesforce.usage.count()


def writes(b: Box, record: str, name: str) -> int:
    entries = b.world.journal.of(Front.SALESFORCE, record, name)
    return sum(e.actor.kind is ActorKind.API for e in entries)


def test_field_sync_waits_while_others_use_the_org_up(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        others_call(b, 9_600, of=10_000)
        b.cycle()
        b.marketer_sets(person, jobtitle="CTO")

        b.cycles(5)

        assert salesforce(b).level is Level.ESSENTIAL
        assert writes(b, person.sf, "Title") == 0
        assert len(b.told("budget")) == 1


def test_what_waited_is_written_once_the_org_has_calls_again(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        others_call(b, 9_600, of=10_000)
        b.cycle()
        b.marketer_sets(person, jobtitle="CTO")
        b.cycles(3)
        b.marketer_sets(person, jobtitle="CEO")
        b.cycles(3)

        b.cycles(3, NEXT_DAY)

        assert b.lead(person)["Title"] == "CEO"
        assert writes(b, person.sf, "Title") == 1
        assert salesforce(b).level is Level.FULL


def test_a_move_is_taken_back_while_field_sync_waits(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.offered("ann")
        others_call(b, 9_600, of=10_000)
        b.rep_sets(person, Status="Sales Qualified")

        b.cycles(10)

        assert salesforce(b).level is Level.ESSENTIAL
        assert b.stages(person)[0] == "Marketing Qualified"
        assert len(b.told("blocked")) == 1


def test_a_deadline_fires_while_field_sync_waits(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        b.offered("ann")
        others_call(b, 9_600, of=10_000)

        b.cycles(5, HOUR)

        assert len(b.told("sla-breach")) == 1


def test_our_own_share_is_kept_though_nobody_else_calls(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        b.world.salesforce.usage.limit = 200  # of which 60 are ours
        b.cycles(70)
        b.marketer_sets(person, jobtitle="CTO")

        b.cycles(5)

        assert salesforce(b).level is Level.ESSENTIAL
        assert writes(b, person.sf, "Title") == 0


def test_a_restart_does_not_forget_what_was_spent(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        b.world.salesforce.usage.limit = 200
        b.cycles(70)

        b.restart()
        b.cycle()

        assert salesforce(b).level is Level.ESSENTIAL


def test_an_org_without_calls_left_is_read_again_when_it_has_some(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        b.world.salesforce.usage.limit = 0
        b.cycle()
        during = salesforce(b).health
        b.marketer_sets(person, jobtitle="CTO")
        b.world.salesforce.usage.limit = 100_000

        b.cycles(4, 20 * MINUTE)

        assert during is Health.BLIND
        assert salesforce(b).health is Health.OK
        assert b.lead(person)["Title"] == "CTO"
