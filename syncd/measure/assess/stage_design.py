"""Whether both CRMs can tell the same stages. Pure."""

from syncd.core.doctor.stages import LIFECYCLE, inversions
from syncd.core.value_words import counted, listed
from syncd.domain.mapping import SideMap
from syncd.domain.names import System
from syncd.domain.record import Schema
from syncd.domain.stage import Stage, StageLine
from syncd.measure.assess.finding import Answer, CannotSee, Check, Gap, Group, Sound
from syncd.measure.assess.guess import is_conversion
from syncd.measure.assess.leads import called
from syncd.measure.assess.sight import Sight
from syncd.measure.assess.weigh import share, with_examples
from syncd.measure.shares import Rate

_NO_FUNNEL = "other"
"""HubSpot's own word for who is in no funnel."""


def in_both(stage: Stage) -> "Check":
    """One check for each stage that both teams have to be able to see."""
    name, why, fix, weight = _STAGE_WORDS[stage]
    return Check(
        id=f"stages-{name}-in-both",
        group=Group.STAGES,
        title=f"Both CRMs can say {called(stage)}",
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
        return Gap(says=f"no value of {listed(sorted(lacking), 'and')} means {called(stage)}")
    return Sound(f"both have a value for {called(stage)}")


def _offered(line: StageLine, schema: Schema) -> bool:
    """A value of a property without a list of options is believed."""
    return all(
        "." in name or not value or (name in schema and value in (schema[name].offered or (value,)))
        for name, value in line.values.items()
    )


def _values_told(sight: Sight) -> Answer:
    on_offer = [
        (system, name, value)
        for system, side in sight.crm.sides.items()
        for name, offered in _choices(side, sight.places[system].schema).items()
        for value in offered
        if value != _NO_FUNNEL and not is_conversion(value)
    ]
    lost = [
        f"{system.label} {name}: {value}"
        for system, name, value in on_offer
        if not _is_told(name, value, sight.crm.sides[system])
    ]
    if not on_offer:
        return CannotSee("neither CRM shows us what can be chosen where a stage is told")
    if lost:
        says = f"no stage is told by {counted(len(lost), 'value')} on offer"
        return Gap(says=says, examples=tuple(lost))
    return Sound(f"all {counted(len(on_offer), 'value')} on offer tell one")


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
    lost = [f"{s.label}: {x.spelled}" for s, x in sides if x.stage is None]
    answer = share(Rate(len(lost), len(sides)), "records", "have values that tell no stage")
    return with_examples(answer, lost)


def _in_order(sight: Sight) -> Answer:
    schema, side = _hubspot(sight)
    offered = schema[LIFECYCLE].offered if LIFECYCLE in schema else ()
    if not offered:
        return CannotSee("HubSpot shows no order of lifecycle stages")
    wrong = [f"{low} after {high}" for low, high in inversions(offered, side, LIFECYCLE)]
    if wrong:
        return Gap(says="HubSpot lists a lower stage after a higher one", examples=tuple(wrong))
    return Sound(f"listed as {', '.join(offered)}")


def _hubspot(sight: Sight) -> tuple[Schema, SideMap]:
    return sight.places[System.HUBSPOT].schema, sight.crm.sides[System.HUBSPOT]


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
)
