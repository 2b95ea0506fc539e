"""A backtest for programs: every count, rate and interval, under names that stay."""

from collections.abc import Mapping

from syncd.cli.backtest_view import LEDGER_MEANS
from syncd.measure.backtest import Backtest
from syncd.measure.backtest_words import cautions, numbers, population
from syncd.measure.ledger import Line
from syncd.measure.rates import Contrast
from syncd.measure.score_curve import Curve
from syncd.measure.shares import Interval, Rate
from syncd.measure.tally import Sides, Tally

_Json = dict[str, object]


def answer(found: Backtest) -> _Json:
    return {
        "source": found.source,
        "standard": found.version,
        "gate": found.stage,
        "horizon_days": found.span.days,
        "known_until": found.known_until,
        "read": found.besides.read,
        "left_out_as_too_young": found.besides.young,
        "won_later": found.besides.won_late,
        "won_without_date": found.besides.undated,
        **_sides(found.sides),
        "by_variant": _groups(found.by_segment),
        "by_source": _groups(found.by_source),
        "ledger": [_line(x) for x in found.ledger],
        "score": [_curve(x) for x in found.curves],
        "stopped_winners": found.winners,
        "stopped_winners_found": found.winners_found,
        "refused_fields": found.leaks.refused,
        "forced_fields": found.leaks.forced,
        "as_of_now": found.as_of_now,
        "missing_fields": found.missing,
        "notes": [*population(found), *cautions(found)],
        "means": {x.title: x.means for x in numbers(found)} | {"ledger": LEDGER_MEANS},
    }


def _groups(groups: Mapping[str, Sides]) -> _Json:
    return {name: _sides(sides) for name, sides in groups.items()}


def _sides(sides: Sides) -> _Json:
    return {
        "counted": sides.leads,
        "conforming": _tally(sides.passing),
        "stopped": _tally(sides.failing),
        "unknown": _tally(sides.unknown),
        "win_rate_contrast": _contrast(sides.win_rates),
        "conversion_contrast": _contrast(sides.conversions),
    }


def _tally(tally: Tally) -> _Json:
    return {
        "leads": tally.leads,
        **{str(outcome): leads for outcome, leads in tally.standing.items()},
        "won_amount": tally.worth,
        "won_without_amount": tally.unpriced,
        "win_rate": _rate(tally.win_rate),
        "conversion": _rate(tally.conversion),
    }


def _rate(rate: Rate) -> _Json:
    return {"hits": rate.hits, "n": rate.n, "rate": rate.share, "interval": _pair(rate.interval)}


def _pair(interval: Interval | None) -> list[float] | None:
    return [interval.low, interval.high] if interval else None


def _contrast(contrast: Contrast) -> _Json:
    return {
        "difference": contrast.difference,
        "difference_interval": _pair(contrast.difference_interval),
        "lift": contrast.lift,
        "lift_interval": _pair(contrast.lift_interval),
        "enough_to_say": contrast.is_enough,
    }


def _line(line: Line) -> _Json:
    return {
        "rule": line.rule,
        "says": line.says,
        "refused": line.why_refused or None,
        "only_gives_points": not line.stops,
        "unmet": _rate(line.unmet),
        "unknown": _rate(line.unknown),
        "only_reason": _rate(line.only_reason),
        "overridden": _rate(line.overridden),
        "win_rate_met": _rate(line.win_rates.met),
        "win_rate_unmet": _rate(line.win_rates.unmet),
        **_contrast(line.win_rates),
        "p_corrected": line.p,
        "overlaps_most": line.overlap[0] if line.overlap else None,
        "overlap": _rate(line.overlap[1]) if line.overlap else None,
        "as_of_now": line.as_of_now,
        "forced": line.forced,
        "too_good_to_be_true": line.is_too_good,
    }


def _curve(curve: Curve) -> _Json:
    return {
        "variants": curve.segments,
        "bands": {str(name): float(minimum) for name, minimum in curve.bands.items()},
        "unknown": curve.unscored,
        "thresholds": [
            {"from": x.threshold, "volume": _rate(x.volume), "win_rate": _rate(x.win_rate)}
            for x in curve.steps
        ],
    }
