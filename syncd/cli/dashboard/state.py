"""How syncd and its standard stand, for the dashboard: what `syncd status` and `syncd standard`
tell, as values."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from syncd.adapters.store.store import SqlStore
from syncd.adapters.web.views import Found, HealthState, SideHealth, StandardState
from syncd.cli.status_calls import Calls, calls_of, connector_lines
from syncd.cli.wording import lead_name
from syncd.compile.document import Document, Seals
from syncd.compile.document_build import document_of
from syncd.compile.page import page_of
from syncd.core.signing import reasons_not_in_force
from syncd.core.value_words import distance
from syncd.domain.names import System
from syncd.domain.order import Health, SideStatus, StoreStatus
from syncd.settings.load import Settings

_MOST = 50


def standard_of(settings: Settings, *, now: datetime) -> StandardState:
    document = document_of(settings.standard, settings.policy, settings.crm, now=now)
    return StandardState(
        version=settings.standard.version,
        in_force=not document.reasons,
        reasons=document.reasons,
        facts=document.facts,
        seals=tuple(_seals(document)),
        page=page_of(document),
    )


def _seals(document: Document) -> Iterable[tuple[str, str, str, str]]:
    blocks = (block for _, section in document.numbered() for block in section.blocks)
    for block in blocks:
        if isinstance(block, Seals):
            yield from ((x.team, x.name, x.on, x.state) for x in block.seals)


def health_of(store: SqlStore, settings: Settings, *, now: datetime) -> HealthState:
    sides, found = store.sides(), store.status(now)
    calls = calls_of(sides, settings.crm, now=now)
    return HealthState(
        sides=[_side(x, sides[x], calls[x], now=now) for x in sides],
        counts=tuple(_counts(found).items()),
        notices=tuple(_notices(store, found, sides, settings, now)),
        contested=tuple(
            Found(lead_id=x.id, name=lead_name(x, settings))
            for x in store.load(found.contested[:_MOST]).values()
        ),
        plans=tuple(found.held_plans),
    )


def _side(system: System, side: SideStatus, calls: Calls, *, now: datetime) -> SideHealth:
    is_well = side.health is Health.OK
    share = f"{calls.budget.share:,}" if calls.budget.share is not None else "an unknown share"
    return SideHealth(
        name=system.label,
        is_well=is_well,
        says="ok" if is_well else f"unreadable: {side.reason}",
        read_through=side.read_through,
        lag=distance(side.read_through, now) if side.read_through else "never read",
        calls=f"{calls.budget.spent:,} of our {share} in 24 h",
    )


def _counts(found: StoreStatus) -> Mapping[str, int]:
    return {
        "leads": found.leads,
        "of them linked in both CRMs": found.linked,
        "open handoffs": found.open_handoffs,
        "moves waiting": found.in_grace,
        "contested leads": len(found.contested),
        "leads with a field in conflict": found.disputes,
        "parked records": found.parked,
        "held plans": len(found.held_plans),
        "writes and messages waiting": found.outbox.get("pending", 0),
        "writes and messages given up": found.outbox.get("buried", 0),
    }


def _notices(
    store: SqlStore,
    found: StoreStatus,
    sides: Mapping[System, SideStatus],
    settings: Settings,
    now: datetime,
) -> Iterable[tuple[str, str]]:
    for reason in reasons_not_in_force(settings.standard, today=now.date()):
        yield "no gate blocks", reason
    for line in connector_lines(sides, settings.crm):
        yield "left to the native connector", line
    for plan in found.held_plans:
        yield "held", f"{plan}: `syncd plan show {plan}` lists every write of it"
    if found.disputes:
        yield "in conflict", "fields wait for a person: `syncd conflicts` lists them"
    for parked in [x for x in store.parked() if not x.ignored][:_MOST]:
        yield "parked", f"{parked.system.label} {parked.record_id}: {parked.why}"
    for key, why in found.given_up[:_MOST]:
        yield "given up", f"{key}: {why}"
