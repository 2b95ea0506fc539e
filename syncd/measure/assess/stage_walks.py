"""Whether leads walk the stages, alike in both CRMs. Pure."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from statistics import median

from syncd.core.value_words import counted, listed, span_words
from syncd.domain.stage import ActorKind, Stage, StageStep
from syncd.measure.assess.finding import Answer, CannotSee, Check, Gap, Group, Sound
from syncd.measure.assess.leads import (
    OUT,
    called,
    in_hand,
    is_won,
    keeps_stages,
    mqls,
    pairs,
    sqls,
    stage_now,
    stages,
)
from syncd.measure.assess.sight import LeadSight, Reading, Sight
from syncd.measure.assess.weigh import (
    FEW,
    Asked,
    commonest,
    share,
    share_of,
    share_with_cost,
    with_examples,
)
from syncd.measure.shares import Rate

_WALKED = (Stage.MQL, Stage.SAL, Stage.SQL)
_TIMES_MEDIAN, _NO_LONGER = 4, timedelta(days=14)
"""Two weeks are not yet standing still, however fast the others were."""


def _agree(sight: Sight) -> Answer:
    """Of those in the funnel on both sides: who is out or won is another check's."""
    known = [x for x in pairs(sight) if all(side.stage for side in x.sides.values())]
    return share_of(
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
        return CannotSee("too few leads ever left SAL or SQL to tell a usual time")
    limit = max(_TIMES_MEDIAN * pace, _NO_LONGER)
    held = [x for x in in_hand(sight) if stage_now(x) in (Stage.SAL, Stage.SQL) and _steps(x)]
    return share_of(
        Asked(
            of=held,
            whom="leads at SAL and SQL",
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
    if len(mqls(sight)) < FEW:
        return CannotSee(f"{counted(len(mqls(sight)), 'MQL')}: too few to tell")
    stood = Counter(
        stage for x in sight.leads for stage in stages(x) | {s.stage for s in _steps(x)}
    )
    unused = [called(x) for x in _WALKED if not stood[x]]
    if not unused:
        each = [f"{called(x)} {stood[x]:,}" for x in _WALKED]
        return Sound(f"leads that stand there, or once did: {listed(each, 'and')}")
    says = f"no lead stands at {listed(unused, 'or')}, and no history tells of one that did"
    return Gap(says=says) if keeps_stages(sight) else CannotSee(says)


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
    answer = share(Rate(len(back), len(moves)), "moves within the funnel", "go backward")
    kinds = (f"{called(a.stage)} to {called(b.stage)}" for a, b in back if a.stage and b.stage)
    return with_examples(answer, commonest(kinds))


def _rank(step: StageStep) -> int:
    return step.stage.rank if step.stage else 0


CHECKS = (
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
        looks="The histories of leads that came to SQL: whether MQL or SAL came before.",
        why="Leads that jump the line are in marketing's numbers of no month.",
        fix="Let sales-sourced leads pass MQL as well, or give them a stage path of their own.",
        weight=2,
        ask=_through_mql,
        needs=(Reading.HISTORIES,),
    ),
    Check(
        id="stages-through-sql",
        group=Group.STAGES,
        title="Nothing becomes an opportunity without being an SQL",
        looks="The histories of converted leads and opportunities: whether SQL came before.",
        why="Conversion is the one move that cannot be taken back: whatever it bypasses was never "
        "checked by anybody.",
        fix="Allow converting from the SQL status only (Setup > Lead Settings, and a validation "
        "rule: `syncd compile`).",
        weight=3,
        ask=_through_sql,
        needs=(Reading.HISTORIES,),
    ),
    Check(
        id="stages-no-standstill",
        group=Group.STAGES,
        title="Leads do not stand still",
        looks="Leads at SAL and SQL, by the time since their last move: four times the median of "
        "those that moved on is too long, if that is over two weeks.",
        why="Dead leads among living ones make every pipeline figure too good.",
        fix="Give each handoff a deadline for its disposition, and recycle what misses it.",
        weight=2,
        ask=_no_standstill,
        needs=(Reading.HISTORIES,),
    ),
    Check(
        id="stages-in-use",
        group=Group.STAGES,
        title="Each stage is used",
        looks="Whether any lead stands, or by its history once stood, at MQL, SAL and SQL.",
        why="A stage nobody uses hides a step that somebody takes all the same.",
        fix="Agree on what moves a lead there, or take the stage away.",
        weight=1,
        ask=_in_use,
        needs=(Reading.HISTORIES,),
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
        needs=(Reading.HISTORIES,),
    ),
)
