"""Whether each CRM's own order of stages is the funnel's, and whether moves leave a trace."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from syncd.core.doctor import ailments
from syncd.core.doctor.facts import Facts, SideFacts, Unseen
from syncd.core.doctor.fields import quoted
from syncd.core.doctor.finding import Finding
from syncd.domain.mapping import SideMap
from syncd.domain.names import System
from syncd.domain.stage import Stage, StageLine

LIFECYCLE = "lifecyclestage"
_NO_FUNNEL = frozenset({"other"})
"""HubSpot's own word for who is in no funnel."""
_OUTSIDE = frozenset({Stage.NONE, Stage.NURTURE, Stage.DISQUALIFIED})
"""Lowest in rank, and listed wherever an admin likes."""


def wrong_order(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    """In HubSpot only the lifecycle stage is held to its order."""
    if isinstance(side.schema, Unseen):
        return
    is_hubspot, side_map = system is System.HUBSPOT, facts.setup.crm.sides[system]
    ailment = ailments.STAGE_ORDER if is_hubspot else ailments.STATUS_ORDER
    for name in (LIFECYCLE,) if is_hubspot else facts.setup.crm.stage_properties(system):
        offered = side.schema[name].offered if name in side.schema else ()
        for lower, higher in inversions(offered, side_map, name):
            what = f'{name}: "{lower}" stands after "{higher}", and is the lower stage'
            yield ailment.found(
                what, system.label, lower=f'"{lower}"', higher=f'"{higher}"', name=name
            )


def inversions(offered: Sequence[str], side: SideMap, name: str) -> Iterator[tuple[str, str]]:
    """Neighbours of which the first is surely the higher: values that tell several stages
    count with their lowest on one side and their highest on the other."""
    ranks: dict[str, list[int]] = {}
    for line in side.stages:
        if (value := line.values.get(name)) and line.stage not in _OUTSIDE:
            ranks.setdefault(value, []).append(line.stage.rank)
    known = [value for value in offered if value in ranks]
    for first, second in pairwise(known):
        if min(ranks[first]) > max(ranks[second]):
            yield second, first


def unmapped_values(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    """Values no line can match, whatever the record's other properties say."""
    if isinstance(side.schema, Unseen):
        return
    lines = facts.setup.crm.sides[system].stages
    for name in facts.setup.crm.stage_properties(system):
        offered = side.schema[name].offered if name in side.schema else ()
        lost = [v for v in offered if v not in _NO_FUNNEL and not _may_match(lines, name, v)]
        if lost:
            options = quoted(lost)
            what = f"{name} offers {options}, which no line of the map names"
            yield ailments.STAGE_VALUE_UNMAPPED.found(
                what, system.label, options=options, system=system.value
            )


def _may_match(lines: Sequence[StageLine], name: str, value: str) -> bool:
    return any(line.values.get(name, value) == value for line in lines)


def history_off(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    """Only of fields of the record itself that people move, and that are there to be seen."""
    if isinstance(side.tracked, Unseen) or side.tracked is None or isinstance(side.schema, Unseen):
        return
    lines = facts.setup.crm.sides[system].stages
    moved = {p for line in lines if not line.read_only for p in line.values if "." not in p}
    for name in sorted((moved & side.schema.keys()) - side.tracked):
        what = f"the history of Lead {name} is not kept"
        yield ailments.HISTORY_OFF.found(what, system.label, name=name)
