"""Whether the stages of the two CRMs tell one story, and whether leads walk them. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from statistics import median

from syncd.core.doctor.stages import LIFECYCLE, inversions
from syncd.core.value_words import listed, span_words
from syncd.domain.mapping import SideMap
from syncd.domain.names import System
from syncd.domain.record import Schema
from syncd.domain.stage import ActorKind, Stage, StageLine, StageStep
from syncd.measure.assess.finding import Answer, CannotSee, Check, Gap, Group, Sound
from syncd.measure.assess.guess import is_conversion
from syncd.measure.assess.leads import OUT, in_hand, is_won, pairs, sqls, stage_now, stages
from syncd.measure.assess.sight import LeadSight, Sight
from syncd.measure.assess.weigh import FEW, Asked, share, share_of, share_with_cost

_WALKED = (Stage.MQL, Stage.SAL, Stage.SQL)
_NO_FUNNEL = "other"
"""HubSpot's own word for who is in no funnel."""
_TIMES_MEDIAN, _NO_LONGER = 4, timedelta(days=14)
"""Two weeks are not yet standing still, however fast the others were."""


def in_both(stage: Stage) -> "Check":
    """One check for each stage that both teams have to be able to see."""
    name, why, fix, weight = _STAGE_WORDS[stage]
    return Check(
        id=f"stages-{name}-in-both",
        group=Group.STAGES,
        title=f"Both CRMs can say {stage}",
        looks="The stage map (guessed from the values' names without crm.yaml), and the values "
        "each CRM offers.",
        why=why,
        fix=fix,
        weight=weight,
        ask=lambda sight: _in_both(sight, stage),
    )


def _in_both(sight: Sight, stage: Stage) -> Answer:
    lacking = [
        system.label
        for system, side in sight.crm.sides.items()
        if not any(
            _offered(x, sight.places[system].schema) for x in side.stages if x.stage is stage
        )
    ]
    if lacking:
        return Gap(says=f"no value of {listed(sorted(lacking), 'and')} means {stage}")
    return Sound(f"both have a value for {stage}")


def _offered(line: StageLine, schema: Schema) -> bool:
    """A value of a property without a list of options is believed."""
    return all(
        "." in name or not value or (name in schema and value in (schema[name].offered or (value,)))
        for name, value in line.values.items()
    )


def _values_told(sight: Sight) -> Answer:
    lost = [
        f"{system.label} {name}: {value}"
        for system, side in sight.crm.sides.items()
        for name, offered in _choices(side, sight.places[system].schema).items()
        for value in offered
        if value != _NO_FUNNEL and not _is_told(name, value, side) and not is_conversion(value)
    ]
    if lost:
        return Gap(says=f"{len(lost):,} values on offer tell no stage", examples=tuple(lost))
    return Sound("every value on offer tells a stage")


def _choices(side: SideMap, schema: Schema) -> dict[str, tuple[str, ...]]:
    """What people can choose where a stage is told."""
    names = dict.fromkeys(name for line in side.stages for name in line.values)
    return {x: schema[x].offered for x in names if x in schema}


def _is_told(name: str, value: str, side: SideMap) -> bool:
    """By a line that names it; or by one that leaves it open, and that people can come to: by
    converting a lead every value would be told."""
    chosen = {x for line in side.stages if not line.read_only for x in line.values}
    return any(
        line.values.get(name) == value or (name not in line.values and line.values.keys() <= chosen)
        for line in side.stages
    )


def _records_told(sight: Sight) -> Answer:
    sides = [(s, x) for lead in sight.leads for s, x in lead.sides.items()]
    lost = [(s, x) for s, x in sides if x.stage is None]
    answer = share(len(lost), len(sides), "records", "have values that tell no stage")
    if isinstance(answer, Gap):
        spelled = dict.fromkeys(f"{s.label}: {x.spelled}" for s, x in lost)
        return replace(answer, examples=tuple(spelled)[:3])
    return answer


def _in_order(sight: Sight) -> Answer:
    schema, side = _hubspot(sight)
    offered = schema[LIFECYCLE].offered if LIFECYCLE in schema else ()
    if not offered:
        return CannotSee("HubSpot shows no order of lifecycle stages")
    wrong = [f"{low} after {high}" for low, high in inversions(offered, side, LIFECYCLE)]
    if wrong:
        return Gap(says="HubSpot lists a lower stage after a higher one", examples=tuple(wrong))
    return Sound("HubSpot's lifecycle stages stand in the funnel's order")


def _hubspot(sight: Sight) -> tuple[Schema, SideMap]:
    return sight.places[System.HUBSPOT].schema, sight.crm.sides[System.HUBSPOT]


def _agree(sight: Sight) -> Answer:
    """Of those in the funnel on both sides: who is out or won is another check's."""
    known = [x for x in pairs(sight) if all(side.stage for side in x.sides.values())]
    return share_of(
        sight,
        Asked(
            of=[x for x in known if not stages(x) & OUT and not is_won(x)],
            whom="leads that are in both CRMs and in the funnel",
            wrong=lambda x: len(stages(x)) > 1,
            show="stand at different stages",
        ),
    )


def _through_mql(sight: Sight) -> Answer:
    return share_with_cost(
        sight,
        Asked(
            of=[x for x in sqls(sight) if _history_of(x, Stage.SQL)],
            whom="SQLs whose history is known",
            wrong=lambda x: not _before(x, {Stage.MQL, Stage.SAL}, Stage.SQL),
            show="were never an MQL before",
        ),
    )


def _through_sql(sight: Sight) -> Answer:
    """Where a conversion is what makes an opportunity, it is the move that is looked at."""
    sold = [x for x in sqls(sight) if stage_now(x).rank >= Stage.OPPORTUNITY.rank or _converted(x)]
    return share_with_cost(
        sight,
        Asked(
            of=[x for x in sold if _steps(x)],
            whom="converted leads and opportunities",
            wrong=lambda x: not _before(x, {Stage.SQL}, Stage.OPPORTUNITY),
            show="became one without ever being an SQL",
        ),
    )


def _converted(lead: LeadSight) -> bool:
    return any(x.converted for x in lead.sides.values())


def _steps(lead: LeadSight) -> list[StageStep]:
    told = (step for side in lead.sides.values() for step in side.steps if step.stage)
    return sorted(told, key=lambda x: x.at)


def _history_of(lead: LeadSight, stage: Stage) -> bool:
    return any(x.stage and x.stage.rank >= stage.rank for x in _steps(lead))


def _before(lead: LeadSight, wanted: set[Stage], beyond: Stage) -> bool:
    """Whether it stood at one of these before it came that far, or in the same act."""
    steps = _steps(lead)
    reached = next((x.at for x in steps if x.stage and x.stage.rank >= beyond.rank), None)
    return any(x.stage in wanted and (reached is None or x.at <= reached) for x in steps)


def _no_standstill(sight: Sight) -> Answer:
    """Measured by the company's own pace."""
    pace = _pace(sight)
    if pace is None:
        return CannotSee("too few leads ever left sal or sql to tell a usual time")
    limit = max(_TIMES_MEDIAN * pace, _NO_LONGER)
    whom = "leads at sal and sql"
    held = [x for x in in_hand(sight) if stage_now(x) in (Stage.SAL, Stage.SQL) and _steps(x)]
    return share_of(
        sight,
        Asked(
            of=held,
            whom=whom,
            wrong=lambda x: sight.now - _steps(x)[-1].at > limit,
            show=f"have stood still for over {span_words(limit)}; half of those that moved on did "
            f"so within {span_words(pace)}",
        ),
    )


def _pace(sight: Sight) -> timedelta | None:
    stays = [
        (b.at - a.at).total_seconds()
        for lead in sight.leads
        for side in lead.sides.values()
        for a, b in pairwise(side.steps)
        if a.stage in (Stage.SAL, Stage.SQL)
    ]
    return timedelta(seconds=median(stays)) if len(stays) >= FEW else None


def _in_use(sight: Sight) -> Answer:
    known = [stage for x in sight.leads for stage in stages(x)]
    known += [step.stage for x in sight.leads for step in _steps(x) if step.stage]
    if len(known) < FEW * len(_WALKED):
        return CannotSee("too few moves to tell")
    unused = [str(x) for x in _WALKED if x not in known]
    if unused:
        return Gap(says=f"no lead ever stood at {listed(unused, 'or')}")
    return Sound("mql, sal and sql were each walked")


def _forward(sight: Sight) -> Answer:
    """Out, back to marketing, is no step back; nor is what syncd took back."""
    moves = [
        (a, b)
        for lead in sight.leads
        for side in lead.sides.values()
        for a, b in pairwise(side.steps)
        if a.stage and b.stage and b.stage is not Stage.NONE
        if b.stage not in OUT and b.actor.kind is not ActorKind.SYNCD
    ]
    back = [x for x in moves if _rank(x[1]) < _rank(x[0]) and x[0].stage not in OUT]
    answer = share(len(back), len(moves), "moves within the funnel", "go backward")
    if isinstance(answer, Gap):
        return replace(answer, examples=_kinds(back))
    return answer


def _kinds(moves: Sequence[tuple[StageStep, StageStep]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{a.stage} to {b.stage}" for a, b in moves))[:3]


def _rank(step: StageStep) -> int:
    return step.stage.rank if step.stage else 0


_MAP = "Add the value in the CRM (`syncd provision` can), and to the stage map in crm.yaml."
_STAGE_WORDS = {
    Stage.MQL: ("mql", "What one CRM cannot say, the other cannot hear.", _MAP, 3),
    Stage.SAL: (
        "sal",
        "Without it nobody can tell a lead that sales has taken from one that lies there.",
        _MAP,
        2,
    ),
    Stage.SQL: ("sql", "What one CRM cannot say, the other cannot hear.", _MAP, 3),
    Stage.NURTURE: (
        "nurture",
        "A lead that is not ready then has only two ways: to be chased, or thrown away.",
        _MAP,
        2,
    ),
    Stage.DISQUALIFIED: (
        "disqualified",
        "Leads that are none then stay among those that are, in every count.",
        _MAP,
        2,
    ),
    Stage.CUSTOMER: (
        "customer",
        "Marketing cannot learn from wins it is not shown.",
        _MAP,
        2,
    ),
}

CHECKS = (
    *(in_both(stage) for stage in _STAGE_WORDS),
    Check(
        id="stages-values-told",
        group=Group.STAGES,
        title="Every value on offer tells a stage",
        looks="The values of the properties that tell the stage, held against the stage map.",
        why="A lead set to such a value drops out of the funnel for everybody who counts.",
        fix="Map the value in crm.yaml, or take it off the list in the CRM.",
        weight=1,
        ask=_values_told,
    ),
    Check(
        id="stages-records-told",
        group=Group.STAGES,
        title="Every record tells its stage",
        looks="Records whose values match no line of the stage map.",
        why="Nobody can say where these leads are, so each report says something else.",
        fix="Map the values shown in crm.yaml, or correct the records.",
        weight=2,
        ask=_records_told,
    ),
    Check(
        id="stages-in-order",
        group=Group.STAGES,
        title="HubSpot's lifecycle stages stand in the funnel's order",
        looks="The order in which HubSpot lists them.",
        why="HubSpot ignores, without a word, writes that go backward in its own order.",
        fix="HubSpot > Settings > Objects > Contacts > Lifecycle stage: drag them into order.",
        weight=2,
        ask=_in_order,
    ),
    Check(
        id="stages-agree",
        group=Group.STAGES,
        title="Both CRMs show the same stage",
        looks="Leads that are in both CRMs and in the funnel: their stages side by side.",
        why="Each team reports what its own CRM shows, and both are right.",
        fix="Let syncd carry stages across (`syncd backfill` lists the differences first).",
        weight=3,
        ask=_agree,
    ),
    Check(
        id="stages-through-mql",
        group=Group.STAGES,
        title="SQLs were MQLs first",
        looks="The histories of leads that came to sql: whether mql or sal came before.",
        why="Leads that jump the line are in marketing's numbers of no month.",
        fix="Let sales-sourced leads pass mql as well, or give them a stage path of their own.",
        weight=2,
        ask=_through_mql,
    ),
    Check(
        id="stages-through-sql",
        group=Group.STAGES,
        title="Nothing becomes an opportunity without being an SQL",
        looks="The histories of converted leads and opportunities: whether sql came before.",
        why="Conversion is the one move that cannot be taken back: whatever it bypasses was never "
        "checked by anybody.",
        fix="Allow converting from the SQL status only (Setup > Lead Settings, and a validation "
        "rule: `syncd compile`).",
        weight=3,
        ask=_through_sql,
    ),
    Check(
        id="stages-no-standstill",
        group=Group.STAGES,
        title="Leads do not stand still",
        looks="Leads at sal and sql, by the time since their last move: four times the median of "
        "those that moved on is too long, if that is over two weeks.",
        why="Dead leads among living ones make every pipeline figure too good.",
        fix="Give each handoff a deadline for its disposition, and recycle what misses it.",
        weight=2,
        ask=_no_standstill,
    ),
    Check(
        id="stages-in-use",
        group=Group.STAGES,
        title="Each stage is used",
        looks="Whether any lead ever stood at mql, sal and sql.",
        why="A stage nobody uses hides a step that somebody takes all the same.",
        fix="Agree on what moves a lead there, or take the stage away.",
        weight=1,
        ask=_in_use,
    ),
    Check(
        id="stages-forward",
        group=Group.STAGES,
        title="Leads move forward, or out",
        looks="Moves to a lower stage that do not lead to nurture or disqualified.",
        why="Such a lead is counted twice on its way up, and nobody learns why it went back.",
        fix="Send leads that were taken too early to nurture, with a reason.",
        weight=1,
        ask=_forward,
    ),
)
