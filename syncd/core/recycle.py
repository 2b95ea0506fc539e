"""The end of a round that sales did not make its own: where the lead goes, what that writes on
every side, and what it leaves behind for the next round.

The handoff is closed already. Why it ended is decided elsewhere.
"""

from datetime import datetime

from syncd.core.business_time import add
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.handoff_clocks import promises_of
from syncd.core.lists import joining, leaving
from syncd.core.marks import write_marks
from syncd.core.value_words import counted
from syncd.core.views import coming, living, stage_seen
from syncd.domain.action import FieldWrite, WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.copies import replace
from syncd.domain.ending import Ending, Road
from syncd.domain.handoff import Handoff
from syncd.domain.lead import MOST_ROUNDS, Lead, Round, Side
from syncd.domain.mapping import Mark
from syncd.domain.names import OWNER, STAGE, ActionKey
from syncd.domain.stage import Stage
from syncd.domain.values import Unreadable, Value


def back_to_marketing(
    lead: Lead, over: Handoff, ctx: Context, *, why: str, until: datetime | None = None
) -> Ending:
    """To nurture, asleep `until` then or as long as policy says; out, once it had its last
    round."""
    rules = ctx.policy.recycle
    if lead.cycle >= rules.most_cycles:
        words = f"{why}; retired after {counted(lead.cycle, 'round')}"
        return Ending(road=Road.RETIRED, stage=rules.retire_to, why=words, owner=rules.owner)
    calendar = promises_of(over, ctx.policy).calendar
    return Ending(
        road=Road.NURTURE,
        stage=rules.to_stage,
        why=why,
        owner=rules.owner,
        cool_off_until=until or add(rules.cool_off, ctx.now, calendar),
    )


def end_round(draft: Draft, over: Handoff, ending: Ending, ctx: Context) -> Draft:
    """The lead at the start of its next round, out of sales' hands on every side. What a side
    shows already, or will, is not written. Nobody is told."""
    before = draft.lead
    draft = draft.on(_after(before, over, ending, ctx.now)).noted(
        AuditKind.RECYCLED,
        handoff=over.id,
        cycle=str(before.cycle),
        road=ending.road,
        stage=ending.stage,
        late=str(ending.late).lower(),
    )
    sides = [side for side in living(draft.lead) if not side.seen.locked]
    for side in sides:
        draft = _write(draft, side, over, ending, ctx)
    draft = write_marks(draft, _marks(draft.lead, ending), cause=over.transition, ctx=ctx)
    enlist, wanted = joining if ending.road is Road.NURTURE else leaving, ctx.policy.recycle
    return draft.also(*enlist(before, sides, wanted, end=over.id, cause=over.transition))


def _after(lead: Lead, over: Handoff, ending: Ending, now: datetime) -> Lead:
    """Waivers end with a round, and what it did not meet is behind it."""
    was = Round(
        cycle=over.cycle,
        opened_at=over.opened_at,
        closed_at=over.closed_at or now,
        owner=over.owner,
        why=f"{ending.why}: {ending.notes}" if ending.notes else ending.why,
    )
    return replace(
        lead,
        stage=ending.stage,
        cycle=lead.cycle + 1,
        recycles=lead.recycles + (ending.road is not Road.OUT),
        cool_off_until=ending.cool_off_until,
        recycled_at=now,
        rounds=(*lead.rounds, was)[-MOST_ROUNDS:],
        waivers=(),
        asked=(),
        move=None,
        nonconforming=False,
    )


def _write(draft: Draft, side: Side, over: Handoff, ending: Ending, ctx: Context) -> Draft:
    writes, shown = [], stage_seen(side)
    if shown is not None and coming(side, STAGE) != ending.stage:
        if _can_be_told(side, ending.stage, ctx):
            rule = "rejected" if over.rejection else "recycle"
            writes.append(FieldWrite(field=STAGE, seen=shown, value=ending.stage, rule=rule))
        else:
            draft = draft.noted(
                AuditKind.DISAGREEMENT,
                field=STAGE,
                system=side.system,
                why=f"{side.system.label} cannot be told {ending.stage}",
            )
    owner = side.seen.values.get(OWNER)
    if ending.owner and coming(side, OWNER) != ending.owner and not isinstance(owner, Unreadable):
        writes.append(FieldWrite(field=OWNER, seen=owner, value=ending.owner, rule="recycle"))
    key = ActionKey(f"recycle:{side.system}:{over.id}")
    return draft.writing(
        WriteKind.RECYCLE, side.system, tuple(writes), key=key, cause=over.transition
    )


def _can_be_told(side: Side, stage: Stage, ctx: Context) -> bool:
    return ctx.crm.sides[side.system].line_for(stage, side.seen.kind) is not None


def _marks(lead: Lead, ending: Ending) -> dict[Mark, Value]:
    return {Mark.RECYCLES: lead.recycles, Mark.RECYCLE_REASON: ending.why}
