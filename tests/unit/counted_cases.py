"""Leads that lived through whole cycles, and the rows that were counted of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core_cases import NOW
from decide_cases import DAY
from fakes import House, linked

from syncd.domain.deal import Deal
from syncd.domain.names import RecordId, System
from syncd.domain.stage import Stage

Row = Mapping[str, Any]


def rounds(made: House, record: str = "00Q1") -> list[Row]:
    return list(made.store._now.facts[made.lead(record).id].rounds)


def moves(made: House, record: str = "00Q1") -> list[Row]:
    return list(made.store._now.facts[made.lead(record).id].moves)


class Sold:
    """A CRM that tells of these deals."""

    def __init__(self, *deals: Deal, ids: str = "10") -> None:
        self.deals_told, self.ids = deals, ids

    def deals(self, ids: Any) -> Mapping[RecordId, tuple[Deal, ...]]:
        return {RecordId(x): self.deals_told for x in ids if str(x).startswith(self.ids)}


def deal(number: int, **facts: Any) -> Deal:
    told: dict[str, Any] = {"is_closed": False, "is_won": False, "amount": 100.0}
    return Deal(id=f"006{number}", **(told | {"closes_at": None, "made_at": NOW + DAY} | facts))


def sold(*deals: Deal) -> House:
    made = linked()
    made.pair = replace(made.pair, deals={System.HUBSPOT: Sold(*deals)})
    made.hs.move("101", Stage.MQL)
    made.cycles(2)
    made.sf.move("00Q1", Stage.SQL)
    made.cycles(1)
    made.cycles(2, minutes=61)
    return made
