"""Leads for guards to be tried on: a standard, Salesforce records as the API shows them, and what
`judge` says of them.

Every value is drawn from around what the rule asks for, spelled as Salesforce spells it; the
canonical value that is judged comes of reading that with the core's own reader.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from core_cases import POLICY, plain_side
from core_cases import standard as core_standard

from syncd.compile.formula_guards import Guard, Guards, Source, compile_guards
from syncd.compile.formula_moves import property_types
from syncd.core.judge import Case, Judge
from syncd.core.spelling import read_value
from syncd.core.stages import read_stage
from syncd.domain.mapping import CrmMap, Mark
from syncd.domain.names import FieldName, LeadId, RuleId, System, TransitionId
from syncd.domain.policy import Mode
from syncd.domain.record import Directory
from syncd.domain.stage import Stage, StageLine
from syncd.domain.standard import (
    Band,
    BandName,
    Condition,
    Gate,
    Rule,
    RuleKind,
    RulePoints,
    Scoring,
    SomeOf,
    Standard,
    Variant,
)
from syncd.domain.values import Direction, FieldSpec, FieldType, Seen, Unreadable
from syncd.domain.verdict import Result, Waiver

NOW = datetime(2026, 11, 22, 9, 30, 15, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 21, 45, 0, tzinfo=UTC)
"""Already tomorrow in the east, as NOW is still yesterday in the far west."""
SIGNED = core_standard()
NOBODY = Directory(by_id={}, by_user_id={}, by_owner={})
_LEAD = LeadId("lead-1")
LINES = (
    StageLine(
        stage=Stage.CUSTOMER,
        values={"IsConverted": "true", "ConvertedOpportunity.IsWon": "true"},
        read_only=True,
    ),
    StageLine(stage=Stage.OPPORTUNITY, values={"IsConverted": "true"}, read_only=True),
    StageLine(stage=Stage.SQL, values={"Status": "Sales Qualified"}),
    StageLine(stage=Stage.SAL, values={"Status": "Working"}),
    StageLine(stage=Stage.MQL, values={"Status": "Marketing Qualified"}),
    StageLine(stage=Stage.LEAD, values={"Status": "Open"}),
    StageLine(stage=Stage.NURTURE, values={"Status": "Nurture"}),
)
_MARKS = {Mark.WAIVED: FieldType.STRING, Mark.WAIVED_UNTIL: FieldType.DATETIME}


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One save of one record: what it shows, what it showed, whose it is, what was waived."""

    shows: Mapping[str, Any]
    before: Mapping[str, Any]
    is_new: bool = False
    by_who_may_pass: bool = False
    waivers: tuple[Waiver, ...] = ()
    now: datetime = NOW


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a kind of rule is tried with. `values` are spellings to draw from, by property."""

    name: str
    source: Source
    values: Mapping[str, Sequence[Any]]
    plain: bool = True
    """Saves are moves into the gate by somebody else; else anything may happen."""
    judge: Judge = field(init=False)
    compiled: Guards = field(init=False)

    def __post_init__(self) -> None:
        compiled = compile_guards(self.source)
        object.__setattr__(self, "compiled", compiled)
        object.__setattr__(self, "judge", Judge(_held_natively(self.source.standard, compiled)))

    @property
    def guards(self) -> tuple[Guard, ...]:
        return self.compiled.guards


def _held_natively(standard: Standard, compiled: Guards) -> Standard:
    """Without the scores that are listed as held by the daemon only: these are not compared."""
    listed = {x.gate for x in compiled.held if x.what.startswith("score ")}
    gates = {
        stage: replace(gate, score=None) if stage in listed else gate
        for stage, gate in standard.gates.items()
    }
    return replace(standard, gates=gates)


def crm_of(specs: Sequence[FieldSpec], lines: tuple[StageLine, ...] = LINES) -> CrmMap:
    side = replace(
        plain_side(System.SALESFORCE, lines),
        fixed_when={"IsConverted": "the lead is converted"},
        kind="Lead",
    )
    crm = CrmMap(
        sides={System.SALESFORCE: side, System.HUBSPOT: plain_side(System.HUBSPOT, ())},
        fields={x.name: x for x in specs},
        marks={},
        name=(),
        company=None,
        source=None,
    )
    return with_marks(crm)


def with_marks(crm: CrmMap) -> CrmMap:
    """With the fields in which waivers are shown."""
    marks = {mark: FieldName(f"syncd_{mark}") for mark in _MARKS}
    shown = {
        name: FieldSpec(
            name=name,
            type=_MARKS[mark],
            properties={System.SALESFORCE: f"Syncd_{mark.title()}__c"},
            options={},
        )
        for mark, name in marks.items()
    }
    return replace(crm, fields={**crm.fields, **shown}, marks={**crm.marks, **marks})


def spec_of(
    kind: FieldType,
    name: str = "seen",
    *,
    options: Mapping[str, str] | None = None,
    direction: Direction = Direction.BOTH,
    path: str = "",
) -> FieldSpec:
    return FieldSpec(
        name=FieldName(name),
        type=kind,
        properties={System.SALESFORCE: path or f"{name.title()}__c", System.HUBSPOT: name},
        direction=direction,
        options={System.SALESFORCE: options} if options else {},
    )


def rule_of(name: str, condition: Condition) -> Rule:
    return Rule(id=RuleId(name), kind=RuleKind.FIT, says=name, fix="Mend it.", condition=condition)


def standard_of(
    rules: Sequence[Rule],
    gate: Gate,
    *,
    scoring: Scoring | None = None,
    variants: tuple[Variant, ...] = (),
) -> Standard:
    return Standard(
        version="1",
        review_by=date(2027, 6, 30),
        signatures=SIGNED.signatures,
        rules={x.id: x for x in rules},
        gates={gate.stage: gate},
        scoring=scoring,
        variants=variants,
    )


def gate_of(*all_of: str, some: tuple[int, Sequence[str]] | None = None) -> Gate:
    group = SomeOf(at_least=some[0], of=tuple(map(RuleId, some[1]))) if some else None
    return Gate(stage=Stage.SQL, all=tuple(map(RuleId, all_of)), any=group)


def scoring_of(points: Mapping[str, int], *, minimum: int) -> Scoring:
    return Scoring(
        points=tuple(RulePoints(rule=RuleId(x), points=Decimal(n)) for x, n in points.items()),
        bands=(
            Band(name=BandName.NURTURE, minimum=Decimal(-100)),
            Band(name=BandName.WARM, minimum=Decimal(minimum)),
            Band(name=BandName.SALES_READY, minimum=Decimal(minimum + 10)),
        ),
    )


def source_of(standard: Standard, crm: CrmMap) -> Source:
    policy = replace(POLICY, modes=dict.fromkeys(standard.gates, Mode.BLOCK))
    return Source(standard=standard, policy=policy, crm=crm)


def one_rule(
    name: str, specs: Sequence[FieldSpec], condition: Condition, values: Mapping[str, Sequence[Any]]
) -> Setting:
    standard = standard_of([rule_of("it", condition)], gate_of("it"))
    return Setting(name=name, source=source_of(standard, crm_of(specs)), values=values)


def trials(setting: Setting, count: int, *, seed: int = 1) -> Iterator[Trial]:
    rng = Random(f"{setting.name} {seed}")  # the same draws every time
    for _ in range(count):
        yield _trial(setting, rng)


def _trial(setting: Setting, rng: Random) -> Trial:
    base: dict[str, Any] = {"Status": "Sales Qualified", "IsConverted": False}
    shows = base | {path: rng.choice(values) for path, values in setting.values.items()}
    before = {**shows, "Status": "Open"}
    if setting.plain:
        now = rng.choice((NOW, LATER))
        return Trial(shows=_marked(shows, ()), before=_marked(before, ()), now=now)
    side = setting.source.crm.sides[System.SALESFORCE]
    for path in {path for line in side.stages for path in line.values if "." not in path}:
        told = (x.values[path] for x in side.stages if path in x.values)
        spelled: tuple[Any, ...] = (*dict.fromkeys(told), "", "Something else")
        if row_types(setting.source)[path] is FieldType.BOOLEAN:
            spelled = (True, False)
        if path != "IsConverted":
            shows[path], before[path] = rng.choice(spelled), rng.choice(spelled)
    if rng.random() < 0.6:
        shows["Status"], before["Status"] = "Sales Qualified", "Open"
    shows["IsConverted"] = rng.random() < 0.1
    is_new = rng.random() < 0.2
    waivers = tuple(_waivers(setting, rng))
    return Trial(
        shows=_marked(shows, waivers),
        before=_marked(shows if is_new else before, waivers),
        is_new=is_new,
        by_who_may_pass=rng.random() < 0.1,
        waivers=waivers,
    )


def _waivers(setting: Setting, rng: Random) -> Iterator[Waiver]:
    """At most one, so that what is written onto the record says the same."""
    if rng.random() < 0.6:
        return
    rules = (*setting.source.standard.rules, RuleId("score"))
    yield Waiver(
        id="w",
        lead_id=_LEAD,
        gate=rng.choice((Stage.SQL, Stage.SQL, Stage.MQL)),
        rules=tuple(rng.sample(rules, rng.randint(1, min(len(rules), 4)))),
        reason="",
        by="",
        cycle=1,
        granted_at=NOW,
        expires_at=NOW + timedelta(seconds=rng.choice((-86_400, -1, 0, 1, 86_400))),
    )


def _marked(shows: Mapping[str, Any], waivers: tuple[Waiver, ...]) -> dict[str, Any]:
    named = "".join(f"{x.gate}/{rule};" for x in waivers for rule in x.rules)
    until = waivers[0].expires_at.isoformat() if waivers else None
    return {**shows, "Syncd_Waived__c": named, "Syncd_Waived_Until__c": until}


def refused(setting: Setting, trial: Trial) -> bool:
    """What the standard says: the save enters the gate and certainly fails it."""
    crm, standard = setting.source.crm, setting.source.standard
    if trial.shows["IsConverted"] or trial.by_who_may_pass:
        return False
    lines = crm.sides[System.SALESFORCE].stages
    none = {"ConvertedOpportunity.IsWon": None}
    start = Stage.NONE if trial.is_new else read_stage(dict(trial.before) | none, lines)
    end = read_stage(dict(trial.shows) | none, lines)
    if isinstance(start, Unreadable) or isinstance(end, Unreadable):
        return False
    values = {
        x.name: _seen(x, trial)
        for x in crm.fields.values()
        if x.properties.get(System.SALESFORCE) in trial.shows
    }
    case = Case(
        transition=TransitionId("t"),
        lead_id=_LEAD,
        cycle=1,
        values=values,
        now=trial.now,
        waivers=trial.waivers,
    )
    return any(
        setting.judge.judge(gate, case).result is Result.FAILS
        for gate in standard.gates
        if start.rank < gate.rank <= end.rank
    )


def _seen(spec: FieldSpec, trial: Trial) -> Seen:
    """As syncd reads it; an empty field that HubSpot may fill tells nothing."""
    raw = trial.shows[spec.properties[System.SALESFORCE]]
    seen = read_value(raw, spec, System.SALESFORCE, NOBODY)
    reaches = spec.direction.reaches(System.SALESFORCE)
    if seen is None and System.HUBSPOT in spec.properties and not reaches:
        return Unreadable(why="HubSpot may hold it")
    return seen


def row_types(source: Source) -> Mapping[str, FieldType]:
    """The types of every Salesforce field a formula may name."""
    return property_types(source.crm)


def python_row(trial: Trial, types: Mapping[str, FieldType]) -> dict[str, Any]:
    """The record as the interpreter in `formula_interpreter` takes it."""
    row = {path: _PYTHON.get(types[path], _same)(value) for path, value in trial.shows.items()}
    row |= {f"PRIORVALUE({path})": value for path, value in trial.before.items()}
    return row | {"ISNEW()": trial.is_new, "$Permission.Syncd_Bypass": trial.by_who_may_pass}


def _same(value: Any) -> Any:
    return value


def _numeric(value: Any) -> Any:
    return None if value is None else Decimal(str(value))


def _dated(value: Any) -> Any:
    return date.fromisoformat(value) if value else None


def _timed(value: Any) -> Any:
    return datetime.fromisoformat(value) if value else None


_PYTHON: Mapping[FieldType, Callable[[Any], Any]] = {
    FieldType.INTEGER: _numeric,
    FieldType.NUMBER: _numeric,
    FieldType.CURRENCY: _numeric,
    FieldType.DATE: _dated,
    FieldType.DATETIME: _timed,
}
