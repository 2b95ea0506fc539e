"""An assessment as one page: nothing to load, no scripts, light and dark, fit to be printed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from syncd.cli.assess_view import counts, score_words, told
from syncd.measure.assess.examine import Assessment, Result
from syncd.measure.assess.finding import Gap, Group
from syncd.measure.assess.sight import Sight

_KINDS = {"sound": "sound", "gap": "gap", "cannot see": "unseen"}


def page(found: Assessment, sight: Sight) -> str:
    return _environment().get_template("assess.html.j2").render(
        total=score_words(found.total),
        counts=counts(found.total),
        leads=len(sight.leads),
        at=f"{sight.now:%Y-%m-%d %H:%M}",
        guessed=sight.guessed,
        first=found.first,
        groups=[_group(group, found) for group in Group],
    )  # fmt: skip


def _group(group: Group, found: Assessment) -> Mapping[str, Any]:
    title = group.value
    return {
        "id": title.lower().replace(" ", "-"),
        "title": title[:1].upper() + title[1:],
        "score": score_words(found.groups[group]),
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
            "evidence": evidence[:1].upper() + evidence[1:],
            "examples": gap.examples if gap else (),
            "cost": gap.cost if gap else None,
        }


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("syncd.cli", "pages"), autoescape=True, undefined=StrictUndefined
    )
