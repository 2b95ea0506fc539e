"""Write what people are told about syncd itself: a held plan, a CRM it cannot read, a bad
configuration, an effect given up. Plain words only; no lead's values."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from syncd.core.brake import says
from syncd.core.lists import list_words
from syncd.core.value_words import counted, distance
from syncd.domain.action import (
    Action,
    AddNote,
    CreateRecord,
    Enlist,
    SendAlert,
    UpdateAlert,
    WriteRecord,
)
from syncd.domain.alert import Act, Alert, AlertKind
from syncd.domain.decision import Plan
from syncd.domain.names import ActionKey, LeadId, PlanId, RecordId, System
from syncd.domain.order import Order, RepairField

_MOST_LINES = 5


def held_plan_key(plan_id: PlanId) -> ActionKey:
    """Of the first alert about it."""
    return ActionKey(f"alert:{AlertKind.HELD_PLAN}:{plan_id}")


def held_plan_alert(plan: Plan, *, now: datetime) -> SendAlert:
    """For a plan when it is opened, however many leads join it later, and while it waits."""
    leads = counted(len(plan.leads), "lead")
    return _alert(
        AlertKind.HELD_PLAN,
        plan.id,
        now,
        title=f"Held: {plan.kind} writes to {leads}",
        summary=f"{plan.kind}: {leads} held",
        why=(plan.reason, *_some([line for lead in plan.leads for line in lead.says])),
        next_step=(
            f"Look at it with `syncd plan show {plan.id}`. "
            f"If it is right, `syncd plan apply {plan.id}`; until then nothing of it is written."
        ),
        facts=(("Leads", f"{len(plan.leads):,}"),),
    )


def blind_alert(system: System, reason: str, *, since: datetime, now: datetime) -> SendAlert:
    """Once per spell of blindness."""
    return _alert(
        AlertKind.BLIND,
        f"{system}:{since.isoformat()}",
        now,
        title=f"syncd cannot read {system.label}",
        summary=f"{system.label}: last read {distance(since, now)}",
        why=(reason, f"The last complete read began {distance(since, now)}."),
        next_step=(
            f"Check the connection and its credentials. {system.other.label} is still read; "
            "no deadline is judged and nothing is recycled until both are."
        ),
    )


def config_alert(problems: Sequence[str], *, now: datetime) -> SendAlert:
    """Once a day for the same mistakes."""
    fact = hashlib.sha256("\n".join(problems).encode()).hexdigest()[:16]
    return _alert(
        AlertKind.CONFIG,
        f"{now.date().isoformat()}:{fact}",
        now,
        title=f"The configuration has {counted(len(problems), 'mistake')}",
        summary=f"configuration: {counted(len(problems), 'mistake')}",
        why=_some(problems),
        next_step="syncd goes on with the last good one. Run `syncd check`, and correct the files.",
    )


def given_up_alert(action: Action, reason: str, *, now: datetime) -> SendAlert:
    """An effect that did not work, and will not be tried again."""
    return _alert(
        AlertKind.GIVEN_UP,
        action.key,
        now,
        title=f"Given up: {_effect(action)}",
        summary=f"{_effect(action)}: {reason}",
        why=(reason,),
        next_step=(
            "Remove the cause, or do it by hand; syncd decides anew when the record changes."
        ),
    )


def undeliverable_alert(channel: str, reason: str, *, now: datetime) -> SendAlert:
    """Once a day and channel, in the channel for all that is not routed elsewhere."""
    return _alert(
        AlertKind.GIVEN_UP,
        f"channel {channel}:{now.date().isoformat()}",
        now,
        title=f"Slack takes no messages for {channel}",
        summary=f"messages for {channel}: {reason}",
        why=(reason,),
        next_step=(
            "What is for this channel waits, and is tried again for about a day. Mend it, or name "
            "another channel in crm.yaml; `syncd alerts` shows what waits."
        ),
    )


def in_doubt_alert(channel: str, *, now: datetime) -> SendAlert:
    """Once a day and channel."""
    return _alert(
        AlertKind.GIVEN_UP,
        f"in doubt {channel}:{now.date().isoformat()}",
        now,
        title=f"Messages for {channel} may be missing",
        summary=f"messages for {channel}: Slack's answers were lost",
        why=("They were sent twice, Slack's answer was lost both times, and it cannot be asked.",),
        next_step=(
            "`syncd alerts` shows them (in doubt). With a bot token in place of the webhook, "
            "and the right to read the channel, syncd looks for itself."
        ),
    )


def order_given_up_alert(order: Order, *, now: datetime) -> SendAlert:
    """What a person told syncd to do, and it could not."""
    return _alert(
        AlertKind.GIVEN_UP,
        f"order {order.id}",
        now,
        title=f"Given up: order {order.id}",
        summary=f"order {order.id}, placed {order.placed_at:%Y-%m-%d %H:%M} UTC",
        why=(f"Carrying it out failed {order.tries + 1} times, for a bug in syncd.",),
        next_step="See order_crashed in the log and report it; then give the order again.",
    )


def repair_refused_alert(order: Order, what: RepairField, why: str, *, now: datetime) -> SendAlert:
    """Once, for it ends the order: nothing of it that is not done yet will be."""
    return _alert(
        AlertKind.GIVEN_UP,
        f"order {order.id}",
        now,
        title=f"Not carried out: the repair of {what.field}",
        summary=f"repair of {what.field}, ordered {order.placed_at:%Y-%m-%d %H:%M} UTC",
        why=(why,),
        next_step=(
            "What differs stays as it is. Once that is changed, order it again: "
            f"`syncd backfill --apply {what.field}={what.take}`."
        ),
    )


def drifted_alert(
    records: Sequence[tuple[System, RecordId]], leads: Sequence[LeadId], *, now: datetime
) -> SendAlert:
    """Once a day: reading what changed is to miss nothing, so this means that a promise broke."""
    number = counted(len(records), "record")
    return _alert(
        AlertKind.DRIFTED,
        now.date().isoformat(),
        now,
        title=f"Reading had missed changes to {number}",
        summary=f"{number} with changes that reading had missed",
        why=(
            "Found by reading every record again. They count as changed now, late.",
            *_some([f"{system.label} {record_id}" for system, record_id in records]),
        ),
        next_step=(
            "Raise `overlap` in crm.yaml if this CRM shows changes late, and report it: "
            "`syncd explain` tells each lead's story."
        ),
        facts=(("Leads", ", ".join(_some(leads)) or "none known before"),),
    )


def erased_alert(erased: str, left: tuple[System, RecordId], *, now: datetime) -> SendAlert:
    """Once per person; it names records, never people."""
    system, record_id = left
    return _alert(
        AlertKind.ERASED,
        f"{system}:{record_id}",
        now,
        title=f"{erased} was erased",
        summary=f"{erased} was erased; {system.label} {record_id} is still there",
        why=(
            "syncd has forgotten the person.",
            f"{system.label} {record_id} was linked to it. It is left alone from now on.",
        ),
        next_step=(
            f"Erase {system.label} {record_id} as well, or link it by hand with `syncd links` "
            "if you may keep it."
        ),
    )


def vanished_alert(system: System, most: int, *, now: datetime) -> SendAlert:
    """Once a day and CRM, until a person has answered."""
    records = f"more than {counted(most, 'record')}"
    return _alert(
        AlertKind.ERASED,
        f"{system}:{now.date().isoformat()}",
        now,
        title=f"{system.label} no longer shows {records}",
        summary=f"{system.label}: {records} not found any more",
        why=(
            "That is more than people are usually erased at once, so perhaps they are only "
            "hidden from syncd's user. Nobody is forgotten, and nothing is written to them.",
        ),
        next_step=(
            f"Check what syncd's user may see in {system.label}: what is shown again goes on as "
            "before. `syncd links` lists them; if their people were erased, "
            f"`syncd links forget {system} --all`."
        ),
    )


def wrong_account_alert(reason: str, *, now: datetime) -> SendAlert:
    """Once while it lasts."""
    return _alert(
        AlertKind.CONFIG,
        f"account:{now.date().isoformat()}",
        now,
        title="syncd stopped: another account answers",
        summary="another account answers",
        why=(reason,),
        next_step="Nothing is read or written until this is put right.",
    )


def replanned_alert(handoffs: int, *, now: datetime) -> SendAlert:
    """How many open handoffs have other deadlines after a change of the settings."""
    these = counted(handoffs, "open handoff")
    return _alert(
        AlertKind.REPLANNED,
        now.isoformat(),
        now,
        title=f"Other deadlines for {these}",
        summary=f"{these}: deadlines counted again",
        why=("A calendar, a day off or a promise in policy.yaml changed.",),
        next_step=(
            "`syncd explain` with --clock shows the deadlines of one lead. If the change was a "
            "mistake, take it back: they are counted again."
        ),
    )


def _effect(action: Action) -> str:
    match action:
        case WriteRecord() | CreateRecord():
            return says(action)
        case AddNote(system=system, record_kind=kind, record_id=record_id):
            return f"a note on {system.label} {kind} {record_id}"
        case SendAlert(alert=alert):
            return f"a message ({alert.kind})"
        case Enlist(system=system, record_kind=kind, record_id=record_id):
            return f"{system.label} {kind} {record_id}: {list_words(action)}"
        case UpdateAlert():
            return "a change to a message"


def _some(lines: Sequence[str]) -> tuple[str, ...]:
    more = len(lines) - _MOST_LINES
    return (*lines[:_MOST_LINES], *((f"… and {more:,} more",) if more > 0 else ()))


def _alert(
    kind: AlertKind,
    fact: str,
    at: datetime,
    *,
    title: str,
    summary: str,
    why: tuple[str, ...],
    next_step: str,
    facts: tuple[tuple[str, str], ...] = (),
) -> SendAlert:
    alert = Alert(
        kind=kind,
        at=at,
        title=title,
        summary=summary,
        why=why,
        next_step=next_step,
        facts=facts,
        acts=(Act.NOT_USEFUL,),
    )
    return SendAlert(key=ActionKey(f"alert:{kind}:{fact}"), lead_id=None, alert=alert)
