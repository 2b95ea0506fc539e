"""What wakes up when syncd writes, on the page of a plan and as JSON."""

from collections.abc import Iterator, Mapping, Sequence

from syncd.core.waking import Waking
from syncd.domain.automation import Automation
from syncd.domain.names import System


def waking_lines(found: Mapping[System, Waking]) -> Iterator[str]:
    """By the property that is written; and what nobody could see."""
    if not found:
        return
    yield ""
    yield "What wakes up when syncd writes: automations in force that watch what it may write"
    watched = False
    for system, x in found.items():
        for name, automations in x.by_property.items():
            yield f"  {system.label} {name}: {_named(automations)}"
        if x.any_change:
            yield f"  {system.label}, any change: {_named(x.any_change)}"
        watched = watched or bool(x.by_property or x.any_change)
    if not watched:
        yield "  nothing that could be seen"
    for x in found.values():
        yield from (f"  not seen: {words}" for words in x.unseen)


def _named(automations: Sequence[Automation]) -> str:
    return ", ".join(f'{x.kind} "{x.name}"' for x in automations)
