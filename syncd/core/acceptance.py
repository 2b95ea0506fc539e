"""Sales takes a lead on by saying so: it is accepted, and the CRMs show it where they can."""

from collections.abc import Sequence

from syncd.core.alert_words import finding_words
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.handoff_steps import accepted
from syncd.core.moves import judge_move
from syncd.core.views import coming, living, stage_seen
from syncd.domain.action import FieldWrite, WriteKind
from syncd.domain.copies import replace
from syncd.domain.handoff import Change, Handoff
from syncd.domain.lead import Lead, Side
from syncd.domain.names import STAGE, ActionKey, TransitionId
from syncd.domain.policy import Mode
from syncd.domain.stage import Actor, ActorKind, Evidence, Stage, Transition
from syncd.domain.verdict import Result


def take_on(
    draft: Draft, handoff: Handoff, how: Change, ctx: Context
) -> tuple[Draft, tuple[str, ...]]:
    """Accepted; and what a gate at sal misses, where that keeps the stage from being moved."""
    was_accepted = handoff.state.is_accepted
    draft = accepted(draft, handoff, how, ctx)
    if was_accepted:
        return draft, ()
    sides = _sides_to_move(draft.lead, ctx)
    if not sides:
        return draft, ()
    missing = _missing(draft.lead, sides[0], how, ctx)
    return (draft, missing) if missing else (_moved(draft, handoff, sides), ())


def _sides_to_move(lead: Lead, ctx: Context) -> Sequence[Side]:
    """Those that show less than sal and can be told it. A move that waits, or is contested, is
    not for syncd to end."""
    if lead.stage.rank >= Stage.SAL.rank or lead.move or lead.contest:
        return ()
    return [
        side
        for side in living(lead)
        if not side.seen.locked
        and stage_seen(side) is not None
        and coming(side, STAGE) == lead.stage
        and ctx.crm.sides[side.system].line_for(Stage.SAL, side.seen.kind) is not None
    ]


def _missing(lead: Lead, side: Side, how: Change, ctx: Context) -> tuple[str, ...]:
    """What the gates on the way certainly miss, in words."""
    move = Transition(
        id=TransitionId(f"accept:{how.ref}"),
        lead_id=lead.id,
        system=side.system,
        record_id=side.record_id,
        from_stage=lead.stage,
        to_stage=Stage.SAL,
        at=how.at,
        seen_at=how.seen_at,
        actor=Actor(kind=ActorKind.PERSON, owner=how.by, label=how.by),
        evidence=Evidence.WRITTEN,
    )
    verdicts = judge_move(lead, move, crossing=(lead.stage, Stage.SAL), ctx=ctx)
    failing = [x for x in verdicts if x.result is Result.FAILS]
    guarded = [x for x in failing if ctx.mode(x.gate) is not Mode.OBSERVE]
    return tuple(finding_words(f) for x in guarded for f in x.findings if not f.waived)


def _moved(draft: Draft, handoff: Handoff, sides: Sequence[Side]) -> Draft:
    draft = draft.on(replace(draft.lead, stage=Stage.SAL))
    for side in sides:
        write = FieldWrite(
            field=STAGE, seen=stage_seen(side), value=Stage.SAL, rule="accepted by sales"
        )
        draft = draft.writing(
            WriteKind.PROPAGATE,
            side.system,
            (write,),
            key=ActionKey(f"accept:{side.system}:{handoff.id}"),
            cause=handoff.transition,
        )
    return draft
