"""Write what people are told about API calls that run low, and about fields that the native
connector moves as well. Before anything stops, not after; no lead's values."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from syncd.core.budget import Budget, Forecast
from syncd.core.connector import advice
from syncd.core.value_words import counted, distance, field_words, listed
from syncd.domain.action import SendAlert
from syncd.domain.alert import Alert, AlertKind
from syncd.domain.names import ActionKey, System
from syncd.domain.order import Level
from syncd.domain.values import FieldSpec

LEVEL_WORDS = {
    Level.FULL: "everything runs",
    Level.NO_SWEEP: "reconciliation pauses",
    Level.ESSENTIAL: "reconciliation and field sync wait",
}


_NOW = {
    Level.FULL: "Everything still runs; reconciliation would pause first, field sync next.",
    Level.NO_SWEEP: "Now reconciliation pauses; field sync would wait next.",
    Level.ESSENTIAL: "Now reconciliation and field sync wait.",
}


def budget_alert(
    system: System, budget: Budget, level: Level, ahead: Forecast, *, now: datetime
) -> SendAlert:
    """Once a day and CRM."""
    end = f"At this rate it is used up {distance(ahead.runs_out, now)}." if ahead.runs_out else ""
    why = (_ours(budget), _everybodys(budget), end, _NOW[level])
    alert = Alert(
        kind=AlertKind.BUDGET,
        at=now,
        title=f"{system.label}: API calls run low",
        summary=f"{system.label}: {counted(budget.spent, 'call')}, {LEVEL_WORDS[level]}",
        why=tuple(line for line in why if line),
        next_step=(
            "Nothing is lost: enforcement, deadlines and alerts go on, and the rest follows "
            "when calls are to be had again. If this is not a rare day, raise "
            f"`{system.value}.share` or `poll_every` in crm.yaml, or find out who else calls."
        ),
    )
    key = _key(AlertKind.BUDGET, f"{system}:{now.date()}")
    return SendAlert(key=key, lead_id=None, alert=alert)


def _ours(budget: Budget) -> str:
    share = f" of the {counted(budget.share, 'call')} that are our share" if budget.share else ""
    return f"syncd made {counted(budget.spent, 'call')} in the last 24 hours{share}."


def _everybodys(budget: Budget) -> str:
    if budget.used is None or budget.allowed is None:
        return ""
    return f"All programs together used {budget.used:,} of {budget.allowed:,}."


def connector_alert(quarrels: Sequence[FieldSpec], *, now: datetime) -> SendAlert:
    """Once for the same fields, told to go the same way."""
    names = listed([field_words(spec.name) for spec in quarrels], "and")
    fact = hashlib.sha256("\n".join(f"{x.name}:{x.direction}" for x in quarrels).encode())
    alert = Alert(
        kind=AlertKind.CONNECTOR,
        at=now,
        title=f"The native connector moves {names} too",
        summary=f"the native connector moves {names}",
        why=tuple(advice(spec) for spec in quarrels),
        next_step=(
            "syncd leaves these fields to the connector, both ways, and goes on enforcing "
            "stages beside it. Change the lines above. A field taken out of the connector's "
            "mapping is syncd's again after 30 days without a write of the connector."
        ),
    )
    key = _key(AlertKind.CONNECTOR, fact.hexdigest()[:16])
    return SendAlert(key=key, lead_id=None, alert=alert)


def _key(kind: AlertKind, fact: str) -> ActionKey:
    return ActionKey(f"alert:{kind}:{fact}")
