"""An assessment in a terminal: the score, what to fix first, and every check with its evidence."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from syncd.cli.layout import heading
from syncd.measure.assess.examine import Assessment, Result, Score
from syncd.measure.assess.finding import CannotSee, Gap, Group, Sound
from syncd.measure.assess.sight import Sight


def show(found: Assessment, sight: Sight, shown: Console) -> None:
    shown.print(Text(f"{score_words(found.total)}  {counts(found.total)}", style="bold"))
    for line in _beginning(sight):
        shown.print(Text(line, style="dim"))
    if found.first:
        shown.print(heading("Fix first"))
        for number, result in enumerate(found.first, 1):
            _first(result, number, shown)
    for group in Group:
        shown.print(heading(f"{group.value}: {score_words(found.groups[group])}"))
        _each(found.of(group), shown)


def _beginning(sight: Sight) -> Iterator[str]:
    at = f"{sight.now:%Y-%m-%d %H:%M} UTC"
    yield f"{len(sight.leads):,} leads looked at, {at}. Nothing was written."
    if sight.guessed:
        yield (
            "There is no crm.yaml: what each value means was guessed by its name. Write one, and "
            "look again."
        )


def _first(result: Result, number: int, shown: Console) -> None:
    assert isinstance(result.answer, Gap)
    shown.print(Text.assemble(f"  {number}. {result.answer.says}  ", (result.check.id, "dim")))
    if result.answer.cost:
        cost = result.answer.cost
        shown.print(_below(f"in money {cost.amount:,.0f}: {cost.how}", 5))
    shown.print(_below(f"→ {result.check.fix}", 5, style="dim"))


def _each(results: Sequence[Result], shown: Console) -> None:
    for result in results:
        mark, style, evidence = told(result)
        line = Text.assemble((f"  {mark:<11}", style), f"{result.check.title}  ")
        shown.print(line, Text(result.check.id, style="dim"), soft_wrap=True)
        shown.print(_below(evidence, 13, style="dim"))
        for more in details(result):
            shown.print(_below(more, 13))


def _below(text: str, indent: int, *, style: str = "") -> Padding:
    return Padding(Text(text, style=style), (0, 0, 0, indent), expand=False)


def told(result: Result) -> tuple[str, str, str]:
    """A word for the answer, its style, and the evidence."""
    match result.answer:
        case Sound(says=says):
            return "sound", "green", says
        case CannotSee(why=why):
            return "cannot see", "dim", why
        case Gap(says=says):
            return "gap", "bold red", says
        case _:
            assert_never(result.answer)


def details(result: Result) -> Iterator[str]:
    gap = result.answer
    if not isinstance(gap, Gap):
        return
    if gap.examples:
        yield f"for example {'; '.join(gap.examples)}"
    if gap.cost:
        yield f"in money {gap.cost.amount:,.0f}: {gap.cost.how}"
    yield f"→ {result.check.fix}"


def score_words(score: Score) -> str:
    return "cannot see" if score.value is None else f"{score.value} of 100"


def counts(score: Score) -> str:
    return f"{score.sound} sound, {score.gaps} gaps, {score.unseen} cannot be seen"
