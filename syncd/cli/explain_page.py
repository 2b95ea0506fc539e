"""The page `syncd explain` prints: who, where it stands, both records, clocks, the story.

Layout only; what happened is worded by `story` and `entries`.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from syncd.cli.clocks import clock_lines
from syncd.cli.local import Local
from syncd.cli.standing import standing
from syncd.cli.story import Line, timeline
from syncd.cli.wording import lead_name
from syncd.core.alert_words import stage_words
from syncd.core.value_words import counted, plain
from syncd.core.views import living
from syncd.domain.audit import AuditKind
from syncd.domain.lead import Lead, Side
from syncd.domain.names import OWNER, STAGE, FieldName
from syncd.domain.stage import Stage
from syncd.domain.values import Seen, Unreadable
from syncd.ports import Story
from syncd.settings.load import Settings


def page(story: Story, settings: Settings) -> Iterable[RenderableType]:
    lead = story.lead
    local = Local(settings.policy.handoff.calendar.time_zone)
    yield _title(lead, settings)
    yield _records(story, settings)
    notes = tuple(standing(lead, local))
    if notes:
        yield _heading("Now")
        yield from (_bullet(note) for note in notes)
    yield _heading("Fields")
    yield _fields(lead, settings)
    clocks = tuple(clock_lines(story.handoffs, settings.policy.handoff, local))
    if clocks:
        yield _heading("Clocks")
        yield from (_lines(first, rest) for first, *rest in clocks)
    yield _heading(f"Story (times in {local.zone})")
    yield from _story(timeline(story, local), local)


def _title(lead: Lead, settings: Settings) -> Text:
    title = Text(lead_name(lead, settings), style="bold")
    facts = [stage_words(lead.stage), f"round {lead.cycle}"]
    if lead.recycles:
        facts.append(f"recycled {counted(lead.recycles, 'time')}")
    return title.append(f"  {', '.join(facts)}  ({lead.id})", style="not bold")


def _records(story: Story, settings: Settings) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    reasons = {
        entry.facts["record"]: f"linked because of {entry.facts['why']}"
        for entry in story.audit
        if entry.kind is AuditKind.LINKED
    }
    for side in story.lead.sides.values():
        link = settings.crm.sides[side.system].link(side.record_id)
        table.add_row(f"{side.system.label} {side.seen.kind} {side.record_id}", _state(side, link))
        if side.record_id in reasons:
            table.add_row("", Text(reasons[side.record_id]))
    return table


def _state(side: Side, link: str) -> Text:
    if side.gone:
        return Text(side.gone, style="red")
    fixed = side.seen.locked or side.seen.fixed
    return Text(f"{link}{f'  ({fixed})' if fixed else ''}")


def _fields(lead: Lead, settings: Settings) -> Table:
    sides = living(lead) or tuple(lead.sides.values())
    table = Table("", *(side.system.label for side in sides), "", box=None, padding=(0, 2, 0, 0))
    for name in dict.fromkeys((STAGE, OWNER, *settings.crm.fields)):
        cells = [side.seen.values.get(name) for side in sides]
        if any(cell is not None for cell in cells):
            differ = len(cells) > 1 and cells[0] != cells[1]
            words = (_cell(name, cell) for cell in cells)
            mark = Text("differs", style="yellow") if differ else Text()
            table.add_row(Text(name, style="dim"), *words, mark)
    return table


def _cell(name: FieldName, seen: Seen) -> Text:
    if isinstance(seen, Unreadable):
        return Text(f"? {seen.why}", style="red")
    if name == STAGE and isinstance(seen, str):
        return Text(stage_words(Stage(seen)))
    return Text("—" if seen is None else plain(seen))


def _story(lines: Iterable[Line], local: Local) -> Iterable[RenderableType]:
    for day, of_day in groupby(lines, key=lambda line: local.day(line.at)):
        yield Text(f"  {day}", style="bold")
        for line in of_day:
            yield _lines(line.says, line.details, hour=local.hour(line.at))


def _lines(first: str, rest: Sequence[str], *, hour: str = "") -> Padding:
    """A line and what stands below it, each wrapped under its own beginning."""
    table = Table.grid(padding=(0, 2))
    if hour:
        table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    lead_in = (hour,) if hour else ()
    table.add_row(*lead_in, Text(first))
    for line in rest:
        table.add_row(*("" for _ in lead_in), Padding(Text(line, style="dim"), (0, 0, 0, 2)))
    return Padding(table, (0, 0, 0, 2), expand=False)


def _bullet(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 0, 2), expand=False)


def _heading(text: str) -> Text:
    return Text(f"\n{text}", style="bold cyan")
