"""A standard with two variants, leads that belong to each, and what they are judged to be."""

from collections.abc import Mapping
from dataclasses import replace

from core_cases import BUDGET, EMPLOYEES, LEAD, MOVE, NEED, NOW, ROLE, SOURCE, gate, standard

from syncd.core.judge import Case, Judge
from syncd.domain.names import FieldName
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    AtLeast,
    Condition,
    FieldTest,
    Gate,
    Is,
    Scoring,
    Standard,
    Variant,
)
from syncd.domain.values import Seen, Unreadable
from syncd.domain.verdict import Verdict, Waiver

TORN = Unreadable(why="two records differ")
LARGE, FROM_PARTNER = FieldTest(EMPLOYEES, AtLeast(1000)), FieldTest(SOURCE, Is("Partner"))


def variant(name: str, applies: Condition, asked: Gate, scoring: Scoring | None = None) -> Variant:
    return Variant(name=name, applies=applies, gates={asked.stage: asked}, scoring=scoring)


ENTERPRISE = variant("enterprise", LARGE, gate("decision-maker", "budget-confirmed"))
PARTNER = variant("partner", FROM_PARTNER, gate("need-stated"))
SEGMENTED = replace(standard(gate("decision-maker")), variants=(ENTERPRISE, PARTNER))
"""Everybody is asked for who decides, large companies for a budget too, partners for a need."""


def judged(values: Mapping[FieldName, Seen], *waivers: Waiver, by: Standard = SEGMENTED) -> Verdict:
    case = Case(transition=MOVE, lead_id=LEAD, cycle=1, values=values, now=NOW, waivers=waivers)
    return Judge(by).judge(Stage.SQL, case)


def lead(**changed: Seen) -> dict[FieldName, Seen]:
    """Of a small company that came by itself, with all that is asked."""
    values: dict[FieldName, Seen] = {
        EMPLOYEES: 60,
        SOURCE: "Webinar",
        BUDGET: True,
        ROLE: "decision-maker",
        NEED: "a new CRM",
    }
    return values | {FieldName(name): value for name, value in changed.items()}
