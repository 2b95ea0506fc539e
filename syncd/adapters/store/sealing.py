"""Seal a person's values under the person's own key, so that erasing the key erases them.

AES-256-GCM; the sealed text is bound to the lead it was written for.
"""

import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from syncd.adapters.store.jsontext import dumped, loads
from syncd.domain.names import LeadId

_NONCE = 12


def new_key() -> bytes:
    return AESGCM.generate_key(256)


def seal(personal: Mapping[str, str], *, lead_id: LeadId, key: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    plain = dumped(dict(personal))
    return nonce + AESGCM(key).encrypt(nonce, plain, lead_id.encode())


def unseal(sealed: bytes, *, lead_id: LeadId, key: bytes | None) -> dict[str, str]:
    """What was sealed; nothing when the key was erased or does not fit."""
    if key is None:
        return {}
    try:
        plain = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], lead_id.encode())
    except InvalidTag:
        return {}
    opened: dict[str, str] = loads(plain)
    return opened
