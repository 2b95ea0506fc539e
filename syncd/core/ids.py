"""Vendor ids in the one form syncd keeps them in. Looks nothing up."""

import re
from string import ascii_letters, digits

from syncd.domain.names import RecordId

_SALESFORCE_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SHORT, _CHUNK = 15, 5
_BITS = str.maketrans({letter: str(int(letter.isupper())) for letter in ascii_letters + digits})


def salesforce_id_18(text: str) -> RecordId | None:
    """The 18-character form of a Salesforce id; None when the text is no such id.

    The 15-character form tells ids apart by case alone. The three characters more say
    which of every five are capitals, so a long id survives systems that fold case: they,
    not the letters before them, are believed.
    """
    if not _SALESFORCE_ID.fullmatch(text):
        return None
    as_spelled = _with_check(text[:_SHORT])
    if len(text) == _SHORT or text == as_spelled:
        return as_spelled
    short = _with_capitals(text)
    return None if short is None else _with_check(short)


def _with_check(short: str) -> RecordId:
    return RecordId(short + _capitals(short))


def _capitals(short: str) -> str:
    """One letter per five characters: bit n is set where the n-th is a capital."""
    bits = int(short.translate(_BITS)[::-1], base=2)
    return _CHECK[bits & 31] + _CHECK[bits >> 5 & 31] + _CHECK[bits >> 10]


def _with_capitals(long: str) -> str | None:
    """The id with its capitals where the last three characters say; None where none fits."""
    letters = []
    for place, letter in enumerate(long[:_SHORT]):
        bits = _CHECK.find(long[_SHORT + place // _CHUNK].upper())
        if bits < 0:
            return None
        is_capital = bool(bits >> place % _CHUNK & 1)
        if is_capital and not letter.isalpha():
            return None
        letters.append(letter.upper() if is_capital else letter.lower())
    return "".join(letters)
