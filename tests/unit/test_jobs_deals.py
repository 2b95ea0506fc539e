"""Reading what became of leads: a portion each cycle, in one walk, of CRMs that answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from core_cases import lead
from counted_cases import Sold, deal, rounds
from decide_cases import MINUTE
from fakes import House, linked

from syncd.domain.deal import Deal
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, RecordId, System
from syncd.domain.stage import Stage
from syncd.errors import TransientError
from syncd.jobs.deals import EACH_CYCLE, EACH_HOUR, read_deals
from syncd.jobs.recent import Recent
from syncd.ports import Deals
from syncd.store_ports import Store

HOUR = timedelta(hours=1)


class Crowd:
    """A store with more leads than are asked about in an hour; `asked` is where each portion
    began."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    def sides(self) -> Mapping[System, Any]:
        return {}

    def selling(self, after: LeadId | None, limit: int) -> Sequence[Lead]:
        self.asked.append(after)
        first = int(after or 0) + 1
        return [replace(lead(), id=LeadId(f"{first + n:06}")) for n in range(limit)]

    def save_deals(self, deals: Mapping[Any, Any]) -> int:
        return len(deals)


class Silent:
    def deals(self, ids: Collection[RecordId]) -> Mapping[RecordId, tuple[Deal, ...]]:
        raise TransientError("no answer")


class Deaf:
    def deals(self, ids: Collection[RecordId]) -> Mapping[RecordId, tuple[Deal, ...]]:
        raise AssertionError("it must not be asked")


def crowded() -> tuple[House, Crowd]:
    made, crowd = linked(), Crowd()
    deals = {System.HUBSPOT: Sold(deal(1))}
    made.pair = replace(made.pair, store=cast("Store", crowd), deals=deals)
    return made, crowd


def test_the_walk_goes_on_where_it_was_until_the_hours_share_is_asked() -> None:
    made, crowd = crowded()
    recent, now = Recent(), made.time.now()

    for _ in range(EACH_HOUR // EACH_CYCLE + 3):
        read_deals(made.pair, recent, now=now)
    read_deals(made.pair, recent, now=now + HOUR)

    last = [f"{EACH_CYCLE * n:06}" for n in range(1, EACH_HOUR // EACH_CYCLE + 1)]
    assert crowd.asked == [None, *last]


def test_a_crm_that_is_down_is_not_asked_and_the_hour_does_not_begin() -> None:
    made = linked(Stage.SQL)
    made.pair = replace(made.pair, deals={System.HUBSPOT: Deaf()})
    recent = Recent()

    found = read_deals(made.pair, recent, now=made.time.now(), down=(System.HUBSPOT,))

    assert (found, recent.deals_begun) == (0, None)


def test_a_crm_that_does_not_answer_keeps_what_it_told_and_the_other_is_heard() -> None:
    made = linked(Stage.SQL)
    made.pair = replace(made.pair, deals={System.HUBSPOT: Sold(deal(1))})
    made.cycles(2, minutes=61)
    two: dict[System, Deals] = {
        System.HUBSPOT: Silent(),
        System.SALESFORCE: Sold(deal(2), deal(3), ids="00Q"),
    }
    made.pair = replace(made.pair, deals=two)

    made.cycles(2, minutes=61)

    assert rounds(made)[0]["open_amount"] == 200.0
    known = made.store._now.deals[made.lead().id]
    assert {x: len(deals) for x, deals in known.items()} == {
        System.HUBSPOT: 1,
        System.SALESFORCE: 2,
    }


def test_nothing_is_asked_while_syncd_stops() -> None:
    made = linked(Stage.SQL)
    made.pair = replace(made.pair, deals={System.HUBSPOT: Deaf()})

    assert read_deals(made.pair, Recent(), now=made.time.now() + MINUTE, stopping=lambda: True) == 0
