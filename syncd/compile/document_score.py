"""The part of the document about the score: points, bands, and examples the core has counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from syncd.compile.document import Block, Scale, Section, Step, Table, Text
from syncd.compile.words import exactly
from syncd.core.score import name_of, score
from syncd.core.score_finding import score_finding
from syncd.core.value_words import field_words, plain
from syncd.domain.names import FieldName, RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    BandName,
    DecayingPoints,
    Gate,
    Rule,
    RulePoints,
    Scoring,
    Standard,
)
from syncd.domain.values import Seen
from syncd.domain.verdict import Finding, Score, Unmet

_MEANS: Mapping[BandName, str] = {
    BandName.NURTURE: "Not ready: marketing goes on, and sales leaves it alone",
    BandName.WARM: "Worth watching: marketing's still, and close",
    BandName.SALES_READY: "Ready for a conversation with sales",
}


def score_section(standard: Standard, now: datetime) -> Section | None:
    """None where nothing is scored."""
    scoring = standard.scoring
    if scoring is None:
        return None
    intro = Text(
        "Points say how well a lead fits and how lately it showed interest. What is known of a "
        "lead counts while it holds; what a lead did fades by half with every half-life, and by "
        "fading alone a lead is never moved."
    )
    blocks: tuple[Block, ...] = (
        intro,
        points_table(scoring, standard.rules, "What gives points"),
        _scale(scoring),
        bands_table(scoring, standard.gates, "The bands, and what happens in each"),
        *_examples(standard, scoring, now),
    )
    return Section(anchor="score", title="The score", blocks=blocks)


def points_table(scoring: Scoring, rules: Mapping[RuleId, Rule], caption: str) -> Table:
    return Table(
        caption=caption,
        head=("For", "Points", "How long"),
        rows=tuple((_title(x, rules), plain(x.points), _lasting(x)) for x in scoring.points),
        numeric=frozenset({1}),
    )


def _title(part: RulePoints | DecayingPoints, rules: Mapping[RuleId, Rule]) -> str:
    return rules[part.rule].says if isinstance(part, RulePoints) else _capital(part.name)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lasting(part: RulePoints | DecayingPoints) -> str:
    if isinstance(part, RulePoints):
        return "while it holds"
    since = field_words(part.field)
    return f"half are left after {exactly(part.half_life)}, counted from {since}"


def most(scoring: Scoring) -> Decimal:
    """All there is to be had."""
    return sum((x.points for x in scoring.points if x.points > 0), Decimal())


def _scale(scoring: Scoring) -> Scale:
    starts = [max(x.minimum, Decimal()) for x in scoring.bands]
    top = max(most(scoring), starts[-1] + 1)
    steps = tuple(
        Step(name=band.name, start=start, end=end)
        for band, start, end in zip(scoring.bands, starts, (*starts[1:], top), strict=True)
    )
    says = "; ".join(f"{x.name} from {plain(x.start)} to {plain(x.end)}" for x in steps)
    return Scale(says=f"Bands of the score: {says} points.", steps=steps)


def bands_table(scoring: Scoring, gates: Mapping[Stage, Gate], caption: str) -> Table:
    return Table(
        caption=caption,
        head=("Band", "From", "What it means", "Nurture list", "Enough for"),
        rows=tuple(
            (
                band.name,
                plain(band.minimum),
                _MEANS[band.name],
                band.nurture_list or "none",
                _opens(band.name, scoring, gates),
            )
            for band in scoring.bands
        ),
        numeric=frozenset({1}),
    )


def _opens(name: BandName, scoring: Scoring, gates: Mapping[Stage, Gate]) -> str:
    """Gates that ask for a score, and are content with this band."""
    order = [x.name for x in scoring.bands]
    content = [
        stage.upper()
        for stage, gate in gates.items()
        if gate.score and order.index(gate.score) <= order.index(name)
    ]
    return ", ".join(content) or "no gate that asks for a score"


@dataclass(frozen=True, slots=True)
class _Example:
    """A lead that meets these rules and whose behaviour is so many half-lives old (None: it
    did nothing)."""

    title: str
    met: frozenset[RuleId]
    age: int | None


def _examples(standard: Standard, scoring: Scoring, now: datetime) -> Iterator[Block]:
    found = [(x, _counted(x, standard, scoring, now)) for x in _leads(scoring)]
    yield Table(
        caption="Worked examples",
        head=("For", *(x.title for x, _ in found)),
        rows=(
            *(_example_row(part, standard, [x for _, x in found]) for part in scoring.points),
            ("Score", *(plain(x.points) for _, x in found)),
            ("Band", *(x.band for _, x in found)),
        ),
        numeric=frozenset(range(1, len(found) + 1)),
        totals=2,
    )
    top = scoring.bands[-1].name
    for example, its in found:
        if finding := score_finding(its, top, scoring, standard.rules):
            yield Text(f"{example.title}: not {top} yet. {finding.fix}")


def _leads(scoring: Scoring) -> Iterator[_Example]:
    rules = [x.rule for x in scoring.points if isinstance(x, RulePoints)]
    everything = frozenset(rules)
    if len(rules) < len(scoring.points):
        yield _Example("Fits, and active today", everything, 0)
        yield _Example("The same lead, one half-life later", everything, 1)
    else:
        yield _Example("Fits", everything, None)
    yield _Example("Fits in part, and did nothing", frozenset(rules[: len(rules) // 2]), None)


def _counted(example: _Example, standard: Standard, scoring: Scoring, now: datetime) -> Score:
    found = {
        x.rule: None if x.rule in example.met else _unmet(standard.rules[x.rule])
        for x in scoring.points
        if isinstance(x, RulePoints)
    }
    return score(_values(example, scoring, now), scoring, found, now)


def _values(example: _Example, scoring: Scoring, now: datetime) -> dict[FieldName, Seen]:
    return {
        x.field: None if example.age is None else now - example.age * x.half_life
        for x in scoring.points
        if isinstance(x, DecayingPoints)
    }


def _unmet(rule: Rule) -> Finding:
    return Finding(rule=rule.id, says=rule.says, fix=rule.fix, outcome=Unmet(seen="", needed=""))


def _example_row(
    part: RulePoints | DecayingPoints, standard: Standard, scores: list[Score]
) -> tuple[str, ...]:
    name = name_of(part)
    return _title(part, standard.rules), *(plain(dict(x.parts)[name]) for x in scores)
