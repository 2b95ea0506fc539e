"""What the sandbox's own tables and journal say of a lead besides its stages: its deals, and what
was done about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from recount.business import business_seconds
from recount.retold import Offer, Told
from recount.week import Week
from syncd.cli.demo.oracle.calendar import ZONE
from syncd.cli.demo.oracle.fields import HUBSPOT, SALESFORCE
from syncd.sandbox.hubspot.kinds import CALL, DEAL, EMAIL, Kind

_NO_ANSWER = "73a0d17f-1163-4015-bdd5-ec830791da20"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    made_at: datetime
    is_won: bool
    is_closed: bool
    amount: float | None
    closed_at: datetime | None
    reason: str


def deals_of(told: Told, week: Week) -> list[Deal]:
    """Those of one CRM: of the one that tells of a win, else of more deals."""
    sides = [[*_opportunities(told, week)], [*_deals(told, week)]]
    return max(sides, key=lambda x: (any(deal.is_won for deal in x), len(x)))


def _opportunities(told: Told, week: Week) -> Iterator[Deal]:
    lead = week.world.salesforce.record(told.person.sides[SALESFORCE].record_id)
    for row in week.world.salesforce.rows("Opportunity"):
        if row["Id"] == lead.get("ConvertedOpportunityId"):
            stage, amount = row["StageName"], row.get("Amount")
            yield Deal(
                made_at=datetime.fromisoformat(str(row["CreatedDate"])),
                is_won=stage == "Closed Won",
                is_closed=stage in ("Closed Won", "Closed Lost"),
                amount=None if amount is None else float(amount),
                closed_at=datetime.combine(
                    date.fromisoformat(str(row["CloseDate"])), time(23, 59, 59), ZONE
                ).astimezone(UTC),
                reason="",
            )


def _deals(told: Told, week: Week) -> Iterator[Deal]:
    for values in _linked(told, week, DEAL):
        stage, closes = values.get("dealstage"), values.get("closedate")
        yield Deal(
            made_at=datetime.fromisoformat(values["createdate"]),
            is_won=stage == "closedwon",
            is_closed=stage in ("closedwon", "closedlost"),
            amount=float(values["amount"]) if values.get("amount") else None,
            closed_at=datetime.fromisoformat(closes) if closes else None,
            reason=values.get("closed_lost_reason", ""),
        )


def _linked(told: Told, week: Week, kind: Kind) -> Iterator[dict[str, str]]:
    contact = told.person.sides[HUBSPOT].record_id
    for number in week.linked.get((kind.name, contact), ()):
        yield dict(week.world.hubspot.tables[kind].records[number].values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Something that somebody did for a lead; `reached` unless nobody answered."""

    at: datetime
    reached: bool


def _done(told: Told, week: Week) -> Iterator[Done]:
    for values in _linked(told, week, CALL):
        in_vain = values.get("hs_call_disposition") == _NO_ANSWER
        yield Done(at=datetime.fromisoformat(values["hs_timestamp"]), reached=not in_vain)
    for values in _linked(told, week, EMAIL):
        yield Done(at=datetime.fromisoformat(values["hs_timestamp"]), reached=True)
    for entry in week.tasks.get(told.person.sides[SALESFORCE].record_id, ()):
        yield Done(at=entry.at, reached=entry.after.get("CallDisposition") is None)


def touches_of(told: Told, offer: Offer | None, week: Week) -> dict[str, Any]:
    """The first time somebody was reached, and the first in vain, while it was sales'."""
    found: dict[str, datetime] = {}
    for done in _done(told, week) if offer else ():
        name = "touched_at" if done.reached else "attempted_at"
        if offer and offer.offered_at <= done.at <= (offer.closed_at or week.end):
            found[name] = min(done.at, found.get(name, done.at))
    touched = found.get("touched_at")
    business = business_seconds(offer.offered_at, touched) if offer else None
    return {"attempted_at": None, "touched_at": None, **found, "touch_s": business}
