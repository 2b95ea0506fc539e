"""The ids of the demo standard's requirements, and which of them each gate asks. By hand, like the
demo oracle's own copy of the standard."""

from collections.abc import Mapping
from datetime import datetime

from syncd.cli.demo.oracle.standard import COOL_OFF, MQL, SCORE, SQL, TWO_OF, Values

IDS: Mapping[str, str] = {
    "The company has at least 50 employees": "employees-50-plus",
    "The email is a business address, not one of a free mail service": "business-email",
    "We know which company the lead works for": "has-company",
    "The lead is in a country we do business in": "served-country",
    "The lead did something with us in the last 30 days": "engaged-recently",
    "We are talking to somebody who decides": "decision-maker",
    "The budget is confirmed": "budget-confirmed",
    "The budget is at least 10,000": "budget-at-least-10k",
    "A confirmed budget comes with its amount": "amount-known-if-confirmed",
    "The lead has told us what they need": "need-stated",
    "They mean to buy within 90 days": "timeline-90-days",
    "The lead attended a demo in the last half year": "demo-attended",
    SCORE: "score",
    COOL_OFF: "cool-off",
}
_RULES = {"mql": MQL, "sql": {**SQL, **TWO_OF}}
_CHAMPIONS = ("decision maker", "champion")


def met(gate: str, values: Values, at: datetime) -> set[str]:
    """Ids of what holds: what the gate asks, and what gives points."""
    pointing = {IDS[x] for x, holds in list(MQL.items())[:3] if holds(values, at)}
    champion = {"economic-contact"} if values["buying_role"] in _CHAMPIONS else set()
    return {IDS[x] for x, holds in _RULES[gate].items() if holds(values, at)} | pointing | champion


_BANDS = (("sales-ready", 50.0), ("warm", 30.0), ("nurture", 0.0))


def band_of(points: float) -> str:
    """The points are rounded to hundredths before they are held against a band."""
    return next(name for name, least in _BANDS if round(points, 2) >= least)
