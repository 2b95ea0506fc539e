"""Where a lead stands now, in sentences: whatever about it is waiting, frozen or excepted."""

from collections.abc import Collection, Iterable

from syncd.cli.local import Local
from syncd.core.alert_words import mover, stage_words
from syncd.core.brake import HOLDS_LEAD
from syncd.core.value_words import counted, field_words, listed
from syncd.domain.decision import Plan
from syncd.domain.lead import Lead, Side


def standing(lead: Lead, local: Local, plans: Collection[Plan]) -> Iterable[str]:
    """`plans` are those that hold something of this lead."""
    yield from _contest(lead, local)
    yield from _move(lead, local)
    yield from _held(lead, plans)
    yield from _refusal(lead, local)
    yield from _disputes(lead, local)
    yield from _not_created(lead)
    if lead.nonconforming:
        yield f"It stands at {stage_words(lead.stage)} without meeting its standard."
    if lead.cool_off_until:
        yield f"It cools off: no MQL again before {local.words(lead.cool_off_until)}."
    for waiver in lead.waivers:
        yield (
            f"{waiver.by} waived {', '.join(waiver.rules)} at the {stage_words(waiver.gate)} gate "
            f"until {local.words(waiver.expires_at)}: {waiver.reason}"
        )
    for asked in lead.asked:
        yield (
            f"{asked.waiver.by} asks to waive {', '.join(asked.waiver.rules)} at the "
            f"{stage_words(asked.waiver.gate)} gate ({asked.waiver.reason}): "
            f"`syncd waive {lead.id} --approve {asked.id}` grants it, --refuse refuses it."
        )
    for side in lead.sides.values():
        yield from _side(side)


def _held(lead: Lead, plans: Collection[Plan]) -> Iterable[str]:
    if lead.held:
        yield f"Held by the brake: `syncd plan show {lead.held}` shows what waits for approval."
    for plan in plans:
        if plan.kind not in HOLDS_LEAD:
            yield (
                f"The brake holds {plan.kind} writes of this lead, and nothing else of it: "
                f"`syncd plan show {plan.id}` shows what waits for approval."
            )


def _contest(lead: Lead, local: Local) -> Iterable[str]:
    if lead.contest:
        contest = lead.contest
        yield (
            f"Contested since {local.words(contest.since)}: {mover(contest.actor)} made the move "
            f"to {stage_words(contest.to_stage)} again after it was refused "
            f"{counted(contest.times, 'time')}. Settle it with them, then "
            f"`syncd release {lead.id}`; until then nothing is moved or recycled."
        )


def _move(lead: Lead, local: Local) -> Iterable[str]:
    if lead.move and not lead.held:
        yield (
            f"{mover(lead.move.actor)} moved it to {stage_words(lead.move.to_stage)}; the record "
            f"can be completed until {local.words(lead.move.grace_ends)}, then it is judged."
        )


def _refusal(lead: Lead, local: Local) -> Iterable[str]:
    if lead.refusal and not lead.contest:
        refusal = lead.refusal
        yield (
            f"The move to {stage_words(refusal.to_stage)} was refused "
            f"{counted(refusal.times, 'time')}, last at {local.words(refusal.refused_at)}. If the "
            f"lead qualifies by {local.words(refusal.until)}, {mover(refusal.move.actor)} is told."
        )


def _disputes(lead: Lead, local: Local) -> Iterable[str]:
    for field, dispute in lead.disputes.items():
        yield (
            f"In conflict since {local.words(dispute.since)}: {field_words(field)}. "
            f"`syncd conflicts` shows both values and how to choose."
        )


def _not_created(lead: Lead) -> Iterable[str]:
    if lead.twin and lead.twin.refused and lead.twin.system not in lead.sides:
        yield (
            f"Not created in {lead.twin.system.label}: {lead.twin.refused}. "
            "`syncd links` shows what it may be, and how to link it."
        )


def _side(side: Side) -> Iterable[str]:
    if side.pending:
        names = listed((field_words(name) for name in side.pending), "and")
        yield f"On its way to {side.system.label}: {names}."
    for finding in side.seen.findings:
        yield (
            f"{side.system.label} {field_words(finding.field)} cannot be used: "
            f"seen {finding.seen}; what fits: {finding.fits}."
        )
