"""Write what people are told while the standard is not in force. Plain words only."""

import hashlib
from collections.abc import Sequence

from syncd.core.context import Context
from syncd.core.signing import reasons_not_in_force
from syncd.core.standard_digest import digest_of, short
from syncd.core.value_words import listed
from syncd.domain.action import SendAlert
from syncd.domain.alert import Act, Alert, AlertKind
from syncd.domain.names import ActionKey
from syncd.domain.policy import Mode
from syncd.domain.standard import TEAMS, Standard


def unsigned_alert(ctx: Context, spells: Sequence[ActionKey] = ()) -> SendAlert | None:
    """Once a day for each state of content and signatures, while any gate would block; None
    where nothing falls back. `spells` are the first keys of what is told and not over: a state
    that lasts keeps its own."""
    held_back = [gate for gate, mode in ctx.policy.modes.items() if mode is Mode.BLOCK]
    reasons = reasons_not_in_force(ctx.standard, today=ctx.now.date())
    if not held_back or not reasons:
        return None
    state = hashlib.sha256("\n".join((digest_of(ctx.standard), *reasons)).encode()).hexdigest()[:16]
    known = next((key for key in spells if key.endswith(f":{state}")), None)
    gates = listed([f'"{gate}"' for gate in held_back], "and")
    alert = Alert(
        kind=AlertKind.UNSIGNED,
        at=ctx.now,
        title=f"The standard is not in force: {gates} flags, and does not block",
        summary=f"the standard is not in force: {reasons[0]}",
        why=tuple(f"{reason[0].upper()}{reason[1:]}." for reason in reasons),
        next_step=_next_step(ctx.standard, is_overdue=ctx.now.date() > ctx.standard.review_by),
        facts=(("Version", ctx.standard.version), ("Digest", short(digest_of(ctx.standard)))),
        acts=(Act.NOT_USEFUL,),
    )
    return SendAlert(
        key=known or ActionKey(f"alert:{AlertKind.UNSIGNED}:{ctx.now.date().isoformat()}:{state}"),
        lead_id=None,
        alert=alert,
    )


def _next_step(standard: Standard, *, is_overdue: bool) -> str:
    lacking = [team for team in TEAMS if team not in {x.team for x in standard.signatures}]
    if is_overdue:
        return (
            "Look through it together (`syncd standard show`), set a new `review_by` in "
            "standard.yaml, and sign it: `syncd standard sign --as marketing`, and as sales."
        )
    orders = listed([f"`syncd standard sign --as {team}`" for team in lacking], "and")
    return (
        "Read it (`syncd standard show`); `syncd standard diff` says what changed since an "
        f"earlier file. Then {orders}. Until then failing moves are marked, not moved back."
    )
