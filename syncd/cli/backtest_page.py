"""A backtest as one page: nothing to load, no scripts, light and dark, fit to be printed."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from syncd.cli.backtest_view import LEDGER_MEANS, p_words
from syncd.measure import backtest_words as words
from syncd.measure.assess.leads import called
from syncd.measure.backtest import Backtest
from syncd.measure.backtest_plots import curve_plot, has_lift, lift_plot
from syncd.measure.ledger import Says
from syncd.measure.tally import Sides

_MOST_WINNERS, _MOST_GROUPS = 50, 25
_LIMITS = (
    "Leads that sales never took have no outcome. Whatever kept them away is no less a standard, "
    "and nothing here tells how they would have done.",
    "That leads win more often where a rule is met does not say that meeting it makes them win: "
    "both may come from something else.",
    "Sales may have worked those leads harder that met a rule it believed in.",
    "A rule that hardly any lead fails, or hardly any meets, cannot be weighed by the past.",
    "The past is of other prices, products and people than the year to come.",
)


def page(found: Backtest) -> str:
    return _environment().get_template("backtest.html.j2").render(
        found=found,
        numbers=words.numbers(found),
        population=tuple(words.population(found)),
        cautions=tuple(words.cautions(found)),
        mark=f" {words.AS_OF_NOW}" if found.as_of_now else "",
        now_mark=words.AS_OF_NOW,
        ledger_means=LEDGER_MEANS,
        lift=lift_plot(found.ledger),
        without_lift=[
            x.rule for x in found.ledger if not has_lift(x) and x.says is not Says.REFUSED
        ],
        curves=[(plot, x) for x in found.curves if (plot := curve_plot(x))],
        groups=_groups(found),
        shown=min(_MOST_WINNERS, len(found.winners)),
        limits=_LIMITS,
    )  # fmt: skip


def _groups(found: Backtest) -> list[tuple[str, list[tuple[str, Sides]], int]]:
    """Tables with their titles, and how many rows each leaves out."""
    named = {"Variant": found.by_segment, "Source": found.by_source}
    return [
        (title, list(groups.items())[:_MOST_GROUPS], max(0, len(groups) - _MOST_GROUPS))
        for title, groups in named.items()
        if len(groups) > 1
    ]


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("syncd.cli", "pages"), autoescape=True, undefined=StrictUndefined
    )
    named = (
        words.percent, words.percent_between, words.points, words.points_between, words.times,
        words.times_between, words.money, called,
    )  # fmt: skip
    environment.filters |= {x.__name__: x for x in named} | {"p": p_words}
    return environment
