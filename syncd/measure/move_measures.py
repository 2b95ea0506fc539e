"""Judged moves: what became of them, who let pass what the standard does not, and which rules
are not met."""

from collections.abc import Iterator, Sequence

import polars as pl

from syncd.domain.stage import Stage
from syncd.measure.cells import Cell, Count, Share
from syncd.measure.facts import Facts, Treatment
from syncd.measure.funnel import NAMES
from syncd.measure.lines import line_of
from syncd.measure.scope import Scope
from syncd.measure.sheet import Heading, Line, Sheet
from syncd.measure.tables import Basis, Unit
from syncd.measure.value_lines import EVERY, parts

MADE = "the move was made"
LAST_VERDICT = "Earlier verdicts on a move that was judged again: the last one counts."


def _moves(facts: Facts) -> pl.DataFrame:
    return facts.moves


def _is(treatment: Treatment) -> pl.Expr:
    return pl.col("treatment") == treatment.value


def _waived(facts: Facts) -> pl.DataFrame:
    return facts.moves.filter(_is(Treatment.WAIVED))


def _made(scope: Scope) -> pl.Expr:
    return scope.within("at")


def _gates(rows: pl.DataFrame, _: Scope) -> Sequence[Line]:
    cells: dict[str, Cell] = {"judged": Count(who=EVERY)}
    cells |= {x.value: Share(who=_is(x), of=EVERY) for x in Treatment}
    return [line_of(g.value, named(g), pl.col("gate") == g.value, cells) for g in judging(rows)]


def judging(rows: pl.DataFrame) -> Iterator[Stage]:
    """The gates that judged anything, upwards."""
    there = set(rows["gate"].unique())
    yield from (stage for stage in Stage if stage.value in there)


def named(stage: Stage) -> str:
    """As people say it."""
    return NAMES.get(stage, stage.value.capitalize())


def _treatment(treatment: Treatment, title: str, numerator: str, says: str) -> Heading:
    return Heading(
        id=treatment.value,
        title=title,
        unit=Unit.SHARE,
        says=says,
        numerator=numerator,
        denominator="All moves that the gate judged.",
    )


MOVES_JUDGED = Sheet(
    id="moves",
    title="What became of judged moves",
    basis=Basis.PERIOD,
    date=MADE,
    frame=_moves,
    population=_made,
    headings=(
        Heading(
            id="judged",
            title="Judged",
            unit=Unit.MOVES,
            says="Moves into the stage of the gate, or over it, whoever made them.",
            numerator="All moves that the gate judged.",
        ),
        _treatment(
            Treatment.CONFORMING,
            "Conforming",
            "Moves that met the standard.",
            "How much of what was called qualified was qualified.",
        ),
        _treatment(
            Treatment.WAIVED,
            "Waived",
            "Moves that passed by an exception alone.",
            "How often a named person let a lead pass that does not meet the standard.",
        ),
        _treatment(
            Treatment.BLOCKED,
            "Blocked",
            "Moves that were taken back.",
            "How often a lead was moved that did not meet the standard, and was moved back.",
        ),
        _treatment(
            Treatment.FLAGGED,
            "Flagged",
            "Moves that failed, and were marked.",
            "How often a lead went on that did not meet the standard, for all to see.",
        ),
        _treatment(
            Treatment.OBSERVED,
            "Observed",
            "Moves that failed or could not be told, and were recorded alone.",
            "How often a lead went on that was not shown to meet the standard.",
        ),
    ),
    lines=_gates,
    leaves_out=(LAST_VERDICT,),
)


def _waivers(name: str, title: str, column: str, says: str) -> Sheet:
    return Sheet(
        id=name,
        title=title,
        basis=Basis.PERIOD,
        date=MADE,
        frame=_waived,
        population=_made,
        headings=(
            Heading(
                id="moves",
                title="Waived moves",
                unit=Unit.MOVES,
                says=says,
                numerator="Moves that passed by an exception alone.",
            ),
            Heading(
                id="share",
                title="Of all waived",
                unit=Unit.SHARE,
                says="How much of all that was waived this is.",
                numerator="Moves that passed by such an exception.",
                denominator="All moves that passed by an exception alone.",
            ),
        ),
        lines=parts(column, "moves"),
        leaves_out=(
            "Exceptions that were granted and not used.",
            "Moves that would have passed without one, or failed all the same.",
        ),
    )


WAIVERS_BY_PERSON = _waivers(
    "waivers-by-person",
    "Who waives",
    "waived_by",
    "How many moves passed because this person made an exception.",
)
WAIVERS_BY_REASON = _waivers(
    "waivers-by-reason",
    "Why it is waived",
    "waived_why",
    "How many moves passed by an exception for this reason, as it was written down.",
)
