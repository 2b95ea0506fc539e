"""Make the domain's Standard of config/standard.yaml, checking what its parts mean together.

Every problem is added to the file; the result counts only when there are none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from syncd.core.signing import with_signatures
from syncd.domain.names import RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    AfterRejection,
    Gate,
    RejectionReason,
    Rule,
    Scoring,
    Signature,
    Standard,
    Variant,
)
from syncd.domain.verdict import COMEBACK_RULES, SCORE_RULE, VARIANT_RULE
from syncd.settings.condition_build import ConditionBuilder, FieldMap
from syncd.settings.fitting import Fitted
from syncd.settings.gate_build import GateBuilder
from syncd.settings.problem import Path
from syncd.settings.score_build import ScoreBuilder
from syncd.settings.standard_file import RejectionPart, RulePart, SignaturePart, StandardFile
from syncd.settings.variant_build import VariantBuilder

RESERVED = COMEBACK_RULES | {SCORE_RULE, VARIANT_RULE}


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
        model, scores = self.model, self._scores()
        scoring = scores.everybodys(model.score) if model.score else None
        gates = GateBuilder(file=self.file, is_scored=bool(model.score)).everybodys(model.gates)
        self._unique((rule.at("id"), rule.id) for rule in model.rules)
        self._teams_once()
        unsigned = Standard(
            version=model.version,
            review_by=model.review_by,
            signatures=(),
            rules={RuleId(r.id): rule for r in model.rules if (rule := self._rule(r))},
            gates=gates,
            scoring=scoring,
            variants=self._variants(gates, scoring),
            rejections={key: self._rejection(key, part) for key, part in model.rejections.items()},
        )
        return with_signatures(unsigned, map(_signature, model.signed))

    def _scores(self) -> ScoreBuilder:
        return ScoreBuilder(file=self.file, conditions=self.conditions)

    def _variants(
        self, gates: Mapping[Stage, Gate], scoring: Scoring | None
    ) -> tuple[Variant, ...]:
        builder = VariantBuilder(
            file=self.file,
            conditions=self.conditions,
            scores=self._scores(),
            gates=gates,
            scoring=scoring,
        )
        return builder.build(self.model.variants)

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
            id=RuleId(part.id),
            kind=part.kind,
            says=part.says,
            fix=part.fix,
            condition=condition,
            why=part.why or "",
        )

    def _rejection(self, key: str, part: RejectionPart) -> RejectionReason:
        sides = self.unwritable.get(Stage.DISQUALIFIED)
        if part.then is AfterRejection.DISQUALIFY and sides:
            what = f'"disqualified" cannot be written to {sides}'
            next_step = "add a stage line for disqualified in crm.yaml, or write nurture"
            self.file.fault(part.at("then"), what, next_step)
        return RejectionReason(id=key, says=part.says, then=part.then)


def _signature(part: SignaturePart) -> Signature:
    return Signature(team=part.team, name=part.name, on=part.on, digest=part.digest or "")
