"""The page `syncd explain X --field NAME` prints: both sides now, what comes next, the story."""

from collections.abc import Iterable

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from syncd.cli.field_life import FieldLife, settled_words
from syncd.cli.layout import bullet, days, heading
from syncd.cli.local import Local
from syncd.cli.wording import lead_name
from syncd.core.value_words import field_words, plain
from syncd.domain.lead import Side
from syncd.domain.values import Direction, FieldSpec, Unreadable
from syncd.settings.load import Settings


def field_page(life: FieldLife, settings: Settings) -> Iterable[RenderableType]:
    local = Local(settings.policy.calendar.time_zone)
    title = Text(f"{lead_name(life.lead, settings)}: {field_words(life.spec.name)}", style="bold")
    yield title.append(f"  {_rule(life.spec)}", style="not bold")
    yield _sides(life)
    yield heading("Next")
    yield bullet(life.next())
    yield from (bullet(note) for note in life.notes())
    yield heading(f"Story (times in {local.zone})")
    yield from days(life.lines(local), local)


def _rule(spec: FieldSpec) -> str:
    """What the field map says of it."""
    if spec.direction is Direction.NONE:
        return f"{spec.type}, only read"
    clears = ", blanks clear" if spec.clears else ""
    return f"{spec.type}, {spec.direction}, conflict: {spec.conflict}{clears}"


def _sides(life: FieldLife) -> Table:
    table = Table("", "shows", "settled as", box=None, padding=(0, 2, 0, 0))
    for side in life.lead.sides.values():
        if side.system in life.spec.properties:
            where = f"{side.system.label} {life.spec.properties[side.system]}"
            settled = Text(settled_words(side, life))
            table.add_row(Text(where, style="dim"), _shown(side, life), settled)
    return table


def _shown(side: Side, life: FieldLife) -> Text:
    if side.gone:
        return Text(side.gone, style="red")
    seen = side.seen.values.get(life.spec.name)
    if isinstance(seen, Unreadable):
        return Text(f"? {seen.why}", style="red")
    return Text(plain(seen))
