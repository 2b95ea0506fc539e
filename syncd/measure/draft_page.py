"""A draft as the text of a standard.yaml: every line with the evidence behind it, unsigned.

Text only. What it says must be valid for `syncd check`; what it means people decide.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from textwrap import wrap

from syncd.core.value_words import counted
from syncd.domain.names import FieldName
from syncd.domain.standard import (
    AtLeast,
    AtMost,
    Between,
    Blank,
    Is,
    Matches,
    NoneOf,
    OneOf,
    Present,
    RuleKind,
    Test,
    Within,
)
from syncd.domain.values import Value
from syncd.errors import PermanentError
from syncd.measure.backtest_words import percent, points, points_between, times, with_n
from syncd.measure.draft import Draft, Found
from syncd.measure.draft_gates import GateDraft, ScoreDraft
from syncd.measure.draft_patterns import MOST_CONDITIONS
from syncd.measure.draft_split import OLDER_SHARE
from syncd.measure.draft_words import fix_for, sentence
from syncd.measure.rates import ENOUGH_EXPECTED, ENOUGH_LEADS

REVIEW_AFTER = timedelta(days=182)
_WIDTH = 96
_KINDS = {
    RuleKind.FIT: "fit: is this somebody we can serve?",
    RuleKind.BEHAVIOUR: "behaviour: have they shown interest, and lately?",
    RuleKind.INTENT: "intent: do they want something from us?",
    RuleKind.COMMERCIAL: "commercial: can they buy?",
}


def page(found: Draft, now: datetime) -> str:
    """PermanentError where there is no rule to propose."""
    if not found.rules:
        raise PermanentError(nothing_found(found))
    return "\n".join(_lines(found, now)) + "\n"


def nothing_found(found: Draft) -> str:
    return (
        f"nothing surely separates won from the rest among {found.older.n + found.newer.n:,} leads "
        f"of {found.source} ({found.tried:,} conditions looked at): no standard is proposed. More "
        "leads, more fields or another --horizon may tell more"
    )


def _lines(found: Draft, now: datetime) -> Iterator[str]:
    yield from _comment(_top(found, now))
    yield ""
    yield f'version: "draft-{now:%Y-%m-%d}"'
    yield f"review_by: {(now + REVIEW_AFTER):%Y-%m-%d}"
    yield from _comment(
        ["Unsigned: no gate blocks before marketing and sales have both signed it."]
    )
    yield "signed: []"
    yield ""
    yield "rules:"
    for kind, says in _KINDS.items():
        yield from _rules_of(kind, says, found)
    if found.score:
        yield from _score(found.score, found)
    yield from _gates(found)
    yield from _rejections()


# --- the top --------------------------------------------------------------------------------


def _top(found: Draft, now: datetime) -> Iterator[str]:
    yield "A PROPOSAL, worked out backwards from leads that were won. It proposes; people decide."
    yield (
        "Kinds, sentences, fixes and gates are guesses: correct them, throw out what you do not "
        "believe, add what the figures cannot know. Then: syncd check, syncd backtest, and both "
        "teams sign."
    )
    yield ""
    yield from evidence(found, now)
    yield ""
    yield from left_out(found)


def evidence(found: Draft, now: datetime) -> Iterator[str]:
    """What was read, and how what is said here was found."""
    days, part = found.span.days, f"{100 * OLDER_SHARE:.0f} %"
    yield f"Made on {now:%Y-%m-%d} from {found.source}."
    yield (
        f"Won: within {days} days of the move to sales. Leads that have not had {days} days by "
        f"{found.split.horizon.known_until:%Y-%m-%d} are left out, however they ended."
    )
    yield (
        f"Fitted on the older {part} ({with_n(found.older)} won, moved before "
        f"{found.split.newer_from:%Y-%m-%d}); every figure below is of the newer part alone "
        f"({with_n(found.newer)} won)."
    )
    yield (
        f"{counted(found.tried, 'condition')} looked at, the best of each field kept. p is "
        "Fisher's exact test, one-sided, corrected for all that were looked at together "
        "(Benjamini–Hochberg). Below 0.2 among the older leads is tried on the newer, below 0.05 "
        "there is proposed."
    )
    yield (
        "It shows what went together with winning, not what makes leads win; leads that sales "
        "never got are not in it."
    )


def left_out(found: Draft) -> Iterator[str]:
    """What was refused, dropped or could not be told, and why."""
    for field, why in found.refused.items():
        yield f"Refused: {field}: {why}. --force-field {field} counts it all the same."
    for field, why in found.forced.items():
        yield f"Forced: {field} counts, though it is {why}."
    for one in found.redundant:
        yield (
            f"Dropped: {sentence(one.found.condition)}: tells nothing beside {one.beside} "
            f"(correlation {one.correlation:.2f}; by itself {figures(one.found)})."
        )
    for each in found.unconfirmed:
        yield (
            f"Not confirmed: {sentence(each.condition)}: parted the older leads, but not surely "
            f"the newer ones ({figures(each)})."
        )
    if found.too_few:
        yield (
            f"Too few to say (under {ENOUGH_LEADS} leads on a side, or chance alone puts under "
            f"{ENOUGH_EXPECTED} in a cell): {_names(found.too_few)}."
        )
    if found.weaker:
        yield (
            f"Not tried on the newer leads, as {MOST_CONDITIONS} others part the older ones more: "
            f"{_names(found.weaker)}."
        )
    if found.nothing:
        yield f"No difference to speak of: {_names(found.nothing)}."
    yield from found.notes


def _names(fields: Iterable[FieldName]) -> str:
    return ", ".join(sorted(fields))


def figures(found: Found) -> str:
    """The newer part's evidence, in one line."""
    newer = found.newer
    return (
        f"{with_n(newer.met)} won where met, {with_n(newer.unmet)} where not; lift "
        f"{times(newer.lift)}, difference {points(newer.difference)} points, 95 % interval "
        f"{points_between(newer.difference_interval)}, p {found.p:.2g}"
    )


# --- rules ----------------------------------------------------------------------------------


def _rules_of(kind: RuleKind, says: str, found: Draft) -> Iterator[str]:
    rules = [x for x in found.rules if x.kind is kind]
    if rules:
        yield ""
        yield f"  # --- {says} (kind guessed from the field) ---"
    for rule in rules:
        yield ""
        yield from _comment(_evidence_of(rule, found), "  ")
        yield f"  - id: {rule.id}"
        yield f"    kind: {kind}"
        yield f"    says: {_quoted(sentence(rule.condition))}"
        yield f"    field: {rule.condition.field}"
        yield f"    {_test(rule.condition.test)}"
        yield f"    fix: {_quoted(fix_for(rule.condition, kind))}"


def _evidence_of(rule: Found, found: Draft) -> Iterator[str]:
    place = found.rules.index(rule) + 1
    yield f"{place} of {len(found.rules)} by what is sure. {figures(rule)}."
    yield (
        f"The best of {counted(rule.looked_at, 'condition')} on {rule.condition.field}; older "
        f"leads: lift {times(rule.older.lift)}, {with_n(rule.older.met)} against "
        f"{with_n(rule.older.unmet)}."
    )
    if rule.as_of_now:
        yield (
            "AS OF NOW: these are values of the day of the export, not of the move. What was "
            "filled in since flatters the rule."
        )
    if rule.condition.field in found.forced:
        yield f"FORCED: {found.forced[rule.condition.field]}."


def _test(test: Test) -> str:
    match test:
        case Present():
            return "present: true"
        case Is(value=value):
            return f"is: {_scalar(value)}"
        case OneOf(allowed=values):
            return f"one_of: [{', '.join(map(_scalar, values))}]"
        case NoneOf(refused=values):
            return f"none_of: [{', '.join(map(_scalar, values))}]"
        case AtLeast(minimum=low):
            return f"at_least: {_scalar(low)}"
        case AtMost(maximum=high):
            return f"at_most: {_scalar(high)}"
        case Within(last=timedelta() as last):
            return f"within: {{last: {counted(last.days, 'day')}}}"
        case Within(next=timedelta() as ahead):
            return f"within: {{next: {counted(ahead.days, 'day')}}}"
        case Blank() | Between() | Matches() | Within():
            raise ValueError(f"a draft never proposes {test}")


def _scalar(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return _quoted(str(value))


def _quoted(text: str) -> str:
    """As JSON writes it, which YAML reads."""
    return json.dumps(text, ensure_ascii=False)


# --- score and gates ------------------------------------------------------------------------


def _score(score: ScoreDraft, found: Draft) -> Iterator[str]:
    lifts = {x.id: x.older.lift for x in found.rules}
    nurture, warm, ready = score.bands
    yield ""
    yield from _comment(
        [
            "Points by the logarithm of the lift among the older leads, together about 100; bands "
            "where they part winners from the rest best. The newer leads: "
            f"nurture {with_n(nurture)} won, warm {with_n(warm)}, sales-ready {with_n(ready)}."
        ]
    )
    yield "score:"
    yield "  points:"
    for rule, many in score.points.items():
        yield f"    - {{rule: {rule}, points: {many}}}  # lift {times(lifts[rule])}"
    yield "  bands:"
    yield "    nurture: {from: 0}"
    yield f"    warm: {{from: {score.warm}}}"
    yield f"    sales-ready: {{from: {score.ready}}}"


def _gates(found: Draft) -> Iterator[str]:
    yield ""
    yield from _comment(
        [
            "Gates: under `all` what nearly every winner met, under `any` enough of the rest. "
            "`mql` asks for fit and behaviour, `sql` for what sales learns in the conversation."
        ]
    )
    yield "gates:"
    yield from _gate("mql", found.mql, found)
    yield from _gate("sql", found.sql, found)


def _gate(stage: str, gate: GateDraft | None, found: Draft) -> Iterator[str]:
    if gate is None:
        yield from _gate_for_want(stage, found)
        return
    passing, kept = gate.newer, gate.kept
    yield from _comment(
        [
            f"Of the newer leads {passing.met.n:,} pass ({percent(passing.met.share)} won) and "
            f"{passing.unmet.n:,} are stopped ({percent(passing.unmet.share)} won); of "
            f"{counted(kept.n, 'winner')} {percent(kept.share)} pass."
        ],
        "  ",
    )
    yield f"  {stage}:"
    if gate.all:
        yield f"    all: [{', '.join(gate.all)}]"
    if gate.some:
        yield f"    any: {{at_least: {gate.at_least}, of: [{', '.join(gate.some)}]}}"


def _gate_for_want(stage: str, found: Draft) -> Iterator[str]:
    """Every standard has this gate: the score guards it, or the surest rule of the other gate."""
    what = "fit and behaviour" if stage == "mql" else "need, money and decision"
    yield from _comment(
        [f"Nothing about {what} held up, and a gate must ask for something: decide what."], "  "
    )
    yield f"  {stage}:"
    yield "    score: sales-ready" if found.score else f"    all: [{found.rules[0].id}]"


def _rejections() -> Iterator[str]:
    yield ""
    yield from _comment(
        [
            "Why sales may give a lead back is not in the past of won leads. Agree on it, or copy "
            "it from your present standard:"
        ]
    )
    yield "# rejections:"
    yield '#   bad-timing: {says: "The time is not right for them", then: sleep}'


def _comment(lines: Iterable[str], indent: str = "") -> Iterator[str]:
    for line in lines:
        bare = " ".join(x for x in line.split() if x)
        sayable = "".join(x if x.isprintable() else "?" for x in bare)
        for part in wrap(sayable, _WIDTH - len(indent), break_on_hyphens=False) or [""]:
            yield f"{indent}# {part}".rstrip()
