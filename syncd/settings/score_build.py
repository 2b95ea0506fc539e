"""Make the domain's scores of config/standard.yaml: everybody's, and that of a variant.

Every problem is added to the file.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from syncd.domain.names import FieldName, RuleId
from syncd.domain.standard import Band, BandName, DecayingPoints, RulePoints, Scoring
from syncd.settings.condition_build import ConditionBuilder
from syncd.settings.field_values import DATES
from syncd.settings.fitting import Fitted
from syncd.settings.gate_build import rule_exists
from syncd.settings.standard_file import (
    BandsPart,
    PointsPart,
    ScorePart,
    StandardFile,
    VariantScorePart,
)

_Points = RulePoints | DecayingPoints


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreBuilder:
    file: Fitted[StandardFile]
    conditions: ConditionBuilder

    def everybodys(self, part: ScorePart) -> Scoring:
        return Scoring(points=self._all_points(part.points), bands=self._bands(part.bands))

    def of_variant(self, part: VariantScorePart, everybodys: Scoring | None) -> Scoring | None:
        """Everybody's, but for what the variant names. None where a part is nowhere."""
        points = self._all_points(part.points) if part.points else None
        bands = self._bands(part.bands) if part.bands else None
        if points is None and bands is None:
            self.file.lacks(part.at(), "the score changes nothing", "name points or bands")
        for key, mine in (("points", points), ("bands", bands)):
            if mine is None and everybodys is None:
                what = f"there are no {key}, here or in a score for everybody"
                self.file.lacks(part.at(), what, f"add {key}")
        if everybodys is None:
            return Scoring(points=points, bands=bands) if points and bands else None
        return Scoring(points=points or everybodys.points, bands=bands or everybodys.bands)

    def _all_points(self, parts: tuple[PointsPart, ...]) -> tuple[_Points, ...]:
        points = tuple(p for item in parts if (p := self._points(item)))
        names = [item.rule or item.behaviour for item in parts]
        for number, item in enumerate(parts):
            if names[number] in names[:number]:
                what = f'"{names[number]}" gets points twice'
                self.file.fault(item.at(), what, "keep one of them")
        return points

    def _points(self, part: PointsPart) -> RulePoints | DecayingPoints | None:
        if part.points == 0:
            self.file.fault(part.at("points"), "0 points change nothing", "remove them")
        for_behaviour = (part.behaviour, part.field, part.half_life)
        if part.rule and not any(for_behaviour):
            rule_exists(part.at("rule"), part.rule, self.file)
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
