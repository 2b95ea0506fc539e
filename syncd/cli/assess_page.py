"""An assessment as one page: nothing to load, no scripts, light and dark, fit to be printed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from syncd.cli.assess_view import (
    begun,
    counts,
    score_words,
    told,
    what_was_counted,
    whereabouts,
)
from syncd.compile.page import allowed_style
from syncd.core.stages import spelled
from syncd.core.value_words import counted
from syncd.measure.assess.examine import Assessment, Result
from syncd.measure.assess.finding import Gap, Group
from syncd.measure.assess.leads import called
from syncd.measure.assess.sight import Sight

_KINDS = {"sound": "sound", "gap": "gap", "cannot see": "unseen"}


def page(found: Assessment, sight: Sight) -> str:
    environment = _environment()
    style = environment.get_template("assess.css").render()
    return environment.get_template("assess.html.j2").render(
        style=style,
        allowed=allowed_style(style),
        total=score_words(found.total),
        counts=counts(found.total),
        whereabouts=[*whereabouts(sight)],
        counted=[*what_was_counted(sight)],
        guessed=sight.guessed,
        first=[*_checks(found.first)],
        lines=[*_lines(sight)],
        groups=[_group(group, found) for group in Group],
    )


def _group(group: Group, found: Assessment) -> Mapping[str, Any]:
    title, score = group.value, found.groups[group]
    return {
        "id": title.lower().replace(" ", "-"),
        "title": begun(title),
        "score": score_words(score),
        "points": "–" if score.value is None else score.value,
        "gaps": counted(score.gaps, "gap"),
        "unseen": f"{score.unseen} unseen" if score.unseen else "",
        "checks": [*_checks(found.of(group))],
    }


def _checks(results: Sequence[Result]) -> Iterator[Mapping[str, Any]]:
    for result in results:
        mark, _, evidence = told(result)
        gap = result.answer if isinstance(result.answer, Gap) else None
        yield {
            "check": result.check,
            "mark": mark,
            "kind": _KINDS[mark],
            "evidence": begun(evidence),
            "examples": gap.examples if gap else (),
            "cost": gap.cost if gap else None,
        }


def _lines(sight: Sight) -> Iterator[Mapping[str, str]]:
    for system, side in sight.crm.sides.items():
        for line in side.stages:
            yield {
                "system": system.label,
                "says": spelled(line.values),
                "stage": called(line.stage),
            }


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("syncd.cli", "pages"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["code"] = _code
    return environment


def _code(text: str) -> Markup:
    """What stands between backticks is something to type."""
    parts = [escape(x) for x in text.split("`")]
    return Markup("").join(
        Markup("<code>{}</code>").format(x) if number % 2 else x for number, x in enumerate(parts)
    )
