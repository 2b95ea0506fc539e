"""The story of one lead for the dashboard: what `syncd explain` tells, as values."""

from collections.abc import Collection, Iterable

from syncd.adapters.web.views import Deed, Happening, LeadStory, RecordLink
from syncd.cli.clocks import clock_lines
from syncd.cli.local import Local
from syncd.cli.standing import standing
from syncd.cli.story import Line, timeline
from syncd.cli.wording import lead_name
from syncd.core.alert_words import stage_words
from syncd.core.value_words import counted, plain
from syncd.core.views import living
from syncd.domain.decision import Plan
from syncd.domain.lead import Lead, Side
from syncd.domain.names import OWNER, STAGE, FieldName
from syncd.domain.stage import Stage
from syncd.domain.values import Seen, Unreadable
from syncd.settings.load import Settings
from syncd.store_ports import Story

_KINDS = {1: "move", 6: "effect"}
"""By the rank of a line of the story."""


def story_page(story: Story, settings: Settings, plans: Collection[Plan]) -> LeadStory:
    lead, local = story.lead, Local(settings.policy.calendar.time_zone)
    sides = living(lead) or tuple(lead.sides.values())
    lines = timeline(story, local, in_variants=bool(settings.standard.variants))
    return LeadStory(
        lead_id=lead.id,
        name=lead_name(lead, settings),
        stage=stage_words(lead.stage),
        facts=tuple(_facts(lead)),
        records=tuple(_record(x, settings) for x in lead.sides.values()),
        now=tuple(standing(lead, local, plans)),
        fields=tuple(_fields(sides, settings)),
        field_heads=tuple(x.system.label for x in sides),
        clocks=tuple(clock_lines(story.handoffs, local)),
        timeline=tuple(_happening(x) for x in lines),
        deeds=tuple(_deeds(lead)),
    )


def _facts(lead: Lead) -> Iterable[str]:
    yield f"round {lead.cycle}"
    if lead.recycles:
        yield f"recycled {counted(lead.recycles, 'time')}"
    yield lead.id


def _record(side: Side, settings: Settings) -> RecordLink:
    return RecordLink(
        label=f"{side.system.label} {side.seen.kind} {side.record_id}",
        url=settings.crm.sides[side.system].link(side.record_id),
        state=side.gone or "",
    )


def _fields(sides: tuple[Side, ...], settings: Settings) -> Iterable[tuple[str, ...]]:
    for name in dict.fromkeys((STAGE, OWNER, *settings.crm.fields)):
        cells = [side.seen.values.get(name) for side in sides]
        if any(cell is not None for cell in cells):
            yield (str(name), *(_cell(name, cell) for cell in cells))


def _cell(name: FieldName, seen: Seen) -> str:
    if isinstance(seen, Unreadable):
        return f"? {seen.why}"
    if name == STAGE and isinstance(seen, str):
        return stage_words(Stage(seen))
    return "—" if seen is None else plain(seen)


def _happening(line: Line) -> Happening:
    """A verdict is marked by what it came to."""
    kind = line.result.value if line.result else _KINDS.get(line.rank, "noted")
    return Happening(at=line.at, kind=kind, says=line.says, details=line.details)


def _deeds(lead: Lead) -> Iterable[Deed]:
    if lead.handoff is not None:
        if not lead.handoff.state.is_accepted:
            yield Deed.ACCEPT
        if lead.handoff.snoozed_at is None:
            yield Deed.SNOOZE
    if lead.contest is not None:
        yield Deed.RELEASE
