"""Facts made by hand, and drawn: rounds and judged moves, with null for all that is not said.

In a test, say what matters: `facts([a_round("l-1", mql_at=at(5))])`, and `scope()` is October.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import polars as pl
from hypothesis import strategies as st

from syncd.domain.handoff import HandoffState
from syncd.domain.stage import ActorKind, Stage
from syncd.domain.targets import Targets
from syncd.measure.facts import MOVES, ROUNDS, SPEND, Dimension, Facts, Treatment
from syncd.measure.scope import Scope

OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STAGES = ("lead_at", "mql_at", "sal_at", "sql_at", "opportunity_at", "customer_at")
CLOCKS = ("assign", "accept", "touch", "dispose")


def at(day: int, hour: int = 12, minute: int = 0, *, month: int = 10) -> datetime:
    """In 2026, October where not said otherwise."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def a_round(lead_id: str = "l-1", cycle: int = 1, **said: Any) -> dict[str, Any]:
    """One row of ROUNDS."""
    return _row(ROUNDS, {"lead_id": lead_id, "cycle": cycle} | said)


def reached(stage: Stage, when: datetime, **said: Any) -> dict[str, Any]:
    """What a round says that went as far as this stage, from MQL on within a moment each."""
    names = STAGES[1 : STAGES.index(f"{stage}_at") + 1]
    return {name: when + timedelta(minutes=n) for n, name in enumerate(names)} | said


def a_move(lead_id: str = "l-1", cycle: int = 1, **said: Any) -> dict[str, Any]:
    """One row of MOVES."""
    usual = {
        "at": at(5),
        "gate": Stage.SQL.value,
        "treatment": Treatment.CONFORMING.value,
        "unmet": [],
        "met": [],
    }
    return _row(MOVES, usual | {"lead_id": lead_id, "cycle": cycle} | said)


def _row(schema: Mapping[str, pl.DataType], said: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(said) - set(schema)
    assert not unknown, f"no such column: {unknown}"
    return dict.fromkeys(schema) | dict(said)


def facts(
    rounds: Sequence[Mapping[str, Any]] = (),
    moves: Sequence[Mapping[str, Any]] = (),
    spend: Sequence[Mapping[str, Any]] = (),
) -> Facts:
    return Facts(
        rounds=pl.DataFrame(list(rounds), schema=dict(ROUNDS)),
        moves=pl.DataFrame(list(moves), schema=dict(MOVES)),
        spend=pl.DataFrame(list(spend), schema=dict(SPEND)),
    )


def scope(
    start: datetime = OCTOBER,
    end: datetime = NOVEMBER,
    *,
    only: Mapping[Dimension, tuple[str, ...]] | None = None,
    targets: Targets | None = None,
    time_zone: str = "UTC",
) -> Scope:
    return Scope(
        start=start,
        end=end,
        label="October 2026",
        time_zone=time_zone,
        now=NOW,
        only=only or {},
        targets=targets or Targets(),
    )


# --- drawn ----------------------------------------------------------------------------------

_FIRST = OCTOBER - timedelta(days=40)
_NAMES = ("north", "south", None)
_BANDS = ("nurture", "warm", "sales-ready", None)
_WORDS = ("budget", "role", "need")


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    """Rounds of few leads, so that many came back."""
    return drawn(Random(draw(st.integers(0, 10**6))), leads=draw(st.integers(1, 40)))


def drawn(random: Random, *, leads: int) -> Facts:
    """Rounds and moves of so many leads, by dice: most of October, much of it unlikely."""
    places = [
        (f"l-{n}", x) for n in range(leads) for x in range(1, random.choice((1, 1, 2, 3)) + 1)
    ]
    rounds = [_a_drawn_round(random, *x) for x in places]
    moves = [_a_drawn_move(random, *random.choice(places)) for _ in places]
    spend = [
        {"source": x, "month": date(2026, 10, 1), "amount": random.uniform(0, 9e4)}
        for x in ("north", "east")
    ]
    return facts(rounds, moves, spend)


def _a_drawn_round(random: Random, lead_id: str, cycle: int) -> dict[str, Any]:
    said: dict[str, Any] = {x.value: random.choice(_NAMES) for x in Dimension}
    far = random.randint(0, len(STAGES))
    said |= dict(zip(STAGES, sorted(_instant(random) for _ in range(far)), strict=False))
    if cycle > 1:
        said["lead_at"] = None
    if said.get("mql_at"):
        said |= _a_handoff(random, said["mql_at"])
    if said.get("sql_at"):
        said |= _an_end(random, said["sql_at"])
    return a_round(lead_id, cycle, **said)


def _instant(random: Random) -> datetime:
    return _FIRST + timedelta(minutes=random.randrange((NOW - _FIRST) // timedelta(minutes=1)))


def _a_handoff(random: Random, offered: datetime) -> dict[str, Any]:
    state = random.choice(list(HandoffState))
    said: dict[str, Any] = {"offered_at": offered, "state": state.value}
    steps = ("assigned_at", "accepted_at", "attempted_at", "touched_at", "closed_at")
    for name, minute in zip(steps, sorted(random.choices(range(9000), k=5)), strict=True):
        said[name] = offered + timedelta(minutes=minute) if random.random() < 0.6 else None
    for clock in random.sample(CLOCKS, k=random.randint(0, 4)):
        said[f"{clock}_due_at"] = offered + timedelta(hours=random.randint(1, 200))
        said[f"{clock}_missed"] = random.choice((True, False, None))
    for name, step in zip(CLOCKS, ("assigned_at", "accepted_at", "touched_at"), strict=False):
        if said[step]:
            said[f"{name}_business_s"] = random.choice((60, 900, 20_000, 200_000))
    if state is HandoffState.REJECTED:
        said["reason"] = random.choice(("too-early", "no-budget", None))
        said["missing"] = random.sample(_WORDS, k=random.randint(0, 3))
        said["objection"] = random.choice(_NAMES)
    return said | {"mql_score": random.uniform(0, 100), "mql_band": random.choice(_BANDS)}


def _an_end(random: Random, sql_at: datetime) -> dict[str, Any]:
    later = sql_at + timedelta(days=random.randint(0, 60))
    said: dict[str, Any] = {
        "sql_score": random.uniform(0, 100),
        "sql_band": random.choice(_BANDS),
        "sourced": random.random() < 0.5,
        "influenced": random.random() < 0.5,
    }
    match random.choice(("won", "lost", "open")):
        case "won":
            return said | {"won_at": later, "won_amount": random.uniform(0, 9e5)}
        case "lost":
            return said | {"lost_at": later, "lost_reason": random.choice(_NAMES)}
        case _:
            return said | {"open_amount": random.uniform(0, 9e5)}


def _a_drawn_move(random: Random, lead_id: str, cycle: int) -> dict[str, Any]:
    said: dict[str, Any] = {x.value: random.choice(_NAMES) for x in Dimension}
    treatment = random.choice(list(Treatment))
    if treatment is Treatment.WAIVED:
        said |= {"waived_by": random.choice(_NAMES), "waived_why": random.choice(_NAMES)}
    return a_move(
        lead_id,
        cycle,
        **said,
        at=_instant(random),
        gate=random.choice((Stage.MQL, Stage.SQL)).value,
        treatment=treatment.value,
        unmet=random.sample(_WORDS, k=random.randint(0, 3)),
        met=random.sample(_WORDS, k=random.randint(0, 3)),
        score=random.uniform(0, 100),
        band=random.choice(_BANDS),
        moved_by=random.choice(list(ActorKind)).value,
    )
