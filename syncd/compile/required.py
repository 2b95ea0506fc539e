"""Which fields the rules of each stage ask about, and which of them must not be empty.

A plain list for page layouts, pipeline rules and people; it guards nothing by itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from syncd.core.condition_groups import compile_condition
from syncd.core.condition_parts import fields_of
from syncd.core.value_words import field_words
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, RuleId, System
from syncd.domain.stage import Stage
from syncd.domain.standard import Gate, Rule, RulePoints, Scoring, Standard
from syncd.domain.verdict import Unmet

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""An empty field is empty at any time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """One field that rules of a gate ask about. `path` is None where this CRM has no such field;
    `always` where no lead passes while it is empty."""

    field: FieldName
    path: str | None
    rules: tuple[RuleId, ...]
    always: bool

    @property
    def words(self) -> str:
        return field_words(self.field)


def required_fields(
    standard: Standard, stage: Stage, crm: CrmMap, system: System
) -> tuple[Required, ...]:
    """Those of rules that every lead must meet first, then those that some must."""
    always, sometimes = _rules(standard, stage)
    asked: dict[FieldName, list[RuleId]] = {}
    for rule in (*always, *sometimes):
        for field in fields_of(standard.rules[rule].condition):
            asked.setdefault(field, []).append(rule)
    return tuple(
        Required(
            field=field,
            path=crm.fields[field].properties.get(system) if field in crm.fields else None,
            rules=tuple(rules),
            always=any(_is_missed(field, standard.rules[x]) for x in rules if x in always),
        )
        for field, rules in asked.items()
    )


def _is_missed(field: FieldName, rule: Rule) -> bool:
    """The rule certainly fails while the field is empty, whatever the others hold."""
    return isinstance(compile_condition(rule.condition)({field: None}, _ANY_TIME), Unmet)


def _rules(standard: Standard, stage: Stage) -> tuple[Mapping[RuleId, None], Mapping[RuleId, None]]:
    variants = [(x.gates[stage], x.scoring) for x in standard.every_variant()]
    common = set.intersection(*(set(gate.all) for gate, _ in variants))
    named = dict.fromkeys(rule for gate, scoring in variants for rule in _named(gate, scoring))
    always = dict.fromkeys(rule for rule in named if rule in common)
    return always, dict.fromkeys(rule for rule in named if rule not in common)


def _named(gate: Gate, scoring: Scoring | None) -> Iterator[RuleId]:
    yield from gate.all
    if gate.any:
        yield from gate.any.of
    if gate.score and scoring:
        yield from (x.rule for x in scoring.points if isinstance(x, RulePoints))
