"""A report as one page: nothing to load, no scripts, light and dark, fit to be printed."""

from base64 import b64encode
from hashlib import sha256
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from syncd.measure.definition_words import common_words, definition_words
from syncd.measure.headlines import HEADLINES, Told, told
from syncd.measure.layout import blocks, from_the_first_month
from syncd.measure.number_words import (
    heading_unit,
    interval_words,
    is_blank,
    number_words,
    of_words,
    target_words,
    unit_words,
)
from syncd.measure.report import BASIS_MEANS, BASIS_TITLES, Report
from syncd.measure.scope import Scope
from syncd.measure.table_plots import plot_caption, plot_of
from syncd.measure.tables import Basis

_STYLE = "numbers.css"


def page(report: Report) -> str:
    return rendered(
        "report.html.j2",
        report=report,
        basis_titles=BASIS_TITLES,
        basis_means=BASIS_MEANS,
        headlines=_headlines(report),
        facts=heading_facts(report.scope),
    )


def _headlines(report: Report) -> list[tuple[Basis, tuple[Told, ...]]]:
    """None where the tables are split: then no number is of all."""
    tables = {x.id: x for x in report.tables()}
    return [] if report.by else [(x, told(each, tables)) for x, each in HEADLINES.items()]


def rendered(template: str, **values: object) -> str:
    """A page with tables of numbers, in their style. Its policy lets a browser load nothing."""
    environment = Environment(
        loader=PackageLoader("syncd.cli", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    named = (
        number_words, interval_words, of_words, unit_words, heading_unit, target_words, plot_of,
        plot_caption, definition_words, common_words, is_blank, blocks, from_the_first_month,
    )  # fmt: skip
    environment.globals |= {x.__name__: x for x in named}
    style = environment.get_template(_STYLE).render()
    allowed = f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"
    return environment.get_template(template).render(style=style, allowed=allowed, **values)


def heading_facts(scope: Scope) -> tuple[tuple[str, str], ...]:
    """What a page is of, and as of when, in the team's own time."""
    zone = ZoneInfo(scope.time_zone)
    start, end, now = (x.astimezone(zone) for x in (scope.start, scope.end, scope.now))
    return (
        ("From", f"{start:%Y-%m-%d %H:%M}"),
        ("Up to", f"{end:%Y-%m-%d %H:%M}"),
        ("Time zone", scope.time_zone),
        ("As of", f"{now:%Y-%m-%d %H:%M}"),
        *((x.value.title(), ", ".join(values)) for x, values in scope.only.items()),
    )
