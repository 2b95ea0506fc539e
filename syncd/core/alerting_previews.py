"""Write what people are told while a gate that is to block only flags: nobody looked first."""

from collections.abc import Sequence

from syncd.core.context import Context
from syncd.core.value_words import listed
from syncd.domain.action import SendAlert
from syncd.domain.alert import Act, Alert, AlertKind
from syncd.domain.names import ActionKey


def unpreviewed_alert(ctx: Context, spells: Sequence[ActionKey] = ()) -> SendAlert | None:
    """Once a day for the same gates; None where there are none. `spells` are the first keys of
    what is told and not over: what lasts keeps its own."""
    gates = sorted(gate for gate in ctx.policy.unpreviewed if gate in ctx.standard.gates)
    if not gates:
        return None
    state = f"unpreviewed-{'-'.join(gates)}"
    known = next((key for key in spells if key.endswith(f":{state}")), None)
    named = listed([f'"{gate}"' for gate in gates], "and")
    alert = Alert(
        kind=AlertKind.CONFIG,
        at=ctx.now,
        title=f"The gate {named} flags, and does not block",
        summary=f"the gate {named} flags: nobody looked first at what blocking would do",
        why=("policy.yaml says block, but carries no checksum of a preview.",),
        next_step=(
            "`syncd plan` and `syncd plan --since 90d` show what it would do, and print the line "
            "for policy.yaml. Until then failing moves are marked and told, not moved back."
        ),
        acts=(Act.NOT_USEFUL,),
    )
    day = ctx.now.date().isoformat()
    key = known or ActionKey(f"alert:{AlertKind.CONFIG}:{day}:{state}")
    return SendAlert(key=key, lead_id=None, alert=alert)
