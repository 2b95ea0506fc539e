"""Words of alerts and notes: who, where, when and what was found, for reps and managers.

Wording only. CRM text is passed on raw; what shows it escapes it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from syncd.core.context import Context
from syncd.core.value_words import cut, listed, plain
from syncd.core.views import known_value, living
from syncd.domain.alert import Link
from syncd.domain.lead import Lead
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, RuleId, System
from syncd.domain.stage import Actor, ActorKind, Stage, Transition
from syncd.domain.standard import UNTOLD, Standard
from syncd.domain.verdict import Finding, Unmet, Verdict

_ACRONYMS = frozenset({Stage.MQL, Stage.SAL, Stage.SQL})


def stage_words(stage: Stage) -> str:
    if stage in _ACRONYMS:
        return stage.upper()
    return "no stage" if stage is Stage.NONE else stage.capitalize()


def stage_as_shown(stage: Stage, system: System, ctx: Context) -> str:
    """`SAL ("Working")`: with what people pick in that CRM, where it is a single value."""
    line = ctx.crm.sides[system].line_for(stage)
    values = list(line.values.values()) if line else []
    shown = f' ("{values[0]}")' if len(values) == 1 else ""
    return stage_words(stage) + shown


def name_of(lead: Lead, crm: CrmMap) -> str:
    """The person as people know them: name and company, else a record's id."""
    parts = [_text(lead, field) for field in crm.name]
    name = " ".join(part for part in parts if part)
    company = _text(lead, crm.company)
    if name and company:
        return f"{name} ({company})"
    return name or company or _record(lead)


def source_of(lead: Lead, ctx: Context) -> str:
    return _text(lead, ctx.crm.source) or "not known"


def links_to(lead: Lead, ctx: Context) -> tuple[Link, ...]:
    """To the record on every side that still has one."""
    return tuple(
        Link(label=f"Open in {x.system.label}", url=ctx.crm.sides[x.system].link(x.record_id))
        for x in living(lead)
    )


def mover(actor: Actor) -> str:
    """Who moved it, as the subject of a sentence."""
    if actor.kind is ActorKind.AUTOMATION:
        return f"An automation ({actor.label})" if actor.label else "An automation"
    return actor.label or actor.owner or "Somebody"


def move_words(move: Transition) -> str:
    return (
        f"{mover(move.actor)} moved it from {stage_words(move.from_stage)} to "
        f"{stage_words(move.to_stage)} in {move.system.label}."
    )


def local_words(instant: datetime, ctx: Context) -> str:
    """In the time people are told in who are of no team."""
    return zoned_words(instant, ctx.policy.calendar.time_zone)


def zoned_words(instant: datetime, zone: str) -> str:
    """`Tue 3 Mar 14:05 (Europe/Berlin)`."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %H:%M} ({zone})"


def gates_words(verdicts: Sequence[Verdict]) -> str:
    return listed((stage_words(v.gate) for v in verdicts), "and")


def open_findings(verdicts: Iterable[Verdict]) -> tuple[Finding, ...]:
    """What still counts against the lead, each rule once."""
    found = {f.rule: f for v in verdicts for f in v.findings if not f.waived}
    return tuple(found.values())


def finding_words(finding: Finding) -> str:
    """One finding: the rule's own words, what was seen, what is needed, how to fix it."""
    outcome = finding.outcome
    if isinstance(outcome, Unmet):
        told = f"seen {outcome.seen}, needed {outcome.needed}"
    else:
        told = f"cannot tell, because {outcome.why}"
    return f"{finding.says}: {told}. {finding.fix}".rstrip()


def missing_words(findings: Sequence[Finding]) -> str:
    """`2 things missing`."""
    return f"{len(findings)} thing{'' if len(findings) == 1 else 's'} missing"


def met_words(verdicts: Iterable[Verdict], standard: Standard) -> tuple[str, ...]:
    """The rules that hold, in their own words, each once."""
    rules: dict[RuleId, None] = dict.fromkeys(rule for v in verdicts for rule in v.met)
    return tuple(standard.rules[rule].says for rule in rules if rule in standard.rules)


def score_words(verdicts: Sequence[Verdict]) -> str | None:
    """`64 (sales-ready)`, of the latest verdict that has a score."""
    score = next((v.score for v in reversed(verdicts) if v.score), None)
    return None if score is None else f"{score.points.quantize(1):f} ({score.band})"


def judged_words(verdicts: Iterable[Verdict], standard: Standard) -> str:
    """`, judged as enterprise`; nothing where the standard holds for everybody alike."""
    names = dict.fromkeys(x.variant for x in verdicts) if standard.variants else {}
    if UNTOLD in names:
        return ", of which variant cannot be told"
    return f", judged as {listed(names, 'and')}" if names else ""


def _text(lead: Lead, field: FieldName | None) -> str:
    value = known_value(lead, field)
    return "" if value is None else cut(plain(value))


def _record(lead: Lead) -> str:
    sides = living(lead)
    return f"{sides[0].system.label} {sides[0].record_id}" if sides else "A lead that is gone"
