"""The funnel, the handoffs and the promises, counted once more in pandas."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import pandas as pd

from recount.asked import Asked, Sheet
from recount.retold import LADDER
from recount.tally import (
    Cell,
    Line,
    Mask,
    how_many,
    known,
    only,
    percentile,
    says,
    seconds,
    share_of,
    where,
)

# --- the funnel ---------------------------------------------------------------------------------


def _at(stage: str) -> str:
    return f"{stage}_at"


def _leads(rounds: pd.DataFrame) -> pd.DataFrame:
    """One row of each lead: as it was the first time, and when it first came to each stage."""
    ordered = rounds.sort_values("cycle")
    leads = ordered.drop_duplicates("lead_id").set_index("lead_id", drop=False)
    for stage in LADDER:
        leads[_at(stage)] = ordered.groupby("lead_id")[_at(stage)].min()
    return leads


def _marked(rounds: pd.DataFrame) -> pd.DataFrame:
    """With whether the lead had been there in an earlier round."""
    marked = rounds.copy()
    for stage in LADDER:
        there = rounds[rounds[_at(stage)].notna()].groupby("lead_id")["cycle"].min()
        first = marked["lead_id"].map(there)
        marked[f"been_{stage}"] = first < marked["cycle"]
    return marked


def _been(stage: str) -> Mask:
    return lambda rows: rows[f"been_{stage}"].astype(bool)


def _not_been(stage: str) -> Mask:
    return lambda rows: ~rows[f"been_{stage}"].astype(bool)


def _came(stage: str, asked: Asked) -> Mask:
    return lambda rows: rows[_at(stage)] <= asked.now


def funnels(asked: Asked) -> Iterator[Sheet]:
    leads = _leads(asked.rounds)
    for name, first in (("funnel", "mql"), ("lead-funnel", "lead")):
        stages = LADDER[LADDER.index(first) :]
        lines: list[Line] = [(first, {"leads": how_many(_came(first, asked))})]
        for last, stage in pairwise(stages):
            here = _came(stage, asked)
            lines.append(
                (
                    stage,
                    {
                        "leads": how_many(here),
                        "step": share_of(here, _came(last, asked)),
                        "all": share_of(here, _came(first, asked)),
                    },
                )
            )
        yield Sheet(id=name, rows=asked.chosen(leads[asked.within(_at(first))(leads)]), lines=lines)


def rounds(asked: Asked) -> Iterator[Sheet]:
    marked = _marked(asked.rounds)
    in_period = asked.chosen(marked[asked.within("mql_at")(marked)])
    lines: list[Line] = []
    for name, which in (("first", _not_been("mql")), ("again", _been("mql"))):
        shares = {x: share_of(_came(x, asked), which) for x in ("sal", "sql", "customer")}
        lines.append((name, {"rounds": how_many(which), **shares}))
    yield Sheet(id="rounds", rows=in_period, lines=lines)
    arrived: list[Line] = [
        (
            x,
            {
                "first": how_many(where(asked.within(_at(x)), _not_been(x))),
                "again": how_many(where(asked.within(_at(x)), _been(x))),
            },
        )
        for x in LADDER
    ]
    any_stage = pd.concat([asked.within(_at(x))(marked) for x in LADDER], axis=1).any(axis=1)
    yield Sheet(id="arrivals", rows=asked.chosen(marked[any_stage]), lines=arrived)
    stays: list[Line] = []
    for stage, after in pairwise(LADDER):
        left = _in_order(stage, after, asked)
        took = only(left, seconds(_at(stage), _at(after)))
        cells = {"median": percentile(took, 50), "p90": percentile(took, 90)}
        stays.append((stage, {"left": how_many(left), **cells}))
    went_on = pd.concat([asked.within(_at(x))(marked) for x in LADDER[1:]], axis=1).any(axis=1)
    yield Sheet(id="stage-time", rows=asked.chosen(marked[went_on]), lines=stays)


def _in_order(stage: str, after: str, asked: Asked) -> Mask:
    return where(asked.within(_at(after)), lambda rows: rows[_at(stage)] <= rows[_at(after)])


# --- handoffs -----------------------------------------------------------------------------------

_OVER = says("state", "qualified", "rejected", "expired")
_OPEN = says("state", "open")
_TOUCHED = known("touched_at")


def _untouched(rows: pd.DataFrame) -> pd.Series:
    return rows["touched_at"].isna()


def _untried(rows: pd.DataFrame) -> pd.Series:
    return rows["touched_at"].isna() & rows["attempted_at"].isna()


def handoffs(asked: Asked) -> Iterator[Sheet]:
    offered = asked.chosen(asked.rounds[asked.within("offered_at")(asked.rounds)])
    answerable = offered[offered["state"] != "superseded"]
    steps = {x: known(f"{x}_at") for x in ("offered", "assigned", "accepted", "touched")}
    lines: list[Line] = [("offered", {"handoffs": how_many(steps["offered"])})]
    for last, step in zip(steps, list(steps)[1:], strict=False):
        cells = {"step": share_of(steps[step], steps[last]), "all": share_of(steps[step])}
        lines.append((step, {"handoffs": how_many(steps[step]), **cells}))
    yield Sheet(id="answers", rows=answerable, lines=lines)
    ends = {
        "over": _OVER,
        "qualified": says("state", "qualified"),
        "rejected": says("state", "rejected"),
        "recycled": says("state", "expired"),
    }
    ended: list[Line] = [(x, {**_told(m), **_silent(m)}) for x, m in ends.items()]
    ended += [("open", _told(_OPEN)), ("otherwise", _told(says("state", "superseded")))]
    yield Sheet(id="handoff-ends", rows=offered, lines=ended)
    yield Sheet(id="speed", rows=offered, lines=[*_delays()])
    yield Sheet(id="speed-bands", rows=answerable, lines=[*_bands()])


def _told(mask: Mask) -> dict[str, Cell]:
    return {"handoffs": how_many(mask), "share": share_of(mask)}


def _silent(mask: Mask) -> dict[str, Cell]:
    return {"untouched": share_of(_untouched, mask), "untried": share_of(_untried, mask)}


def _plain(start: str, end: str) -> Mask:
    return lambda rows: seconds(start, end)(rows).clip(lower=0)


def _whole(rows: pd.DataFrame) -> pd.Series:
    return rows["assign_s"] + rows["touch_s"]


_DELAYS: Mapping[str, tuple[Mask, Mask]] = {
    "system": (lambda rows: rows["assign_s"], _plain("offered_at", "assigned_at")),
    "accept": (lambda rows: rows["accept_s"], _plain("assigned_at", "accepted_at")),
    "touch": (lambda rows: rows["touch_s"], _plain("assigned_at", "touched_at")),
    "whole": (_whole, _plain("offered_at", "touched_at")),
}


def _delays() -> Iterator[Line]:
    for name, (business, plain) in _DELAYS.items():
        cells: dict[str, Cell] = {}
        for title, percent in (("median", 50), ("p90", 90), ("p95", 95)):
            cells[title] = percentile(business, percent)
            cells[f"{title}-raw"] = percentile(plain, percent)
        yield name, cells


def _bands() -> Iterator[Line]:
    rulers: Mapping[str, tuple[Mask, tuple[float, ...]]] = {
        "business": (_whole, (0, 300, 3_600, 28_800, float("inf"))),
        "owner": (_DELAYS["touch"][0], (0, 300, 3_600, 28_800, float("inf"))),
        "raw": (_DELAYS["whole"][1], (0, 300, 3_600, 86_400, float("inf"))),
    }
    for number in range(4):
        yield (
            f"band-{number + 1}",
            {
                x: share_of(_between(delay, ends[number], ends[number + 1]))
                for x, (delay, ends) in rulers.items()
            },
        )
    yield "never", dict.fromkeys(rulers, share_of(where(_untouched, _OVER)))
    yield "waiting", dict.fromkeys(rulers, share_of(where(_untouched, _OPEN)))


def _between(delay: Mask, least: float, below: float) -> Mask:
    return lambda rows: (delay(rows).astype(float) >= least) & (delay(rows).astype(float) < below)


def promises(asked: Asked) -> Iterator[Sheet]:
    lines: list[Line] = []
    for clock in ("assign", "accept", "touch", "dispose"):
        due = asked.within(f"{clock}_due_at")
        missed, kept = says(f"{clock}_missed", True), says(f"{clock}_missed", False)
        judged = where(due, known(f"{clock}_missed"))
        cells = {
            "promised": how_many(due),
            "kept": share_of(kept, judged),
            "missed": how_many(where(due, missed)),
            "running": how_many(where(due, _unjudged(clock))),
            "recycled": how_many(where(where(due, missed), says("state", "expired"))),
        }
        lines.append((clock, cells))
    due_now = asked.chosen(asked.rounds[asked.within("accept_due_at")(asked.rounds)])
    yield Sheet(id="promises", rows=due_now, lines=lines)


def _unjudged(clock: str) -> Mask:
    return lambda rows: rows[f"{clock}_missed"].isna()
