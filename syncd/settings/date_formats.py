"""How a CSV writes its dates: codes such as %d.%m.%Y, checked before anything is read."""

import re

from syncd.settings.problem import Mistake, shown

_CODES = frozenset("dmYybBHMSIp")
_AS_PEOPLE_WRITE = (
    ("yyyy", "%Y"), ("yy", "%y"), ("mmmm", "%B"), ("mmm", "%b"), ("mm", "%m"), ("m", "%m"),
    ("dd", "%d"), ("d", "%d"), ("jjjj", "%Y"), ("jj", "%y"), ("tt", "%d"), ("t", "%d"),
)  # fmt: skip
_EXAMPLE = "write one such as %d.%m.%Y or %m/%d/%Y"


def parse_date_format(value: object) -> str:
    """The format as written. Raises Mistake."""
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise Mistake(f"{shown(value)} is not a date format", _EXAMPLE)
    codes = re.findall("%(.?)", text)
    if not codes:
        raise Mistake(f"{shown(text)} has no codes", _in_codes(text))
    for code in codes:
        if code not in _CODES:
            known = ", ".join(f"%{x}" for x in sorted(_CODES, key=str.lower))
            raise Mistake(f'"%{code}" is not a code for dates', f"use {known}")
    for part, names in (("day", "d"), ("month", "mbB"), ("year", "Yy")):
        if not set(codes) & set(names):
            raise Mistake(f"{shown(text)} has no {part}", _EXAMPLE)
    return text


def _in_codes(text: str) -> str:
    """The same format in codes, where its letters say what they mean."""
    parts = re.split(r"([a-z]+)", text.strip().lower())
    coded = "".join(dict(_AS_PEOPLE_WRITE).get(part, part) for part in parts)
    return f"write {coded}" if coded.count("%") == 3 else _EXAMPLE
