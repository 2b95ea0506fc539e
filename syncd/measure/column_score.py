"""A score over columns of leads: its points, its band, and whether a wanted band is reached.

Points are counted in whole units (hundredths, or finer where the standard is finer), so that a
sum meets a band's minimum exactly where `core/score` finds it does, and fading is rounded as
it rounds. Knows no gates.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import polars as pl

from syncd.core.score import SOON, faded, name_of
from syncd.domain.standard import Band, BandName, DecayingPoints, RulePoints, Scoring
from syncd.errors import PermanentError
from syncd.measure.column_names import rule_column
from syncd.measure.column_tests import Schema, instants, where_readable
from syncd.measure.outcomes import MOVED_AT

_CENTS = 100
_MOST_UNITS = 2**62
_DOUBT = 1e-6
"""Hundredths so near to half of one are counted anew in decimals: floats cannot tell the side."""
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreColumns:
    """The columns of one score, with so many units to a point (`units_in`). Those it needs on
    the way begin with `prefix`."""

    scoring: Scoring
    unit: int
    prefix: str

    def add_to(self, leads: pl.DataFrame) -> pl.DataFrame:
        """The leads with the columns that the other methods read. The rules' are there already."""
        schema, parts = leads.schema, self._parts()
        units = [_units(part, schema, unit=self.unit).alias(x) for x, part in parts.items()]
        whole = {name: int(part.points * self.unit) for name, part in parts.items()}
        least = [pl.col(name).fill_null(min(most, 0)) for name, most in whole.items()]
        most = [pl.col(name).fill_null(max(most, 0)) for name, most in whole.items()]
        return leads.with_columns(*units).with_columns(
            pl.sum_horizontal(pl.col(*parts)).alias(self._total),
            pl.sum_horizontal(*least).alias(self._least),
            pl.sum_horizontal(*most).alias(self._most),
        )

    def points(self) -> pl.Expr:
        # By a column, for polars multiplies by the inverse of a single number: 82.96000000000001.
        total = pl.col(self._total)
        return total / (total * 0 + self.unit)

    def band(self) -> pl.Expr:
        """The highest band reached; whoever is below all of them is in the lowest."""
        reached: pl.Expr = pl.lit(self.scoring.bands[0].name.value)
        for band in self.scoring.bands:
            enough = pl.col(self._total) >= self._minimum(band)
            reached = pl.when(enough).then(pl.lit(band.name.value)).otherwise(reached)
        return reached

    def reaches(self, wanted: BandName) -> pl.Expr:
        """Null where unknown parts would decide it."""
        minimum = self._minimum(next(x for x in self.scoring.bands if x.name is wanted))
        reached, missed = pl.col(self._least) >= minimum, pl.col(self._most) < minimum
        return pl.when(reached).then(True).when(missed).then(False)

    def spelled(self) -> pl.Expr:
        """A text that is the same where two scores are the same, part by part."""
        parts = [(pl.col(x), name_of(part)) for x, part in self._parts().items()]
        known = [pl.format("{}{}", pl.lit(f"{name!r}="), x).fill_null("") for x, name in parts]
        unknown = [pl.when(x.is_null()).then(pl.lit(f"{name!r}?")) for x, name in parts]
        texts = [self.band(), *known, *(x.fill_null("") for x in unknown)]
        return pl.concat_str(texts, separator=" ")

    def _parts(self) -> dict[str, RulePoints | DecayingPoints]:
        return {f"{self.prefix}{n}": part for n, part in enumerate(self.scoring.points)}

    @property
    def _total(self) -> str:
        return f"{self.prefix}total"

    @property
    def _least(self) -> str:
        return f"{self.prefix}least"

    @property
    def _most(self) -> str:
        return f"{self.prefix}most"

    def _minimum(self, band: Band) -> int:
        return int(band.minimum * self.unit)


def units_in(scorings: Iterable[Scoring]) -> int:
    """Units in a point, so many that no part and no minimum has a fraction of one."""
    unit, most = _CENTS, Decimal(0)
    for scoring in scorings:
        numbers = [x.points for x in scoring.points] + [x.minimum for x in scoring.bands]
        places = max(-int(x.normalize().as_tuple().exponent) for x in numbers)
        unit = max(unit, 10 ** max(places, 0))
        most = max(most, sum(map(abs, numbers), Decimal(0)))
    if most * unit > _MOST_UNITS:
        raise PermanentError(
            "the score has more digits than can be counted for many leads at once; "
            "write points and bands with fewer digits"
        )
    return unit


def _units(part: RulePoints | DecayingPoints, schema: Schema, *, unit: int) -> pl.Expr:
    """What a part gives, in units; null where that cannot be told."""
    if isinstance(part, DecayingPoints):
        return _fading_units(part, schema) * (unit // _CENTS)
    return pl.col(rule_column(part.rule)).cast(pl.Int64) * int(part.points * unit)


def _fading_units(part: DecayingPoints, schema: Schema) -> pl.Expr:
    """In hundredths. Nothing is known of a field without a column; of one that holds no times,
    only that an empty one gives nothing."""
    kind = schema.get(part.field)
    if kind is None:
        return pl.lit(None, dtype=pl.Int64)
    seen = instants(part.field, kind)
    given = pl.lit(None, dtype=pl.Int64) if seen is None else _fading(part, seen)
    empty = pl.col(part.field).is_null()
    return where_readable(part.field, pl.when(empty).then(0).otherwise(given), schema)


def _fading(part: DecayingPoints, seen: pl.Expr) -> pl.Expr:
    """Hundredths of points left of behaviour seen then; none for what lies in the future."""
    full = float(part.points) * _CENTS
    doubt = max(_DOUBT, abs(full) * 1e-13)
    half_life = part.half_life / _MICROSECOND

    def count(ages: pl.Series) -> pl.Series:
        left = full * 0.5 ** (ages.clip(0).cast(pl.Float64) / half_life)
        rough = left.round().cast(pl.Int64)
        doubtful = (left - left.floor() - 0.5).abs() < doubt
        known = ages.filter(doubtful).unique()
        exact = [int(faded(part, x * _MICROSECOND) * _CENTS) for x in known]
        anew = ages.replace_strict(known, exact, default=None, return_dtype=pl.Int64)
        return rough.zip_with((~doubtful).fill_null(value=True), anew)

    age = pl.col(MOVED_AT) - seen
    micros = age.dt.total_microseconds()
    left = micros.map_batches(count, return_dtype=pl.Int64, is_elementwise=True)
    return pl.when(age < -SOON).then(0).otherwise(left)
