"""What an accepted lead cost, counted once more in pandas."""

from collections.abc import Mapping
from datetime import time
from zoneinfo import ZoneInfo

import pandas as pd

from recount.asked import UNKNOWN, Asked, Key
from recount.tally import Counted

_ALL = "all"


def costs(asked: Asked) -> Mapping[Key, Counted]:
    """Of whole months only, each lead once, by the source it came from."""
    spent = _spent(asked)
    accepted = asked.rounds[asked.within("accepted_at")(asked.rounds)]
    last = accepted.sort_values("cycle").drop_duplicates("lead_id", keep="last")
    leads = asked.chosen(last)
    source = leads["source"].where(leads["source"].notna(), UNKNOWN)
    found: dict[Key, Counted] = {}
    for name in {*spent.index, *source}:
        found |= _line(name, int((source == name).sum()), spent.get(name))
    whole = float(spent.sum()) if len(spent) else None
    return found | _line(_ALL, int(source.isin(spent.index).sum()), whole)


def _line(name: str, accepted: int, amount: float | None) -> dict[Key, Counted]:
    cost = amount / accepted if amount is not None and accepted else None
    return {
        ("cost", name, "accepted"): Counted(accepted, accepted),
        ("cost", name, "spend"): Counted(amount, 0),
        ("cost", name, "cost"): Counted(cost, accepted),
    }


def _spent(asked: Asked) -> pd.Series:
    """By source, in the months of the period there. Of leads of some owner or campaign alone
    nobody knows it."""
    first, after = (x.astimezone(ZoneInfo(asked.zone)) for x in (asked.start, asked.end))
    is_whole = all(x.day == 1 and x.time() == time() for x in (first, after))
    if not is_whole or {*asked.only} - {"source"}:
        return pd.Series(dtype=float)
    month = asked.spend["month"]
    there = (month >= f"{first:%Y-%m}") & (month < f"{after:%Y-%m}")
    if "source" in asked.only:
        there &= asked.spend["source"].isin(asked.only["source"])
    return asked.spend[there].groupby("source")["amount"].sum().astype(float)
