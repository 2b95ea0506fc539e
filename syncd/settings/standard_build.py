"""Make the domain's Standard of config/standard.yaml, checking what its parts mean together.

Every problem is added to the file; the result counts only when there are none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from syncd.domain.names import FieldName, RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    AfterRejection,
    Band,
    BandName,
    DecayingPoints,
    Gate,
    RejectionReason,
    Rule,
    RulePoints,
    Scoring,
    Signature,
    SomeOf,
    Standard,
)
from syncd.domain.verdict import COMEBACK_RULES, SCORE_RULE
from syncd.settings.condition_build import ConditionBuilder, FieldMap
from syncd.settings.field_values import DATES
from syncd.settings.fitting import Fitted
from syncd.settings.problem import Path, did_you_mean
from syncd.settings.standard_file import (
    BandsPart,
    GatePart,
    PointsPart,
    RejectionPart,
    RulePart,
    ScorePart,
    StandardFile,
)

RESERVED = COMEBACK_RULES | {SCORE_RULE}
ALWAYS_GUARDED = (Stage.MQL, Stage.SQL)


def build_standard(
    file: Fitted[StandardFile], fields: FieldMap, unwritable: Mapping[Stage, str]
) -> Standard | None:
    """None when the file cannot be read at all. `unwritable` maps a stage to the sides that
    have no line to write it with."""
    if file.model is None:
        return None
    conditions = ConditionBuilder(fields=fields, file=file)
    return _Builder(file, file.model, conditions, unwritable).build()


@dataclass(frozen=True, slots=True)
class _Builder:
    file: Fitted[StandardFile]
    model: StandardFile
    conditions: ConditionBuilder
    unwritable: Mapping[Stage, str]

    def build(self) -> Standard:
        model = self.model
        self._unique((rule.at("id"), rule.id) for rule in model.rules)
        self._teams_once()
        return Standard(
            version=model.version,
            review_by=model.review_by,
            signatures=tuple(Signature(team=s.team, name=s.name, on=s.on) for s in model.signed),
            rules={RuleId(r.id): rule for r in model.rules if (rule := self._rule(r))},
            gates=self._gates(),
            scoring=self._scoring(model.score) if model.score else None,
            rejections={key: self._rejection(key, part) for key, part in model.rejections.items()},
        )

    def _unique(self, ids: Iterable[tuple[Path, str]]) -> None:
        seen: set[str] = set()
        for path, name in ids:
            if name in seen:
                self.file.fault(path, f'a second rule is called "{name}"', "give it another id")
            if name in RESERVED:
                what = f'"{name}" is the name of a check that syncd makes by itself'
                self.file.fault(path, what, "give the rule another id")
            seen.add(name)

    def _teams_once(self) -> None:
        teams = [signature.team for signature in self.model.signed]
        for number, signature in enumerate(self.model.signed):
            if signature.team in teams[:number]:
                what = f"{signature.team} has signed already"
                self.file.fault(signature.at("team"), what, "keep one signature of each team")

    def _rule(self, part: RulePart) -> Rule | None:
        condition = self.conditions.build(part)
        if condition is None:
            return None
        return Rule(
            id=RuleId(part.id), kind=part.kind, says=part.says, fix=part.fix, condition=condition
        )

    def _rejection(self, key: str, part: RejectionPart) -> RejectionReason:
        sides = self.unwritable.get(Stage.DISQUALIFIED)
        if part.then is AfterRejection.DISQUALIFY and sides:
            what = f'"disqualified" cannot be written to {sides}'
            next_step = "add a stage line for disqualified in crm.yaml, or write nurture"
            self.file.fault(part.at("then"), what, next_step)
        return RejectionReason(id=key, says=part.says, then=part.then)

    # --- gates ---------------------------------------------------------------------------

    def _gates(self) -> dict[Stage, Gate]:
        gates = self.model.gates
        for stage in ALWAYS_GUARDED:
            if stage not in gates and stage not in self.file.source.names("gates"):
                what = f'the gate "{stage}" is missing'
                self.file.lacks(("gates",), what, f"add {stage} with its rules")
        return {stage: self._gate(stage, part) for stage, part in gates.items()}

    def _gate(self, stage: Stage, part: GatePart) -> Gate:
        if stage.rank == 0:
            what = f'"{stage}" is the bottom of the funnel: nothing guards the way down'
            self.file.fault(part.at(), what, "guard lead, mql, sal, sql or later", on_key=True)
        if not part.all and part.any is None and part.score is None:
            what = "the gate asks for nothing"
            self.file.lacks(part.at(), what, "name rules under all or any, or a score")
        if part.score and self.model.score is None:
            what = "the gate asks for a score, and none is defined"
            self.file.fault(part.at("score"), what, "add score: with points and bands", bare=True)
        self._rules_exist(part.at("all"), part.all)
        return Gate(
            stage=stage,
            all=tuple(map(RuleId, part.all)),
            any=self._some_of(part),
            score=BandName(part.score) if part.score else None,
        )

    def _some_of(self, part: GatePart) -> SomeOf | None:
        some = part.any
        if some is None:
            return None
        self._rules_exist(some.at("of"), some.of)
        if some.at_least > len(some.of):
            what = f"at least {some.at_least} of {len(some.of)} rules can never be met"
            self.file.fault(some.at("at_least"), what, f"write {len(some.of)} or less", bare=True)
        return SomeOf(at_least=some.at_least, of=tuple(map(RuleId, some.of)))

    def _rules_exist(self, path: Path, names: tuple[str, ...]) -> None:
        for number, name in enumerate(names):
            self._rule_exists((*path, number), name)
            if name in names[:number]:
                what = f'"{name}" is named twice'
                self.file.fault((*path, number), what, "keep it once", bare=True)

    def _rule_exists(self, path: Path, name: str) -> None:
        known = _written_ids(self.file)
        if name not in known:
            what = f'unknown rule "{name}"'
            self.file.fault(path, what, did_you_mean(name, known), bare=True)

    # --- score ---------------------------------------------------------------------------

    def _scoring(self, part: ScorePart) -> Scoring:
        points = tuple(p for item in part.points if (p := self._points(item)))
        names = [item.rule or item.behaviour for item in part.points]
        for number, item in enumerate(part.points):
            if names[number] in names[:number]:
                what = f'"{names[number]}" gets points twice'
                self.file.fault(item.at(), what, "keep one of them")
        return Scoring(points=points, bands=self._bands(part.bands))

    def _points(self, part: PointsPart) -> RulePoints | DecayingPoints | None:
        if part.points == 0:
            self.file.fault(part.at("points"), "0 points change nothing", "remove them")
        for_behaviour = (part.behaviour, part.field, part.half_life)
        if part.rule and not any(for_behaviour):
            self._rule_exists(part.at("rule"), part.rule)
            return RulePoints(rule=RuleId(part.rule), points=part.points)
        if part.rule is None and part.behaviour and part.field and part.half_life:
            return self._decaying(part, part.behaviour, part.field, part.half_life)
        what = "points are either for a rule or for behaviour"
        next_step = "write rule and points, or behaviour, field, points and half_life"
        self.file.lacks(part.at(), what, next_step)
        return None

    def _decaying(
        self, part: PointsPart, name: str, field: str, half_life: timedelta
    ) -> DecayingPoints:
        spec = self.conditions.spec(part.at("field"), field)
        if spec and spec.type not in DATES:
            what = f'"{field}" is of type {spec.type}, and fading needs a date'
            self.file.fault(part.at("field"), what, "name a field of type date or datetime")
        return DecayingPoints(
            name=name, field=FieldName(field), points=part.points, half_life=half_life
        )

    def _bands(self, part: BandsPart) -> tuple[Band, ...]:
        written = (
            (BandName.NURTURE, part.nurture),
            (BandName.WARM, part.warm),
            (BandName.SALES_READY, part.sales_ready),
        )
        for (below, low), (above, high) in pairwise(written):
            if high.from_ <= low.from_:
                what = f"{above} begins at {high.from_}, not above {below} at {low.from_}"
                self.file.fault(high.at("from"), what, "let the bands rise", bare=True)
        return tuple(
            Band(name=name, minimum=band.from_, nurture_list=band.nurture_list)
            for name, band in written
        )


def _written_ids(file: Fitted[StandardFile]) -> frozenset[str]:
    """Every rule id in the file, those of faulty rules included."""
    tree = file.source.tree
    rules = tree.get("rules") if tree else None
    items = rules if isinstance(rules, list) else []
    ids = (item.get("id") for item in items if isinstance(item, dict))
    return frozenset(name for name in ids if isinstance(name, str))
