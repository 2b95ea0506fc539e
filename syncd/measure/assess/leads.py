"""What can be told of one lead of an assessment, by both its records together. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from syncd.core.doctor.facts import Unseen
from syncd.domain.deal import Deal
from syncd.domain.names import FieldName, System
from syncd.domain.stage import Stage
from syncd.domain.values import FieldSpec, Value
from syncd.measure.assess.sight import LeadSight, Sight
from syncd.measure.round_deals import best_told

Is = Callable[[LeadSight], bool]
OUT = frozenset({Stage.DISQUALIFIED, Stage.NURTURE})
"""Where a lead that sales turned down goes."""
_IN_HAND = frozenset({Stage.MQL, Stage.SAL, Stage.SQL})


def called(stage: Stage) -> str:
    """Within a sentence: MQL, but customer."""
    return stage.upper() if stage in (Stage.MQL, Stage.SAL, Stage.SQL) else stage.value


def stages(lead: LeadSight) -> frozenset[Stage]:
    """Those it shows now, on any side."""
    return frozenset(x.stage for x in lead.sides.values() if x.stage)


def stage_now(lead: LeadSight) -> Stage:
    return max(stages(lead), key=lambda x: x.rank, default=Stage.NONE)


def entered(lead: LeadSight, stage: Stage) -> datetime | None:
    """When it first stood there or beyond, as the histories tell."""
    return min(
        (
            step.at
            for side in lead.sides.values()
            for step in side.steps
            if step.stage and step.stage.rank >= stage.rank
        ),
        default=None,
    )


def last_move(lead: LeadSight) -> datetime | None:
    """On either side, as far as histories tell."""
    return max((x.steps[-1].at for x in lead.sides.values() if x.steps), default=None)


def was(lead: LeadSight, stage: Stage) -> bool:
    """Whether it ever stood there or beyond, as far as can be told."""
    return stage_now(lead).rank >= stage.rank or entered(lead, stage) is not None


def mqls(sight: Sight) -> list[LeadSight]:
    return [x for x in sight.leads if was(x, Stage.MQL)]


def sqls(sight: Sight) -> list[LeadSight]:
    return [x for x in sight.leads if was(x, Stage.SQL)]


def in_hand(sight: Sight) -> list[LeadSight]:
    """With sales now: handed over, and neither turned down nor an opportunity yet."""
    return [x for x in sight.leads if stage_now(x) in _IN_HAND and not stages(x) & OUT]


def pairs(sight: Sight) -> list[LeadSight]:
    return [x for x in sight.leads if len(x.sides) == len(System)]


def turned_down(sight: Sight) -> list[LeadSight]:
    """Once an MQL, and out now in the CRM that sales works in, else in the other."""
    return [x for x in mqls(sight) if _sales_stage(x) in OUT]


def _sales_stage(lead: LeadSight) -> Stage | None:
    side = lead.sides.get(System.SALESFORCE) or lead.sides[System.HUBSPOT]
    return side.stage


def all_deals(lead: LeadSight) -> Iterator[Deal]:
    for deals in lead.deals.values():
        yield from deals


def told_deals(lead: LeadSight) -> Sequence[Deal]:
    """Of one CRM: a connector copies them to the other, and none is to be counted twice."""
    return best_told([*lead.deals.values()])


def is_won(lead: LeadSight) -> bool:
    return stage_now(lead) is Stage.CUSTOMER or any(x.is_won for x in all_deals(lead))


def is_decided(lead: LeadSight) -> bool:
    """Won, lost or turned down: nothing is to be waited for."""
    if is_won(lead):
        return True
    deals = [*all_deals(lead)]
    return all(x.is_closed for x in deals) if deals else _sales_stage(lead) in OUT


def worth(lead: LeadSight) -> float | None:
    """What was won, by the CRM that tells of more; None where neither tells."""
    sums = [
        sum(amounts)
        for deals in lead.deals.values()
        if (amounts := [x.amount for x in deals if x.is_won and x.amount is not None])
    ]
    return max(sums, default=None)


def has(lead: LeadSight, field: FieldName) -> bool:
    """On any side."""
    return any(field in x.filled for x in lead.sides.values())


def stage_fields(sight: Sight) -> frozenset[str]:
    """The fields of Salesforce's leads that people set to tell a stage."""
    side = sight.crm.sides[System.SALESFORCE]
    moved = {p for x in side.stages if not x.read_only for p in x.values if "." not in p}
    return frozenset(moved & sight.places[System.SALESFORCE].schema.keys())


def keeps_stages(sight: Sight) -> bool:
    """Whether Salesforce surely keeps the history of these; HubSpot keeps all."""
    tracked = sight.places[System.SALESFORCE].tracked
    return not isinstance(tracked, Unseen) and (tracked is None or stage_fields(sight) <= tracked)


def unshown(spec: FieldSpec, sight: Sight) -> list[System]:
    """CRMs in which it is mapped, and that do not show it to us: there is no such field there,
    or no right to see it; nobody can tell which."""
    return [s for s, path in spec.properties.items() if path not in sight.places[s].schema]


def reason(lead: LeadSight) -> str | None:
    """Why it was turned down: the first side's that tells."""
    return next((x.reason for x in lead.sides.values() if x.reason), None)


def plain(seen: Value) -> str:
    """As people would call it the same."""
    if isinstance(seen, int | Decimal) and not isinstance(seen, bool):
        return f"{Decimal(seen).normalize():f}"
    return re.sub(r"[\W_]", "", str(seen)).casefold()


def owners(lead: LeadSight) -> dict[System, str]:
    return {system: x.owner for system, x in lead.sides.items() if x.owner}


def named(lead: LeadSight) -> str:
    """As an admin finds it: name and record."""
    system, side = next(iter(sorted(lead.sides.items())))
    return f"{lead.name or 'no name'} ({system.label} {side.record})"
