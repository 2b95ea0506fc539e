"""An assessment in a terminal: the score, what to fix first, and every check with its evidence."""

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from syncd.cli.layout import bullet, heading
from syncd.core.value_words import counted, listed
from syncd.measure.assess.examine import Assessment, Result, Score
from syncd.measure.assess.finding import CannotSee, Gap, Group, Sound
from syncd.measure.assess.sight import Sight


def show(found: Assessment, sight: Sight, shown: Console) -> None:
    shown.print(Text(f"{score_words(found.total)}  {counts(found.total)}", style="bold"))
    for line in whereabouts(sight):
        shown.print(Text(line, style="dim"))
    if found.first:
        shown.print(heading("Fix first"))
        shown.print(_rows(_first(found.first), lead=2))
    for group in Group:
        shown.print(heading(f"{begun(group.value)}: {score_words(found.groups[group])}"))
        shown.print(_rows(_each(found.of(group)), lead=10))
    shown.print(heading("What was counted"))
    for line in what_was_counted(sight):
        shown.print(bullet(line))


def whereabouts(sight: Sight) -> Iterator[str]:
    """What was looked at, in sentences."""
    records = listed([f"{sight.places[x].records:,} in {x.label}" for x in sight.places], "and")
    at = f"{sight.now:%Y-%m-%d %H:%M} UTC"
    yield f"{counted(len(sight.leads), 'lead')}, of {records}, at {at}. Nothing was written."
    if sight.guessed:
        yield (
            "There is no crm.yaml: what each value means was guessed by its name. Where the guess "
            "is wrong, so is the answer. Write one, and look again."
        )


def what_was_counted(sight: Sight) -> Iterator[str]:
    """For whoever lays these numbers beside those of a report."""
    yield (
        "Leads are people with a record in either CRM today; the records of both are one lead "
        "where they are linked, or share an address that nobody else has."
    )
    yield (
        "An MQL or SQL is a lead that stands there or beyond in either CRM, or of which a history "
        "tells that it once did, however long ago. Leads with sales stand at MQL, SAL or SQL now."
    )
    yield "Deals and activities were read of leads that were ever an MQL."
    yield (
        "`syncd report` counts something else: what syncd itself saw happen in one period, by the "
        "verdicts of that time. So its numbers are others."
    )
    if sight.ambiguous:
        yield (
            f"{counted(sight.ambiguous, 'contact')} in HubSpot have an address that several "
            "records of Salesforce share: nobody can say which are theirs, and these records are "
            "in no number but that of duplicates."
        )


Row = tuple[Text, Text]


def _rows(rows: Iterable[Row], *, lead: int) -> Padding:
    """Each text is wrapped under its own beginning."""
    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=lead, no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*row)
    return Padding(table, (0, 0, 0, 2), expand=False)


def _first(results: Sequence[Result]) -> Iterator[Row]:
    for number, result in enumerate(results, 1):
        _, _, evidence = told(result)
        yield Text(f"{number}."), Text.assemble(f"{begun(evidence)}  ", (result.check.id, "dim"))
        yield from _below(details(result))


def _each(results: Sequence[Result]) -> Iterator[Row]:
    for result in results:
        mark, style, evidence = told(result)
        yield (
            Text(mark, style=style),
            Text.assemble(f"{result.check.title}  ", (result.check.id, "dim")),
        )
        yield from _below((begun(evidence), *details(result)))


def _below(lines: Iterable[str]) -> Iterator[Row]:
    for line in lines:
        yield Text(), Text(line, style="dim")


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
        yield f"For example {'; '.join(gap.examples)}"
    if gap.cost:
        yield f"In money {gap.cost.amount:,.0f}: {gap.cost.how}"
    yield f"→ {result.check.fix}"


def score_words(score: Score) -> str:
    return "too little can be seen" if score.value is None else f"{score.value} of 100"


def counts(score: Score) -> str:
    return f"{score.sound} sound, {counted(score.gaps, 'gap')}, {score.unseen} that cannot be seen"


def begun(sentence: str) -> str:
    """With a capital, but for what is a name: policy.yaml, or somebody's address."""
    first = sentence.split(" ", 1)[0]
    return sentence[:1].upper() + sentence[1:] if first.isalpha() else sentence
