"""What is put down about an alert: that it waits or stays silent, or where it was told.

Pure. Nothing that was put down before is lost.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from syncd.core.alert_decision import AlertDecision, Send, Silent, Wait
from syncd.core.alert_round import InHand
from syncd.domain.action import UpdateAlert
from syncd.domain.message import Message, MessageState, Why
from syncd.domain.names import ActionKey


def decided(x: InHand, decision: AlertDecision, channel: str, *, now: datetime) -> Message:
    return replace(
        x.before or _first(x, decision, channel, now),
        channel=channel,
        decided_at=now,
        state=_state_of(decision),
        why=decision.why,
        detail=decision.detail,
        until=decision.until if isinstance(decision, Wait) else None,
        sent_at=now if isinstance(decision, Send) else None,
    )


def _state_of(decision: AlertDecision) -> MessageState:
    match decision:
        case Send():
            return MessageState.SENT
        case Wait():
            return MessageState.WAITS
        case Silent():
            return MessageState.SILENT
        case _:
            assert_never(decision)


def _first(x: InHand, decision: AlertDecision, channel: str, now: datetime) -> Message:
    return Message(
        key=x.alert.key,
        kind=x.alert.alert.kind,
        channel=channel,
        made_at=x.made_at,
        decided_at=now,
        state=_state_of(decision),
        why=decision.why,
        lead_id=x.alert.lead_id,
        thread=x.alert.alert.thread,
    )


def after_failure(until: datetime | None, reason: str) -> Wait | Silent:
    """It is tried again then, or never."""
    if until is None:
        return Silent(why=Why.GIVEN_UP, detail=reason)
    return Wait(until=until, why=Why.NOT_TAKEN, detail=reason)


def catch_up(sent: Iterable[Message]) -> Iterator[UpdateAlert]:
    """For messages of their own that went out after it was known what became of them."""
    for message in sent:
        if message.alone and message.ts and message.outcome and message.outcome_at:
            yield UpdateAlert(
                key=ActionKey(f"caught-up:{message.key}"),
                lead_id=message.lead_id,
                alert_key=message.key,
                status=message.outcome,
                at=message.outcome_at,
                acted=message.acted,
            )
