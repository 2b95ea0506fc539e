"""Moves, reasons, outcomes and money, counted once more in pandas."""

from collections.abc import Iterator, Mapping

import pandas as pd

from recount.asked import UNKNOWN, Asked, Sheet
from recount.tally import (
    Cell,
    Line,
    Mask,
    every,
    how_many,
    known,
    only,
    percentile,
    portion,
    says,
    seconds,
    share_of,
    total,
    where,
)

NOT_SAID, NOT_TAKEN = "(not said)", "(not taken in time)"
_NOTHING = "(nothing was said to be missing)"
_BANDS = ("sales-ready", "warm", "nurture")
_MOST = 20
_ONLY_OF_COMEBACKS = frozenset({"cool-off"})
_TREATMENTS = ("conforming", "waived", "blocked", "flagged", "observed")


def _lines_of(rows: pd.DataFrame, column: str, *also: str, none: str = NOT_SAID) -> dict[str, Mask]:
    """Each word that is said, those that always stand there, and nothing said."""
    words = list(dict.fromkeys([*also, *rows[column].dropna().unique()]))
    assert len(words) <= _MOST, "so many words stand in one line"
    found = {str(x): says(column, x) for x in words}
    return found | ({none: lambda r: r[column].isna()} if rows[column].isna().any() else {})


def _parts(lines: Mapping[str, Mask], unit: str) -> list[Line]:
    return [(key, {unit: how_many(who), "share": share_of(who)}) for key, who in lines.items()]


def _narrowed(lines: Mapping[str, Mask], masks: Mapping[str, Mask], unit: str) -> list[Line]:
    return [
        (key, {unit: how_many(who)} | {x: share_of(mask, who) for x, mask in masks.items()})
        for key, who in lines.items()
    ]


# --- moves --------------------------------------------------------------------------------------


def moves(asked: Asked) -> Iterator[Sheet]:
    everybodys = asked.moves[asked.within("at")(asked.moves)]
    made = asked.chosen(everybodys)
    lines: list[Line] = []
    for gate in dict.fromkeys(made["gate"]):
        at_gate = says("gate", gate)
        shares = {x: share_of(says("treatment", x), at_gate) for x in _TREATMENTS}
        lines.append((gate, {"judged": how_many(at_gate), **shares}))
    yield Sheet(id="moves", rows=made, lines=lines)
    yield Sheet(id="rules", rows=made, lines=[*_rules(made, everybodys)])
    waived = made[made["treatment"] == "waived"]
    for name, column in (("person", "waived_by"), ("reason", "waived_why")):
        lines = _parts(_lines_of(waived, column), "moves")
        yield Sheet(id=f"waivers-by-{name}", rows=waived, lines=lines)


def _rules(made: pd.DataFrame, everybodys: pd.DataFrame) -> Iterator[Line]:
    """A gate asks everybody's moves the same, but of one that came back."""
    for gate in made["gate"].unique():
        at_gate = everybodys[everybodys["gate"] == gate]
        for rule in sorted(
            {*at_gate["unmet"].explode().dropna(), *at_gate["met"].explode().dropna()}
        ):
            unmet = where(says("gate", gate), _lists("unmet", rule))
            is_of_all = rule not in _ONLY_OF_COMEBACKS
            if is_of_all or unmet(made).any():
                held = says("gate", gate) if is_of_all else unmet
                cells = {"asked": how_many(held), "unmet": share_of(unmet, held)}
                waived = share_of(says("treatment", "waived"), unmet)
                yield f"{gate}.{rule}", {**cells, "waived": waived}


def _lists(column: str, word: str) -> Mask:
    return lambda rows: rows[column].map(lambda x: word in x).astype(bool)


# --- reasons ------------------------------------------------------------------------------------


def _last_of_lead(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("cycle").drop_duplicates("lead_id", keep="last")


def reasons(asked: Asked) -> Iterator[Sheet]:
    rounds = asked.rounds
    back = rounds[rounds["state"] == "rejected"]
    objected = back[back["objection"].notna()]
    lost = rounds[rounds["lost_at"].notna()]
    for name, rows, instant, word in (
        ("rejections", back, "closed_at", "reason"),
        ("objections", objected, "closed_at", "objection"),
        ("losses", lost, "lost_at", "lost_reason"),
    ):
        some = asked.chosen(_last_of_lead(rows[asked.within(instant)(rows)]))
        yield Sheet(id=name, rows=some, lines=_parts(_lines_of(some, word), "leads"))
    some = asked.chosen(_last_of_lead(back[asked.within("closed_at")(back)]))
    words = list(some["missing"].explode().dropna().unique())
    lines = {str(x): _lists("missing", str(x)) for x in words}
    lines[_NOTHING] = lambda rows: rows["missing"].map(len) == 0
    yield Sheet(id="missing", rows=some, lines=_parts(lines, "leads"))


# --- outcomes -----------------------------------------------------------------------------------


def _since_first(rounds: pd.DataFrame, reached: str) -> pd.DataFrame:
    """One row of each lead: the round in which it first came so far, and what came of it since."""
    rows = []
    for _, mine in rounds.sort_values("cycle").groupby("lead_id"):
        there = mine[mine[reached].notna()]
        if len(there):
            first = there.iloc[0]
            since = mine[mine["cycle"] >= first["cycle"]]
            ever = {"sql_ever": since["sql_at"].min(), "won_ever": since["won_at"].min()}
            rows.append({**first.to_dict(), **ever})
    return pd.DataFrame(rows, columns=[*rounds.columns, "sql_ever", "won_ever"])


def outcomes(asked: Asked) -> Iterator[Sheet]:
    masks = {"sql": known("sql_ever"), "won": known("won_ever")}
    for gate in ("mql", "sql"):
        firsts = _since_first(asked.rounds, f"{gate}_at")
        some = asked.chosen(firsts[asked.within(f"{gate}_at")(firsts)])
        told = masks if gate == "mql" else {"won": masks["won"]}
        lines = _narrowed(_lines_of(some, f"{gate}_band", *_BANDS), told, "leads")
        yield Sheet(id=f"bands-{gate}", rows=some, lines=lines)
        if gate == "mql":
            told = {"rejected": says("state", "rejected"), **masks}
            lines = _narrowed(_lines_of(some, "standard", none=UNKNOWN), told, "leads")
            yield Sheet(id="standards", rows=some, lines=lines)
    yield _recycled(asked)


def _recycled(asked: Asked) -> Sheet:
    rounds = asked.rounds
    over = rounds[rounds["state"].isin(("rejected", "expired"))].copy()
    over["why"] = over["reason"].where(over["reason"].notna(), NOT_SAID)
    over.loc[over["state"] == "expired", "why"] = NOT_TAKEN
    for name, column in (("again", "mql_at"), ("sql_again", "sql_at")):
        over[name] = [_later(rounds, row, column) for _, row in over.iterrows()]
    over["won_again"] = [_won_later(rounds, row) for _, row in over.iterrows()]
    some = over[asked.within("closed_at")(over)]
    some = asked.chosen(some.sort_values("cycle").drop_duplicates("lead_id"))
    masks = {"again": "again", "sql": "sql_again", "won": "won_again"}
    told = {x: says(y, True) for x, y in masks.items()}
    lines = {"all": every, **_lines_of(some, "why", NOT_TAKEN)}
    return Sheet(id="recycled", rows=some, lines=_narrowed(lines, told, "leads"))


def _later(rounds: pd.DataFrame, row: pd.Series, column: str) -> bool:
    mine = rounds[(rounds["lead_id"] == row["lead_id"]) & (rounds["cycle"] > row["cycle"])]
    return bool(mine[column].notna().any())


def _won_later(rounds: pd.DataFrame, row: pd.Series) -> bool:
    mine = rounds[(rounds["lead_id"] == row["lead_id"]) & (rounds["cycle"] >= row["cycle"])]
    return bool((mine["won_at"] > row["closed_at"]).any())


# --- money --------------------------------------------------------------------------------------


def money(asked: Asked) -> Iterator[Sheet]:
    rounds = asked.rounds.copy()
    rounds["decided_at"] = rounds["won_at"].where(rounds["won_at"].notna(), rounds["lost_at"])
    some = asked.chosen(_last_of_lead(rounds[asked.within("decided_at")(rounds)]))
    lines = _of_each_source(some, {"decided": how_many, "won": _share_won, "amount": _won_amount})
    yield Sheet(id="wins-by-source", rows=some, lines=lines, apart="source")
    some = asked.chosen(_last_of_lead(rounds[asked.within("won_at")(rounds)]))
    lengths: dict[str, object] = {"leads": how_many}
    for since in ("mql", "opportunity"):
        for name, percent in ((since, 50), (f"{since}_p90", 90)):
            lengths[name] = _length(f"{since}_at", percent)
    yield Sheet(
        id="cycle-by-source", rows=some, lines=_of_each_source(some, lengths), apart="source"
    )
    reached = asked.chosen(rounds[asked.within("opportunity_at")(rounds)])
    yield Sheet(id="pipeline", rows=reached, lines=[*_contribution(_worth)])
    won = asked.chosen(rounds[asked.within("won_at")(rounds)])
    yield Sheet(id="revenue", rows=won, lines=[*_contribution(lambda rows: rows["won_amount"])])


def _of_each_source(rows: pd.DataFrame, cells: Mapping[str, object]) -> list[Line]:
    lines = _lines_of(rows, "source", none=UNKNOWN)
    return [(key, {x: make(who) for x, make in cells.items()}) for key, who in lines.items()]  # type: ignore[operator]


def _share_won(who: Mask) -> Cell:
    return share_of(known("won_at"), who)


def _won_amount(who: Mask) -> Cell:
    return total(who, lambda rows: rows["won_amount"].astype(float))


def _length(since: str, percent: int) -> object:
    def made(who: Mask) -> Cell:
        took = seconds(since, "won_at")
        return percentile(only(where(who, lambda rows: took(rows) >= 0), took), percent)

    return made


def _worth(rows: pd.DataFrame) -> pd.Series:
    parts = rows[["open_amount", "won_amount"]].astype(float)
    return parts.sum(axis=1, min_count=1)


def _contribution(amount: Mask) -> Iterator[Line]:
    sourced, influenced = says("sourced", True), says("influenced", True)

    def either(rows: pd.DataFrame) -> pd.Series:
        return sourced(rows) | influenced(rows)

    for name, who in (
        ("all", every),
        ("sourced", sourced),
        ("influenced", influenced),
        ("either", either),
        ("neither", lambda rows: ~either(rows)),
    ):
        worth = total(who, lambda rows: amount(rows).astype(float))
        part = portion(who, lambda rows: amount(rows).astype(float))
        told = {"leads": how_many(who), "share": share_of(who)}
        yield name, {**told, "amount": worth, "amount_share": part}
