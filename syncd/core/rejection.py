"""What follows when sales turns a lead down: the road of its reason, as the standard names it.

Said to syncd, the lead is moved there on every side. Done in a CRM, it stays where the person
put it: only what they cannot do there (counter, cool-off, list, the other owner) is added.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from typing import assert_never
from zoneinfo import ZoneInfo

from syncd.core.alerting_endings import rejected_alert
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.handoff import moved_by
from syncd.core.handoff_clocks import promises_of
from syncd.core.handoff_steps import ended
from syncd.core.recycle import back_to_marketing, end_round
from syncd.core.value_words import field_words, listed
from syncd.core.views import coming, living, person_of
from syncd.domain.copies import replace
from syncd.domain.ending import Ending, Road
from syncd.domain.handoff import Change, Handoff, HandoffState, Rejection
from syncd.domain.lead import Lead
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName
from syncd.domain.stage import Stage, Transition
from syncd.domain.standard import AfterRejection, RejectionReason, Standard

REJECTION_REASON = FieldName("rejection_reason")
"""The mapped field, where there is one, in which reps say why they turned a lead down."""

UNSAID = "rejected by sales"
"""What syncd writes where nobody said why; else it is followed by the reason."""


def turn_down(
    draft: Draft, handoff: Handoff, how: Change, rejection: Rejection, ctx: Context
) -> Draft:
    """What a person told syncd. The reason is one of the standard's."""
    reason = ctx.standard.rejections[rejection.reason]
    draft = ended(draft, handoff, how, ctx, because=reason.says, rejection=rejection)
    over = draft.closed[-1]
    return _end(draft, over, _road(draft.lead, over, reason, ctx), ctx)


def turned_down(draft: Draft, handoff: Handoff, cause: Transition, ctx: Context) -> Draft:
    """A person moved the lead below MQL. The reason is known where the record shows one."""
    reason = _shown_reason(draft.lead, ctx.standard)
    rejection = Rejection(reason=reason.id if reason else "")
    how, stage = moved_by(cause, HandoffState.REJECTED), draft.lead.stage
    draft = ended(draft, handoff, how, ctx, because=f"moved to {stage}", rejection=rejection)
    over, owner = draft.closed[-1], person_of(draft.lead)
    ending = replace(_road(draft.lead, over, reason, ctx), stage=stage)
    if owner != over.owner:  # given to somebody else in the same breath
        ending = replace(ending, owner=None)
    return _end(draft, over, ending, ctx)


def _end(draft: Draft, over: Handoff, ending: Ending, ctx: Context) -> Draft:
    """Where nobody said why, people see no more than they did themselves."""
    draft = end_round(draft, over, ending, ctx)
    if over.rejection is None or not over.rejection.reason:
        return draft
    return draft.also(rejected_alert(draft.lead, over, ending, ctx))


def _road(lead: Lead, over: Handoff, reason: RejectionReason | None, ctx: Context) -> Ending:
    """Without a reason, that of the stage it was moved to."""
    if reason is None:
        out = lead.stage is Stage.DISQUALIFIED
        then, why = AfterRejection.DISQUALIFY if out else AfterRejection.NURTURE, UNSAID
    else:
        then, why = reason.then, f"{UNSAID}: {reason.says}"
    match then:
        case AfterRejection.NURTURE:
            ending = back_to_marketing(lead, over, ctx, why=why)
        case AfterRejection.SLEEP:
            ending = back_to_marketing(lead, over, ctx, why=why, until=_wakes(over, ctx))
        case AfterRejection.DISQUALIFY:
            ending = Ending(road=Road.OUT, stage=Stage.DISQUALIFIED, why=why)
        case _:
            assert_never(then)
    return replace(ending, notes="; ".join(_notes(over.rejection)))


def _wakes(over: Handoff, ctx: Context) -> datetime | None:
    """The first moment of the day it sleeps until, where its team is."""
    if over.rejection is None or over.rejection.until is None:
        return None
    zone = ZoneInfo(promises_of(over, ctx.policy).calendar.time_zone)
    return datetime.combine(over.rejection.until, time(), zone).astimezone(UTC)


def _notes(rejection: Rejection | None) -> Iterator[str]:
    """What was said about this very lead, for whoever gets it next."""
    if rejection is None:
        return
    if rejection.missing:
        yield f"missing at handoff: {listed(map(field_words, rejection.missing), 'and')}"
    if rejection.objection:
        yield f"objection: {rejection.objection}"
    if rejection.note:
        yield rejection.note


def options_without_reason(crm: CrmMap, standard: Standard) -> Iterator[str]:
    """Of the mapped field: a lead turned down by one of these goes the way of one without."""
    field, named = crm.fields.get(REJECTION_REASON), _named(standard)
    sides = field.options.values() if field else ()
    options = dict.fromkeys(name for side in sides for name in side)
    return (option for option in options if option.casefold() not in named)


def _named(standard: Standard) -> Mapping[str, RejectionReason]:
    """Each reason by its id and by its words."""
    return {
        name.casefold(): reason
        for reason in standard.rejections.values()
        for name in (reason.id, reason.says)
    }


def _shown_reason(lead: Lead, standard: Standard) -> RejectionReason | None:
    """By its id or in its words, on the first side that shows one of the standard's."""
    named = _named(standard)
    for side in living(lead):
        seen = coming(side, REJECTION_REASON)
        if isinstance(seen, str) and seen.casefold() in named:
            return named[seen.casefold()]
    return None
