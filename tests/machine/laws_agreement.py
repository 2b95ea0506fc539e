"""Laws about agreement: both sides tell one story, or the product has told why not."""

from collections.abc import Iterator, Mapping
from typing import Any

from evidence import Evidence, both_live, place_of, raw_of, stage_of
from model import readable
from model_apart import Pair, why_apart
from model_map import (
    FIELDS,
    HS,
    KINDS,
    SF,
    Mapped,
)
from town import SIDES

from syncd.domain.audit import AuditKind
from syncd.domain.names import STAGE
from syncd.sandbox.journal import System
from syncd.store_ports import Story

_LISTED: Mapping[str, frozenset[AuditKind]] = {
    "blank": frozenset({AuditKind.DISAGREEMENT, AuditKind.CONFLICT}),
    "direction": frozenset({AuditKind.DISAGREEMENT, AuditKind.CONFLICT}),
    "misfit": frozenset({AuditKind.FINDING, AuditKind.DISAGREEMENT, AuditKind.CONFLICT}),
    "read only": frozenset({AuditKind.FINDING, AuditKind.DISAGREEMENT, AuditKind.CONFLICT}),
    "unreadable": frozenset({AuditKind.FINDING}),
    "asked": frozenset({AuditKind.CONFLICT}),
}
"""Where the product must have told of a disagreement that the model excuses."""


def sides_agree(e: Evidence) -> Iterator[str]:
    for story in e.stories.values():
        if not both_live(e.town, story.lead):
            continue
        for field in FIELDS:
            yield from _apart(e, story, field)


def _apart(e: Evidence, story: Story, field: Mapped) -> Iterator[str]:
    sides = {system: story.lead.sides[SIDES[system]] for system in KINDS}
    raw = {system: raw_of(e.town, system, side, field) for system, side in sides.items()}
    if None in [prop for prop, _ in raw.values()]:
        return
    one, two = (readable(field, system, value) for system, (_, value) in raw.items())
    if one == two:
        return
    places = {system: place_of(side) for system, side in sides.items()}
    pair = Pair(
        places=places,
        facts=(one, two),
        since=_since(e, story, places),
        read_only="." in (raw[SF][0] or ""),
        may_ask=e.rules.get(field.name) not in ("salesforce", "hubspot"),
        disputed=field.name in story.lead.disputes,
    )
    flows = e.flows.get(field.name, frozenset({field.flow}))
    why = why_apart(e.chronicle, field, pair, [look.seq for look in e.town.looks], flows)
    shown = f"{field.name} of {sides[SF].record_id}/{sides[HS].record_id}: {one!r} != {two!r}"
    if why is None:
        yield f"{shown}, and nothing excuses it"
    elif why in _LISTED and not _is_listed(story, field.name, _LISTED[why]):
        yield f"{shown} ({why}), and is listed nowhere"


def _is_listed(story: Story, field: str, kinds: frozenset[AuditKind]) -> bool:
    return field in story.lead.disputes or any(
        entry.kind in kinds and entry.facts.get("field") == field for entry in story.audit
    )


def _since(e: Evidence, story: Story, places: Mapping[System, Any]) -> int:
    """From when on a change is news: both records were known by then, and merges over."""
    first = [
        look.seq
        for entry in story.audit
        if entry.kind in (AuditKind.FIRST_SIGHT, AuditKind.LINKED)
        for look in e.town.looks
        if look.at == entry.at
    ]
    return max([*first, *map(e.chronicle.kin.last_merge, places.values())])


def stages_agree(e: Evidence) -> Iterator[str]:
    """A difference must be one the product knows of: contested, told, or not to be moved."""
    for story in e.stories.values():
        lead = story.lead
        if not both_live(e.town, lead) or lead.contest:
            continue
        shown = [stage_of(e.town, system, lead.sides[SIDES[system]]) for system in KINDS]
        told = any(
            entry.kind in (AuditKind.DISAGREEMENT, AuditKind.CONFLICT, AuditKind.FLAGGED)
            and entry.facts.get("field", STAGE) == STAGE
            for entry in story.audit
        )
        fixed = any(side.seen.fixed or side.seen.locked for side in lead.sides.values())
        merged = any(e.chronicle.kin.last_merge(place_of(side)) for side in lead.sides.values())
        if shown[0] != shown[1] and None not in shown and not (told or fixed or merged):
            yield f"{[s.record_id for s in lead.sides.values()]}: stage {shown[0]} != {shown[1]}"
