"""The page `syncd explain` prints: who, where it stands, both records, clocks, the story.

Layout only; what happened is worded by `story` and `entries`.
"""

from collections.abc import Collection, Iterable

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from syncd.cli.clocks import clock_lines
from syncd.cli.layout import bullet, days, heading, told
from syncd.cli.local import Local
from syncd.cli.reasons import why_linked
from syncd.cli.standing import standing
from syncd.cli.story import timeline
from syncd.cli.wording import lead_name
from syncd.core.alert_words import stage_words
from syncd.core.value_words import counted, listed, plain
from syncd.core.views import living
from syncd.domain.audit import AuditKind
from syncd.domain.decision import Plan
from syncd.domain.lead import Lead, Side
from syncd.domain.names import OWNER, STAGE, FieldName
from syncd.domain.stage import Stage
from syncd.domain.values import Seen, Unreadable
from syncd.settings.load import Settings
from syncd.store_ports import Story


def page(story: Story, settings: Settings, plans: Collection[Plan]) -> Iterable[RenderableType]:
    lead = story.lead
    local = Local(settings.policy.calendar.time_zone)
    yield _title(lead, settings)
    yield _records(story, settings)
    notes = tuple(standing(lead, local, plans))
    if notes:
        yield heading("Now")
        yield from (bullet(note) for note in notes)
    yield heading("Fields")
    yield _fields(lead, settings)
    clocks = tuple(clock_lines(story.handoffs, local))
    if clocks:
        yield heading("Clocks")
        yield from (told(first, rest) for first, *rest in clocks)
    yield heading(f"Story (times in {local.zone})")
    lines = timeline(story, local, in_variants=bool(settings.standard.variants))
    yield from days(lines, local)


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
        entry.facts["record"]: f"linked {why_linked(entry.facts['why'])}"
        for entry in story.audit
        if entry.kind is AuditKind.LINKED
    }
    for side in story.lead.sides.values():
        link = settings.crm.sides[side.system].link(side.record_id)
        table.add_row(f"{side.system.label} {side.seen.kind} {side.record_id}", _state(side, link))
        if side.record_id in reasons:
            table.add_row("", Text(reasons[side.record_id]))
        if side.former:
            table.add_row("", Text(f"carries on for {listed(side.former, 'and')}"))
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
