"""Whether what happened can be counted, and counted alike by both teams. Pure."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from syncd.core.doctor.facts import Unseen
from syncd.core.value_words import listed
from syncd.domain.names import OWNER, System
from syncd.domain.stage import Stage
from syncd.measure.assess.finding import Answer, CannotSee, Check, Gap, Group, Sound
from syncd.measure.assess.leads import entered, keeps_stages, mqls, sqls, stage_fields
from syncd.measure.assess.sight import LeadSight, Reading, Sight
from syncd.measure.assess.weigh import FEW, Asked, share, share_of, with_examples
from syncd.measure.shares import Rate

_BURST = 10
_QUARTER = timedelta(days=90)


def _tracked(sight: Sight, names: frozenset[str], what: str) -> Answer:
    tracked = sight.places[System.SALESFORCE].tracked
    if isinstance(tracked, Unseen):
        return CannotSee(f"Salesforce's settings of history: {tracked.why}")
    lost = sorted(names - tracked) if tracked is not None else []
    if lost:
        return Gap(says=f"Salesforce keeps no history of {listed(lost, 'and')}")
    kept = listed(sorted(names), "and")
    return Sound(f"Salesforce keeps the history of {what} ({kept}); HubSpot keeps all")


def _stage_history(sight: Sight) -> Answer:
    names = stage_fields(sight)
    if not names:
        return CannotSee("Salesforce shows us no field that tells a stage")
    return _tracked(sight, names, "stages")


def _owner_history(sight: Sight) -> Answer:
    spec = sight.crm.fields.get(OWNER)
    name = spec.properties.get(System.SALESFORCE) if spec else None
    if name is None:
        return CannotSee("no owner is mapped in Salesforce")
    return _tracked(sight, frozenset({name}), "owners")


def _moves_known(sight: Sight) -> Answer:
    return share_of(
        Asked(
            of=sqls(sight),
            whom="SQLs",
            wrong=lambda x: entered(x, Stage.SQL) is None,
            show="have no history of how and when they came to be one",
        ),
    )


def _one_by_one(sight: Sight) -> Answer:
    """By the minute, in which no person moves so many."""
    came = [at for x in mqls(sight) if (at := entered(x, Stage.MQL))]
    minutes = Counter(at.replace(second=0, microsecond=0) for at in came)
    bursts = {at: n for at, n in minutes.items() if n >= _BURST}
    rate = Rate(sum(bursts.values()), len(came))
    answer = share(
        rate,
        "MQLs whose history is known",
        f"came to be one with {_BURST - 1} others or more in the same minute",
    )
    most = sorted(bursts, key=lambda x: -bursts[x])
    return with_examples(answer, (f"{at:%Y-%m-%d %H:%M} UTC: {bursts[at]:,}" for at in most))


def _zones(sight: Sight) -> Answer:
    logins = {s: x.login for s, x in sight.places.items()}
    zones = {s: "" if isinstance(x, Unseen) else x.time_zone for s, x in logins.items()}
    offsets = {s: _offset(zone, sight.now) for s, zone in zones.items()}
    told = listed([f"{s.label} {zones[s] or 'does not tell'}" for s in sorted(zones)], "and")
    if None in offsets.values():
        return CannotSee(f"time zones: {told}")
    return Gap(says=told) if len(set(offsets.values())) > 1 else Sound(told)


def _offset(zone: str, now: datetime) -> timedelta | None:
    try:
        return now.astimezone(ZoneInfo(zone)).utcoffset() if zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _same_count(sight: Sight) -> Answer:
    """Each CRM's own history, as each team's report counts it."""
    if not keeps_stages(sight):
        return CannotSee("Salesforce's own history does not tell when a lead came to be an MQL")
    since = sight.now - _QUARTER
    counts = {s: sum(_came(x, s, since) for x in sight.leads) for s in System}
    most = max(counts.values())
    told = listed([f"{s.label} {n:,}" for s, n in counts.items()], "and")
    says = (
        f"leads that first came to MQL or beyond in the last {_QUARTER.days} days, by each CRM's "
        f"own history: {told}"
    )
    if most < FEW:
        return CannotSee(f"{says}: too few to say")
    apart = Rate(most - min(counts.values()), most)
    return Gap(says=says, rate=apart) if apart.hits > _SAME * apart.n else Sound(says)


_SAME = 0.1


def _came(lead: LeadSight, system: System, since: datetime) -> bool:
    side = lead.sides.get(system)
    if side is None:
        return False
    at = next((x.at for x in side.steps if x.stage and x.stage.rank >= Stage.MQL.rank), None)
    return at is not None and at >= since


_TRACK = (
    "Setup > Object Manager > Lead > Fields & Relationships > Set History Tracking. Nothing is "
    "kept of the time before: do it today."
)

CHECKS = (
    Check(
        id="reporting-stage-history",
        group=Group.REPORTING,
        title="The history of stages is kept",
        looks="Salesforce's history tracking of the fields that tell the stage; HubSpot keeps all.",
        why="Without it nobody can say when a lead became what it is: no conversion, no time in "
        "stage, no speed can be told of the past.",
        fix=_TRACK,
        weight=3,
        ask=_stage_history,
    ),
    Check(
        id="reporting-owner-history",
        group=Group.REPORTING,
        title="The history of owners is kept",
        looks="Salesforce's history tracking of the lead's owner; HubSpot keeps all.",
        why="Who had a lead when it was lost cannot be told afterwards.",
        fix=_TRACK,
        weight=1,
        ask=_owner_history,
    ),
    Check(
        id="reporting-moves-known",
        group=Group.REPORTING,
        title="It is known how SQLs came to be SQLs",
        looks="Leads that stand at SQL or beyond without a history that says when they came there.",
        why="They are in no period's numbers, and in all totals.",
        fix="Keep the history of stages; import at the stage lead, and move.",
        weight=2,
        ask=_moves_known,
        needs=(Reading.HISTORIES,),
    ),
    Check(
        id="reporting-one-by-one",
        group=Group.REPORTING,
        title="MQLs come one by one",
        looks=f"Minutes in which {_BURST} leads or more came to be MQLs.",
        why="An import or a mass update makes a month look good that was not.",
        fix="Import at the stage lead, and let the standard decide.",
        weight=2,
        ask=_one_by_one,
        needs=(Reading.HISTORIES,),
    ),
    Check(
        id="reporting-same-count",
        group=Group.REPORTING,
        title="Both CRMs count as many MQLs",
        looks="Leads that came to MQL or beyond for the first time in 90 days, by each CRM's own "
        "history; they may differ by a tenth. `syncd reconcile` asks for the dates that each CRM's "
        "own reports count by, of one stage and one month: other numbers.",
        why="It is where the argument in the monthly meeting comes from.",
        fix="`syncd reconcile` explains the difference, lead by lead.",
        weight=3,
        ask=_same_count,
        needs=(Reading.HISTORIES,),
    ),
    Check(
        id="reporting-time-zones",
        group=Group.REPORTING,
        title="Both CRMs keep the same time",
        looks="The time zones of org and portal: whether clocks there show the same now.",
        why="A lead of the last evening of a month is in two months.",
        fix="Set the same zone in both, or report by syncd's calendar.",
        weight=1,
        ask=_zones,
    ),
)
