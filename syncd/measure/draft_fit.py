"""Which condition parts winners from the rest best, field by field, on the older leads alone.

What parts them too well is refused with its field: it was hardly known before the outcome.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from scipy import stats

from syncd.domain.names import FieldName
from syncd.domain.standard import FieldTest
from syncd.measure.backtest_words import percent
from syncd.measure.leakage import no_winners, only_winners
from syncd.measure.rates import Contrast, corrected
from syncd.measure.shares import Rate

WORTH_A_LOOK = 0.2
"""Of the conditions held against the newer leads one in five may be chance: those leads decide,
and a stricter choice here would keep from them what few leads can only hint at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The best condition of its field; `looked_at` counts those of the field that were tried."""

    condition: FieldTest
    older: Contrast
    looked_at: int

    @property
    def z(self) -> float:
        return strength(self.older)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """`best` are the fields that part the older leads, the strongest first; `too_few` those with
    too few leads on a side to say, `nothing` the rest. `tried` counts all conditions."""

    best: tuple[Fitted, ...]
    refused: Mapping[FieldName, str]
    too_few: tuple[FieldName, ...]
    nothing: tuple[FieldName, ...]
    tried: int


def fit(
    conditions: Sequence[FieldTest], found: Sequence[Contrast], forced: Collection[FieldName]
) -> Fit:
    """`conditions` of one field stand together. Of the fields in `forced` none is refused."""
    pairs = list(zip(conditions, found, strict=True))
    by_field = {name: list(x) for name, x in groupby(pairs, key=lambda pair: pair[0].field)}
    refused = dict(_too_good(by_field, forced))
    enough = {
        name: [x for x in of_field if x[1].is_enough]
        for name, of_field in by_field.items()
        if name not in refused
    }
    real = _real(enough)
    best = (
        Fitted(condition=x[0], older=x[1], looked_at=len(by_field[name]))
        for name, of_field in real.items()
        if (x := max(of_field, key=lambda pair: strength(pair[1]), default=None))
    )
    return Fit(
        best=tuple(sorted(best, key=lambda x: -x.z)),
        refused=refused,
        too_few=tuple(name for name, of_field in enough.items() if not of_field),
        nothing=tuple(name for name, x in enough.items() if x and not real[name]),
        tried=len(pairs),
    )


_Pairs = list[tuple[FieldTest, Contrast]]


def _real(enough: Mapping[FieldName, _Pairs]) -> dict[FieldName, _Pairs]:
    """What chance alone makes seldom enough, when so many are looked at together."""
    everything = [x for of_field in enough.values() for x in of_field]
    ps = corrected([p_of_more(contrast) for _, contrast in everything])
    real = {x[0] for x, p in zip(everything, ps, strict=True) if p < WORTH_A_LOOK}
    return {name: [x for x in of_field if x[0] in real] for name, of_field in enough.items()}


def strength(contrast: Contrast) -> float:
    """The difference of the two rates in standard errors: it orders what p cannot (a million
    leads make every p zero)."""
    met, unmet = contrast.met, contrast.unmet
    if not met.n or not unmet.n:
        return 0.0
    usual = (met.hits + unmet.hits) / (met.n + unmet.n)
    error = float(np.sqrt(usual * (1 - usual) * (1 / met.n + 1 / unmet.n)))
    return (met.hits / met.n - unmet.hits / unmet.n) / error if error else 0.0


def p_of_more(contrast: Contrast) -> float:
    """Fisher's exact test, one-sided: how easily chance alone lets those that meet it win so much
    more often."""
    table = [[x.hits, x.n - x.hits] for x in (contrast.met, contrast.unmet)]
    return float(stats.fisher_exact(table, alternative="greater").pvalue)


def _too_good(
    by_field: Mapping[FieldName, _Pairs], forced: Collection[FieldName]
) -> Iterator[tuple[FieldName, str]]:
    for name, of_field in by_field.items():
        if name in forced:
            continue
        why = next((why for _, contrast in of_field if (why := _known_after(contrast))), None)
        if why:
            yield name, why


def _known_after(contrast: Contrast) -> str:
    """By the same measure as fields that only winners have, of one value instead of any."""
    met, unmet = contrast.met, contrast.unmet
    winners, others = met.hits + unmet.hits, met.n + unmet.n - met.hits - unmet.hits
    won, rest = Rate(met.hits, winners), Rate(met.n - met.hits, others)
    if not only_winners(won, rest) and not no_winners(
        Rate(others - rest.hits, others), Rate(winners - won.hits, winners)
    ):
        return ""
    return (
        f"what {percent(won.share)} of {winners:,} won leads have there, {percent(rest.share)} of "
        f"{others:,} others have: as if it were known only after the outcome"
    )
