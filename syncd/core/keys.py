"""Keys of writes that are told apart by what they write, not by a move that caused them, and
the short names people call long keys by."""

import hashlib
from collections.abc import Sequence

from syncd.domain.action import FieldWrite, WriteKind
from syncd.domain.lead import Lead
from syncd.domain.names import SYSTEMS, ActionKey, System

_DIGEST_CHARACTERS = 16
_SHORT = 8


def short_id(key: ActionKey) -> str:
    """What people call an alert by."""
    return hashlib.sha256(key.encode()).hexdigest()[:_SHORT]


def content_key(
    kind: WriteKind, lead: Lead, target: System, writes: Sequence[FieldWrite]
) -> ActionKey:
    """Made of the write and of when the records seen were last changed: the same values may
    be decided again later, when the first write has long ended, and must not be taken for it."""
    stamps = [lead.sides[s].seen.modified_at.isoformat() for s in SYSTEMS if s in lead.sides]
    text = "|".join([*stamps, *[f"{w.field}={w.seen!r}>{w.value!r}" for w in writes]])
    digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_CHARACTERS]
    return ActionKey(f"{kind}:{target}:{lead.id}:{digest}")
