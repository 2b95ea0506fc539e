"""What reps find out about a lead's need, money, time and people."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

_NEEDS = (
    "Replace three spreadsheets before year end",
    "One report for all warehouses",
    "Shorter close of the month",
    "Fewer calls about late deliveries",
    "A second supplier for the spring season",
)
_WHEN = "purchase_timeline"


def everything(random: Random, now: datetime) -> dict[str, Any]:
    """All that a deal needs."""
    return {
        "buying_role": "Decision maker",
        "budget_confirmed": True,
        "budget_amount": random.randrange(12, 95) * 1_000,
        "need": random.choice(_NEEDS),
        _WHEN: (now + timedelta(days=random.randint(15, 75))).date(),
    }


def split(random: Random, known: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a hurried rep writes down, and what is left out."""
    left_out = random.choice(
        (("budget_confirmed", "budget_amount"), ("buying_role",), ("need", _WHEN))
    )
    first = {name: value for name, value in known.items() if name not in left_out}
    return first, {name: known[name] for name in left_out}
