"""The part of the document that says what is asked: gates, requirements, variants, reasons."""

from collections.abc import Iterator, Mapping

from syncd.compile.document import Block, Bullets, Clause, Section, Table, Text
from syncd.compile.document_score import bands_table, points_table
from syncd.compile.words import condition_words, patterns_of
from syncd.core.condition_parts import fields_of
from syncd.core.value_words import field_words, listed, plain
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, RuleId, System
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    AfterRejection,
    Condition,
    Gate,
    Rule,
    RuleKind,
    RulePoints,
    Scoring,
    Standard,
    Variant,
)

_KINDS: Mapping[RuleKind, str] = {
    RuleKind.FIT: "Fit: is this somebody we can serve?",
    RuleKind.BEHAVIOUR: "Behaviour: have they shown interest, and lately?",
    RuleKind.INTENT: "Intent: do they want something from us?",
    RuleKind.COMMERCIAL: "Commercial: can they buy?",
}
_THEN: Mapping[AfterRejection, str] = {
    AfterRejection.NURTURE: "Back to marketing, into nurture",
    AfterRejection.SLEEP: "Back to marketing, and left to rest until a day that is named with it",
    AfterRejection.DISQUALIFY: "Out: disqualified in both CRMs",
}


def gates_section(standard: Standard) -> Section:
    intro = Text(
        "A lead enters a stage only if it meets the gate before it. Jumping over a gate counts "
        "as entering it, whoever moved the lead, by hand or by automation, and in whichever CRM."
    )
    clauses = (gate_clause(x, standard, standard.scoring) for x in standard.gates.values())
    return Section(anchor="gates", title="The gates", blocks=(intro, *clauses))


def gate_clause(
    gate: Gate, standard: Standard, scoring: Scoring | None, *, title: str = ""
) -> Clause:
    return Clause(
        title=title or f"To become {stage_name(gate.stage)}",
        mark=gate.stage,
        lists=tuple(_lists(gate, standard.rules)),
        lines=tuple(_score_lines(gate, scoring)),
    )


def _lists(
    gate: Gate, rules: Mapping[RuleId, Rule]
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    if gate.all:
        yield "All of these must hold:", _named(gate.all, rules)
    if gate.any:
        least, of = gate.any.at_least, len(gate.any.of)
        begin = "And at least" if gate.all else "At least"
        yield f"{begin} {least} of these {of}:", _named(gate.any.of, rules)


def _named(names: tuple[RuleId, ...], rules: Mapping[RuleId, Rule]) -> tuple[tuple[str, str], ...]:
    return tuple((rules[x].says, x) for x in names)


def _score_lines(gate: Gate, scoring: Scoring | None) -> Iterator[tuple[str, str]]:
    if gate.score and scoring:
        least = next(x.minimum for x in scoring.bands if x.name is gate.score)
        beyond = "" if gate.score is scoring.bands[-1].name else " or a higher one"
        yield "Score", f"in the band {gate.score}{beyond}: at least {plain(least)} points"


def stage_name(stage: Stage) -> str:
    """As people say it: MQL, but opportunity."""
    return stage.upper() if len(stage) == 3 else stage


def rules_section(standard: Standard, crm: CrmMap) -> Section:
    blocks: list[Text | Clause] = [
        Text(
            "Each requirement has a lasting name. It stands unchanged in Slack, in notes on the "
            "record, in the audit and in every report."
        )
    ]
    for kind, question in _KINDS.items():
        of_kind = [x for x in standard.rules.values() if x.kind is kind]
        blocks += [_rule_clause(x, standard, crm, question) for x in of_kind]
    return Section(anchor="requirements", title="The requirements", blocks=tuple(blocks))


def _rule_clause(rule: Rule, standard: Standard, crm: CrmMap, question: str) -> Clause:
    return Clause(
        title=rule.says,
        mark=rule.id,
        kind=question,
        lines=(
            *((("Why", rule.why),) if rule.why else ()),
            ("Holds if", condition_words(rule.condition)),
            *_patterns(rule.condition),
            ("If it does not", rule.fix),
            ("Asked by", _asked_by(rule.id, standard)),
            ("Read from", _read_from(rule, crm)),
        ),
    )


def _patterns(condition: Condition) -> Iterator[tuple[str, str]]:
    """What stands behind words such as an address: signed, so shown."""
    if found := patterns_of(condition):
        yield "By pattern", " ; ".join(found)


def _asked_by(rule: RuleId, standard: Standard) -> str:
    places = [*_gates_asking(rule, standard.gates, "")]
    for variant in standard.variants:
        theirs = {stage: x for stage, x in variant.gates.items() if x != standard.gates[stage]}
        places += _gates_asking(rule, theirs, f" of {variant.name}")
    for part in standard.scoring.points if standard.scoring else ():
        if isinstance(part, RulePoints) and part.rule == rule:
            places.append(f"the score ({plain(part.points)} points)")
    return listed(places, "and") if places else "nothing at present"


def _gates_asking(rule: RuleId, gates: Mapping[Stage, Gate], whose: str) -> Iterator[str]:
    for stage, gate in gates.items():
        if rule in gate.all:
            yield f"the {stage_name(stage)} gate{whose}"
        elif gate.any and rule in gate.any.of:
            yield f"the {stage_name(stage)} gate{whose} (one of {len(gate.any.of)})"


def _read_from(rule: Rule, crm: CrmMap) -> str:
    return "; ".join(_places(x, crm) for x in fields_of(rule.condition))


def _places(field: FieldName, crm: CrmMap) -> str:
    spec = crm.fields.get(field)
    there = [f"{x.label} {spec.properties[x]}" for x in System if spec and x in spec.properties]
    return f"{field_words(field)} ({', '.join(there)})"


def variants_section(standard: Standard) -> Section | None:
    """None where all leads are held to the same."""
    if not standard.variants:
        return None
    intro = Text(
        "Some leads are held to something else. A lead belongs to the first of these whose "
        "condition holds; to whom none applies, all that stands above applies."
    )
    found = [x for variant in standard.variants for x in _variant_clauses(variant, standard)]
    return Section(anchor="variants", title="Variants", blocks=(intro, *found))


def _variant_clauses(variant: Variant, standard: Standard) -> Iterator[Block]:
    changed = [x for stage, x in variant.gates.items() if x != standard.gates[stage]]
    same = [stage_name(x) for x in variant.gates if variant.gates[x] == standard.gates[x]]
    lines = [("For leads of which", condition_words(variant.applies)), *_patterns(variant.applies)]
    if same:
        lines.append(("As for everybody", f"the rules of the gate for {listed(same, 'and')}"))
    yield Clause(title=variant.name, mark="variant", lines=tuple(lines))
    for gate in changed:
        title = f"{variant.name}: to become {stage_name(gate.stage)}"
        yield gate_clause(gate, standard, variant.scoring, title=title)
    if variant.scoring:
        yield from _own_score(variant, variant.scoring, standard)


def _own_score(variant: Variant, scoring: Scoring, standard: Standard) -> Iterator[Block]:
    everybodys = standard.scoring
    if everybodys is None or scoring.points != everybodys.points:
        yield points_table(scoring, standard.rules, f"{variant.name}: what gives points")
    if everybodys is None or scoring.bands != everybodys.bands:
        caption = f"{variant.name}: the bands, and what happens in each"
        yield bands_table(scoring, variant.gates, caption)


def rejections_section(standard: Standard) -> Section:
    intro = Text("Sales may give a lead back for one of these reasons, and for no other.")
    if not standard.rejections:
        return Section(
            anchor="rejections",
            title="Giving a lead back",
            blocks=(Bullets(("No reasons are agreed on: a lead cannot be given back in Slack.",)),),
        )
    rows = tuple((x.says, _THEN[x.then], x.id) for x in standard.rejections.values())
    table = Table(
        caption="Reasons, and where the lead goes", head=("Reason", "Then", "Name"), rows=rows
    )
    return Section(anchor="rejections", title="Giving a lead back", blocks=(intro, table))
