"""Whether it is written down what qualified means, and held to. Pure."""

from syncd.core.as_it_was import judged_fields
from syncd.core.doctor.facts import Unseen
from syncd.core.signing import reasons_not_in_force
from syncd.core.value_words import counted, listed
from syncd.domain.names import FieldName, RuleId, System
from syncd.domain.policy import Mode
from syncd.domain.stage import Stage
from syncd.domain.standard import TEAMS, DecayingPoints, Gate, RuleKind, RulePoints, Standard
from syncd.measure.assess.finding import Answer, CannotSee, Check, Gap, Group, Sound
from syncd.measure.assess.leads import called, unshown
from syncd.measure.assess.papers import by_standard
from syncd.measure.assess.sight import LOOK_BACK, Judged, Reading, Sight
from syncd.measure.assess.weigh import TOLERATED, share
from syncd.measure.shares import Rate

_NAMED = 5


def _written(sight: Sight) -> Answer:
    if sight.standard is None:
        return Gap(says=f"no definition is written: {sight.lacking or 'there is no standard'}")
    rules = counted(len(sight.standard.rules), "rule")
    return Sound(f"standard {sight.standard.version} with {rules}")


def _signed(standard: Standard, _: Sight) -> Answer:
    if standard.is_signed():
        return Sound(f"standard {standard.version} is signed by {listed(TEAMS, 'and')}")
    # by the day of its review it is not yet past it: that is the next check's
    missing = reasons_not_in_force(standard, today=standard.review_by)
    return Gap(says=f"standard {standard.version}: {'; '.join(missing)}")


def _in_review(standard: Standard, sight: Sight) -> Answer:
    until = standard.review_by
    says = f"it was to be reviewed by {until}"
    return Gap(says=says) if sight.now.date() > until else Sound(f"its review is due on {until}")


def _fields_exist(standard: Standard, sight: Sight) -> Answer:
    asked = sorted(judged_fields(standard))
    lacking = [x for x in asked if not _is_there(x, sight)]
    if lacking:
        return Gap(
            says=f"{len(lacking):,} of {counted(len(asked), 'field')} it asks for are shown to us "
            "by neither CRM",
            examples=tuple(lacking),
            rate=Rate(len(lacking), len(asked)),
        )
    return Sound(f"all {counted(len(asked), 'field')} it asks for are there")


def _is_there(name: str, sight: Sight) -> bool:
    spec = sight.crm.fields.get(FieldName(name))
    return spec is not None and len(unshown(spec, sight)) < len(spec.properties)


def _fit_and_interest(standard: Standard, _: Sight) -> Answer:
    kinds = _kinds(standard, standard.gates[Stage.MQL])
    says = f"the gate to MQL looks at {listed(sorted(kinds), 'and')}"
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


def _beyond_mql(standard: Standard, _: Sight) -> Answer:
    mql, sql = standard.gates[Stage.MQL], standard.gates[Stage.SQL]
    more = sorted(_rules(sql) - _rules(mql))
    if more:
        return Sound(f"the gate to SQL asks for {counted(len(more), 'rule')} more than that to MQL")
    return Gap(says="the gate to SQL asks for nothing that the gate to MQL does not ask for")


def _held_to(sight: Sight) -> Answer:
    """By syncd's own modes. What a rule of Salesforce's own is about, nobody here reads."""
    modes = sight.policy.modes if sight.policy else {}
    held = [called(stage) for stage, mode in modes.items() if mode is not Mode.OBSERVE]
    if held:
        return Sound(f"policy.yaml has the gates to {listed(held, 'and')} flag or block")
    rules = sight.places[System.SALESFORCE].rules
    if isinstance(rules, Unseen):
        return CannotSee(f"Salesforce's validation rules: {rules.why}")
    active = [x.name for x in rules if x.active]
    if active:
        return CannotSee(
            f"no gate flags or blocks. Salesforce has {counted(len(active), 'active rule')} of "
            f"leads ({listed(active[:_NAMED], 'and')}{', …' if len(active) > _NAMED else ''}): "
            "whether they hold anybody to it is for you to read"
        )
    return Gap(
        says="no gate flags or blocks, and Salesforce has no active validation rule of leads"
    )


def _meets(sight: Sight, stage: Stage) -> Answer:
    if sight.standard is None or sight.policy is None:
        return CannotSee("moves are judged only by a sound standard.yaml and policy.yaml")
    judged = sight.judged.get(stage, Judged(0, 0))
    whom = f"moves over the gate to {called(stage)} in the CRMs' histories of {LOOK_BACK.days} days"
    answer = share(
        Rate(judged.failed, judged.moves), whom, f"fail the standard of today{_rest(judged)}"
    )
    if isinstance(answer, Sound) and judged.failed + judged.untold > TOLERATED * judged.moves:
        return CannotSee(answer.says)
    return answer


def _rest(judged: Judged) -> str:
    """Of a move that passes for all that is known, and might fail for what is not."""
    return f", and of {judged.untold:,} nobody can tell" if judged.untold else ""


def _rejections(standard: Standard, _: Sight) -> Answer:
    named = [x.says for x in standard.rejections.values()]
    if len(named) > 1:
        return Sound(f"it names {len(named):,} reasons for turning a lead down")
    return Gap(says=f"it names {counted(len(named), 'reason')} for turning a lead down")


_MOVES = (
    "Each move over the gate to {gate} in 90 days that either CRM's history tells of, those before "
    "syncd was there included, judged by the standard of today with the values of that time. "
    "Waivers, grace and cool-offs are not known here. The report counts syncd's own verdicts of "
    "one period instead, so its numbers are others."
)
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
        ask=by_standard(_signed),
    ),
    Check(
        id="definition-in-review",
        group=Group.DEFINITION,
        title="It is not past its review",
        looks="The date review_by in standard.yaml.",
        why="Markets move on; a definition nobody looks at any more is kept by nobody.",
        fix="Meet, hold it against `syncd backtest --crm`, set review_by anew, and sign.",
        weight=2,
        ask=by_standard(_in_review),
    ),
    Check(
        id="definition-fields-exist",
        group=Group.DEFINITION,
        title="Every field it asks for is in a CRM",
        looks="Each field the standard names, in the field lists of both CRMs.",
        why="A rule over a field nobody can fill can never be met.",
        fix="`syncd provision` makes fields that are missing; or take the rule out.",
        weight=3,
        ask=by_standard(_fields_exist),
    ),
    Check(
        id="definition-fit-and-interest",
        group=Group.DEFINITION,
        title="An MQL is told by fit and by interest",
        looks="The kinds of the rules and of the points that the gate to MQL looks at.",
        why="The right company that wants nothing, and a student who downloads all, are no leads.",
        fix="Give the gate to MQL a rule of the kind it lacks.",
        weight=2,
        ask=by_standard(_fit_and_interest),
    ),
    Check(
        id="definition-beyond-mql",
        group=Group.DEFINITION,
        title="An SQL is more than an MQL",
        looks="Rules of the gate to SQL that the gate to MQL does not have.",
        why="Two names for one thing: the conversion between them then measures clicking.",
        fix="Ask at the gate to SQL for what sales finds out by talking.",
        weight=2,
        ask=by_standard(_beyond_mql),
    ),
    Check(
        id="definition-held-to",
        group=Group.DEFINITION,
        title="Something holds people to it",
        looks="What stands under modes in policy.yaml, else whether Salesforce has any active "
        "validation rule of leads.",
        why="A rule without a guard is kept on good days.",
        fix="Set the gates to flag in policy.yaml; look at `syncd plan` before they block.",
        weight=2,
        ask=_held_to,
    ),
    Check(
        id="definition-mqls-meet-it",
        group=Group.DEFINITION,
        title="MQLs meet the standard",
        looks=_MOVES.format(gate="MQL"),
        why="Marketing is held to the definition exactly as sales is.",
        fix=_BY_RULE,
        weight=3,
        ask=lambda sight: _meets(sight, Stage.MQL),
        needs=(Reading.HISTORIES,),
    ),
    Check(
        id="definition-sqls-meet-it",
        group=Group.DEFINITION,
        title="SQLs meet the standard",
        looks=_MOVES.format(gate="SQL"),
        why="An SQL that is none fills a pipeline nobody can close.",
        fix=_BY_RULE,
        weight=3,
        ask=lambda sight: _meets(sight, Stage.SQL),
        needs=(Reading.HISTORIES,),
    ),
    Check(
        id="definition-reasons-named",
        group=Group.DEFINITION,
        title="It names the reasons for turning a lead down",
        looks="What stands under rejections in standard.yaml.",
        why="Without a list everybody has words of their own, and nothing can be counted.",
        fix="List the reasons under rejections in standard.yaml, five to eight of them.",
        weight=2,
        ask=by_standard(_rejections),
    ),
)
