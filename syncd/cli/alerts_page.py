"""What `syncd alerts` prints: alerts in one line each, why one was sent or not, and silences."""

from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from syncd.cli.local import Local
from syncd.core.alert_reasons import reason_words
from syncd.core.keys import short_id
from syncd.domain.action import SendAlert
from syncd.domain.message import Message, MessageState, Silence
from syncd.domain.names import ActionKey

Alerts = Mapping[ActionKey, SendAlert]


def list_lines(
    messages: Sequence[Message], alerts: Alerts, silences: Sequence[Silence], local: Local
) -> Iterator[str]:
    for x in messages:
        yield (
            f"{short_id(x.key)}  {local.words(x.decided_at):<16}  {x.state:<6}  "
            f"{x.channel}  {x.kind}: {_says(x, alerts)}"
        )
    if not messages:
        yield "No alert was decided in the last 90 days."
    for silence in silences:
        yield f"silence {silence.id}: {silence_words(silence, local)}"
    if messages:
        yield f"`syncd alerts why {short_id(messages[0].key)}` tells why of the first one."


def why_lines(x: Message, alerts: Alerts, local: Local) -> Iterator[str]:
    yield f"{x.kind} to {x.channel}: {_says(x, alerts)}"
    about = f" about lead {x.lead_id}" if x.lead_id else ""
    yield f"  {x.key}{about}, made {local.words(x.made_at)} ({local.zone})"
    yield f"  {_decision(x, local)}: {reason_words(x.why, x.detail)}"
    if x.state is MessageState.SENT and not x.alone:
        yield f"  Told in one message with others, the first of them {short_id(x.post or x.key)}."
    if x.outcome and x.outcome_at:
        yield f"  What became of it, {local.words(x.outcome_at)}: {x.outcome}"
    if x.not_useful_by:
        yield f"  {x.not_useful_by} marked it not useful."


def silence_words(x: Silence, local: Local) -> str:
    """Everything but its id."""
    of = [
        *([x.kind.value] if x.kind else []),
        *([f"to {x.channel}"] if x.channel else []),
        *([f"about lead {x.lead_id}"] if x.lead_id else []),
    ]
    return f"alerts {' '.join(of)} until {local.words(x.expires_at)}, by {x.by}: {x.reason}"


def _decision(x: Message, local: Local) -> str:
    match x.state:
        case MessageState.SENT:
            return f"Sent {local.words(x.sent_at or x.decided_at)}"
        case MessageState.WAITS:
            return f"Waits until {local.words(x.until or x.decided_at)}"
        case MessageState.SILENT:
            return f"Never sent, decided {local.words(x.decided_at)}"
        case _:
            assert_never(x.state)


def _says(x: Message, alerts: Alerts) -> str:
    """The alert's own line, as long as it is kept."""
    alert = alerts.get(x.key)
    return alert.alert.summary if alert else "(its words are not kept any more)"
