"""What happened, as two tables in pandas: a row for each round, and for each judged move."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from recount.business import business_seconds
from recount.outside import Deal, deals_of, touches_of
from recount.retold import LADDER, Offer, Told
from recount.week import Week
from syncd.cli.demo.oracle.fields import HUBSPOT, SALESFORCE
from syncd.cli.demo.oracle.standard import RANKS

DIMENSIONS = ("segment", "source", "campaign", "owner", "team", "standard")
_VERSION = "2026.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """In `rounds` and `moves`."""

    rounds: pd.DataFrame
    moves: pd.DataFrame


def happened(week: Week) -> Happened:
    users = {str(x["Id"]): str(x.get("Email")) for x in week.world.salesforce.rows("User")}
    rounds: list[dict[str, Any]] = []
    moves: list[dict[str, Any]] = []
    for told in week.told:
        mine = list(_rounds(told, week, users))
        rounds += mine
        common = {x["cycle"]: {d: x[d] for d in (*DIMENSIONS, "lead_id", "cycle")} for x in mine}
        moves += [
            {**common[x.round], "standard": _VERSION, "at": x.at, "gate": x.gate}
            | {"treatment": x.treatment, "unmet": x.unmet, "met": x.met}
            | {"waived_by": x.waived_by, "waived_why": x.waived_why}
            for x in told.moves
        ]
    return Happened(rounds=_frame(rounds), moves=_frame(moves))


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    for name in frame.columns:
        if name == "at" or name.endswith("_at"):
            frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


def _rounds(told: Told, week: Week, users: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    offers = {x.round: x for x in told.offers}
    stood = _stood(told, week)
    every_reached = {n: _reached(told, week, n, stood) for n in range(1, told.rounds + 1)}
    begun = {n: _begun(x, offers.get(n)) for n, x in every_reached.items()}
    shared = _shared_out(deals_of(told, week), begun)
    for number, reached in every_reached.items():
        moves = [x for x in told.moves if x.round == number]
        offer, deals = offers.get(number), shared.get(number, [])
        if number > 1 and not (any(reached.values()) or offer or moves or deals):
            continue
        owner = _owner(told, offer, users)
        mql_by = week.start if number == 1 and "mql" in stood else reached["mql"]
        yield {
            "lead_id": told.person.id,
            "cycle": number,
            "segment": offer.segment if offer else None,
            "source": _source(told),
            "campaign": _campaign(told),
            "owner": owner,
            "team": week.teams.get(owner or ""),
            "standard": _VERSION if moves else None,
            "influenced": _is_influenced(mql_by, deals),
            **_with_deals(reached, deals),
            **_answered(offer),
            **touches_of(told, offer, week),
            **{f"{gate}_band": told.bands.get((number, gate)) for gate in ("mql", "sql")},
        }


def _reached(
    told: Told, week: Week, number: int, stood: Iterable[str]
) -> dict[str, datetime | None]:
    reached = {s: told.reached.get((number, s)) for s in LADDER}
    if number == 1:
        reached |= dict.fromkeys(stood)
        reached["lead"] = reached["lead"] or _came_in(told, week)
    return reached


def _begun(reached: Mapping[str, datetime | None], offer: Offer | None) -> datetime | None:
    """The first that is known of a round."""
    offered = [offer.offered_at] if offer else []
    return min([*(at for at in reached.values() if at), *offered], default=None)


def _shared_out(
    deals: list[Deal], begun: Mapping[int, datetime | None]
) -> Mapping[int, list[Deal]]:
    """Each deal is of the last round that had begun when it was made; the first has no beginning
    where nobody saw it."""
    found: dict[int, list[Deal]] = {}
    for deal in deals:
        before = [n for n, at in begun.items() if at is not None and at <= deal.made_at]
        found.setdefault(max(before, default=1), []).append(deal)
    return found


def _with_deals(reached: dict[str, datetime | None], deals: list[Deal]) -> dict[str, Any]:
    """Where no stage tells of it, the deals do."""
    made = min((x.made_at for x in deals), default=None)
    won = [x for x in deals if x.is_won]
    closed = min((x.closed_at for x in won if x.closed_at), default=None)
    if made and not reached["opportunity"]:
        _fill(reached, "opportunity", made)
    if closed:
        _fill(reached, "customer", max(closed, reached["opportunity"] or closed))
    over = [x for x in deals if not x.is_won and x.is_closed]
    lost = over if deals and len(over) == len(deals) else []
    last = max(lost, key=lambda x: x.closed_at or x.made_at, default=None)
    still = [x.amount for x in deals if not x.is_closed and x.amount is not None]
    priced = [x.amount for x in won if x.amount is not None]
    return {f"{stage}_at": at for stage, at in reached.items()} | {
        "won_at": closed,
        "lost_at": last.closed_at if last else None,
        "lost_reason": (last.reason or None) if last else None,
        "won_amount": sum(priced) if priced else None,
        "open_amount": sum(still) if still else None,
        "sourced": True,
    }


def _stood(told: Told, week: Week) -> list[str]:
    """The stages it had come to before anybody looked."""
    shown = [x.stage_before(week.start) for x in told.person.sides.values()]
    highest = max(RANKS.get(x or "none", 0) for x in shown)
    return [x for x in LADDER if RANKS[x] <= highest]


def _is_influenced(mql_by: datetime | None, deals: list[Deal]) -> bool:
    made = min((x.made_at for x in deals), default=None)
    return mql_by is not None and (made is None or mql_by < made)


def _fill(reached: dict[str, datetime | None], stage: str, at: datetime) -> None:
    """With what was passed on the way, as far as it was seen at all."""
    seen = [LADDER.index(x) for x, known in reached.items() if known]
    for passed in LADDER[max(seen) + 1 : LADDER.index(stage)] if seen else ():
        reached[passed] = at
    reached[stage] = at


def _came_in(told: Told, week: Week) -> datetime | None:
    """When the record was made, where that was seen."""
    made = [x.created_at for x in told.person.sides.values()]
    return min(made) if min(made) >= week.start else None


def _owner(told: Told, offer: Offer | None, users: Mapping[str, str]) -> str | None:
    trail = told.person.sides[SALESFORCE]
    return (offer and offer.heir) or users.get(str(trail.saves[-1].after.get("OwnerId")))


def _source(told: Told) -> str | None:
    """What is known of it: with the record, it is gone."""
    trail = told.person.sides[SALESFORCE]
    if trail.gone_at is not None:
        return None
    return str(trail.saves[-1].after.get("LeadSource") or "") or None


def _campaign(told: Told) -> str | None:
    """Told in HubSpot alone."""
    return told.person.sides[HUBSPOT].saves[-1].after.get("utm_campaign") or None


def _answered(offer: Offer | None) -> dict[str, Any]:
    """Everybody who is offered has an owner already."""
    empty = ("offered_at", "assigned_at", "accepted_at", "closed_at")
    promises = ("assign", "accept", "touch", "dispose")
    row: dict[str, Any] = dict.fromkeys(empty)
    row |= {f"{x}_{y}": None for x in promises for y in ("due_at", "missed")}
    row |= {f"{x}_s": None for x in ("assign", "accept")}
    row |= dict.fromkeys(("state", "reason", "missing", "objection"))
    if offer is None:
        return row
    return row | {
        "offered_at": offer.offered_at,
        "assigned_at": offer.offered_at,
        "accepted_at": offer.accepted_at,
        "closed_at": offer.closed_at,
        "accept_due_at": None if offer.is_called_off else offer.due,
        "accept_missed": offer.is_missed if offer.is_judged and not offer.is_called_off else None,
        "assign_s": 0,
        "accept_s": business_seconds(offer.offered_at, offer.accepted_at),
        "state": offer.state,
        "reason": offer.reason,
        "missing": offer.missing if offer.state == "rejected" else None,
        "objection": offer.objection,
    }
