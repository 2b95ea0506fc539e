"""Rule by rule: how often each was asked, not met, and waived."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from syncd.domain.verdict import COMEBACK_RULES
from syncd.measure.cells import Cell, Count, Share
from syncd.measure.facts import Facts, Treatment
from syncd.measure.move_measures import LAST_VERDICT, MADE, judging, named
from syncd.measure.per_scope import PerScope
from syncd.measure.scope import Scope
from syncd.measure.sheet import EVERYWHERE, Heading, Line, Sheet
from syncd.measure.tables import Basis, Unit
from syncd.measure.word_flags import Flags, columns_of, flag, flags_of, words_of

_HEADINGS = (
    Heading(
        id="asked",
        title="Asked",
        unit=Unit.MOVES,
        says="How many moves were held against this rule, or got points by it.",
        numerator="Moves on which the gate asked for this rule.",
    ),
    Heading(
        id="unmet",
        title="Not met",
        unit=Unit.SHARE,
        says="How often this rule was what stood in the way, alone or among others.",
        numerator="Moves on which it was not met, or could not be told; waived ones too.",
        denominator="Moves on which the gate asked for this rule.",
        leaves_out=("Where it was not needed: enough others were met, or it gives points alone.",),
    ),
    Heading(
        id="waived",
        title="Waived then",
        unit=Unit.SHARE,
        says="How often the lead passed all the same, by an exception.",
        numerator="Moves that passed by an exception alone.",
        denominator="Moves on which the rule was not met, or could not be told.",
    ),
)


def _sheet(scope: Scope) -> Sheet:
    """Of the moves of the period alone: lists are dear."""
    return Sheet(
        id="rules",
        title="Rule by rule",
        basis=Basis.PERIOD,
        date=MADE,
        frame=lambda facts: _flagged(facts, scope),
        population=lambda scope: scope.within("at"),
        headings=_HEADINGS,
        lines=_rules,
        leaves_out=(LAST_VERDICT,),
    )


def _flagged(facts: Facts, scope: Scope) -> pl.DataFrame:
    moves = facts.moves.filter(scope.within("at"))
    words = words_of(moves["unmet"], moves["met"])
    unmet, met = flags_of(moves["unmet"], words), flags_of(moves["met"], words)
    asked = _asked_of_all(moves, unmet | met)
    needed = np.array([x not in COMEBACK_RULES for x in words], dtype=bool)
    met[needed] = asked[needed] & ~unmet[needed]
    flags = (*columns_of(unmet, "unmet", words), *columns_of(met, "met", words))
    return moves.drop("unmet", "met").with_columns(flags)


def _asked_of_all(moves: pl.DataFrame, asked: Flags) -> Flags:
    """One version of a standard asks all moves at a gate the same, whoever's they are. A verdict
    leaves out what was not met and did not matter: enough others were. Only of comebacks is more
    asked."""
    alike = moves.with_row_index("row").group_by("gate", "standard", "variant").agg("row")
    found = np.zeros_like(asked)
    for each in alike["row"]:
        rows = each.to_numpy()
        found[:, rows] = asked[:, rows].any(axis=1, keepdims=True)
    return found


def _rules(rows: pl.DataFrame, _: Scope) -> Sequence[Line]:
    """Each gate's own, those most often unmet first."""
    rules = [x.removeprefix("met:") for x in rows.columns if x.startswith("met:")]
    asked = [_asked(x).sum().alias(x) for x in rules]
    unmet = [pl.col(flag("unmet", x)).sum().alias(f"unmet:{x}") for x in rules]
    found = rows.group_by("gate").agg(*asked, *unmet)
    by_gate = {x["gate"]: x for x in found.iter_rows(named=True)}
    return [
        Line(
            key=f"{gate}.{rule}",
            label=f"{rule} ({named(gate)})",
            cells=_of_rule(rule, pl.col("gate") == gate.value),
        )
        for gate in judging(rows)
        for rule in _most_unmet(by_gate[gate.value], rules)
    ]


def _most_unmet(times: Mapping[str, int], rules: Sequence[str]) -> list[str]:
    asked = [x for x in rules if times[x]]
    return sorted(asked, key=lambda x: (-times[flag("unmet", x)], x))


def _asked(rule: str) -> pl.Expr:
    return pl.col(flag("unmet", rule)) | pl.col(flag("met", rule))


def _of_rule(rule: str, at_gate: pl.Expr) -> Mapping[str, Cell]:
    asked, unmet = at_gate & _asked(rule), at_gate & pl.col(flag("unmet", rule))
    waived = pl.col("treatment") == Treatment.WAIVED.value
    return {
        "asked": Count(who=asked),
        "unmet": Share(who=unmet, of=asked),
        "waived": Share(who=waived, of=unmet),
    }


RULES_UNMET = PerScope(id="rules", sheet=_sheet, dimensions=EVERYWHERE)
