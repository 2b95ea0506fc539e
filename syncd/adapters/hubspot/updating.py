"""Updating contacts, backward lifecycle moves included.

HubSpot moves a lifecycle stage forward only: a backward write answers 200, writes the
other properties and silently keeps the stage. The way back is to clear the stage in one
request and to set it in another (within one batch the order is not assured).
"""

from collections.abc import Mapping, Sequence

from syncd.adapters.hubspot.batch import BATCH_SIZE, Answered, Properties, write_contacts
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.adapters.hubspot.properties import LIFECYCLE
from syncd.adapters.hubspot.records import batches
from syncd.domain.action import Failed, RecordWrite, WriteOutcome, Written
from syncd.domain.names import RecordId
from syncd.errors import TransientError


def update_contacts(
    client: HubSpotClient,
    writes: Sequence[RecordWrite],
    *,
    stage_order: Sequence[str],
    last_shown: Mapping[RecordId, str],
) -> dict[RecordId, WriteOutcome]:
    """`last_shown` are the stages seen lately: a move known to be backward is cleared with
    its other properties and then set. One that shows only in the answer, because a person
    or HubSpot itself was faster, is cleared and set after it.

    Batches fail apart: only when nothing at all is known, TransientError is raised."""
    spelled = {w.record_id: {k: spell(v) for k, v in w.properties.items()} for w in writes}
    back = {
        i: last_shown[i]
        for i, properties in spelled.items()
        if is_backward(last_shown.get(i), properties.get(LIFECYCLE, ""), stage_order)
    }
    together = sorted(spelled.items(), key=lambda item: item[0] not in back)
    parts = [dict(part) for part in batches(together, BATCH_SIZE)]
    answers = client.lanes.overlapped(lambda part: _tried(client, part, back), parts)
    failures = [answer for answer in answers if isinstance(answer, TransientError)]
    if failures and len(failures) == len(parts):
        raise failures[0]
    outcomes: dict[RecordId, WriteOutcome] = {}
    for part, answer in zip(parts, answers, strict=True):
        outcomes |= _unknown(part, answer) if isinstance(answer, TransientError) else answer
    return outcomes


def _unknown(part: Mapping[RecordId, Properties], why: TransientError) -> dict[RecordId, Failed]:
    """What became of a batch whose answer was lost shows when it is looked at again."""
    return dict.fromkeys(part, Failed(reason=str(why)))


def _tried(
    client: HubSpotClient, part: Mapping[RecordId, Properties], back: Mapping[RecordId, str]
) -> dict[RecordId, WriteOutcome] | TransientError:
    try:
        return _update(client, part, {i: back[i] for i in part if i in back})
    except TransientError as error:
        return error


def _update(
    client: HubSpotClient, spelled: Mapping[RecordId, Properties], back: Mapping[RecordId, str]
) -> dict[RecordId, WriteOutcome]:
    """One batch. `back` are the stages of those that go backward."""
    wanted = {i: p[LIFECYCLE] for i, p in spelled.items() if p.get(LIFECYCLE)}
    answered = write_contacts(
        client, {i: {**p, LIFECYCLE: ""} if i in back else p for i, p in spelled.items()}
    )
    ignored = _ignored(answered, {i: s for i, s in wanted.items() if i not in back})
    answered.add(write_contacts(client, {i: {LIFECYCLE: ""} for i in ignored}))
    cleared = {i: held for i, held in {**back, **ignored}.items() if _is_written(answered, i)}
    answered.add(write_contacts(client, {i: {LIFECYCLE: wanted[i]} for i in cleared}))
    _give_back(client, answered, cleared)
    return answered.outcomes


def _give_back(client: HubSpotClient, answered: Answered, cleared: Mapping[RecordId, str]) -> None:
    """Nobody loses the stage they had because the new one was refused after all."""
    refused = {i: held for i, held in cleared.items() if not _is_written(answered, i)}
    write_contacts(client, {i: {LIFECYCLE: held} for i, held in refused.items()})


def _is_written(answered: Answered, record_id: RecordId) -> bool:
    return isinstance(answered.outcomes[record_id], Written)


def is_backward(shown: str | None, wanted: str, order: Sequence[str]) -> bool:
    """Certain only where both stages are the portal's: a stage it would refuse must not
    cost the contact the one it has."""
    if shown not in order or wanted not in order:
        return False
    return order.index(wanted) < order.index(shown)


def spell(value: str | int | float | bool | None) -> str:
    """As HubSpot wants every property: text; "" clears."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def _ignored(answered: Answered, wanted: Mapping[RecordId, str]) -> dict[RecordId, str]:
    """The stage that each answer shows instead of the one written."""
    shown = {i: answered.shown.get(i, {}).get(LIFECYCLE) for i in wanted}
    return {i: str(stage) for i, stage in shown.items() if stage and stage != wanted[i]}
