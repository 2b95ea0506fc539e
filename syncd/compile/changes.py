"""What changed between two standards, in words: in meaning, and in wording alone.

Both are signed, so both make signatures void; order that means nothing is no change.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from syncd.compile.words import condition_words, exactly
from syncd.core.condition_parts import tests_in
from syncd.core.standard_digest import digest_of
from syncd.core.value_words import listed, plain
from syncd.domain.names import RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    EVERYBODY,
    AllOf,
    AnyOf,
    Condition,
    DecayingPoints,
    FieldTest,
    Gate,
    Matches,
    NoneOf,
    Not,
    OneOf,
    Rule,
    RulePoints,
    Scoring,
    Standard,
    Variant,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    meaning: tuple[str, ...]
    wording: tuple[str, ...]


def changes_of(before: Standard, after: Standard) -> Changes:
    """From one to the other; both empty exactly where their digests are equal."""
    meaning, wording = _meaning(before, after), _wording(before, after)
    if not meaning and not wording and digest_of(before) != digest_of(after):
        meaning = ("something that has no words here: the digests differ",)
    return Changes(meaning=meaning, wording=wording)


def _meaning(before: Standard, after: Standard) -> tuple[str, ...]:
    return (
        *_review(before, after),
        *_rules(before.rules, after.rules),
        *_gates(EVERYBODY, before.gates, after.gates),
        *_scores(EVERYBODY, before.scoring, after.scoring),
        *_variants(before.variants, after.variants),
        *_rejections(before, after),
    )


def _wording(before: Standard, after: Standard) -> tuple[str, ...]:
    return (*_version(before, after), *_rule_words(before, after), *_other_words(before, after))


def _review(before: Standard, after: Standard) -> Iterator[str]:
    if before.review_by != after.review_by:
        yield f"to be reviewed by {plain(after.review_by)}, was {plain(before.review_by)}"


def _rules(before: Mapping[RuleId, Rule], after: Mapping[RuleId, Rule]) -> Iterator[str]:
    for name, rule in after.items():
        if name not in before:
            yield f"rule {name} is new: {condition_words(rule.condition)}"
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            yield f"rule {name} is gone: {condition_words(old.condition)}"
            continue
        if _canonical(old.condition) != _canonical(new.condition):
            yield from _from_to(
                f"rule {name}", condition_words(old.condition), condition_words(new.condition)
            )
        if old.kind is not new.kind:
            yield f"rule {name}: counts as {new.kind}, was {old.kind}"


def _from_to(what: str, old: str, new: str) -> Iterator[str]:
    """Two conditions may differ and read alike: a pattern is told by its words."""
    if old == new:
        yield f"{what}: still says {new}, but tests for it in another way"
    else:
        yield f"{what}: {new}; was: {old}"


def _gates(whose: str, before: Mapping[Stage, Gate], after: Mapping[Stage, Gate]) -> Iterator[str]:
    for stage in dict.fromkeys((*after, *before)):
        old, new = before.get(stage), after.get(stage)
        name = f"gate {stage}" if whose == EVERYBODY else f"variant {whose}, gate {stage}"
        if new is None:
            yield f"{name} is gone"
        elif old is None:
            yield f"{name} is new"
            yield from _gate(name, Gate(stage=stage), new)
        else:
            yield from _gate(name, old, new)


def _gate(name: str, old: Gate, new: Gate) -> Iterator[str]:
    for rule in _added(old.all, new.all):
        yield f"{name}: asks for {rule} as well"
    for rule in _added(new.all, old.all):
        yield f"{name}: no longer asks for {rule}"
    if _some(old) != _some(new):
        yield f"{name}: asks for {_some_words(new)}; was: {_some_words(old)}"
    if old.score is not new.score:
        yield f"{name}: asks for {_score_words(new)}; was: {_score_words(old)}"


def _added(old: Iterable[RuleId], new: Iterable[RuleId]) -> list[RuleId]:
    return [x for x in new if x not in set(old)]


def _some(gate: Gate) -> object:
    return (gate.any.at_least, frozenset(gate.any.of)) if gate.any else None


def _some_words(gate: Gate) -> str:
    if gate.any is None:
        return "no choice of rules"
    return f"at least {gate.any.at_least} of {listed(sorted(gate.any.of), 'and')}"


def _score_words(gate: Gate) -> str:
    return f"a score that is {gate.score}" if gate.score else "no score"


def _scores(whose: str, before: Scoring | None, after: Scoring | None) -> Iterator[str]:
    name = "score" if whose == EVERYBODY else f"variant {whose}, score"
    if before is None or after is None:
        if before is not after:
            yield f"{name}: there is {'one now' if after else 'none any more'}"
        return
    yield from _points(name, before, after)
    for old, new in zip(before.bands, after.bands, strict=True):
        if old.minimum != new.minimum:
            yield f"{name}: {new.name} begins at {plain(new.minimum)}, was {plain(old.minimum)}"
        if old.nurture_list != new.nurture_list:
            lists = [x or "none" for x in (new.nurture_list, old.nurture_list)]
            yield f"{name}: the list of {new.name} is {lists[0]}, was {lists[1]}"


def _points(name: str, before: Scoring, after: Scoring) -> Iterator[str]:
    old, new = _by_part(before), _by_part(after)
    for part in dict.fromkeys((*new, *old)):
        if old.get(part) == new.get(part):
            continue
        words = [", ".join(x) if x else "nothing" for x in (new.get(part), old.get(part))]
        yield f"{name}: {part} gives {words[0]}, was {words[1]}"


def _by_part(scoring: Scoring) -> dict[str, list[str]]:
    """What each rule or field gives, in words; the same may be named twice."""
    found: dict[str, list[str]] = {}
    for x in scoring.points:
        part = x.rule if isinstance(x, RulePoints) else f"the latest {x.field}"
        found.setdefault(part, []).append(_part_words(x))
    return {part: sorted(words) for part, words in found.items()}


def _part_words(part: RulePoints | DecayingPoints) -> str:
    points = f"{plain(part.points)} points"
    if isinstance(part, RulePoints):
        return points
    return f"{points}, halved every {exactly(part.half_life)}"


def _variants(before: tuple[Variant, ...], after: tuple[Variant, ...]) -> Iterator[str]:
    old, new = ({x.name: x for x in variants} for variants in (before, after))
    for name, variant in new.items():
        if name not in old:
            yield f"variant {name} is new: for leads of which {condition_words(variant.applies)}"
    for name, gone in old.items():
        if name not in new:
            words = condition_words(gone.applies)
            yield f"variant {name} is gone: it was for leads of which {words}"
            continue
        now = new[name]
        if _canonical(gone.applies) != _canonical(now.applies):
            yield from _from_to(
                f"variant {name} is for leads of which",
                condition_words(gone.applies),
                condition_words(now.applies),
            )
        yield from _gates(name, gone.gates, now.gates)
        yield from _scores(name, gone.scoring, now.scoring)
    stay_old, stay_new = [x for x in old if x in new], [x for x in new if x in old]
    if stay_old != stay_new:
        yield f"variants are asked in the order {', '.join(stay_new)}; was: {', '.join(stay_old)}"


def _rejections(before: Standard, after: Standard) -> Iterator[str]:
    for name, reason in after.rejections.items():
        old = before.rejections.get(name)
        if old is None:
            yield f"rejection {name} is new: {reason.says}; then {reason.then}"
        elif old.then is not reason.then:
            yield f"rejection {name}: then {reason.then}, was {old.then}"
    for name in before.rejections:
        if name not in after.rejections:
            yield f"rejection {name} is gone"


def _version(before: Standard, after: Standard) -> Iterator[str]:
    if before.version != after.version:
        yield f"version {after.version}, was {before.version}"


def _rule_words(before: Standard, after: Standard) -> Iterator[str]:
    for name, old in before.rules.items():
        new = after.rules.get(name)
        if new is None:
            continue
        if old.says != new.says:
            yield f'rule {name} says "{new.says}", said "{old.says}"'
        if old.fix != new.fix:
            yield f'rule {name}, how to fix it: "{new.fix}", was "{old.fix}"'
        if old.why != new.why:
            yield f"rule {name} gives its reason: {_quoted(new.why)}, was {_quoted(old.why)}"
        yield from _pattern_words(f"rule {name}", old.condition, new.condition)


def _quoted(words: str) -> str:
    return f'"{words}"' if words else "none"


def _pattern_words(what: str, old: Condition, new: Condition) -> Iterator[str]:
    if _canonical(old) == _canonical(new) and set(_says(old)) != set(_says(new)):
        yield f'{what} asks for "{"; ".join(_says(new))}", was "{"; ".join(_says(old))}"'


def _other_words(before: Standard, after: Standard) -> Iterator[str]:
    for name, old in before.rejections.items():
        new = after.rejections.get(name)
        if new and new.says != old.says:
            yield f'rejection {name} says "{new.says}", said "{old.says}"'
    variants = {x.name: x for x in after.every_variant()}
    for variant in before.every_variant():
        other = variants.get(variant.name)
        if other is None:
            continue
        yield from _pattern_words(f"variant {variant.name}", variant.applies, other.applies)
        names = [_behaviours(x.scoring) for x in (other, variant)]
        if names[0] != names[1] and _fields(other.scoring) == _fields(variant.scoring):
            yield f"behaviour is called {listed(names[0], 'and')}, was {listed(names[1], 'and')}"


def _behaviours(scoring: Scoring | None) -> list[str]:
    points = scoring.points if scoring else ()
    return sorted(x.name for x in points if isinstance(x, DecayingPoints))


def _fields(scoring: Scoring | None) -> list[str]:
    points = scoring.points if scoring else ()
    return sorted(x.field for x in points if isinstance(x, DecayingPoints))


def _says(condition: Condition) -> list[str]:
    tests = (x.test for x in tests_in(condition))
    return [x.says for x in tests if isinstance(x, Matches)]


def _canonical(condition: Condition) -> object:
    """Equal where two conditions mean the same but for the order of their parts."""
    match condition:
        case FieldTest(field=field, test=Matches(pattern=pattern)):
            return (field, "matches", pattern.pattern)
        case FieldTest(field=field, test=OneOf(allowed=values) | NoneOf(refused=values)):
            return (field, type(condition.test).__name__, frozenset(values))
        case FieldTest(field=field, test=test):
            return (field, test)
        case AllOf(of=of) | AnyOf(of=of):
            return (type(condition).__name__, frozenset(map(_canonical, of)))
        case Not(of=inner):
            return ("not", _canonical(inner))
