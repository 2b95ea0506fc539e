"""Make the domain's variants of config/standard.yaml: what some kinds of leads are held to.

Every problem is added to the file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from syncd.core.value_words import listed
from syncd.core.variant_survey import survey_variants
from syncd.domain.stage import Stage
from syncd.domain.standard import EVERYBODY, UNTOLD, Gate, Scoring, Variant
from syncd.settings.condition_build import ConditionBuilder
from syncd.settings.fitting import Fitted
from syncd.settings.gate_build import GateBuilder
from syncd.settings.score_build import ScoreBuilder
from syncd.settings.standard_file import StandardFile, VariantPart

_RESERVED = {
    EVERYBODY: "what holds for all leads without a variant",
    UNTOLD: "a variant that cannot be told",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantBuilder:
    """`gates` and `scoring` are everybody's: a variant has them where it names none."""

    file: Fitted[StandardFile]
    conditions: ConditionBuilder
    scores: ScoreBuilder
    gates: Mapping[Stage, Gate]
    scoring: Scoring | None

    def build(self, parts: Sequence[VariantPart]) -> tuple[Variant, ...]:
        self._names(parts)
        built = tuple(x for part in parts if (x := self._variant(part)))
        if not self.file.problems:  # half a condition would be judged for the whole
            self._leads_come(parts, built)
        return built

    def _leads_come(self, parts: Sequence[VariantPart], variants: Sequence[Variant]) -> None:
        never = survey_variants(variants, self.conditions.fields.specs).never
        for part in parts:
            if part.name not in never:
                continue
            if above := never[part.name]:
                takers = listed((f'"{x}"' for x in above), "and")
                what = f"no lead ever comes to it: all it is for belong to {takers} above it"
                next_step = "move it up, or let less stand above it"
            else:
                what, next_step = "no lead can meet its condition", "ask for less, or remove it"
            self.file.fault(part.at("when"), what, next_step, on_key=True, bare=True)

    def _names(self, parts: Sequence[VariantPart]) -> None:
        seen: set[str] = set()
        for part in parts:
            if part.name in seen:
                what = f'a second variant is called "{part.name}"'
                self.file.fault(part.at("name"), what, "give it another name", bare=True)
            if meaning := _RESERVED.get(part.name):
                what = f'"{part.name}" is the name of {meaning}'
                self.file.fault(part.at("name"), what, "give it another name", bare=True)
            seen.add(part.name)

    def _variant(self, part: VariantPart) -> Variant | None:
        applies = self.conditions.build(part.when)
        scoring = self.scores.of_variant(part.score, self.scoring) if part.score else self.scoring
        own = self._gates(part, is_scored=bool(part.score) or self.scoring is not None)
        if not part.gates and part.score is None:
            what = "it asks for just what everybody is asked for"
            self.file.lacks(part.at(), what, "name gates or a score")
        if applies is None:
            return None
        gates = {stage: own.get(stage, gate) for stage, gate in self.gates.items()}
        return Variant(name=part.name, applies=applies, gates=gates, scoring=scoring)

    def _gates(self, part: VariantPart, *, is_scored: bool) -> Mapping[Stage, Gate]:
        for stage in part.gates:
            if stage not in self.gates:
                what = f'there is no gate "{stage}" for everybody else'
                next_step = f"add {stage} under gates with what they must meet, or remove it here"
                path = part.at("gates", stage.value)
                self.file.fault(path, what, next_step, on_key=True, bare=True)
        return GateBuilder(file=self.file, is_scored=is_scored).built(part.gates)
