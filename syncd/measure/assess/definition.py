"""Whether it is written down what qualified means, and held to. Pure."""

from syncd.core.as_it_was import judged_fields
from syncd.core.doctor.facts import Unseen
from syncd.core.value_words import counted, listed
from syncd.domain.names import RuleId, System
from syncd.domain.policy import Mode
from syncd.domain.stage import Stage
from syncd.domain.standard import DecayingPoints, Gate, RuleKind, RulePoints, Standard
from syncd.measure.assess.finding import Answer, CannotSee, Check, Gap, Group, Sound
from syncd.measure.assess.sight import Sight
from syncd.measure.assess.weigh import share

_NONE = CannotSee("there is no written standard")


def _written(sight: Sight) -> Answer:
    if sight.standard is None:
        return Gap(says=sight.lacking or "there is no written standard")
    rules = counted(len(sight.standard.rules), "rule")
    return Sound(f"standard {sight.standard.version} with {rules}")


def _signed(sight: Sight) -> Answer:
    if sight.standard is None:
        return _NONE
    teams = sorted({x.team for x in sight.standard.signatures})
    by = f"standard {sight.standard.version} is signed by {listed(teams, 'and')}"
    return Sound(by) if sight.standard.is_signed() else Gap(says=by)


def _in_review(sight: Sight) -> Answer:
    if sight.standard is None:
        return _NONE
    until = sight.standard.review_by
    says = f"it was to be reviewed by {until}"
    return Gap(says=says) if sight.now.date() > until else Sound(f"its review is due on {until}")


def _fields_exist(sight: Sight) -> Answer:
    if sight.standard is None:
        return _NONE
    asked = sorted(judged_fields(sight.standard))
    lacking = [x for x in asked if not _is_there(x, sight)]
    if lacking:
        return Gap(
            says=f"{len(lacking):,} of {len(asked):,} fields it asks for are in neither CRM",
            examples=tuple(lacking),
            share=len(lacking) / len(asked),
        )
    return Sound(f"all {counted(len(asked), 'field')} it asks for are there")


def _is_there(name: str, sight: Sight) -> bool:
    spec = next((x for x in sight.crm.fields.values() if x.name == name), None)
    where = spec.properties if spec else {}
    return any(path in sight.places[system].schema for system, path in where.items())


def _fit_and_interest(sight: Sight) -> Answer:
    if sight.standard is None:
        return _NONE
    kinds = _kinds(sight.standard, sight.standard.gates[Stage.MQL])
    says = f"the gate to mql looks at {listed(sorted(kinds), 'and')}"
    both = RuleKind.FIT in kinds and kinds & {RuleKind.BEHAVIOUR, RuleKind.INTENT}
    return Sound(says) if both else Gap(says=says)


def _kinds(standard: Standard, gate: Gate) -> set[RuleKind]:
    """A score band looks at all that it gives points for."""
    points = standard.scoring.points if gate.score and standard.scoring else ()
    scored = {x.rule for x in points if isinstance(x, RulePoints)}
    kinds = {standard.rules[x].kind for x in _rules(gate) | scored}
    return kinds | {RuleKind.BEHAVIOUR for x in points if isinstance(x, DecayingPoints)}


def _rules(gate: Gate) -> set[RuleId]:
    return {*gate.all, *(gate.any.of if gate.any else ())}


def _beyond_mql(sight: Sight) -> Answer:
    if sight.standard is None:
        return _NONE
    mql, sql = sight.standard.gates[Stage.MQL], sight.standard.gates[Stage.SQL]
    more = sorted(_rules(sql) - _rules(mql))
    if more:
        return Sound(f"the gate to sql asks for {counted(len(more), 'rule')} more than that to mql")
    return Gap(says="the gate to sql asks for nothing that the gate to mql does not ask for")


def _held_to(sight: Sight) -> Answer:
    """By syncd's own modes, or by a rule of Salesforce's own."""
    modes = sight.policy.modes if sight.policy else {}
    held = [str(stage) for stage, mode in modes.items() if mode is not Mode.OBSERVE]
    if held:
        return Sound(f"the gates to {listed(held, 'and')} are held by syncd")
    rules = sight.places[System.SALESFORCE].rules
    if isinstance(rules, Unseen):
        return CannotSee(f"Salesforce's validation rules: {rules.why}")
    active = [x.name for x in rules if x.active]
    if active:
        return Sound(f"Salesforce has {counted(len(active), 'active validation rule')} of leads")
    return Gap(
        says="no gate flags or blocks, and Salesforce has no active validation rule of leads"
    )


def _meets(sight: Sight, stage: Stage) -> Answer:
    if sight.standard is None:
        return _NONE
    judged = sight.judged.get(stage)
    if judged is None:
        return CannotSee("moves are judged only with a sound policy.yaml beside the standard")
    whom = f"moves over the gate to {stage} in the last 90 days"
    return share(judged.failed, judged.moves, whom, "did not meet the standard")


def _rejections(sight: Sight) -> Answer:
    if sight.standard is None:
        return _NONE
    named = [x.says for x in sight.standard.rejections.values()]
    if len(named) > 1:
        return Sound(f"it names {len(named):,} reasons for turning a lead down")
    return Gap(says=f"it names {counted(len(named), 'reason')} for turning a lead down")


_BY_RULE = "`syncd plan --since 90d` names each such lead and rule; begin with the commonest one."
_WRITE = "Let `syncd standard draft --crm` propose one from what was won, and sign it together."

CHECKS = (
    Check(
        id="definition-written",
        group=Group.DEFINITION,
        title="It is written down what an MQL and an SQL are",
        looks="Whether standard.yaml is there and sound.",
        why="What is not written means something else to each of two teams.",
        fix=_WRITE,
        weight=3,
        ask=_written,
    ),
    Check(
        id="definition-signed",
        group=Group.DEFINITION,
        title="Both teams have signed it",
        looks="The signatures in standard.yaml, to exactly this content.",
        why="A definition one side has not agreed to is the other side's opinion.",
        fix="`syncd standard sign`, once for marketing and once for sales.",
        weight=3,
        ask=_signed,
    ),
    Check(
        id="definition-in-review",
        group=Group.DEFINITION,
        title="It is not past its review",
        looks="review_by in standard.yaml.",
        why="Markets move on; a definition nobody looks at any more is kept by nobody.",
        fix="Meet, hold it against `syncd backtest --crm`, set review_by anew, and sign.",
        weight=2,
        ask=_in_review,
    ),
    Check(
        id="definition-fields-exist",
        group=Group.DEFINITION,
        title="Every field it asks for is in a CRM",
        looks="Each field the standard names, in the field lists of both CRMs.",
        why="A rule over a field nobody can fill can never be met.",
        fix="`syncd provision` makes fields that are missing; or take the rule out.",
        weight=3,
        ask=_fields_exist,
    ),
    Check(
        id="definition-fit-and-interest",
        group=Group.DEFINITION,
        title="An MQL is told by fit and by interest",
        looks="The kinds of the rules and of the points that the gate to mql looks at.",
        why="The right company that wants nothing, and a student who downloads all, are no leads.",
        fix="Give the gate to mql a rule of the kind it lacks.",
        weight=2,
        ask=_fit_and_interest,
    ),
    Check(
        id="definition-beyond-mql",
        group=Group.DEFINITION,
        title="An SQL is more than an MQL",
        looks="Rules of the gate to sql that the gate to mql does not have.",
        why="Two names for one thing: the conversion between them then measures clicking.",
        fix="Ask at the gate to sql for what sales finds out by talking.",
        weight=2,
        ask=_beyond_mql,
    ),
    Check(
        id="definition-held-to",
        group=Group.DEFINITION,
        title="Something holds people to it",
        looks="modes in policy.yaml, else the active validation rules of Salesforce's leads.",
        why="A rule without a guard is kept on good days.",
        fix="Set the gates to flag in policy.yaml; look at `syncd plan` before they block.",
        weight=2,
        ask=_held_to,
    ),
    Check(
        id="definition-mqls-meet-it",
        group=Group.DEFINITION,
        title="MQLs meet the standard",
        looks="Each move over the gate to mql in 90 days, judged with the values of that time.",
        why="Marketing is held to the definition exactly as sales is.",
        fix=_BY_RULE,
        weight=3,
        ask=lambda sight: _meets(sight, Stage.MQL),
    ),
    Check(
        id="definition-sqls-meet-it",
        group=Group.DEFINITION,
        title="SQLs meet the standard",
        looks="Each move over the gate to sql in 90 days, judged with the values of that time.",
        why="An SQL that is none fills a pipeline nobody can close.",
        fix=_BY_RULE,
        weight=3,
        ask=lambda sight: _meets(sight, Stage.SQL),
    ),
    Check(
        id="definition-reasons-named",
        group=Group.DEFINITION,
        title="It names the reasons for turning a lead down",
        looks="rejections in standard.yaml.",
        why="Without a list everybody has words of their own, and nothing can be counted.",
        fix="List the reasons under rejections in standard.yaml, five to eight of them.",
        weight=2,
        ask=_rejections,
    ),
)
