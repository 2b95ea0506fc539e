"""Which automations wake up when syncd writes: those that watch a property it may write."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from syncd.domain.automation import Automation, Automations
from syncd.domain.mapping import CrmMap
from syncd.domain.names import OWNER, System
from syncd.domain.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Waking:
    """`by_property` lists, for each property syncd may write, what watches it; `any_change` is
    woken by whatever is written."""

    by_property: Mapping[str, tuple[Automation, ...]]
    any_change: tuple[Automation, ...]
    unseen: tuple[str, ...]


def waking(told: Automations, crm: CrmMap, policy: Policy, system: System) -> Waking:
    """Names are compared without regard to case, as both vendors do."""
    watched: dict[str, tuple[Automation, ...]] = {}
    for name in written_properties(crm, policy, system):
        awake = (x for x in told.found if name.casefold() in {f.casefold() for f in x.fields})
        if found := tuple(sorted(awake, key=_in_order)):
            watched[name] = found
    always = tuple(sorted((x for x in told.found if not x.fields), key=_in_order))
    return Waking(by_property=watched, any_change=always, unseen=told.unseen)


def written_properties(crm: CrmMap, policy: Policy, system: System) -> tuple[str, ...]:
    """Every property of a record there already that this configuration may write."""
    return tuple(sorted(set(_written(crm, policy, system))))


def _written(crm: CrmMap, policy: Policy, system: System) -> Iterator[str]:
    for line in crm.sides[system].stages:
        if not line.read_only:
            yield from line.values
    marks = frozenset(crm.marks.values())
    for spec in crm.fields.values():
        given = spec.name == OWNER and _gives_leads_away(policy)
        is_written = spec.name in marks or given or spec.direction.reaches(system)
        if is_written and system in spec.properties:
            yield spec.properties[system]


def _gives_leads_away(policy: Policy) -> bool:
    return bool(policy.recycle.owner or any(x.ladder.reassign_to for x in policy.segments))


def _in_order(x: Automation) -> tuple[str, str]:
    return (x.kind, x.name)
