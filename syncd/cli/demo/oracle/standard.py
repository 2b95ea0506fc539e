"""The demo's standard, by hand: what must be true of a lead to enter MQL and SQL.

Restated from the signed document in plain Python, on purpose not from the daemon's own
reading of it. Change `config/standard.yaml` and this page must be changed by a person.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

RANKS = {
    "none": 0,
    "disqualified": 0,
    "nurture": 0,
    "lead": 1,
    "mql": 2,
    "sal": 3,
    "sql": 4,
    "opportunity": 5,
    "customer": 6,
}
GATES = {"mql": 2, "sql": 4}
MODES = {"mql": "flag", "sql": "block"}
"""How firmly the demo holds each gate, unless it is told otherwise."""
ENTRY_STAGE = "lead"

Values = Mapping[str, Any]
Rule = Callable[[Values, datetime], bool]

_FREE_MAIL = [
    "gmail",
    "googlemail",
    "yahoo",
    "hotmail",
    "outlook",
    "live",
    "aol",
    "icloud",
    "gmx",
    "proton",
    "protonmail",
]
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}")
_NOT_SERVED = {"Cuba", "Iran", "North Korea", "Syria"}


def _business_email(values: Values, _: datetime) -> bool:
    email = (values["email"] or "").lower()
    provider = email.rpartition("@")[2].split(".")[0]
    return _ADDRESS.fullmatch(email) is not None and provider not in _FREE_MAIL


def _engaged(values: Values, now: datetime) -> bool:
    engaged = values["last_engaged_at"]
    return engaged is not None and now - timedelta(days=30) <= engaged <= now


def _demo(values: Values, now: datetime) -> bool:
    day = values["demo_attended_on"]
    return day is not None and now.date() - timedelta(days=180) <= day <= now.date()


def _timeline(values: Values, now: datetime) -> bool:
    day = values["purchase_timeline"]
    return day is not None and now.date() <= day <= now.date() + timedelta(days=90)


MQL: Mapping[str, Rule] = {
    "The company has at least 50 employees": lambda v, _: (v["employees"] or 0) >= 50,
    "The email is a business address, not one of a free mail service": _business_email,
    "We know which company the lead works for": lambda v, _: bool(v["company"]),
    "The lead is in a country we do business in": lambda v, _: v["country"] not in _NOT_SERVED,
    "The lead did something with us in the last 30 days": _engaged,
}
SQL: Mapping[str, Rule] = {
    "We are talking to somebody who decides": lambda v, _: v["buying_role"] == "decision maker",
    "The budget is confirmed": lambda v, _: v["budget_confirmed"] is True,
    "The budget is at least 10,000": lambda v, _: (v["budget_amount"] or 0) >= 10_000,
    "A confirmed budget comes with its amount": lambda v, _: (
        v["budget_amount"] is not None or v["budget_confirmed"] is not True
    ),
}
TWO_OF: Mapping[str, Rule] = {
    "The lead has told us what they need": lambda v, _: bool(v["need"]),
    "They mean to buy within 90 days": _timeline,
    "The lead attended a demo in the last half year": _demo,
}
SCORE = "(score)"
COOL_OFF = "The lead has cooled off since it was last recycled"


def unmet(gate: str, values: Values, now: datetime, cool_off_until: datetime | None) -> list[str]:
    """The requirements that do not hold, in the standard's words; none if the lead may enter."""
    if gate == "mql":
        found = _failing(MQL, values, now)
        cooling = cool_off_until is not None and now < cool_off_until
        return [*found, COOL_OFF] if cooling else found
    found = _failing(SQL, values, now)
    lacking = _failing(TWO_OF, values, now)
    if len(TWO_OF) - len(lacking) < 2:
        found += lacking
    return [*found, SCORE] if score(values, now) < 50 else found


def score(values: Values, now: datetime) -> float:
    """Points of the standard's table."""
    mql = set(_failing(MQL, values, now))
    fit = [points for words, points in zip(MQL, (20, 10, 5), strict=False) if words not in mql]
    champion = values["buying_role"] in ("decision maker", "champion")
    engaged, demo = values["last_engaged_at"], values["demo_attended_on"]
    return (
        sum(fit)
        + 15 * champion
        + _faded(30, engaged, timedelta(days=30), now)
        + _faded(20, _midnight(demo), timedelta(days=60), now)
    )


def _failing(rules: Mapping[str, Rule], values: Values, now: datetime) -> list[str]:
    return [words for words, holds in rules.items() if not holds(values, now)]


def _faded(points: int, since: datetime | None, half_life: timedelta, now: datetime) -> float:
    if since is None:
        return 0.0
    return float(points * 0.5 ** (max(now - since, timedelta()) / half_life))


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)
